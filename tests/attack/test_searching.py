"""The attacker's search finds what is planted, whatever the product's own scanner does."""

import gzip
import io
import zlib
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard

from tests.attack.recordings import card, iban, personal, token
from tests.attack.searching import CASELESS, EXACT, Searcher
from tests.attack.spelling import spelled
from tests.dataset.verify.test_canaries import FORMS
from transforms.dataset.verify.byte_scanner import Scanner
from transforms.dataset.verify.canaries import patterns

VALUE, OTHER = "qozufavigepo", "b\u00e4rzi\u00f1uteka"
PLAIN = b"an ordinary line of text, then 0123456789 and some more of it. "
SEARCHER = Searcher([VALUE, OTHER])
NOT_IN_THE_PRODUCT = (
    {"rot13", "every byte in =", "every byte in \\x", "null between", "zero-width between", "letters with spaces"}
    | {name for name in (*EXACT, *CASELESS) if name.startswith(("base32", "utf-32", "blake", "sha3", "punycode"))}
    | {"quoted-printable", "hex of utf-16"}
)
"""Forms that ``verify --canaries`` does not look for in bytes."""


def ordinals(content: bytes) -> set[int]:
    return {hit.ordinal for hit in SEARCHER.in_bytes(PLAIN + b"\x00" + content + b"\x00" + PLAIN, "x")}


@pytest.mark.parametrize("form", [*EXACT, *CASELESS])
@pytest.mark.parametrize(("ordinal", "value"), [(0, VALUE), (1, OTHER)])
def test_every_form_is_found_and_no_other_value(form: str, ordinal: int, value: str) -> None:
    written = (EXACT | CASELESS)[form]
    assert ordinals(written(value)) == {ordinal}
    for pack in (gzip.compress, zlib.compress, zstandard.compress):
        assert ordinals(pack(PLAIN * 9 + written(value))) == {ordinal}
    assert ordinals(written("another word")) == set()


@pytest.mark.parametrize("form", sorted({*EXACT, *CASELESS} - NOT_IN_THE_PRODUCT))
def test_the_product_finds_the_same_forms(form: str) -> None:
    content = PLAIN + b"\x00" + (EXACT | CASELESS)[form](VALUE) + b"\x00" + PLAIN
    assert {hit.ordinal for hit in Scanner(patterns([VALUE])).scan(content)} == {1}


@pytest.mark.parametrize("form", [form for form in FORMS if not form.endswith(", short") and "base64, 3" not in form])
def test_what_the_product_finds_is_found_here_too(form: str) -> None:
    assert ordinals(FORMS[form](VALUE)) == {0}


@pytest.mark.parametrize(
    "text",
    [
        "\\u0071\\u006f\\u007a\\u0075\\u0066\\u0061\\u0076\\u0069\\u0067\\u0065\\u0070\\u006f",
        "\\x71\\x6f\\x7a\\x75\\x66\\x61\\x76\\x69\\x67\\x65\\x70\\x6f",
        "q o z u f a v i g e p o",
        "qozu-favi_gepo",
        "\uff51\uff4f\uff5a\uff55\uff46\uff41\uff56\uff49",
        "%71%6f%7a%75%66%61%76%69%67",
        "=71=6F=7A=75=66=61=76=69=67",
        "&#113;&#111;&#x7a;ufavige",
        "opegivaf",
        "Q\u200bo\u00adz\u202eufavigepo",
    ],
)
def test_the_letters_of_a_text_are_read_behind_its_escapes(text: str) -> None:
    assert {hit.ordinal for hit in SEARCHER.in_text(f"see {text} there", "x")} == {0}


def keys(*rows: tuple[str, str, str, int]) -> pa.Table:
    return pa.table(
        {
            "session": ["s"] * len(rows),
            "kind": pa.array(["key"] * len(rows)).dictionary_encode(),
            "action": pa.array([row[0] for row in rows]).dictionary_encode(),
            "key": pa.array([row[1] for row in rows]).dictionary_encode(),
            "code": pa.array([row[2] for row in rows]).dictionary_encode(),
            "modifiers": [["Control"]] * len(rows),
            "field": [row[3] for row in rows],
        }
    )


@pytest.mark.parametrize(
    "rows",
    [
        [("down", letter, "", 1) for letter in VALUE],
        [("up", letter, "", 1) for letter in VALUE],
        [("down", "Enter", f"Key{letter.upper()}", 1) for letter in VALUE],
        [("up", "Dead", f"Key{letter.upper()}", 1) for letter in VALUE],
        [row for letter in VALUE for row in (("down", letter, "", 1), ("up", letter, "", 1))],
        [("down" if at % 2 else "up", letter, "", 1) for at, letter in enumerate(VALUE)],
        [("down", letter, "", at % 3) for at, letter in enumerate(VALUE)],
        [row for letter in VALUE for row in (("down", letter, "", 1), ("down", "x", "", 2))],
        [
            row
            for letter in VALUE
            for row in (("down", letter, "", 1), ("down", "w", "", 1), ("down", "Backspace", "", 1))
        ],
        [("down", VALUE, "", 1)],
    ],
)
def test_what_key_rows_spell_is_found_by_every_column(rows: list[tuple[str, str, str, int]]) -> None:
    assert {hit.ordinal for hit in SEARCHER.in_table(keys(*rows), "x")} == {0}
    assert not SEARCHER.in_table(keys(*reversed(rows[: len(rows) // 2])), "x")


def test_a_value_of_few_letters_is_searched_with_its_signs_alone() -> None:
    searcher = Searcher(["?b/7!=(#_)"])
    assert searcher.in_table(keys(*[("up", letter, "", 1) for letter in "?b/7!=(#_)"]), "x")
    assert not searcher.in_table(keys(*[("up", letter, "", 1) for letter in "b7"]), "x")
    assert not searcher.in_text("b7 and b7", "x")


def test_a_table_without_key_rows_spells_nothing() -> None:
    assert list(spelled(pa.table({"session": ["s"]}))) == []


def test_files_are_searched_by_name_by_byte_and_by_row(tmp_path: Path) -> None:
    sink = io.BytesIO()
    nested = pa.table({"spans": [[{"column": f"about {VALUE}", "start": 1}]]})
    pq.write_table(nested.replace_schema_metadata({"note": "x"}), sink, compression="zstd")
    (tmp_path / "rows.parquet").write_bytes(sink.getvalue())
    assert any("column spans" in hit.where for hit in SEARCHER.in_folder(tmp_path))
    (tmp_path / "rows.parquet").write_bytes(b"nothing")
    assert not SEARCHER.in_folder(tmp_path)
    (tmp_path / f"{OTHER}.json").write_bytes(b"")
    assert {hit.ordinal for hit in SEARCHER.in_folder(tmp_path)} == {1}


def test_made_up_values_have_right_check_digits() -> None:
    draw = Random(5)
    for _ in range(50):
        digits = [int(digit) for digit in card(draw)]
        assert sum(digit * 2 - 9 * (digit > 4) if at % 2 == 0 else digit for at, digit in enumerate(digits)) % 10 == 0
        account = iban(draw)
        assert int(account[4:] + "1314" + account[2:4]) % 97 == 1
        value, secret = personal(draw)
        assert secret in value
        assert len(token(draw)) == len(VALUE)
