"""Recordings of openadapt-capture: a SQLite database of actions and windows beside a video."""

import json
from collections.abc import Iterator
from functools import partial

from transforms.ingest.formats.adapter import MapRow
from transforms.ingest.formats.desktop.agentnet_axtree import bounds_of, role_of
from transforms.ingest.formats.desktop.openadapt_video import VideoClock
from transforms.ingest.formats.foreign_format import UNKNOWN, ForeignFormat, SessionDraft
from transforms.ingest.formats.foreign_recording import Frame
from transforms.ingest.formats.pynput_keys import Keyboard
from transforms.ingest.formats.record_values import NOTCH_PX, number
from transforms.ingest.formats.sqlite_tables import MAGIC, Row, open_tables, row_id

_TABLES = {
    "recording": (
        "id", "timestamp", "monitor_width", "monitor_height", "pixel_ratio", "platform", "task_description",
        "video_start_time",
    ),
    "action_event": (
        "id", "name", "timestamp", "recording_id", "mouse_x", "mouse_y", "mouse_dx", "mouse_dy", "mouse_button_name",
        "mouse_pressed", "key_name", "key_char", "key_vk", "structural_observation", "disabled",
    ),
    "window_event": ("id", "timestamp", "recording_id", "title", "left", "top", "width", "height"),
    "browser_event": ("id", "timestamp", "recording_id"),
    "screenshot": ("id", "timestamp", "recording_id", "png_data"),
    "audio_info": ("id", "timestamp", "recording_id"),
}  # fmt: skip
_HEADER: dict[str, object] = {"recorder": "openadapt-capture"}
_BUTTONS = frozenset({"left", "right", "middle"})
_SIDES = (("x", "left"), ("y", "top"), ("width", "width"), ("height", "height"))


def _knows(head: bytes) -> bool:
    return head.startswith(MAGIC) and b"action_event" in head and b"window_event" in head


def _tell(content: bytes, source: int) -> Iterator[SessionDraft]:
    with open_tables(content, _TABLES) as tables:
        recordings = list(tables.rows("recording", "id"))
        by_id = {recording["id"]: SessionDraft(source, dict(_HEADER)) for recording in recordings}
        for recording in recordings:
            by_id[recording["id"]].each([recording], partial(_header, by_id[recording["id"]]))
        clocks = {recording["id"]: VideoClock(recording.get("video_start_time")) for recording in recordings}
        boards: dict[object, Keyboard] = {}
        for row in tables.rows("window_event", "timestamp"):
            draft = by_id.setdefault(row.get("recording_id"), SessionDraft(source, dict(_HEADER)))
            draft.each([row], partial(_window, draft), row_id(row))
        for row in tables.rows("action_event", "timestamp"):
            draft = by_id.setdefault(row.get("recording_id"), SessionDraft(source, dict(_HEADER)))
            board = boards.setdefault(row.get("recording_id"), Keyboard())
            draft.each([row], partial(_action, draft, board), row_id(row))
        for row in tables.rows("screenshot", "timestamp"):
            draft = by_id.setdefault(row.get("recording_id"), SessionDraft(source, dict(_HEADER)))
            clock = clocks.get(row.get("recording_id"), VideoClock(None))
            draft.each([row], partial(_picture, draft, clock), row_id(row))
        for table, why in (("audio_info", "audio"), ("browser_event", "browser_event")):
            for row in tables.rows(table, "id"):
                by_id.setdefault(row.get("recording_id"), SessionDraft(source, dict(_HEADER))).leave_out(why)
    yield from by_id.values()


def _header(draft: SessionDraft, place: int, row: Row) -> None:
    at = number(row, "timestamp")
    header = draft.header
    if isinstance(row.get("platform"), str):
        header["os"] = row["platform"]
    if all(isinstance(row.get(name), int) for name in ("monitor_width", "monitor_height")):
        size = {"x": 0, "y": 0, "width": row["monitor_width"], "height": row["monitor_height"]}
        header["screens"] = [size | {"scale": row.get("pixel_ratio")}]
    if isinstance(row.get("task_description"), str) and row["task_description"]:
        draft.add(at, place, {"kind": "task", "instruction": row["task_description"]})


def _window(draft: SessionDraft, place: int, row: Row) -> None:
    title = row.get("title")
    event: dict[str, object] = {"kind": "focus", "app": "", "title": title if isinstance(title, str) else ""}
    if all(isinstance(row.get(side), int) for _, side in _SIDES):
        event["window"] = {name: row[side] for name, side in _SIDES}
    draft.add(number(row, "timestamp"), place, event)


def _picture(draft: SessionDraft, clock: VideoClock, place: int, row: Row) -> None:
    """Add a screenshot; newer versions of the recorder write it into a video instead."""
    at, packed = number(row, "timestamp"), row.get("png_data")
    content = packed.__bytes__ if isinstance(packed, bytes) else Frame("", partial(clock.second, at))
    screens = draft.header.get("screens")
    screen = screens[0] if isinstance(screens, list) else None
    size = (float(screen["width"]), float(screen["height"])) if screen else None
    draft.add_picture(at, place, content, size)


def _owns(_: str, video: str) -> bool:
    """Tell whether the recorder calls a video so; the folder is the recording's own."""
    return video == "video.mp4" or (video.startswith("oa_recording-") and video.endswith(".mp4"))


def _action(draft: SessionDraft, board: Keyboard, place: int, row: Row) -> None:
    name, at = row.get("name"), number(row, "timestamp")
    if row.get("disabled"):
        draft.leave_out("disabled")
    elif name in {"press", "release"}:
        draft.add(at, place, board.event(_key(row), pressed=name == "press"))
    elif name in {"move", "click", "scroll"}:
        draft.add(at, place, _pointer(row, str(name)))
    else:
        draft.refuse(UNKNOWN, place)


def _key(row: Row) -> str:
    """Return the name that pynput gives the key: its name, its character or its number."""
    if isinstance(named := row.get("key_name"), str) and named:
        return f"Key.{named}"
    if isinstance(char := row.get("key_char"), str) and char:
        return char
    if isinstance(code := row.get("key_vk"), str | int) and str(code).isdecimal():
        return f"<{code}>"
    raise TypeError("key_name")


def _pointer(row: Row, name: str) -> dict[str, object]:
    event: dict[str, object] = {"kind": "pointer", "action": name}
    event |= {"x": number(row, "mouse_x"), "y": number(row, "mouse_y")}
    if name == "click":
        button = row.get("mouse_button_name")
        event["action"] = "down" if row.get("mouse_pressed") else "up"
        event["button"] = button if button in _BUTTONS else "other"
        event["target"] = _target(row.get("structural_observation"))
    if name == "scroll":
        event["dx"] = number(row, "mouse_dx") * NOTCH_PX
        event["dy"] = -number(row, "mouse_dy") * NOTCH_PX
    return event


def _target(observed: object) -> dict[str, object] | None:
    """Read the element under the pointer, where the recorder saw one."""
    try:
        tree = json.loads(observed) if isinstance(observed, str) else None
    except (ValueError, RecursionError):
        return None
    element = tree.get("element") if isinstance(tree, dict) else None
    if not isinstance(element, dict):
        return None
    kind = element.get("control_type")
    role = role_of(kind) or str(element.get("role") or kind or "generic").lower()
    return {"role": role, "name": str(element.get("name") or ""), "bounds": bounds_of(element.get("bounds"))}


OPENADAPT = ForeignFormat(
    name="openadapt",
    summary="openadapt-capture: recording.db (SQLite)",
    mapping=(
        MapRow("recording", "a session; its `task_description` is a `task`"),
        MapRow("action_event move, click, scroll", "`pointer`; 100 px a notch"),
        MapRow("action_event press, release", "`key`, by `key_name`, `key_char` or `key_vk`"),
        MapRow("action_event structural_observation", "`target` of a click: role, name and bounds of its element"),
        MapRow("action_event disabled", "left out, counted: `disabled`"),
        MapRow("window_event", "`focus`: title and window; the recorder names no application"),
        MapRow("browser_event", "left out, counted: `browser_event`; the same clicks and keys a second time"),
        MapRow("screenshot png_data", "left out, counted: `screenshot`; `screen` where `ingest.ocr` is on"),
        MapRow(
            "screenshot without it: a frame of the video",
            "left out, counted: `video_frame`; `screen` where `ingest.ocr` is on and one `oa_recording-….mp4` or"
            " `video.mp4` is beside it",
        ),
        MapRow(
            "time of a frame",
            "as the video binds it to `timestamp`; in earlier versions the time since `video_start_time`",
        ),
        MapRow("png_diff_data", "not read"),
        MapRow("audio_info", "left out, counted: `audio`; sound is never read"),
        MapRow("window_id, other columns and tables", "not read"),
        MapRow("timestamp", "seconds since the Unix epoch"),
    ),
    knows=_knows,
    tell=_tell,
    owns=_owns,
)
"""The adapter."""
