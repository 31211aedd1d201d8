"""Signed catalog of a dataset, its one mutable file: the releases, and which is current."""

import base64
import json
from dataclasses import dataclass, replace
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from schemas.errors import FailedError
from transforms.dataset.signing import Json, Verifying, canonical_json, pae, signer_id, verifier
from transforms.keys.key_history import Succession, follow, list_earlier
from transforms.keys.reader_keys import ReaderKeys

_TYPE = "application/vnd.keyveil.catalog.v1+json"


@dataclass(frozen=True, slots=True)
class CatalogEntry:
    """Release and the SHA-256 of its signed manifest file."""

    release_id: str
    manifest_sha256: str


@dataclass(frozen=True, slots=True)
class Catalog:
    """Releases of one dataset."""

    # grows by one with every change
    version: int
    dataset: str
    # in order of publication
    releases: tuple[CatalogEntry, ...]
    # a release id; empty when no release is left
    current: str
    # releases that retention removed, each with its last manifest as the proof that it existed
    removed: tuple[CatalogEntry, ...] = ()
    # each signing key before the present one, with its signature on its successor
    history: tuple[Succession, ...] = ()

    def names(self, release_id: str) -> bool:
        """Return whether the release is listed."""
        return any(listed.release_id == release_id for listed in self.releases)

    def lists(self, release_id: str, manifest_sha256: str, supersedes: str | None = None) -> bool:
        """Return whether the release is listed with this manifest or with the one that it supersedes.

        An erasure replaces the manifest and then the catalog; in between, the newer signed manifest is valid.
        """
        listed = {release.release_id: release.manifest_sha256 for release in self.releases}
        return listed.get(release_id) in (manifest_sha256, supersedes or manifest_sha256)

    def with_manifest(self, release_id: str, manifest_sha256: str) -> "Catalog":
        """Replace the manifest of a listed release in the next version; return ``self`` if nothing changes."""
        changed = CatalogEntry(release_id, manifest_sha256)
        releases = tuple(changed if item.release_id == release_id else item for item in self.releases)
        return self if releases == self.releases else replace(self, version=self.version + 1, releases=releases)

    def without_release(self, release_id: str) -> "Catalog":
        """Move a release to ``removed`` in the next version; the latest remaining release becomes current if it was."""
        removed = tuple(item for item in self.releases if item.release_id == release_id)
        if not removed:
            return self
        left = tuple(item for item in self.releases if item.release_id != release_id)
        current = self.current if self.current != release_id else left[-1].release_id if left else ""
        removed = (*self.removed, *removed)
        return replace(self, version=self.version + 1, releases=left, current=current, removed=removed)

    def with_release(self, release_id: str, manifest_sha256: str) -> "Catalog":
        """Append a release in the next version and make it current."""
        releases = (*self.releases, CatalogEntry(release_id, manifest_sha256))
        return replace(self, version=self.version + 1, releases=releases, current=release_id)


def sign_catalog(catalog: Catalog, private: Ed25519PrivateKey) -> bytes:
    """Serialize ``catalog.json``: the catalog and a signature over it."""
    body = _body(catalog)
    return _file(body, signer_id(private.public_key()), private.sign(pae(_TYPE, canonical_json(body))))


def parse_catalog(content: bytes, shown: str, verifying: Verifying) -> Catalog:
    """Parse and verify ``content``; raise ``FailedError``, naming ``shown``, if a bit of it was altered."""
    try:
        form: dict[str, Any] = json.loads(content)
        catalog = _parse(form)
        signature = base64.b64decode(form["signature"]["sig"])
        public = verifier(form["signature"]["keyid"], verifying)
        exact = _file(_body(catalog), signer_id(public), signature) == content
        public.verify(signature, pae(_TYPE, canonical_json(_body(catalog))))
    except (ValueError, KeyError, TypeError, RecursionError, InvalidSignature):
        exact = False
    if not exact:
        raise FailedError(f"{shown} was altered or signed by another key; check the keys, or restore it")
    return catalog


def follow_signers(content: bytes, trusted: Verifying) -> tuple[Ed25519PublicKey, ...]:
    """Return the trusted keys and those that the history in a catalog connects with them.

    Forwards each key signed its successor, so that the catalog itself need not be trusted. Backwards the signer of a
    catalog vouches for the keys that it lists: who trusts the new key verifies the releases of the old one.
    """
    held = trusted if isinstance(trusted, tuple) else (trusted,)
    history = _read_history(content)
    known = follow(held, history)
    try:
        parse_catalog(content, "", known)
    except FailedError:
        return known
    return list_earlier(known, history)


def find_successors(content: bytes, trusted: Verifying) -> tuple[Ed25519PublicKey, ...]:
    """Return the keys that the history in a catalog leads to from the trusted ones, and that are not among these.

    Each key signed its successor, so that the catalog itself need not be trusted.
    """
    held = trusted if isinstance(trusted, tuple) else (trusted,)
    return follow(held, _read_history(content))[len({key.public_bytes_raw() for key in held}) :]


def read_catalog(content: bytes, shown: str, keys: ReaderKeys) -> tuple[Catalog, ReaderKeys]:
    """Parse and verify a catalog, and return the keys with those that its history connects with them.

    Raises ``FailedError``, naming ``shown``, if it was altered or signed by a key to which no signed rotation leads.
    """
    known = replace(keys, verifying=follow_signers(content, keys.verifying))
    return parse_catalog(content, shown, known.verifying), known


def _read_history(content: bytes) -> tuple[Succession, ...]:
    """Read the history of a catalog that nobody has verified; what is no catalog has none."""
    try:
        return _parse(json.loads(content)).history
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return ()


def _body(catalog: Catalog) -> dict[str, Json]:
    history: list[Json] = [statement.to_json() for statement in catalog.history]
    return {
        "version": catalog.version,
        "dataset": catalog.dataset,
        "releases": [_item(listed) for listed in catalog.releases],
        "current": catalog.current,
        "removed": [_item(listed) for listed in catalog.removed],
        **({"history": history} if history else {}),
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
    history = tuple(Succession.from_json(item) for item in form.get("history", ()))
    return Catalog(form["version"], form["dataset"], releases, form["current"], removed, history)
