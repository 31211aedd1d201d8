"""Trajectories of the Agent Data Protocol: messages, actions and observations in one list."""

import json
from collections.abc import Iterator

from transforms.ingest.formats.adapter import MapRow
from transforms.ingest.formats.agents.pyautogui import UnknownStatementError, read_code
from transforms.ingest.formats.foreign_format import UNKNOWN, ForeignFormat, SessionDraft
from transforms.ingest.formats.json_documents import dicts, documents, has_names
from transforms.ingest.formats.record_values import optional_number, text, text_or_empty
from transforms.ingest.formats.typed_steps import Event, Field, press, press_chord

_CLICKS = {"click": "click", "left_click": "click", "right_click": "click", "double_click": "double_click",
           "triple_click": "triple_click", "hover": "move", "mouse_move": "move"}  # fmt: skip
_TYPES, _KEYS = frozenset({"type", "fill", "input_text"}), frozenset({"press", "key", "keyboard_press", "hotkey"})
_AGENTS = frozenset({"agent", "assistant"})
_GOES = frozenset({"goto", "navigate", "open_url"})


def _knows(head: bytes) -> bool:
    return has_names(head, "content", "class_")


def _tell(content: bytes, source: int) -> Iterator[SessionDraft]:
    broken = SessionDraft(source)
    for number, item in documents(content, broken):
        yield _trajectory(item, number, SessionDraft(source))
    if broken.recording.faults:
        yield broken


def _trajectory(item: object, number: int, draft: SessionDraft) -> SessionDraft:
    parts = item.get("content") if isinstance(item, dict) else None
    if not isinstance(parts, list):
        draft.each([None], lambda *_: None, number)
        return draft
    draft.header = {"recorder": "agent-data-protocol"}
    field = Field()
    draft.each(parts, lambda place, part: _part(part, place, draft, field))
    return draft


def _part(part: Event, place: int, draft: SessionDraft, field: Field) -> None:
    kind = text(part, "class_")
    if kind == "text_observation":
        _read(part, text(part, "content"), place, draft)
    elif kind == "json_observation":
        _read(part, json.dumps(part.get("content"), ensure_ascii=False), place, draft)
    elif kind == "web_observation":
        _observe(part, place, draft)
    elif kind == "code_action":
        _run(text(part, "content"), place, draft, field)
    elif kind == "api_action":
        _call(part, place, draft, field)
    elif kind == "message_action":
        draft.leave_out("agent_message")
    elif kind == "image_observation":
        _look(part, place, draft)
    else:
        draft.refuse(UNKNOWN, place)


def _read(part: Event, content: str, place: int, draft: SessionDraft) -> None:
    """Read an observation by its source: a person's words are a task, an agent's are left out."""
    if part.get("source") == "user":
        draft.add(None, place, {"kind": "task", "instruction": content})
    elif part.get("source") in _AGENTS:
        draft.leave_out("agent_message")
    else:
        draft.add(None, place, {"kind": "screen", "source": "a11y", "text": content})


def _observe(part: Event, place: int, draft: SessionDraft) -> None:
    if isinstance(part.get("url"), str):
        draft.add(None, place, {"kind": "focus", "app": "browser", "title": "", "url": part["url"]})
    if isinstance(part.get("axtree"), str):
        draft.add(None, place, {"kind": "screen", "source": "a11y", "text": part["axtree"]})
    if isinstance(image := part.get("image_observation"), dict):
        _look(image, place, draft)
    if part.get("html"):
        draft.leave_out("page_source")
    if not any(part.get(name) for name in ("url", "axtree", "image_observation", "html")):
        draft.leave_out("empty_observation")


def _look(image: Event, place: int, draft: SessionDraft) -> None:
    """Read the elements of a screenshot, its texts and boxes."""
    nodes = [
        {
            "role": text_or_empty(item, "element_type").lower() or "generic",
            "name": text_or_empty(item, "text") or text_or_empty(item, "content_description"),
            "bounds": item.get("bounding_box"),
        }
        for item in dicts(image.get("annotations"))
    ]
    if shown := "\n".join(str(node["name"]) for node in nodes if node["name"]):
        draft.add(None, place, {"kind": "screen", "source": "ocr", "text": shown, "nodes": nodes})
    if isinstance(content := image.get("content"), str):
        draft.add_picture(None, place, content)


def _run(code: str, place: int, draft: SessionDraft, field: Field) -> None:
    try:
        for event in read_code(code, field):
            if event is None:
                draft.leave_out("control")
            else:
                draft.add(None, place, event)
    except UnknownStatementError:
        draft.leave_out("program")


def _call(part: Event, place: int, draft: SessionDraft, field: Field) -> None:
    function, arguments = text(part, "function"), part.get("kwargs")
    events = list(_events(function, arguments if isinstance(arguments, dict) else {}, field))
    for event in events:
        draft.add(None, place, event)
    if not events:
        draft.leave_out("other_call")


def _events(function: str, arguments: Event, field: Field) -> Iterator[Event]:
    if function in _CLICKS:
        field.leave()
        x, y = _place(arguments)
        button = "right" if function == "right_click" else "left"
        yield {"kind": "pointer", "action": _CLICKS[function], "x": x, "y": y, "button": button}
    elif function in _TYPES:
        value = next((arguments[name] for name in ("text", "value") if isinstance(arguments.get(name), str)), None)
        yield from field.type(_plain(str(value))) if value is not None else ()
    elif function in _KEYS:
        keys = arguments.get("keys", arguments.get("key", arguments.get("key_comb")))
        if isinstance(keys, list):
            yield from press([name for name in keys if isinstance(name, str) and name])
        elif isinstance(keys, str) and keys:
            yield from press_chord(_plain(keys))
    elif function == "scroll":
        axes = {"dx": ("dx", "delta_x"), "dy": ("dy", "delta_y")}
        by = {axis: sum(optional_number(arguments, name) for name in others) for axis, others in axes.items()}
        x, y = _place(arguments)
        yield {"kind": "pointer", "action": "scroll", "x": x, "y": y} | by
    elif function in _GOES and isinstance(arguments.get("url"), str):
        yield {"kind": "focus", "app": "browser", "title": "", "url": _plain(str(arguments["url"]))}


def _plain(value: str) -> str:
    """Remove the quotation marks that some data sets write around a text."""
    try:
        inner = json.loads(value) if value.startswith('"') else value
    except (ValueError, RecursionError):
        return value
    return inner if isinstance(inner, str) else value


def _place(arguments: Event) -> tuple[float, float]:
    for name in ("coordinate", "coordinates", "point"):
        if isinstance(found := arguments.get(name), list) and len(found) > 1:
            return optional_number({"x": found[0]}, "x"), optional_number({"y": found[1]}, "y")
    return optional_number(arguments, "x"), optional_number(arguments, "y")


AGENT_DATA_PROTOCOL = ForeignFormat(
    name="adp",
    summary="Agent Data Protocol: trajectories as JSON or JSON Lines",
    mapping=(
        MapRow("text_observation, json_observation of the user", "`task`"),
        MapRow("text_observation, json_observation of the environment", "`screen`"),
        MapRow(
            "message_action, observations of an agent", "left out, counted: `agent_message`; not the person's words"
        ),
        MapRow("web_observation url, axtree", "`focus`, `screen`"),
        MapRow("web_observation html", "left out, counted: `page_source`"),
        MapRow("web_observation without any of them", "left out, counted: `empty_observation`"),
        MapRow("annotations of an image", "`screen`: their text, content_description and boxes"),
        MapRow(
            "image_observation content",
            "left out, counted: `screenshot`; `screen` where `ingest.ocr` is on and nothing else tells one",
        ),
        MapRow(
            "api_action click, type, press, scroll, goto and their like", "`pointer`, `input_value`, `key`, `focus`"
        ),
        MapRow("key, keys, key_comb of a press", "`key`"),
        MapRow("api_action of another name, select", "left out, counted: `other_call`"),
        MapRow("code_action of pyautogui", "as in `opencua`"),
        MapRow("code_action content of another program", "left out, counted: `program`"),
        MapRow("id, details, description, reasoning_content, reward, tool_call_id, xpath, bid", "not read"),
        MapRow("schema_version, available_apis, available_custom_tools, available_code_languages", "not read"),
        MapRow("times", "none are recorded: steps keep their order"),
    ),
    knows=_knows,
    tell=_tell,
)
"""The adapter."""
