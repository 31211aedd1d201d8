"""The one mutable file of a dataset: which releases there are and which is current, signed."""

import base64
import json
from dataclasses import dataclass, replace
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schemas.errors import FailedError
from transforms.dataset.signing import Json, Verifying, canonical_json, pae, signer_id, verifier

_TYPE = "application/vnd.keyveil.catalog.v1+json"


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """A release and the SHA-256 of its signed manifest file."""

    release_id: str
    manifest_sha256: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """``version`` grows by one with every change; ``releases`` are in the order in which they were published.

    ``removed`` are the releases that retention took away, each with its last manifest: the proof that they were here.
    """

    version: int
    dataset: str
    releases: tuple[CatalogEntry, ...]
    current: str
    removed: tuple[CatalogEntry, ...] = ()

    def names(self, release_id: str) -> bool:
        """Return whether the release is listed."""
        return any(listed.release_id == release_id for listed in self.releases)

    def lists(self, release_id: str, manifest_sha256: str, supersedes: str | None = None) -> bool:
        """Return whether the release is listed with this manifest, or still with the one that it supersedes.

        An erasure replaces the manifest and then the catalog; in between the signed newer manifest is the truth.
        """
        listed = {release.release_id: release.manifest_sha256 for release in self.releases}
        return listed.get(release_id) in (manifest_sha256, supersedes or manifest_sha256)

    def with_manifest(self, release_id: str, manifest_sha256: str) -> "Catalog":
        """Return the next version, in which a listed release has another manifest; the same where it has it already."""
        changed = CatalogEntry(release_id, manifest_sha256)
        releases = tuple(changed if item.release_id == release_id else item for item in self.releases)
        return self if releases == self.releases else replace(self, version=self.version + 1, releases=releases)

    def without_release(self, release_id: str) -> "Catalog":
        """Return the next version without a release, which is listed as removed; the latest of the rest is current."""
        removed = tuple(item for item in self.releases if item.release_id == release_id)
        if not removed:
            return self
        left = tuple(item for item in self.releases if item.release_id != release_id)
        current = self.current if self.current != release_id else left[-1].release_id if left else ""
        return Catalog(self.version + 1, self.dataset, left, current, (*self.removed, *removed))

    def with_release(self, release_id: str, manifest_sha256: str) -> "Catalog":
        """Return the next version, in which the release is listed last and is current."""
        releases = (*self.releases, CatalogEntry(release_id, manifest_sha256))
        return replace(self, version=self.version + 1, releases=releases, current=release_id)


def sign_catalog(catalog: Catalog, private: Ed25519PrivateKey) -> bytes:
    """Return the content of ``catalog.json``: the catalog with a signature over everything else in it."""
    body = _body(catalog)
    return _file(body, signer_id(private.public_key()), private.sign(pae(_TYPE, canonical_json(body))))


def parse_catalog(content: bytes, shown: str, verifying: Verifying) -> Catalog:
    """Return the catalog in ``content``; raise ``FailedError``, which says ``shown``, where a bit of it was altered."""
    try:
        form: dict[str, Any] = json.loads(content)
        catalog = _parse(form)
        signature = base64.b64decode(form["signature"]["sig"], validate=True)
        public = verifier(form["signature"]["keyid"], verifying)
        exact = _file(_body(catalog), signer_id(public), signature) == content
        public.verify(signature, pae(_TYPE, canonical_json(_body(catalog))))
    except (ValueError, KeyError, TypeError, RecursionError, InvalidSignature):
        exact = False
    if not exact:
        raise FailedError(f"{shown} was altered or signed by another key; restore it, or name another output")
    return catalog


def _body(catalog: Catalog) -> dict[str, Json]:
    return {
        "version": catalog.version,
        "dataset": catalog.dataset,
        "releases": [_item(listed) for listed in catalog.releases],
        "current": catalog.current,
        "removed": [_item(listed) for listed in catalog.removed],
    }


def _item(listed: CatalogEntry) -> dict[str, Json]:
    return {"release_id": listed.release_id, "manifest_sha256": listed.manifest_sha256}


def _file(body: dict[str, Json], keyid: str, signature: bytes) -> bytes:
    return canonical_json({**body, "signature": {"keyid": keyid, "sig": base64.b64encode(signature).decode()}})


def _parse(form: dict[str, Any]) -> Catalog:
    releases, removed = (
        tuple(CatalogEntry(item["release_id"], item["manifest_sha256"]) for item in form[name])
        for name in ("releases", "removed")
    )
    return Catalog(form["version"], form["dataset"], releases, form["current"], removed)
