"""Recordings of AgentNetTool (OpenCUA): a directory of JSON Lines beside a screen video."""

import json
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from operator import itemgetter
from pathlib import Path

from schemas.rejects import RejectRecord
from schemas.tally import Outcome
from transforms.ingest.formats.adapter import MapRow, Source
from transforms.ingest.formats.desktop.agentnet_axtree import nodes_of, scale_of, target_of, window_of
from transforms.ingest.formats.desktop.agentnet_video import add_frames
from transforms.ingest.formats.foreign_format import UNKNOWN, US, SessionDraft
from transforms.ingest.formats.foreign_recording import Recording, digest_id, refuse_whole, to_block
from transforms.ingest.formats.json_documents import lines
from transforms.ingest.formats.pynput_keys import Keyboard
from transforms.ingest.formats.record_values import NOTCH_PX, number, text
from transforms.ingest.formats.typed_steps import Event
from transforms.ingest.parsing.block import Block
from transforms.ingest.parsing.lines import read_whole
from transforms.ingest.screenshots.beside import find_videos
from transforms.ingest.settings import IngestSettings

_TARGET_BEFORE_S = 1.0
"""Longest time between a press and the record of its element, looked up as the button goes down."""

_DOUBLE_CLICK_S, _DOUBLE_CLICK_PX = 0.5, 4
"""Largest distance in time and place of the presses of a double click (GetDoubleClickTime, SM_CXDOUBLECLK)."""

_CONTROL, _APPS = ("pause", "resume"), ("app_name", "top_window_name")
_PRESSES = ("down", "double_click", "triple_click")
_BUTTONS = {"left": "left", "right": "right", "middle": "middle", "x1": "back", "x2": "forward"}


@dataclass(frozen=True, slots=True)
class AgentNetRecording:
    """Reads ``events.jsonl``, ``element.jsonl``, ``top_window.jsonl``, ``a11y.jsonl`` and ``metadata.json``.

    Of a video, the frames before actions are read where there is no a11y.jsonl and ``ingest.ocr`` asks for them. Other
    files of the directory (HTML, reduced actions, the task's name) are not read.
    """

    name: str = "agentnet"
    summary: str = "AgentNetTool / OpenCUA: a folder with events.jsonl and metadata.json"

    mapping: tuple[MapRow, ...] = (
        MapRow("events.jsonl move, click, drag, scroll", "`pointer`; 100 px a notch"),
        MapRow("events.jsonl press, release", "`key`, by the names of pynput"),
        MapRow("events.jsonl pause, resume", "left out, counted: `recorder_control`"),
        MapRow("element.jsonl Name of its a11y_tree", "`target` of the press nearest in time"),
        MapRow("element.jsonl Name of its a11y_tree without a press", "left out, counted: `unmatched_target`"),
        MapRow("element.jsonl Name of Children below it", "not read"),
        MapRow("top_window.jsonl", "`focus`: application; title and address where a fork of the recorder tells them"),
        MapRow("a11y.jsonl Name of all Children", "`screen` with its nodes and window"),
        MapRow("ControlType", "the role of ARIA for it"),
        MapRow("metadata.json", "a session: system and screen; its clock ties times to the epoch"),
        MapRow(
            "video (one .mp4)",
            "not opened; the frames before actions are a `screen` where `ingest.ocr` is on and there is no a11y.jsonl,"
            " up to the first pause",
        ),
        MapRow("html.jsonl, reduced events, video_clips, name of the task", "not opened"),
    )

    def recognises(self, path: Path) -> bool:
        """Return whether ``path`` is a directory with the two files that every recording has."""
        return all((path / name).is_file() for name in ("events.jsonl", "metadata.json"))

    def read(self, source: Source, settings: IngestSettings) -> Iterator[Block]:
        """Yield the recording as one session."""
        folder = Path(source.path)
        try:
            files = {
                name: read_whole(str(folder / name), settings.max_recording_bytes)
                for name in ("events.jsonl", "metadata.json", "element.jsonl", "top_window.jsonl", "a11y.jsonl")
                if (folder / name).is_file() or name in {"events.jsonl", "metadata.json"}
            }
        except RejectRecord as rejected:
            yield refuse_whole(rejected, source)
            return
        yield from _tell(files, source, settings)


def _tell(files: dict[str, bytes], source: Source, settings: IngestSettings) -> Iterator[Block]:
    metadata = _metadata(files["metadata.json"])
    draft, keyboard = SessionDraft(source.index, _header(metadata)), Keyboard()
    readers = (("top_window.jsonl", _focus), ("a11y.jsonl", _screen), ("events.jsonl", partial(_event, keyboard)))
    for name, read in readers:
        for line, record in lines(files.get(name, b""), draft):
            draft.each([record], partial(_tell_record, draft, read), line)
    recording = draft.recording
    _tell_repeats(recording)
    _scale_pointer(recording, metadata)
    elements: list[Event] = []
    for line, element in lines(files.get("element.jsonl", b""), draft):
        draft.each([element], lambda _, item: elements.append(item), line)
    _name_targets(recording, elements)
    videos = find_videos(str(Path(source.path) / "metadata.json"), _owns) if settings.ocr else []
    if len(videos) == 1 and not any(item.event["kind"] == "screen" for item in recording.events):
        add_frames(draft, metadata)
        draft.settle_pictures(source.path, settings, videos)
    first = min((item.at or 0.0 for item in recording.events), default=0.0)
    draft.put_header()
    content = b"\0".join(files[name] for name in sorted(files))
    yield from to_block(recording, source, digest_id(content), US, _origin_us(metadata, first))


def _owns(_: str, video: str) -> bool:
    return video.lower().endswith(".mp4")


def _tell_record(draft: SessionDraft, read: Callable[[Event], Event | None], line: int, record: Event) -> None:
    if record.get("action") in _CONTROL:
        draft.leave_out("recorder_control")
        return
    at, event = number(record, "time_stamp"), read(record)
    if event is None:
        draft.refuse(UNKNOWN, line, json.dumps(record))
    else:
        draft.add(at, line, event)


def _focus(record: Event) -> Event:
    """Read the front window: forks of the recorder name its application, title and address apart."""
    named = next((name for name in _APPS if isinstance(record.get(name), str)), None)
    if named is None and not isinstance(record.get("window_title"), str):
        raise TypeError("top_window_name")
    event: Event = {"kind": "focus", "app": "", "title": ""}
    for name, source in (("app", named), ("title", "window_title"), ("url", "url")):
        if source is not None and isinstance(value := record.get(source), str):
            event[name] = value
    return event


def _screen(record: Event) -> Event:
    nodes = nodes_of(record.get("axtree"))
    text = "\n".join(f"{node['role']} '{node['name']}'" for node in nodes if node["name"])
    window = window_of(record.get("axtree"))
    return {"kind": "screen", "source": "a11y", "text": text, "nodes": nodes} | ({"window": window} if window else {})


def _event(keyboard: Keyboard, record: Event) -> Event | None:
    action = text(record, "action")
    if action in {"press", "release"}:
        name = record.get("pynput_key") or record.get("name")
        if not isinstance(name, str):
            raise TypeError("pynput_key")
        return keyboard.event(name, pressed=action == "press")
    if action not in {"move", "drag", "click", "scroll"}:
        return None
    event: Event = {"kind": "pointer", "action": action, "x": number(record, "x"), "y": number(record, "y")}
    if action == "click":
        event["action"] = "down" if record.get("pressed") is not False else "up"
        event["button"] = _BUTTONS.get(text(record, "button").removeprefix("Button."), "other")
    if action == "scroll":
        event["dx"] = number(record, "dx") * NOTCH_PX
        event["dy"] = -number(record, "dy") * NOTCH_PX
    return event


def _scale_pointer(recording: Recording, metadata: Event) -> None:
    """Convert pointer positions to the pixels of the trees; the scale of a display may change midway."""
    sides = [side for name in ("screen_width", "screen_height") if isinstance(side := metadata.get(name), int)]
    scale = 1.0
    for item in sorted(recording.events, key=lambda event: event.at or 0.0):
        event = item.event
        if event["kind"] == "screen" and isinstance(window := event.get("window"), dict) and sides:
            scale = scale_of(window, max(sides)) or scale
        elif event["kind"] == "pointer" and scale != 1:
            event |= {name: number(event, name) / scale for name in ("x", "y")}


def _name_targets(recording: Recording, elements: list[Event]) -> None:
    presses = _presses(recording)
    times = [at for at, _ in presses]
    for element in elements:
        target = target_of(element.get("a11y_tree"))
        at = element.get("time_stamp")
        near = _nearest(times, at) if isinstance(at, int | float) else None
        if target is None or near is None or "target" in presses[near][1]:
            recording.leave_out(Outcome.SUPPRESSED, "unmatched_target")
        else:
            presses[near][1]["target"] = target
            recording.leave_out(Outcome.MERGED, "target")


def _presses(recording: Recording) -> list[tuple[float, Event]]:
    pressed = [
        item for item in recording.events if item.event["kind"] == "pointer" and item.event["action"] in _PRESSES
    ]
    return sorted(((item.at or 0.0, item.event) for item in pressed), key=itemgetter(0))


def _tell_repeats(recording: Recording) -> None:
    """Mark the second and third press of a double or triple click, by the rule of Windows."""
    before: tuple[float, Event] | None = None
    count = 0
    for at, event in _presses(recording):
        again = before is not None and count < len(_PRESSES) and _repeats(before, (at, event))
        count = count + 1 if again else 1
        event["action"] = _PRESSES[count - 1]
        before = at, event


def _repeats(before: tuple[float, Event], now: tuple[float, Event]) -> bool:
    (began, first), (at, event) = before, now
    near = all(abs(number(event, name) - number(first, name)) <= _DOUBLE_CLICK_PX for name in ("x", "y"))
    return at - began <= _DOUBLE_CLICK_S and near and event["button"] == first["button"]


def _nearest(times: list[float], at: float) -> int | None:
    place = bisect_left(times, at)
    near = [
        other for other in (place - 1, place) if 0 <= other < len(times) and abs(times[other] - at) <= _TARGET_BEFORE_S
    ]
    return min(near, key=lambda other: abs(times[other] - at), default=None)


def _metadata(content: bytes) -> Event:
    try:
        metadata = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return metadata if isinstance(metadata, dict) else {}


def _header(metadata: Event) -> Event:
    header: Event = {"recorder": "agentnet"}
    system = [value for name in ("system", "release") if isinstance(value := metadata.get(name), str)]
    if system:
        header["os"] = " ".join(system)
    size = [metadata.get(f"screen_{side}") for side in ("width", "height")]
    if all(isinstance(side, int) and not isinstance(side, bool) for side in size):
        header["screens"] = [{"x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1}]
    return header


def _origin_us(metadata: Event, first: float) -> int:
    """Return the offset from the recorder's monotonic clock to the Unix epoch.

    ``start_time`` names no zone and is read as UTC. Where it or its reading on the monotonic clock is missing, the
    recording starts at the epoch: steps are right, the date is not known.
    """
    try:
        reading = number(metadata, "video_start_timestamp")
        at = datetime.strptime(text(metadata, "start_time"), "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
    except (TypeError, ValueError):
        return -round(first * US)
    return round(at.timestamp()) * US - round(reading * US)
