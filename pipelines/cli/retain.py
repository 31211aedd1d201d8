"""The command ``keyveil retain``."""

import argparse
import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any


def add_parser(commands: Any, epilog: str) -> None:
    """Add ``retain`` to the command line."""
    retain = commands.add_parser("retain", help="remove releases that are older than agreed", epilog=epilog)
    retain.add_argument("uri", metavar="URI", help="an output, a dataset or a release")
    age = retain.add_mutually_exclusive_group(required=True)
    age.add_argument("--policy", metavar="FILE", help="the agreement on the bucket: its retention_days")
    age.add_argument("--days", type=int, metavar="N", help="how long a release may be kept")
    age.add_argument("--missing", action="store_true", help="enter as removed what the ledger holds and is lost")
    retain.add_argument("--dry-run", action="store_true", help="say what would be removed and change nothing")
    retain.add_argument("--keys", required=True, metavar="DIR")
    retain.add_argument("--state", metavar="URI", help="private state (default: beside the key set)")


def run(arguments: argparse.Namespace, _: Sequence[str]) -> int:
    """Remove and say what was removed: 0 done, 1 where the age of a release is not known."""
    from pipelines.operations.retain import RetainRequest, read_agreed_days, retain  # noqa: PLC0415 - pyarrow is slow to import

    days = read_agreed_days(arguments.policy) if arguments.policy is not None else arguments.days
    request = RetainRequest(arguments.uri, arguments.keys, arguments.state, days, arguments.dry_run)
    done = retain(request, datetime.now(UTC))
    for address in done.undated:
        sys.stderr.write(f"keyveil: {address} is in no ledger of this key set, so its age is not known; it was kept\n")
    if arguments.json:
        sys.stdout.write(json.dumps(asdict(done)) + "\n")
    else:
        verb = "would be removed" if arguments.dry_run else "removed"
        sys.stdout.write(f"{len(done.removed)} releases {verb}, {done.quarantined} quarantined records\n")
    return 1 if done.undated else 0
