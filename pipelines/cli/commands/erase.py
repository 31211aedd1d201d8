"""The command ``keyveil erase``."""

import argparse
import sys
from pathlib import Path

from pipelines.cli.arguments import add_keys, add_state
from pipelines.cli.command import Answer
from pipelines.cli.terminal import Terminal
from schemas.errors import UsageError


class Erase:
    """Take one person out of every release."""

    name = "erase"
    help = "take one person out of every release"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the person, the address, and how far to go."""
        parser.add_argument("uri", nargs="?", metavar="URI", help="an output, a dataset or a release")
        parser.add_argument(
            "--user", metavar="ID", help="the person; the list of processes shows it: prefer --user-file"
        )
        parser.add_argument(
            "--user-file", metavar="FILE", help="a file whose one line is the person's id (-: standard input)"
        )
        parser.add_argument("--pending", action="store_true", help="finish every erasure that was begun")
        parser.add_argument("--dry-run", action="store_true", help="say what would be rewritten and change nothing")
        parser.add_argument("--consent", metavar="FILE", help="also look the person up in this consent registry")
        parser.add_argument("--force", action="store_true", help="keep out a person of whom nothing is found (yet)")
        add_keys(parser)
        add_state(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Erase; end with 1 where records in quarantine could not be read or nothing was found."""
        user = _read_user(arguments)
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
        verb = "would be rewritten" if arguments.dry_run else "rewritten"
        lines, notes = [], []
        for item in done:
            files = sum(len(release.get("removed", release.get("files", ()))) for release in item.releases)
            lines.append(
                f"{files} files in {len(item.releases)} releases and {item.resting} staged ones {verb}, "
                f"{item.quarantined} quarantined records"
            )
            if item.unfinished:
                notes.append(f"not finished: {item.unfinished}")
            if item.searched:
                notes.append(
                    f"nobody of this id was found and nothing was written: {item.searched}; check the spelling, "
                    "or keep out a person whose recordings are still to come with --force"
                )
        shown = "\n".join(lines) or "no erasure is pending"
        return Answer([item.as_json() for item in done], shown, tuple(notes), 1 if notes else 0)


def _read_user(arguments: argparse.Namespace) -> str | None:
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
