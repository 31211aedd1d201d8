import hashlib
import json
import math
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import FailedError
from schemas.privacy import Adjacency, Charge, DayWindow, Gaussian, PrivacyUnit, Pure
from transforms.privacy.budget import Budget, EventBudget
from transforms.privacy.ledger import Ledger, LedgerChain, _canonical, decode, encode, position
from transforms.privacy.ledger_changes import Approval, Cancellation, Replacement, Retirement, Tombstone
from transforms.privacy.ledger_entries import Commit, Entry, Reservation

KEY, OTHER = bytes(range(32)), bytes(32)
BUDGET = Budget(PrivacyUnit.USER, 1.0, 1e-7, 8.0, 1e-6)
NAME = "/private/ledger.jsonl"


def charge(label: str = "dwell", **changed: object) -> Charge:
    steps = (Gaussian(4.5), Pure(0.1, 3))
    made = Charge(label, ("t_ms",), "discrete Gaussian", PrivacyUnit.USER, Adjacency.REPLACE, steps, 1e-9)
    return replace(made, **changed)  # type: ignore[arg-type]


def reservation(number: int, *charges: Charge) -> Reservation:
    return Reservation(f"release-{number}", "typing", "c" * 64, "d" * 64, BUDGET, charges or (charge(),), "2026-11-24")


def commit(number: int) -> Commit:
    return Commit(f"release-{number}", "/data/typing", "e" * 64, "2026-11-25")


DAYS = DayWindow(date(2026, 11, 16), date(2026, 11, 22))
BOOK = (
    Ledger("1f" * 8)
    .with_reservation(reservation(1))
    .with_commit(commit(1))
    .with_reservation(reservation(2, charge("days", unit=PrivacyUnit.USER_DAY, window=DAYS), charge("näme \u2028 \"'")))
)
CONTENT = encode(BOOK, KEY)


def test_it_comes_back_as_it_was_and_its_bytes_are_ascii() -> None:
    assert decode(CONTENT, [KEY], NAME) == BOOK
    assert CONTENT.isascii()
    assert [set(json.loads(line)) for line in CONTENT.splitlines()] == [
        {"digest", "form", "ledger_id"},
        *[{"digest", "entry"}] * 3,
        {"digest", "entries"},
    ]


def test_windows_and_event_budgets_come_back_and_older_entries_keep_their_bytes() -> None:
    newer = replace(reservation(3), window="2026-11-16..2026-11-22", events=EventBudget(64.0, 1e-9))
    book = BOOK.with_reservation(newer).with_reservation(replace(reservation(4), events=EventBudget(32.0, 1e-12)))
    content = encode(book, KEY)
    assert decode(content, [KEY], NAME) == book
    assert book.reservations()[2:] == (newer, replace(reservation(4), events=EventBudget(32.0, 1e-12)))
    older = CONTENT.splitlines()[:-1]
    assert content.splitlines()[: len(older)] == older
    assert not any(b"window" in line.partition(b'"steps"')[0] or b"events" in line for line in older)


def test_no_flipped_bit_of_any_byte_goes_unnoticed() -> None:
    for place in range(len(CONTENT) * 8):
        altered = bytearray(CONTENT)
        altered[place // 8] ^= 1 << place % 8
        with pytest.raises(FailedError, match=NAME):
            decode(bytes(altered), [KEY], NAME)


def test_no_line_can_be_taken_out_doubled_moved_or_cut_off() -> None:
    lines = CONTENT.splitlines(keepends=True)
    forms = [
        *(lines[:at] + lines[at + 1 :] for at in range(len(lines))),
        *(lines[: at + 1] + lines[at:] for at in range(len(lines))),
        *(lines[:at] for at in range(len(lines))),
        [lines[0], lines[2], lines[1], *lines[3:]],
    ]
    for form in forms:
        with pytest.raises(FailedError, match="restore it from its backup"):
            decode(b"".join(form), [KEY], NAME)


def test_a_shorter_book_with_an_end_of_its_own_is_told_by_the_signed_position() -> None:
    place = position(BOOK, KEY)
    older = replace(BOOK, entries=BOOK.entries[:2])
    assert decode(encode(older, KEY), [KEY], NAME) == older
    assert LedgerChain.of(BOOK, [KEY]).confirms(place)
    assert LedgerChain.of(BOOK.with_commit(commit(2)), [OTHER, KEY]).confirms(place)
    assert not LedgerChain.of(older, [KEY]).confirms(place)
    assert not LedgerChain.of(replace(BOOK, ledger_id="2f" * 8), [KEY]).confirms(place)
    assert not LedgerChain.of(replace(BOOK, entries=(*BOOK.entries[:2], reservation(2))), [KEY]).confirms(place)
    assert not LedgerChain.of(BOOK, [OTHER]).confirms(place)


def test_one_chain_confirms_the_position_after_each_entry_and_no_other() -> None:
    chain = LedgerChain.of(BOOK, [OTHER, KEY])
    places = [position(replace(BOOK, entries=BOOK.entries[:length]), KEY) for length in range(len(BOOK.entries) + 1)]
    assert all(map(chain.confirms, places))
    longer = position(BOOK.with_commit(commit(2)), KEY)
    wrong = [replace(place, length=place.length - 1) for place in places]
    assert not any(map(chain.confirms, [longer, *wrong]))


@pytest.mark.parametrize(
    "content",
    [b"", b"\n", b"{}", b"[]\n[]\n", b"null\nnull\n", b"\xff\n", b"[" * 100_000, CONTENT + b"\n", CONTENT[:-1]],
)
def test_what_is_no_ledger_is_refused(content: bytes) -> None:
    with pytest.raises(FailedError, match=NAME):
        decode(content, [KEY], NAME)


def test_another_key_set_is_refused_and_a_rotated_key_still_reads() -> None:
    with pytest.raises(FailedError, match="another key set"):
        decode(CONTENT, [OTHER], NAME)
    assert decode(CONTENT, [OTHER, KEY], NAME) == BOOK


def test_an_appended_entry_leaves_every_line_before_it_as_it_was() -> None:
    longer = encode(BOOK.with_commit(commit(2)), KEY)
    assert longer.splitlines()[:-2] == CONTENT.splitlines()[:-1]


def test_a_repeated_charge_is_the_same_charge() -> None:
    assert BOOK.with_reservation(replace(reservation(1), at="2027-01-01")) is BOOK
    assert BOOK.with_commit(replace(commit(1), at="2027-01-01", release="/elsewhere")) is BOOK
    assert len(BOOK.charges()) == 3


def test_one_id_never_stands_for_two_charges() -> None:
    with pytest.raises(FailedError, match="other figures"):
        BOOK.with_reservation(reservation(1, charge(steps=(Gaussian(4.4),))))


def test_nothing_is_committed_that_was_not_reserved() -> None:
    with pytest.raises(FailedError, match="before it was reserved"):
        BOOK.with_commit(commit(3))


def test_the_book_as_of_a_charge_ends_with_it() -> None:
    assert BOOK.until("release-1").entries == BOOK.entries[:1]
    assert BOOK.until("release-2") == BOOK


def test_a_change_is_entered_once_whenever_it_is_and_takes_nothing_from_the_charges() -> None:
    changes = (
        Tombstone("ab" * 32, "then"),
        Replacement("/data/r1", "f" * 64, 1, "then"),
        Retirement("/data/r1", "then"),
        Approval("/data/r1", "f" * 64, "officer", "then"),
    )
    book = BOOK
    for change in changes:
        book = book.with_change(change)
        assert book.with_change(replace(change, at="later")) is book
    assert book.entries == (*BOOK.entries, *changes)
    assert book.charges() == BOOK.charges()
    assert decode(encode(book, KEY), [KEY], NAME) == book
    for other in (replace(changes[1], erasures=2), replace(changes[3], reviewer="council")):
        assert len(book.with_change(other).entries) == len(book.entries) + 1


def test_a_ledger_of_charges_alone_has_the_bytes_that_it_had_before_there_were_changes() -> None:
    assert hashlib.sha256(CONTENT).hexdigest() == "ee01d2406a9cf25308e2375647d462e0b1cb8a0f487e109cbc3d1e98d6fceedc"


numbers = st.floats(min_value=1e-3, max_value=1e6, allow_nan=False)
steps = st.one_of(
    st.builds(Gaussian, numbers, st.integers(1, 10**9)),
    st.builds(Pure, numbers, st.integers(1, 10**9)),
)
charges = st.builds(
    Charge,
    label=st.text(min_size=1),
    columns=st.lists(st.text()).map(tuple),
    mechanism=st.text(),
    unit=st.sampled_from([PrivacyUnit.USER, PrivacyUnit.EVENT]),
    adjacency=st.sampled_from(Adjacency),
    steps=st.lists(steps).map(tuple),
    delta=st.floats(min_value=0, max_value=0.5),
    expected_error=st.text(),
)
words = st.text(st.characters(exclude_categories=["Cs"]))


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.lists(charges, max_size=2), words, words), max_size=4))
def test_any_entries_come_back(items: list[tuple[list[Charge], str, str]]) -> None:
    entries: list[Entry] = []
    for number, (made, subject, place) in enumerate(items):
        entries += [
            Reservation(f"r{number}", subject, "c", "d", BUDGET, tuple(made), "now"),
            Commit(f"r{number}", place, "e", "now"),
        ]
    book = Ledger("00", tuple(entries))
    assert decode(encode(book, KEY), [KEY], NAME) == book


def test_a_reservation_that_was_taken_back_counts_no_more_and_may_be_made_again() -> None:
    once = Ledger("1f" * 8).with_reservation(reservation(1)).with_reservation(reservation(2))
    back = once.with_cancellation(Cancellation("release-1", "2026-11-25"))
    assert (back.find_reservation("release-1"), back.reservations()) == (None, (reservation(2),))
    assert back.charges() == reservation(2).charges
    assert back.with_cancellation(Cancellation("release-1", "2026-11-26")) == back
    again = back.with_reservation(reservation(1))
    assert again.reservations() == (reservation(2), reservation(1))
    assert again.until("release-1") == again
    twice = again.with_cancellation(Cancellation("release-1", "2026-11-25"))
    assert twice.reservations() == (reservation(2),)
    for ledger in (back, again, twice):
        assert decode(encode(ledger, KEY), [KEY], NAME) == ledger


def test_a_committed_charge_and_an_unknown_one_cannot_be_taken_back() -> None:
    ledger = Ledger("1f" * 8).with_reservation(reservation(1)).with_commit(commit(1))
    assert ledger.with_cancellation(Cancellation("release-1", "2026-11-25")) == ledger
    assert ledger.with_cancellation(Cancellation("release-9", "2026-11-25")) == ledger


def test_a_charge_that_was_taken_back_cannot_be_committed() -> None:
    ledger = (
        Ledger("1f" * 8).with_reservation(reservation(1)).with_cancellation(Cancellation("release-1", "2026-11-25"))
    )
    with pytest.raises(FailedError, match="before it was reserved"):
        ledger.with_commit(commit(1))


@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_what_is_no_number_is_never_written(number: float) -> None:
    with pytest.raises(ValueError, match="not JSON compliant"):
        _canonical({"delta": number})
    assert _canonical({"b": 0.5, "a": "\u00e9"}) == b'{"a":"\\u00e9","b":0.5}'


@pytest.mark.parametrize(
    ("charge_id", "subject", "training"),
    [("training/a", "training", True), ("release-1", "training", False), ("opt-outs/a", "opt-outs", False)],
)
def test_a_charge_of_a_training_is_told_from_those_of_releases_and_tables(
    charge_id: str, subject: str, training: bool
) -> None:
    assert replace(reservation(1), charge_id=charge_id, subject=subject).is_training is training
