"""Report on who can read a dataset: holders of keys, the place as it was agreed and as it is, trainings, and reads."""

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from pathlib import Path

from pipelines.budget.account import LedgerAccount
from pipelines.observe.text_table import count, label
from pipelines.operations.disclosure.access_log import LogContent, Reads, read_google_log, summarise_log
from pipelines.operations.disclosure.trail_log import read_trail
from pipelines.operations.key_exports import KeyExport, read_exports, render_export
from pipelines.operations.pages.agreed_readers import read_agreement
from pipelines.preflight.watch import open_preflight
from pipelines.state.private_state import PrivateState
from schemas.errors import RefusedError, UsageError
from transforms.object_store.addresses import bucket_of, is_bucket, is_google_bucket, normal_uri
from transforms.preflight.verdict import CheckOutcome, Verdict

_INDENT = 11
_RECORDED, _TRAIL = "recorded", "data-events"
"""Name of the check that every read is written into the audit log."""


@dataclass(frozen=True, slots=True)
class Training:
    """Model that was charged as trained on the releases: its label, and the UTC day."""

    label: str
    day: str


@dataclass(frozen=True, slots=True)
class AccessReport:
    """Report of ``today``; ``agreed``: members of the agreement, ``log``: none where no log was passed.

    ``newest`` is the data key of later releases, ``unseen`` says why the place could not be looked at.
    """

    uri: str
    today: date
    exports: tuple[KeyExport, ...]
    agreed: tuple[str, ...]
    verdict: Verdict
    trainings: tuple[Training, ...]
    log: LogContent | None
    newest: str | None = None
    unseen: str = ""

    @property
    def over(self) -> tuple[KeyExport, ...]:
        """Return the exports whose last day is over: their holders have the keys until these are rotated."""
        return tuple(export for export in self.exports if export.has_ended(self.today))

    @property
    def reads(self) -> tuple[Reads, ...]:
        """Return the reads in the log."""
        return () if self.log is None else self.log.reads

    @property
    def needs_somebody(self) -> bool:
        """Return whether an export has ended, the place is not as agreed, or somebody else read."""
        others = any(not reads.is_agreed for reads in self.reads)
        return bool(self.over) or self.verdict.is_refused or others

    @property
    def is_recorded_now(self) -> bool:
        """Return whether the preflight finds that reads are written into this log."""
        passed = {finding.check for finding in self.verdict.of(CheckOutcome.PASSED)}
        return (_RECORDED if is_google_bucket(self.uri) else _TRAIL) in passed

    @property
    def blindness(self) -> str:
        """Say why a log that was passed cannot tell who read; '' where it can, or none was passed."""
        if self.log is None or (self.log.entries and (self.log.shows_reads or self.is_recorded_now)):
            return ""
        if not self.log.entries:
            return "the log holds no entry of this bucket: it covers no time, and does not say that nobody read"
        return "nothing shows that reads were recorded: not one is in the log, not even of a run or of keyveil verify"

    def as_json(self) -> dict[str, object]:
        """Return the machine-readable result."""
        return {
            "uri": self.uri,
            "exports": [
                asdict(export) | {"ended": export.has_ended(self.today), "opens": export.opens}
                for export in self.exports
            ],
            "agreed": list(self.agreed),
            "place": {**self.verdict.as_json(), "unseen": self.unseen},
            "trainings": [asdict(training) for training in self.trainings],
            "reads": None if self.log is None else [asdict(reads) for reads in self.reads],
            "log": None if self.log is None else _describe_log(self.log, self.blindness),
        }


def report_access(uri: str, policy: str | None, logs: Path | None, private: PrivateState, keys: Path) -> AccessReport:
    """Report who can read what lies at an address; changes nothing.

    A log that was handed over is read where the bucket itself cannot be asked. Raises ``UsageError`` where the key set
    is no folder, which alone has the record of exports, or where a log is passed of a folder.
    """
    address = normal_uri(uri)
    if not keys.is_dir():
        raise UsageError("exports are recorded in the folder of the key set; pass that folder with --keys")
    if logs is not None and not is_bucket(address):
        raise UsageError("--logs is the audit log of a gs:// or s3:// bucket; leave it out for another place")
    agreement = read_agreement(policy, address) if is_bucket(address) else None
    agreed = () if agreement is None else tuple(sorted(agreement.agreed_members()))
    verdict, unseen, log = Verdict(address, datetime.now(UTC), ()), "", None
    try:
        verdict = open_preflight(address, policy, sealed=None).look()
    except RefusedError as error:
        if logs is None or policy is None:
            raise
        unseen = str(error)
    if logs is not None:
        prefix = address.partition("://")[2].partition("/")[2]
        read = read_google_log if is_google_bucket(address) else read_trail
        log = summarise_log(read(logs, bucket_of(address)), f"{prefix}/" if prefix else "", agreed)
    trainings = tuple(
        Training(entry.charge_id.partition("/")[2], entry.at[:10])
        for entry in LedgerAccount.of(private).ledger().reservations()
        if entry.is_training
    )
    today = datetime.now(UTC).date()
    newest = private.keys.reader().data.key_id
    return AccessReport(address, today, read_exports(keys), agreed, verdict, trainings, log, newest, unseen)


def render_access(report: AccessReport) -> Iterator[str]:
    """Yield the lines of a report: a name, and beside it one fact a line."""
    yield f"Who can read {report.uri}"
    yield from _list(
        "keys",
        [render_export(export, report.today, report.newest) for export in report.exports],
        "no export is recorded",
    )
    none = "nobody besides those who administer the machine" if not is_bucket(report.uri) else "no agreement was passed"
    yield from _list("agreed", report.agreed, none)
    failed = [f"{finding.title}: {finding.read}" for finding in report.verdict.of(CheckOutcome.FAILED)]
    passed = f"{count(len(report.verdict.of(CheckOutcome.PASSED)), 'check')} of the preflight passed"
    yield from _list("place", [f"not looked at: {report.unseen}"] if report.unseen else [*failed, passed], "")
    yield from _list("trainings", [f"{item.label}, {item.day}" for item in report.trainings], "none was charged")
    yield from _list("log", [_render_log(report)], "")
    unread = "nobody, in this log" if report.log is not None and not report.blindness else "not known"
    yield from _list("read by", [_render_reads(reads) for reads in report.reads], unread)


def _describe_log(log: LogContent, blindness: str) -> dict[str, object]:
    about = {"entries": log.entries, "first": log.first, "last": log.last}
    return {**about, "shows_reads": log.shows_reads, "blindness": blindness}


def _render_log(report: AccessReport) -> str:
    """Render what the log covers, and what shows that reads are in it."""
    if report.log is None:
        return "no log was passed (--logs), so nothing is said of who read"
    if report.blindness and not report.log.entries:
        return report.blindness
    covers = f"{count(report.log.entries, 'record')} of this bucket, {report.log.first} to {report.log.last}"
    shown = "reads are among them" if report.log.shows_reads else "no read is among them; reads are recorded now"
    return f"{covers}; {report.blindness or shown}"


def _render_reads(reads: Reads) -> str:
    other = "" if reads.is_agreed else ": NOT AGREED"
    listings = f", {count(reads.listings, 'listing')}" if reads.listings else ""
    return f"{reads.member}, {count(reads.count, 'file')}{listings}, {reads.first} to {reads.last}{other}"


def _list(name: str, items: tuple[str, ...] | list[str], nothing: str) -> Iterator[str]:
    for place, item in enumerate(items or [nothing]):
        yield from label(name if place == 0 else "", item, indent=_INDENT)
