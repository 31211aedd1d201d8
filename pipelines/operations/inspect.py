"""Counts of a recording without its content: kinds, fields, places, times, and what would be refused."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import UsageError
from schemas.tally import TallyGroup
from transforms.consent.registry import ConsentSnapshot
from transforms.ingest.formats.adapter import Source
from transforms.ingest.formats.glance import glance_bytes
from transforms.ingest.formats.look_alikes import LookAlike, look_at
from transforms.ingest.formats.registry import find_adapter, recognise
from transforms.ingest.parsing.block import Block
from transforms.ingest.settings import IngestSettings

_NOBODY = "inspected"
_US = 1_000_000
_COMMON = frozenset({"session_id", "user_id", "seq", "t_us", "kind", "source_file", "source_line"})
_SHOWN_GROUPS = frozenset({TallyGroup.SUPPRESSED, TallyGroup.MERGED, TallyGroup.REPAIRED})


@dataclass(slots=True)
class Findings:
    """Contents of a recording, in counts."""

    format: str
    kinds: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    places: Counter[str] = field(default_factory=Counter)
    left_out: Counter[str] = field(default_factory=Counter)
    repaired: Counter[str] = field(default_factory=Counter)
    refused: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    sessions: set[str] = field(default_factory=set, repr=False)
    timed: int = 0
    first_us: int | None = None
    last_us: int | None = None
    people: dict[str, int | None] = field(default_factory=dict, repr=False)
    consent: Counter[str] = field(default_factory=Counter, repr=False)

    @property
    def events(self) -> int:
        """Return the number of events that would be read."""
        return sum(self.kinds.values())

    def as_json(self) -> dict[str, object]:
        """Return the counts for machines."""
        refused = [
            {"reason": reason, "field": name, "rule": rule, "events": number}
            for (reason, name, rule), number in sorted(self.refused.items())
        ]
        return {
            "format": self.format,
            "sessions": len(self.sessions),
            "events": dict(sorted(self.kinds.items())),
            "fields": dict(sorted(self.fields.items())),
            "places": dict(sorted(self.places.items())),
            "times": {"base": self.time_base(), "seconds": self.seconds()},
            "left_out": dict(sorted(self.left_out.items())),
            "repaired": dict(sorted(self.repaired.items())),
            "refused": refused,
            "consent": dict(sorted(self.consent.items())),
        }

    def time_base(self) -> str:
        """Return how events are timed: by the calendar, from a zero of their own, or not."""
        if not self.timed:
            return "none: order alone"
        if self.timed < self.events:
            return "some events only: none would be kept"
        return "since the start: the date is not known" if (self.first_us or 0) < _YEAR_US else "calendar"

    def seconds(self) -> int:
        """Return how long the recording took."""
        return 0 if self.first_us is None or self.last_us is None else (self.last_us - self.first_us) // _US

    def take(self, block: Block) -> None:
        """Count a block."""
        table = block.table
        self.kinds.update(table["kind"].to_pylist())
        self.sessions.update(pc.unique(table["session_id"]).to_pylist())
        self._count_fields(table)
        self._count_places(table)
        self._find_people(table)
        for name, number in block.counts:
            prefix, _, what = name.partition(".")
            if prefix in _SHOWN_GROUPS:
                (self.repaired if prefix == TallyGroup.REPAIRED else self.left_out)[what] += number
        for fault in block.faults:
            self.refused[(str(fault.problem.reason), fault.problem.field_name, fault.problem.rule)] += fault.events
        times = table["t_us"].drop_null()
        if len(times):
            self.timed += len(times)
            found = pc.min_max(times).as_py()
            self.first_us = min(found["min"], self.first_us if self.first_us is not None else found["min"])
            self.last_us = max(found["max"], self.last_us or 0)

    def compare_consent(self, consent: ConsentSnapshot) -> None:
        """Count whose recordings a run with this consent would use, and whose not and why not."""
        for user, first in self.people.items():
            if user == _NOBODY:
                said = "named by nobody here (--user, --subjects)"
            elif consent.has_agreed(user, first):
                said = "agreed"
            else:
                said = "agreed later than the first event" if user in consent.grants else "without an open row"
            self.consent[said] += 1

    def _find_people(self, table: pa.Table) -> None:
        """Keep the time of each person's first event."""
        first = table.group_by("user_id").aggregate([("t_us", "min")]).to_pylist()
        for user, at in ((row["user_id"], row["t_us_min"]) for row in first):
            known = self.people.get(user)
            self.people[user] = at if known is None or (at is not None and at < known) else known

    def _count_fields(self, table: pa.Table) -> None:
        for name in table.column_names:
            if name not in _COMMON and (filled := table.num_rows - table[name].null_count):
                self.fields[name] += filled

    def _count_places(self, table: pa.Table) -> None:
        """Count targets and nodes, and those of them that tell their bounds."""
        targets = table["target"].drop_null().combine_chunks()
        nodes = table["nodes"].combine_chunks().flatten()
        for noun, parts in (("targets", targets), ("nodes", nodes)):
            if len(parts):
                bounds = pc.struct_field(parts, "bounds")
                self.places[noun] += len(parts)
                self.places[f"{noun} with bounds"] += len(parts) - bounds.null_count


_YEAR_US = 366 * 86_400 * _US


def inspect(path: Path, format_name: str | None) -> Findings | LookAlike:
    """Count what a recording holds; describe the file instead where no format knows it.

    Raises ``UsageError`` where there is no such file or format.
    """
    if not path.exists():
        raise UsageError(f"{path} does not exist; check the path")
    name = format_name or recognise(path)
    if not name:
        return look_at(glance_bytes(path) or b"") if path.is_file() else LookAlike("a folder", ("agentnet",))
    findings = Findings(name)
    for block in find_adapter(name).read(Source(0, str(path), name, _NOBODY), IngestSettings()):
        findings.take(block)
    return findings


def render(findings: Findings) -> Iterator[tuple[str, str]]:
    """Yield what was found as pairs of a name and a text, for people."""
    yield "format", findings.format
    yield "sessions", f"{len(findings.sessions):,}"
    yield "events", _list(findings.kinds)
    yield "fields", _list(findings.fields)
    yield "places", _list(findings.places)
    yield "times", f"{findings.time_base()}, {findings.seconds():,} seconds"
    yield "left out", _list(findings.left_out)
    yield "repaired", _list(findings.repaired)
    yield "consent", ", ".join(f"{number:,} {said}" for said, number in sorted(findings.consent.items()))
    for (reason, name, rule), number in sorted(findings.refused.items()):
        yield "refused", f"{number:,}" + (f", field {name}" if name else "") + f": {rule} ({reason})"


def _list(counts: Counter[str]) -> str:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return ", ".join(f"{name} {number:,}" for name, number in ordered)
