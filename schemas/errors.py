"""What can go wrong, as the exit codes of the command line see it.

A message is a constant sentence plus names that the operator gave (a path, a setting, a column). It never holds the
content of a record.
"""

from typing import ClassVar


class KeyveilError(Exception):
    """Something that stops the run; the message says why and what to do."""

    exit_code: ClassVar[int] = 4


class UsageError(KeyveilError):
    """Wrong use or configuration (exit 2)."""

    exit_code: ClassVar[int] = 2


class RefusedError(KeyveilError):
    """The run may not go on: paused, budget, consent, keys, bucket (exit 3)."""

    exit_code: ClassVar[int] = 3


class BudgetError(RefusedError):
    """A release would pass a budget; nothing of it was charged (exit 3)."""


class FailedError(KeyveilError):
    """The run was allowed but did not succeed (exit 4)."""

    exit_code: ClassVar[int] = 4
