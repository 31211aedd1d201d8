"""Actions as calls of a computer-use tool: ``{"action": "left_click", "coordinate": [640, 360]}``.

Names and fields are those of the tool that Anthropic's API calls ``computer_20250124``; coordinates are pixels of the
picture that a step shows, keys are those of xdotool. Modifiers of a click stand in ``text``.
"""

from collections.abc import Mapping
from numbers import Real
from typing import Any

from keyveil.records import Box
from keyveil.training.action import POINTED, Action, Size, to_pixels
from keyveil.training.describe import scroll_way

_POINT = {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 2}
TOOL: dict[str, Any] = {
    "type": "function",
    "function": {
        "name": "computer",
        "description": "Act on the window in front. Coordinates are pixels of its picture, from the upper left corner.",
        "parameters": {
            "type": "object",
            "properties": {
                "action": {
                    "type": "string",
                    "enum": (
                        "type key left_click right_click middle_click double_click triple_click left_click_drag scroll "
                        "wait"
                    ).split(),
                },
                "text": {
                    "type": "string",
                    "description": "of type: what is typed; of key: keys such as ctrl+s; else keys that are held",
                },
                "coordinate": {**_POINT, "description": "where; of left_click_drag its end"},
                "start_coordinate": {**_POINT, "description": "where left_click_drag begins"},
                "scroll_direction": {"type": "string", "enum": ["up", "down", "left", "right"]},
                "scroll_amount": {"type": "integer", "description": "notches: 1, 3, 10 or 30"},
                "duration": {"type": "number", "description": "of wait: seconds"},
            },
            "required": ["action"],
        },
    },
}
"""Description of the tool as chat templates take it: ``apply_chat_template(chat, tools=[keyveil.TOOL])``."""

_CLICKS = {"left": "left_click", "right": "right_click", "middle": "middle_click"}
_KEYS = {
    "enter": "Return",
    "esc": "Escape",
    "backspace": "BackSpace",
    "delete": "Delete",
    "tab": "Tab",
    "space": "space",
    "left": "Left",
    "right": "Right",
    "up": "Up",
    "down": "Down",
    "home": "Home",
    "end": "End",
    "pageup": "Page_Up",
    "pagedown": "Page_Down",
    "insert": "Insert",
    "capslock": "Caps_Lock",
    "printscreen": "Print",
    "apps": "Menu",
    "win": "super",
    "+": "plus",
    "-": "minus",
    "=": "equal",
    ",": "comma",
    ".": "period",
    "/": "slash",
    "\\": "backslash",
    ";": "semicolon",
    "'": "apostrophe",
    "`": "grave",
    "[": "bracketleft",
    "]": "bracketright",
}
_HELD = {"Control": "ctrl", "Alt": "alt", "Shift": "shift", "Meta": "super", "Super": "super"}
_NOT_COMPARED = frozenset({"scroll_amount", "duration"})
_SIDES = {"back": "alt+Left", "forward": "alt+Right"}


def tool_call(action: Action, size: Size) -> dict[str, Any] | None:
    """Write an action as the input of the tool; null where it happened at no known place."""
    if action.kind == "type":
        return {"action": "type", "text": action.text}
    if action.kind == "hotkey":
        chord = "+".join(_key(name) for name in action.keys)
        return {"action": "key", "text": " ".join([chord] * action.presses)}
    if action.kind == "wait":
        return {"action": "wait", "duration": action.seconds}
    if action.kind not in POINTED or action.at is None:
        return None
    return _write_pointer(action, list(to_pixels(action.at, size)), size)


def _write_pointer(action: Action, at: list[int], size: Size) -> dict[str, Any] | None:
    held = "+".join(_HELD[name] for name in action.modifiers if name in _HELD)
    text = {"text": held} if held else {}
    if action.kind == "drag":
        if action.to is None:
            return None
        return {
            "action": "left_click_drag",
            "start_coordinate": at,
            "coordinate": list(to_pixels(action.to, size)),
        } | text
    if action.kind == "scroll":
        amount = max(map(abs, action.notches))
        way = {"scroll_direction": scroll_way(action), "scroll_amount": amount}
        return {"action": "scroll", "coordinate": at} | way | text
    if action.kind in ("double_click", "triple_click"):
        return {"action": action.kind, "coordinate": at} | text
    if action.button in _SIDES:
        return {"action": "key", "text": _SIDES[action.button]}
    return {"action": _CLICKS.get(action.button, "left_click"), "coordinate": at} | text


def _key(name: str) -> str:
    """Name a key as xdotool does, from the name that PyAutoGUI has for it."""
    return _KEYS.get(name, name.upper() if name[:1] == "f" and name[1:].isdigit() else name)


def match_call(action: Action, call: object, *, size: Size) -> bool:
    """Return whether ``call``, of the tool and in pixels of a picture of ``size``, does what ``action`` did.

    A position counts anywhere in the box of the target: where in it a release drew at random. A text counts without
    blanks at its ends, a scroll by its way and not by how far; all else must be equal. What is no call of the tool,
    such as an answer that could not be read, does not match.

    >>> sent = Action(kind="click", at=(5_000, 5_000), box=Box(4_000, 4_000, 6_000, 6_000))
    >>> match_call(sent, {"action": "left_click", "coordinate": [599, 400]}, size=(1_000, 1_000))
    True
    >>> match_call(sent, {"action": "left_click", "coordinate": [600, 400]}, size=(1_000, 1_000))
    False
    """
    done = tool_call(action, size)
    if done is None or not isinstance(call, Mapping) or not set(call) <= set(done) | _NOT_COMPARED:
        return False
    boxes = {"start_coordinate": action.box, "coordinate": action.to_box if action.kind == "drag" else action.box}
    for name, expected in done.items():
        given = call.get(name)
        if (box := boxes.get(name)) is not None:
            if not _is_inside(given, box, size):
                return False
        elif name == "text" and action.kind == "type":
            if not isinstance(given, str) or given.strip() != (expected or "").strip():
                return False
        elif name not in _NOT_COMPARED and given != expected:
            return False
    return True


def _is_inside(place: Any, box: Box, size: Size) -> bool:
    """Return whether a pixel shows a part of the box; its right and bottom edges are outside."""
    if not isinstance(place, (list, tuple)) or len(place) != 2 or not all(isinstance(each, Real) for each in place):  # noqa: PLR2004
        return False
    first, last = to_pixels((box.left, box.top), size), to_pixels((box.right - 1, box.bottom - 1), size)
    return all(low <= each < high + 1 for low, each, high in zip(first, place, last, strict=True))
