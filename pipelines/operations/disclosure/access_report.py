"""Report on who can read a dataset: holders of keys, the place as it was agreed and as it is, trainings, and reads."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pipelines.budget.account import LedgerAccount
from pipelines.observe.text_table import count, label
from pipelines.operations.agreed_readers import read_agreement
from pipelines.operations.disclosure.access_log import Reads, find_reads
from pipelines.operations.key_exports import KeyExport, read_exports, render_export
from pipelines.preflight.guard import guard_for
from pipelines.state.private_state import PrivateState
from schemas.errors import UsageError
from transforms.object_store.addresses import bucket_of, is_bucket, is_google_bucket, normal_uri
from transforms.preflight.verdict import Outcome, Verdict

_INDENT = 11


@dataclass(frozen=True, slots=True)
class Training:
    """Model that was charged as trained on the releases: its label, and the UTC day."""

    label: str
    day: str


@dataclass(frozen=True, slots=True)
class AccessReport:
    """Report of ``today``; ``agreed``: members of the agreement, ``reads``: none where no log was passed."""

    uri: str
    today: date
    exports: tuple[KeyExport, ...]
    agreed: tuple[str, ...]
    verdict: Verdict
    trainings: tuple[Training, ...]
    reads: tuple[Reads, ...] | None

    @property
    def over(self) -> tuple[KeyExport, ...]:
        """Exports whose last day is over: their holders have the keys until these are rotated."""
        return tuple(export for export in self.exports if export.has_ended(self.today))

    @property
    def needs_somebody(self) -> bool:
        """Return whether an export has ended, the place is not as agreed, or somebody else read."""
        others = any(not reads.is_agreed for reads in self.reads or ())
        return bool(self.over) or self.verdict.is_refused or others

    def as_json(self) -> dict[str, object]:
        """Return the machine-readable result."""
        return {
            "uri": self.uri,
            "exports": [
                asdict(export) | {"ended": export.has_ended(self.today), "opens": export.opens}
                for export in self.exports
            ],
            "agreed": list(self.agreed),
            "place": self.verdict.as_json(),
            "trainings": [asdict(training) for training in self.trainings],
            "reads": None if self.reads is None else [asdict(reads) for reads in self.reads],
        }


def report_access(uri: str, policy: str | None, logs: Path | None, private: PrivateState, keys: Path) -> AccessReport:
    """Report who can read what lies at an address; changes nothing.

    Raises ``UsageError`` where the key set is no folder, which alone has the record of exports, or where a log is
    passed of another place than a bucket of Google.
    """
    address = normal_uri(uri)
    if not keys.is_dir():
        raise UsageError("exports are recorded in the folder of the key set; pass that folder with --keys")
    if logs is not None and not is_google_bucket(address):
        raise UsageError("--logs is the audit log of a gs:// bucket; leave it out for another place")
    agreement = read_agreement(policy, address) if is_bucket(address) else None
    agreed = () if agreement is None else tuple(sorted(agreement.agreed_members()))
    verdict = guard_for(address, policy, sealed=None).look()
    reads = None
    if logs is not None:
        prefix = address.partition("://")[2].partition("/")[2]
        reads = find_reads(logs, bucket_of(address), f"{prefix}/" if prefix else "", agreed)
    trainings = tuple(
        Training(entry.charge_id.partition("/")[2], entry.at[:10])
        for entry in LedgerAccount.of(private).ledger().reservations()
        if entry.is_training
    )
    today = datetime.now(UTC).date()
    return AccessReport(address, today, read_exports(keys), agreed, verdict, trainings, reads)


def render_access(report: AccessReport) -> Iterator[str]:
    """Yield the lines of a report: a name, and beside it one fact a line."""
    yield f"Who can read {report.uri}"
    yield from _list(
        "keys", [render_export(export, report.today) for export in report.exports], "no export is recorded"
    )
    none = "nobody besides those who administer the machine" if not is_bucket(report.uri) else "no agreement was passed"
    yield from _list("agreed", report.agreed, none)
    failed = [f"{finding.title}: {finding.read}" for finding in report.verdict.of(Outcome.FAILED)]
    passed = f"{count(len(report.verdict.of(Outcome.PASSED)), 'check')} of the preflight passed"
    yield from _list("place", [*failed, passed], "")
    yield from _list("trainings", [f"{item.label}, {item.day}" for item in report.trainings], "none was charged")
    read = [_render_reads(reads) for reads in report.reads or ()]
    unread = "nobody, in this log" if report.reads is not None else "no log was passed (--logs)"
    yield from _list("read by", read, unread)


def _render_reads(reads: Reads) -> str:
    other = "" if reads.is_agreed else ": NOT AGREED"
    return f"{reads.member}, {count(reads.count, 'file')}, {reads.first} to {reads.last}{other}"


def _list(name: str, items: tuple[str, ...] | list[str], nothing: str) -> Iterator[str]:
    for place, item in enumerate(items or [nothing]):
        yield from label(name if place == 0 else "", item, indent=_INDENT)
