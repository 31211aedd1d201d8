"""Errors by exit code of the command line.

A message is a constant sentence plus names that the operator gave (a path, a setting, a column). It never holds the
content of a record.
"""

from typing import ClassVar


class KeyveilError(Exception):
    """Error that stops the run; the message says why and what to do."""

    exit_code: ClassVar[int] = 4


class UsageError(KeyveilError):
    """Wrong use or configuration (exit 2)."""

    exit_code: ClassVar[int] = 2


class RefusedError(KeyveilError):
    """Refusal to run: paused, budget, consent, keys, bucket (exit 3)."""

    exit_code: ClassVar[int] = 3


class BudgetError(RefusedError):
    """Refusal of a release that would exceed a budget; nothing was charged (exit 3)."""


class FailedError(KeyveilError):
    """Failure of a run that was allowed (exit 4)."""

    exit_code: ClassVar[int] = 4
