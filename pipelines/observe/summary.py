"""The summary that a person reads at the end of a run."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pipelines.observe.text_table import count, label
from schemas.rejects import RejectLine
from schemas.tally import (
    BY_REDACTION,
    READ,
    ROWS,
    SCREENSHOTS,
    SESSIONS,
    SUPPRESSED_EVENTS,
    UNMEASURED,
    TallyGroup,
)

_SHOWN_REJECTS = 20
_INDENT = 12


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
    the job runs elsewhere, nothing is published yet. ``read_again``: nights read some logs twice, and
    counted them twice.
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
    left_out: str = ""
    advice: str = ""
    read_again: bool = False
    late: str = ""

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
            "left_out": self.left_out,
            "advice": self.advice,
            "late": self.late,
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


def render(summary: Summary) -> Iterator[str]:
    """Yield the lines of the summary: what came in and out, what was redacted, and what it cost people.

    Noise by column is left to the release's own report: a summary fits a screen.
    """
    if summary.submitted:
        yield f"The job of release {summary.release_id} was handed over;"
        yield "publish it with --finish when it is done."
        return
    if summary.repeated:
        yield "This release was sealed before; nothing was done and nothing was spent."
    counts = summary.counts
    yield f"Release {summary.release_id}"
    recordings = f" of {count(len(summary.sources), 'recording')}" if summary.sources else ""
    twice = " (some read twice)" if summary.read_again else ""
    read = f"{count(counts.get(READ, 0), 'event')}{twice}{recordings}; consent: {summary.consent}"
    released = f"{count(counts.get(ROWS, 0), 'row')} of {count(counts.get(SESSIONS, 0), 'session')}"
    lines = [
        ("came in", read),
        ("became", _render_counts(counts, TallyGroup.OUTCOME)),
        ("suppressed", _render_counts(_explain_suppressed(counts), TallyGroup.SUPPRESSED)),
        ("screenshots", _render_screenshots(counts.get(SCREENSHOTS, 0))),
        ("repaired", _render_counts(counts, TallyGroup.REPAIRED)),
        ("rejected", _render_counts(counts, TallyGroup.REJECT)),
        ("redacted", _render_counts(counts, TallyGroup.ENTITY)),
        ("unmeasured", _render_unmeasured(counts.get(UNMEASURED, 0))),
        ("went out", f"{released} in {count(summary.shards, 'file')}, {count(summary.bytes, 'byte')}"),
        ("withdrawn", summary.late),
        ("left out", summary.left_out),
        *(("cost" if place == 0 else "", line) for place, line in enumerate(summary.budget)),
        ("advice", summary.advice),
        ("took", f"{summary.seconds:.1f} seconds"),
    ]
    for name, text in lines:
        if text:
            yield from label(name, text, indent=_INDENT)
    yield f"{'written to':{_INDENT}}{summary.release}"


def _explain_suppressed(counts: Mapping[str, int]) -> Mapping[str, int]:
    """Add the events that redaction left out, for which no reason is counted: 24 suppressed, page_load 2, redaction 22.

    They are those of denied windows, and of typing that was secret or deleted again. They are not told apart: a
    number of each would say how often somebody was there. Where no row is released, there is no rest to explain.
    """
    explained = sum(number for name, number in counts.items() if name.startswith(TallyGroup.SUPPRESSED.prefix))
    rest = counts.get(SUPPRESSED_EVENTS, 0) - explained
    return {**counts, BY_REDACTION: rest} if rest > 0 and counts.get(ROWS, 0) else counts


def _render_screenshots(pictures: int) -> str:
    """Render the number of screenshots that could have been read, and how to read them."""
    if not pictures:
        return ""
    return f"{count(pictures, 'picture')} not read; to read the text: pip install 'keyveil[ocr]', --set ingest.ocr=true"


def _render_unmeasured(texts: int) -> str:
    """Render the number of texts in scripts for which the recall of redaction is unknown."""
    return f"{count(texts, 'text')} in scripts whose recall is unknown; see docs/model-card.md" if texts else ""


def _render_counts(counts: Mapping[str, int], group: TallyGroup) -> str:
    """Render the counts of a group, the largest first: ``PERSON 31, EMAIL_ADDRESS 5``."""
    prefix = group.prefix
    found = {name.removeprefix(prefix): number for name, number in counts.items() if name.startswith(prefix)}
    return ", ".join(
        f"{name} {number:,}" for name, number in sorted(found.items(), key=lambda item: (-item[1], item[0]))
    )


def reject_lines(rejects: tuple[RejectLine, ...], sources: tuple[str, ...], *, counted: bool = True) -> list[str]:
    """Return one sentence for each of the first rejects: file, line, field, rule.

    Files are named where ``sources`` names them; their names may be those of people. Where they may not be ``counted``,
    one sentence stands for all of them.
    """
    if rejects and not counted:
        return ["some input was set aside; keyveil quarantine list says what and why"]
    lines = []
    for item in rejects[:_SHOWN_REJECTS]:
        where = sources[item.source] if 0 <= item.source < len(sources) else "input"
        place = f", line {item.line}" if item.line else ""
        named = f", field {item.field_name}" if item.field_name else ""
        lines.append(f"{where}{place}{named}: {item.rule} ({item.reason})")
    if len(rejects) > _SHOWN_REJECTS:
        lines.append(f"{len(rejects) - _SHOWN_REJECTS} more rejects; sealed copies are in the quarantine")
    return lines
