"""Values that a form takes in several boxes: ``4111`` | ``1111`` | ``1111`` | ``1111``, or one digit a box.

The lengths of neighbouring boxes of digits tell the kind of value, and a detector confirms it. Boxes of one value have
one label between them: none, the same, or one that counts (``Digit 1``, ``Digit 2``); a form of numbers has several.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby

from schemas.entities import EntityType, Span, Text, TextKind
from schemas.raw import TypedField
from transforms.redact.text.folding import is_numeric

_SHAPES = (
    ((4, 4, 4, 4), EntityType.CREDIT_CARD, ""),
    ((4, 6, 5), EntityType.CREDIT_CARD, ""),
    ((3, 2, 4), EntityType.US_SSN, "-"),
    ((3, 3, 4), EntityType.PHONE_NUMBER, "-"),
)
"""Lengths of the boxes, the value and what is written between its groups."""

_PHONE = re.compile(
    r"(?:phone|tel(?:ephone|efon\w{0,6}|\u00e9fono|\u00e9phone)?|mobile?|cell(?:ular)?|handy|fax|gsm)\b.*",
    re.IGNORECASE,
)
_PHONE_PART = re.compile(
    r"(?:.*\W)?(?:country|area|city|code|prefix|number|no|local|line|exchange|subscriber|ext(?:ension)?|\w*vorwahl|\w*nummer"
    r"|indicatif|num\u00e9ro|prefijo|n\u00famero|prefisso|numero|prefixo)(?:\W.*)?",
    re.IGNORECASE,
)
_FEWEST_PHONE_DIGITS, _MOST_PHONE_BOXES = 7, 4
_FEWEST_CODE_BOXES, _MOST_CODE_BOXES = 4, 8
_CODE_SCORE = 0.9
_NUMBERING = re.compile(r"[\d\s/]+|\bof\b")


@dataclass(frozen=True, slots=True)
class Boxes:
    """Neighbouring boxes, and the value that they may hold together; ``certain``: their shape says it."""

    fields: tuple[TypedField, ...]
    text: Text = field(repr=False)
    entity: EntityType
    certain: bool = False

    def confirm(self, found: Sequence[Span]) -> Span | None:
        """Return the span of the value if it is certain, or if a detector ``found`` it to be all of the text."""
        whole = len(self.text.content)
        if self.certain:
            return Span(0, whole, self.entity, _CODE_SCORE)
        return next((span for span in found if span[:3] == (0, whole, self.entity)), None)


def find_boxes(fields: Sequence[TypedField]) -> list[Boxes]:
    """Find neighbouring boxes whose lengths are those of a value, in the order in which they were first typed into."""
    typed = sorted((item for item in fields if not item.secret and len(item.final)), key=_first_row)
    found: list[Boxes] = []
    for numeric, run in groupby(((item, _final(item)) for item in typed), key=lambda pair: _is_number(pair[1])):
        boxes = list(run) if numeric else []
        at = 0
        while at < len(boxes):
            one = _code_at(boxes, at) or _shape_at(boxes, at) or _phone_at(boxes, at)
            at += len(one.fields) if one else 1
            found += [one] if one else []
    return found


_Box = tuple[TypedField, str]


def _code_at(boxes: Sequence[_Box], at: int) -> Boxes | None:
    """Read boxes of one digit as a code, up to the next longer box."""
    if at and len(boxes[at - 1][1]) == 1:
        return None
    count = next((n for n, (_, text) in enumerate(boxes[at:]) if len(text) != 1), len(boxes) - at)
    listed = boxes[at : at + count]
    if _FEWEST_CODE_BOXES <= count <= _MOST_CODE_BOXES and _have_one_label(listed):
        return _join(listed, EntityType.ONE_TIME_CODE, "", certain=True)
    return None


def _shape_at(boxes: Sequence[_Box], at: int) -> Boxes | None:
    for lengths, entity, between in _SHAPES:
        listed = boxes[at : at + len(lengths)]
        if tuple(len(text) for _, text in listed) == lengths and _have_one_label(listed):
            return _join(listed, entity, between)
    return None


def _phone_at(boxes: Sequence[_Box], at: int) -> Boxes | None:
    """Read boxes as a telephone number by their labels: ``Phone: country`` | ``Area`` | ``Number``."""
    if not _PHONE.fullmatch(boxes[at][0].label.strip()):
        return None
    end = at + 1
    while end < min(len(boxes), at + _MOST_PHONE_BOXES) and _PHONE_PART.fullmatch(boxes[end][0].label.strip()):
        end += 1
    listed = boxes[at:end]
    if len(listed) > 1 and sum(len(text) for _, text in listed) >= _FEWEST_PHONE_DIGITS:
        return _join(listed, EntityType.PHONE_NUMBER, "", certain=True)
    return None


def _join(boxes: Sequence[_Box], entity: EntityType, between: str, *, certain: bool = False) -> Boxes:
    text = Text(between.join(text for _, text in boxes), TextKind.TYPED, slight=True)
    return Boxes(tuple(item for item, _ in boxes), text, entity, certain)


def _have_one_label(boxes: Sequence[_Box]) -> bool:
    return len({_NUMBERING.sub("", item.label.casefold()) for item, _ in boxes} - {""}) <= 1


def _first_row(item: TypedField) -> int:
    return int(item.cell_rows[0])


def _final(item: TypedField) -> str:
    return "".join(map(item.cells.__getitem__, item.final.tolist()))


def _is_number(text: str) -> bool:
    """Return whether ``text`` is digits, with the plus of a country's code or without."""
    return is_numeric(text.removeprefix("+"))
