"""Record of what earlier runs left out: a run that forgets any of it for people who still agree is refused."""

from pathlib import Path

import pytest

from pipelines.state.private_state import PrivateState
from pipelines.state.stretch_record import StretchRecord, check_stretches, count_obeyed, read_stretches
from schemas.errors import FailedError, RefusedError
from transforms.consent.registry import ConsentSnapshot
from transforms.consent.restriction_files import OPEN
from transforms.consent.restrictions import Restrictions
from transforms.consent.settings import ConsentSettings
from transforms.keys.key_set import KeyReference, KeyRole, create_key_set
from transforms.keys.rotation import rotate

_ANN = Restrictions({"ann": ((5, OPEN),)})
_BEN = Restrictions({}, {"ben": (("s", 3, 9),)})
_WORD = Restrictions(words=("kestrel",))


@pytest.fixture
def private(tmp_path: Path) -> PrivateState:
    create_key_set(tmp_path / "keys")
    return open_state(tmp_path)


def open_state(folder: Path) -> PrivateState:
    return PrivateState.of(KeyReference.parse(str(folder / "keys")), str(folder / "state"))


def run(private: PrivateState, left_out: Restrictions, *agreed: str, fewer: bool = False) -> StretchRecord:
    """Check a run of people who agree, and keep its record."""
    grants = {user: {"1": 0} for user in agreed}
    consent = ConsentSnapshot("training", grants, restrictions=left_out)
    record = check_stretches(private, "sessions", consent, ConsentSettings(fewer_pauses=fewer))
    record.keep(private, "sessions")
    return record


@pytest.mark.parametrize("left_out", [_ANN, _BEN, _WORD])
def test_a_run_without_what_an_earlier_one_left_out_is_refused(private: PrivateState, left_out: Restrictions) -> None:
    run(private, Restrictions(), "ann", "ben")
    run(private, left_out, "ann", "ben")
    with pytest.raises(RefusedError, match="Pass --pauses and --wishes again"):
        run(private, Restrictions(), "ann", "ben")
    with pytest.raises(RefusedError, match=r"consent\.fewer_pauses"):
        run(private, Restrictions(), "ann", "ben")
    run(private, left_out | Restrictions({"ben": ((1, 2),)}), "ann", "ben")
    assert run(private, Restrictions(), "ann", "ben", fewer=True) == StretchRecord()
    run(private, Restrictions(), "ann", "ben")


def test_an_open_pause_may_be_ended_and_no_other_take_its_place(private: PrivateState) -> None:
    run(private, _ANN, "ann")
    run(private, Restrictions({"ann": ((5, 8), (9, 10))}), "ann")
    with pytest.raises(RefusedError):
        run(private, Restrictions({"ann": ((4, OPEN),)}), "ann")
    with pytest.raises(RefusedError):
        run(private, Restrictions({"ann": ((5, 8),)}), "ann")


@pytest.mark.parametrize(
    ("before", "now"),
    [
        (Restrictions({"ann": ((5, 8),)}), Restrictions({"ann": ((5, 7),)})),
        (Restrictions({"ann": ((5, 8), (5, 6))}), Restrictions({"ann": ((5, 6), (5, 7))})),
        (Restrictions({}, {"ann": (("s", 3, 9),)}), Restrictions({}, {"ann": (("s", 3, 8),)})),
    ],
)
def test_a_stretch_may_grow_and_not_shrink(private: PrivateState, before: Restrictions, now: Restrictions) -> None:
    run(private, now, "ann")
    run(private, before, "ann")
    run(private, before, "ann")
    with pytest.raises(RefusedError, match="are missing"):
        run(private, now, "ann")
    with pytest.raises(RefusedError, match="are missing"):
        run(private, now, "ann")
    assert run(private, now, "ann", fewer=True) == run(private, now, "ann")


def test_a_stretch_that_shrank_while_nobody_agreed_is_missed_once_they_do(private: PrivateState) -> None:
    run(private, Restrictions({"ann": ((5, 8),)}), "ann")
    run(private, Restrictions({"ann": ((5, 7),)}))
    run(private, Restrictions({"ann": ((5, 7),)}))
    with pytest.raises(RefusedError):
        run(private, Restrictions({"ann": ((5, 7),)}), "ann")
    run(private, Restrictions({"ann": ((5, 8),)}), "ann")


def test_a_pause_of_somebody_who_does_not_agree_is_remembered_until_they_do(private: PrivateState) -> None:
    run(private, _ANN | _BEN, "ann", "ben")
    run(private, _BEN, "ben")
    run(private, _BEN | Restrictions({"ann": ((7, 8),)}), "ben")
    with pytest.raises(RefusedError):
        run(private, _BEN | Restrictions({"ann": ((7, 8),)}), "ann", "ben")
    run(private, _BEN | Restrictions({"ann": ((5, 6), (7, 8))}), "ann", "ben")


def test_a_rotation_of_the_transit_key_forgets_nothing(private: PrivateState, tmp_path: Path) -> None:
    before = run(private, _ANN | _WORD, "ann")
    rotate(tmp_path / "keys", KeyRole.TRANSIT)
    rotated = open_state(tmp_path)
    for left_out in (Restrictions(), _ANN, _WORD):
        with pytest.raises(RefusedError):
            run(rotated, left_out, "ann")
    after = run(rotated, _ANN | _WORD, "ann")
    assert not before.people.keys() & after.people.keys()


def test_the_record_is_kept_sealed_for_each_dataset_and_names_nobody(private: PrivateState) -> None:
    made = run(private, _ANN | _WORD, "ann")
    assert read_stretches(private, "sessions") == made
    assert read_stretches(private, "others") == StretchRecord()
    assert "ann" not in str(made.people)
    assert "people" not in repr(made)
    kept = Path(private.uri) / "consent" / "stretches" / "sessions.sealed"
    assert not any(digest.encode() in kept.read_bytes() for digest in made.people)
    kept.rename(kept.with_name("others.sealed"))
    with pytest.raises(FailedError, match="restore private state"):
        read_stretches(private, "others")


@pytest.mark.parametrize(
    ("asked", "obeyed"),
    [
        (Restrictions({"ann": ((5, 8),)}), (1, 1)),
        (Restrictions({"ann": ((5, 7),)}), (1, 1)),
        (Restrictions({"ann": ((5, 9),)}), (0, 1)),
        (Restrictions({"ann": ((5, OPEN),)}), (0, 1)),
        (Restrictions({"ann": ((4, 8),)}), (0, 1)),
        (Restrictions({"ben": ((5, 8),)}), (0, 1)),
        (Restrictions({"ann": ((5, 8), (20, OPEN)), "ben": ((1, 2),)}), (2, 3)),
        (Restrictions(), (0, 0)),
    ],
)
def test_pauses_count_as_obeyed_where_the_last_run_left_them_out_to_their_end(
    private: PrivateState, tmp_path: Path, asked: Restrictions, obeyed: tuple[int, int]
) -> None:
    assert count_obeyed(private, "sessions", asked) == (0, obeyed[1])
    run(private, Restrictions({"ann": ((5, 8), (20, OPEN))}), "ann")
    assert count_obeyed(private, "sessions", asked) == obeyed
    assert count_obeyed(private, "another", asked) == (0, obeyed[1])
    rotate(tmp_path / "keys", KeyRole.TRANSIT)
    assert count_obeyed(open_state(tmp_path), "sessions", asked) == obeyed


def test_a_pause_that_was_open_in_the_last_run_was_obeyed_wherever_it_ends(private: PrivateState) -> None:
    run(private, _ANN, "ann")
    assert count_obeyed(private, "sessions", Restrictions({"ann": ((5, 99),)})) == (1, 1)
