"""What released rows say outside of surrogates: their text columns, and what their key-downs spell."""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.safe import TEXT_COLUMNS
from transforms.redact.squash import BREAK

_COMMANDING = ("Control", "Meta", "Alt")
"""Modifiers with which a letter or digit types nothing."""
_LINE_ENDS = frozenset({"Enter", "Tab", "Escape"})

Rows = npt.NDArray[np.int64]


class _Strings(NamedTuple):
    """Strings at some rows, which are ascending."""

    rows: Rows
    strings: list[str]

    def __repr__(self) -> str:
        """Say how many strings there are and nothing of them."""
        return f"_Strings({len(self.strings)})"

    def within(self, start: int, end: int) -> list[str]:
        """Return the strings of the rows from ``start`` to before ``end``."""
        first, last = np.searchsorted(self.rows, (start, end)).tolist()
        return self.strings[first:last]


class Shown:
    """What the rows of a table of ``REDACTED_SCHEMA`` say; surrogates are cut out where the rows name them."""

    def __init__(self, table: pa.Table) -> None:
        cuts = _cuts(table["redactions"].combine_chunks())
        self._texts = {column: _texts(table[column].combine_chunks(), cuts.get(column, {})) for column in TEXT_COLUMNS}
        self._keys, self._fields = _keys(table)
        final = table["text"].combine_chunks()
        rows = np.flatnonzero(_true(pc.equal(table["kind"].combine_chunks(), "text_input")))
        self._typed = rows, final.take(pa.array(rows)).fill_null("").to_pylist()

    def texts(self, column: str, start: int, end: int) -> list[str]:
        """Return what ``column`` says in a range of rows."""
        return self._texts[column].within(start, end)

    def finals(self, start: int, end: int) -> list[str]:
        """Return the final texts of the fields that are left in a range of rows, surrogates and all."""
        return _Strings(*self._typed).within(start, end)

    def spelled(self, start: int, end: int) -> tuple[list[str], str]:
        """Return what the key-downs of a range of rows spell: of each field, and of all one after the other.

        Corrections are not played: what was taken back stands in it as it was typed. A surrogate's keys and those that
        end a line are breaks.
        """
        first, last = np.searchsorted(self._keys.rows, (start, end)).tolist()
        whole = self._keys.strings[first:last]
        fields: dict[int, list[str]] = {}
        for number, character in zip(self._fields[first:last], whole, strict=True):
            fields.setdefault(number, []).append(character)
        return ["".join(item) for item in fields.values()], "".join(whole)


def _true(flags: pa.Array) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = flags.fill_null(False).to_numpy(zero_copy_only=False)
    return found


def _cuts(redactions: pa.ListArray) -> dict[str, dict[int, list[tuple[int, int]]]]:
    """Return by column and row the ranges that hold a surrogate."""
    found: dict[str, dict[int, list[tuple[int, int]]]] = {}
    rows = pc.list_parent_indices(redactions).to_pylist()
    listed = pc.list_flatten(redactions)
    parts = [pc.struct_field(listed, name).to_pylist() for name in ("column", "start", "end")]
    for row, column, start, end in zip(rows, *parts, strict=True):
        found.setdefault(column, {}).setdefault(row, []).append((start, end))
    return found


def _texts(column: pa.StringArray, cuts: dict[int, list[tuple[int, int]]]) -> _Strings:
    rows = np.flatnonzero(column.is_valid().to_numpy(zero_copy_only=False))
    texts = column.drop_null().to_pylist()
    if cuts:
        texts = [_cut(text, cuts[row]) if row in cuts else text for row, text in zip(rows.tolist(), texts, strict=True)]
    return _Strings(rows, texts)


def _cut(text: str, spans: Sequence[tuple[int, int]]) -> str:
    pieces, at = [], 0
    for start, end in sorted(spans):
        pieces.append(text[at:start])
        at = end
    return BREAK.join([*pieces, text[at:]])


def _keys(table: pa.Table) -> tuple[_Strings, list[int]]:
    """Return what each key-down shows, and the number of its field, -1 where there is none."""
    is_down = pc.and_(*(pc.equal(table[name].combine_chunks(), word) for name, word in _KEY_DOWN))
    rows = np.flatnonzero(_true(is_down))
    part = table.select(["key", "modifiers", "synthetic", "field"]).take(pa.array(rows)).combine_chunks()
    key, modifiers, synthetic, field = (column.combine_chunks() for column in part.columns)
    words = [*key.dictionary.to_pylist(), ""]
    numbers = key.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False).astype(np.int64)
    commanding = np.zeros(len(rows), dtype=np.int64)
    held = _true(pc.is_in(pc.list_flatten(modifiers), value_set=pa.array(_COMMANDING)))
    commanding[pc.list_parent_indices(modifiers).to_numpy(zero_copy_only=False)[held]] = 1
    shown = [_shown(word, commanding=bool(held)) for held in (0, 1) for word in words]
    numbers += len(words) * commanding
    numbers[_true(synthetic)] = len(shown)
    shown.append(BREAK)
    return _Strings(rows, [shown[number] for number in numbers.tolist()]), field.fill_null(-1).to_pylist()


_KEY_DOWN = (("kind", "key"), ("action", "down"))


def _shown(key: str, *, commanding: bool) -> str:
    if key in _LINE_ENDS:
        return BREAK
    return key if len(key) == 1 and not (commanding and key.isascii() and key.isalnum()) else ""
