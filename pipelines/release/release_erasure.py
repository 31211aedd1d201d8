"""Erasure of one person from sealed releases, once it was begun in private state."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from pipelines.budget.account import LedgerAccount, now
from pipelines.budget.history import find_stored_release
from pipelines.budget.lost_erasures import make_mark
from pipelines.state.private_state import PrivateState
from pipelines.state.tombstones import ErasureRecords
from transforms.dataset.erase import Eraser
from transforms.dataset.layout import ReleaseLayout
from transforms.dataset.manifest import Erasure
from transforms.keys.key_set import KeyRole, KeySet
from transforms.keys.pseudonym import pseudonym
from transforms.object_store.interface import ObjectStore
from transforms.privacy.ledger import position
from transforms.privacy.ledger_changes import Replacement, Tombstone

Releases = Iterable[tuple[ReleaseLayout, ObjectStore]]


@dataclass(frozen=True, slots=True)
class ReleaseErasure:
    """Erasure of a user that the record ``name`` of private state stands for; every step may be repeated."""

    private: PrivateState
    name: str
    user: str = field(repr=False)

    @property
    def _erasures(self) -> ErasureRecords:
        return ErasureRecords.of(self.private)

    def enter_tombstones(self) -> None:
        """Enter every tombstone in the ledger, those of earlier versions too, so that a run notices a lost one."""
        account = LedgerAccount.of(self.private)
        entered = [Tombstone(tombstone, now()) for tombstone in sorted(self._erasures.tombstones())]
        ledger = account.enter(*entered)
        self._erasures.anchor(self.name, position(ledger, account.keys[0]))

    def erase(self, layout: ReleaseLayout, home: ObjectStore) -> dict[str, Any] | None:
        """Erase the user from one release; return the proof, ``None`` if the release does not hold the user."""
        keys = self.private.keys
        names, mark = list_names(keys, layout, self.user), make_mark(keys, layout.release_id, self.user)
        proof = Eraser(home, keys).erase(layout, names, partial(self.prove, layout), mark)
        return None if proof is None else prove_removal(layout, proof)

    def prove(self, layout: ReleaseLayout, proof: Erasure) -> None:
        """Store the proof before the manifest has it: private state must know every erasure of an output."""
        self._erasures.prove(self.name, prove_removal(layout, proof))

    def enter_replacements(self, found: Releases) -> None:
        """Enter the manifest of each release that proves an erasure in the ledger, which takes each once."""
        LedgerAccount.of(self.private).enter(*_list_replacements(found, self.private.keys))


def list_names(keys: KeySet, layout: ReleaseLayout, user: str) -> frozenset[str]:
    """List the pseudonyms of a user in a release: under the current pseudonym key and earlier ones."""
    derived = keys.derivations(KeyRole.PSEUDONYM, layout.release_id)
    return frozenset(pseudonym(key, "user", user) for key in derived)


def prove_removal(layout: ReleaseLayout, proof: Erasure) -> dict[str, Any]:
    """Convert a proof to the JSON that private state keeps."""
    return {"release": layout.folder, **asdict(proof)}


def _list_replacements(found: Releases, keys: KeySet) -> Iterator[Replacement]:
    for layout, home in found:
        lying = find_stored_release(home, layout.folder, keys.verifying())
        if lying is not None and lying.version.erasures:
            yield Replacement(layout.folder, lying.version.manifest_sha256, lying.version.erasures, now())
