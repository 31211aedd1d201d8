"""The past as private state knows it, compared with what lies in the output: an old copy of either is refused.

The ledger says which manifest each release had last, which releases were retired and who has a tombstone; the records
of erasures say which files are gone. A copy from before an erasure has an earlier manifest of the same release: sealed
as m1 (0 erasures), replaced by m2 (1 erasure), so m1 lying there is older; m3 with 2 is newer, its entry was cut off.
"""

import hashlib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from pipelines.budget.account import Account
from pipelines.state.tombstones import Erasures
from transforms.dataset.catalog import Catalog
from transforms.dataset.layout import CATALOG, MANIFEST, RELEASES
from transforms.dataset.manifest import Manifest, verify_manifest
from transforms.dataset.signing import Verifying
from transforms.object_store.addresses import join_uri
from transforms.object_store.interface import ObjectStore
from transforms.privacy.ledger import Ledger, confirms
from transforms.privacy.ledger_changes import Replacement, Retirement, Tombstone
from transforms.privacy.ledger_entries import Commit

_UNDONE = (
    "is older than private state, which knows a later erasure or draw of the release: an old copy was put back; "
    "restore the latest copy of the output, or finish a stopped erasure with keyveil erase --pending"
)
_UNKNOWN = (
    "proves an erasure that private state does not know: the state is older than the output, or another one; restore "
    "its latest copy, or name it with --state"
)
_OTHER = "is not the manifest that the ledger holds for the release; restore the latest copy of the release"
_BACK = (
    "was retired, as the ledger says, and lies there: an old copy was put back or keyveil retain was stopped; run "
    "keyveil retain again"
)
_MISSING = (
    "is sealed by the ledger and missing: the output is an older copy; restore the latest one, run the release again, "
    "or enter its loss with keyveil retain --missing"
)
_OLD_CATALOG = (
    "is older than the ledger, or a command was stopped: it does not list release {} as it was last; run that command "
    "again, or restore the latest copy (without any copy: remove it, and the next run lists what the ledger holds)"
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
class Lying:
    """A signed manifest as it lies at the address of its release."""

    address: str
    version: Version
    manifest: Manifest


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is older than another: its address, and a sentence that says than what and what to do."""

    address: str
    problem: str


@dataclass(frozen=True, slots=True)
class Past:
    """What the ledger holds of releases, and ``erased``: the SHA-256 of the files that erasures removed.

    ``resumed``: a stopped erasure is finished: its files may be proven gone before the manifest is changed.
    """

    ledger: Ledger
    erased: frozenset[str]
    resumed: bool = False

    def versions(self) -> Mapping[str, list[Version]]:
        """Return the manifests of each release by its address, in the order in which they were entered."""
        found: dict[str, list[Version]] = {}
        for entry in self.ledger.entries:
            if isinstance(entry, Commit | Replacement):
                erasures = entry.erasures if isinstance(entry, Replacement) else 0
                found.setdefault(entry.release, []).append(Version(entry.manifest_sha256, erasures))
        return found

    def retired(self) -> frozenset[str]:
        """Return the addresses of the releases that were retired."""
        return frozenset(entry.release for entry in self.ledger.entries if isinstance(entry, Retirement))

    def lost(self, uri: str, there: Collection[str]) -> list[str]:
        """Return the addresses at ``uri`` or below of releases that are sealed, not retired and not ``there``."""
        sealed = {address for address in self.versions() if f"{address}/".startswith(f"{uri}/")}
        return sorted(sealed - self.retired() - {*there})

    def missing(self, uri: str, there: Collection[str]) -> list[Fault]:
        """Return the same as faults of the output."""
        return [Fault(join_uri(address, MANIFEST), _MISSING) for address in self.lost(uri, there)]

    def fault(self, lying: Lying) -> Fault | None:
        """Return why a manifest is not the latest of its release; a newer one, by a stopped command, is none."""
        shown, versions = join_uri(lying.address, MANIFEST), self.versions()
        if lying.address in self.retired():
            return Fault(shown, _BACK)
        gone = {file.sha256 for erasure in lying.manifest.erasures for file in erasure.removed}
        if not gone <= self.erased:
            return Fault(shown, _UNKNOWN)
        if not self.resumed and not self.erased.isdisjoint(lying.manifest.digests.values()):
            return Fault(shown, _UNDONE)
        own = versions.get(lying.address)
        same = lying.address.rpartition("/")[2]
        copies = [of for address, of in versions.items() if address.rpartition("/")[2] == same]
        known = copies if own is None else [own]
        if not known or any(_follows(lying, of) for of in known):
            return None
        older = any(lying.version in of or lying.version.erasures < of[-1].erasures for of in known)
        return Fault(shown, _UNDONE if older else _OTHER)

    def unlisted(self, catalog: Catalog, lying: Lying) -> bool:
        """Return whether the catalog names an earlier manifest of a release, or none, where the ledger has the last."""
        own = self.versions().get(lying.address)
        if own is None or lying.version != own[-1]:
            return False  # what the ledger does not hold yet, a stopped command may not have listed yet
        return not any(item.manifest_sha256 == lying.version.manifest_sha256 for item in catalog.releases)


def _follows(lying: Lying, versions: list[Version]) -> bool:
    """Return whether a manifest is the last of ``versions`` or was made since.

    Derived keys draw a missing release again, equal but signed anew; the ledger holds its first manifest.
    """
    last = versions[-1]
    if lying.version == last or lying.version.erasures > last.erasures:
        return True
    again = lying.manifest.run_key == "derived" and lying.version.erasures == last.erasures
    return again and lying.version not in versions


def past_of(account: Account, erasures: Erasures) -> Past:
    """Return what private state knows of the past."""
    return Past(account.ledger(), erasures.removed_files())


def release_ids(place: ObjectStore) -> list[str]:
    """Return the ids of the releases in the dataset at ``place`` that have a manifest."""
    names = (name.removeprefix(RELEASES).split("/") for name in place.names() if name.startswith(RELEASES))
    return [name[0] for name in names if name[1:] == [MANIFEST]]


def lying_at(place: ObjectStore, address: str, verifying: Verifying) -> Lying | None:
    """Return the release at ``address`` in the dataset at ``place``; raise ``FailedError`` where it was altered."""
    name = f"{RELEASES}{address.rpartition('/')[2]}/{MANIFEST}"
    seen = place.get(name)
    if seen is None:
        return None
    manifest = verify_manifest(seen.content, verifying, f"{place.uri}/{name}")
    return Lying(address, Version(hashlib.sha256(seen.content).hexdigest(), len(manifest.erasures)), manifest)


def old_copies(past: Past, home: str, lying: Sequence[Lying], catalog: Catalog | None) -> Iterator[Fault]:
    """Yield the releases of the dataset at ``home``, and its catalog, that are older than private state."""
    listed = () if catalog is None else catalog.releases
    there = {release.address for release in lying}
    stale = [
        item.release_id
        for item in listed
        if (address := join_uri(home, f"{RELEASES}{item.release_id}")) in past.retired() and address not in there
    ]
    for release in lying:
        fault = past.fault(release)
        if fault is not None:
            yield fault
        elif catalog is not None and past.unlisted(catalog, release):
            stale.append(release.manifest.release_id)
    yield from (Fault(join_uri(home, CATALOG), _OLD_CATALOG.format(release_id)) for release_id in stale)


def removed_at(home: str, catalog: Catalog | None) -> list[str]:
    """Return the addresses of the releases that a catalog lists as removed: earlier versions entered none of them."""
    return [] if catalog is None else [join_uri(home, f"{RELEASES}{item.release_id}") for item in catalog.removed]


def tombstone_fault(account: Account, erasures: Erasures) -> Fault | None:
    """Return what is wrong where tombstones of the ledger are lost, or where the ledger lost erasures."""
    ledger, there = account.ledger(), erasures.tombstones()
    lost = {entry.tombstone for entry in ledger.entries if isinstance(entry, Tombstone)} - there
    if lost:
        return Fault(erasures.place.uri, _LOST.format(len(lost)))
    if all(confirms(ledger, place, account.keys) for place in erasures.positions()):
        return None
    return Fault(account.store.name, _OLD_LEDGER.format(erasures.place.uri))
