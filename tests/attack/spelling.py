"""Texts that key rows spell, by any column, in every field and across them: for the attacker's search and its tests."""

from collections.abc import Iterator
from itertools import groupby, pairwise
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

_COLUMNS = ("session", "kind", "action", "key", "code", "modifiers", "field")
_MARKS = {
    "Minus": "-",
    "Equal": "=",
    "BracketLeft": "[",
    "BracketRight": "]",
    "Semicolon": ";",
    "Quote": "'",
    "Backquote": "`",
    "Backslash": "\\",
    "Comma": ",",
    "Period": ".",
    "Slash": "/",
    "Space": " ",
    "Decimal": ".",
    "Subtract": "-",
    "Add": "+",
}

Row = dict[str, Any]


def spelled(table: pa.Table) -> Iterator[tuple[str, str]]:
    """Yield what is read and the text: by key and by code, of downs, ups and both, by session and by field."""
    if not set(_COLUMNS) <= set(table.column_names):
        return
    keys = table.select(_COLUMNS).filter(pc.equal(table["kind"].cast(pa.string()), "key"))
    for _, rows in groupby(keys.to_pylist(), key=lambda row: row["session"]):
        session = list(rows)
        yield from _of(session, "session")
        fields = sorted({row["field"] for row in session if row["field"] is not None})
        for field in fields if len(fields) > 1 else ():
            yield from _of([row for row in session if row["field"] == field], "field")


def _of(rows: list[Row], scope: str) -> Iterator[tuple[str, str]]:
    for action in ("down", "up", "both"):
        some = [row for row in rows if action in (row["action"], "both")]
        keys = [row["key"] or "" for row in some]
        codes = [by_code(row["code"] or "") for row in some]
        for name, letters in (("keys", keys), ("codes", codes)):
            single = [letter for letter in letters if len(letter) == 1]
            yield f"{name} of {action} in a {scope}", "".join(single)
            yield f"{name} of {action}, twins once, in a {scope}", _once(single)
        yield f"corrected keys of {action} in a {scope}", _corrected(keys)
        yield f"names of keys of {action} in a {scope}", "".join(keys)
        yield (
            f"keys or codes of {action} in a {scope}",
            "".join(key if len(key) == 1 else code for key, code in zip(keys, codes, strict=True)),
        )
    yield f"modifiers in a {scope}", "".join(word for row in rows for word in row["modifiers"] or ())


def by_code(code: str) -> str:
    """Return the character that a physical key bears on a usual keyboard, or nothing.

    >>> by_code("KeyQ"), by_code("Numpad7"), by_code("Period"), by_code("ArrowLeft")
    ('q', '7', '.', '')
    """
    for name in ("Key", "Digit", "Numpad"):
        if code.startswith(name) and len(code) == len(name) + 1:
            return code[-1].lower()
    return _MARKS.get(code.removeprefix("Numpad"), "")


def _once(letters: list[str]) -> str:
    """Return ``letters`` without those that only repeat the one before, as an up repeats its down."""
    return "".join(letters[:1] + [after for before, after in pairwise(letters) if after != before])


def _corrected(keys: list[str]) -> str:
    text: list[str] = []
    for key in keys:
        if len(key) == 1:
            text.append(key)
        elif key == "Backspace" and text:
            text.pop()
    return "".join(text)
