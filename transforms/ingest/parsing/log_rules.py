"""The raw log's rules as tables (contract, section 1), and the check of one event against them.

``block_rules.py`` applies the same tables to a whole block; an event passes one exactly when it passes the other.
"""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import UnionType
from typing import Self

import pyarrow as pa

from schemas.ids import canonical_id
from schemas.raw import KINDS, LOG_SCHEMA
from schemas.rejects import Problem, Reason

_COMMON = "session_id seq kind"
REQUIRED = {
    kind: frozenset(f"{_COMMON} {names}".split())
    for kind, names in {
        "session": "",
        "focus": "app title",
        "task": "instruction",
        "field": "field_id role label multiline",
        "key": "action key code modifiers",
        "pointer": "action x y",
        "screen": "source text",
        "clipboard": "action text",
        "input_value": "field_id value",
    }.items()
}
"""Fields that an event of a kind must have. ``user_id`` may come from the command line: sessions are asked for it."""

ALLOWED = {
    kind: REQUIRED[kind] | frozenset(f"user_id device_id t_us {names}".split())
    for kind, names in {
        "session": "os screens keyboard_layout recorder recorder_version timezone purpose consent_version",
        "focus": "url private window",
        "task": "outcome goal",
        "field": "resumed",
        "key": "repeat field_id",
        "pointer": "button dx dy target",
        "screen": "nodes window",
        "clipboard": "field_id",
        "input_value": "source_masked",
    }.items()
}
"""Fields that an event of a kind may have."""

WORDS = {
    ("key", "action"): ("down", "up"),
    ("pointer", "action"): ("move", "down", "up", "click", "double_click", "triple_click", "drag", "scroll"),
    ("clipboard", "action"): ("copy", "cut", "paste"),
    ("screen", "source"): ("ocr", "a11y", "dom"),
}
"""Closed vocabularies."""

_LAST_T_US = 253_402_300_799_999_999
_PIXELS = 10_000_000
RANGES: Mapping[str, tuple[int, int]] = {
    "seq": (0, 2**63 - 1),
    "t_us": (0, _LAST_T_US),
    **dict.fromkeys(("x", "y", "dx", "dy"), (-_PIXELS, _PIXELS)),
}
"""Inclusive: times up to the year 9999, coordinates far beyond any screen."""

NESTED_RANGES: Mapping[str, tuple[int, int]] = {
    **dict.fromkeys(("x", "y", "width", "height"), (-_PIXELS, _PIXELS)),
    "depth": (0, 1_000_000),
}
"""Inclusive, of the parts of nodes, targets, windows and screens."""

LENGTHS: Mapping[str, tuple[int, int]] = {
    "session_id": (1, 1024),
    **dict.fromkeys(("user_id", "device_id", "field_id"), (0, 1024)),
    **dict.fromkeys(("key", "code", "button"), (0, 64)),
}
"""Inclusive, in bytes of UTF-8. A key value is a character or a name: longer ones are not keys."""

MAX_MODIFIERS = 16

_PIXEL_WORD = re.compile(
    r"image|screenshot|frame|audio|video|thumbnail|pixels|bitmap|png|jpe?g|webp|mp4|wav|sound|camera", re.ASCII
)
_DATA_URL = re.compile(r"data:\s*(?:image|audio|video)/[^,]{0,200};base64,", re.ASCII | re.IGNORECASE)
DATA_URL_MARK = ";base64,"
"""In every text that ``_DATA_URL`` finds, ASCII case aside."""

_SCALARS = {pa.string(): str, pa.bool_(): bool, pa.int64(): int, pa.float64(): int | float}


@dataclass(frozen=True, slots=True)
class _Shape:
    """Type of a field as Python has it; of a list that of its items, of an object those of its parts by name."""

    python: type | UnionType = field(repr=False)
    item: "_Shape | None" = field(repr=False)
    parts: Mapping[str, "_Shape"] = field(repr=False)

    @classmethod
    def of(cls, kind: pa.DataType) -> Self:
        """Translate a type of the schema, once: asking pyarrow for each value takes most of the check's time."""
        if pa.types.is_list(kind):
            return cls(list, cls.of(kind.value_type), {})
        if pa.types.is_struct(kind):
            return cls(dict, None, {part.name: cls.of(part.type) for part in kind})
        return cls(_SCALARS[kind], None, {})


_SHAPES = {column.name: _Shape.of(column.type) for column in LOG_SCHEMA}
IDS = ("session_id", "user_id")
"""Fields that say whose an event is; they are compared in their canonical form (``schemas.ids``)."""

_UNKNOWN_FIELD = (
    "a field that the raw log does not have for this kind (#2: the second of its object); map it in an adapter or "
    "leave it out"
)
_PIXELS_REFUSED = "pixels, audio and video are refused; record without them"
_UNKNOWN_KIND = f"kind must be one of: {', '.join(KINDS)}"
_MISSING = "a field that this kind of event must have"
_WRONG_TYPE = "a value of another type than the raw log's"
_RANGE = "a number outside the range of the raw log"
_WORD = "a word outside the closed list of the raw log"
_LENGTH = "an identifier or key name that is empty or too long"
_ID = "an id that holds a control or invisible character, or nothing else than white space"
_SURROGATE = "text must be valid Unicode; it holds half of a surrogate pair"


def show_field(name: str, place: int) -> str:
    """Tell a field by its name where that is one of the raw log's, else by its 1-based place: a name can be content.

    >>> show_field("jane_doe", 3)
    '#3'
    """
    return name if name in _SHAPES else f"#{place}"


def names_somebody(text: str, name: str) -> bool:
    """Tell whether an id can be used; a blank ``user_id`` names nobody, which is no fault of the event."""
    if name == "user_id" and not text.strip():
        return True
    try:
        canonical_id(text, fold_case=True)
    except ValueError:
        return False
    return True


def find_problem(event: Mapping[str, object]) -> Problem | None:
    """Return the first rule that ``event`` breaks; a field that is null counts as absent."""
    for place, name in enumerate(event, start=1):
        if name not in _SHAPES:
            return _unknown(name, place)
    for name, value in event.items():
        if value is not None and (problem := _find_in_value(name, value, _SHAPES[name])):
            return problem
    kind = event.get("kind")
    if kind is None:
        return Problem(Reason.MISSING_FIELD, "kind", _MISSING)
    if kind not in KINDS:
        return Problem(Reason.UNKNOWN_KIND, "kind", _UNKNOWN_KIND)
    return _find_in_fields(str(kind), event) or next(_limits(str(kind), event), None)


def _find_in_fields(kind: str, event: Mapping[str, object]) -> Problem | None:
    """Return the first field, in the schema's order, that may not be there or that is missing."""
    present = {name for name, value in event.items() if value is not None}
    flaws = (present - ALLOWED[kind]) | (REQUIRED[kind] - present)
    name = next((name for name in _SHAPES if name in flaws), None) if flaws else None
    if name is None:
        return None
    if name in present:
        return Problem(Reason.UNKNOWN_FIELD, name, _UNKNOWN_FIELD)
    return Problem(Reason.MISSING_FIELD, name, _MISSING)


def is_pixel_name(name: str) -> bool:
    """Tell whether a field is named as one that holds pixels, audio or video."""
    return _PIXEL_WORD.search(name.lower()) is not None


def _unknown(name: str, place: int) -> Problem:
    if word := _PIXEL_WORD.search(name.lower()):
        return Problem(Reason.PIXELS_REFUSED, word[0], _PIXELS_REFUSED)
    return Problem(Reason.UNKNOWN_FIELD, show_field(name, place), _UNKNOWN_FIELD)


def _find_in_value(name: str, value: object, shape: _Shape) -> Problem | None:
    if not isinstance(value, shape.python) or isinstance(value, bool) != (shape.python is bool):
        return Problem(Reason.WRONG_TYPE, name, _WRONG_TYPE)
    match value:
        case str():
            return _find_in_text(name, value)
        case list() if shape.item is not None:
            return _find_in_list(name, value, shape.item)
        case dict():
            return _find_in_struct(name, value, shape)
        case int() | float() if not is_double(value):
            return Problem(Reason.OUT_OF_RANGE, name, _RANGE)
    return None


def _find_in_list(name: str, value: list[object], shape: _Shape) -> Problem | None:
    for item in value:
        if item is None:
            return Problem(Reason.WRONG_TYPE, name, _WRONG_TYPE)
        if problem := _find_in_value(name, item, shape):
            return problem
    return None


def _find_in_struct(name: str, value: dict[str, object], shape: _Shape) -> Problem | None:
    for number, (key, item) in enumerate(value.items(), start=1):
        part = shape.parts.get(key)
        if part is None:
            return _unknown(key, number)
        if item is None:
            continue
        if problem := _find_in_value(name, item, part):
            return problem
        low, high = NESTED_RANGES.get(key, (-math.inf, math.inf))
        if isinstance(item, int | float) and not low <= item <= high:
            return Problem(Reason.OUT_OF_RANGE, name, _RANGE)
    return None


def _find_in_text(name: str, text: str) -> Problem | None:
    if not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text):
        return Problem(Reason.BAD_UTF8, name, _SURROGATE)
    if DATA_URL_MARK in text.lower() and _DATA_URL.search(text):
        return Problem(Reason.PIXELS_REFUSED, name, _PIXELS_REFUSED)
    return None


def is_double(value: float) -> bool:
    """Return whether a number is finite and fits 64 bits of floating point."""
    try:
        return math.isfinite(value)
    except OverflowError:
        return False


def _limits(kind: str, event: Mapping[str, object]) -> Iterator[Problem]:
    for name, value in event.items():
        if isinstance(value, int | float) and name in RANGES and not RANGES[name][0] <= value <= RANGES[name][1]:
            yield Problem(Reason.OUT_OF_RANGE, name, _RANGE)
        if isinstance(value, str):
            if value not in WORDS.get((kind, name), (value,)):
                yield Problem(Reason.OUT_OF_RANGE, name, _WORD)
            if name in LENGTHS and not LENGTHS[name][0] <= len(value.encode()) <= LENGTHS[name][1]:
                yield Problem(Reason.OUT_OF_RANGE, name, _LENGTH)
            if name in IDS and not names_somebody(value, name):
                yield Problem(Reason.OUT_OF_RANGE, name, _ID)
        if name == "modifiers" and isinstance(value, list) and len(value) > MAX_MODIFIERS:
            yield Problem(Reason.OUT_OF_RANGE, name, _RANGE)
