"""Statements of pyautogui, as data sets of agents write actions: read as text, never run."""

import ast
import warnings
from collections.abc import Callable, Iterator

from transforms.ingest.formats.record_values import NOTCH_PX
from transforms.ingest.formats.typed_steps import Event, Field, press

_LONGEST = 20_000
WIDTH, HEIGHT = 1920.0, 1080.0
"""Screen in whose pixels positions are given that are parts of an unknown one."""

_CLICKS = {
    "click": ("click", None), "leftClick": ("click", "left"), "rightClick": ("click", "right"),
    "middleClick": ("click", "middle"), "doubleClick": ("double_click", "left"),
    "tripleClick": ("triple_click", "left"), "mouseDown": ("down", None),
    "mouseUp": ("up", None), "moveTo": ("move", None), "dragTo": ("drag", None),
}  # fmt: skip
_CONTROL = frozenset({"wait", "sleep", "terminate", "screenshot", "call_user", "answer"})

Arguments = dict[str, object]


class UnknownStatementError(ValueError):
    """A statement that is no action of pyautogui; it carries no content."""


def read_code(code: str, field: Field) -> Iterator[Event | None]:
    """Yield the events of each statement, ``None`` for one that controls the agent and not the computer.

    Raises ``UnknownStatementError`` at the first statement that is none of pyautogui's.
    """
    if len(code) > _LONGEST:
        raise UnknownStatementError
    try:
        with warnings.catch_warnings(action="ignore"):  # a warning of the parser would print the statement
            body = ast.parse(code).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        raise UnknownStatementError from None
    for statement in body:
        yield from _read(statement, field)


def _read(statement: ast.stmt, field: Field) -> Iterator[Event | None]:
    call = statement.value if isinstance(statement, ast.Expr) else None
    if isinstance(statement, ast.Import | ast.ImportFrom):
        return
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        raise UnknownStatementError
    name, positional, named = call.func.attr, [_value(item) for item in call.args], _read_named(call)
    if name in _CONTROL:
        yield None
    elif name in _CLICKS:
        yield from _point(name, positional, named, field)
    elif name in _READERS:
        yield from _READERS[name](positional, named, field)
    else:
        raise UnknownStatementError


def _read_named(call: ast.Call) -> Arguments:
    return {item.arg: _value(item.value) for item in call.keywords if item.arg is not None}


def _value(node: ast.expr) -> object:
    try:
        value: object = ast.literal_eval(node)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError):
        raise UnknownStatementError from None
    return value


def _place(positional: list[object], named: Arguments) -> tuple[float, float]:
    """Return x and y in pixels; parts of the screen are read as those of one of 1920 by 1080."""
    x, y = (named.get(name, positional[at] if len(positional) > at else None) for at, name in enumerate("xy"))
    if isinstance(x, list | tuple) and len(x) > 1:
        x, y = x[0], x[1]
    if not isinstance(x, int | float) or not isinstance(y, int | float):
        raise UnknownStatementError
    in_parts = 0 <= x <= 1 and 0 <= y <= 1
    return (x * WIDTH, y * HEIGHT) if in_parts else (x, y)


def _point(name: str, positional: list[object], named: Arguments, field: Field) -> Iterator[Event]:
    action, button = _CLICKS[name]
    clicks = named.get("clicks")
    if action == "click" and isinstance(clicks, int):
        action = {2: "double_click", 3: "triple_click"}.get(clicks, "click")
    button = button or (str(named["button"]) if "button" in named else "left")
    if action not in {"move", "up"}:
        field.leave()
    x, y = field.pointer = _place(positional, named)
    event: Event = {"kind": "pointer", "action": action, "x": x, "y": y}
    yield event if action == "move" else event | {"button": button}


def _scroll(positional: list[object], named: Arguments, field: Field) -> Iterator[Event]:
    yield _wheel(positional, named, "dy", field)


def _hscroll(positional: list[object], named: Arguments, field: Field) -> Iterator[Event]:
    yield _wheel(positional, named, "dx", field)


def _wheel(positional: list[object], named: Arguments, axis: str, field: Field) -> Event:
    notches = named.get("clicks", positional[0] if positional else None)
    if isinstance(notches, bool) or not isinstance(notches, int | float):
        raise UnknownStatementError
    x, y = _place([], named) if {"x", "y"} <= named.keys() else field.pointer
    sign = -1 if axis == "dy" else 1  # up is positive there, down is here
    return {
        "kind": "pointer",
        "action": "scroll",
        "x": x,
        "y": y,
        "dx": 0.0,
        "dy": 0.0,
        axis: sign * notches * NOTCH_PX,
    }


def _type(positional: list[object], named: Arguments, field: Field) -> Iterator[Event]:
    text = next((named[name] for name in ("message", "text") if name in named), positional[0] if positional else None)
    if isinstance(text, list) and all(isinstance(key, str) for key in text):
        text = "".join(key for key in text if len(key) == 1)
    if not isinstance(text, str):
        raise UnknownStatementError
    yield from field.type(text)


def _keys(positional: list[object], named: Arguments) -> list[str]:
    found = named.get("keys", named.get("key", positional))
    names = found if isinstance(found, list | tuple) else [found]
    names = names[0] if len(names) == 1 and isinstance(names[0], list | tuple) else names
    if not names or not all(isinstance(name, str) for name in names):
        raise UnknownStatementError
    return [str(name) for name in names]


def _press(positional: list[object], named: Arguments, field: Field) -> Iterator[Event]:
    times = named.get("presses", 1)
    for name in _keys(positional[:1], named) * min(max(times, 1) if isinstance(times, int) else 1, 1_000):
        yield from press([name])
        if name.lower() == "tab":
            field.leave()  # the focus is on the next field, and so is what is typed next


def _hotkey(positional: list[object], named: Arguments, _: Field) -> Iterator[Event]:
    yield from press(_keys(positional, named))


def _key_down(positional: list[object], named: Arguments, _: Field) -> Iterator[Event]:
    yield next(iter(press(_keys(positional, named)[:1])))


def _key_up(positional: list[object], named: Arguments, _: Field) -> Iterator[Event]:
    yield list(press(_keys(positional, named)[:1]))[-1]


_READERS: dict[str, Callable[[list[object], Arguments, Field], Iterator[Event]]] = {
    "scroll": _scroll, "vscroll": _scroll, "hscroll": _hscroll, "write": _type, "typewrite": _type, "press": _press,
    "hotkey": _hotkey, "keyDown": _key_down, "keyUp": _key_up,
}  # fmt: skip
