"""Result of a redacted batch: released rows, counts and withheld sessions."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.entities import Span, Text
from schemas.privacy import Pointer
from schemas.rejects import Reason
from schemas.safe import ORIGIN_SCHEMA, REDACTED_SCHEMA, SESSIONS_SCHEMA, TRACE_SOURCE, RedactedSessions
from schemas.tally import QUARANTINED, ROWS, SESSIONS, Tally, TallyGroup, tally_rejected
from transforms.redact.rows.structure import CODES


@dataclass(frozen=True, slots=True)
class Extras:
    """Optional results: pointers to source events (``trace``), the raw ids of each session (``origins``).

    ``judged`` asks for what was found where, to be shown to the recorded person alone. ``pointer`` is the form of the
    pointer rows.
    """

    trace: bool = False
    origins: bool = False
    judged: bool = False
    pointer: Pointer = Pointer.TARGETS


@dataclass(frozen=True, slots=True)
class Withheld:
    """Session that is not released: the rule that it broke, the column, and its raw events."""

    reason: Reason
    column: str
    rule: str
    events: pa.Table = field(repr=False)


@dataclass(frozen=True, slots=True)
class JudgedSession:
    """Final spans of every recorded text of a session, and the code of the outcome of each of its events.

    It quotes the recording and never leaves the process.
    """

    spans: Mapping[Text, tuple[Span, ...]] = field(repr=False)
    outcome: npt.NDArray[np.int8] = field(repr=False)


@dataclass(frozen=True, slots=True)
class RedactionResult:
    """Released rows of a batch, the counts of its events, and its withheld sessions.

    ``judged`` holds each session in order where it was asked for.
    """

    sessions: RedactedSessions
    tally: tuple[Tally, ...]
    withheld: tuple[Withheld, ...]
    judged: tuple[JudgedSession, ...] = field(default=(), repr=False)


def concat_results(parts: Sequence[RedactionResult]) -> RedactionResult:
    """Concatenate the results of the sessions of one batch."""
    table = pa.concat_tables([part.sessions.table for part in parts]).unify_dictionaries().combine_chunks()
    traces = [part.sessions.trace for part in parts if part.sessions.trace is not None]
    headers = [part.sessions.headers for part in parts if part.sessions.headers is not None]
    origins = [part.sessions.origins for part in parts if part.sessions.origins is not None]
    counts: Counter[str] = Counter()
    for part in parts:
        for name, count in part.tally:
            counts[name] += count
    return RedactionResult(
        RedactedSessions(table, _concat_tables(traces), _concat_tables(headers), _concat_tables(origins)),
        tuple(sorted(counts.items())),
        tuple(item for part in parts for item in part.withheld),
        tuple(item for part in parts for item in part.judged),
    )


def _concat_tables(tables: Sequence[pa.Table]) -> pa.Table | None:
    return pa.concat_tables(tables).combine_chunks() if tables else None


def drop_sessions(released: RedactedSessions, names: Sequence[str]) -> RedactedSessions:
    """Drop the sessions called ``names`` from ``released``."""
    refused = pa.array(names, pa.string())
    kept = pc.invert(pc.is_in(released.table["session"], value_set=refused))
    trace = released.trace if released.trace is None else released.trace.filter(kept)

    def drop(table: pa.Table | None) -> pa.Table | None:
        return table if table is None else table.filter(pc.invert(pc.is_in(table["session"], value_set=refused)))

    return RedactedSessions(released.table.filter(kept), trace, drop(released.headers), drop(released.origins))


def withhold_batch(withheld: Withheld, beside: Extras) -> RedactionResult:
    """Return the result of a batch of one session that is withheld."""
    traced = TRACE_SOURCE.empty_table() if beside.trace else None
    origins = ORIGIN_SCHEMA.empty_table() if beside.origins else None
    empty = RedactedSessions(REDACTED_SCHEMA.empty_table(), traced, SESSIONS_SCHEMA.empty_table(), origins)
    return RedactionResult(empty, (*count_withheld(withheld), (SESSIONS, 0), (ROWS, 0)), (withheld,))


def count_session(outcome: npt.NDArray[np.int8], entities: Counter[str]) -> Counter[str]:
    """Count the outcomes of the events of a session and the entities in it."""
    became = np.bincount(outcome, minlength=len(CODES)).tolist()
    counts = Counter({TallyGroup.OUTCOME.of(what): became[code] for what, code in CODES.items() if became[code]})
    counts.update({TallyGroup.ENTITY.of(entity): count for entity, count in entities.items()})
    return counts


def count_withheld(withheld: Withheld) -> tuple[Tally, ...]:
    """Count a withheld session: all of its events are rejected."""
    reason, events = withheld.reason, withheld.events.num_rows
    return *tally_rejected(reason, events), (QUARANTINED, 1)


def split_by_session(table: pa.Table, names: Sequence[str]) -> Iterable[tuple[int, int]]:
    """Yield the range of rows of each session, in the order of ``names``; a session may have no row."""
    runs = pc.run_end_encode(table["session"].combine_chunks())
    ends = dict(zip(runs.values.to_pylist(), runs.run_ends.to_pylist(), strict=True))
    at = 0
    for name in names:
        end = ends.get(name, at)
        yield at, end
        at = end
