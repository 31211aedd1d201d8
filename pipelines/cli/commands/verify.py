"""The commands ``keyveil verify``, ``keyveil audit show|verify`` and ``keyveil trace-leak``."""

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.cli.arguments import add_keys, add_settings, add_state, open_private
from pipelines.cli.command import Answer, Changes, Group
from pipelines.cli.terminal import Terminal

if TYPE_CHECKING:
    from transforms.dataset.verify.dataset import Defect

_MOST_NOTES = 50


class Verify:
    """Check releases as an outsider does."""

    name = "verify"
    changes = Changes.NOTHING
    help = "check what was written, from outside"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the address, the keys, and the canaries to search for."""
        parser.add_argument("uri", metavar="URI", help="an output, a dataset or a release")
        add_keys(parser, "key set, reader's key file, or the verifying key alone (.pem)")
        parser.add_argument("--canaries", metavar="FILE", help="planted values: one a line, or a JSON list")
        parser.add_argument(
            "--state", metavar="URI", help="private state with the ledger (default: beside the key set)"
        )
        parser.add_argument(
            "--consent",
            metavar="FILE",
            help="also list the releases that were made under this consent registry, and count the people in the rows "
            "of each by what it says of them; needs the key set",
        )
        parser.add_argument(
            "--pauses",
            metavar="FILE",
            help="also count the pauses of FILE that the last run of each dataset obeyed; needs the key set",
        )
        parser.add_argument(
            "--record",
            metavar="FILE",
            help="keep in FILE which releases were read without a finding; the next time read only those that are "
            "new or changed, and one old release in turn",
        )
        add_settings(
            parser,
            "also list the releases that were made with these settings (YAML), by the fingerprint in their manifests; "
            "needs the key set",
        )
        parser.add_argument(
            "--also", nargs="+", default=[], metavar="PATH", help="logs and folders to search for canaries"
        )

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Verify; end with 4 where something is wrong. Every note names a file and quotes nothing."""
        from pipelines.cli.audit_texts import render_pauses, render_verdict  # noqa: PLC0415 - --help should not wait
        from pipelines.cli.verify_proofs import gather_proofs  # noqa: PLC0415
        from pipelines.operations.audit_keys import AuditKeys  # noqa: PLC0415
        from pipelines.operations.verify import (  # noqa: PLC0415
            VerifyRequest,
            check_sealed_reading,
            verify,
        )

        keys = AuditKeys.open(arguments.keys, arguments.state)
        request = VerifyRequest(
            arguments.uri, arguments.canaries, tuple(arguments.also), arguments.consent, arguments.record
        )
        verdict = verify(request, keys)
        check_sealed_reading(verdict)
        proofs = gather_proofs(arguments, keys, verdict)
        made_with, people = proofs.settings, proofs.people
        findings = (*verdict.findings, *proofs.faults)
        result = {
            "releases": list(verdict.releases),
            "read": verdict.read,
            "compared": list(verdict.compared),
            "shards": verdict.shards,
            "rows": verdict.rows,
            "decoded": verdict.decoded,
            "charges": verdict.charges,
            "erasures": verdict.erasures,
            "releases_with_erasures": verdict.proving,
            "erased_people": verdict.erased,
            "followed": list(verdict.followed),
            "signed_by": dict(verdict.signers),
            "elsewhere": list(verdict.elsewhere),
            "consent": None if verdict.proof is None else asdict(verdict.proof),
            "people": None if people is None else [asdict(item) for item in people],
            "pauses": None if proofs.pauses is None else [item._asdict() for item in proofs.pauses],
            "settings": None if made_with is None else asdict(made_with),
            "canaries": verdict.canaries,
            "scanned_files": verdict.scanned,
        }
        if people is None and findings:
            return _report(findings, result)
        lines = [*render_verdict(verdict, made_with, people), *render_pauses(proofs.pauses or ())]
        answer = _report(findings, result, "\n".join(lines))
        if findings:
            return answer
        if made_with is None or made_with.made:
            return answer
        return replace(answer, notes=("no release was made with these settings",), exit_code=4)


class ShowTrail:
    """Show what was recorded of a key set."""

    name = "show"
    changes = Changes.NOTHING
    help = "list every step that the ledger recorded, in order"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add keys and state."""
        add_keys(parser)
        add_state(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with one line a step."""
        from pipelines.observe.text_table import align  # noqa: PLC0415 - --help should not wait for what follows
        from pipelines.operations.audit import list_trail  # noqa: PLC0415

        trail = list_trail(open_private(arguments))
        rows = [(str(entry.number), entry.at, entry.action, entry.subject) for entry in trail]
        return Answer(
            [asdict(entry) for entry in trail], "\n".join(align(rows)) if rows else "nothing was recorded yet"
        )


class VerifyTrail:
    """Check all that was recorded of a key set."""

    name = "verify"
    changes = Changes.NOTHING
    help = "check ledger, erasures, journals and every release that the ledger names, wherever it lies"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add keys and state."""
        add_keys(parser)
        add_state(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Check; end with 4 if something is wrong."""
        from pipelines.observe.text_table import count  # noqa: PLC0415 - --help should not wait for what follows
        from pipelines.operations.audit import audit  # noqa: PLC0415

        report = audit(open_private(arguments))
        result = {name: number for name, number in asdict(report).items() if name != "findings"}
        if report.findings:
            return _report(report.findings, result)
        entries = f"{report.entries:,} {'entry' if report.entries == 1 else 'entries'} of the ledger"
        parts = (entries, count(report.erasures, "erasure"), count(report.nightly_records, "nightly record"))
        lines = [f"{', '.join(parts)}, {count(report.releases, 'release')}: no problem found"]
        if report.pending_erasures:
            lines.append(f"{count(report.pending_erasures, 'erasure')} to finish: keyveil erase --pending")
        return _report((), result, "\n".join(lines))


class ExportRecord:
    """Sign a record of a key set for an auditor."""

    name = "export"
    changes = Changes.NOTHING
    help = "sign a record of the ledger, the releases and the exports of keys, for whoever audits from outside"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the file, keys and state."""
        parser.add_argument("-o", dest="target", required=True, type=Path, metavar="FILE", help="a new file")
        add_keys(parser)
        add_state(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Write the record, and answer where it lies."""
        from pipelines.operations.disclosure.signed_record import sign_record  # noqa: PLC0415 - --help should not wait
        from pipelines.operations.key_exports import read_exports  # noqa: PLC0415
        from schemas.errors import UsageError  # noqa: PLC0415
        from transforms.keys.secret_files import write_secret  # noqa: PLC0415

        folder = Path(arguments.keys)
        if not folder.is_dir():
            raise UsageError("exports are recorded in the folder of the key set; pass that folder with --keys")
        exports = read_exports(folder)
        write_secret(arguments.target, sign_record(open_private(arguments), exports, datetime.now(UTC)))
        return Answer({"record": str(arguments.target)}, str(arguments.target))


class CompareRecord:
    """Compare a signed record with an output."""

    name = "compare"
    changes = Changes.NOTHING
    help = "check a record of audit export with the public key, and compare it with an output"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the record, the output and the keys."""
        parser.add_argument("record", type=Path, metavar="RECORD", help="the file of keyveil audit export")
        parser.add_argument("uri", metavar="URI", help="an output or a dataset")
        add_keys(parser, "key set, reader's key file, or the verifying key alone (.pem)")

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with what the record holds; end with 4 where the output is another."""
        from pipelines.cli.audit_texts import render_record  # noqa: PLC0415 - --help should not wait for what follows
        from pipelines.operations.audit_keys import open_verifying  # noqa: PLC0415
        from pipelines.operations.disclosure.signed_record import compare_record  # noqa: PLC0415
        from schemas.errors import UsageError  # noqa: PLC0415

        try:
            content = arguments.record.read_bytes()
        except OSError as error:
            raise UsageError(f"{arguments.record} cannot be read ({error.strerror}); check the path") from None
        verifying = open_verifying(arguments.keys)
        record, defects = compare_record(content, arguments.uri, verifying, str(arguments.record))
        result = {name: part for name, part in asdict(record).items() if name != "chain"}
        same = "the output holds each release of the record as it was recorded, and no other"
        return _report(defects, result, "\n".join([*render_record(record), *([] if defects else [same])]))


AUDIT = Group(
    "audit",
    "show what the ledger of a key set recorded, and check that all of it is still there",
    (ShowTrail(), VerifyTrail(), ExportRecord(), CompareRecord()),
)


class TraceLeak:
    """Trace a file that was found elsewhere to the releases that its rows come from."""

    name = "trace-leak"
    changes = Changes.NOTHING
    help = "find which releases the rows of a leaked file come from, and who can read those"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the file, keys and state."""
        parser.add_argument("file", metavar="FILE", help="a file, a folder, or an address in a bucket; any format")
        add_keys(parser)
        add_state(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with the releases and how sure it is; end with 1 if a file or a release could not be read."""
        from pipelines.cli.audit_texts import render_leak  # noqa: PLC0415 - --help should not wait for what follows
        from pipelines.operations.disclosure.trace_leak import trace_leak  # noqa: PLC0415
        from pipelines.operations.key_exports import has_record, read_exports  # noqa: PLC0415 - --help should not wait

        folder = Path(arguments.keys)
        private = open_private(arguments)
        report = trace_leak(arguments.file, private, read_exports(folder) if has_record(folder) else ())
        notes = [
            f"{name} does not open (sealed under other keys, damaged, or packed), and was compared by its bytes at most"
            for name in report.unread_files
        ]
        notes += [f"{address} cannot be read; restore it and try again" for address in report.unread_releases]
        shown = "\n".join(render_leak(report))
        return Answer(asdict(report), shown, tuple(notes), 1 if notes else 0)


def _report(findings: Sequence["Defect"], result: Mapping[str, object], text: str | None = None) -> Answer:
    """Answer with the findings, a note each, and exit code 4, or with ``text`` where there is none."""
    told = {"sound": not findings, **result, "findings": [asdict(finding) for finding in findings]}
    notes = [f"{finding.file} {finding.problem}" for finding in findings[:_MOST_NOTES]]
    if len(findings) > _MOST_NOTES:
        notes.append(f"and {len(findings) - _MOST_NOTES} more findings; --json lists all")
    return Answer(told, text, tuple(notes), 4 if findings else 0)
