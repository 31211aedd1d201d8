"""The commands ``keyveil retain`` and ``keyveil state backup|restore``."""

import argparse
from dataclasses import asdict
from datetime import UTC, datetime

from pipelines.cli.arguments import add_keys, add_state, open_private
from pipelines.cli.command import Answer, Changes, Group
from pipelines.cli.terminal import Terminal
from pipelines.observe.text_table import count


class Retain:
    """Remove old releases."""

    name = "retain"
    changes = Changes.STATE
    help = "remove releases that are older than agreed"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the address and the agreed age."""
        parser.add_argument("uri", metavar="URI", help="an output, a dataset or a release")
        age = parser.add_mutually_exclusive_group(required=True)
        age.add_argument(
            "--policy", metavar="FILE", help="the agreement on the bucket (a file, or secret:NAME): its retention_days"
        )
        age.add_argument(
            "--config",
            metavar="FILE",
            help="settings as YAML: their basis.releases_days (of a folder), basis.quarantine_days",
        )
        age.add_argument("--days", type=int, metavar="N", help="how long a release may be kept")
        age.add_argument(
            "--missing", action="store_true", help="record as removed each release of the ledger that no longer exists"
        )
        parser.add_argument(
            "--dry-run",
            action="store_true",
            help="say what would be removed, and until when each other release may stay, and change nothing",
        )
        add_keys(parser)
        add_state(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Remove; end with 1 where the age of a release is not known."""
        from pipelines.operations.retain import (  # noqa: PLC0415 - pyarrow is slow to import
            RetainRequest,
            read_agreed_days,
            read_stated_days,
            retain,
        )

        days, quarantine_days = arguments.days, None
        if arguments.policy is not None:
            days = read_agreed_days(arguments.policy, arguments.uri)
        elif arguments.config is not None:
            days, quarantine_days = read_stated_days(arguments.config)
        request = RetainRequest(arguments.uri, days, arguments.dry_run, quarantine_days)
        done = retain(request, open_private(arguments), datetime.now(UTC))
        verb = "would be removed" if arguments.dry_run else "removed"
        lines = [f"{count(len(done.removed), 'release')} {verb}, {count(done.quarantined, 'quarantined record')}"]
        if arguments.dry_run:
            lines += [f"{address} {verb}" for address in done.removed]
            lines += [
                f"{item.address} was sealed on {item.sealed} and may stay until {item.until}" for item in done.kept
            ]
        return Answer(
            asdict(done),
            "\n".join(lines),
            tuple(
                f"{address} is in no ledger of this key set, so its age is not known; it was kept"
                for address in done.undated
            ),
            1 if done.undated else 0,
        )


class BackUpState:
    """Copy private state to another place."""

    name = "backup"
    changes = Changes.NOTHING
    help = "copy private state, as it is at one moment, into a new folder of another place"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the two addresses."""
        parser.add_argument("state", metavar="STATE", help="private state: a folder or an address in a bucket")
        parser.add_argument("to", metavar="TO", help="folder or address in a bucket for backups, apart from releases")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Copy, and answer where the backup lies."""
        from pipelines.backup.state_copy import back_up_state  # noqa: PLC0415 - clients of buckets are slow to import

        done = back_up_state(arguments.state, arguments.to, datetime.now(UTC))
        return Answer(asdict(done), f"{count(done.files, 'file')} of {done.state} copied to {done.backup}")


class RestoreState:
    """Put a backup of private state back."""

    name = "restore"
    changes = Changes.NOTHING
    help = "copy a backup of private state into an empty place"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the two addresses."""
        parser.add_argument("backup", metavar="BACKUP", help="the address that keyveil state backup ended with")
        parser.add_argument("state", metavar="STATE", help="where the state is put: an empty folder or address")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Copy, and answer with what to check before anything runs."""
        from pipelines.backup.state_copy import restore_state  # noqa: PLC0415 - as above

        done = restore_state(arguments.backup, arguments.state)
        look = f"keyveil verify OUTPUT --keys KEYS --state {done.state}"
        return Answer(
            asdict(done),
            f"{count(done.files, 'file')} of {done.backup} put back into {done.state}",
            (f"before anything runs, with the key set of the same night: {look}",),
        )


STATE = Group("state", "copy private state to another place, and put a copy back", (BackUpState(), RestoreState()))
