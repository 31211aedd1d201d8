"""Refuse to continue with an old copy of an output, a catalog, a ledger or tombstones."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipelines.budget.account import LedgerAccount
from pipelines.budget.history import (
    NEWER_KEY,
    UNKNOWN_ERASURE,
    OldCopy,
    ReleaseHistory,
    StoredRelease,
    find_old_copies,
    find_stored_release,
    find_tombstone_fault,
    list_release_ids,
    list_removed,
)
from pipelines.output import Output
from pipelines.state.private_state import PrivateState
from pipelines.state.tombstones import ErasureRecords
from schemas.errors import RefusedError
from transforms.dataset.catalog import find_successors, parse_catalog
from transforms.dataset.layout import CATALOG, MANIFEST, RELEASES, ReleaseLayout
from transforms.dataset.manifest import verify_manifest
from transforms.dataset.publish import announce
from transforms.dataset.retire import NOT_AGAIN
from transforms.dataset.signing import find_signer, holds
from transforms.keys.key_set import KeySet
from transforms.object_store.addresses import join_uri
from transforms.object_store.interface import ObjectStore
from transforms.privacy.ledger import LedgerChain, Position


def check_past(output: Output, dataset: str, private: PrivateState, past: ReleaseHistory, making: str = "") -> None:
    """Raise ``RefusedError`` if keys, private state or a dataset of an output are older than another of them.

    The release at the address ``making`` may be missing: the run makes it. The whole dataset may be missing too.
    """
    _check_dataset(output.dataset(dataset), join_uri(output.uri, dataset), private, past, making)
    _check_known_erasures(output.store, past, private.keys)


def check_newer_keys(homes: Iterable[ObjectStore], keys: KeySet) -> None:
    """Raise ``RefusedError`` if one of the datasets was signed by a later key than the key set holds."""
    for fault in find_newer_keys(homes, keys):
        raise RefusedError(f"{fault.address} {fault.problem}")


def find_newer_keys(homes: Iterable[ObjectStore], keys: KeySet) -> Iterator[OldCopy]:
    """Find the catalogs whose history leads from a key of the key set to one that it does not hold.

    Backed up with key a, then rotated to b, whose catalog holds a's signature on b. The backup, put back, holds a
    alone: that catalog proves that the backup is older.
    """
    for home in homes:
        seen = home.get(CATALOG)
        if seen is not None and find_successors(seen.content, keys.verifying()):
            yield OldCopy(join_uri(home.uri, CATALOG), NEWER_KEY)


def _check_dataset(store: ObjectStore, home: str, private: PrivateState, past: ReleaseHistory, making: str) -> None:
    account, keys = LedgerAccount.of(private), private.keys
    addresses = (join_uri(home, f"{RELEASES}{release_id}") for release_id in list_release_ids(store))
    found = (find_stored_release(store, address, keys.verifying()) for address in addresses)
    lying = [release for release in found if release is not None]
    chain = LedgerChain.of(past.ledger, account.keys)
    for release in lying:
        _check_charged(release, account, chain)
    seen = store.get(CATALOG)
    if seen is None and not lying:
        return
    catalog = None if seen is None else parse_catalog(seen.content, f"{store.uri}/{CATALOG}", keys.verifying())
    there = [release.address for release in lying] + list_removed(home, catalog)
    for fault in (
        *find_old_copies(past, home, lying, catalog),
        *past.find_missing(home, [*there, making]),
    ):
        raise RefusedError(f"{fault.address} {fault.problem}")


def _check_known_erasures(output: ObjectStore, past: ReleaseHistory, keys: KeySet) -> None:
    """Raise ``RefusedError`` if a release of any dataset of an output proves an erasure that private state lost.

    Such a state would release the erased person under another dataset. Releases of other key sets are passed over.
    """
    for name in output.names():
        seen = output.get(name) if name.endswith(f"/{MANIFEST}") else None
        signer = None if seen is None else find_signer(seen.content)
        if seen is None or signer is None or not holds(signer, keys.verifying()):
            continue
        shown = join_uri(output.uri, name)
        if past.find_unknown(verify_manifest(seen.content, keys.verifying(), shown)):
            raise RefusedError(f"{shown} {UNKNOWN_ERASURE}")


def check_not_older(store: ObjectStore, layout: ReleaseLayout, past: ReleaseHistory, keys: KeySet) -> None:
    """Raise ``RefusedError`` if the release at ``layout`` is older than its history in private state."""
    lying = find_stored_release(store, layout.folder, keys.verifying())
    fault = None if lying is None else past.find_fault(lying)
    if fault is not None:
        raise RefusedError(f"{fault.address} {fault.problem}")


def check_release_past(store: ObjectStore, layout: ReleaseLayout, past: ReleaseHistory, keys: KeySet) -> None:
    """Raise ``RefusedError`` if the ledger retired the release, or its output holds an older copy."""
    if layout.folder in past.list_retired():
        raise RefusedError(NOT_AGAIN)
    check_not_older(store, layout, past, keys)


def relist(store: ObjectStore, layout: ReleaseLayout, past: ReleaseHistory, keys: KeySet) -> None:
    """Recreate a lost catalog from the releases that match the ledger, in ledger order."""
    if store.get(CATALOG) is not None:
        return
    for address, versions in past.versions().items():
        if address.rpartition(f"/{RELEASES}")[0] != layout.home:
            continue
        lying = find_stored_release(store, address, keys.verifying())
        if lying is not None and past.find_fault(lying) is None and lying.version == versions[-1]:
            of = replace(layout, release_id=lying.manifest.release_id)
            announce(store, of, keys)


def check_same_ledger(
    account: LedgerAccount, releases: Iterable[tuple[ReleaseLayout, ObjectStore]], keys: KeySet
) -> None:
    """Raise ``RefusedError`` if a release was charged to another ledger: private state is not the one of its runs.

    What is erased or retired under another state, the next run under the right one knows nothing of.
    """
    ours = account.ledger().ledger_id
    for layout, home in releases:
        stored = find_stored_release(home, layout.folder, keys.verifying())
        budget = None if stored is None else stored.manifest.budget
        if budget is not None and budget.ledger_id != ours:
            raise RefusedError(
                f"{layout.folder} was made with another private state than that of the ledger {account.store.name}; "
                "nothing was changed. Pass the state of its runs with --state"
            )


def check_tombstones(account: LedgerAccount, erasures: ErasureRecords) -> None:
    """Raise ``RefusedError`` if the tombstones are older than the ledger, or the ledger older than them."""
    fault = find_tombstone_fault(account, erasures)
    if fault is not None:
        raise RefusedError(f"{fault.address} {fault.problem}")


def _check_charged(release: StoredRelease, account: LedgerAccount, chain: LedgerChain) -> None:
    budget = release.manifest.budget
    if budget is None:
        return
    if not chain.confirms(Position(budget.ledger_id, budget.entry, budget.digest)):
        raise RefusedError(
            f"the ledger {account.store.name} does not hold what release {release.manifest.release_id} of the dataset "
            "was charged to: it is an older copy or another ledger; restore it, or name its state with --state; where "
            "no later copy is left, enter its charge (docs/runbook.md, An old copy was put back)"
        )
