"""The command ``keyveil report``."""

import argparse
from pathlib import Path

from pipelines.cli.arguments import add_keys
from pipelines.cli.command import Answer
from pipelines.cli.terminal import Terminal


class Report:
    """Show what releases say of themselves."""

    name = "report"
    help = "show what a release says of itself, from its signed manifest"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the address, the keys and the page."""
        parser.add_argument("uri", metavar="URI", help="an output, a dataset or a release")
        add_keys(parser, "key set, reader's key file, or the verifying key alone (.pem)")
        parser.add_argument("--html", type=Path, metavar="FILE", help="also write the one release's report as a page")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with the card of each release, or its manifest for machines."""
        from dataclasses import asdict  # noqa: PLC0415 - --help should not wait for what follows

        from pipelines.operations.report import read_manifests  # noqa: PLC0415
        from schemas.errors import UsageError  # noqa: PLC0415
        from transforms.dataset.documents.card import render_card  # noqa: PLC0415
        from transforms.dataset.documents.html_report import render_report  # noqa: PLC0415
        from transforms.object_store.atomic_files import replace_file  # noqa: PLC0415

        manifests = read_manifests(arguments.uri, arguments.keys)
        if arguments.html is not None:
            if len(manifests) != 1:
                raise UsageError(f"--html shows one release and {len(manifests)} lie there; name one of them")
            with replace_file(arguments.html) as file:
                file.write(render_report(manifests[0]).encode())
        return Answer([asdict(manifest) for manifest in manifests], "\n".join(map(render_card, manifests)))
