"""Text of released rows outside of surrogates: columns and nodes, and the texts that key rows spell."""

from collections.abc import Callable, Mapping, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.key_codes import code_of, typed_by
from schemas.safe import NODE_COLUMNS, TEXT_COLUMNS
from transforms.redact.text.folding import BREAK

_COMMANDING = ("Control", "Meta", "Super", "Alt")
"""Modifiers with which a letter or digit types nothing."""
_LINE_ENDS = frozenset({"Enter", "Tab", "Escape"})

Rows = npt.NDArray[np.int64]


class _Strings(NamedTuple):
    """Strings of some rows, in ascending order."""

    rows: Rows
    strings: list[str]

    def __repr__(self) -> str:
        """Show the number of strings without their content."""
        return f"_Strings({len(self.strings)})"

    def within(self, start: int, end: int) -> list[str]:
        """Return the strings of the rows from ``start`` to before ``end``."""
        first, last = np.searchsorted(self.rows, (start, end)).tolist()
        return self.strings[first:last]


class ReleasedText:
    """Text of a table of ``REDACTED_SCHEMA``; surrogates are cut out at the spans that the rows name."""

    def __init__(self, table: pa.Table) -> None:
        cuts = _cuts(table["redactions"].combine_chunks())
        self._texts = {column: _texts(table[column].combine_chunks(), cuts.get(column, {})) for column in TEXT_COLUMNS}
        self._texts |= _node_texts(table["nodes"].combine_chunks(), cuts)
        self._readings = _readings(table)
        final = table["text"].combine_chunks()
        rows = np.flatnonzero(_true(pc.equal(table["kind"].combine_chunks(), "text_input")))
        self._typed = rows, final.take(pa.array(rows)).fill_null("").to_pylist()

    def texts(self, column: str, start: int, end: int) -> list[str]:
        """Return the texts of ``column`` in a range of rows."""
        return self._texts[column].within(start, end)

    def finals(self, start: int, end: int) -> list[str]:
        """Return the final texts of fields in a range of rows, with surrogates."""
        return _Strings(*self._typed).within(start, end)

    def values(self, start: int, end: int) -> list[list[str]]:
        """Return the values of the nodes of each screen in a range of rows."""
        values = self._texts[NODE_COLUMNS["value"]]
        first, last = np.searchsorted(values.rows, (start, end)).tolist()
        shown: dict[int, list[str]] = {}
        for row, value in zip(values.rows[first:last].tolist(), values.strings[first:last], strict=True):
            shown.setdefault(row, []).append(value)
        return list(shown.values())

    def spell(self, start: int, end: int) -> tuple[list[str], str]:
        """Return the texts that the key rows of a range spell: for each field, and for all keys in order.

        Each way to read the keys is one text: key-downs with shortcuts, without, and shortcuts alone, the same of
        key-ups, and the codes of both where a code is not that of its key. Corrections are not applied: a deleted
        character stays in the text. Keys of surrogates and keys that end a line are breaks.
        """
        fields: dict[str, None] = {}
        whole: dict[str, None] = {}
        for reading in self._readings:
            first, last = np.searchsorted(reading.rows, (start, end)).tolist()
            shown = reading.strings[first:last]
            whole["".join(shown)] = None
            typed: dict[int, list[str]] = {}
            for number, character in zip(reading.fields[first:last], shown, strict=True):
                typed.setdefault(number, []).append(character)
            fields |= dict.fromkeys(["".join(item) for item in typed.values()])
        return list(fields), BREAK.join(whole)


def _true(flags: pa.Array) -> npt.NDArray[np.bool_]:
    found: npt.NDArray[np.bool_] = flags.fill_null(False).to_numpy(zero_copy_only=False)
    return found


_Cuts = dict[int | tuple[int, int], list[tuple[int, int]]]
"""Ranges of surrogates in the texts of a column, by row, or by row and node."""


def _cuts(redactions: pa.ListArray) -> dict[str, _Cuts]:
    """Return the ranges of surrogates by column."""
    found: dict[str, _Cuts] = {}
    rows = pc.list_parent_indices(redactions).to_pylist()
    listed = pc.list_flatten(redactions)
    parts = [pc.struct_field(listed, name).to_pylist() for name in ("column", "start", "end", "node")]
    for row, column, start, end, node in zip(rows, *parts, strict=True):
        found.setdefault(column, {}).setdefault(row if node is None else (row, node), []).append((start, end))
    return found


def _node_texts(nodes: pa.ListArray, cuts: Mapping[str, _Cuts]) -> dict[str, _Strings]:
    """Return the names and the values of all nodes; the row of each is that of its screen."""
    rows = pc.list_parent_indices(nodes).to_numpy(zero_copy_only=False)
    firsts = np.searchsorted(rows, rows)
    listed = pc.list_flatten(nodes)
    found = {}
    for part, column in NODE_COLUMNS.items():
        texts = pc.struct_field(listed, part)
        present = np.flatnonzero(texts.is_valid().to_numpy(zero_copy_only=False))
        places = zip(rows[present].tolist(), (present - firsts[present]).tolist(), strict=True)
        known = cuts.get(column, {})
        shown = [
            _cut(text, known[place]) if place in known else text
            for place, text in zip(places, texts.drop_null().to_pylist(), strict=True)
        ]
        found[column] = _Strings(rows[present], shown)
    return found


def _texts(column: pa.StringArray, cuts: _Cuts) -> _Strings:
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


class _Reading(NamedTuple):
    """One way to read key rows: the rows, the string of each and the number of its field (-1: none)."""

    rows: Rows
    strings: list[str]
    fields: list[int]

    def __repr__(self) -> str:
        """Show the number of rows without their content."""
        return f"_Reading({len(self.rows)})"


def _readings(table: pa.Table) -> list[_Reading]:
    """Read the key rows of ``table`` in every way."""
    is_key = _true(pc.equal(table["kind"].combine_chunks(), "key"))
    down = _true(pc.equal(table["action"].combine_chunks(), "down"))
    readings: list[_Reading] = []
    for rows in (np.flatnonzero(is_key & down), np.flatnonzero(is_key & ~down)):
        part = table.select(["key", "code", "modifiers", "synthetic", "field"]).take(pa.array(rows)).combine_chunks()
        key, code, modifiers, synthetic, field = (column.combine_chunks() for column in part.columns)
        fields, ours = field.fill_null(-1).to_pylist(), _true(synthetic)
        chord = _chords(modifiers)
        keys = _strings(key, _of_key, ours)
        readings.append(_Reading(rows, keys, fields))
        if not _follow(code, key):
            readings.append(_Reading(rows, _strings(code, _of_code, ours), fields))
        if chord.any():
            readings.append(_Reading(rows, _without(keys, chord & _matching(key, _is_plain)), fields))
            readings.append(_Reading(rows, _without(keys, ~chord), fields))
    return readings


def _without(strings: Sequence[str], rows: npt.NDArray[np.bool_]) -> list[str]:
    return ["" if left_out else string for string, left_out in zip(strings, rows.tolist(), strict=True)]


def _chords(modifiers: pa.ListArray) -> npt.NDArray[np.bool_]:
    """Flag the rows with a modifier under which a letter or digit types nothing."""
    chords = np.zeros(len(modifiers), dtype=np.bool_)
    held = _true(pc.is_in(pc.list_flatten(modifiers), value_set=pa.array(_COMMANDING)))
    chords[pc.list_parent_indices(modifiers).to_numpy(zero_copy_only=False)[held]] = True
    return chords


def _follow(codes: pa.DictionaryArray, keys: pa.DictionaryArray) -> bool:
    """Check whether every code is that of its key, so that codes spell the same as keys."""
    words, names = [*keys.dictionary.to_pylist(), None], [*codes.dictionary.to_pylist(), None]
    key = keys.indices.fill_null(len(words) - 1).to_numpy(zero_copy_only=False).astype(np.int64)
    code = codes.indices.fill_null(len(names) - 1).to_numpy(zero_copy_only=False).astype(np.int64)
    pairs = np.flatnonzero(np.bincount(key * len(names) + code)).tolist()
    written = [(words[pair // len(names)], names[pair % len(names)]) for pair in pairs]
    return all(name is None or name == code_of(word or "") for word, name in written)


def _matching(column: pa.DictionaryArray, rule: Callable[[str], bool]) -> npt.NDArray[np.bool_]:
    known = np.array([*map(rule, column.dictionary.to_pylist()), False], dtype=np.bool_)
    found: npt.NDArray[np.bool_] = known[column.indices.fill_null(len(known) - 1).to_numpy(zero_copy_only=False)]
    return found


def _strings(column: pa.DictionaryArray, shown: Callable[[str], str], ours: npt.NDArray[np.bool_]) -> list[str]:
    """Map each row of ``column`` by ``shown``, to a break where the row is ``ours``."""
    words = [*map(shown, column.dictionary.to_pylist()), "", BREAK]
    numbers = column.indices.fill_null(len(words) - 2).to_numpy(zero_copy_only=False).astype(np.int64)
    numbers[ours] = len(words) - 1
    return [words[number] for number in numbers.tolist()]


def _is_plain(key: str) -> bool:
    return len(key) == 1 and key.isascii() and key.isalnum()


def _of_key(key: str) -> str:
    if key in _LINE_ENDS:
        return BREAK
    return key if len(key) == 1 else ""


def _of_code(code: str) -> str:
    if code in _LINE_ENDS:
        return BREAK
    return typed_by(code)
