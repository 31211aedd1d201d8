"""The commands ``keyveil preflight``, ``keyveil doctor`` and ``keyveil access-report``."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from pipelines.cli.arguments import add_keys, add_state, open_private
from pipelines.cli.command import Answer, Changes
from pipelines.cli.terminal import Terminal
from schemas.errors import RefusedError


class Preflight:
    """Check a folder or bucket before anything is written there."""

    name = "preflight"
    changes = Changes.NOTHING
    help = "check that a bucket or folder is restricted as agreed; changes nothing"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the address and the policy."""
        parser.add_argument("uri", metavar="URI", help="gs://BUCKET, s3://BUCKET or a folder")
        parser.add_argument("--policy", metavar="FILE", help="what was agreed about the bucket (YAML)")
        parser.add_argument("--html", type=Path, metavar="FILE", help="also write the result as a page")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with the verdict; end with 3 where it refuses."""
        from pipelines.preflight.html_report import page  # noqa: PLC0415
        from pipelines.preflight.terminal_report import render  # noqa: PLC0415
        from pipelines.preflight.watch import open_preflight  # noqa: PLC0415 - the clients take seconds to import
        from transforms.object_store.atomic_files import replace_file  # noqa: PLC0415

        verdict = open_preflight(arguments.uri, arguments.policy, sealed=None).look()
        if arguments.html is not None:
            with replace_file(arguments.html) as file:
                file.write(page(verdict).encode())
        result, shown = verdict.as_json(), "\n".join(render(verdict))
        try:
            verdict.require()
        except RefusedError as error:
            return Answer(result, shown, (str(error),), error.exit_code)
        return Answer(result, shown)


class Doctor:
    """Check everything that nights need before the first one."""

    name = "doctor"
    changes = Changes.NOTHING
    help = "check everything that nightly runs need, before the first one; changes nothing"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the settings of the nights."""
        parser.add_argument(
            "--config", required=True, type=Path, metavar="FILE", help="settings of the nights (YAML, or nights.env)"
        )

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with every check; end with 3 if one failed."""
        from pipelines.doctor.examine import examine  # noqa: PLC0415 - Beam and the clients take seconds to import
        from pipelines.doctor.settings import load_nights  # noqa: PLC0415
        from pipelines.preflight.terminal_report import render  # noqa: PLC0415
        from transforms.preflight.verdict import CheckOutcome  # noqa: PLC0415

        verdict = examine(load_nights(arguments.config), datetime.now(UTC))
        failed = verdict.of(CheckOutcome.FAILED)
        shown = "\n".join(render(verdict, "Nights into"))
        if not failed:
            return Answer(verdict.as_json(), shown)
        first, number = failed[0], f"{len(failed)} check{'s' if len(failed) > 1 else ''} failed"
        note = f"{number}; begin with {first.check}: read {first.read}; fix it with: {first.remedy}"
        return Answer(verdict.as_json(), shown, (note,), RefusedError.exit_code)


class AccessReport:
    """Say who can read a dataset."""

    name = "access-report"
    changes = Changes.NOTHING
    help = "say who can read a folder or bucket: holders of keys, grants, trainings, and who did"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the address, the agreement, the log and the key set."""
        parser.add_argument("uri", metavar="URI", help="an output or a dataset: gs://, s3:// or a folder")
        parser.add_argument("--policy", metavar="FILE", help="what was agreed about the bucket (YAML)")
        parser.add_argument(
            "--logs",
            type=Path,
            metavar="FILE",
            help="audit log: of a gs:// bucket from gcloud logging read --format=json, of an s3:// bucket a file or "
            "folder of CloudTrail's data events",
        )
        add_keys(parser, "key set, the folder whose record names the exports")
        add_state(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with the report; end with 1 where a line needs a look, or the log cannot tell who read."""
        from pipelines.operations.disclosure.access_report import render_access, report_access  # noqa: PLC0415 - as above

        private = open_private(arguments)
        report = report_access(arguments.uri, arguments.policy, arguments.logs, private, Path(arguments.keys))
        shown = "\n".join(render_access(report))
        notes = [report.blindness] if report.blindness else []
        if report.needs_somebody:
            notes.append(
                "check the report: an export has ended, the place is not as agreed or was not looked at, or "
                "somebody else read"
            )
        return Answer(report.as_json(), shown, tuple(notes), exit_code=1 if notes else 0)
