"""Gather what is there: the verdict on a place, its verified releases, their days, and the exports of their keys."""

from collections.abc import Iterable
from datetime import date
from pathlib import Path

from pipelines.budget.account import LedgerAccount
from pipelines.budget.history import ReleaseHistory
from pipelines.operations.audit_keys import AuditKeys
from pipelines.operations.disclosure.approve import list_approvals
from pipelines.operations.disclosure.review import Evidence, Spending
from pipelines.operations.key_exports import has_record, read_exports
from pipelines.operations.report import read_manifests
from pipelines.operations.verify import VerifyRequest, verify
from pipelines.preflight.watch import open_preflight
from transforms.dataset.manifest import Manifest
from transforms.object_store.addresses import normal_uri, open_store
from transforms.privacy.ledger import Ledger


def gather_evidence(uri: str, policy: str | None, keys: AuditKeys, folder: Path, day: date) -> Evidence:
    """Read the place at ``uri`` and every release in it, whole; ``folder`` is that of the key set, if there is one.

    Raises ``UsageError`` where no release lies, and what ``open_preflight`` and ``verify`` raise.
    """
    manifests = read_manifests(open_store(normal_uri(uri)), keys.verifying)
    sealed = (
        {}
        if keys.private is None
        else ReleaseHistory(LedgerAccount.of(keys.private).ledger(), frozenset()).list_sealed()
    )
    return Evidence(
        day=day,
        verdict=open_preflight(uri, policy, sealed=None).look(),
        verified=verify(VerifyRequest(uri, None, ()), keys),
        manifests=manifests,
        sealed_on={item.release_id: sealed[item.release_id].date() for item in manifests if item.release_id in sealed},
        approved_by=None if keys.private is None else list_approvals(keys.private),
        exports=None if keys.private is None or not has_record(folder) else read_exports(folder),
        spending=None if keys.private is None else _add_spending(LedgerAccount.of(keys.private).ledger(), manifests),
    )


def _add_spending(ledger: Ledger, manifests: Iterable[Manifest]) -> Spending:
    """Add up all charges for one user, at each delta that a manifest compares with, and list the trainings."""
    from transforms.privacy.composition import compose_user_cost  # noqa: PLC0415 - imports Opacus and SciPy

    trainings = [
        f"{entry.charge_id.partition('/')[2]} on {entry.at[:10]}"
        for entry in ledger.reservations()
        if entry.is_training
    ]
    cost, deltas = (
        compose_user_cost(ledger.charges()),
        {item.budget.lifetime_delta for item in manifests if item.budget},
    )
    return Spending(ledger.ledger_id, {delta: cost.epsilon(delta) for delta in deltas}, trainings)
