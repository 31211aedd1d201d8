"""What a command refuses to go on with: an output, a catalog, a ledger or tombstones from before another of them."""

from dataclasses import replace

from pipelines.budget.account import Account
from pipelines.budget.history import Lying, Past, lying_at, old_copies, release_ids, removed_at, tombstone_fault
from pipelines.state.tombstones import Erasures
from schemas.errors import RefusedError
from transforms.dataset.catalog import parse_catalog
from transforms.dataset.layout import CATALOG, RELEASES, ReleaseLayout
from transforms.dataset.publish import announce
from transforms.dataset.retire import NOT_AGAIN
from transforms.keys.key_set import KeySet
from transforms.object_store.addresses import join_uri
from transforms.object_store.interface import ObjectStore
from transforms.privacy.ledger import Position, confirms


def check_dataset_past(place: ObjectStore, layout: ReleaseLayout, account: Account, past: Past, keys: KeySet) -> None:
    """Raise ``RefusedError`` where the dataset, its catalog or the ledger is older than another of them.

    The release of ``layout`` may be missing: the run makes it. So may all of the dataset: nothing old lies there then.
    """
    addresses = (join_uri(layout.home, f"{RELEASES}{release_id}") for release_id in release_ids(place))
    found = (lying_at(place, address, keys.verifying()) for address in addresses)
    lying = [release for release in found if release is not None]
    for release in lying:
        _check_charged(release, account, past)
    seen = place.get(CATALOG)
    if seen is None and not lying:
        return
    catalog = None if seen is None else parse_catalog(seen.content, f"{place.uri}/{CATALOG}", keys.verifying())
    there = [release.address for release in lying] + removed_at(layout.home, catalog)
    for fault in (*old_copies(past, layout.home, lying, catalog), *past.missing(layout.home, [*there, layout.folder])):
        raise RefusedError(f"{fault.address} {fault.problem}")


def check_not_older(place: ObjectStore, layout: ReleaseLayout, past: Past, keys: KeySet) -> None:
    """Raise ``RefusedError`` where the release that lies at ``layout`` is older than private state knows it."""
    lying = lying_at(place, layout.folder, keys.verifying())
    fault = None if lying is None else past.fault(lying)
    if fault is not None:
        raise RefusedError(f"{fault.address} {fault.problem}")


def check_release_past(place: ObjectStore, layout: ReleaseLayout, past: Past, keys: KeySet) -> None:
    """Raise ``RefusedError`` where the ledger retired the release, or where an older copy of it lies there."""
    if layout.folder in past.retired():
        raise RefusedError(NOT_AGAIN)
    check_not_older(place, layout, past, keys)


def relist(place: ObjectStore, layout: ReleaseLayout, past: Past, keys: KeySet) -> None:
    """Write a catalog that is lost anew: the releases that lie there as the ledger has them, in its order."""
    if place.get(CATALOG) is not None:
        return
    for address, versions in past.versions().items():
        if address.rpartition(f"/{RELEASES}")[0] != layout.home:
            continue
        lying = lying_at(place, address, keys.verifying())
        if lying is not None and past.fault(lying) is None and lying.version == versions[-1]:
            of = replace(layout, release_id=lying.manifest.release_id)
            announce(place, of, keys.signing_private(), keys.verifying())


def check_tombstones(account: Account, erasures: Erasures) -> None:
    """Raise ``RefusedError`` where tombstones are older than the ledger, or the ledger than they are."""
    fault = tombstone_fault(account, erasures)
    if fault is not None:
        raise RefusedError(f"{fault.address} {fault.problem}")


def _check_charged(release: Lying, account: Account, past: Past) -> None:
    budget = release.manifest.budget
    if budget is None:
        return
    if not confirms(past.ledger, Position(budget.ledger_id, budget.entry, budget.digest), account.keys):
        raise RefusedError(
            f"the ledger {account.store.name} does not hold what release {release.manifest.release_id} of the dataset "
            "was charged to: it is an older copy or another ledger; restore it, or name its state with --state"
        )
