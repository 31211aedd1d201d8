"""Approve a release after a review (``keyveil approve``): a step of the ledger that names the reviewer by role.

An approval is of the manifest as it was. An erasure writes another manifest, so that the release is approved again.
"""

from datetime import datetime

from pipelines.budget.account import LedgerAccount, format_time
from pipelines.budget.history import ReleaseHistory
from pipelines.observe.text_table import count
from pipelines.operations.audit_keys import AuditKeys
from pipelines.operations.key_exports import check_role
from pipelines.operations.report import read_manifests
from pipelines.operations.verify import VerifyRequest, verify
from pipelines.state.private_state import PrivateState
from schemas.errors import RefusedError, UsageError
from transforms.object_store.addresses import normal_uri, open_store
from transforms.privacy.ledger_changes import Approval


def approve(address: str, reviewer: str | None, private: PrivateState, now: datetime) -> Approval:
    """Verify a release whole, then enter its approval; ``reviewer`` is by default the one whom its manifest states.

    Raises ``UsageError`` where there is not one release or no reviewer, ``RefusedError`` where verification finds
    anything or the ledger did not seal the release at that address.
    """
    folder, keys = normal_uri(address), AuditKeys(private.keys.verifying(), private.keys.reader(), private)
    versions = ReleaseHistory(LedgerAccount.of(private).ledger(), frozenset()).versions()
    verdict = verify(VerifyRequest(folder, None, ()), keys)
    if len(verdict.releases) != 1:
        raise UsageError(f"one release is approved at a time and {len(verdict.releases)} lie there; name one of them")
    if verdict.findings:
        faults = count(len(verdict.findings), "fault")
        raise RefusedError(
            f"keyveil verify finds {faults} in it; fix what it names, or name the --state of its runs, then approve it"
        )
    if folder not in versions:
        raise RefusedError("the ledger seals no release at that address; name it as the run did, or its --state")
    (manifest,) = read_manifests(open_store(folder), keys.verifying)
    named = reviewer or ("" if manifest.basis is None else manifest.basis.reviewer)
    if not named:
        raise UsageError("the release states no basis.reviewer; pass the role of who looked at it: --reviewer ROLE")
    check_role("--reviewer", named)
    approval = Approval(folder, versions[folder][-1].manifest_sha256, named, format_time(now))
    LedgerAccount.of(private).enter(approval)
    return approval


def list_approvals(private: PrivateState) -> dict[str, list[str]]:
    """List the reviewers of each release whose present manifest was approved, by the id of the release."""
    ledger = LedgerAccount.of(private).ledger()
    versions, found = ReleaseHistory(ledger, frozenset()).versions(), dict[str, list[str]]()
    for entry in ledger.entries:
        if isinstance(entry, Approval) and entry.manifest_sha256 == versions[entry.release][-1].manifest_sha256:
            found.setdefault(entry.release.rpartition("/")[2], []).append(entry.reviewer)
    return found
