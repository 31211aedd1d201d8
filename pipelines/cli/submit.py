"""The command ``keyveil submit``."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def add_parser(commands: Any, epilog: str) -> None:
    """Add the command to the parser."""
    submit = commands.add_parser("submit", help="start the pipeline on Dataflow", epilog=epilog)
    submit.add_argument("--config", type=Path, required=True, metavar="FILE", help="launch settings (YAML)")
    submit.add_argument("--dry-run", action="store_true", help="print the launch body, send nothing")


def run(arguments: argparse.Namespace, _: Sequence[str]) -> int:
    """Check the settings, look at the output, launch; or print what would be launched."""
    from pipelines.config import load_record  # noqa: PLC0415 - the clients take seconds to import; --help should not
    from pipelines.runner.flex_template import LaunchSettings, launch, launch_body  # noqa: PLC0415

    settings = load_record(LaunchSettings, arguments.config)
    if arguments.dry_run:
        sys.stdout.write(json.dumps(launch_body(settings), indent=None if arguments.json else 2) + "\n")
        return 0
    from pipelines.preflight.google_api import connect  # noqa: PLC0415
    from pipelines.preflight.guard import beside_guard, guard_for  # noqa: PLC0415

    guard_for(settings.run.output, settings.run.policy, sealed=None).look().require()
    for address, keeps in ((settings.staging, False), (settings.run.state, True)):
        beside_guard(address, settings.run.policy, keeps=keeps).look().require()
    job = launch(connect().own, settings)
    sys.stdout.write(json.dumps({"job": job}) + "\n" if arguments.json else f"{job}\n")
    return 0
