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

_KIND = "erased"


def make_mark(keys: KeySet, release_id: str, user: str) -> str:
    """Compute the mark of a user in proofs of one release; without the key set it confirms no guess."""
    return pseudonym(keys.derive(KeyRole.PSEUDONYM, release_id), _KIND, user)


def find_proofs(keys: KeySet, releases: Releases, user: str) -> Iterator[tuple[ReleaseLayout, Erasure]]:
    """Find the erasures of a user that releases prove, under the current pseudonym key and earlier ones."""
    for layout, home in releases:
        marks = {pseudonym(key, _KIND, user) for key in keys.derivations(KeyRole.PSEUDONYM, layout.release_id)}
        yield from ((layout, proof) for proof in _list_proofs(keys, layout, home) if proof.mark in marks)


def accept_proofs(past: ReleaseHistory, keys: KeySet, releases: Releases, user: str) -> ReleaseHistory:
    """Return the history with every erasure that releases prove, if one is of the user; else unchanged.

    Only to erase that user again: whatever else private state lost, an erasure undoes no other.
    """
    listed = list(releases)
    if not any(find_proofs(keys, listed, user)):
        return past
    gone = {
        file.sha256 for layout, home in listed for proof in _list_proofs(keys, layout, home) for file in proof.removed
    }
    return replace(past, erased=past.erased | gone)


def _list_proofs(keys: KeySet, layout: ReleaseLayout, home: ObjectStore) -> tuple[Erasure, ...]:
    stored = find_stored_release(home, layout.folder, keys.verifying())
    return () if stored is None else stored.manifest.erasures
