"""The command ``keyveil preflight``."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def add_parser(commands: Any, epilog: str) -> None:
    """Add the command to the parser."""
    preflight = commands.add_parser(
        "preflight", help="check that a bucket or folder is restricted as agreed; changes nothing", epilog=epilog
    )
    preflight.add_argument("uri", metavar="URI", help="gs://BUCKET or a folder")
    preflight.add_argument("--policy", metavar="FILE", help="what was agreed about the bucket (YAML)")
    preflight.add_argument("--html", type=Path, metavar="FILE", help="also write the result as a page")


def run(arguments: argparse.Namespace, _: Sequence[str]) -> int:
    """Show the verdict; raise ``RefusedError`` where it refuses."""
    from rich.console import Console  # noqa: PLC0415 - the clients take seconds to import; --help should not

    from pipelines.preflight.guard import guard_for  # noqa: PLC0415
    from pipelines.preflight.html_report import page  # noqa: PLC0415
    from pipelines.preflight.terminal_report import show  # noqa: PLC0415
    from transforms.object_store.atomic_files import replace_file  # noqa: PLC0415

    verdict = guard_for(arguments.uri, arguments.policy, sealed=None).look()
    if arguments.html is not None:
        with replace_file(arguments.html) as file:
            file.write(page(verdict).encode())
    if arguments.json:
        sys.stdout.write(json.dumps(verdict.as_json()) + "\n")
    else:
        show(verdict, Console())
    verdict.require()
    return 0
