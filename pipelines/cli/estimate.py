"""The command ``keyveil estimate``."""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def add_parser(commands: Any, epilog: str) -> None:
    """Add the command to the parser."""
    parser = commands.add_parser("estimate", help="workers and cost of a day from measured CPU time", epilog=epilog)
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="load, worker and prices (YAML)")


def run(arguments: argparse.Namespace, _: Sequence[str]) -> int:
    """Print the estimate and what it rests on."""
    from pipelines.config import load_record  # noqa: PLC0415 - slow to import; --help should not wait
    from pipelines.runner.estimate import EstimateSettings, estimate, lines  # noqa: PLC0415

    settings = load_record(EstimateSettings, arguments.config)
    found = estimate(settings)
    text = json.dumps(found.as_json()) if arguments.json else "\n".join(lines(found, settings))
    sys.stdout.write(text + "\n")
    return 0
