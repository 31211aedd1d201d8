"""The command ``keyveil erase``."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from schemas.errors import UsageError


def add_parser(commands: Any, epilog: str) -> None:
    """Add ``erase`` to the command line."""
    erase = commands.add_parser("erase", help="take one person out of every release", epilog=epilog)
    erase.add_argument("uri", nargs="?", metavar="URI", help="an output, a dataset or a release")
    erase.add_argument("--user", metavar="ID", help="the person; the list of processes shows it: prefer --user-file")
    erase.add_argument(
        "--user-file", metavar="FILE", help="a file whose one line is the person's id (-: standard input)"
    )
    erase.add_argument("--pending", action="store_true", help="finish every erasure that was begun")
    erase.add_argument("--dry-run", action="store_true", help="say what would be rewritten and change nothing")
    erase.add_argument("--consent", metavar="FILE", help="also look the person up in this consent registry")
    erase.add_argument("--force", action="store_true", help="keep out a person of whom nothing is found (yet)")
    erase.add_argument("--keys", required=True, metavar="DIR")
    erase.add_argument("--state", metavar="URI", help="private state (default: beside the key set)")


def run(arguments: argparse.Namespace, _: Sequence[str]) -> int:
    """Erase and say what was done: 0 done, 1 where records in quarantine could not be read or nothing was found."""
    user = _user(arguments)
    if arguments.pending == (user is not None and arguments.uri is not None):
        raise UsageError("name a person and an address (keyveil erase --user ID URI), or --pending alone")
    from pipelines.operations.erase import EraseRequest, erase  # noqa: PLC0415 - pyarrow is slow to import

    done = erase(
        EraseRequest(
            keys=arguments.keys,
            state=arguments.state,
            user=user,
            uri=arguments.uri,
            dry_run=arguments.dry_run,
            consent=arguments.consent,
            force=arguments.force,
        )
    )
    if arguments.json:
        sys.stdout.write(json.dumps([item.as_json() for item in done]) + "\n")
    for item in done:
        if not arguments.json:
            files = sum(len(release.get("removed", release.get("files", ()))) for release in item.releases)
            verb = "would be rewritten" if arguments.dry_run else "rewritten"
            sys.stdout.write(
                f"{files} files in {len(item.releases)} releases and {item.resting} staged ones {verb}, "
                f"{item.quarantined} quarantined records\n"
            )
        if item.unfinished:
            sys.stderr.write(f"keyveil: not finished: {item.unfinished}\n")
        if item.searched:
            sys.stderr.write(
                f"keyveil: nobody of this id was found and nothing was written: {item.searched}; check the spelling, "
                "or keep out a person whose recordings are still to come with --force\n"
            )
    return 1 if any(item.unfinished or item.searched for item in done) else 0


def _user(arguments: argparse.Namespace) -> str | None:
    """Return the id of the person, from the command line or the one line of a file; messages never show it."""
    named = arguments.user_file
    if named is None:
        return None if arguments.user is None else str(arguments.user)
    if arguments.user is not None:
        raise UsageError("name the person with --user or with --user-file, not with both")
    try:
        content = sys.stdin.buffer.read() if named == "-" else Path(named).read_bytes()
        lines = content.decode("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError):
        lines = []
    if len(lines) != 1 or not lines[0].strip():
        raise UsageError("--user-file names a UTF-8 file with one line, the id of one person")
    return lines[0]
