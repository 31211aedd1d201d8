"""Names of people in the quarantine: keyed, and known again by whoever holds the keys."""

from pathlib import Path

from schemas.claims import Claim, ConsentStatus
from schemas.rejects import Fault, Problem, Reason
from transforms.keys.key_set import KeyReference, KeyRole, KeySet, create_key_set
from transforms.keys.quarantine_sealer import Custody, owner_names
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


def test_every_fault_is_counted_and_only_what_may_be_kept_has_a_copy() -> None:
    agreed, refused = (Claim(users=frozenset({name})) for name in ("ann", "ben"))
    judged = {agreed: ConsentStatus.AGREED, refused: ConsentStatus.REFUSED}
    problem = Problem(Reason.BAD_JSON, "", "")
    faults = [
        Fault(problem, 0, line, events=line, content=b"x", claim=claim)
        for line, claim in enumerate((agreed, refused, Claim()), start=1)
    ]
    for days, kept, counts in (
        (0, [b"x", b"", b""], [("quarantine.not_kept.refused", 2), ("quarantine.not_kept.unknown", 3)]),
        (7, [b"x", b"", b"x"], [("quarantine.not_kept.refused", 2)]),
    ):
        custody = Custody(lambda claim: judged.get(claim, ConsentStatus.UNKNOWN), days)
        admitted, counted = custody.admit_all(faults)
        assert [(fault.line, fault.events, fault.content) for fault in admitted] == [
            (line, line, content) for line, content in enumerate(kept, start=1)
        ]
        assert [fault.days for fault in admitted] == [0, 0, days]
        assert counted == counts
