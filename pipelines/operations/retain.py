"""Remove releases that are older than agreed (``keyveil retain``); the ledger dates them."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from pipelines.budget.account import LedgerAccount, format_time
from pipelines.budget.history import load_history
from pipelines.budget.old_copies import check_same_ledger
from pipelines.config import load_config, load_record
from pipelines.operations.sealed_releases import find_releases, no_release
from pipelines.preflight.watch import load_policy
from pipelines.state.private_state import PrivateState
from pipelines.state.quarantine import find_expired, open_quarantine, remove_expired
from pipelines.state.tombstones import ErasureRecords
from schemas.errors import UsageError
from transforms.dataset.layout import RELEASES, ReleaseLayout, release_at
from transforms.dataset.retire import Retirer, removed_releases
from transforms.keys.key_set import KeySet
from transforms.object_store.addresses import is_s3, join_uri, normal_uri, open_store
from transforms.object_store.interface import ObjectStore
from transforms.preflight.s3.policy import S3Policy
from transforms.privacy.ledger_changes import Retirement


@dataclass(frozen=True, slots=True)
class RetainRequest:
    """Arguments of ``keyveil retain``; without ``days`` it only enters lost releases as removed.

    ``quarantine_days`` are those after which what was set aside goes, also where no run removes it any more.
    """

    uri: str
    days: int | None
    dry_run: bool
    quarantine_days: int | None = None


class StatedDays(NamedTuple):
    """Days for which the settings say that a release, and what was set aside, is kept."""

    releases: int
    quarantine: int | None


@dataclass(frozen=True, slots=True)
class KeptRelease:
    """Release that stays: the UTC day on which it was sealed, and the last one on which it may be kept."""

    address: str
    sealed: str
    until: str


@dataclass(frozen=True, slots=True)
class RetainResult:
    """Addresses of the releases that were, or would be, removed, and of those that the ledger does not date.

    ``kept`` are the others, the first to go first.
    ``quarantined``: how many quarantined records were, or would be, removed because their days are over.
    """

    removed: tuple[str, ...]
    undated: tuple[str, ...]
    quarantined: int = 0
    kept: tuple[KeptRelease, ...] = ()


def retain(request: RetainRequest, private: PrivateState, now: datetime) -> RetainResult:
    """Remove the releases at an address that were sealed more than ``days`` before ``now``.

    Those that the ledger retired before are removed as well: an old copy brought them back, or a command was stopped.
    """
    if request.days is not None and request.days < 1:
        raise UsageError("--days is 1 or more")
    store = open_store(normal_uri(request.uri))
    account = LedgerAccount.of(private)
    past = load_history(account, ErasureRecords.of(private))
    releases = find_releases([store])
    found = {release.folder: release.layout for release in releases}
    lost = [release_at(address) for address in past.list_lost(store.uri, found)]
    if not found and not lost:
        raise no_release(store)
    check_same_ledger(account, releases, private.keys)
    sealed = past.list_sealed()
    undated: tuple[str, ...] = ()
    old = lost
    if request.days is not None:
        latest, back = now - timedelta(days=request.days), past.list_retired()
        old = [item for item in found.values() if item.folder in back or sealed.get(item.release_id, now) < latest]
        undated = tuple(sorted(layout.folder for layout in found.values() if layout.release_id not in sealed))
    if not request.dry_run:
        again = [release_at(address) for address in past.list_retired() if f"{address}/".startswith(f"{store.uri}/")]
        gone = {layout.folder: layout for layout in (*old, *again)}
        homes = {release.layout.home: release.home for release in releases}
        homes |= {layout.home: open_store(layout.home) for layout in (*lost, *again) if layout.home not in homes}
        _remove(gone, homes, account, private.keys, now)
    quarantine = open_quarantine(private.uri)
    over = len(find_expired(quarantine, now.date(), request.quarantine_days))
    if not request.dry_run:
        remove_expired(quarantine, now.date(), request.quarantine_days)
    removed = {layout.folder for layout in old}
    left = {layout.folder: sealed[layout.release_id] for layout in found.values() if layout.release_id in sealed}
    dated = {address: at for address, at in left.items() if address not in removed}
    kept = () if request.days is None else tuple(_list_kept(dated, request.days))
    return RetainResult(tuple(sorted(removed)), undated, over, kept)


def _list_kept(sealed: Mapping[str, datetime], days: int) -> Iterator[KeptRelease]:
    """List releases that stay, by the day until which they may."""
    for address, at in sorted(sealed.items(), key=lambda item: (item[1], item[0])):
        yield KeptRelease(address, at.date().isoformat(), (at + timedelta(days=days)).date().isoformat())


def _remove(
    gone: Mapping[str, ReleaseLayout],
    homes: Mapping[str, ObjectStore],
    account: LedgerAccount,
    keys: KeySet,
    now: datetime,
) -> None:
    """Enter releases, and those that the catalogs of ``homes`` list as removed, in the ledger, then remove them."""
    listed = [
        join_uri(address, f"{RELEASES}{release_id}")
        for address, home in homes.items()
        for release_id in sorted(removed_releases(home, keys.verifying()))
    ]
    account.enter(*(Retirement(address, format_time(now)) for address in (*gone, *listed)))
    for layout in gone.values():
        Retirer(homes[layout.home], keys).retire(layout)
    for home in homes.values():
        Retirer(home, keys).sweep()


def read_stated_days(config: str) -> StatedDays:
    """Read how long the settings say that files are kept; raise ``UsageError`` where they say no days of releases."""
    basis = load_config(config, (), None).basis
    if basis.releases_days is None:
        raise UsageError(f"{config} does not set basis.releases_days; set it, or pass --days or --policy")
    return StatedDays(basis.releases_days, basis.quarantine_days)


def read_agreed_days(policy: str, uri: str) -> int:
    """Read the retention days of the agreement about a place in a file or, by its address, in a secret."""
    if is_s3(uri):
        return load_record(S3Policy, Path(policy)).retention_days
    return load_policy(policy).retention_days
