"""Sealed releases below the address of an output, a dataset or a release, each with the open store of its dataset."""

from collections.abc import Iterable
from typing import NamedTuple

from schemas.errors import UsageError
from transforms.dataset.layout import MANIFEST, RELEASES, ReleaseLayout, release_layout
from transforms.dataset.manifest import Manifest
from transforms.object_store.addresses import join_uri, open_store
from transforms.object_store.interface import ObjectStore


class SealedRelease(NamedTuple):
    """Names of the files of a release that has a manifest, and the open store of its dataset."""

    layout: ReleaseLayout
    home: ObjectStore

    @property
    def folder(self) -> str:
        """Return the address of the release."""
        return self.layout.folder


def find_releases(places: Iterable[ObjectStore]) -> list[SealedRelease]:
    """List the releases in stores at an output, a dataset or a release, by address; opens each dataset once."""
    layouts = {layout.folder: layout for store in places for name in store.names() if (layout := _read(store, name))}
    homes = {home: open_store(home) for home in {layout.home for layout in layouts.values()}}
    return [SealedRelease(layout, homes[layout.home]) for _, layout in sorted(layouts.items())]


def require_releases(store: ObjectStore) -> list[SealedRelease]:
    """List the releases in a store; raise ``UsageError`` where there is none."""
    if found := find_releases([store]):
        return found
    raise no_release(store)


def by_window(manifest: Manifest) -> tuple[str, str, str]:
    """Return a key that sorts manifests by dataset and days; a release without a window comes first."""
    return manifest.dataset, manifest.window or "", manifest.release_id


def no_release(store: ObjectStore) -> UsageError:
    """Make the error of an address without any release, or of a release that was copied without its dataset."""
    if MANIFEST in store.names():
        return UsageError(
            f"{store.uri} is a release that was taken out of its dataset: put the folder back at DATASET/releases/ID, "
            "with the dataset's catalog.json, which connects the signing keys, beside releases/, and pass that address"
        )
    return UsageError(f"{store.uri} holds no release; pass an output, a dataset or a release")


def _read(store: ObjectStore, name: str) -> ReleaseLayout | None:
    """Read the layout of a release from the address of its manifest; ``None`` for the name of any other file."""
    head, found, rest = join_uri(store.uri, name).rpartition(f"/{RELEASES}")
    if not found or rest.count("/") != 1 or not rest.endswith(f"/{MANIFEST}"):
        return None
    output, _, dataset = head.rpartition("/")
    return release_layout(output, dataset, rest.partition("/")[0])
