"""Result of reading a piece of a file: valid rows, and problems."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_

import pyarrow as pa

from schemas.raw import LOG_SCHEMA
from schemas.rejects import Fault, Problem
from schemas.tally import Tally

ROW_SCHEMA = pa.schema([*LOG_SCHEMA, ("source_file", pa.int32()), ("source_line", pa.int64())])
"""``RAW_SCHEMA`` before sessions are known: without ``episode``."""

NO_ROWS = ROW_SCHEMA.empty_table()
"""Made once: a table of so many columns takes longer to make than a damaged file to read."""


@dataclass(frozen=True, slots=True)
class Block:
    """A table of ``ROW_SCHEMA``, the faults beside it, and counts of what became part of another row or was left out.

    ``events`` counts every source event: rows, events of faults and ``counts`` that start with ``outcome.``.
    """

    table: pa.Table = field(repr=False)
    faults: tuple[Fault, ...] = ()
    events: int = 0
    counts: tuple[Tally, ...] = ()


def lone_fault(fault: Fault) -> Block:
    """Return a block that holds nothing but ``fault``."""
    return Block(NO_ROWS, (fault,), fault.events)


def fold(faults: Sequence[Fault], limit: int) -> list[Fault]:
    """Leave at most ``limit`` faults as they are and join the rest, one a source and rule: first line, all contents."""
    groups: dict[tuple[int, Problem, int], list[Fault]] = {}
    for fault in faults[limit:]:
        groups.setdefault((fault.source, fault.problem, fault.days), []).append(fault)
    return [*faults[:limit], *(_concat(group) for group in groups.values())]


def _concat(group: list[Fault]) -> Fault:
    contents = b"\n".join(fault.content for fault in group if fault.content)
    claim = reduce(or_, (fault.claim for fault in group))
    return replace(group[0], events=sum(fault.events for fault in group), content=contents, claim=claim)
