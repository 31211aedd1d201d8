"""Pictures beside the events of a recording, as screens among them: at most one an action, and the last."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from schemas.tally import Outcome
from transforms.ingest.formats.foreign_recording import Frame, Picture, Recording, TimedEvent
from transforms.ingest.screenshots.action_stretches import go_on, name_action
from transforms.ingest.screenshots.beside import load_named
from transforms.ingest.screenshots.decoding import Flaw, PictureError, Pixels, decode
from transforms.ingest.screenshots.picture_nodes import describe_lines
from transforms.ingest.screenshots.screen_reader import ScreenReader, load_networks
from transforms.ingest.screenshots.videos import Videos
from transforms.ingest.settings import IngestSettings

_WINDOW = ("app", "title", "url", "private")
_SAME = Outcome.MERGED, "screenshot_unchanged"
_EMPTY = Outcome.SUPPRESSED, "screenshot_without_text"


def show_pictures(recording: Recording, path: str, settings: IngestSettings, videos: Sequence[Path] = ()) -> None:
    """Put the text of the pictures of the recording at ``path`` among its events; count what is not read by name."""
    entries = _in_order(recording)
    wanted = wanted_pictures(entries)
    reader = ScreenReader(load_networks(settings.ocr_threads))
    recording.events, read = [], 0
    with Videos(videos, settings.ocr_pixels) as frames:
        for place, entry in enumerate(entries):
            left = settings.ocr_work - reader.work - frames.work
            if isinstance(entry, TimedEvent):
                recording.events.append(entry)
            elif place not in wanted:
                recording.leave_out(Outcome.SUPPRESSED, "screenshot_between_actions")
            elif read >= settings.ocr_pictures or left <= 0:
                recording.leave_out(Outcome.SUPPRESSED, "screenshot_over_allowance")
            else:
                read += 1
                unpack = partial(_unpack, path, settings.ocr_pixels, partial(frames.read, allowance=left))
                _show(entry, recording, reader, unpack)


def _in_order(recording: Recording) -> list[TimedEvent | Picture]:
    """Merge pictures and events: by time where each has one, else as they were added.

    Of one time, a picture stands before the action and behind the change of window that it shows.
    """
    events, pictures = recording.events, recording.pictures
    places = [picture.place for picture in pictures]
    if all(event.at is not None for event in events) and all(picture.at is not None for picture in pictures):
        events, pictures = sorted(events, key=_time), sorted(pictures, key=_time)
        times = list(map(_time, events))
        places = [_place(events, times, _time(picture)) for picture in pictures]
    entries: list[TimedEvent | Picture] = []
    done = 0
    for picture, place in zip(pictures, places, strict=True):
        entries += [*events[done:place], picture]
        done = place
    return [*entries, *events[done:]]


def _time(entry: TimedEvent | Picture) -> float:
    return entry.at or 0


def _place(events: Sequence[TimedEvent], times: Sequence[float], at: float) -> int:
    first, last = bisect_left(times, at), bisect_right(times, at)
    return next((place for place in range(first, last) if name_action(events[place].event)), first)


def wanted_pictures(entries: Sequence[TimedEvent | Picture]) -> set[int]:
    """Return the places of the pictures that an action follows before the next picture does, and of the last one.

    A stretch of typing is one action, and so are a stretch of scrolling and a press with its release: what is being
    typed is no screen. A picture before a change of windows may show either of them, of which one may be private.
    """
    wanted: set[int] = set()
    last, before, front = -1, "", tuple[object, ...]()
    for place, entry in enumerate(entries):
        if isinstance(entry, Picture):
            last = place
        elif entry.event["kind"] == "focus":
            shown = tuple(entry.event.get(name) for name in _WINDOW)
            last, front = (last if shown == front else -1), shown
        elif (action := name_action(entry.event)) and action != before and last >= 0:
            wanted.add(last)
        if isinstance(entry, TimedEvent):
            before = go_on(name_action(entry.event), before)
    return wanted | ({last} if last >= 0 else set())


def _unpack(path: str, most_pixels: int, read: Callable[[Frame], Pixels], picture: Picture) -> Pixels:
    """Load and decode a picture; raise ``ValueError`` where that cannot be done."""
    if isinstance(picture.content, Frame):
        return read(picture.content)
    content = load_named(path, picture.content) if isinstance(picture.content, str) else picture.content()
    return decode(content, most_pixels)


def _show(picture: Picture, recording: Recording, reader: ScreenReader, unpack: Callable[[Picture], Pixels]) -> None:
    try:
        pixels = unpack(picture)
        lines = reader.read(pixels)
    except ValueError as error:  # one that cannot be loaded, or decoded
        flaw = error.flaw if isinstance(error, PictureError) else Flaw.UNREADABLE
        recording.leave_out(Outcome.SUPPRESSED, str(flaw))
        return
    if not lines:
        recording.leave_out(*(_SAME if lines is None else _EMPTY))
        return
    event: dict[str, object] = {"kind": "screen", "source": "ocr", "text": "\n".join(line.text for line in lines)}
    event["nodes"] = list(describe_lines(lines, pixels, picture.size))
    recording.events.append(TimedEvent(picture.at, picture.record, event))
