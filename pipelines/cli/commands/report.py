"""The commands ``keyveil report``, ``dp-record``, ``review`` and ``approve``."""

import argparse
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.cli.arguments import add_keys, add_state, open_private, read_day
from pipelines.cli.command import Answer, Changes
from pipelines.cli.terminal import Terminal

if TYPE_CHECKING:
    from transforms.dataset.manifest import Manifest

_CARD = (
    "as their signed manifests say it; files were not compared: keyveil verify\n"
    "a release does not state when it was sealed: keyveil audit show does, with the key set\n"
    "for the card of one: keyveil report URI/DATASET/releases/ID --keys KEYS"
)
_SECTORS = ("Technology", "Healthcare", "Education", "Government", "Energy", "Finance")
"""Sectors of the registry's form."""


class Report:
    """Show what releases say of themselves."""

    name = "report"
    changes = Changes.NOTHING
    help = "show what a release says of itself, from its signed manifest"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the address, the keys and the page."""
        parser.add_argument("uri", metavar="URI", help="an output, a dataset or a release")
        add_keys(parser, "key set, reader's key file, or the verifying key alone (.pem)")
        parser.add_argument("--html", type=Path, metavar="FILE", help="also write the one release's report as a page")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with the card of the one release, a line for each of several, or the manifests for machines."""
        from pipelines.operations.audit_keys import open_verifying  # noqa: PLC0415 - --help should not wait for what follows
        from pipelines.operations.report import read_manifests  # noqa: PLC0415
        from schemas.errors import UsageError  # noqa: PLC0415
        from transforms.dataset.documents.card import render_card  # noqa: PLC0415
        from transforms.dataset.documents.html_report import render_report  # noqa: PLC0415
        from transforms.object_store.addresses import normal_uri, open_store  # noqa: PLC0415
        from transforms.object_store.atomic_files import replace_file  # noqa: PLC0415

        manifests = read_manifests(open_store(normal_uri(arguments.uri)), open_verifying(arguments.keys))
        if arguments.html is not None:
            if len(manifests) != 1:
                raise UsageError(f"--html shows one release and {len(manifests)} lie there; name one of them")
            with replace_file(arguments.html) as file:
                file.write(render_report(manifests[0]).encode())
        if len(manifests) == 1:
            return Answer([asdict(manifests[0])], render_card(manifests[0]))
        listed = [*_list_releases(manifests), _CARD]
        return Answer([asdict(manifest) for manifest in manifests], "\n".join(listed))


def _list_releases(manifests: Sequence["Manifest"]) -> Iterator[str]:
    """Yield one line a release: its dataset, id, days, how much it holds, and erasures."""
    from pipelines.observe.text_table import align, count  # noqa: PLC0415 - --help should not wait for what follows
    from transforms.dataset.documents import wording  # noqa: PLC0415

    rows = []
    for item in manifests:
        sessions, events, files = wording.size(item)
        held = (count(sessions, "session"), count(events, "row"), count(files, "file"))
        erased = count(len(item.erasures), "erasure") if item.erasures else ""
        rows.append((item.dataset, item.release_id, item.window or "no window", *held, erased))
    yield from align(rows)


class DpRecord:
    """Write the record of a release for the registry of differential-privacy deployments."""

    name = "dp-record"
    changes = Changes.NOTHING
    help = "write the record of a release for OpenDP's registry of deployments, from its signed manifest"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the release, the keys, the file, and the facts that no manifest holds."""
        parser.add_argument("uri", metavar="RELEASE", help="a release")
        add_keys(parser, "key set, reader's key file, or the verifying key alone (.pem)")
        parser.add_argument("-o", "--output", type=Path, metavar="FILE", required=True, help="YAML file to write")
        parser.add_argument(
            "--curator", action="append", default=[], metavar="NAME", help="organisation that publishes it; repeatable"
        )
        parser.add_argument("--region", default="", metavar="TEXT", help="region of the data, or whose laws apply")
        parser.add_argument("--sector", choices=_SECTORS, metavar="NAME", help=f"one of {', '.join(_SECTORS)}")
        parser.add_argument("--published", type=read_day, metavar="DAY", help="day of publication (default: today)")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with the record and the fields that are left to fill in."""
        from pipelines.operations.audit_keys import open_verifying  # noqa: PLC0415 - --help should not wait for what follows
        from pipelines.operations.report import read_manifests  # noqa: PLC0415
        from schemas.errors import UsageError  # noqa: PLC0415
        from transforms.dataset.documents.dp_record import Publication, make_record, render_record  # noqa: PLC0415
        from transforms.object_store.addresses import normal_uri, open_store  # noqa: PLC0415
        from transforms.object_store.atomic_files import replace_file  # noqa: PLC0415

        manifests = read_manifests(open_store(normal_uri(arguments.uri)), open_verifying(arguments.keys))
        if len(manifests) != 1:
            raise UsageError(f"a record is of one release and {len(manifests)} lie there; name one of them")
        published = arguments.published or datetime.now(UTC).date()
        facts = Publication(published, tuple(arguments.curator), arguments.region, arguments.sector)
        record = make_record(manifests[0], facts)
        with replace_file(arguments.output) as file:
            file.write(render_record(record).encode())
        left = f"; fill in: {', '.join(facts.missing)}" if facts.missing else ""
        return Answer(record, f"wrote a draft of tier {record['tier']} to {arguments.output}{left}")


class Review:
    """Compare what was agreed about a folder or bucket with what is there."""

    name = "review"
    changes = Changes.NOTHING
    help = "compare what was agreed about a folder or bucket with what is there, as one HTML page; changes nothing"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the address, the agreement, the keys and the page."""
        parser.add_argument("uri", metavar="URI", help="an output, a dataset or a release")
        parser.add_argument("--policy", metavar="FILE", help="what was agreed about the bucket (YAML)")
        add_keys(parser, "key set, reader's key file, or the verifying key alone (.pem)")
        add_state(parser)
        parser.add_argument("-o", "--page", required=True, type=Path, metavar="FILE", help="the page to write")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Write the page, and answer with what differs; end with 4 if anything does."""
        from pipelines.operations.audit_keys import AuditKeys  # noqa: PLC0415
        from pipelines.operations.disclosure.evidence import gather_evidence  # noqa: PLC0415
        from pipelines.operations.disclosure.review import compare, render_review  # noqa: PLC0415
        from pipelines.operations.pages.agreed_readers import read_agreement  # noqa: PLC0415 - --help should not wait
        from transforms.object_store.atomic_files import replace_file  # noqa: PLC0415

        policy = read_agreement(arguments.policy, arguments.uri)
        keys = AuditKeys.open(arguments.keys, arguments.state)
        folder = Path(arguments.keys)
        evidence = gather_evidence(arguments.uri, arguments.policy, keys, folder, datetime.now(UTC).date())
        compared = compare(evidence, policy)
        with replace_file(arguments.page) as file:
            file.write(render_review(arguments.uri, evidence, compared))
        notes = tuple(
            f"{item.what}: agreed {item.agreed}, there {item.observed}" for item in compared if item.agrees is False
        )
        return Answer([asdict(item) for item in compared], str(arguments.page), notes, 4 if notes else 0)


class Approve:
    """Approve a release after a review."""

    name = "approve"
    changes = Changes.STATE
    help = "record in the ledger that a reviewer looked at a release, which it verifies whole; holds nothing back"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the release, the keys and the reviewer."""
        parser.add_argument("uri", metavar="RELEASE", help="address of the release")
        add_keys(parser)
        add_state(parser)
        parser.add_argument(
            "--reviewer", metavar="ROLE", help="role of who looked at it (default: basis.reviewer of the release)"
        )

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with what was recorded."""
        from pipelines.operations.disclosure.approve import approve  # noqa: PLC0415 - --help should not wait

        approval = approve(arguments.uri, arguments.reviewer, open_private(arguments), datetime.now(UTC))
        return Answer(asdict(approval), f"{approval.release}: approved by {approval.reviewer}")
