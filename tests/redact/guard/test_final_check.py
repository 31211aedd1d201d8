import re
from collections.abc import Collection

import pyarrow as pa
import pytest

from schemas.safe import REDACTED_SCHEMA
from transforms.redact.guard import final_check as guard
from transforms.redact.guard.final_check import ADDRESS_LEFT, NUMBER_LEFT, SECRET_LEFT, VALUE_LEFT, GuardHit
from transforms.redact.guard.released_text import ReleasedText
from transforms.redact.surrogates.reserved_values import FORMS
from transforms.redact.text.folding import FREE_CHARS


def rows(*listed: dict[str, object]) -> pa.Table:
    return pa.Table.from_pylist(list(listed), schema=REDACTED_SCHEMA)


def inspect(table: pa.Table, values: Collection[str]) -> GuardHit | None:
    return guard.inspect_session(ReleasedText(table), 0, table.num_rows, values)


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
    assert found == GuardHit(column, VALUE_LEFT)


@pytest.mark.parametrize("part", ["name", "value"])
def test_a_value_may_stand_in_no_node_either_except_in_its_own_surrogate(part: str) -> None:
    plain = {"role": "link", "name": "Send"}
    marks = [{"column": f"nodes.{part}", "start": 5, "end": 9, "entity": "PERSON", "node": 1}]
    row = {"kind": "screen", "nodes": [plain, plain | {part: "Dear Anna"}, plain], "redactions": marks}
    assert inspect(rows({"kind": "screen"}, row), {"anna"}) is None
    others = [{"nodes": [plain | {part: "Anna"}]}, {"redactions": None}, {"nodes": [plain | {part: "Dear Anna"}] * 2}]
    for other in others:
        assert inspect(rows(row | other), {"anna"}) == GuardHit(f"nodes.{part}", VALUE_LEFT)


def test_a_short_value_counts_as_a_word_and_a_long_one_anywhere() -> None:
    assert inspect(rows(screen("planning")), {"ann"}) is None
    assert inspect(rows(screen("ann, planning")), {"ann"}) == GuardHit("text", VALUE_LEFT)
    assert inspect(rows(screen("xannakowalskix")), {"annakowalski"}) == GuardHit("text", VALUE_LEFT)


def test_a_value_counts_inside_a_word_from_its_tenth_letter_on() -> None:
    free, bound = "kowalskian", "kowalskia"
    assert (len(free), len(bound)) == (FREE_CHARS, FREE_CHARS - 1)
    assert inspect(rows(screen(f"x{free}x")), {free}) == GuardHit("text", VALUE_LEFT)
    assert inspect(rows(screen(f"x{bound}x")), {bound}) is None
    assert inspect(rows(screen(f"x {bound} x")), {bound}) == GuardHit("text", VALUE_LEFT)


def test_what_a_row_says_is_a_surrogate_is_not_looked_at() -> None:
    assert inspect(rows(screen("dear anna, hello", (5, 9))), {"anna"}) is None
    assert inspect(rows(screen("dear anna, hello anna", (5, 9))), {"anna"}) == GuardHit("text", VALUE_LEFT)
    assert inspect(rows(screen("an" + "XX" + "na", (2, 4))), {"anna"}) is None


def test_a_redaction_of_another_column_excuses_nothing() -> None:
    row = screen("anna") | {"redactions": [{"column": "title", "start": 0, "end": 4, "entity": "PERSON"}]}
    assert inspect(rows(row), {"anna"}) == GuardHit("text", VALUE_LEFT)


def test_key_downs_are_read_by_field_and_over_the_whole_session() -> None:
    assert inspect(rows(*keys("dear ^An^na\n")), {"anna"}) == GuardHit("key", VALUE_LEFT)
    assert inspect(rows(*keys("dear an"), *keys("na ", 1)), {"anna"}) == GuardHit("key", VALUE_LEFT)
    mixed = [row for pair in zip(keys("anna"), keys("bxyz", 1), strict=True) for row in pair]
    assert inspect(rows(*mixed), {"anna"}) == GuardHit("key", VALUE_LEFT)
    assert inspect(rows(*keys("an"), *keys("Kestano", synthetic=True), *keys("na")), {"anna"}) is None
    assert inspect(rows(*keys("anna", synthetic=True)), {"anna"}) is None


A = "Ab1" * 30
"""Letters of both cases and digits, in the order that a generator of keys could give."""

SERVICES = """postgres postgresql mysql mariadb mongodb mongodb+srv redis rediss amqp amqps mssql sftp ftp http
https""".split()
EXAMPLES = {
    "-----BEGIN": ("-----BEGIN PRIVATE KEY", "-----BEGIN RSA PRIVATE KEY"),
    "eyJ": (f"eyJ{A[:10]}.eyJ{A[:10]}.{A[:10]}",),
    "AKIA": ("AKIA2E0A8F3B244C9986",),
    "ASIA": ("ASIA2E0A8F3B244C9986",),
    **{f"gh{kind}_": (f"gh{kind}_{A[:36]}",) for kind in "pousr"},
    "github_pat_": (f"github_pat_{A[:60]}",),
    "glpat-": (f"glpat-{A[:20]}",),
    "xox": tuple(f"xox{kind}-23456-{A[:10]}" for kind in "abeoprs"),
    "_live_": (f"sk_live_{A[:20]}", f"rk_live_{A[:20]}"),
    "sk-": (f"sk-{A[:40]}", f"sk-proj-{A[:35]}", f"sk-ant-{A[:36]}"),
    "AIza": (f"AIza{A[:35]}",),
    "ya29.": (f"ya29.{A[:30]}",),
    "npm_": (f"npm_{A[:36]}",),
    "SG.": (f"SG.{A[:22]}.{A[:43]}",),
    "@": tuple(f"{service}://bob:s3c@db.internal" for service in SERVICES),
}
"""The shortest secrets of each form, by what stands in all of them."""
SECRETS = [secret for listed in EXAMPLES.values() for secret in listed]


def test_every_sign_of_a_secret_has_an_example() -> None:
    assert {sign for signs, _ in guard._SECRETS for sign in signs} == EXAMPLES.keys()


@pytest.mark.parametrize("secret", SECRETS)
def test_a_secret_may_stand_nowhere(secret: str) -> None:
    assert inspect(rows(screen(f"x {secret} y")), ()) == GuardHit("text", SECRET_LEFT)
    assert inspect(rows({"kind": "focus", "title": secret}), ()) == GuardHit("title", SECRET_LEFT)
    assert inspect(rows(*keys(f"x {secret} ".replace("<", ""))), ()) == GuardHit("key", SECRET_LEFT)


@pytest.mark.parametrize("secret", [secret for secret in SECRETS if "PRIVATE" not in secret and "//" not in secret])
def test_what_is_one_sign_too_short_for_a_secret_passes(secret: str) -> None:
    assert inspect(rows(screen(f"x {secret[:-1]} y")), ()) is None


@pytest.mark.parametrize(
    "harmless",
    [
        "postgres://bob:s3@db.internal",
        "postgres://bob:@db.internal",
        f"postgres://{'b' * 65}:s3cr3t@db.internal",
        f"postgres://bob:{'s' * 129}@db.internal",
        f"eyJ{A[:9]}.eyJ{A[:10]}.{A[:10]}",
        f"eyJ{A[:10]}.eyJ{A[:9]}.{A[:10]}",
        f"SG.{A[:21]}.{A[:43]}",
        "xoxb-2345-abcdefghijkl",
        "AKIA2E0A8F3B244C99867",
        f"AIza{A[:36]}",
        f"npm_{A[:37]}",
        f"-----BEGIN {'A' * 31}PRIVATE KEY",
    ],
)
def test_a_form_that_is_short_or_long_by_one_sign_is_no_secret(harmless: str) -> None:
    assert inspect(rows(screen(f"x {harmless} y")), ()) is None


CODES = {"-": "Minus", ".": "Period", " ": "Space"} | {digit: f"Digit{digit}" for digit in "0123456789"}
VALUE = "anna-kowalski 7"


def sides(way: str, text: str, field: int | None = 0) -> list[dict[str, object]]:
    """Return key rows that spell ``text`` in one of their columns and nothing in the others."""
    listed = []
    for character in text:
        quiet = {"kind": "key", "action": "down", "key": "Shift", "code": None, "modifiers": [], "field": field}
        code = CODES.get(character, f"Key{character.upper()}")
        spelling = {
            "downs": {"key": character},
            "ups": {"key": character, "action": "up"},
            "codes": {"code": code},
            "codes of ups": {"code": code, "action": "up"},
            **{f"{held} chords": {"key": character, "modifiers": [held]} for held in ("Control", "Alt", "Meta")},
            "chords between words": {"key": character, "modifiers": ["Control"]},
            "upper case": {"key": character.upper(), "modifiers": ["CapsLock"]},
        }
        listed.append(quiet | spelling[way])
        if way == "chords between words":
            listed.append(quiet | {"key": "x"})
        if way != "downs":
            listed.append(quiet | {"key": "Enter"} if way.endswith("ups") else quiet)
    return listed


WAYS = ["downs", "ups", "codes", "codes of ups", "Control chords", "Alt chords", "Meta chords", "chords between words"]


@pytest.mark.parametrize("way", [*WAYS, "upper case"])
def test_no_column_of_key_rows_may_spell_a_value(way: str) -> None:
    assert inspect(rows(*sides(way, VALUE)), {"annakowalski7"}) == GuardHit("key", VALUE_LEFT)
    assert inspect(rows(*sides(way, VALUE, None)), {"annakowalski7"}) == GuardHit("key", VALUE_LEFT)
    assert inspect(rows(*sides(way, VALUE[:6]), *sides(way, VALUE[6:], 1)), {"annakowalski7"}) == GuardHit(
        "key", VALUE_LEFT
    )
    assert inspect(rows(*sides(way, VALUE)), {"annakowalsky7"}) is None
    ours = [row | {"synthetic": True} for row in sides(way, VALUE)]
    assert inspect(rows(*ours), {"annakowalski7"}) is None


@pytest.mark.parametrize("way", WAYS)
def test_no_column_of_key_rows_may_spell_a_number_or_a_value_across_fields_typed_by_turns(way: str) -> None:
    assert inspect(rows(*sides(way, "536-22-8145")), ()) == GuardHit("key", NUMBER_LEFT)
    turns = [row for at, char in enumerate(VALUE) for row in sides(way, char, at % 2)]
    assert inspect(rows(*turns), {"annakowalski7"}) == GuardHit("key", VALUE_LEFT)
    beside = [row for char in VALUE for row in (*sides(way, char), *keys("q", 1))]
    assert inspect(rows(*beside), {"annakowalski7"}) == GuardHit("key", VALUE_LEFT)


@pytest.mark.parametrize(
    "secret",
    [
        f"postgres://{'b' * 64}:s3cr3t@db.internal",
        f"postgres://bob:{'s' * 128}@db.internal",
        f"-----BEGIN {'A' * 30}PRIVATE KEY",
    ],
)
def test_a_secret_of_the_greatest_length_is_seen(secret: str) -> None:
    assert inspect(rows(screen(f"x {secret} y")), ()) == GuardHit("text", SECRET_LEFT)


def iban(country: str, *, off: int = 0) -> str:
    """Return an account number of a country, letters among its digits, with check digits by ISO 7064."""
    account = ("AB12345678901234567890123456789012345")[: guard._IBAN_CHARS[country] - 4]
    spelled = "".join(str(int(character, 36)) for character in f"{account}{country}00")
    return f"{country}{(97 + 1 - int(spelled) % 97 + off) % 97:02}{account}"


@pytest.mark.parametrize("country", guard._IBAN_CHARS)
def test_an_account_number_of_each_country_may_stand_nowhere(country: str) -> None:
    number = iban(country)
    grouped = " ".join(re.findall(".{1,4}", number))
    for written in (number, grouped):
        assert inspect(rows(screen(f"pay {written} now")), ()) == GuardHit("text", NUMBER_LEFT)
    assert inspect(rows(screen(f"pay {iban(country, off=1)} now")), ()) is None
    assert inspect(rows(screen(f"pay {number[:-1]} now")), ()) is None


def card(prefix: str, length: int) -> str:
    """Return a card number of an issuer with its check digit (ISO/IEC 7812-1)."""
    body = prefix + "0123456789012345678"[: length - 1 - len(prefix)]
    doubled = (int(digit) * (2 if at % 2 == 0 else 1) for at, digit in enumerate(reversed(body)))
    return body + str(-sum(value // 10 + value % 10 for value in doubled) % 10)


ISSUED = [
    *(("4", length) for length in (13, 16, 19)),
    *((prefix, 16) for prefix in ("51", "55", "2221", "2299", "2300", "2699", "2700", "2719", "2720")),
    *((prefix, 15) for prefix in ("34", "37")),
    *((prefix, 14) for prefix in ("300", "305", "36", "38")),
    *((prefix, 16) for prefix in ("6011", "6500", "6599", "644", "649", "3528", "3529", "3530", "3589")),
    *(("62", length) for length in (16, 17, 18, 19)),
]
NOT_ISSUED = [
    *(("4", length) for length in (14, 15, 17, 18)),
    *((prefix, 16) for prefix in ("50", "56", "2220", "2721", "6012", "643", "3527", "3590", "34", "300")),
    *((prefix, 14) for prefix in ("306", "35", "37")),
    *((prefix, length) for prefix, length in (("62", 15), ("51", 15), ("33", 15), ("6011", 17))),
]


@pytest.mark.parametrize(("prefix", "length"), ISSUED)
def test_a_card_of_each_issuer_may_stand_nowhere(prefix: str, length: int) -> None:
    number = card(prefix, length)
    assert inspect(rows(screen(f"pay {number} now")), ()) == GuardHit("text", NUMBER_LEFT)
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    assert inspect(rows(screen(f"pay {wrong} now")), ()) is None


@pytest.mark.parametrize(("prefix", "length"), NOT_ISSUED)
def test_a_number_that_no_issuer_gives_out_passes(prefix: str, length: int) -> None:
    assert inspect(rows(screen(f"pay {card(prefix, length)} now")), ()) is None


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
    assert inspect(rows(screen(f"pay {number}")), ()) == GuardHit("text", NUMBER_LEFT)
    assert inspect(rows(*keys(f"pay {number}")), ()) == GuardHit("key", NUMBER_LEFT)


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
    assert inspect(typed("Ann", "4539", "1488", "0343", "6467", "12/27"), ()) == GuardHit("text", NUMBER_LEFT)
    assert inspect(typed("3714", "496353", "98431"), ()) == GuardHit("text", NUMBER_LEFT)
    assert inspect(typed("4539", "1488", "0343", "6468"), ()) is None
    assert inspect(typed("4539", "1488", "0343", "6467", "2024"), ()) is None
    assert inspect(typed("45391", "4880343", "6467"), ()) is None


def valued(*values: str | None) -> dict[str, object]:
    return {"kind": "screen", "nodes": [{"role": "textbox", "name": "Card", "value": value} for value in values]}


def test_a_card_in_the_boxes_of_a_screen_is_one_number_there_too() -> None:
    hit = GuardHit("nodes.value", NUMBER_LEFT)
    assert inspect(rows({"kind": "focus"}, valued("Ann", "4539", None, "1488", "0343", "6467", "x")), ()) == hit
    assert inspect(rows(valued("1", "x"), valued("3714", "496353", "98431")), ()) == hit
    assert inspect(rows(valued("4539", "1488"), valued("0343", "6467")), ()) is None
    assert inspect(rows(valued("4539", "1488", "0343", "6468")), ()) is None
    assert inspect(rows(valued("4539", "1488", "0343", "6467", "2024")), ()) is None
    table = rows(valued("4539", "1488", "0343", "6467"), valued("1"), valued("4539", "1488", "0343", "6467"))
    assert guard.inspect_session(ReleasedText(table), 1, 2, ()) is None


def test_values_that_only_we_make_pass_without_being_named() -> None:
    ours = [form.make(1 << 40 | 12345) for form in FORMS.values()]
    assert inspect(rows(*(screen(value) for value in ours)), ()) is None


def test_no_rows_hold_nothing() -> None:
    assert inspect(rows(), {"anna"}) is None


@pytest.mark.parametrize(
    ("halves", "rule"),
    [
        (("44716236", "46352642"), NUMBER_LEFT),
        (("DE8937040044", "0532013000"), NUMBER_LEFT),
        (("536-22", "-8741"), NUMBER_LEFT),
        (("AKIAIOSFOD", "NN7EXAMPLE"), SECRET_LEFT),
        (("mara.voss", "@corp.test"), ADDRESS_LEFT),
        (("mara.voss@corp.t", "estandmuchmorethatisnopartofanyaddress"), ADDRESS_LEFT),
    ],
)
def test_a_number_or_secret_that_is_whole_in_no_field_may_not_be_spelled_across_them(
    halves: tuple[str, str], rule: str
) -> None:
    first, second = halves
    assert inspect(rows(*keys(first, 0), *keys(second, 1)), ()) == GuardHit("key", rule)


@pytest.mark.parametrize(
    "halves",
    [
        ("44716236\n", "46352642"),
        ("44716236", "46352643"),
        ("4471623", "46352642"),
        ("see you ", "@corp.test"),
        ("mara@", "corp"),
        ("mara.voss\n", "@corp.test"),
    ],
)
def test_numbers_of_two_fields_that_are_no_card_together_pass(halves: tuple[str, str]) -> None:
    assert inspect(rows(*keys(halves[0], 0), *keys(halves[1], 1)), ()) is None
