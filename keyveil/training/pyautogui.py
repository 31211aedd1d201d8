"""Actions as PyAutoGUI code, in the dialect of AgentNet and OpenCUA.

Coordinates are shares of the window, four digits; scrolling up is positive there and down is positive here.
"""

from keyveil.training.action import POINTED, Action, Point
from schemas.safe import BOX_UNITS

_CLICKS = {
    ("click", "left"): "click",
    ("click", "right"): "rightClick",
    ("click", "middle"): "middleClick",
    ("double_click", "left"): "doubleClick",
    ("triple_click", "left"): "tripleClick",
}
_SIDES = {"back": ["alt", "left"], "forward": ["alt", "right"]}
_HELD = {"Control": "ctrl", "Alt": "alt", "Shift": "shift", "Meta": "win", "Super": "win"}
_BUTTONS = ("left", "middle", "right")


def pyautogui_code(action: Action) -> str | None:
    """Write an action as one statement a line; null where it happened at no known place.

    >>> pyautogui_code(Action(kind="click", at=(9_780, 9_766)))
    'pyautogui.click(x=0.978, y=0.9766)'
    >>> pyautogui_code(Action(kind="hotkey", keys=("ctrl", "s")))
    "pyautogui.hotkey(keys=['ctrl', 's'])"
    """
    if action.kind == "type":
        return f"pyautogui.write(message={action.text!r})"
    if action.kind == "hotkey":
        name = "hotkey" if len(action.keys) > 1 else "press"
        return "\n".join([f"pyautogui.{name}(keys={list(action.keys)!r})"] * action.presses)
    if action.kind == "wait":
        return "computer.wait()"
    if action.kind not in POINTED or action.at is None:
        return None
    lines = _write_pointer(action, _place(action.at))
    held = list(dict.fromkeys(_HELD[name] for name in action.modifiers if name in _HELD))
    before = [f"pyautogui.keyDown(key={name!r})" for name in held]
    after = [f"pyautogui.keyUp(key={name!r})" for name in reversed(held)]
    return "\n".join([*before, *lines, *after]) if lines else None


def _write_pointer(action: Action, at: str) -> list[str]:
    if action.kind == "drag":
        move = f"pyautogui.moveTo({at})"
        return [] if action.to is None else [move, f"pyautogui.dragTo({_place(action.to)}, button='{_button(action)}')"]
    if action.kind == "scroll":
        right, down = action.notches
        turns = [f"pyautogui.hscroll({right})"] if right else []
        turns += [f"pyautogui.scroll({-down})"] if down or not right else []
        return [f"pyautogui.moveTo({at})", *turns]
    if action.button in _SIDES:
        return [f"pyautogui.hotkey(keys={_SIDES[action.button]!r})"]
    if name := _CLICKS.get((action.kind, action.button)):
        return [f"pyautogui.{name}({at})"]
    times = {"click": 1, "double_click": 2, "triple_click": 3}[action.kind]
    return [f"pyautogui.click({at}, clicks={times}, button='{_button(action)}')"]


def _button(action: Action) -> str:
    return action.button if action.button in _BUTTONS else "left"


def _place(place: Point) -> str:
    return f"x={place[0] / BOX_UNITS:g}, y={place[1] / BOX_UNITS:g}"
