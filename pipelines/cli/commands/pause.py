"""The commands ``keyveil pause`` and ``keyveil resume``."""

import argparse
from datetime import UTC, datetime

from pipelines.cli.command import Answer, Changes
from pipelines.cli.terminal import Terminal


class Pause:
    """Stop every run into an output."""

    name = "pause"
    changes = Changes.PAUSE
    help = "stop all runs into this output until resume"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the output and the reason."""
        parser.add_argument("uri", metavar="URI", help="the output of the runs")
        parser.add_argument("--reason", required=True, metavar="TEXT", help="said to everybody whose run is refused")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Pause, and answer where and since when; warn where nothing was released yet."""
        from pipelines.output import Output  # noqa: PLC0415 - --help should not wait for what follows
        from pipelines.state.pause import holds_dataset, pause  # noqa: PLC0415

        output = Output.at(arguments.uri)
        switch = pause(output, arguments.reason, datetime.now(UTC))
        result = {"paused": True, "output": output.uri, "since": switch.at, "reason": switch.reason}
        known = holds_dataset(output)
        notes = (
            () if known else (f"nothing was released into {output.uri} yet: check that it is the --output of the runs",)
        )
        return Answer(result, f"runs into {output.uri} are paused since {switch.at}", notes)


class Resume:
    """Let the runs into an output go on."""

    name = "resume"
    changes = Changes.PAUSE
    help = "let runs go on"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the output."""
        parser.add_argument("uri", metavar="URI", help="the output of the runs")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Resume, and answer whether there was a pause."""
        from pipelines.output import Output  # noqa: PLC0415 - --help should not wait for what follows
        from pipelines.state.pause import resume  # noqa: PLC0415

        output = Output.at(arguments.uri)
        was_on = resume(output)
        text = f"runs into {output.uri} go on" if was_on else f"there was no pause of {output.uri}"
        return Answer({"paused": False, "output": output.uri, "was_paused": was_on}, text)
