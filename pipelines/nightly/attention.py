"""Lines of the event log that alerts wait for, written for a night that needs a person's attention."""

from collections.abc import Iterable
from datetime import date, timedelta

from pipelines.nightly.days import Window
from pipelines.nightly.journal_state import fold_journal
from pipelines.nightly.night_summary import NO_LOG, NOTHING_KEPT, NightSummary
from pipelines.nightly.records import NightStaged, Record
from pipelines.observe.event_log import warn
from schemas.rejects import Reason
from schemas.tally import REJECTED_EVENTS

_YEAR_WEEKS = 52
_USUAL_REJECTS = 100
_TIMES = 3
_DAMAGED = (Reason.UNREADABLE, Reason.TRUNCATED)


def note_attention(records: Iterable[Record], night: NightSummary, window_days: int) -> None:
    """Write an event for what somebody must look at: the night brought less than it should have, or something is due.

    That is a day without a log, logs of which nothing is kept, damaged files, far more rejects than the night before, a
    budget that ends within a year, and a late release.
    A release is late when a whole window and another day went by since the last day of one, or since the first night.
    """
    known = list(records)
    if night.alert == NO_LOG:
        warn("no log", {"day": night.day})
    if night.alert == NOTHING_KEPT:
        warn("nothing kept", {"day": night.day})
    if any(line.reason in _DAMAGED for line in night.rejects):
        warn("damaged files", {"day": night.day})
    if night.weeks_left is not None and night.weeks_left < _YEAR_WEEKS:
        warn("budget low", {"weeks_left": night.weeks_left})
    if (days := _days_without_release(known, date.fromisoformat(night.day))) > window_days + 1:
        warn("release late", {"days": days})
    *_, before, last = (0, 0, *(item.aside.get(REJECTED_EVENTS, 0) for item in known if isinstance(item, NightStaged)))
    if night.files and last > _USUAL_REJECTS + _TIMES * before:
        warn("rejects unusual", {})


def _days_without_release(records: list[Record], day: date) -> int:
    standing = fold_journal(records)
    ended = [Window.parse(name).last for name, release_id in standing.released.items() if release_id]
    since = max(ended, default=(standing.first or day) - timedelta(days=1))
    return (day - since).days
