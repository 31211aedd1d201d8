"""The commands ``keyveil verify``, ``keyveil audit show|verify`` and ``keyveil trace-leak``."""

import argparse
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.cli.arguments import add_keys, add_state, open_private
from pipelines.cli.command import Answer, Group
from pipelines.cli.terminal import Terminal

if TYPE_CHECKING:
    from pipelines.operations.consent_proof import ConsentProof
    from pipelines.operations.disclosure.trace_leak import LeakReport
    from pipelines.operations.verify import VerifyReport
    from transforms.dataset.verify.dataset import Defect

_MOST_NOTES = 50

_SIGNATURES_ONLY = "signatures and hashes valid; rows not checked (that needs a reader's key)"


class Verify:
    """Check releases as an outsider does."""

    name = "verify"
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
            help="also list the releases that were made under this consent registry; needs the key set",
        )
        parser.add_argument(
            "--record",
            metavar="FILE",
            help="keep in FILE which releases were read without a finding; the next time read only those that are "
            "new or changed, and one old release in turn",
        )
        parser.add_argument(
            "--also", nargs="+", default=[], metavar="PATH", help="logs and folders to search for canaries"
        )

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Verify; end with 4 where something is wrong. Every note names a file and quotes nothing."""
        from pipelines.observe.text_table import count  # noqa: PLC0415 - --help should not wait for what follows
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
        result = {
            "releases": list(verdict.releases),
            "read": verdict.read,
            "shards": verdict.shards,
            "rows": verdict.rows,
            "decoded": verdict.decoded,
            "charges": verdict.charges,
            "erasures": verdict.erasures,
            "releases_with_erasures": verdict.proving,
            "erased_people": verdict.erased,
            "followed": list(verdict.followed),
            "consent": None if verdict.proof is None else asdict(verdict.proof),
            "canaries": verdict.canaries,
            "scanned_files": verdict.scanned,
        }
        if verdict.findings:
            return _report(verdict.findings, result)
        what = "signatures, hashes and rows valid" if verdict.decoded else _SIGNATURES_ONLY
        lines = [f"{count(len(verdict.releases), 'release')}, {count(verdict.shards, 'file')}: {what}"]
        if (unread := len(verdict.releases) - verdict.read) > 0:
            lines.append(f"read whole: {verdict.read}; unchanged since they were read, by their listing: {unread}")
        if verdict.charges is not None:
            lines.append(f"the ledger holds the charge of {verdict.charges}")
        if verdict.erasures:
            lines.append(_render_erasures(verdict))
        if verdict.followed:
            lines.append(f"followed signed rotations from the passed key to {', '.join(verdict.followed)}")
        if verdict.proof is not None:
            lines += _render_consent(verdict.proof)
        if verdict.canaries:
            lines.append(f"no canary of {verdict.canaries} in {verdict.scanned} files")
        return _report((), result, "\n".join(lines))


class ShowTrail:
    """Show what was recorded of a key set."""

    name = "show"
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


AUDIT = Group(
    "audit",
    "show what the ledger of a key set recorded, and check that all of it is still there",
    (ShowTrail(), VerifyTrail()),
)


class TraceLeak:
    """Trace a file that was found elsewhere to the releases that its rows come from."""

    name = "trace-leak"
    help = "find which releases the rows of a leaked file come from, and who can read those"

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Add the file, keys and state."""
        parser.add_argument("file", metavar="FILE", help="a file, a folder, or an address in a bucket; any format")
        add_keys(parser)
        add_state(parser)

    def run(self, arguments: argparse.Namespace, _: Terminal) -> Answer:
        """Answer with the releases and how sure it is; end with 1 if a file or a release could not be read."""
        from pipelines.operations.disclosure.trace_leak import trace_leak  # noqa: PLC0415
        from pipelines.operations.key_exports import read_exports  # noqa: PLC0415 - --help should not wait

        folder = Path(arguments.keys)
        private = open_private(arguments)
        report = trace_leak(arguments.file, private, read_exports(folder) if folder.is_dir() else ())
        notes = [
            f"{name} does not open (sealed under other keys, damaged, or packed), and was compared by its bytes at most"
            for name in report.unread_files
        ]
        notes += [f"{address} cannot be read; restore it and try again" for address in report.unread_releases]
        shown = "\n".join(_render_leak(report))
        return Answer(asdict(report), shown, tuple(notes), 1 if notes else 0)


def _render_leak(report: "LeakReport") -> Iterator[str]:
    from pipelines.observe.text_table import count  # noqa: PLC0415 - --help should not wait for what follows

    yield f"looked for traces of {count(report.compared, 'release')} in {count(report.files, 'file')}"
    if not report.releases:
        yield "none found; numbers alone, fewer than eight words in a row, and pictures leave no trace"
    for item in report.releases:
        yield ""
        yield f"{item.address} (dataset {item.dataset})"
        if item.files:
            yield f"  {count(item.files, 'file')} of it, byte for byte"
        for copies in item.erased:
            shards = "a shard" if copies.files == 1 else f"{copies.files:,} shards"
            day = "an erasure" if copies.at is None else f"the erasure of {copies.at}"
            holds = "it holds" if copies.files == 1 else "they hold"
            yield f"  {shards} from before {day}: {holds} rows of a person who was erased; have every copy deleted"
        if item.sessions or item.users:
            yield f"  names of {item.sessions:,} of its {item.all_sessions:,} sessions"
            yield f"  names of {item.users:,} of its {item.all_users:,} users"
        yield f"  {item.windows:,} times eight words in a row, {item.alone:,} of them in no other release"
        if not item.is_certain:
            yield "  words alone may come from elsewhere, as from a page that people read"
        for export in item.exports:
            yield f"  opens with keys exported on {export.at} to: {export.holder} ({export.scope}, {export.term})"


def _report(findings: Sequence["Defect"], result: Mapping[str, object], text: str | None = None) -> Answer:
    """Answer with the findings, a note each, and exit code 4, or with ``text`` where there is none."""
    told = {"sound": not findings, **result, "findings": [asdict(finding) for finding in findings]}
    notes = [f"{finding.file} {finding.problem}" for finding in findings[:_MOST_NOTES]]
    if len(findings) > _MOST_NOTES:
        notes.append(f"and {len(findings) - _MOST_NOTES} more findings; --json lists all")
    return Answer(told, text, tuple(notes), 4 if findings else 0)


def _render_erasures(verdict: "VerifyReport") -> str:
    """Say how many releases prove how many erasures, and of how many people, which private state alone knows."""
    from pipelines.observe.text_table import count  # noqa: PLC0415 - --help should not wait for what follows

    verb = "holds" if verdict.proving == 1 else "hold"
    proofs = (
        "a proof of an erasure" if verdict.erasures == verdict.proving else f"{verdict.erasures:,} proofs of erasures"
    )
    people = "person" if verdict.erased == 1 else "people"
    known = "" if verdict.erased is None else f", of {verdict.erased:,} {people} in all, known to private state"
    return f"{count(verdict.proving, 'release')} {verb} {proofs}{known}"


def _render_consent(proof: "ConsentProof") -> Iterator[str]:
    """Say which releases were made under the registry; of the others only how many there are."""
    yield f"made under this consent registry: {', '.join(proof.obeyed)}"
    if proof.other:
        yield f"made under a registry with other rows: {len(proof.other)}"
    if proof.unstated:
        yield f"manifests that state no registry: {len(proof.unstated)}"
