"""What reading gives: rows that may go on, and what was set aside, a piece of a file at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import reduce
from operator import or_
from typing import NamedTuple

import pyarrow as pa

from schemas.claims import NOBODY, Claim
from schemas.outcome import Tally
from schemas.raw import LOG_SCHEMA
from schemas.rejects import Reason

ROW_SCHEMA = pa.schema([*LOG_SCHEMA, ("source_file", pa.int32()), ("source_line", pa.int64())])
"""``RAW_SCHEMA`` before sessions are known: without ``episode``."""


class Problem(NamedTuple):
    """The rule that a record broke; ``field_name`` is '' where the record as a whole broke it."""

    reason: Reason
    field_name: str
    rule: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Records that are set aside: what they broke, where they stand and a copy of them for the quarantine.

    ``source`` is the ordinal of the input, ``line`` is 1-based, 0 for a whole file; a session stands where its first
    event does. ``content`` is a Zstandard frame where the record was too long to be parsed, empty where it was too long
    even so or may not be kept. ``claim`` says who stands behind it; where nobody knows, it is kept for ``days``.
    """

    problem: Problem
    source: int
    line: int
    events: int = 1
    content: bytes = field(default=b"", repr=False)
    claim: Claim = NOBODY
    days: int = 0


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
    return Block(ROW_SCHEMA.empty_table(), (fault,), fault.events)


def fold(faults: Sequence[Fault], limit: int) -> list[Fault]:
    """Leave at most ``limit`` faults as they are and join the rest, one a source and rule: first line, all contents."""
    groups: dict[tuple[int, Problem, int], list[Fault]] = {}
    for fault in faults[limit:]:
        groups.setdefault((fault.source, fault.problem, fault.days), []).append(fault)
    return [*faults[:limit], *(_joined(group) for group in groups.values())]


def _joined(group: list[Fault]) -> Fault:
    contents = b"\n".join(fault.content for fault in group if fault.content)
    claim = reduce(or_, (fault.claim for fault in group))
    return replace(group[0], events=sum(fault.events for fault in group), content=contents, claim=claim)
