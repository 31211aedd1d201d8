"""Audit of a key set: the trail of what its ledger recorded, and a check of all that the trail names.

The trail is the ledger from its first entry to its last. A release that was sealed, erased from and retired is four
entries: charge reserved, release sealed, manifest replaced, release retired.
"""

from dataclasses import dataclass

from pipelines.budget.account import LedgerAccount
from pipelines.budget.history import ReleaseHistory, find_tombstone_fault, load_history
from pipelines.nightly.journal import NIGHTS, Journal
from pipelines.operations.audit_keys import AuditKeys
from pipelines.operations.verify import VerifyRequest, verify
from pipelines.state.private_state import PrivateState
from pipelines.state.tombstones import ErasureRecords
from schemas.errors import FailedError, KeyveilError, UsageError
from transforms.dataset.layout import RELEASES
from transforms.dataset.verify.dataset import Defect
from transforms.privacy.ledger_changes import Approval, Cancellation, Replacement, Retirement, Tombstone
from transforms.privacy.ledger_entries import Commit, Entry, Reservation


@dataclass(frozen=True, slots=True)
class TrailEntry:
    """One recorded step: its number from 1, its UTC time, what was done, and to which charge, release or tombstone."""

    number: int
    at: str
    action: str
    subject: str


@dataclass(frozen=True, slots=True)
class AuditReport:
    """Result of an audit: findings, and counts of the ledger's entries, erasures, nightly records and releases."""

    findings: tuple[Defect, ...]
    entries: int
    erasures: int
    pending_erasures: int
    nightly_records: int
    releases: int


def list_trail(private: PrivateState) -> list[TrailEntry]:
    """List every entry of the ledger, oldest first; raise ``FailedError`` if the ledger was altered."""
    entries = LedgerAccount.of(private).ledger().entries
    return [TrailEntry(number, entry.at, *_describe(entry)) for number, entry in enumerate(entries, 1)]


def audit(private: PrivateState) -> AuditReport:
    """Check the ledger and all releases, erasures and journals it names; raise ``FailedError`` if it was altered.

    Releases are read whole, wherever they lie, as ``keyveil verify`` reads them.
    """
    account, erasures = LedgerAccount.of(private), ErasureRecords.of(private)
    past, fault = load_history(account, erasures), find_tombstone_fault(account, erasures)
    findings = [] if fault is None else [Defect(fault.address, fault.problem)]
    records = 0
    for dataset in _list_nightly(private):
        try:
            records += len(Journal.of(private, dataset).read())
        except FailedError as damage:
            findings.append(Defect(dataset, f"has a damaged journal: {damage}"))
    releases = 0
    for home in _list_homes(past):
        found, checked = _check_home(home, past, private)
        findings += found
        releases += checked
    return AuditReport(
        tuple(dict.fromkeys(findings)),
        len(past.ledger.entries),
        len(erasures.tombstones()),
        len(erasures.pending()),
        records,
        releases,
    )


def _describe(entry: Entry) -> tuple[str, str]:
    match entry:
        case Reservation():
            window = "" if entry.window is None else f", window {entry.window}"
            made = f"{entry.charge_id} of {entry.subject}{window}"
            step = ("charged", entry.charge_id) if entry.is_final else ("charge reserved", made)
        case Commit():
            step = "release sealed", entry.release
        case Cancellation():
            step = "charge cancelled", entry.charge_id
        case Tombstone():
            step = "person erased", f"tombstone {entry.tombstone}"
        case Replacement():
            step = "manifest replaced", f"{entry.release} ({entry.erasures} erasures)"
        case Approval():
            step = "release approved", f"{entry.release} by {entry.reviewer}"
        case Retirement():
            step = "release retired", entry.release
    return step


def _list_nightly(private: PrivateState) -> list[str]:
    return sorted({name.split("/")[0] for name in private.part(NIGHTS).names() if "/" in name})


def _list_homes(past: ReleaseHistory) -> list[str]:
    """List the addresses of datasets with a release that was not retired."""
    standing = past.versions().keys() - past.list_retired()
    return sorted({address.rpartition(f"/{RELEASES}")[0] for address in standing})


def _check_home(home: str, past: ReleaseHistory, private: PrivateState) -> tuple[list[Defect], int]:
    """Verify the dataset at ``home`` and count its releases; where no dataset is left, each release is a finding."""
    keys = AuditKeys(private.keys.verifying(), private.keys.reader(), private)
    try:
        verdict = verify(VerifyRequest(home, None, ()), keys)
    except UsageError:
        return [Defect(lost.address, lost.problem) for lost in past.find_missing(home, set())], 0
    except KeyveilError as error:
        return [Defect(home, f"was not checked: {error}")], 0
    return [*verdict.findings], len(verdict.releases)
