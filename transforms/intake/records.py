"""The canonical event as strict types: the slow, exact reading that names line, field and rule."""

import json
import math
import re
from typing import Any, Literal, NoReturn

import msgspec

from schemas.rejects import Reason
from transforms.intake.problem import Problem

MAX_T_US = 253_402_300_800_000_000
"""Year 10000: a later time is a mistake of unit."""

_PIXELS = frozenset({"image", "images", "screenshot", "frame", "frames", "pixels", "bitmap", "audio", "video", "media"})
_SHOWN = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_PATH = re.compile(r"`\$\.?([A-Za-z0-9_.\[\]]*)`")
_UNKNOWN = re.compile(r"unknown field `([^`]*)`")
_MISSING = re.compile(r"required field `([A-Za-z_]+)`")


class _Event(msgspec.Struct, forbid_unknown_fields=True, tag_field="kind", omit_defaults=True, kw_only=True):
    session_id: str
    seq: int
    user_id: str | None = None
    t_us: int | None = None
    device_id: str | None = None


class _Rect(msgspec.Struct, forbid_unknown_fields=True):
    x: float
    y: float
    width: float
    height: float


class _Screen(_Rect, forbid_unknown_fields=True):
    scale: float | None = None


class _Node(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    role: str | None = None
    name: str | None = None
    value: str | None = None
    bounds: _Rect | None = None
    protected: bool | None = None


class _Target(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    role: str | None = None
    name: str | None = None


class Session(_Event, tag="session", kw_only=True):
    """Header of a session."""

    os: str | None = None
    screens: list[_Screen] | None = None
    keyboard_layout: str | None = None
    recorder: str | None = None
    recorder_version: str | None = None
    timezone: str | None = None
    purpose: str | None = None
    consent_version: str | None = None


class Focus(_Event, tag="focus", kw_only=True):
    """A window came to the front."""

    app: str
    title: str
    url: str | None = None
    private: bool | None = None


class Field(_Event, tag="field", kw_only=True):
    """Keyboard focus entered a control."""

    field_id: str
    role: str
    label: str
    multiline: bool
    resumed: bool | None = None


class Key(_Event, tag="key", kw_only=True):
    """A key went down or up."""

    action: Literal["down", "up"]
    key: str
    code: str
    modifiers: list[str]
    repeat: bool | None = None
    field_id: str | None = None


class Pointer(_Event, tag="pointer", kw_only=True):
    """The pointer did something."""

    action: Literal["move", "down", "up", "click", "double_click", "drag", "scroll"]
    x: float
    y: float
    button: str | None = None
    dx: float | None = None
    dy: float | None = None
    target: _Target | None = None


class Screen(_Event, tag="screen", kw_only=True):
    """Text that stood on the screen."""

    source: Literal["ocr", "a11y", "dom"]
    text: str
    nodes: list[_Node] | None = None


class Clipboard(_Event, tag="clipboard", kw_only=True):
    """A copy, cut or paste."""

    action: Literal["copy", "cut", "paste"]
    text: str
    field_id: str | None = None


class InputValue(_Event, tag="input_value", kw_only=True):
    """The whole value of a field after an edit."""

    field_id: str
    value: str
    source_masked: bool | None = None


Event = Session | Focus | Field | Key | Pointer | Screen | Clipboard | InputValue

_DECODER = msgspec.json.Decoder(Event)
_ENCODER = msgspec.json.Encoder()


class _Duplicate(ValueError):
    pass


def _pairs(pairs: list[tuple[str, Any]]) -> None:
    if len({name for name, _ in pairs}) != len(pairs):
        raise _Duplicate


def _constant(_: str) -> NoReturn:
    raise ValueError


def canonical_line(line: bytes, number: int) -> bytes | Problem:
    """Return ``line`` written anew in canonical JSON, or what is wrong with it."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return Problem(Reason.BAD_UTF8, number, "", "a line is UTF-8; convert the file", line)
    try:
        json.loads(line, object_pairs_hook=_pairs, parse_constant=_constant)
        event = _DECODER.decode(line)
    except _Duplicate:
        return Problem(Reason.DUPLICATE_FIELD, number, "", "a field stands once in a record", line)
    except msgspec.ValidationError as error:
        return _classified(str(error), line, number)
    except (ValueError, RecursionError):
        return Problem(Reason.BAD_JSON, number, "", "a line is one JSON object with finite numbers", line)
    return _in_range(event, line, number) or _ENCODER.encode(event)


def _classified(message: str, line: bytes, number: int) -> Problem:
    """Turn the library's message into ours: it may quote an unknown field's name, and nothing else of the record."""
    at = _PATH.search(message)
    where = at[1] if at and _SHOWN.match(at[1]) else ""
    if unknown := _UNKNOWN.search(message):
        name = unknown[1]
        if name.lower() in _PIXELS:
            return Problem(Reason.PIXELS_REFUSED, number, name, "pixels, audio and video are not taken in", line)
        shown = name if _SHOWN.fullmatch(name) else "(name not shown)"
        return Problem(Reason.UNKNOWN_FIELD, number, shown, "only the contract's fields of this kind are taken in", line)
    if missing := _MISSING.search(message):
        return Problem(Reason.MISSING_FIELD, number, missing[1], "this field is required", line)
    if "Invalid value" in message and where == "kind":
        return Problem(Reason.UNKNOWN_KIND, number, "kind", "the kind is one of the contract's", line)
    if "Invalid enum value" in message:
        return Problem(Reason.OUT_OF_RANGE, number, where, "the value is one of the contract's words", line)
    if "out of range" in message:
        return Problem(Reason.OUT_OF_RANGE, number, where, "the number is in range and finite", line)
    return Problem(Reason.WRONG_TYPE, number, where, "the value has the contract's type", line)


def _in_range(event: Event, line: bytes, number: int) -> Problem | None:
    def bad(name: str, rule: str) -> Problem:
        return Problem(Reason.OUT_OF_RANGE, number, name, rule, line)

    if not event.session_id:
        return Problem(Reason.MISSING_FIELD, number, "session_id", "an id is not empty", line)
    if event.user_id is not None and not event.user_id:
        return Problem(Reason.MISSING_FIELD, number, "user_id", "an id is not empty", line)
    if not 0 <= event.seq < 2**62:
        return bad("seq", "seq is 0 or more")
    if event.t_us is not None and not 0 <= event.t_us < MAX_T_US:
        return bad("t_us", "t_us is microseconds since 1970, 0 or more")
    if isinstance(event, Pointer):
        for name in ("x", "y", "dx", "dy"):
            value = getattr(event, name)
            if value is not None and not (math.isfinite(value) and abs(value) < 1e9):  # noqa: PLR2004 - no screen is so large
                return bad(name, "pixels are finite numbers")
    return None
