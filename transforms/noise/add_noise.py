"""Noise on every numeric column of redacted sessions, and key-ups in released order."""

import numpy as np
import pyarrow as pa

from schemas.arrow import renumber
from schemas.errors import FailedError
from schemas.redaction_reasons import add_reasons
from schemas.safe import EVENTS_SCHEMA, TEXT_COLUMNS, TRACE_SCHEMA, RedactedSessions, SafeSessions, TraceRows
from transforms.noise.batch import Batch, Rows
from transforms.noise.key_presses import Strokes, strokes
from transforms.noise.linked_screens import link_screens
from transforms.noise.places import check_form, draw_places
from transforms.noise.plan import NoisePlan
from transforms.noise.pointer import released_pointer
from transforms.noise.population.model import PopulationModel
from transforms.noise.released_times import is_timed, released_clock

_OF_THE_PRESS = ("key", "modifiers")
"""Columns that a key-up takes from its press: ``a`` after ``A`` shows that Shift was released first: rhythm."""

_OF_THE_POINTER = ("x", "y", "dx", "dy", "to_x", "to_y")

_OF_THE_SESSION = ("session", "user")
"""Columns that hold one value all over a session, inside which rows move."""

_TEXTS = ("role", "redactions", "nodes", *TEXT_COLUMNS)
"""Columns that key rows, which alone move, mostly lack."""


def add_noise(redacted: RedactedSessions, plan: NoisePlan, model: PopulationModel, key: bytes) -> SafeSessions:
    """Add noise to sessions; ``key`` is ``runkey.noise_key`` of this plan."""
    safe, _ = add_noise_with_order(redacted, plan, model, key)
    return safe


def add_noise_with_order(
    redacted: RedactedSessions, plan: NoisePlan, model: PopulationModel, key: bytes
) -> tuple[SafeSessions, Rows]:
    """Add noise to sessions, and return for each released row its row in ``redacted``."""
    batch = Batch.of(redacted.table)
    paired = strokes(batch)
    clock = released_clock(batch, paired, plan, model, key)
    check_form(batch, plan.settings.pointer)
    noise = plan.pointer
    pointer = draw_places(batch, key) if noise is None else released_pointer(batch, plan, noise, key)
    order = pa.array(clock.order)
    within = np.arange(batch.rows) - np.repeat(batch.begins, batch.counts)
    made = {
        "seq": pa.array(within.astype(np.int32)),
        "t_ms": pa.array(clock.t_ms[clock.order], mask=~is_timed(batch, plan)),
        # key rows, which alone move, have no place
        **{name: getattr(pointer, name) for name in _OF_THE_POINTER},
    }
    moved = np.flatnonzero(clock.order != np.arange(batch.rows))
    made |= {name: redacted.table[name] for name in _OF_THE_SESSION}
    made |= {name: redacted.table[name] for name in _TEXTS if _stays(redacted.table[name], moved)}
    pressed = pa.array(_presses(batch, paired)[clock.order])
    made["redactions"] = add_reasons(made.get("redactions", _take(redacted.table["redactions"], order)))
    columns = [
        made[column.name]
        if column.name in made
        else _take(redacted.table[column.name], pressed if column.name in _OF_THE_PRESS else order)
        for column in EVENTS_SCHEMA
    ]
    return SafeSessions(link_screens(pa.table(columns, schema=EVENTS_SCHEMA)), redacted.headers), clock.order


def trace_rows(redacted: RedactedSessions, safe: SafeSessions, order: Rows) -> TraceRows:
    """Put the trace of ``redacted`` into released ``order``; raise ``FailedError`` if it has no trace."""
    if redacted.trace is None:
        raise FailedError("a trace was asked for and the redaction gave none; ask for it from the start of the run")
    columns = {name: safe.table[name] for name in ("session", "seq")}
    columns |= {name: redacted.trace[name].take(pa.array(order)) for name in ("session_id", "source_seqs")}
    return TraceRows(pa.table([columns[name] for name in TRACE_SCHEMA.names], schema=TRACE_SCHEMA))


def _presses(batch: Batch, paired: Strokes) -> Rows:
    presses = np.arange(batch.rows)
    presses[paired.ups] = paired.down
    return presses


def _stays(column: pa.ChunkedArray, moved: Rows) -> bool:
    """Return whether ``column`` is null in all rows that changed places, so that it can be copied."""
    return not column.is_valid().to_numpy()[moved].any()


def _take(column: pa.ChunkedArray, order: pa.Array) -> pa.ChunkedArray | pa.DictionaryArray:
    """Put ``column`` into released order; a dictionary is rebuilt, as the old one may contain removed words."""
    taken = column.take(order)
    return renumber(taken) if pa.types.is_dictionary(column.type) else taken
