"""Remove releases that are older than agreed (``keyveil retain``); the ledger dates them."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from pipelines.budget.account import LedgerAccount, format_time
from pipelines.budget.history import load_history
from pipelines.config import load_record
from pipelines.operations.erase import find_layouts
from pipelines.preflight.state import open_state
from pipelines.state.quarantine import find_expired, open_quarantine, remove_expired
from pipelines.state.tombstones import ErasureRecords
from schemas.errors import UsageError
from transforms.dataset.layout import ReleaseLayout, release_at
from transforms.dataset.retire import Retirer, removed_releases
from transforms.keys.key_set import KeyReference, KeySet
from transforms.object_store.addresses import normal_uri, open_store
from transforms.preflight.policy import BucketPolicy
from transforms.privacy.ledger_changes import Retirement
from transforms.privacy.ledger_entries import Commit


@dataclass(frozen=True, slots=True)
class RetainRequest:
    """Arguments of ``keyveil retain``; without ``days`` it only enters lost releases as removed."""

    uri: str
    keys: str
    state: str | None
    days: int | None
    dry_run: bool


@dataclass(frozen=True, slots=True)
class RetainResult:
    """Addresses of the releases that were, or would be, removed, and of those that the ledger does not date.

    ``quarantined``: how many quarantined records of nobody's were, or would be, removed because their days are over.
    """

    removed: tuple[str, ...]
    undated: tuple[str, ...]
    quarantined: int = 0


def retain(request: RetainRequest, now: datetime) -> RetainResult:
    """Remove the releases at an address that were sealed more than ``days`` before ``now``.

    Those that the ledger retired before are removed as well: an old copy brought them back, or a command was stopped.
    """
    if request.days is not None and request.days < 1:
        raise UsageError("--days is 1 or more")
    private, uri = open_state(KeyReference.parse(request.keys), request.state), normal_uri(request.uri)
    account = LedgerAccount.of(private)
    past = load_history(account, ErasureRecords.of(private))
    found = {layout.folder: layout for layout in find_layouts(uri)}
    lost = [release_at(address) for address in past.list_lost(uri, found)]
    if not found and not lost:
        raise UsageError(f"{request.uri} holds no release; name an output, a dataset or a release")
    sealed = _sealed_at(account)
    undated: tuple[str, ...] = ()
    old = lost
    if request.days is not None:
        latest, back = now - timedelta(days=request.days), past.list_retired()
        old = [item for item in found.values() if item.folder in back or sealed.get(item.release_id, now) < latest]
        undated = tuple(sorted(layout.folder for layout in found.values() if layout.release_id not in sealed))
    if not request.dry_run:
        again = [release_at(address) for address in past.list_retired() if f"{address}/".startswith(f"{uri}/")]
        _remove(
            {layout.folder: layout for layout in (*old, *again)}, [*found.values(), *lost], account, private.keys, now
        )
    quarantine = open_quarantine(private.uri)
    over = len(find_expired(quarantine, now.date()))
    if not request.dry_run:
        remove_expired(quarantine, now.date())
    return RetainResult(tuple(sorted(layout.folder for layout in old)), undated, over)


def _remove(
    old: Mapping[str, ReleaseLayout], beside: list[ReleaseLayout], account: LedgerAccount, keys: KeySet, now: datetime
) -> None:
    """Enter the ``old`` releases, and those that their catalogs list as removed, in the ledger, then remove them."""
    homes = {layout.home: layout for layout in (*beside, *old.values())}
    listed = [
        replace(layout, release_id=release_id).folder
        for layout in homes.values()
        for release_id in sorted(removed_releases(open_store(layout.home), keys.verifying()))
    ]
    account.enter(*(Retirement(address, format_time(now)) for address in (*old, *listed)))
    for layout in old.values():
        _retirer(layout, keys).retire(layout)
    for layout in homes.values():
        _retirer(layout, keys).sweep()


def read_agreed_days(policy: str) -> int:
    """Read the retention days of the agreement in the file ``policy``."""
    return load_record(BucketPolicy, Path(policy)).retention_days


def _retirer(layout: ReleaseLayout, keys: KeySet) -> Retirer:
    return Retirer(open_store(layout.home), keys)


def _sealed_at(account: LedgerAccount) -> dict[str, datetime]:
    """Find when each release was first sealed, by its id."""
    found: dict[str, datetime] = {}
    for entry in account.ledger().entries:
        if isinstance(entry, Commit):
            at = datetime.fromisoformat(entry.at).astimezone(UTC)
            release_id = entry.release.rpartition("/")[2]
            found[release_id] = min(at, found.get(release_id, at))
    return found
