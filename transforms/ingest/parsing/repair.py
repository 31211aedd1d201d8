"""One flaw costs one value: what is plainly damaged in an event is fixed or dropped by name, and counted.

Ids, times, kinds, and whatever says that something is private are never guessed: such an event is rejected as before.
"""

import math
import re
from collections import Counter
from collections.abc import Mapping

import pyarrow as pa

from schemas.raw import LOG_SCHEMA
from schemas.tally import TallyGroup
from transforms.ingest.parsing.log_rules import NESTED_RANGES, RANGES, is_double, is_pixel_name

_KEPT_AS_WRITTEN = frozenset(
    "session_id user_id device_id field_id kind action source code purpose consent_version".split()
)
_DROPPED = frozenset("dx dy button os screens keyboard_layout recorder recorder_version timezone window target".split())
"""Fields of which an unusable value is dropped: the event says what happened without them."""

HALF = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair, which no text may hold."""

_SECRET = re.compile(r"passw|protect|secret|masked|sensitive|private", re.IGNORECASE)
_LARGEST = 2**53

Repairs = Counter[str]
"""Tallies such as ``repaired.nodes.unknown_field``."""


def repair(event: Mapping[str, object]) -> tuple[dict[str, object], Repairs]:
    r"""Return the event without its small flaws, and how many of each there were.

    >>> repair({"kind": "screen", "seq": 1.0, "text": "blue \ud83d"})[1]
    Counter({'repaired.seq.float': 1, 'repaired.text.half_character': 1})
    """
    repairs: Repairs = Counter()
    fixed: dict[str, object] = {}
    for name, value in event.items():
        if name not in LOG_SCHEMA.names or name in _KEPT_AS_WRITTEN or value is None:
            fixed[name] = value
            continue
        kept = _fix(name, value, LOG_SCHEMA.field(name).type, repairs, RANGES.get(name))
        if kept is not None or name in _DROPPED:
            fixed[name] = kept
        else:
            fixed[name] = value
            _withdraw(repairs, name)
    return fixed, repairs


def _withdraw(repairs: Repairs, column: str) -> None:
    """Forget the repairs of a value that was needed and could not be used."""
    for name in [name for name in repairs if name.startswith(TallyGroup.REPAIRED.of(f"{column}."))]:
        del repairs[name]


def _count(repairs: Repairs, column: str, flaw: str) -> None:
    repairs[TallyGroup.REPAIRED.of(f"{column}.{flaw}")] += 1


def _fix(column: str, value: object, kind: pa.DataType, repairs: Repairs, limits: tuple[float, float] | None) -> object:
    """Return the value as its type wants it, ``None`` where nothing can be kept."""
    is_number = pa.types.is_int64(kind) or pa.types.is_float64(kind)
    match value:
        case bool() if pa.types.is_boolean(kind):
            return value
        case str() if pa.types.is_string(kind):
            return _fix_text(column, value, repairs)
        case int() | float() if is_number and not isinstance(value, bool):
            return _fix_number(column, value, kind, repairs, limits)
        case list() if pa.types.is_list(kind):
            return _fix_list(column, value, kind, repairs)
        case dict() if pa.types.is_struct(kind):
            return _fix_struct(column, value, kind, repairs)
    _count(repairs, column, "out_of_range" if is_number and limits else "wrong_type")
    return None


def _fix_list(column: str, value: list[object], kind: pa.ListType, repairs: Repairs) -> list[object]:
    if column == "modifiers":
        return value  # a modifier less is another key
    items = [_fix(column, item, kind.value_type, repairs, None) for item in value]
    return [item for item in items if item is not None]


def _fix_text(column: str, text: str, repairs: Repairs) -> str:
    if text.isascii() or not HALF.search(text):
        return text
    _count(repairs, column, "half_character")
    return "Unidentified" if column == "key" else HALF.sub("\ufffd", text)


def _fix_number(
    column: str, value: float, kind: pa.DataType, repairs: Repairs, limits: tuple[float, float] | None
) -> float | None:
    low, high = limits or (-math.inf, math.inf)
    if not is_double(value) or not low <= value <= high:
        _count(repairs, column, "no_number" if limits is None else "out_of_range")
        return None
    if pa.types.is_int64(kind) and isinstance(value, float):
        if not value.is_integer() or abs(value) > _LARGEST:
            _count(repairs, column, "wrong_type")
            return None
        _count(repairs, column, "float")
        return int(value)
    return value


def _fix_struct(column: str, value: dict[str, object], kind: pa.StructType, repairs: Repairs) -> object:
    fixed: dict[str, object] = {}
    secret = False
    for name, item in value.items():
        # half a character is a part of no name, and pyarrow cannot look it up
        place = kind.get_field_index(name) if name.isascii() else -1
        if place < 0:
            if is_pixel_name(name):
                fixed[name] = item  # pixels are refused, not dropped
                continue
            _count(repairs, column, "unknown_field")
            secret = secret or bool(item and _SECRET.search(name))
        elif item is None:
            fixed[name] = None
        else:
            fixed[name] = _fix(column, item, kind.field(place).type, repairs, NESTED_RANGES.get(name))
            # a side that is no number spoils the rectangle, and what cannot be read about protection protects
            if fixed[name] is None and name in {"x", "y", "width", "height"}:
                return None
            secret = secret or (fixed[name] is None and name == "protected")
    if secret and kind.get_field_index("protected") >= 0:
        fixed["protected"] = True
    return fixed
