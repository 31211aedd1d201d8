"""Words of a command line into a command and its arguments."""

import argparse
import re
import sys
from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

from pipelines.cli.command import Command, Group
from pipelines.spelling import did_you_mean
from schemas.errors import UsageError

_ABOUT = "Turn recordings of computer use into training data that a company can defend."
_EXIT_CODES = "exit codes: 0 done; 1 done, but some input was set aside; 2 wrong use; 3 refused; 4 failed"
_NAMES = 14
"""Columns of the longest name of a command and its indentation."""

_WITH_FLAGS = "run"
"""The command behind whose words Beam's own flags may follow."""


class _Help(argparse.HelpFormatter):
    """Puts the help of a command or a short option beside its name: argparse forgets that commands are indented."""

    def __init__(self, prog: str, **options: Any) -> None:
        super().__init__(prog, **{"max_help_position": 28, **options})
        self._action_max_length = _NAMES


_FORMS = {": invalid int value: ": "must be a whole number", ": invalid float value: ": "must be a number"}
_CHOICES = " (choose from "


def _state_form(message: str) -> str:
    """Say what a refused argument takes: our own words stand last in argparse's sentence, the value before them."""
    _, listed, choices = message.rpartition(_CHOICES)
    if listed:
        return f"must be one of {choices.removesuffix(')').replace(chr(39), '')}"
    return next((form for sign, form in _FORMS.items() if sign in message), "it does not take this value")


_REPEATED = re.compile(r": (?:invalid|ignored explicit) ")


class Parser(argparse.ArgumentParser):
    """Parser of the whole command line, of a group, or of one command."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options, epilog=_EXIT_CODES, allow_abbrev=False, formatter_class=_Help)
        self.below: dict[str, Parser] = {}

    def error(self, message: str) -> None:  # type: ignore[override]  # theirs ends the process, ours raises
        """Raise ``UsageError`` with argparse's sentence, without a value that it repeats: that may be a name."""
        about, *value = _REPEATED.split(message, maxsplit=1)
        raise UsageError(f"{about}{f': {_state_form(message)}' if value else ''}; see {self.prog} --help")

    def add_commands(self, commands: Sequence[Command | Group]) -> None:
        """Add a parser for each command, and for each command of a group."""
        places = self.add_subparsers(required=True, metavar="COMMAND", parser_class=Parser)
        for item in commands:
            parser = self.below[item.name] = places.add_parser(item.name, help=item.help, description=item.help)
            parser.add_argument(
                "--json", action="store_true", default=argparse.SUPPRESS, help="print a machine-readable result"
            )
            if isinstance(item, Group):
                parser.add_commands(item.commands)
            else:
                item.add_arguments(parser)
                parser.set_defaults(command=item)

    def list_actions(self) -> list[argparse.Action]:
        """List the arguments, as argparse keeps them."""
        return self._actions

    def find(self, words: Sequence[str]) -> tuple["Parser", Sequence[str]]:
        """Find the parser of the command that ``words`` name, and the words behind its name.

        ``["ledger", "show", "--keys", "K"]`` gives the parser of ``ledger show`` and ``["--keys", "K"]``. Raises
        ``UsageError``, with the nearest name, for a command that there is not.
        """
        place = next((i for i, word in enumerate(words) if not word.startswith("-")), None)
        if not self.below or place is None:
            return self, words
        name = words[place]
        if name not in self.below:
            raise UsageError(f"{self.prog} has no such command{did_you_mean(name, self.below)}; see {self.prog} --help")
        return self.below[name].find(words[place + 1 :])

    def check_options(self, words: Sequence[str]) -> None:
        """Raise ``UsageError``, with the nearest name, for an option that the command does not have."""
        known = [name for name in self._option_string_actions if name.startswith("--")]
        for word in words:
            name = word.partition("=")[0]
            if name.startswith("--") and " " not in name and name not in known:
                raise UsageError(f"{self.prog} has no such option{did_you_mean(name, known)}; see {self.prog} --help")


class _ShowVersion(argparse.Action):
    """Print the version and the digest of the running code, which a manifest calls ``code_digest``; then end."""

    def __call__(self, parser: argparse.ArgumentParser, _: object, __: object, ___: str | None = None) -> None:
        from pipelines.origin import code_digest  # noqa: PLC0415 - reads every source file

        sys.stdout.write(f"keyveil {version('keyveil')} (code {code_digest()})\n")
        parser.exit()


def build_parser(commands: Sequence[Command | Group]) -> Parser:
    """Build the parser of the whole command line."""
    parser = Parser(prog="keyveil", description=_ABOUT)
    parser.add_argument("--version", action=_ShowVersion, nargs=0, help="show the version, and the digest of the code")
    parser.set_defaults(json=False)
    parser.add_commands(commands)
    return parser


def parse(commands: Sequence[Command | Group], words: Sequence[str]) -> argparse.Namespace:
    """Parse a command line; ``command`` of the result is the one to run, ``beam_flags`` what follows a double dash.

    Raises ``UsageError`` that repeats no word of the line that it does not know: such a word may be somebody's name.
    """
    end = words.index("--") if "--" in words else len(words)
    own, flags = words[:end], tuple(words[end + 1 :])
    parser = build_parser(commands)
    chosen, rest = parser.find(own)
    chosen.check_options(rest)
    arguments, surplus = parser.parse_known_args(own)
    if surplus:
        raise UsageError(f"{chosen.prog} takes {len(surplus)} words fewer; quote what holds spaces, or see --help")
    if flags and arguments.command.name != _WITH_FLAGS:
        raise UsageError("Beam's flags go with keyveil run only")
    arguments.beam_flags = flags
    return arguments
