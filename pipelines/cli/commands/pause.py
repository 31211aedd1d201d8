"""The commands ``keyveil pause`` and ``keyveil resume``."""

import argparse
from datetime import UTC, datetime

from pipelines.cli.command import Answer
from pipelines.cli.terminal import Terminal


class Pause:
    """Stop every run into an output."""

    name = "pause"
    help = "let no run read or publish anything more"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the output and the reason."""
        parser.add_argument("uri", metavar="URI", help="the output of the runs")
        parser.add_argument("--reason", required=True, metavar="TEXT", help="said to everybody whose run is refused")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Pause, and answer since when."""
        from pipelines.output import Output  # noqa: PLC0415 - --help should not wait for what follows
        from pipelines.state.pause import pause  # noqa: PLC0415

        switch = pause(Output.at(arguments.uri), arguments.reason, datetime.now(UTC))
        return Answer({"paused": True, "since": switch.at, "reason": switch.reason}, f"paused since {switch.at}")


class Resume:
    """Let the runs into an output go on."""

    name = "resume"
    help = "let runs go on"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the output."""
        parser.add_argument("uri", metavar="URI", help="the output of the runs")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Resume, and answer whether there was a pause."""
        from pipelines.output import Output  # noqa: PLC0415 - --help should not wait for what follows
        from pipelines.state.pause import resume  # noqa: PLC0415

        was_on = resume(Output.at(arguments.uri))
        return Answer({"paused": False, "was_paused": was_on}, "runs go on" if was_on else "there was no pause")
