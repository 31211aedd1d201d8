"""Removing what no journal makes real: files and results of killed runs, and those that are used up."""

from pipelines.nights.journal import ATTEMPTS, Journal, file_prefix
from pipelines.nights.standing import standing_of
from transforms.staging.kinds import KINDS

_SWEPT = (*KINDS, ATTEMPTS)


def sweep(journal: Journal, number: int) -> None:
    """Remove files that were written for the records up to ``number``, which are all there, and are not real.

    A run elsewhere that still writes files for one of these can not record them any more.
    """
    journal.place.tidy()
    live = standing_of(journal.read()).live()
    for name in journal.place.names():
        kind, _, file = name.partition("/")
        if kind in _SWEPT and name not in live and file < file_prefix(number + 1):
            journal.place.delete(name)
