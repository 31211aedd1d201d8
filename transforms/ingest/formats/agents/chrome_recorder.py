"""User flows of the Recorder in Chrome's developer tools: steps with selectors, without times."""

import re
from collections.abc import Iterator

from transforms.ingest.formats.adapter import MapRow
from transforms.ingest.formats.foreign_format import UNKNOWN, ForeignFormat, SessionDraft
from transforms.ingest.formats.json_documents import dicts, has_names, load
from transforms.ingest.formats.record_values import optional_number, text
from transforms.ingest.formats.typed_steps import Event, Field, HeldKeys

_BUTTONS = {"primary": "left", "auxiliary": "middle", "secondary": "right", "back": "back", "forward": "forward"}
_CONTROL = frozenset(
    {"waitForElement", "waitForExpression", "emulateNetworkConditions", "close", "customStep", "hover"}
)
_KINDS = frozenset({"navigate", "click", "doubleClick", "change", "keyDown", "keyUp", "scroll", "setViewport"})
_ROLE = re.compile(r"\[role=\\?\"?([a-z]+)")
_STEP = re.compile(rb'"type"\s*:\s*"(?:navigate|click|change|setViewport|keyDown|keyUp|doubleClick|scroll|hover)"')


def _knows(head: bytes) -> bool:
    return has_names(head, "title", "steps", "type") and _STEP.search(head) is not None


def _tell(content: bytes, source: int) -> Iterator[SessionDraft]:
    flow = load(content)
    if not isinstance(flow, dict) or not isinstance(flow.get("steps"), list):
        raise TypeError("steps")
    draft, flowing = SessionDraft(source, {"recorder": "chrome-recorder"}), _Flow()
    if isinstance(flow.get("title"), str) and flow["title"]:
        draft.add(None, 1, {"kind": "task", "instruction": flow["title"]})
    draft.each(flow["steps"], lambda place, step: flowing.tell(step, place, draft))
    yield draft


class _Flow:
    """State of a flow: held modifiers, the field that is typed into, the scroll position."""

    def __init__(self) -> None:
        self._field, self._held, self._scrolled = Field(), HeldKeys(), (0.0, 0.0)

    def tell(self, step: dict[str, object], place: int, draft: SessionDraft) -> None:
        kind = text(step, "type")
        if kind in _CONTROL:
            draft.leave_out("control")
            return
        if kind not in _KINDS:
            draft.refuse(UNKNOWN, place)
            return
        for event in self._events(kind, step):
            draft.add(None, place, event)
        for asserted in dicts(step.get("assertedEvents")) if kind != "navigate" else ():
            if isinstance(asserted.get("url"), str):
                draft.add(None, place, _focus(asserted))

    def _events(self, kind: str, step: dict[str, object]) -> Iterator[Event]:
        if kind == "navigate":
            yield _focus(step)
        elif kind in {"click", "doubleClick"}:
            self._field.leave(_name(step))
            action = "double_click" if kind == "doubleClick" else "click"
            button = _BUTTONS.get(str(step.get("button", "primary")), "other")
            yield {"kind": "pointer", "action": action, "button": button, "target": _target(step)} | _place(step)
        elif kind == "change":
            yield from self._field.fill(text(step, "value"), _name(step))
        elif kind in {"keyDown", "keyUp"}:
            yield self._held.event(text(step, "key"), down=kind == "keyDown")
        elif kind == "scroll":
            yield self._scroll(step)

    def _scroll(self, step: dict[str, object]) -> Event:
        x, y = (optional_number(step, name) for name in "xy")
        by = {"dx": x - self._scrolled[0], "dy": y - self._scrolled[1]}
        self._scrolled = x, y
        return {"kind": "pointer", "action": "scroll", "x": 0.0, "y": 0.0} | by


def _focus(step: dict[str, object]) -> Event:
    title = step.get("title")
    return {
        "kind": "focus",
        "app": "browser",
        "title": title if isinstance(title, str) else "",
        "url": text(step, "url"),
    }


def _place(step: dict[str, object]) -> Event:
    """Return the offset in the element, all that the recorder knows of a position."""
    return {name: optional_number(step, f"offset{name.upper()}") for name in "xy"}


def _selectors(step: dict[str, object]) -> Iterator[str]:
    selectors = step.get("selectors")
    for item in selectors if isinstance(selectors, list) else ():
        found = item if isinstance(item, str) else item[0] if isinstance(item, list) and item else ""
        if isinstance(found, str):
            yield found


def _name(step: dict[str, object]) -> str:
    """Return the accessible name that a selector tells: ``aria/Search[role="textbox"]`` is Search."""
    for selector in _selectors(step):
        if selector.startswith(("aria/", "text/")):
            return selector.split("/", 1)[1].split("[role=")[0]
    return ""


def _target(step: dict[str, object]) -> Event:
    roles = [found[1] for selector in _selectors(step) if (found := _ROLE.search(selector))]
    return {"role": roles[0] if roles else "generic", "name": _name(step)}


CHROME_RECORDER = ForeignFormat(
    name="chrome-recorder",
    summary="Chrome DevTools Recorder: a JSON user flow",
    mapping=(
        MapRow("title", "`task`"),
        MapRow("navigate, assertedEvents url", "`focus` of the application `browser`"),
        MapRow("click, doubleClick", "`pointer`; the position is the offset in the element"),
        MapRow("selectors aria/, text/", "`target`: name and role; other selectors are not read"),
        MapRow("change", "`field` and `input_value`"),
        MapRow("keyDown, keyUp", "`key`"),
        MapRow("scroll", "`pointer`: `scroll`, by the difference"),
        MapRow("setViewport, offsets, frames", "not read"),
        MapRow("waitForElement, hover, close and other control", "left out, counted: `control`"),
        MapRow("times", "none are recorded: steps keep their order"),
    ),
    knows=_knows,
    tell=_tell,
)
"""The adapter."""
