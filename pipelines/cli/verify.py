"""The command ``keyveil verify``."""

import argparse
import json
import sys
from collections.abc import Sequence
from typing import Any

_MOST_LINES = 50


def add_parser(commands: Any, epilog: str) -> None:
    """Add ``verify`` to the command line."""
    verify = commands.add_parser("verify", help="check what was written, from outside", epilog=epilog)
    verify.add_argument("uri", metavar="URI", help="an output, a dataset or a release")
    verify.add_argument(
        "--keys", required=True, metavar="PATH", help="key set, reader's key file, or the verifying key alone (.pem)"
    )
    verify.add_argument("--canaries", metavar="FILE", help="planted values: one a line, or a JSON list")
    verify.add_argument("--state", metavar="URI", help="private state with the ledger (default: beside the key set)")
    verify.add_argument("--also", nargs="+", default=[], metavar="PATH", help="logs and folders to search for canaries")


def run(arguments: argparse.Namespace, _: Sequence[str]) -> int:
    """Verify and say what is wrong: 0 where nothing is, else 4; every line names a file and quotes nothing."""
    from pipelines.operations.verify import VerifyRequest, check_sealed_reading, verify  # noqa: PLC0415 - pyarrow is slow to import

    request = VerifyRequest(arguments.uri, arguments.keys, arguments.canaries, tuple(arguments.also), arguments.state)
    verdict = verify(request)
    check_sealed_reading(verdict)
    lines = [f"keyveil: {finding.file} {finding.problem}\n" for finding in verdict.findings]
    sys.stderr.writelines(lines[:_MOST_LINES])
    if len(lines) > _MOST_LINES:
        sys.stderr.write(f"keyveil: and {len(lines) - _MOST_LINES} more findings; --json lists all\n")
    if arguments.json:
        shown = {
            "sound": not lines,
            "releases": list(verdict.releases),
            "shards": verdict.shards,
            "rows": verdict.rows,
            "decoded": verdict.decoded,
            "charges": verdict.charges,
            "canaries": verdict.canaries,
            "scanned_files": verdict.scanned,
            "findings": [{"file": finding.file, "problem": finding.problem} for finding in verdict.findings],
        }
        sys.stdout.write(json.dumps(shown) + "\n")
    elif not lines:
        depth = (
            "signatures, hashes and rows" if verdict.decoded else "signatures and hashes; give a data key for the rows"
        )
        looked = f"; no canary of {verdict.canaries} in {verdict.scanned} files" if verdict.canaries else ""
        charged = "" if verdict.charges is None else f"; the ledger holds the charge of {verdict.charges}"
        sys.stdout.write(
            f"{len(verdict.releases)} releases, {verdict.shards} files are sound: {depth}{charged}{looked}\n"
        )
    return 4 if lines else 0
