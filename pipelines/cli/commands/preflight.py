"""The command ``keyveil preflight``."""

import argparse
from pathlib import Path

from pipelines.cli.command import Answer
from pipelines.cli.terminal import Terminal
from schemas.errors import RefusedError


class Preflight:
    """Check a place before anything is written there."""

    name = "preflight"
    help = "check that a bucket or folder is restricted as agreed; changes nothing"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the place and the policy."""
        parser.add_argument("uri", metavar="URI", help="gs://BUCKET or a folder")
        parser.add_argument("--policy", metavar="FILE", help="what was agreed about the bucket (YAML)")
        parser.add_argument("--html", type=Path, metavar="FILE", help="also write the result as a page")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with the verdict; end with 3 where it refuses."""
        from pipelines.preflight.guard import guard_for  # noqa: PLC0415 - the clients take seconds to import
        from pipelines.preflight.html_report import page  # noqa: PLC0415
        from pipelines.preflight.terminal_report import render  # noqa: PLC0415
        from transforms.object_store.atomic_files import replace_file  # noqa: PLC0415

        verdict = guard_for(arguments.uri, arguments.policy, sealed=None).look()
        if arguments.html is not None:
            with replace_file(arguments.html) as file:
                file.write(page(verdict).encode())
        result, shown = verdict.as_json(), "\n".join(render(verdict))
        try:
            verdict.require()
        except RefusedError as error:
            return Answer(result, shown, (str(error),), error.exit_code)
        return Answer(result, shown)
