"""Names of people in the quarantine: keyed, and known again by whoever holds the keys."""

from pathlib import Path

from transforms.keys.key_set import KeyReference, KeyRole, KeySet, create_key_set
from transforms.keys.quarantine_sealer import owner_names
from transforms.keys.rotation import rotate


def test_a_person_has_one_name_under_each_key_and_nobody_elses(tmp_path: Path) -> None:
    for folder in ("ours", "others"):
        create_key_set(tmp_path / folder)
    ours, others = (KeySet.open(KeyReference.parse(str(tmp_path / folder))) for folder in ("ours", "others"))
    (name,) = owner_names(ours, "user-a")
    assert len(name) >= 32
    assert owner_names(ours, "user-a") == {name}
    assert owner_names(ours, "user-b").isdisjoint({name})
    assert owner_names(others, "user-a").isdisjoint({name})
    rotate(tmp_path / "ours", KeyRole.TRANSIT)
    later = owner_names(KeySet.open(KeyReference.parse(str(tmp_path / "ours"))), "user-a")
    assert (name in later, len(later)) == (True, 2)
