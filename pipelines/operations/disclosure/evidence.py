"""Gather what is there: the verdict on a place, its verified releases, their days, and the exports of their keys."""

from datetime import date, datetime
from pathlib import Path

from pipelines.budget.account import LedgerAccount
from pipelines.operations.audit_keys import AuditKeys
from pipelines.operations.disclosure.approve import list_approvals
from pipelines.operations.disclosure.review import Evidence
from pipelines.operations.key_exports import read_exports
from pipelines.operations.report import read_manifests
from pipelines.operations.verify import VerifyRequest, verify
from pipelines.preflight.guard import guard_for
from pipelines.state.private_state import PrivateState
from transforms.object_store.addresses import normal_uri, open_store
from transforms.privacy.ledger_entries import Commit


def gather_evidence(uri: str, policy: str | None, keys: AuditKeys, folder: Path, day: date) -> Evidence:
    """Read the place at ``uri`` and every release in it, whole; ``folder`` is that of the key set, if there is one.

    Raises ``UsageError`` where no release lies, and what ``guard_for`` and ``verify`` raise.
    """
    manifests = read_manifests(open_store(normal_uri(uri)), keys.verifying)
    days = {} if keys.private is None else _list_days(keys.private)
    return Evidence(
        day=day,
        verdict=guard_for(uri, policy, sealed=None).look(),
        verified=verify(VerifyRequest(uri, None, ()), keys),
        manifests=manifests,
        sealed_on={item.release_id: days[item.release_id] for item in manifests if item.release_id in days},
        approved_by={} if keys.private is None else list_approvals(keys.private),
        exports=None if keys.private is None or not folder.is_dir() else read_exports(folder),
    )


def _list_days(private: PrivateState) -> dict[str, date]:
    """List the UTC day on which the ledger first sealed each release, by its id."""
    found: dict[str, date] = {}
    for entry in LedgerAccount.of(private).ledger().entries:
        if isinstance(entry, Commit):
            found.setdefault(entry.release.rpartition("/")[2], datetime.fromisoformat(entry.at).date())
    return found
