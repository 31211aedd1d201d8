"""The summary that a person reads at the end of a run."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from rich.console import Console
from rich.table import Table

from schemas.rejects import RejectLine

_SHOWN_REJECTS = 20


@dataclass(frozen=True, slots=True)
class StepCount:
    """One of Beam's counters: how many of what a step counted."""

    step: str
    name: str
    count: int


@dataclass(frozen=True, slots=True)
class Summary:
    """Summary of a run.

    ``sources`` are the inputs' paths in the order of the rejects' ordinals, ``steps`` what Beam counted, ``submitted``:
    the job runs elsewhere, nothing is published yet.
    """

    release: str
    release_id: str
    counts: Mapping[str, int]
    rejects: tuple[RejectLine, ...]
    sources: tuple[str, ...]
    shards: int
    bytes: int
    noise: tuple[str, ...]
    budget: tuple[str, ...]
    consent: str
    seconds: float
    repeated: bool
    steps: tuple[StepCount, ...] = ()
    submitted: bool = False

    def as_json(self) -> dict[str, object]:
        """Return the machine-readable result."""
        return {
            "release": self.release,
            "release_id": self.release_id,
            "counts": dict(self.counts),
            "rejects": len(self.rejects),
            "shards": self.shards,
            "bytes": self.bytes,
            "noise": list(self.noise),
            "budget": list(self.budget),
            "consent": self.consent,
            "seconds": round(self.seconds, 1),
            "repeated": self.repeated,
            "submitted": self.submitted,
        }


@dataclass(frozen=True, slots=True)
class NightCounts:
    """Counts of a night, each event once, and its number of rejected records."""

    counts: Mapping[str, int] = field(default_factory=dict)
    steps: tuple[StepCount, ...] = ()
    rejects: int = 0


def show(summary: Summary, console: Console) -> None:
    """Print the summary."""
    if summary.submitted:
        console.print(
            f"The job of release {summary.release_id} was handed over; publish it with --finish when it is done."
        )
        return
    if summary.repeated:
        console.print("This release was sealed before; nothing was done and nothing was spent.")
    table = Table(title=f"Release {summary.release_id}", title_justify="left", show_header=False, box=None)
    for prefix, title in (
        ("outcome.", "events"),
        ("suppressed.", "suppressed events"),
        ("entity.", "entities redacted"),
        ("reject.", "events rejected"),
        ("sessions.", "sessions"),
    ):
        for name, count in summary.counts.items():
            if name.startswith(prefix):
                table.add_row(f"{title}: {name.removeprefix(prefix)}", f"{count:,}")
    table.add_row("events read", f"{summary.counts.get('events.read', 0):,}")
    table.add_row("rows released", f"{summary.counts.get('rows.released', 0):,}")
    table.add_row("shards", f"{summary.shards:,} files, {summary.bytes:,} bytes")
    table.add_row("consent", summary.consent)
    for line in summary.noise:
        table.add_row("noise", line)
    for line in summary.budget:
        table.add_row("budget", line)
    table.add_row("seconds", f"{summary.seconds:.1f}")
    table.add_row("written to", summary.release)
    console.print(table, soft_wrap=True)


def reject_lines(rejects: tuple[RejectLine, ...], sources: tuple[str, ...], *, counted: bool = True) -> list[str]:
    """Return one sentence for each of the first rejects: file, line, field, rule.

    Files are named where ``sources`` names them; their names may be those of people. Where they may not be ``counted``,
    one sentence stands for all of them.
    """
    if rejects and not counted:
        return ["keyveil: some input was set aside; keyveil quarantine list says what and why"]
    lines = []
    for item in rejects[:_SHOWN_REJECTS]:
        where = sources[item.source] if 0 <= item.source < len(sources) else "input"
        place = f", line {item.line}" if item.line else ""
        named = f", field {item.field_name}" if item.field_name else ""
        lines.append(f"keyveil: {where}{place}{named}: {item.rule} ({item.reason})")
    if len(rejects) > _SHOWN_REJECTS:
        lines.append(f"keyveil: {len(rejects) - _SHOWN_REJECTS} more rejects; sealed copies are in the quarantine")
    return lines
