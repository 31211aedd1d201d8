"""The command ``keyveil verify``."""

import argparse

from pipelines.cli.arguments import add_keys
from pipelines.cli.command import Answer
from pipelines.cli.terminal import Terminal

_MOST_NOTES = 50


class Verify:
    """Check releases as an outsider does."""

    name = "verify"
    help = "check what was written, from outside"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the address, the keys, and the canaries to search for."""
        parser.add_argument("uri", metavar="URI", help="an output, a dataset or a release")
        add_keys(parser, "key set, reader's key file, or the verifying key alone (.pem)")
        parser.add_argument("--canaries", metavar="FILE", help="planted values: one a line, or a JSON list")
        parser.add_argument(
            "--state", metavar="URI", help="private state with the ledger (default: beside the key set)"
        )
        parser.add_argument(
            "--also", nargs="+", default=[], metavar="PATH", help="logs and folders to search for canaries"
        )

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Verify; end with 4 where something is wrong. Every note names a file and quotes nothing."""
        from pipelines.observe.text_table import count  # noqa: PLC0415
        from pipelines.operations.verify import (  # noqa: PLC0415 - pyarrow is slow to import
            VerifyRequest,
            check_sealed_reading,
            verify,
        )

        also = tuple(arguments.also)
        verdict = verify(VerifyRequest(arguments.uri, arguments.keys, arguments.canaries, also, arguments.state))
        check_sealed_reading(verdict)
        result = {
            "sound": not verdict.findings,
            "releases": list(verdict.releases),
            "shards": verdict.shards,
            "rows": verdict.rows,
            "decoded": verdict.decoded,
            "charges": verdict.charges,
            "canaries": verdict.canaries,
            "scanned_files": verdict.scanned,
            "findings": [{"file": finding.file, "problem": finding.problem} for finding in verdict.findings],
        }
        if verdict.findings:
            return Answer(result, None, _notes([f"{found.file} {found.problem}" for found in verdict.findings]), 4)
        depth = "signatures, hashes and rows" if verdict.decoded else "signatures and hashes; the rows need a data key"
        lines = [f"{count(len(verdict.releases), 'release')}, {count(verdict.shards, 'file')} are sound: {depth}"]
        if verdict.charges is not None:
            lines.append(f"the ledger holds the charge of {verdict.charges}")
        if verdict.canaries:
            lines.append(f"no canary of {verdict.canaries} in {verdict.scanned} files")
        return Answer(result, "\n".join(lines))


def _notes(lines: list[str]) -> tuple[str, ...]:
    more = len(lines) - _MOST_NOTES
    return (*lines[:_MOST_NOTES], *([f"and {more} more findings; --json lists all"] if more > 0 else []))
