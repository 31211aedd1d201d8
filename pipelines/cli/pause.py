"""The commands ``keyveil pause`` and ``keyveil resume``."""

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any


def add_parser(commands: Any, epilog: str) -> None:
    """Add ``pause`` and ``resume`` to the command line."""
    pause = commands.add_parser("pause", help="let no run read or publish anything more", epilog=epilog)
    pause.add_argument("--reason", required=True, metavar="TEXT", help="said to everybody whose run is refused")
    resume = commands.add_parser("resume", help="let runs go on", epilog=epilog)
    for parser in (pause, resume):
        parser.add_argument("uri", metavar="URI", help="the output of the runs")


def run_pause(arguments: argparse.Namespace, _: Sequence[str]) -> int:
    """Pause and say since when."""
    from pipelines.state.pause import pause  # noqa: PLC0415 - --help should not wait for what follows

    holds = pause(arguments.uri, arguments.reason, datetime.now(UTC))
    _say(arguments, {"paused": True, "since": holds.at, "reason": holds.reason}, f"paused since {holds.at}")
    return 0


def run_resume(arguments: argparse.Namespace, _: Sequence[str]) -> int:
    """Resume and say whether there was a pause."""
    from pipelines.state.pause import resume  # noqa: PLC0415

    was_on = resume(arguments.uri)
    _say(arguments, {"paused": False, "was_paused": was_on}, "runs go on" if was_on else "there was no pause")
    return 0


def _say(arguments: argparse.Namespace, result: dict[str, object], line: str) -> None:
    sys.stdout.write((json.dumps(result) if arguments.json else line) + "\n")
