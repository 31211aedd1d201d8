"""Typed text of several fields of a session, joined in order of typing: for values that are whole in no field.

A worked example: somebody types ``nolonik`` into one window, the focus moves, and ``ecamo@web.de`` goes into the next.

    1. join      ``nolonikecamo@web.de``, characters 0 to 6 of field 0, 7 to 18 of field 1
    2. detect    an e-mail address at 0 to 19, over both
    3. judge     the second piece is an address by itself; is the first a part of it, or a word that came before?
    4. pieces    ``nolonik`` in field 0 and ``ecamo@web.de`` in field 1 are each replaced

Text around a change of field is all that is joined, so that an ordinary form costs little. Step 3 keeps its fields as
they are: in ``hello`` | ``me@web.de`` the second field tells a value without the first.

Known values of the session are looked for in the joined text as well, whatever their kind.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from schemas.entities import EntityType, Span, Text, TextKind
from schemas.raw import TypedField
from transforms.redact.typed_fields.texts import FieldTexts
from transforms.redact.typed_fields.views import Cells, View, number_lines

_AROUND_CHARS = 64
"""Most characters of a value on each side of a change of field."""

_LEAST_SIGNS = 4
"""Fewest digits of a text that is worth a look, if it has no ``@``."""

_WITH_FORM = frozenset(
    {EntityType.EMAIL_ADDRESS, EntityType.CREDIT_CARD, EntityType.IBAN_CODE, EntityType.US_SSN, EntityType.PHONE_NUMBER}
)
"""Values that chance does not make of two texts."""

_CERTAIN = 0.8
"""Least score of a value with valid check digits, or of an unmistakable form."""

_WORD = re.compile(r"[^\W\d_]+")
_DIGITS = re.compile(r"\d")

Numbers = npt.NDArray[np.int64]
Explained = Mapping[TypedField, npt.NDArray[np.bool_]]
"""Cells of each field that are part of an entity in one of its own views."""


@dataclass(frozen=True, slots=True, eq=False)
class JoinedText:
    """Text of several lines in order of typing: the line and the cell of each character.

    A line is what Enter submitted in a field of one line; other fields are one line each.
    """

    fields: Sequence[TypedField]  # of each line
    text: str = field(repr=False)
    owners: Numbers = field(repr=False)
    cells: Cells = field(repr=False)

    def pieces(self, span: Span) -> list[tuple[TypedField, View]]:
        """Split a span into the cells and the text of each line, with its field, in order of typing."""
        owners = self.owners[span.start : span.end]
        cells = self.cells[span.start : span.end]
        split = ((self.fields[number], cells[owners == number]) for number in dict.fromkeys(owners.tolist()))
        return [(item, View("".join(map(item.cells.__getitem__, part.tolist())), part)) for item, part in split]

    def crosses(self, span: Span) -> bool:
        """Return whether a span has characters of several lines."""
        return self.changes(span) > 0

    def changes(self, span: Span) -> int:
        """Count the changes of line within a span."""
        return int(np.count_nonzero(np.diff(self.owners[span.start : span.end])))


def join_fields(fields: Sequence[TypedField]) -> list[JoinedText]:
    """Join the texts of ``fields`` around each change of line; secret fields are left out.

    Two readings: all characters as typed, and those that still stand.
    """
    typed = [item for item in fields if not item.secret and len(item.cells)]
    lines = [number_lines(item) for item in typed]
    counts = [1 + int(numbers.max()) for numbers in lines]
    if sum(counts) < 2:  # noqa: PLR2004 - one line changes to no other
        return []
    shown = [item for item, count in zip(typed, counts, strict=True) for _ in range(count)]
    firsts = np.cumsum([0, *counts[:-1]])
    owners = np.concatenate([np.where(part < 0, -1, part + first) for part, first in zip(lines, firsts, strict=True)])
    cells = np.concatenate([np.arange(len(item.cells), dtype=np.int32) for item in typed])
    order = np.lexsort((cells, np.concatenate([item.cell_rows for item in typed])))
    order = order[owners[order] >= 0]
    standing = order[np.concatenate([item.gone_rows for item in typed])[order] < 0]
    readings = [order, standing] if len(standing) < len(order) else [order]
    found: dict[bytes, JoinedText] = {}
    for reading in readings:
        for start, end in _around_changes(owners[reading]):
            chosen = reading[start:end]
            if chosen.tobytes() not in found:
                found[chosen.tobytes()] = _join(shown, owners[chosen], cells[chosen])
    return list(found.values())


def _join(fields: Sequence[TypedField], owners: Numbers, cells: Cells) -> JoinedText:
    text = "".join([fields[owner].cells[cell] for owner, cell in zip(owners.tolist(), cells.tolist(), strict=True)])
    return JoinedText(fields, text, owners, cells)


def _around_changes(owners: Numbers) -> Iterator[tuple[int, int]]:
    """Yield the ranges of characters that are close to a change of line."""
    changes = (np.flatnonzero(np.diff(owners)) + 1).tolist()
    for number, change in enumerate(changes):
        if number == 0 or change - changes[number - 1] > 2 * _AROUND_CHARS:
            start = max(0, change - _AROUND_CHARS)
        if number + 1 == len(changes) or changes[number + 1] - change > 2 * _AROUND_CHARS:
            yield start, min(len(owners), change + _AROUND_CHARS)


def scan_text(joined: JoinedText) -> Text | None:
    """Return the text to scan, None where it can hold no value with a form."""
    if "@" in joined.text or len(_DIGITS.findall(joined.text)) >= _LEAST_SIGNS:
        return Text(joined.text, TextKind.TYPED, slight=True)  # no model: it knows sentences, and this is none
    return None


def explain_cells(typed: Sequence[FieldTexts], found: Mapping[Text, Sequence[Span]]) -> Explained:
    """Flag the cells of each field that are part of an entity in one of its own views."""
    explained = {item.field: np.zeros(len(item.field.cells), dtype=np.bool_) for item in typed}
    for item in typed:
        for view, text in zip(item.views, item.texts, strict=True):
            for span in found[text]:
                explained[item.field][view.cells[span.start : span.end]] = True
    return explained


def judge_span(joined: JoinedText, span: Span, explained: Explained, common: Collection[str]) -> bool:
    """Return whether a span over several fields is one value, and not the end of one text and the start of the next.

    - Fields typed into by turns: nobody fills a form like that.
    - Fields one after another, none of which tells a value by itself: what has check digits or ``@`` is one (the guard
      would withhold the session); a telephone number is not where a form is known: two of its numbers look like one.
    - One tells a value by itself: the rest is a part of it where no form is known, as when a window takes the focus,
      and it is no common word.
    """
    pieces = joined.pieces(span)
    if len(pieces) < 2 or span.entity not in _WITH_FORM or span.score < _CERTAIN:  # noqa: PLR2004
        return False
    if joined.changes(span) >= len(pieces):
        return True
    has_form = any(item.field_row >= 0 for item, _ in pieces)
    rest = [view.text for item, view in pieces if not _is_explained(view, explained[item])]
    if len(rest) == len(pieces):
        return span.entity is not EntityType.PHONE_NUMBER or not has_form
    return not has_form and any(word.casefold() not in common for text in rest for word in _WORD.findall(text) or [""])


def _is_explained(view: View, explained: npt.NDArray[np.bool_]) -> bool:
    """Return whether every letter and digit of a piece is part of an entity of its field; a full stop need not be."""
    signs = [cell for cell, sign in zip(view.cells.tolist(), view.text, strict=True) if sign.isalnum()]
    return bool(explained[signs].all())
