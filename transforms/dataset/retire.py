"""Removal of releases at the end of their retention: from the catalog, which keeps the proof, then from storage."""

from dataclasses import dataclass

from schemas.errors import RefusedError
from transforms.dataset.catalog import Catalog, parse_catalog
from transforms.dataset.layout import CATALOG, RELEASES, ReleaseLayout
from transforms.dataset.publish import change_catalog
from transforms.dataset.signing import Verifying
from transforms.keys.key_set import KeySet
from transforms.object_store.interface import ObjectStore

NOT_AGAIN = (
    "this very release was removed when its time was over and is not created again; change the input or the settings, "
    "or pass another dataset"
)


@dataclass(frozen=True, slots=True)
class Retirer:
    """Remover of releases of one dataset; every step may be repeated."""

    store: ObjectStore
    keys: KeySet

    def retire(self, layout: ReleaseLayout) -> None:
        """Remove a release: first from the catalog, then its manifest, then its files, so no reader sees half of it.

        The catalog lists it as removed, with the SHA-256 of the manifest that named its files.
        """

        def without(catalog: Catalog) -> Catalog:
            return catalog.without_release(layout.release_id)

        change_catalog(self.store, layout.dataset, self.keys, without)
        self.store.delete(layout.manifest)
        self._delete_files(layout.release_id)

    def sweep(self) -> None:
        """Delete the remaining files of removed releases after a crash."""
        for release_id in removed_releases(self.store, self.keys.verifying()):
            self._delete_files(release_id)

    def _delete_files(self, release_id: str) -> None:
        for name in self.store.names():
            if name.startswith(f"{RELEASES}{release_id}/"):
                self.store.delete(name)


def check_not_retired(store: ObjectStore, layout: ReleaseLayout, verifying: Verifying) -> None:
    """Raise ``RefusedError`` if the same release was removed before: a re-run may not bring it back."""
    if layout.release_id in removed_releases(store, verifying):
        raise RefusedError(NOT_AGAIN)


def removed_releases(store: ObjectStore, verifying: Verifying) -> frozenset[str]:
    """List the ids of the releases that the catalog lists as removed."""
    seen = store.get(CATALOG)
    if seen is None:
        return frozenset()
    catalog = parse_catalog(seen.content, f"{store.uri}/{CATALOG}", verifying)
    return frozenset(listed.release_id for listed in catalog.removed)
