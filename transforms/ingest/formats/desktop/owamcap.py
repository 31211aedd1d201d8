"""Recordings of OWA's recorder (ocap): an MCAP file of keys, pointers and windows beside a video."""

import io
import json
from collections.abc import Iterator
from functools import partial
from pathlib import PurePath

import zstandard

from transforms.ingest.formats.adapter import MapRow
from transforms.ingest.formats.foreign_format import MICROSECONDS, ForeignFormat, SessionDraft
from transforms.ingest.formats.foreign_recording import Frame
from transforms.ingest.formats.pynput_keys import Keyboard
from transforms.ingest.formats.record_values import NOTCH_PX, number, optional_number, text
from transforms.ingest.formats.typed_steps import Event

MAGIC = b"\x89MCAP0\r\n"
_RECORD, _RATIO, _FREE = 64 << 20, 60, 16 << 20
"""Longest record; unpacked bytes that a packed one may become, in all, and those that every file may."""

_NANOSECONDS, _LATEST = 1e9, 1 << 60
_ACTIONS = {"move": "move", "click": "down", "scroll": "scroll"}
_BUTTONS = frozenset({"left", "right", "middle"})


def _knows(head: bytes) -> bool:
    return head.startswith(MAGIC) and (b"owa" in head[:200] or b"KeyboardEvent" in head)


def _tell(content: bytes, source: int) -> Iterator[SessionDraft]:
    draft = SessionDraft(source, {"recorder": "owamcap", "os": "Windows"}, clock=MICROSECONDS)
    stream = _Stream(draft)
    for place, (topic, at, data) in enumerate(_messages(content), start=1):
        draft.each([_load(data)], partial(stream.see, topic, at), place)
    yield draft


def _messages(content: bytes) -> Iterator[tuple[str, int, bytes]]:
    """Yield topic, time in microseconds and data of each message; raise ``ValueError`` where the file is damaged."""
    from mcap.exceptions import McapError  # noqa: PLC0415 - most recordings are of other formats
    from mcap.records import Channel, Chunk, Message  # noqa: PLC0415
    from mcap.stream_reader import StreamReader, breakup_chunk  # noqa: PLC0415

    topics: dict[int, str] = {}
    left = _FREE + len(content) * _RATIO
    try:
        for record in StreamReader(io.BytesIO(content), emit_chunks=True, record_size_limit=_RECORD).records:
            records = [record]
            if isinstance(record, Chunk):
                record.data = _inflate(record.compression, record.data, left)
                record.compression = ""
                left -= len(record.data)
                records = breakup_chunk(record)
            for item in records:
                if isinstance(item, Channel):
                    topics[item.id] = item.topic
                elif isinstance(item, Message):
                    yield topics.get(item.channel_id, ""), item.log_time // 1_000, item.data
    except (McapError, EOFError, IndexError, MemoryError, AssertionError):
        raise ValueError("damaged") from None
    except Exception as error:
        if type(error).__module__ in {"struct", "mcap.exceptions", "mcap.stream_reader"}:
            raise ValueError("damaged") from None
        raise


def _inflate(compression: str, packed: bytes, most: int) -> bytes:
    if compression == "zstd":
        try:
            with zstandard.ZstdDecompressor().stream_reader(packed) as reader:
                clear = reader.read(most + 1)
        except zstandard.ZstdError:
            raise ValueError("damaged") from None
    elif compression == "lz4":
        from lz4.frame import LZ4FrameDecompressor  # noqa: PLC0415 - as above

        try:
            clear = bytes(LZ4FrameDecompressor().decompress(packed, max_length=most + 1))
        except RuntimeError:
            raise ValueError("damaged") from None
    else:
        clear = packed
    if len(clear) > most:
        raise ValueError("size")
    return clear


def _load(data: bytes) -> object:
    try:
        value: object = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return value


class _Stream:
    """State of the messages: keys that are down, the window that was released last."""

    def __init__(self, draft: SessionDraft) -> None:
        self._draft, self._board = draft, Keyboard()
        self._front: Event | None = None

    def see(self, topic: str, at: int, place: int, item: Event) -> None:
        """Tell one message; raise ``TypeError`` where it lacks what its topic needs."""
        if topic == "keyboard":
            name = f"<{int(number(item, 'vk'))}>"
            self._draft.add(at, place, self._board.event(name, pressed=text(item, "event_type") == "press"))
        elif topic == "mouse":
            self._draft.add(at, place, _pointer(item))
        elif topic == "window":
            self._front, before = _window(item), self._front
            if self._front == before:
                self._draft.leave_out("heartbeat")
            else:
                self._draft.add(at, place, self._front)
        elif topic == "screen":
            self._picture(item, at, place)
        else:
            self._draft.leave_out("state" if topic.endswith("/state") or topic == "mouse/raw" else "other_topic")

    def _picture(self, item: Event, at: int, place: int) -> None:
        """Add a picture that stands in the message, or a frame of the video that it names."""
        media, shape = item.get("media_ref"), item.get("source_shape")
        content = _media(media) if isinstance(media, dict) else None
        if content is None:
            self._draft.leave_out("video_frame")
            return
        is_size = isinstance(shape, list) and len(shape) == len("xy") and all(isinstance(side, int) for side in shape)
        size = (float(shape[0]), float(shape[1])) if isinstance(shape, list) and is_size else None
        self._draft.add_picture(at, place, content, size)


def _media(media: Event) -> str | Frame | None:
    """Read where a picture is: in the message, or in a video at a time; ``None`` where it is neither."""
    uri, time = media.get("uri"), media.get("pts_ns")
    if not isinstance(uri, str) or uri.startswith("data:image/"):
        return uri if isinstance(uri, str) else None
    return Frame(uri, time / _NANOSECONDS) if isinstance(time, int) and 0 <= time < _LATEST else None


def _owns(recording: str, video: str) -> bool:
    """Tell whether a video is called as its recording: another one may be of another person."""
    return PurePath(recording).stem == PurePath(video).stem


def _pointer(item: Event) -> Event:
    action = _ACTIONS.get(text(item, "event_type"))
    if action is None:
        raise TypeError("event_type")
    event: Event = {"kind": "pointer", "action": action, "x": number(item, "x"), "y": number(item, "y")}
    if action == "down":
        event["button"] = item.get("button") if item.get("button") in _BUTTONS else "other"
        event["action"] = "down" if item.get("pressed") else "up"
    if action == "scroll":
        event["dx"] = optional_number(item, "dx") * NOTCH_PX
        event["dy"] = -optional_number(item, "dy") * NOTCH_PX
    return event


def _window(item: Event) -> Event:
    event: Event = {"kind": "focus", "app": "", "title": text(item, "title")}
    if isinstance(edges := item.get("rect"), list) and len(edges) == len("ltrb"):
        left, top, right, bottom = (number({"edge": edge}, "edge") for edge in edges)
        event["window"] = {"x": left, "y": top, "width": right - left, "height": bottom - top}
    return event


OWAMCAP = ForeignFormat(
    name="owamcap",
    summary="OWAMcap (ocap): .mcap with keys, pointers and windows",
    mapping=(
        MapRow("keyboard", "`key`: Windows' virtual keys, read as those of the US layout"),
        MapRow("mouse move, click, scroll", "`pointer`; 100 px a notch"),
        MapRow("window", "`focus`: title and window; the same one again is left out, counted: `heartbeat`"),
        MapRow(
            "screen with a picture in itself (data:image)",
            "left out, counted: `screenshot`; `screen` where `ingest.ocr` is on",
        ),
        MapRow(
            "screen of a video, by its pts_ns",
            "left out, counted: `video_frame`; `screen` where `ingest.ocr` is on, of a video beside it of the same name"
            " (.mkv, .mp4)",
        ),
        MapRow("keyboard/state, mouse/state, mouse/raw", "left out, counted: `state`"),
        MapRow("other topics", "left out, counted: `other_topic`"),
        MapRow("log_time", "nanoseconds since the Unix epoch"),
    ),
    knows=_knows,
    tell=_tell,
    owns=_owns,
)
"""The adapter."""
