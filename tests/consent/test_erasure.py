"""Tombstones: they find whoever was erased, under any key since, and name nobody."""

import json
from pathlib import Path

import pytest

from schemas.rejects import Reason
from transforms.consent.erasure import is_erased, tombstone_keys, tombstones, without_erased
from transforms.consent.registry import ConsentSnapshot
from transforms.keys.key_set import KeyReference, KeyRole, KeySet, create_key_set
from transforms.keys.rotation import rotate

KEYS = (b"k" * 32, b"o" * 32)
USERS = ["ann", "bob", "", "josé", "\udcff", "ann bob"]


def test_a_tombstone_depends_on_the_user_and_the_key_and_names_neither() -> None:
    made = [name for user in USERS for name in tombstones(KEYS, user)]
    assert len(set(made)) == len(USERS) * len(KEYS)
    assert all(len(name) == 64 and set(name) <= set("0123456789abcdef") for name in made)
    assert tombstones(KEYS, "ann") == (*tombstones(KEYS[:1], "ann"), *tombstones(KEYS[1:], "ann"))


@pytest.mark.parametrize("key", KEYS)
def test_whoever_was_erased_under_any_key_is_erased_and_nobody_else(key: bytes) -> None:
    erased = frozenset(tombstones((key,), "ann"))
    assert [user for user in USERS if is_erased(KEYS, erased, user)] == ["ann"]
    assert not is_erased((b"x" * 32,), erased, "ann")
    assert not is_erased(KEYS, frozenset(), "ann")


def test_a_registry_loses_the_erased_and_keeps_the_others() -> None:
    consent = ConsentSnapshot("training", {"ann": {"1": 1}, "bob": {"1": 2}})
    left = without_erased(consent, frozenset(tombstones(KEYS, "ann")), KEYS)
    assert left.grants == {"bob": {"1": 2}}
    assert left.purpose == "training"
    assert (left.gone, left.refusal("ann", 5), left.refusal("cy", 5)) == ({"ann"}, Reason.ERASED, Reason.NO_CONSENT)
    again = without_erased(left, frozenset(tombstones(KEYS, "ann")), KEYS)
    assert (again, again.gone) == (left, {"ann"})
    travelled = ConsentSnapshot.from_json(json.loads(json.dumps(left.as_json())))
    assert (travelled, travelled.refusal("ann", 5)) == (left, Reason.ERASED)


def test_where_everybody_consents_the_tombstones_travel_along() -> None:
    erased = frozenset(tombstones(KEYS, "ann"))
    assert without_erased(ConsentSnapshot("training", {}, everybody=True), erased, KEYS).erased == erased


def test_tombstones_of_before_a_rotation_still_count(tmp_path: Path) -> None:
    create_key_set(tmp_path / "keys")
    before = tombstone_keys(KeySet.open(KeyReference.parse(str(tmp_path / "keys"))))
    rotate(tmp_path / "keys", KeyRole.PSEUDONYM)
    after = tombstone_keys(KeySet.open(KeyReference.parse(str(tmp_path / "keys"))))
    assert len(before) == 1
    assert after[1:] == before
    assert after[0] not in before
    assert is_erased(after, frozenset(tombstones(before, "ann")), "ann")


@pytest.mark.parametrize("everybody", [True, False])
def test_a_snapshot_travels_as_json_with_everything_in_it(everybody: bool) -> None:
    consent = ConsentSnapshot("training", {"ann": {"1": 1, "2": 5}}, everybody, frozenset({"b" * 64, "a" * 64}))
    words = json.loads(json.dumps(consent.as_json()))
    assert ConsentSnapshot.from_json(words) == consent
    assert words["erased"] == ["a" * 64, "b" * 64]
