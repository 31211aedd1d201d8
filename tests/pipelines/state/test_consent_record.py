"""Record of what the last run saw of the consent registry: a shrunk one is refused, new agreement is found."""

from pathlib import Path

import pytest

from pipelines.state.consent_record import (
    ConsentRecord,
    check_shrunk,
    count_missing,
    keep_record,
    list_purposes,
    read_record,
)
from pipelines.state.private_state import PrivateState
from pipelines.state.sealed_record import keep_sealed
from schemas.errors import FailedError, RefusedError, UsageError
from transforms.consent.registry import ConsentSnapshot
from transforms.consent.settings import ConsentSettings
from transforms.keys.key_set import KeyReference, KeyRole, create_key_set
from transforms.keys.rotation import rotate


@pytest.fixture
def private(tmp_path: Path) -> PrivateState:
    create_key_set(tmp_path / "keys")
    return PrivateState.of(KeyReference.parse(str(tmp_path / "keys")), str(tmp_path / "state"))


def record(people: int, **grants: int) -> ConsentRecord:
    return ConsentRecord("training", people, grants)


@pytest.mark.parametrize(
    ("before", "now", "is_refused"),
    [
        (10, 8, False),
        (10, 7, True),
        (12, 10, False),
        (12, 9, True),
        (4, 3, False),
        (4, 2, True),
        (2, 1, False),
        (3, 9, False),
    ],
)
def test_a_registry_may_lose_one_person_or_the_stated_share(before: int, now: int, is_refused: bool) -> None:
    if is_refused:
        with pytest.raises(RefusedError, match="20% fewer people"):
            check_shrunk(record(now), record(before), ConsentSettings(), "hr.csv")
    else:
        check_shrunk(record(now), record(before), ConsentSettings(), "hr.csv")
    check_shrunk(record(now), record(before), ConsentSettings(max_drop=1.0), "hr.csv")
    check_shrunk(record(now), None, ConsentSettings(), "hr.csv")
    check_shrunk(record(now), ConsentRecord("research", before, {}), ConsentSettings(), "hr.csv")


def test_a_registry_without_a_row_for_the_purpose_is_refused_whatever_is_allowed() -> None:
    for before in (None, record(4)):
        with pytest.raises(RefusedError, match="no row for the purpose of this run, 'training': nobody agreed"):
            check_shrunk(record(0), before, ConsentSettings(max_drop=1.0), "hr.csv")


@pytest.mark.parametrize("share", [-0.01, 1.01])
def test_max_drop_is_a_share(share: float) -> None:
    with pytest.raises(UsageError, match="max_drop must be a number from 0 to 1"):
        ConsentSettings(max_drop=share)


def test_what_is_gained_is_new_agreement_and_agreement_from_an_earlier_time_on() -> None:
    before = record(2, ann=5, ben=5)
    assert record(2, ann=5, ben=5).first_gain(before) is None
    assert record(2, ann=5, ben=6).first_gain(before) is None
    assert record(2, ann=5).first_gain(before) is None
    assert record(2, ann=5, ben=4).first_gain(before) == 4
    assert record(3, ann=4, ben=5, cid=3).first_gain(before) == 3
    assert record(2, ann=1).first_gain(None) is None
    assert record(2, ann=1).first_gain(ConsentRecord("research", 2, {})) is None


def test_a_record_is_kept_sealed_and_names_nobody(private: PrivateState) -> None:
    snapshot = ConsentSnapshot("training", {"anna@example.org": {"1": 5}}, registered=2)
    made = ConsentRecord.of(snapshot, private)
    assert "anna" not in str(made.grants)
    assert "grants" not in repr(made)
    assert read_record(private, "sessions") is None
    keep_record(private, "sessions", record(1))
    keep_record(private, "sessions", made)
    assert read_record(private, "sessions") == made == ConsentRecord.of(snapshot, private)
    assert read_record(private, "others") is None
    kept = Path(private.uri) / "consent" / "sessions.sealed"
    assert b"training" not in kept.read_bytes()
    kept.rename(kept.with_name("others.sealed"))
    with pytest.raises(FailedError, match="restore private state"):
        read_record(private, "others")


def _listing(*people: str, purpose: str = "training") -> ConsentSnapshot:
    return ConsentSnapshot(purpose, {}, registered=len(people), listed=frozenset(people))


def test_people_whom_the_registry_lost_are_counted_whoever_joined(private: PrivateState, tmp_path: Path) -> None:
    before = ConsentRecord.of(_listing("ann", "bob", "cy"), private)
    keep_record(private, "sessions", before)
    kept = read_record(private, "sessions")
    for people, missing in ((("ann", "bob", "cy"), 0), (("ann", "bob", "dee"), 1), (("dee", "eve"), 3), ((), 3)):
        assert count_missing(_listing(*people), kept, private) == missing
    assert count_missing(_listing("ann"), None, private) == 0
    assert count_missing(_listing(purpose="research"), kept, private) == 0
    rotate(tmp_path / "keys", KeyRole.TRANSIT)
    rotated = PrivateState.of(KeyReference.parse(str(tmp_path / "keys")), str(tmp_path / "state"))
    assert count_missing(_listing("ann", "bob"), kept, rotated) == 1


def test_of_a_record_without_people_the_numbers_are_compared(private: PrivateState) -> None:
    for people, missing in ((3, 0), (2, 0), (1, 1)):
        assert count_missing(_listing(*map(str, range(people))), record(2), private) == missing


def test_the_purposes_of_all_datasets_are_known(private: PrivateState) -> None:
    assert list_purposes(private) == frozenset()
    keep_record(private, "sessions", record(1))
    keep_record(private, "quality", ConsentRecord("quality", 1, {}))
    keep_sealed(private, "consent/stretches", "sessions", {})
    assert list_purposes(private) == {"training", "quality"}
