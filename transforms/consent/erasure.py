"""Keyed tombstones of erased people: unreadable without the key set, and applied by every later run."""

from dataclasses import replace

from transforms.consent.registry import ConsentSnapshot
from transforms.keys.key_set import KeyRole, KeySet
from transforms.keys.pseudonym import keyed_digest

_PURPOSE = "tombstone"


def tombstone_keys(keys: KeySet) -> tuple[bytes, ...]:
    """Derive the key of new tombstones and, before rotations, those of older ones."""
    return keys.derivations(KeyRole.PSEUDONYM, _PURPOSE)


def tombstones(keys: tuple[bytes, ...], user_id: str) -> tuple[str, ...]:
    """Compute the possible tombstone names of a user (64 hex digits each), the current name first."""
    return tuple(keyed_digest(key, b"tombstone", user_id.encode("utf-8", "surrogatepass")) for key in keys)


def is_erased(keys: tuple[bytes, ...], erased: frozenset[str], user_id: str) -> bool:
    """Return whether one of the ``erased`` tombstones is the user's."""
    return not erased.isdisjoint(tombstones(keys, user_id))


def without_erased(consent: ConsentSnapshot, erased: frozenset[str], keys: tuple[bytes, ...]) -> ConsentSnapshot:
    """Remove erased users from the consent.

    A registry loses the erased users. Where everybody counts as consenting there is no list to take them from: the
    snapshot carries the tombstones, and the stage compares each user with them.
    """
    if consent.everybody:
        return replace(consent, erased=erased)
    grants = {user: since for user, since in consent.grants.items() if not is_erased(keys, erased, user)}
    return replace(consent, grants=grants, gone=consent.gone | (consent.grants.keys() - grants.keys()))
