"""Recordings of AgentNetTool (OpenCUA): a directory of JSON Lines beside a screen video that is never opened."""

import json
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from pathlib import Path

from schemas.outcome import Outcome
from schemas.rejects import Fault, Problem, Reason, RejectRecord
from transforms.ingest.formats.adapter import Source
from transforms.ingest.formats.agentnet_axtree import nodes_of, scale_of, target_of, window_of
from transforms.ingest.formats.agentnet_keys import Keyboard
from transforms.ingest.formats.canonical import UNREADABLE
from transforms.ingest.formats.foreign_recording import Recording, Told, digest_id, number, text, to_block
from transforms.ingest.parsing.block import Block, lone_fault
from transforms.ingest.parsing.lines import read_whole
from transforms.ingest.settings import IngestSettings

_NOT_JSON = Problem(Reason.BAD_JSON, "", "a line of an AgentNet recording must hold one JSON object")
_INCOMPLETE = Problem(Reason.MISSING_FIELD, "", "an AgentNet event lacks a field or has one of another type")
_UNKNOWN_ACTION = Problem(Reason.UNKNOWN_KIND, "action", "an action that AgentNet recordings are not known to have")

_NOTCH_PX = 100.0
"""CSS pixels of one wheel notch (Chromium's default line scroll); pynput counts notches, up is positive."""

_TARGET_BEFORE_S = 1.0
"""A click's element is looked up as the button goes down: it stands at most this long before or after it."""

_DOUBLE_CLICK_S, _DOUBLE_CLICK_PX = 0.5, 4
"""Farthest in time and place that two presses are one double click (Windows, GetDoubleClickTime, SM_CXDOUBLECLK)."""

_PRESSES = ("down", "double_click", "triple_click")
_BUTTONS = {"left": "left", "right": "right", "middle": "middle", "x1": "back", "x2": "forward"}
_US = 1_000_000


@dataclass(frozen=True, slots=True)
class AgentNetRecording:
    """Reads ``events.jsonl``, ``element.jsonl``, ``top_window.jsonl``, ``a11y.jsonl`` and ``metadata.json``.

    Other files of the directory (video, HTML, reduced actions, the task's name) are not read.
    """

    name: str = "agentnet"
    summary: str = "AgentNetTool / OpenCUA: a folder with events.jsonl and metadata.json"

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
        except RejectRecord:
            yield lone_fault(Fault(UNREADABLE, source.index, 0))
            return
        recording = Recording()
        metadata = _metadata(files["metadata.json"])
        for line, record in _records(files.get("top_window.jsonl", b""), recording, source.index):
            _tell(recording, source.index, line, record, _focus)
        for line, record in _records(files.get("a11y.jsonl", b""), recording, source.index):
            _tell(recording, source.index, line, record, _screen)
        keyboard = Keyboard()
        for line, record in _records(files["events.jsonl"], recording, source.index):
            if record.get("action") in {"pause", "resume"}:
                recording.leave_out(Outcome.SUPPRESSED, "recorder_control")
            else:
                _tell(recording, source.index, line, record, lambda item: _event(item, keyboard))
        _tell_repeats(recording)
        _scale_pointer(recording, metadata)
        _name_targets(recording, list(_records(files.get("element.jsonl", b""), recording, source.index)))
        if recording.told:
            first = min(told.at or 0.0 for told in recording.told)
            recording.told.insert(0, Told(first, 1, _header(metadata)))
            origin = _origin_us(metadata, first)
            content = b"\0".join(files[name] for name in sorted(files))
            yield from to_block(recording, source, digest_id(content), _US, origin)
        else:
            yield from to_block(recording, source, "", _US, 0)


def _records(content: bytes, recording: Recording, source: int) -> Iterator[tuple[int, dict[str, object]]]:
    for line, raw in enumerate(content.split(b"\n"), start=1):
        if not raw.strip():
            continue
        try:
            record = json.loads(raw)
        except (ValueError, RecursionError):
            record = None
        if isinstance(record, dict):
            yield line, record
        else:
            recording.faults.append(Fault(_NOT_JSON, source, line, content=raw))


def _tell(
    recording: Recording,
    source: int,
    line: int,
    record: dict[str, object],
    read: Callable[[dict[str, object]], dict[str, object] | None],
) -> None:
    try:
        at, event = number(record, "time_stamp"), read(record)
    except TypeError:
        event, problem = None, _INCOMPLETE
    else:
        problem = _UNKNOWN_ACTION
    if event is None:
        recording.faults.append(Fault(problem, source, line, content=json.dumps(record).encode()))
    else:
        recording.told.append(Told(at, line, event))


def _focus(record: dict[str, object]) -> dict[str, object]:
    return {"kind": "focus", "app": text(record, "top_window_name"), "title": ""}


def _screen(record: dict[str, object]) -> dict[str, object]:
    nodes = nodes_of(record.get("axtree"))
    text = "\n".join(f"{node['role']} '{node['name']}'" for node in nodes if node["name"])
    window = window_of(record.get("axtree"))
    return {"kind": "screen", "source": "a11y", "text": text, "nodes": nodes} | ({"window": window} if window else {})


def _event(record: dict[str, object], keyboard: Keyboard) -> dict[str, object] | None:
    action = text(record, "action")
    if action in {"press", "release"}:
        name = record.get("pynput_key") or record.get("name")
        if not isinstance(name, str):
            raise TypeError("pynput_key")
        return keyboard.event(name, pressed=action == "press")
    if action not in {"move", "drag", "click", "scroll"}:
        return None
    event: dict[str, object] = {"kind": "pointer", "action": action, "x": number(record, "x"), "y": number(record, "y")}
    if action == "click":
        event["action"] = "down" if record.get("pressed") is not False else "up"
        event["button"] = _BUTTONS.get(text(record, "button").removeprefix("Button."), "other")
    if action == "scroll":
        event["dx"] = number(record, "dx") * _NOTCH_PX
        event["dy"] = -number(record, "dy") * _NOTCH_PX
    return event


def _scale_pointer(recording: Recording, metadata: dict[str, object]) -> None:
    """Put the positions of the pointer into the pixels of the trees: the scale of a display may change on the way."""
    sides = [side for name in ("screen_width", "screen_height") if isinstance(side := metadata.get(name), int)]
    scale = 1.0
    for told in sorted(recording.told, key=lambda item: item.at or 0.0):
        event = told.event
        if event["kind"] == "screen" and isinstance(window := event.get("window"), dict) and sides:
            scale = scale_of(window, max(sides)) or scale
        elif event["kind"] == "pointer" and scale != 1:
            event |= {name: number(event, name) / scale for name in ("x", "y")}


def _name_targets(recording: Recording, elements: list[tuple[int, dict[str, object]]]) -> None:
    presses = _presses(recording)
    times = [at for at, _ in presses]
    for _, element in elements:
        target = target_of(element.get("a11y_tree"))
        at = element.get("time_stamp")
        near = _nearest(times, at) if isinstance(at, int | float) else None
        if target is None or near is None or "target" in presses[near][1]:
            recording.leave_out(Outcome.SUPPRESSED, "unmatched_target")
        else:
            presses[near][1]["target"] = target
            recording.leave_out(Outcome.MERGED, "target")


def _presses(recording: Recording) -> list[tuple[float, dict[str, object]]]:
    pressed = [told for told in recording.told if told.event["kind"] == "pointer" and told.event["action"] in _PRESSES]
    return sorted(((told.at or 0.0, told.event) for told in pressed), key=itemgetter(0))


def _tell_repeats(recording: Recording) -> None:
    """Tell a press that the system took for the second or third click at a place as such, as Windows does itself."""
    before: tuple[float, dict[str, object]] | None = None
    count = 0
    for at, event in _presses(recording):
        again = before is not None and count < len(_PRESSES) and _repeats(before, (at, event))
        count = count + 1 if again else 1
        event["action"] = _PRESSES[count - 1]
        before = at, event


def _repeats(before: tuple[float, dict[str, object]], now: tuple[float, dict[str, object]]) -> bool:
    (began, first), (at, event) = before, now
    near = all(abs(number(event, name) - number(first, name)) <= _DOUBLE_CLICK_PX for name in ("x", "y"))
    return at - began <= _DOUBLE_CLICK_S and near and event["button"] == first["button"]


def _nearest(times: list[float], at: float) -> int | None:
    place = bisect_left(times, at)
    near = [
        other for other in (place - 1, place) if 0 <= other < len(times) and abs(times[other] - at) <= _TARGET_BEFORE_S
    ]
    return min(near, key=lambda other: abs(times[other] - at), default=None)


def _metadata(content: bytes) -> dict[str, object]:
    try:
        metadata = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return metadata if isinstance(metadata, dict) else {}


def _header(metadata: dict[str, object]) -> dict[str, object]:
    header: dict[str, object] = {"kind": "session", "recorder": "agentnet"}
    system = [value for name in ("system", "release") if isinstance(value := metadata.get(name), str)]
    if system:
        header["os"] = " ".join(system)
    size = [metadata.get(f"screen_{side}") for side in ("width", "height")]
    if all(isinstance(side, int) and not isinstance(side, bool) for side in size):
        header["screens"] = [{"x": 0, "y": 0, "width": size[0], "height": size[1], "scale": 1}]
    return header


def _origin_us(metadata: dict[str, object], first: float) -> int:
    """Return the offset from the recorder's monotonic clock to the Unix epoch.

    ``start_time`` names no zone and is read as UTC. Where it or its reading on the monotonic clock is missing, the
    recording starts at the epoch: steps are right, the date is not known.
    """
    started, reading = metadata.get("start_time"), metadata.get("video_start_timestamp")
    if isinstance(started, str) and isinstance(reading, int | float):
        try:
            at = datetime.strptime(started, "%Y-%m-%d %H:%M:%S").replace(tzinfo=UTC)
        except ValueError:
            return -round(first * _US)
        return round(at.timestamp()) * _US - round(reading * _US)
    return -round(first * _US)
