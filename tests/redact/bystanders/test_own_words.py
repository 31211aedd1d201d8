"""Own words: what was typed, also where it was sent or deleted, and nothing that came into a field at once."""

from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.raw import TypedField
from transforms.redact.bystanders.own_text.own_words import OwnWords, squash


def field_of(
    runs: Sequence[str], *, drafts: Sequence[slice] = (), final: slice = slice(None), keys: int = 1
) -> TypedField:
    """Make a field into which each of ``runs`` came with one event."""
    text = "".join(runs)
    rows = np.repeat(np.arange(len(runs), dtype=np.int64), [len(run) for run in runs])
    cells = np.arange(len(text), dtype=np.int32)
    gone = np.full(len(text), -1, np.int64)
    left = tuple(cells[part] for part in drafts)
    pressed = np.arange(keys, dtype=np.int64)
    return TypedField(0, "f", -1, "textbox", "", True, text, rows, gone, cells[final], left, pressed, 0, True, False)


def test_what_was_sent_and_cleared_is_own_too() -> None:
    said = "I can draft it tonight"
    assert OwnWords.of([field_of(list(said), drafts=[slice(None)], final=slice(0))]).owns(said)
    assert not OwnWords.of([field_of(list(said), final=slice(0))]).owns(said)


@pytest.mark.parametrize(("first", "counts"), [(slice(0, 12), True), (slice(0, 11), False)])
def test_a_draft_counts_if_half_of_it_stands_in_no_later_text(first: slice, *, counts: bool) -> None:
    own = OwnWords.of([field_of(list("abcdefghijklmnopqr"), drafts=[first], final=slice(0, 6))])
    assert own.typed.split("\n") == (["abcdef", "abcdefghijkl"] if counts else ["abcdef"])


def test_of_two_drafts_that_share_most_of_it_the_later_counts() -> None:
    own = OwnWords.of([field_of(list("abcdefghijkl"), drafts=[slice(0, 9), slice(0, 12)], final=slice(0))])
    assert own.typed.split("\n") == ["", "abcdefghijkl"]


@pytest.mark.parametrize(
    ("put_in", "keys", "owned"),
    [
        ("nobody tells the board", 1, False),
        ("nobody tells anybody", 1, True),  # three words: completed, not quoted
        ("nobody tells the board", 0, True),  # a recorder that tells values alone
    ],
)
def test_a_sentence_that_came_at_once_into_a_field_with_keys_was_not_typed(
    put_in: str, keys: int, *, owned: bool
) -> None:
    own = OwnWords.of([field_of([*"so it is ", put_in, *" and there"], keys=keys)])
    assert own.owns(put_in) is owned
    assert own.holds("and there")
    assert own.holds("it is and there") is False


def test_a_single_key_is_typed_however_it_reads() -> None:
    text = "\u4f50\u85e4\u4f50\u85e4\u4f50\u85e4\u4f50\u85e4"
    assert OwnWords.of([field_of(list(text))]).owns(text)
    assert not OwnWords.of([field_of([text])]).owns(text)


@pytest.mark.parametrize(
    ("line", "owned"),
    [
        ("abcdefg xyz", True),  # 7 of 10 letters
        ("xyz abcdefg", True),
        ("xy abcdefg z", True),
        ("abcdefg wxyz", False),  # 7 of 11
        ("abcdef", True),
        ("abcde", False),  # a line of five letters is nobody's
        ("abcdef xy", True),  # 6 of 8
        ("abcdef xyz", False),  # 6 of 9
        ("abcde xy", False),  # five typed letters in a row
        ("efghij", False),  # over the edge of two texts
        ("", False),
    ],
)
def test_a_line_is_own_if_seven_tenths_of_it_in_one_run_were_typed(line: str, *, owned: bool) -> None:
    assert OwnWords("abcdefg\nhijklmn").owns(line) is owned


@pytest.mark.parametrize(("text", "holds"), [("ABC, def!", True), ("abcde", False), ("abcdefgh", False), ("", False)])
def test_a_whole_text_is_held_from_six_letters_on(text: str, *, holds: bool) -> None:
    assert OwnWords("abcdefg\nhijklmn").holds(text) is holds


@pytest.mark.parametrize(
    ("lines", "joined"),
    [
        ([], []),
        (["abcdefg"], [False]),
        (["abcde", "fg"], [True, True]),
        (["fg", "abcde"], [False, False]),
        (["abcd", "e", "fg"], [False, False, False]),  # five letters and three
        (["abcd", "ef", "g"], [True, True, False]),
        (["abcdef", "", "g"], [False, False, False]),
        (["", "abcdefg"], [False, False]),
        (["abcdefg", "..."], [False, False]),
        (["cdefg", "hijkl"], [False, False]),
    ],
)
def test_lines_are_joined_to_what_was_typed_in_a_row(lines: list[str], joined: list[bool]) -> None:
    assert OwnWords("abcdefg\nhijklmn").find_joined(lines) == joined


_TEXT = st.text("ab c", max_size=30)


@given(_TEXT, _TEXT)
def test_the_shared_letters_tell_the_same_as_trying_every_run(typed: str, line: str) -> None:
    plain, text = squash(line), squash(typed)
    need = max(6, -(-len(plain) * 7 // 10))
    runs = [plain[start : start + need] for start in range(len(plain) - need + 1)]
    assert OwnWords(text).owns(line) is any(run in text for run in runs)


@given(st.lists(st.text("abc .", max_size=12), max_size=5))
def test_what_is_typed_key_by_key_is_held(texts: list[str]) -> None:
    own = OwnWords.of([field_of(list(text)) for text in texts])
    assert all(own.holds(text) for text in texts if len(squash(text)) >= 6)


@pytest.mark.parametrize(
    ("name", "incoming"),
    [
        ("明日は病院に行くので会社を休みます", True),  # one word without spaces
        ("設定を変更する", True),  # seven signs may be a sentence
        ("設定を変更す", False),
        ("Zorblax " + "q" * 52, False),
        ("Zorblax " + "q" * 53, True),
        ("Zorblax Quillo Vex", False),
        ("Zorblax Quillo Vex Dram", True),
    ],
)
def test_only_a_short_name_of_a_control_is_the_windows_own(name: str, *, incoming: bool) -> None:
    assert OwnWords("").is_incoming(name, is_control=True) is incoming


@pytest.mark.parametrize(
    ("typed", "line", "found"),
    [
        ("call Anna about the keys", "10am, Call Anna about the keys, Room 4", "Call Anna about the keys"),
        ("call Anna about the keys", "call Anna about the keys", "call Anna about the keys"),
        ("call Anna about the keys", "10am (call Anna about the keys ?!) Ilse", "call Anna about the keys ?!"),
        ("call Anna about the keys", "10am: recall Anna about the keys", None),
        ("call Anna about the keys", "call Anna about the keys7", None),
        ("call Anna about the keys", "call Anna about the car keys", None),
        ("call Anna about the keys and the car", "10am, call Anna about the keys", None),
        ("the red keys", "10am, the red keys, Ilse", None),
        ("Settings Settings Settings Settings", "Settings Settings Settings Settings, Ilse", None),
        ("Anna about the keys\ncall Anna about the keys", "10am, call Anna about the keys", "call Anna about the keys"),
        ("a b c d", "10am, a b c d, Ilse", None),
        ("a b c d ef", "10am, a b c d ef, Ilse", "a b c d ef"),
        ("die Stra\u00dfe ist heute zu", "10:00 die Stra\u00dfe ist heute zu. Ilse", "die Stra\u00dfe ist heute zu."),
        ("", "10am, call Anna about the keys", None),
    ],
)
def test_a_sentence_typed_as_a_text_is_found_in_a_longer_line(typed: str, line: str, found: str | None) -> None:
    own = OwnWords("\n".join(map(squash, typed.split("\n"))))
    for _ in range(2):
        place = own.find_whole(line)
        assert (line[slice(*place)] if place else None) == found


@pytest.mark.parametrize(("length", "found"), [(400, True), (401, False)])
def test_a_typed_text_is_looked_for_in_lines_as_long_as_an_entry(length: int, *, found: bool) -> None:
    line = "call Anna about the keys".ljust(length, ".")
    assert (OwnWords("callannaaboutthekeys").find_whole(line) is not None) is found
