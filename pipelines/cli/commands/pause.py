"""The commands ``keyveil pause`` and ``keyveil resume`` of runs, and ``keyveil enter-pause`` of a person."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from pipelines.cli.arguments import USER_FILE, read_day, read_user
from pipelines.cli.command import Answer, Changes
from pipelines.cli.terminal import Terminal
from pipelines.observe.text_table import count


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


class EnterPause:
    """Enter a pause of one person by the clock of their city."""

    name = "enter-pause"
    changes = Changes.NOTHING
    help = "write a person's own pause, told by the clock of a city, into a file of pauses; for every week too"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the file, the person, and the hours."""
        parser.add_argument("file", type=_read_file, metavar="FILE", help="the CSV file of --pauses or consent.pauses")
        person = parser.add_mutually_exclusive_group(required=True)
        person.add_argument("--user", metavar="ID", help="the person; the list of processes shows it")
        person.add_argument("--user-file", metavar="FILE", help=USER_FILE)
        parser.add_argument("--day", required=True, type=read_day, metavar="DATE", help="the day, or the first")
        parser.add_argument("--from", required=True, dest="begin", metavar="HH:MM", help="when it begins")
        parser.add_argument("--to", dest="end", metavar="HH:MM", help="when it ends, up to 24:00")
        parser.add_argument("--minutes", type=int, metavar="N", help="how long it lasts, in place of --to")
        parser.add_argument("--zone", required=True, metavar="NAME", help="whose time it is, such as Europe/Berlin")
        parser.add_argument(
            "--weekly-until",
            type=read_day,
            metavar="DATE",
            help="the same hours on this day of every week, up to this date",
        )
        parser.add_argument(
            "--granted-by", metavar="ROLE", help="enter an exemption that this role granted, and no pause of theirs"
        )

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Write the lines, and answer which stretch each is in UTC."""
        from pipelines.operations.pause_entry import (  # noqa: PLC0415 - --help should not wait
            PauseRequest,
            enter_pauses,
            list_stretches,
        )

        words = (arguments.day, arguments.begin, arguments.end, arguments.minutes, arguments.zone)
        stretches = list_stretches(PauseRequest(*words, until=arguments.weekly_until))
        entered = enter_pauses(arguments.file, read_user(arguments) or "", stretches, arguments.granted_by)
        told = [[f"{instant:%Y-%m-%dT%H:%M:%SZ}" for instant in stretch] for stretch in entered.written]
        lines = [f"{arguments.file}: {count(len(told), 'pause')} entered, {entered.known} were there already"]
        lines += [f"{begin} to {end}" for begin, end in told]
        return Answer({"file": str(arguments.file), "entered": told, "known": entered.known}, "\n".join(lines))


def _read_file(text: str) -> Path:
    if "://" in text:
        raise argparse.ArgumentTypeError("must be a file of this machine")
    return Path(text)
