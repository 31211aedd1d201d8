"""Texts of a batch to scan, with their rows and columns."""

import dataclasses
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.entities import Span, Text, TextKind
from schemas.raw import TypedField
from schemas.vocabulary import PASSWORD, role_of
from transforms.redact.rows.columns import holds
from transforms.redact.typed_fields.views import View, collect_views, cut_lines, find_slight_views

_COLUMNS = (
    ("focus", "app", "app", TextKind.APP),
    ("focus", "title", "title", TextKind.TITLE),
    ("focus", "url", "url", TextKind.URL),
    ("field", "label", "name", TextKind.LABEL),
    ("screen", "text", "text", TextKind.SCREEN),
    ("task", "instruction", "text", TextKind.SCREEN),
    ("task", "goal", "title", TextKind.SCREEN),
    ("task", "outcome", "name", TextKind.SCREEN),
    ("clipboard", "text", "text", TextKind.CLIPBOARD),
)
"""Kind of event, raw column, released column, kind of text."""


@dataclass(frozen=True, slots=True)
class Occurrence:
    """Text at one row and column of the batch."""

    row: int
    column: str
    text: Text = dataclasses.field(repr=False)


@dataclass(frozen=True, slots=True)
class FieldTexts:
    """Typed field with its views and the texts to scan, one for each view.

    The first views are the lines of ``final``: one, or as many as Enter submitted in a field of one line.
    """

    field: TypedField
    final: View = dataclasses.field(repr=False)
    starts: tuple[int, ...]  # place of each line in ``final``
    views: tuple[View, ...] = dataclasses.field(repr=False)
    texts: tuple[Text, ...] = dataclasses.field(repr=False)

    @property
    def readings(self) -> tuple[View, ...]:
        """Return the final text as a whole, then all views."""
        return (self.final, *self.views)

    def join_lines(self, spans: Sequence[Sequence[Span]]) -> Iterator[tuple[View, Sequence[Span]]]:
        """Yield the final text with the spans of its lines, then each other view with its own; ``spans`` by view."""
        own = len(self.starts)
        listed = zip(self.starts, spans, strict=False)
        moved = (
            span._replace(start=span.start + at, end=span.end + at) if at else span
            for at, line in listed
            for span in line
        )
        yield self.final, tuple(moved)
        yield from zip(self.views[own:], spans[own:], strict=True)


def column_texts(table: pa.Table, allowed: npt.NDArray[np.bool_], named: Mapping[int, int]) -> list[Occurrence]:
    """Collect every non-empty text of the ``allowed`` rows, in column then row order.

    ``named`` maps each row with a pointer target to the row at which the target is released.
    """
    found: list[Occurrence] = []
    pictured = frozenset(np.flatnonzero(holds(table, "source", "ocr")).tolist())
    for kind, raw, released, text_kind in _COLUMNS:
        rows = np.flatnonzero(holds(table, "kind", kind) & allowed)
        values = table[raw].take(pa.array(rows)).to_pylist()
        found += [
            Occurrence(row, released, Text(value, text_kind, ocr=row in pictured))
            for row, value in zip(rows.tolist(), values, strict=True)
            if value
        ]
    names = pc.struct_field(table["target"].take(pa.array(list(named), pa.int64())), "name").to_pylist()
    found += [
        Occurrence(row, "name", Text(name, TextKind.NAME))
        for row, name in zip(named.values(), names, strict=True)
        if name
    ]
    return found


def protected_values(table: pa.Table, allowed: npt.NDArray[np.bool_]) -> list[tuple[int, str]]:
    """Collect the values of protected screen nodes and password boxes with their rows; the nodes are not released."""
    rows = np.flatnonzero(allowed & table["nodes"].is_valid().to_numpy())
    listed = table["nodes"].take(pa.array(rows)).combine_chunks()
    nodes = pc.list_flatten(listed)
    owners = rows[pc.list_parent_indices(listed).to_numpy(zero_copy_only=False)]
    roles = pc.struct_field(nodes, "role")
    passwords = pa.array([role for role in roles.unique().to_pylist() if role_of(role) == PASSWORD], pa.string())
    is_secret = pc.or_(pc.struct_field(nodes, "protected").fill_null(False), pc.is_in(roles, value_set=passwords))
    protected = np.flatnonzero(is_secret.to_numpy(zero_copy_only=False))
    values = pc.struct_field(nodes, "value").take(pa.array(protected)).to_pylist()
    return [(row, value) for row, value in zip(owners[protected].tolist(), values, strict=True) if value]


def field_texts(field: TypedField) -> FieldTexts:
    """Collect the views of ``field``, line by line, and their texts to scan."""
    final, *drafts = collect_views(field)
    starts, lines = zip(*cut_lines(field, final), strict=True)
    others = {view.cells.tobytes(): view for draft in drafts for _, view in cut_lines(field, draft)}
    for line in lines:
        others.pop(line.cells.tobytes(), None)
    views = (*lines, *others.values())
    slight = [*(False for _ in lines), *find_slight_views(field, views[len(lines) :])]
    texts = tuple(Text(view.text, TextKind.TYPED, field.label, few) for view, few in zip(views, slight, strict=True))
    return FieldTexts(field, final, starts, views, texts)
