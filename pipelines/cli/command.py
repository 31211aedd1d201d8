"""The shape of a command, and of the answer that it gives."""

import argparse
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol

from pipelines.cli.terminal import Terminal


@dataclass(frozen=True, slots=True)
class Answer:
    """Answer of a command: ``result`` for machines (``--json``), ``shown`` for people, ``notes`` for both.

    ``None`` in place of a result or a text prints nothing. ``exit_code``: 0 done; 1 done, but some input was set aside;
    3 refused; 4 failed. Wrong use and most failures are errors, not answers.
    """

    result: object
    shown: str | None
    notes: tuple[str, ...] = ()
    exit_code: int = 0


class Changes(Enum):
    """Part of what a backup copies that a command changes; ``main`` locks it for the whole command."""

    NOTHING = auto()
    """It reads, or makes files and folders that its words name, each at once."""
    PAUSE = auto()
    """One file of the output, at once. No backup of keys and state holds it, and a pause must not wait for one."""
    STATE = auto()
    """Private state, and with it outputs."""
    KEYS = auto()
    """The key set in ``directory``."""


class Command(Protocol):
    """A command: it names and describes itself, says what it changes, adds its arguments, and runs."""

    name: str
    changes: Changes
    help: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the arguments, each with a help text."""

    def run(self, arguments: argparse.Namespace, terminal: Terminal) -> Answer:
        """Run with parsed arguments; ``terminal`` shows what is done before the answer. Raises ``KeyveilError``."""
        ...


@dataclass(frozen=True, slots=True)
class Group:
    """Commands below one word: ``keyveil keys init``, ``keyveil keys export``."""

    name: str
    help: str
    commands: tuple[Command, ...]


def print_answer(answer: Answer, terminal: Terminal) -> int:
    """Print an answer and return the exit code: the result as JSON, or what is shown to people, and all notes."""
    for line in answer.notes:
        terminal.note(line)
    if answer.result is not None:
        terminal.print_result(answer.result)
    if answer.shown is not None:
        terminal.show(answer.shown)
    return answer.exit_code
