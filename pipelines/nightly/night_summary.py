"""Summary of a night, in numbers and in one line."""

from collections import Counter
from dataclasses import asdict, dataclass, replace
from datetime import date

from pipelines.nightly.graph import NightResults, count_released_rows, merge_counts
from pipelines.nightly.new_files import NewFiles
from pipelines.observe.summary import NightCounts
from pipelines.observe.text_table import count, label
from pipelines.release.doubts import describe_doubts
from schemas.rejects import Reason, RejectLine
from schemas.tally import DUPLICATES, HELD_EVENTS, LATE_SESSIONS, READ, TallyGroup

_ERASED_ALONE = (
    "nothing of the logs of {day} is kept: they are of people who were erased, of whom every run leaves out "
    "everything. Stop their recorders, and remove their raw logs"
)
_INDENT = 12
_REASONS = (TallyGroup.SUPPRESSED.prefix, TallyGroup.REJECT.prefix)
NO_LOG = "no log"
NOTHING_KEPT = "nothing kept"
_NO_LOGS = (
    "no log of {day} was found by --input. Check the recorders and the path; a day's logs that come later are read by "
    "the next run"
)
_WEEKEND = ". Where nobody works at weekends: --set schedule.days_off=[saturday,sunday]"
_SATURDAY = 5
_DECLARED = (
    "; other_purpose: the recordings declare a purpose (field purpose of their session) other than --purpose, and are "
    "used for that one alone"
)
_NOTHING_KEPT = (
    "nothing of the logs of {day} is kept ({reasons}). Check the consent registry and the format of the logs (keyveil "
    "inspect FILE --consent REGISTRY counts whose recordings a file holds); events "
    "without consent are read again before the window ends, once the registry holds their people's earlier agreement"
)


@dataclass(frozen=True, slots=True)
class NightSummary:
    """Counts of a night: new files, late ones and copies among them; events read, held events and staged rows.

    ``weeks_left`` are those for which the budget lasts, ``None`` where a release costs nothing. ``warning`` says why a
    night brought nothing that should have, ``alert`` in two words; both are '' where all is well. ``missing`` counts
    people whom the consent registry lost, ``unknown`` those with pauses or wishes whom it does not name, ``elsewhere``
    those with rows for other purposes alone.
    """

    day: str
    window: str
    files: int
    late: int
    duplicates: int
    events: int
    held: int
    rows: int
    late_sessions: int
    rejects: tuple[RejectLine, ...]
    sources: tuple[str, ...]
    counted: NightCounts
    weeks_left: int | None = None
    warning: str = ""
    alert: str = ""
    missing: int = 0
    unknown: int = 0
    elsewhere: int = 0

    @property
    def reasons(self) -> dict[str, int]:
        """Return the number of events that are not kept, by reason."""
        return {
            name.removeprefix(prefix): number
            for prefix in _REASONS
            for name, number in self.counted.counts.items()
            if name.startswith(prefix)
        }

    @property
    def exit_code(self) -> int:
        """Return the exit code: 1 where some input was set aside or nothing came that should have."""
        return 1 if self.rejects or self.warning else 0

    def as_json(self) -> dict[str, object]:
        """Return the machine-readable result, without names of files."""
        fields = {**asdict(self), "rejects": len(self.rejects), "sources": len(self.sources)}
        del fields["counted"]
        return {**fields, "reasons": self.reasons, "exit_code": self.exit_code}

    def facts(self) -> dict[str, int]:
        """Return the numbers of the night for the event log, without its day and window."""
        numbers = {"files": self.files, "late": self.late, "duplicates": self.duplicates, "events": self.events}
        numbers |= {"rows": self.rows, "held": self.held, "rejects": len(self.rejects)}
        left = {} if self.weeks_left is None else {"weeks_left": self.weeks_left}
        reasons = Counter(self.reasons)
        # the event log has other readers: that somebody was erased, and how much they did, is no line of it
        reasons[Reason.NO_CONSENT] += reasons.pop(Reason.ERASED, 0)
        return {**numbers, **left, **{f"not_kept.{reason}": number for reason, number in reasons.items() if number}}


def summarise_night(
    day: str, window: str, found: NewFiles, results: NightResults, weeks_left: int | None, *, is_day_off: bool
) -> NightSummary:
    """Summarise a night that was staged."""
    aside, rows = results.aside, count_released_rows(results)
    counts = NightCounts(merge_counts(results), results.steps, len(results.rejects))
    night = NightSummary(
        day,
        window,
        len(found.sources),
        found.late,
        found.duplicates,
        aside.get(READ, 0),
        aside.get(HELD_EVENTS, 0),
        rows,
        aside.get(LATE_SESSIONS, 0),
        results.rejects,
        tuple(source.path for source in found.sources),
        counts,
        weeks_left,
    )
    return _warn(night, found, is_day_off=is_day_off)


def summarise_idle(day: str, window: str, found: NewFiles, weeks_left: int | None, *, is_day_off: bool) -> NightSummary:
    """Summarise a day that was run before and has no new file."""
    night = NightSummary(day, window, 0, 0, 0, 0, 0, 0, 0, (), (), NightCounts(), weeks_left)
    return _warn(night, found, is_day_off=is_day_off)


def render_night(night: NightSummary) -> str:
    """Render a night as one entry of a log: day, files, events, rows, reasons, exit code."""
    files = count(night.files, "file")
    if night.late or night.duplicates:
        files += f" ({night.late} of earlier days, {night.duplicates} more were copies)"
    reasons = "".join(f", {number:,} {reason}" for reason, number in night.reasons.items())
    reasons += "".join(f", {doubt}" for doubt in describe_doubts(night.missing, night.unknown, night.elsewhere))
    budget = "no budget is used" if night.weeks_left is None else f"budget for {count(night.weeks_left, 'week')}"
    text = (
        f"{files}, {count(night.events, 'event')}: {count(night.rows, 'row')} staged for {night.window}"
        f"{reasons}, {night.held:,} held; {budget}; exit {night.exit_code}"
    )
    return "\n".join(label(night.day, text, indent=_INDENT))


def _warn(night: NightSummary, found: NewFiles, *, is_day_off: bool) -> NightSummary:
    """Add the warning of a night whose day has no log, or of whose events nothing is kept."""
    if not found.listed and not is_day_off:
        is_weekend = date.fromisoformat(night.day).weekday() >= _SATURDAY
        warning = _NO_LOGS.format(day=night.day) + (_WEEKEND if is_weekend else "")
        return replace(night, warning=warning, alert=NO_LOG)
    new = night.events - night.counted.counts.get(DUPLICATES, 0)
    if new > 0 and not night.rows and not night.held:
        if night.reasons.keys() == {Reason.ERASED}:
            return replace(night, warning=_ERASED_ALONE.format(day=night.day), alert=NOTHING_KEPT)
        warning = _NOTHING_KEPT.format(day=night.day, reasons=", ".join(night.reasons) or "no reason")
        declared = _DECLARED if Reason.OTHER_PURPOSE in night.reasons else ""
        return replace(night, warning=warning + declared, alert=NOTHING_KEPT)
    return night
