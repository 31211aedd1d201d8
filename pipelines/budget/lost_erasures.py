"""Erasures that releases prove and an older private state lost, found by the keyed marks of their proofs.

A state from before the erasures of b and c is put back. ``erase b`` finds the mark of b in the proofs, and enters
tombstone and proof again. The proof of c stays unknown, and runs stay refused, until ``erase c``.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from pipelines.budget.history import ReleaseHistory, find_stored_release
from transforms.dataset.layout import ReleaseLayout
from transforms.dataset.manifest import Erasure
from transforms.keys.key_set import KeyRole, KeySet
from transforms.keys.pseudonym import pseudonym
from transforms.object_store.interface import ObjectStore

Releases = Iterable[tuple[ReleaseLayout, ObjectStore]]
Proofs = Iterable[tuple[ReleaseLayout, Erasure]]

_KIND = "erased"


def make_mark(keys: KeySet, release_id: str, user: str) -> str:
    """Compute the mark of a user in proofs of one release; without the key set it confirms no guess."""
    return pseudonym(keys.derive(KeyRole.PSEUDONYM, release_id), _KIND, user)


def find_proofs(keys: KeySet, releases: Releases, user: str) -> Iterator[tuple[ReleaseLayout, Erasure]]:
    """Find the erasures of a user that releases prove, under the current pseudonym key and earlier ones."""
    return _select_proofs(keys, _list_proofs(keys, releases), user)


def accept_proofs(past: ReleaseHistory, keys: KeySet, releases: Releases, user: str) -> ReleaseHistory:
    """Return the history with every erasure that releases prove, if one is of the user; else unchanged.

    Only to erase that user again: whatever else private state lost, an erasure undoes no other.
    """
    listed = list(_list_proofs(keys, releases))
    if not any(_select_proofs(keys, listed, user)):
        return past
    return replace(past, erased=past.erased | {file.sha256 for _, proof in listed for file in proof.removed})


def _list_proofs(keys: KeySet, releases: Releases) -> Iterator[tuple[ReleaseLayout, Erasure]]:
    """Yield every erasure that releases prove; reads the manifest of each."""
    for layout, home in releases:
        stored = find_stored_release(home, layout.folder, keys.verifying())
        yield from ((layout, proof) for proof in (() if stored is None else stored.manifest.erasures))


def _select_proofs(keys: KeySet, proofs: Proofs, user: str) -> Iterator[tuple[ReleaseLayout, Erasure]]:
    for layout, proof in proofs:
        derived = keys.derivations(KeyRole.PSEUDONYM, layout.release_id)
        if proof.mark in {pseudonym(key, _KIND, user) for key in derived}:
            yield layout, proof
