"""Where in a batch of sessions a text stands that has to be scanned."""

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from schemas.entities import Text, TextKind
from schemas.raw import TypedField
from transforms.redact.views import View, slight, views

_COLUMNS = (
    ("focus", "app", "app", TextKind.APP),
    ("focus", "title", "title", TextKind.TITLE),
    ("focus", "url", "url", TextKind.URL),
    ("field", "label", "name", TextKind.LABEL),
    ("screen", "text", "text", TextKind.SCREEN),
    ("clipboard", "text", "text", TextKind.CLIPBOARD),
)
"""Kind of event, raw column, released column, kind of text."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """A text at one row and column of the batch."""

    row: int
    column: str
    text: Text = dataclasses.field(repr=False)


@dataclass(frozen=True, slots=True)
class FieldTexts:
    """A typed field with its views and the texts that they are scanned as."""

    field: TypedField
    views: tuple[View, ...] = dataclasses.field(repr=False)
    texts: tuple[Text, ...] = dataclasses.field(repr=False)


def column_texts(table: pa.Table, allowed: npt.NDArray[np.bool_]) -> list[Occurrence]:
    """Return every non-empty text of the rows that are ``allowed``, in column then row order."""
    kinds = table["kind"].to_numpy(zero_copy_only=False)
    found: list[Occurrence] = []
    for kind, raw, released, text_kind in _COLUMNS:
        rows = np.flatnonzero((kinds == kind) & allowed)
        values = table[raw].take(pa.array(rows)).to_pylist()
        found += [
            Occurrence(row, released, Text(value, text_kind))
            for row, value in zip(rows.tolist(), values, strict=True)
            if value
        ]
    rows = np.flatnonzero((kinds == "pointer") & allowed & table["target"].is_valid().to_numpy())
    targets: list[Mapping[str, str | None]] = table["target"].take(pa.array(rows)).to_pylist()
    found += [
        Occurrence(row, "name", Text(name, TextKind.NAME))
        for row, target in zip(rows.tolist(), targets, strict=True)
        if (name := target["name"])
    ]
    return found


def protected_values(table: pa.Table, allowed: npt.NDArray[np.bool_]) -> list[tuple[int, str]]:
    """Return the values of protected screen nodes (password boxes) with their rows; the nodes are not released."""
    rows = np.flatnonzero(allowed & table["nodes"].is_valid().to_numpy())
    nodes = table["nodes"].take(pa.array(rows)).to_pylist()
    return [
        (row, node["value"])
        for row, listed in zip(rows.tolist(), nodes, strict=True)
        for node in listed
        if node["protected"] and node["value"]
    ]


def field_texts(field: TypedField) -> FieldTexts:
    """Return ``field`` with what has to be scanned of it."""
    found = views(field)
    told = [False, *slight(field, found[1:])]
    texts = tuple(Text(view.text, TextKind.TYPED, field.label, few) for view, few in zip(found, told, strict=True))
    return FieldTexts(field, found, texts)
