import re
import time

import pytest

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.redact.detect.misreadings.digits import Keep, read_digits
from transforms.redact.detect.misreadings.network_addresses import find_addresses
from transforms.redact.detect.misreadings.readings import find_misread
from transforms.redact.detect.misreadings.tokens import find_tokens, soften
from transforms.redact.detect.patterns import PatternDetector
from transforms.redact.detect.recognizers.street_addresses import AddressSearch
from transforms.redact.settings import RedactSettings


@pytest.mark.parametrize(
    ("text", "reading"),
    [
        ("4l11 1I1| O0!0", "4111 1111 0010"),
        ("536-ZZ-8741", "536-22-8741"),
        ("10.O.O.5", "10.0.0.5"),
        ("12 SS 30", "12 55 30"),
        ("+l 649", "+1 649"),
        ("boto3 and s3x", "boto3 and s3x"),
        ("So 8 is Bill", "So 8 is Bill"),
        ("a | 12 | b", "a | 12 | b"),
        ("12 SSSSS 30", "12 SSSSS 30"),
        ("SS 30", "SS 30"),
    ],
)
def test_letters_are_digits_where_digits_are_expected(text: str, reading: str) -> None:
    assert read_digits(text, [Keep.NONE]) == [reading]


@pytest.mark.parametrize(
    ("keep", "reading"),
    [(Keep.NONE, "0512345605"), (Keep.LEADING, "QS12345605"), (Keep.TRAILING, "05123456OS"), (Keep.BOTH, "QS123456OS")],
)
def test_letters_before_and_behind_the_digits_may_stay(keep: Keep, reading: str) -> None:
    assert read_digits("QS123456OS", [keep]) == [reading]


def test_check_digits_of_an_account_are_read_before_the_letters_of_a_bank() -> None:
    assert read_digits("to GBB2 NWBK 6016", [Keep.LEADING]) == ["to GB82 NWBK 6016"]


@pytest.mark.parametrize(
    "value",
    [
        "ann.lee@example.com", "ann.lee(a)example.com", "ann.lee @ example.com", "ann@ example. com",
        "ann[a]example,com", "ann\u00a9example.c0m", "192,168.1.20", "l92.168.1.2O", "192. 168.1.20",
        "OO:1B:44:ll:3A:B7", "00-1B-44-11-3A-B7",
    ],
)  # fmt: skip
def test_an_address_is_found_though_its_signs_were_misread(value: str) -> None:
    text = f"to {value} today"
    assert [text[span.start : span.end] for span in find_addresses(text)] == [value]


@pytest.mark.parametrize(
    "text",
    [
        "lunch @ 12.30", "icon@2x.png here", "1,234,255.89", "1.234.255,89", "10, 20, 30, 40", "v 1.2.3.4", "300,1.1.1",
        "0,1.1.1", "255,255.255.0", "SO,SO.SO.SO", "see you @ work. Thanks",
        "git@forge.example:a/b", "ab:cd:ef:ab:cd:ef",
    ],
)  # fmt: skip
def test_what_only_looks_like_an_address_is_none(text: str) -> None:
    assert list(find_addresses(text)) == []


@pytest.mark.parametrize(
    "value", ["AKlAI0SF0DNN7EXAMPLE", "ghp-Abcdefgh1jklmnopqrstuvwx", "5k-proj-abcdefghij0123456789"]
)
def test_a_key_is_found_though_its_prefix_was_misread(value: str) -> None:
    assert [span[:3] for span in find_tokens(f"use {value}")] == [(4, 4 + len(value), EntityType.SECRET)]


@pytest.mark.parametrize(
    "text", ["sk-learn-and-other-libraries-of-python", "sk 1234567890 1234567890", "ghp_abcdefghijklmnopqrstuvwx"]
)
def test_words_behind_a_prefix_are_no_key(text: str) -> None:
    assert list(find_tokens(text)) == []


@pytest.mark.parametrize(
    ("pattern", "clear", "misread"),
    [
        (r"A[B-D]{2}\d+", "ABC12", "A8C|Z"),
        (r"(?:ab|cd)_x{1,3}?", "cd_xx", "cd xx"),
        (r"[\w-]{3}\.z", "a-b.z", "a|b,2"),
        (r"q?k", "k", "9k"),
    ],
)
def test_a_softened_pattern_finds_what_the_pattern_does_and_misreadings_of_it(
    pattern: str, clear: str, misread: str
) -> None:
    assert re.fullmatch(pattern, clear)
    assert re.fullmatch(soften(pattern), clear)
    assert re.fullmatch(soften(pattern), misread)
    assert not re.fullmatch(soften(pattern), "?" + clear)


def test_a_pattern_of_another_kind_cannot_be_softened() -> None:
    with pytest.raises(ValueError, match="ASSERT"):
        soften(r"(?=a)b")


def test_a_number_counts_where_a_character_of_it_was_replaced_and_a_name_never() -> None:
    def scan(_: str) -> list[Span]:
        return [Span(0, 4, EntityType.PERSON, 1), Span(0, 4, EntityType.US_SSN, 1), Span(5, 9, EntityType.US_SSN, 1)]

    assert list(find_misread("1234 56l8", scan)) == [Span(5, 9, EntityType.US_SSN, 1)]
    assert list(find_misread("1234 5678", scan)) == []


def test_a_long_text_costs_in_proportion_to_its_length() -> None:
    began = time.process_time()
    for piece in ("-sk-", "+l ", "a@", "0. ", "AKIA", "eyJ."):
        list(find_misread(piece * (12_000 // len(piece)), lambda _: []))
    assert time.process_time() - began < 10  # half a second on an idle core; far more where it is quadratic


def test_values_keep_their_place_behind_other_lines() -> None:
    text = "first line\nto ann(a)example.com"
    assert [text[span.start : span.end] for span in find_misread(text, lambda _: [])] == ["ann(a)example.com"]


def test_readings_of_digits_are_not_searched_for_addresses(monkeypatch: pytest.MonkeyPatch) -> None:
    searched = list[str]()
    monkeypatch.setattr(AddressSearch, "__call__", lambda _, text: iter(searched.append(text) or ()))
    text = "card 4l11 11I1 1111 1111 at 12 Main Street"
    (spans,) = PatternDetector(RedactSettings()).detect([Text(text, TextKind.SCREEN, ocr=True)])
    assert [text[span.start : span.end] for span in spans] == ["4l11 11I1 1111 1111"]
    assert searched == [text]
