import base64
import gzip
import hashlib
import html
import io
import json
from collections.abc import Callable
from urllib.parse import quote, quote_plus

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.errors import UsageError
from schemas.safe import EVENTS_SCHEMA
from transforms.dataset.verify.byte_scanner import Scanner
from transforms.dataset.verify.canaries import patterns, read_canaries
from transforms.dataset.verify.parquet_scanner import scan_parquet, spell_keys

VALUE = "Kst/live+Vq6 i0-Z<é&9>"
OTHER = "4556-7375-8689-9855"
SCANNER = Scanner(patterns([OTHER, VALUE]))
PLAIN = b"an ordinary line of text, then 0123456789 and some more of it. "

FORMS: dict[str, Callable[[str], bytes]] = {
    "clear": str.encode,
    "lower": lambda value: value.lower().encode(),
    "upper": lambda value: value.upper().encode(),
    "mixed": lambda value: value.swapcase().encode(),
    "reversed": lambda value: value[::-1].encode(),
    "utf-16-le": lambda value: value.encode("utf-16-le"),
    "utf-16-be": lambda value: value.upper().encode("utf-16-be"),
    "quote": lambda value: quote(value, safe="").encode(),
    "quote, path": lambda value: quote(value).encode(),
    "quote_plus": lambda value: quote_plus(value).encode(),
    "quote, lower": lambda value: quote(value, safe="").lower().encode(),
    "quote twice": lambda value: quote(quote(value, safe=""), safe="").encode(),
    "quote everything": lambda value: "".join(f"%{byte:02X}" for byte in value.encode()).encode(),
    "json": lambda value: json.dumps(value).encode(),
    "json, unicode": lambda value: json.dumps(value, ensure_ascii=False).encode(),
    "json, slashes": lambda value: json.dumps(value).replace("/", "\\/").encode(),
    "html": lambda value: html.escape(value).encode(),
    "html, decimal": lambda value: "".join(f"&#{ord(letter)};" for letter in value).encode(),
    "html, hex": lambda value: "".join(f"&#X{ord(letter):X};" for letter in value).encode(),
    "hex": lambda value: value.encode().hex().encode(),
    "hex, upper": lambda value: value.encode().hex().upper().encode(),
    "hex, spaced": lambda value: value.encode().hex(" ").encode(),
    **{
        f"{name}, {written}": (lambda value, name=name, write=write: write(hashlib.new(name, value.encode()).digest()))
        for name in ("md5", "sha1", "sha256", "sha512")
        for written, write in (
            ("hex", lambda digest: digest.hex().encode()),
            ("short", lambda digest: digest.hex()[:20].encode()),
            ("base64", base64.b64encode),
            ("url-safe", base64.urlsafe_b64encode),
            ("raw", bytes),
        )
    },
    **{
        f"base64, {shift}, {encode.__name__}": (
            lambda value, shift=shift, encode=encode: encode(b"x" * shift + value.encode() + b"yz")
        )
        for shift in range(4)
        for encode in (base64.b64encode, base64.urlsafe_b64encode)
    },
    "gzip": lambda value: gzip.compress(PLAIN + value.encode() + PLAIN),
    "zstd": lambda value: zstandard.compress(PLAIN * 50 + value.encode() + PLAIN),
    "zstd in base64": lambda value: base64.b64encode(zstandard.compress(PLAIN + value.encode())),
    "gzip in zstd": lambda value: zstandard.compress(gzip.compress(PLAIN + value.encode())),
}


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize(("ordinal", "value"), [(1, OTHER), (2, VALUE)])
def test_every_form_is_found_wherever_it_stands(form: str, ordinal: int, value: str) -> None:
    planted = PLAIN + b"\x00" + FORMS[form](value) + b"\x00" + PLAIN
    assert {hit.ordinal for hit in SCANNER.scan(planted)} == {ordinal}
    assert {hit.ordinal for hit in SCANNER.scan_file(io.BytesIO(planted))} == {ordinal}
    assert not SCANNER.scan(PLAIN + b"\x00" + FORMS[form]("some other value") + b"\x00" + PLAIN)


def test_case_tells_only_where_digests_and_base64_are_written_in_letters_and_bytes() -> None:
    for pattern in patterns([VALUE]):
        is_hex = pattern.form.startswith("unkeyed") and pattern.content.isalnum() and pattern.content.islower()
        is_hex &= len(pattern.content) == 18
        assert pattern.caseless == (is_hex or not pattern.form.startswith(("unkeyed", "base64")))


@pytest.mark.parametrize("pack", [gzip.compress, zstandard.compress])
def test_a_large_packed_file_is_read_to_its_end(
    pack: Callable[[bytes], bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("transforms.dataset.verify.byte_scanner._BLOCK", 2**14)
    monkeypatch.setattr("transforms.dataset.verify.byte_scanner._OVERLAP", 2**10)
    noise = "".join(hashlib.sha256(b"%d" % at).hexdigest() for at in range(4000)).encode()
    assert {hit.ordinal for hit in SCANNER.scan_file(io.BytesIO(pack(noise + OTHER.encode() + noise)))} == {1}
    assert not SCANNER.scan_file(io.BytesIO(pack(noise)))


@settings(max_examples=60, deadline=None)
@given(st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=8, max_size=40), st.binary(max_size=40))
def test_any_text_is_found_in_the_clear_and_in_base64(value: str, around: bytes) -> None:
    scanner = Scanner(patterns([value]))
    for written in (value.encode(), base64.b64encode(around + value.encode() + around)):
        assert {hit.ordinal for hit in scanner.scan(around + written + around)} == {1}


def shard(**columns: pa.Array) -> pa.Table:
    return pa.table(columns)


def opened(table: pa.Table, **options: object) -> pq.ParquetFile:
    sink = io.BytesIO()
    pq.write_table(table, sink, **options)
    sink.seek(0)
    leaves = pq.read_metadata(sink).schema
    return pq.ParquetFile(sink, read_dictionary=[leaves.column(at).path for at in range(len(leaves))])


def ordinals(file: pq.ParquetFile) -> set[int]:
    return {hit.ordinal for hit in scan_parquet(file, SCANNER)}


@pytest.mark.parametrize("part", [{"name": VALUE}, {"value": f"see {VALUE}."}, {"states": ["a", VALUE]}])
def test_every_text_of_a_node_is_scanned(part: dict[str, object]) -> None:
    node = {"role": "link", "name": "Send", "value": "", "states": ["focused"]}
    for nodes, found in ([node, node], set()), ([node, node | part], {2}):
        listed = pa.array([None, nodes], EVENTS_SCHEMA.field("nodes").type)
        assert ordinals(opened(pa.table({"nodes": listed}))) == found


def test_an_entry_of_a_dictionary_page_that_no_row_uses_is_found() -> None:
    unused = pa.DictionaryArray.from_arrays(pa.array([0, 0]), pa.array(["used", f"it is {OTHER}"]))
    assert ordinals(opened(shard(app=unused), write_statistics=False)) == {1}
    assert ordinals(opened(shard(app=pa.array(["used", "used"])), write_statistics=False)) == set()


def test_statistics_metadata_names_and_nested_values_are_read() -> None:
    texts = pa.array(["a", "b"])
    span = pa.array([[{"column": OTHER, "start": 1}], []])
    tables = {
        "statistics": shard(t=pa.array([VALUE, "b"])),
        "metadata": shard(t=texts).replace_schema_metadata({"note": base64.b64encode(OTHER.encode()).decode()}),
        "field metadata": pa.table({"t": texts}, pa.schema([pa.field("t", pa.string(), metadata={"about": OTHER})])),
        "name": pa.table({OTHER: texts}),
        "nested": shard(spans=span),
        "list": shard(names=pa.array([["x", OTHER]])),
        "map": shard(m=pa.array([[(OTHER, "v")]], pa.map_(pa.string(), pa.string()))),
        "binary": shard(b=pa.array([OTHER.encode()])),
    }
    for name, table in tables.items():
        assert len(ordinals(opened(table))) == 1, name


def test_separators_do_not_hide_a_value_and_cells_are_not_joined() -> None:
    assert ordinals(opened(shard(text=pa.array(["4556 7375/8689.9855"])))) == {1}
    assert ordinals(opened(shard(text=pa.array(["45567375", "86899855"])))) == set()
    assert {
        hit.ordinal for hit in Scanner(patterns(["4556737586899855"])).scan_squeezed(["4556737586899855"], "x")
    } == {1}


def keys(pressed: list[str], codes: list[str] | None = None) -> pa.Table:
    rows = len(pressed)
    return pa.table(
        {
            "session": ["s"] * rows,
            "kind": pa.array(["key"] * rows).dictionary_encode(),
            "action": pa.array(["down"] * rows).dictionary_encode(),
            "key": pa.array(pressed).dictionary_encode(),
            "code": codes or [""] * rows,
        }
    )


def test_key_rows_are_joined_with_and_without_corrections_and_by_their_codes() -> None:
    digits = list(OTHER.replace("-", ""))
    assert ordinals(opened(keys(["Shift", *digits, "Enter"]))) == {1}
    assert ordinals(opened(keys([*digits[:4], "9", "Backspace", *digits[4:]]))) == {1}
    assert ordinals(opened(keys(["Dead"] * 16, [f"Digit{digit}" for digit in digits]))) == {1}
    assert ordinals(opened(keys(digits[:-1]))) == set()
    assert list(spell_keys(keys(["a", "b", "Backspace", "Backspace", "Backspace", "c"])))[1] == "c"


CODES = {digit: f"Digit{digit}" for digit in "0123456789"}


@pytest.mark.parametrize("field", [0, None])
@pytest.mark.parametrize("action", ["down", "up"])
@pytest.mark.parametrize("way", ["keys", "codes", "chords", "beside chords", "by turns"])
def test_every_column_of_key_rows_is_spelled_in_every_field(way: str, action: str, field: int | None) -> None:
    rows: list[dict[str, object]] = []
    for digit in OTHER.replace("-", ""):
        row = {
            "session": "s",
            "kind": "key",
            "action": action,
            "key": digit,
            "code": "",
            "modifiers": [],
            "field": field,
        }
        other = row | {"key": "x"}
        rows += {
            "keys": [row],
            "codes": [row | {"key": "Dead", "code": CODES[digit]}],
            "chords": [row | {"modifiers": ["Shift", "Meta"]}, other],
            "beside chords": [row, other | {"modifiers": ["Control"]}],
            "by turns": [row, other | {"field": 7}],
        }[way]
        rows.append(row | {"action": "up" if action == "down" else "down", "key": "z", "code": "KeyZ"})
    assert ordinals(opened(pa.Table.from_pylist(rows))) == {1}
    assert ordinals(opened(pa.Table.from_pylist(rows[4:]))) == set()


def test_sessions_are_not_joined() -> None:
    digits = OTHER.replace("-", "")
    names = ["s"] * 8 + ["t"] * (len(digits) - 8)
    table = keys(list(digits)).set_column(0, "session", pa.array(names))
    assert ordinals(opened(table)) == set()


def test_canaries_are_read_from_lines_and_from_both_forms_of_json() -> None:
    wanted = ["first value", "second value"]
    assert read_canaries("first value\nsecond value\n", "f") == wanted
    assert read_canaries(json.dumps(wanted), "f") == wanted
    assert read_canaries(json.dumps([{"id": 1, "value": value} for value in wanted]), "f") == wanted


@pytest.mark.parametrize("text", ["", "\n", "long enough\nshort", '[{"id": 1}]', "[1", '["tiny"]'])
def test_what_is_no_list_of_canaries_is_wrong_use_and_is_not_quoted(text: str) -> None:
    with pytest.raises(UsageError) as raised:
        read_canaries(text, "canaries.txt")
    assert "canaries.txt" in str(raised.value)
    assert "short" not in str(raised.value)
    assert "tiny" not in str(raised.value)


def test_no_repr_shows_a_value() -> None:
    assert not any(VALUE in repr(pattern) or OTHER in repr(pattern) for pattern in patterns([VALUE, OTHER]))
