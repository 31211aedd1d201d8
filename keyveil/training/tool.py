"""Actions as calls of a computer-use tool: ``{"action": "left_click", "coordinate": [640, 360]}``.

Names and fields are those of the tool that Anthropic's API calls ``computer_20250124``; coordinates are pixels of the
picture that a step shows, keys are those of xdotool. Modifiers of a click stand in ``text``.
"""

from typing import Any

from keyveil.training.action import POINTED, Action, Size, to_pixels
from keyveil.training.describe import scroll_way

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
