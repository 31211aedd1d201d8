from collections.abc import Collection

import pyarrow as pa
import pytest

from schemas.safe import REDACTED_SCHEMA
from transforms.redact import guard
from transforms.redact.guard import NUMBER_LEFT, SECRET_LEFT, VALUE_LEFT, Hit
from transforms.redact.reserved import FORMS
from transforms.redact.shown import Shown


def rows(*listed: dict[str, object]) -> pa.Table:
    return pa.Table.from_pylist(list(listed), schema=REDACTED_SCHEMA)


def inspect(table: pa.Table, values: Collection[str]) -> Hit | None:
    return guard.inspect(Shown(table), 0, table.num_rows, values)


def screen(text: str, *spans: tuple[int, int]) -> dict[str, object]:
    redactions = [{"column": "text", "start": start, "end": end, "entity": "PERSON"} for start, end in spans]
    return {"kind": "screen", "text": text, "redactions": redactions}


def keys(text: str, field: int | None = 0, *, synthetic: bool = False) -> list[dict[str, object]]:
    names = {"\n": "Enter", "<": "Backspace", "^": "Shift"}
    row = {"kind": "key", "field": field, "synthetic": synthetic}
    return [row | {"key": names.get(key, key), "action": action} for key in text for action in ("down", "up")]


@pytest.mark.parametrize("column", ["app", "title", "url", "name", "text"])
@pytest.mark.parametrize("written", ["anna kowalski", "ANNA  KOWALSKI", "xx anna_kowalski.pdf", "AnnaKowalski"])
def test_a_value_that_was_found_may_stand_in_no_text_column(column: str, written: str) -> None:
    found = inspect(rows({"kind": "focus", column: written}), {"annakowalski"})
    assert found == Hit(column, VALUE_LEFT)


def test_a_short_value_counts_as_a_word_and_a_long_one_anywhere() -> None:
    assert inspect(rows(screen("planning")), {"ann"}) is None
    assert inspect(rows(screen("ann, planning")), {"ann"}) == Hit("text", VALUE_LEFT)
    assert inspect(rows(screen("xannakowalskix")), {"annakowalski"}) == Hit("text", VALUE_LEFT)


def test_what_a_row_says_is_a_surrogate_is_not_looked_at() -> None:
    assert inspect(rows(screen("dear anna, hello", (5, 9))), {"anna"}) is None
    assert inspect(rows(screen("dear anna, hello anna", (5, 9))), {"anna"}) == Hit("text", VALUE_LEFT)
    assert inspect(rows(screen("an" + "XX" + "na", (2, 4))), {"anna"}) is None


def test_a_redaction_of_another_column_excuses_nothing() -> None:
    row = screen("anna") | {"redactions": [{"column": "title", "start": 0, "end": 4, "entity": "PERSON"}]}
    assert inspect(rows(row), {"anna"}) == Hit("text", VALUE_LEFT)


def test_key_downs_are_read_by_field_and_over_the_whole_session() -> None:
    assert inspect(rows(*keys("dear ^An^na\n")), {"anna"}) == Hit("key", VALUE_LEFT)
    assert inspect(rows(*keys("dear an"), *keys("na ", 1)), {"anna"}) == Hit("key", VALUE_LEFT)
    mixed = [row for pair in zip(keys("anna"), keys("bxyz", 1), strict=True) for row in pair]
    assert inspect(rows(*mixed), {"anna"}) == Hit("key", VALUE_LEFT)
    assert inspect(rows(*keys("an"), *keys("Kestano", synthetic=True), *keys("na")), {"anna"}) is None
    assert inspect(rows(*keys("anna", synthetic=True)), {"anna"}) is None


@pytest.mark.parametrize(
    "secret",
    [
        "-----BEGIN RSA PRIVATE KEY-----",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N",
        "AKIA2E0A8F3B244C9986",
        "ghp_" + "a1B2" * 9,
        "glpat-" + "x9Yz" * 5,
        "xoxb-2345678901-abcdefghijkl",
        "sk_live_" + "4eC39HqLyjWD" * 2,
        "sk-proj-" + "a1B2c3D4" * 6,
        "AIza" + "SyD4x7q" * 5,
        "postgres://bob:s3cr3t@db.internal",
        "https://user:passw0rd@host.example",
    ],
)
def test_a_secret_may_stand_nowhere(secret: str) -> None:
    assert inspect(rows(screen(f"x {secret} y")), ()) == Hit("text", SECRET_LEFT)
    assert inspect(rows({"kind": "focus", "title": secret}), ()) == Hit("title", SECRET_LEFT)
    assert inspect(rows(*keys(f"x {secret} ".replace("<", ""))), ()) == Hit("key", SECRET_LEFT)


@pytest.mark.parametrize(
    "number",
    [
        "4539 1488 0343 6467",
        "4539148803436467",
        "3714-496353-98431",
        "DE89 3704 0044 0532 0130 00",
        "GB29NWBK60161331926819 and",
        "DE89370400440532013000 ABCD",
        "536-22-8145",
    ],
)
def test_a_number_with_the_right_form_and_check_digit_may_stand_nowhere(number: str) -> None:
    assert inspect(rows(screen(f"pay {number}")), ()) == Hit("text", NUMBER_LEFT)
    assert inspect(rows(*keys(f"pay {number}")), ()) == Hit("key", NUMBER_LEFT)


@pytest.mark.parametrize(
    "harmless",
    [
        "4539 1488 0343 6468",
        "1234567890123452",
        "order 9539148803436464",
        "DE89 3704 0044 0532 0130 01",
        "000-22-8145 666-22-8145 900-22-8145",
        "2024-01-1234",
        "536 22 8145",
        "0.4539148803436467",
        "https://example.com/a:b/c@d",
        "skeletal-sk-short",
        "1,234,567.89 and 12:30:45",
        "",
    ],
)
def test_ordinary_text_passes(harmless: str) -> None:
    assert inspect(rows(screen(harmless), *keys(harmless)), {"annakowalski"}) is None


def typed(*texts: str) -> pa.Table:
    return rows(*({"kind": "text_input", "field": at, "text": text} for at, text in enumerate(texts)))


def test_a_card_that_was_typed_into_a_row_of_boxes_is_one_number() -> None:
    assert inspect(typed("Ann", "4539", "1488", "0343", "6467", "12/27"), ()) == Hit("text", NUMBER_LEFT)
    assert inspect(typed("3714", "496353", "98431"), ()) == Hit("text", NUMBER_LEFT)
    assert inspect(typed("4539", "1488", "0343", "6468"), ()) is None
    assert inspect(typed("4539", "1488", "0343", "6467", "2024"), ()) is None
    assert inspect(typed("45391", "4880343", "6467"), ()) is None


def test_values_that_only_we_make_pass_without_being_named() -> None:
    ours = [form.make(1 << 40 | 12345) for form in FORMS.values()]
    assert inspect(rows(*(screen(value) for value in ours)), ()) is None


def test_no_rows_hold_nothing() -> None:
    assert inspect(rows(), {"anna"}) is None
