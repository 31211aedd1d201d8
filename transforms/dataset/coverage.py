"""Coverage of released rows: places and nodes of pointer rows, directions of scrolls, names of applications."""

from collections import Counter
from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from schemas.aggregates import OTHER, PRIVATE
from schemas.safe import SafeSessions
from schemas.tally import Tally
from schemas.vocabulary import PLACES

POINTER, SCROLL, FOCUS = "coverage.pointer", "coverage.scroll", "coverage.focus"
"""Tally names: rows of pointer actions, of scrolls among them, and of windows."""

NODE, DIRECTION, NAMED = "coverage.node", "coverage.direction", "coverage.named"
"""Tally names: pointer rows with a node, scrolls with the recorded direction, windows whose application is named."""

PLACE = {place: f"coverage.place.{place}" for place in sorted(PLACES)}
"""Tally names of pointer rows by place; the other pointer rows have noise on their positions."""

_UNNAMED = pa.array([OTHER, PRIVATE, None], pa.string())


def count_coverage(events: pa.Table) -> Counter[str]:
    """Count the rows of a table of ``EVENTS_SCHEMA`` that are covered, and those that could be.

    A click in a box and a scroll without one: pointer 2, place.element 1, scroll 1, direction 0.
    """
    kind, action, place = (events[name].cast(pa.string()) for name in ("kind", "action", "place"))
    pointer, focus = pc.equal(kind, "pointer"), pc.equal(kind, "focus")
    scroll = pc.and_(pointer, pc.fill_null(pc.equal(action, "scroll"), fill_value=False))
    moved = pc.or_(*(pc.not_equal(pc.fill_null(events[name], 0), 0) for name in ("dx", "dy")))
    # beside a null place, the distance of a scroll is noise
    exact = pc.and_(pc.is_valid(place), moved)
    covered = {
        POINTER: pointer,
        NODE: pc.and_(pointer, pc.is_valid(events["node"])),
        SCROLL: scroll,
        DIRECTION: pc.and_(scroll, exact),
        FOCUS: focus,
        NAMED: pc.and_(focus, pc.invert(pc.is_in(events["app"], value_set=_UNNAMED))),
    }
    covered |= {tally: pc.and_(pointer, pc.is_in(place, pa.array([name]))) for name, tally in PLACE.items()}
    return Counter({name: pc.sum(rows, min_count=0).as_py() for name, rows in covered.items()})


def tally_coverage(sessions: SafeSessions) -> Iterator[Tally]:
    """Yield the coverage of released sessions as tallies of the run."""
    yield from count_coverage(sessions.table).items()
