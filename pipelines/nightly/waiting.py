"""Limit of the time that staged rows wait for a budget: they hold ids and exact times, and may not wait for ever."""

from datetime import date, timedelta

from pipelines.nightly.days import Window
from pipelines.nightly.journal import Journal
from pipelines.nightly.journal_state import fold_journal
from pipelines.nightly.records import ReleaseRefused


def find_last_day(journal: Journal, window: Window, today: date, wait_days: int) -> date:
    """Find the last day on which the rows of a window whose release was refused may wait; the first refusal counts.

    Refused first on 1 March, ``wait_days`` 30: kept on 31 March, to be removed from 1 April on.
    """
    standing = fold_journal(journal.read())
    since = standing.refused.get(window.name)
    if since is None:
        journal.append(standing.records, ReleaseRefused(window.name, today.isoformat()))
        since = today
    return since + timedelta(days=wait_days)
