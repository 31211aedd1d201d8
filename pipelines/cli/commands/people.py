"""The commands about people: ``preview``, ``subject-report``, ``worker-sheet``, ``hash-directory`` and ``opt-outs``."""

import argparse
from datetime import UTC, datetime
from pathlib import Path

from pipelines.cli.arguments import USER_FILE, add_keys, add_settings, add_state, claim_private, open_private, read_user
from pipelines.cli.command import Answer, Changes
from pipelines.cli.terminal import Terminal

_SHEET_KEYS = "key set: also list to whom keys of readers were given, and say whether releases are made by days"


class Preview:
    """Show one session before and after redaction, on one page for the person who was recorded."""

    name = "preview"
    changes = Changes.NOTHING
    help = "show a person their own session before and after, as one HTML page"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the recording, the session in it, and the page."""
        parser.add_argument("log", metavar="LOG", help="one recording: a file, or a folder that is one")
        parser.add_argument("-o", "--page", required=True, type=Path, metavar="FILE", help="the page to write")
        parser.add_argument("--session", metavar="ID", help="the session to show, or #2 for the second")
        parser.add_argument(
            "--user", metavar="ID", help="show sessions of this person alone; whose a recording is that names nobody"
        )
        parser.add_argument("--user-file", metavar="FILE", help=USER_FILE)
        parser.add_argument("--format", metavar="NAME", help="read it in this format (keyveil formats)")
        parser.add_argument("--keys", metavar="DIR", help="key set (default: keys that are forgotten at the end)")
        add_settings(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Write the page, and answer how much it shows."""
        from pipelines.config import load_config  # noqa: PLC0415 - --help should not wait for what follows
        from pipelines.preview.write_preview import write_preview  # noqa: PLC0415

        config = load_config(arguments.config, arguments.settings, None)
        shown = write_preview(arguments, read_user(arguments), config)
        text = (
            f"{arguments.page}: {shown['events']} recorded events, {shown['rows']} released rows; open it in a browser"
        )
        return Answer({"page": str(arguments.page), **shown}, text)


class SubjectReport:
    """Answer an access request: what is kept about one person."""

    name = "subject-report"
    changes = Changes.NOTHING
    help = "say what is kept about one person, as one HTML page"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the output, the person, and the page."""
        parser.add_argument("uri", metavar="URI", help="an output, a dataset or a release")
        person = parser.add_mutually_exclusive_group(required=True)
        person.add_argument("--user", metavar="ID", help="the person; the list of processes shows it")
        person.add_argument("--user-file", metavar="FILE", help=USER_FILE)
        parser.add_argument("-o", "--page", required=True, type=Path, metavar="FILE", help="the page to write")
        parser.add_argument("--policy", metavar="FILE", help="what was agreed about the output bucket (YAML)")
        parser.add_argument("--consent", metavar="FILE", help="also look the person up in this consent registry")
        add_keys(parser)
        add_state(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Write the page, and answer how much was found; end with 1 where nobody of the id is known."""
        from pipelines.observe.text_table import count  # noqa: PLC0415 - --help should not wait for what follows
        from pipelines.operations.pages.agreed_readers import read_agreement  # noqa: PLC0415
        from pipelines.operations.pages.subject import find_subject  # noqa: PLC0415
        from pipelines.operations.pages.subject_report import render_subject_report  # noqa: PLC0415

        policy = read_agreement(arguments.policy, arguments.uri)
        user, today = read_user(arguments) or "", datetime.now(UTC).date()
        subject = find_subject(user, arguments.uri, open_private(arguments), today, arguments.consent)
        _write_page(arguments.page, render_subject_report(subject, policy))
        result = {
            "releases": [
                {"release": item.address, "sessions": item.sessions, "rows": item.rows} for item in subject.releases
            ],
            "staged": subject.erasure.staged,
            "quarantined": subject.erasure.quarantined,
            "unfinished": subject.erasure.unfinished,
        }
        held = len(subject.releases)
        text = f"{arguments.page}: {count(held, 'release')} {'holds' if held == 1 else 'hold'} data of this person"
        searched = subject.erasure.not_found_in
        notes = (f"nobody of this id was found: {searched}; check the spelling",) if searched else ()
        return Answer(result, text, notes, 1 if notes else 0)


class WorkerSheet:
    """Tell the people whom an organisation records what is done, from its settings."""

    name = "worker-sheet"
    changes = Changes.NOTHING
    help = "tell people what is recorded and what they can do, as one HTML page"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the output, the settings, and the page."""
        parser.add_argument("uri", metavar="URI", help="the output of the runs")
        parser.add_argument("-o", "--page", required=True, type=Path, metavar="FILE", help="the page to write")
        parser.add_argument("--policy", metavar="FILE", help="what was agreed about the output bucket (YAML)")
        parser.add_argument(
            "--opt-outs", metavar="FILE", help="table of keyveil opt-outs to show: who takes part, group by group"
        )
        parser.add_argument("--keys", metavar="DIR", help=_SHEET_KEYS)
        add_settings(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Write the page, and say which settings it could not tell, and whether nobody is named to turn to."""
        from pipelines.budget.opt_outs import read_opt_outs  # noqa: PLC0415 - --help should not wait for what follows
        from pipelines.config import load_config  # noqa: PLC0415 - --help should not wait for what follows
        from pipelines.operations.key_exports import list_holders  # noqa: PLC0415
        from pipelines.operations.pages.agreed_readers import read_agreement  # noqa: PLC0415
        from pipelines.operations.pages.release_pace import find_pace  # noqa: PLC0415
        from pipelines.operations.pages.worker_sheet import render_worker_sheet  # noqa: PLC0415
        from transforms.object_store.addresses import is_bucket  # noqa: PLC0415

        config = load_config(arguments.config, arguments.settings, None)
        opt_outs = None if arguments.opt_outs is None else read_opt_outs(arguments.opt_outs)
        policy, today = read_agreement(arguments.policy, arguments.uri), datetime.now(UTC).date()
        holders = () if arguments.keys is None else list_holders(Path(arguments.keys))
        pace = find_pace(arguments.uri, arguments.keys)
        sheet = render_worker_sheet(
            arguments.uri, config, policy, today, opt_outs=opt_outs, holders=holders or (), pace=pace
        )
        _write_page(arguments.page, sheet)
        in_bucket = is_bucket(arguments.uri)
        is_kept = policy is not None or (not in_bucket and config.basis.releases_days is not None)
        missing = [*config.basis.missing, *([] if is_kept else ["--policy" if in_bucket else "basis.releases_days"])]
        notes = [f"the sheet marks as not stated: {', '.join(missing)}"] if missing else []
        if holders is None:
            notes.append("to whom keys were given is recorded with the original of the key set: pass that with --keys")
        if not config.basis.contact:
            notes.append("people cannot do anything by this sheet: set basis.contact before you hand it out")
        if not in_bucket and not Path(arguments.uri).is_dir():
            notes.append(
                f"there is no folder {Path(arguments.uri).absolute()} yet; check the address, which the sheet names"
            )
        return Answer({"page": str(arguments.page), "missing": missing}, str(arguments.page), tuple(notes))


class HashDirectory:
    """Write the organisation's directory of people as keyed digests: without the key set no guess can be confirmed."""

    name = "hash-directory"
    changes = Changes.NOTHING
    help = "write a directory of people as keyed digests, for redact.directory"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the clear directory, the key set and the target."""
        parser.add_argument("directory", metavar="FILE", help="the clear directory: a CSV file, or its address")
        parser.add_argument(
            "-o", "--target", required=True, type=Path, metavar="FILE", help="the hashed directory to write"
        )
        add_keys(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Write it, readable by its owner alone, and answer how many values it holds."""
        from transforms.keys.key_set import KeyReference, KeySet  # noqa: PLC0415 - --help should not wait
        from transforms.redact.bystanders.hashed_directory import hash_directory  # noqa: PLC0415
        from transforms.redact.detect.directory import read_content  # noqa: PLC0415

        keys = KeySet.open(KeyReference.parse(arguments.keys))
        hashed = hash_directory(read_content(arguments.directory), keys).encode()
        _write_page(arguments.target, hashed)
        values = hashed.count(b"\n") - 2
        return Answer({"directory": str(arguments.target), "values": values}, f"{arguments.target}: {values} values")


class OptOuts:
    """Count, with noise, who takes part in each level or department."""

    name = "opt-outs"
    changes = Changes.STATE
    help = "count, with noise, who takes part in each group; charged to the ledger once for each label"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the registry, the groups, the cost and the target."""
        parser.add_argument("--consent", required=True, metavar="FILE", help="the consent registry")
        parser.add_argument("--pauses", metavar="FILE", help="pauses and exemptions, to count who is exempt")
        parser.add_argument(
            "--groups", required=True, metavar="FILE", help="CSV with the columns user_id,group: one line a person"
        )
        parser.add_argument(
            "--group",
            action="append",
            required=True,
            metavar="NAME",
            help="a group to count, may be repeated; all others are counted as other",
        )
        parser.add_argument(
            "--label", required=True, metavar="NAME", help="name of the table; each label is charged once"
        )
        parser.add_argument(
            "--epsilon",
            type=float,
            default=0.1,
            metavar="E",
            help="epsilon that the table costs each person of the list; their choice is hidden by twice that",
        )
        parser.add_argument(
            "-o", "--target", required=True, type=Path, metavar="FILE", help="the table to write (JSON)"
        )
        add_keys(parser)
        add_state(parser)
        add_settings(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Charge and draw the table, write it, and answer with it; a target that cannot be written costs nothing."""
        import json  # noqa: PLC0415 - --help should not wait for what follows

        from pipelines.budget.opt_outs import OptOutRequest, draw_opt_outs  # noqa: PLC0415
        from pipelines.config import load_config  # noqa: PLC0415
        from transforms.object_store.atomic_files import replace_file  # noqa: PLC0415

        config = load_config(arguments.config, arguments.settings, None)
        names = ("consent", "pauses", "groups", "label", "epsilon")
        words = {name: getattr(arguments, name) for name in names}
        asked, private = OptOutRequest(**words, group=tuple(arguments.group)), claim_private(arguments)
        with replace_file(arguments.target) as file:
            table = draw_opt_outs(asked, config, private)
            file.write(json.dumps(table.as_json(), indent=1).encode() + b"\n")
        text = f"{arguments.target}: charged to the ledger as opt-outs/{table.label}, epsilon {table.epsilon:g}"
        return Answer(table.as_json(), text)


def _write_page(target: Path, page: bytes) -> None:
    from transforms.object_store.atomic_files import replace_file  # noqa: PLC0415 - --help should not wait

    with replace_file(target) as file:
        file.write(page)
