"""Arguments that several commands share, with one help text each."""

import argparse
import sys
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.errors import UsageError

if TYPE_CHECKING:
    from pipelines.state.private_state import PrivateState

USER_FILE = "a file whose one line is the person's id (-: standard input)"
"""Help of ``--user-file``, which keeps an id out of the list of processes."""


_PARTS = frozenset({".json", ".pem"})
"""Suffixes of files with keys of a reader or an auditor."""


def read_day(text: str) -> date:
    """Read a day of the command line."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError("must be a day such as 2026-11-29") from None


def add_keys(parser: argparse.ArgumentParser, text: str = "key set (keyveil keys init DIR), or secret:NAME") -> None:
    """Add ``--keys``, which has no default."""
    parser.add_argument("--keys", required=True, metavar="DIR", help=text)


def add_state(parser: argparse.ArgumentParser) -> None:
    """Add ``--state``."""
    parser.add_argument("--state", metavar="URI", help="private state (default: beside the key set)")


def open_private(arguments: argparse.Namespace) -> "PrivateState":
    """Open the key set of ``--keys`` with its private state, ``--state`` or beside it, once it is checked."""
    from pipelines.preflight.state import open_state  # noqa: PLC0415 - --help should not wait
    from transforms.keys.key_set import KeyReference  # noqa: PLC0415

    if Path(arguments.keys).suffix in _PARTS:
        raise UsageError(
            f"{arguments.keys} is a part of a key set, and this takes the whole: the folder of keyveil keys init"
        )
    return open_state(KeyReference.parse(arguments.keys), arguments.state)


def claim_private(arguments: argparse.Namespace) -> "PrivateState":
    """Open private state to charge its ledger: from now on it is that of the key set."""
    from pipelines.preflight.state import claim_state  # noqa: PLC0415 - --help should not wait

    private = open_private(arguments)
    claim_state(private)
    return private


def add_settings(parser: argparse.ArgumentParser, config_help: str = "settings as YAML") -> None:
    """Add ``--config`` and ``--set``."""
    parser.add_argument("--config", metavar="FILE", help=config_help)
    parser.add_argument(
        "--set",
        action="append",
        default=[],
        dest="settings",
        metavar="a.b=c",
        help="one setting, on top of the file; may be repeated (docs/configuration.md lists all)",
    )


def read_user(arguments: argparse.Namespace) -> str | None:
    """Read the id of the person, from the command line or the one line of a file; messages never show it."""
    file = arguments.user_file
    if file is None:
        return None if arguments.user is None else str(arguments.user)
    if arguments.user is not None:
        raise UsageError("name the person with --user or with --user-file, not with both")
    try:
        content = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        lines = content.decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    if len(lines) != 1 or not lines[0].strip():
        raise UsageError("--user-file names a UTF-8 file with one line, the id of one person")
    return lines[0]
