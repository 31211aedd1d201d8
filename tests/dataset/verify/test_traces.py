"""Pseudonyms and runs of eight words are found again however a text is stored."""

import hashlib
import json
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.dataset.verify.traces import TraceCollector, find_windows, hash_windows

_ALPHABET = string.ascii_lowercase + "234567"
_NAME = _ALPHABET[:26]
_WORDS = st.lists(st.text("abcdefghijäß山", min_size=1, max_size=6), min_size=8, max_size=30)


def collect(*texts: str, most: int = 1_000) -> TraceCollector:
    collector = TraceCollector(most_windows=most)
    for text in texts:
        collector.add(text)
    return collector


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (_NAME, True),
        (f'{{"session":"{_NAME}","x":1}}', True),
        (f"{_NAME.upper()},7", True),
        (f"user={_NAME}&", True),
        (f"/{_NAME}/", True),
        (f"\\n{_NAME}", True),
        (f"8{_NAME}", True),
        (f"a{_NAME}", False),
        (f"{_NAME}2", False),
        (_NAME[:25], False),
        (_NAME[:25] + "1", False),
    ],
)
def test_names_of_sessions_and_users_are_found_as_whole_words(text: str, found: bool) -> None:
    assert collect(text).pseudonyms == ({_NAME} if found else set())


@pytest.mark.parametrize(
    ("spelled", "one_case"),
    [
        (_NAME, True),
        (_NAME.upper(), True),
        (_NAME[0].upper() + _NAME[1:], False),
        (_NAME[:25].upper() + _NAME[25], False),
        ("dataReleaseMaintenancePlan", False),
        ("cafe7bed2fed3ace4bad5cab6d", False),
        ("CAFE7BED2FED3ACE4BAD5CAB6D", False),
        ("cafe7bed2fed3ace4bad5cab6g", True),
    ],
)
def test_a_stretch_of_base64_or_of_a_digest_is_no_name_as_a_release_spells_it(spelled: str, one_case: bool) -> None:
    collector = collect(f'"{spelled}"')
    assert collector.pseudonyms == {spelled.lower()}
    assert collector.one_case == ({spelled.lower()} if one_case else set())


@pytest.mark.parametrize(
    ("before", "behind", "one_case"),
    [
        *((sign, "", False) for sign in "0189+"),
        *(("", sign, False) for sign in "0189+="),
        *((sign, "", True) for sign in ("=", "/", "_", "-", "ß")),
        *(("", sign, True) for sign in ("/", "&", ".", "_", "-")),
    ],
)
def test_signs_of_base64_stand_beside_no_name_that_a_release_spells(before: str, behind: str, one_case: bool) -> None:
    collector = collect(f"{before}{_NAME}{behind}")
    assert collector.pseudonyms == {_NAME}
    assert collector.one_case == ({_NAME} if one_case else set())


def test_no_digest_holds_a_name_as_a_release_spells_it() -> None:
    """Of 10,000 digests about 16 hold a stretch that has the letters of one."""
    collector = collect(*(hashlib.sha256(b"%d" % number).hexdigest() for number in range(10_000)))
    assert collector.pseudonyms
    assert collector.one_case == set()


@pytest.mark.parametrize(("words", "windows"), [(7, 0), (8, 1), (9, 2), (12, 5)])
def test_eight_words_are_a_window(words: int, windows: int) -> None:
    assert len({*hash_windows(" ".join(string.ascii_lowercase[:words]))}) == windows


def test_each_sign_of_a_script_without_spaces_is_a_word() -> None:
    assert len({*hash_windows("三階への引っ越し")}) == 1
    assert len({*hash_windows("三階への引っ越")}) == 0


@given(_WORDS, st.sampled_from([" ", ", ", "\n", " -- ", "\t"]))
def test_a_text_is_found_again_whatever_stands_between_its_words(words: list[str], between: str) -> None:
    text, copied = " ".join(words), between.join(words)
    for stored in (copied, json.dumps(copied), json.dumps(copied, ensure_ascii=False), f"<p>{copied}</p>"):
        collector = collect(f"first {stored} last")
        assert find_windows([text], collector.windows, collector.share) == {*hash_windows(text.casefold())}


@pytest.mark.parametrize(
    "stored",
    [
        r"se\u00f1or a\u00f1o one two three four five six",
        "se&ntilde;or a&#241;o one two three four five six",
        r"SE\u00d1OR\na\u00f1o one\ttwo three four five six",
        "señor (año) one-two three, four: five six",
    ],
)
def test_escapes_of_json_and_html_are_read(stored: str) -> None:
    text = "Señor año: one two three four five six."
    collector = collect(stored)
    assert len(find_windows([text], collector.windows, collector.share)) == 1


def test_a_number_of_thousands_of_digits_is_no_escape() -> None:
    assert collect(f"&#{'1' * 5_000}; {_NAME}").pseudonyms == {_NAME}


def test_a_backslash_that_is_no_escape_parts_words_as_it_stands() -> None:
    text = r"C:\new one two three four five six seven"
    assert find_windows([text], collect(text).windows, 1) == {*hash_windows(text.casefold())}


@pytest.mark.parametrize(("words", "share"), [(107, 1), (108, 2)])
def test_of_a_long_text_every_second_window_is_kept(words: int, share: int) -> None:
    """100 windows are kept, of 101 about a half: those of even number, whatever text they stand in."""
    text = " ".join(f"w{number}" for number in range(words))
    collector = collect(text, most=100)
    assert collector.share == share
    assert collector.windows == {window for window in hash_windows(text) if window % share == 0}
    assert find_windows([text], collector.windows, collector.share) == collector.windows


def test_a_collector_shows_nothing_of_what_it_collected() -> None:
    assert _NAME not in repr(collect(_NAME))
