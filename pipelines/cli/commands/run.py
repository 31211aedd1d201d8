"""The command ``keyveil run``."""

import argparse

from pipelines.cli.arguments import add_settings, add_state
from pipelines.cli.command import Answer, Changes
from pipelines.cli.terminal import Terminal
from schemas.errors import RefusedError, UsageError

_NO_KEYS = "a run needs a key set: make one with keyveil keys init DIR and pass it with --keys DIR"
_NO_CONSENT = (
    "a run needs consent: write a CSV with the columns user_id,purpose,version,granted_at,withdrawn_at and name it "
    "with --consent FILE"
)


class Run:
    """Make a release, or stage days and release the windows that are over."""

    name = "run"
    changes = Changes.STATE
    help = "make a release; Beam's own flags follow a double dash"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the recordings, the output, what allows the run, and where it runs."""
        parser.add_argument(
            "--input",
            nargs="+",
            required=True,
            metavar="PATTERN",
            help="recordings: files, globs, folders that are one recording; by days with {day} in it",
        )
        parser.add_argument("--output", required=True, metavar="URI", help="folder of the datasets")
        parser.add_argument(
            "--consent",
            metavar="FILE",
            help="consent registry (CSV, Parquet, SQL), or the word all-for-evaluation: everybody agreed",
        )
        parser.add_argument("--pauses", metavar="FILE", help="people's own pauses and exemptions (same forms)")
        parser.add_argument(
            "--wishes", nargs="+", default=[], metavar="FILE", help="wishes that people saved from their preview (JSON)"
        )
        parser.add_argument("--keys", metavar="DIR", help="key set (keyveil keys init DIR), or secret:NAME")
        parser.add_argument("--dataset", default="sessions", metavar="NAME", help="name of the dataset in the output")
        parser.add_argument("--format", metavar="NAME", help="read every input in this format (keyveil formats)")
        when = parser.add_mutually_exclusive_group()
        when.add_argument("--day", metavar="DATE", help="stage the logs of one day; release a window when it is over")
        when.add_argument("--days", metavar="FIRST..LAST", help="run these days in order")
        when.add_argument("--since-last", action="store_true", help="run every day since the last one, up to yesterday")
        parser.add_argument(
            "--first", metavar="DATE", help="with --since-last: the day to begin with, if none was run yet"
        )
        subject = parser.add_mutually_exclusive_group()
        subject.add_argument("--user", metavar="ID", help="the person of recordings that name none")
        subject.add_argument("--subjects", metavar="CSV", help="source,user_id for recordings that name none")
        parser.add_argument("--policy", metavar="FILE", help="what was agreed about the output bucket (YAML)")
        parser.add_argument("--purpose", metavar="NAME", help="what consent was given for (default: training)")
        add_state(parser)
        add_settings(parser)
        parser.add_argument(
            "--runner", default="DirectRunner", metavar="NAME", help="DirectRunner, PortableRunner or DataflowRunner"
        )
        parser.add_argument(
            "--finish", action="store_true", help="publish the results of a Dataflow job that the same command started"
        )
        parser.add_argument("--journal", metavar="FILE", help="also say what happens as JSON lines (-: standard error)")
        parser.add_argument("--metrics", metavar="URL", help="send metrics to this OTLP/HTTP receiver at the end")
        parser.add_argument(
            "--trace", metavar="URI", help="also write pointers to source events into this private folder"
        )
        parser.add_argument("--trace-clear", action="store_true", help="write the trace unsealed, for evaluation")

    def run(self, arguments: argparse.Namespace, terminal: Terminal) -> Answer:
        """Make the release; end with 1 where some input was set aside."""
        if arguments.keys is None:
            raise RefusedError(_NO_KEYS)
        if arguments.consent is None:
            raise RefusedError(_NO_CONSENT)
        if arguments.first is not None and not arguments.since_last:
            raise UsageError("--first says where --since-last begins; add --since-last, or name the days with --days")
        from pipelines.cli.commands.release_runs import make_releases  # noqa: PLC0415 - Beam takes seconds to import

        return make_releases(arguments, terminal)
