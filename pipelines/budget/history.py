"""History of releases from private state, compared with the output: an old copy of either is refused.

The ledger says which manifest each release had last, which releases were retired and who has a tombstone; the records
of erasures say which files are gone. A copy from before an erasure has an earlier manifest of the same release: sealed
as m1 (0 erasures), replaced by m2 (1 erasure), so m1 lying there is older; m3 with 2 is newer, its entry was cut off.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pipelines.budget.account import LedgerAccount
from pipelines.state.tombstones import ErasureRecords
from transforms.dataset.catalog import Catalog
from transforms.dataset.layout import CATALOG, MANIFEST, RELEASES
from transforms.dataset.manifest import Erasure, Manifest, verify_manifest
from transforms.dataset.signing import Verifying
from transforms.object_store.addresses import join_uri
from transforms.object_store.interface import ObjectStore
from transforms.privacy.ledger import Ledger, LedgerChain
from transforms.privacy.ledger_changes import Replacement, Retirement, Tombstone
from transforms.privacy.ledger_entries import Commit, Reservation

_UNDONE = (
    "is older than private state, which knows a later erasure or draw of the release: an old copy was put back; "
    "restore the latest copy of the output, or finish a stopped erasure with keyveil erase --pending"
)
UNKNOWN_ERASURE = (
    "proves an erasure that private state does not know: the state is older than the output, or another one; restore "
    "its latest copy, pass it with --state, or erase these people again with keyveil erase --user"
)
_OTHER = "is not the manifest that the ledger holds for the release; restore the latest copy of the release"
_BACK = (
    "was retired, as the ledger says, and lies there: an old copy was put back or keyveil retain was stopped; run "
    "keyveil retain again"
)
_MISSING = (
    "is sealed by the ledger and missing: the output is an older copy, or was moved; restore the latest one, move it "
    "back, run the release again, or enter its loss with keyveil retain --missing"
)
_OLD_CATALOG = (
    "is older than the ledger, or a command was stopped: it does not list release {} as it was last; run that command "
    "again, or restore the latest copy (without any copy: remove it, and the next run lists what the ledger holds)"
)
_NEWER_CATALOG = (
    "lists release {}, which is neither in the output nor in the ledger: both are older copies; restore the latest "
    "copies, or name the state of that release with --state"
)
NEWER_KEY = (
    "is of a later signing key than this key set holds, and its history proves that the set's own key was followed by "
    "it: the key set is older than the output. Restore a later backup of keys and private state, then run every "
    "erasure since that backup again"
)
_LOST = (
    "is older than the ledger: {} tombstones of erased people are missing; restore it from its backup, or erase these "
    "people again"
)
_OLD_LEDGER = (
    "is older than the erasures in {}, or another ledger; restore its latest copy, or name its state with --state"
)


@dataclass(frozen=True, slots=True)
class Version:
    """A manifest of a release and the number of erasures that it proves."""

    manifest_sha256: str
    erasures: int


@dataclass(frozen=True, slots=True)
class StoredRelease:
    """A signed manifest stored at the address of its release."""

    address: str
    version: Version
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class OldCopy:
    """An old copy of a file: its address, and a sentence that says what is newer and how to fix it."""

    address: str
    problem: str


@dataclass(frozen=True, slots=True)
class ReleaseHistory:
    """Releases in the ledger, and ``erased``: the SHA-256 of the files that erasures removed.

    ``resumed``: a stopped erasure is being finished, so its files may be proven gone before the manifest changes.
    """

    ledger: Ledger
    erased: frozenset[str]
    resumed: bool = False

    def versions(self) -> Mapping[str, list[Version]]:
        """Group the manifests by the address of their release, in ledger order."""
        found: dict[str, list[Version]] = {}
        for entry in self.ledger.entries:
            if isinstance(entry, Commit | Replacement):
                erasures = entry.erasures if isinstance(entry, Replacement) else 0
                found.setdefault(entry.release, []).append(Version(entry.manifest_sha256, erasures))
        return found

    def list_retired(self) -> frozenset[str]:
        """List the addresses of retired releases."""
        return frozenset(entry.release for entry in self.ledger.entries if isinstance(entry, Retirement))

    def list_sealed(self) -> dict[str, datetime]:
        """List when each release was first sealed (UTC), by its id; a copy at another address is the same release."""
        found: dict[str, datetime] = {}
        for entry in self.ledger.entries:
            if isinstance(entry, Commit):
                at, release_id = datetime.fromisoformat(entry.at).astimezone(UTC), entry.release.rpartition("/")[2]
                found[release_id] = min(at, found.get(release_id, at))
        return found

    def holds(self, release_id: str) -> bool:
        """Check whether a release was ever charged or sealed under its id, at any address."""
        # The second draw of release r1 is charged as r1.2.
        return any(
            (isinstance(entry, Reservation) and entry.charge_id.partition(".")[0] == release_id)
            or (isinstance(entry, Commit) and entry.release.rpartition("/")[2] == release_id)
            for entry in self.ledger.entries
        )

    def list_lost(self, uri: str, there: Collection[str]) -> list[str]:
        """List the addresses at or below ``uri`` of releases that are sealed, not retired and not in ``there``."""
        sealed = {address for address in self.versions() if f"{address}/".startswith(f"{uri}/")}
        return sorted(sealed - self.list_retired() - {*there})

    def find_missing(self, uri: str, there: Collection[str]) -> list[OldCopy]:
        """Find the lost releases at or below ``uri``, each with how to restore it."""
        return [OldCopy(join_uri(address, MANIFEST), _MISSING) for address in self.list_lost(uri, there)]

    def find_fault(self, lying: StoredRelease) -> OldCopy | None:
        """Find why a manifest is not the latest of its release; a newer one, from a stopped command, is accepted."""
        shown, versions = join_uri(lying.address, MANIFEST), self.versions()
        if lying.address in self.list_retired():
            return OldCopy(shown, _BACK)
        if self.find_unknown(lying.manifest):
            return OldCopy(shown, UNKNOWN_ERASURE)
        if not self.resumed and not self.erased.isdisjoint(lying.manifest.digests.values()):
            return OldCopy(shown, _UNDONE)
        own = versions.get(lying.address)
        same = lying.address.rpartition("/")[2]
        copies = [of for address, of in versions.items() if address.rpartition("/")[2] == same]
        known = copies if own is None else [own]
        if not known or any(_follows(lying, of) for of in known):
            return None
        older = any(lying.version in of or lying.version.erasures < of[-1].erasures for of in known)
        return OldCopy(shown, _UNDONE if older else _OTHER)

    def find_unknown(self, manifest: Manifest) -> list[Erasure]:
        """Find the erasures that a manifest proves and private state does not know."""
        return [proof for proof in manifest.erasures if not {file.sha256 for file in proof.removed} <= self.erased]

    def is_unlisted(self, catalog: Catalog, lying: StoredRelease) -> bool:
        """Check whether the catalog lacks the manifest that the ledger holds last for a release."""
        own = self.versions().get(lying.address)
        if own is None or lying.version != own[-1]:
            return False  # what the ledger does not hold yet, a stopped command may not have listed yet
        return not any(item.manifest_sha256 == lying.version.manifest_sha256 for item in catalog.releases)


def _follows(lying: StoredRelease, versions: list[Version]) -> bool:
    """Check whether a manifest is the last of ``versions`` or newer.

    Derived keys draw a missing release again, equal but signed again; the ledger holds its first manifest.
    """
    last = versions[-1]
    if lying.version == last or lying.version.erasures > last.erasures:
        return True
    again = lying.manifest.run_key == "derived" and lying.version.erasures == last.erasures
    return again and lying.version not in versions


def load_history(account: LedgerAccount, erasures: ErasureRecords) -> ReleaseHistory:
    """Load the history of releases from private state."""
    return ReleaseHistory(account.ledger(), erasures.removed_files())


def list_release_ids(store: ObjectStore) -> list[str]:
    """List the ids of the releases in the dataset at ``store`` that have a manifest."""
    names = (name.removeprefix(RELEASES).split("/") for name in store.names() if name.startswith(RELEASES))
    return [name[0] for name in names if name[1:] == [MANIFEST]]


def find_stored_release(store: ObjectStore, address: str, verifying: Verifying) -> StoredRelease | None:
    """Read the release at ``address`` in the dataset at ``store``; raise ``FailedError`` if it was altered."""
    name = f"{RELEASES}{address.rpartition('/')[2]}/{MANIFEST}"
    seen = store.get(name)
    if seen is None:
        return None
    manifest = verify_manifest(seen.content, verifying, f"{store.uri}/{name}")
    return StoredRelease(address, Version(hashlib.sha256(seen.content).hexdigest(), len(manifest.erasures)), manifest)


def find_old_copies(
    past: ReleaseHistory, home: str, lying: Sequence[StoredRelease], catalog: Catalog | None
) -> Iterator[OldCopy]:
    """Yield the releases of the dataset at ``home``, and its catalog, that are older than private state, or newer."""
    listed = () if catalog is None else catalog.releases
    there = {release.address for release in lying}
    stale = [
        item.release_id
        for item in listed
        if (address := join_uri(home, f"{RELEASES}{item.release_id}")) in past.list_retired() and address not in there
    ]
    for release in lying:
        fault = past.find_fault(release)
        if fault is not None:
            yield fault
        elif catalog is not None and past.is_unlisted(catalog, release):
            stale.append(release.manifest.release_id)
    gone = [item.release_id for item in listed if join_uri(home, f"{RELEASES}{item.release_id}") not in there]
    unheld = [release_id for release_id in gone if not past.holds(release_id)]
    yield from (OldCopy(join_uri(home, CATALOG), _OLD_CATALOG.format(release_id)) for release_id in stale)
    yield from (OldCopy(join_uri(home, CATALOG), _NEWER_CATALOG.format(release_id)) for release_id in unheld)


def list_removed(home: str, catalog: Catalog | None) -> list[str]:
    """List the addresses of removed releases in a catalog; earlier versions did not enter them in the ledger."""
    return [] if catalog is None else [join_uri(home, f"{RELEASES}{item.release_id}") for item in catalog.removed]


def find_tombstone_fault(account: LedgerAccount, erasures: ErasureRecords) -> OldCopy | None:
    """Find tombstones of the ledger that private state lost, or erasures that the ledger lost."""
    ledger, there = account.ledger(), erasures.tombstones()
    lost = {entry.tombstone for entry in ledger.entries if isinstance(entry, Tombstone)} - there
    if lost:
        return OldCopy(erasures.store.uri, _LOST.format(len(lost)))
    if all(map(LedgerChain.of(ledger, account.keys).confirms, erasures.positions())):
        return None
    return OldCopy(account.store.name, _OLD_LEDGER.format(erasures.store.uri))
