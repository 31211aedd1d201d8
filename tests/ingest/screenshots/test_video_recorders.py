"""Frames at the actions of each recorder that writes videos: the text that was shown then, and no other."""

import io
import json
import shutil
import sqlite3
import struct
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from mcap.writer import Writer

from tests.support.pictures import draw
from tests.support.videos import film
from transforms.ingest.formats.adapter import Source
from transforms.ingest.formats.desktop import openadapt_video
from transforms.ingest.formats.desktop.openadapt_video import VideoClock, read_captures
from transforms.ingest.inputs import input_digests
from transforms.ingest.settings import IngestSettings

Read = Callable[..., list]
SAMPLES = Path(__file__).parents[1] / "formats" / "samples"
SIZE = 300, 48
OPEN, BETWEEN, SAVE = "Open the plan", "Kumquat harvest", "Save the draft"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Show a text a second: two of actions, and one between them."""
    shown = {at: draw([(10, 10, text)], SIZE) for at, text in enumerate((OPEN, BETWEEN, SAVE))}
    return film(tmp_path_factory.mktemp("video") / "clip.mp4", shown, 3)


def screens(blocks: list) -> list[str]:
    return [row["text"] for block in blocks for row in block.table.to_pylist() if row["kind"] == "screen"]


def left_out(blocks: list) -> Counter[str]:
    total: Counter[str] = Counter()
    for block in blocks:
        total.update(dict(block.counts))
    return total


def write_mcap(path: Path, *frames: object) -> Path:
    """Write frames, one each tenth of a second, with a click behind the first and the last."""
    file = io.BytesIO()
    writer = Writer(file)
    writer.start(profile="owa")
    schema = writer.register_schema("desktop/ScreenCaptured", "jsonschema", b"{}")
    channels = {topic: writer.register_channel(topic, "json", schema) for topic in ("screen", "mouse")}
    click = json.dumps({"event_type": "click", "x": 1, "y": 2, "button": "left", "pressed": True}).encode()
    for place, frame in enumerate(frames):
        at = 1_000_000_000 + place * 100_000_000
        message = {"media_ref": frame, "source_shape": [600, 96]}
        writer.add_message(channels["screen"], at, json.dumps(message).encode(), at)
        if place in {0, len(frames) - 1}:
            writer.add_message(channels["mouse"], at + 1_000_000, click, at)
    writer.finish()
    path.write_bytes(file.getvalue())
    return path


def frame(second: float, uri: str = "game.mp4") -> dict[str, object]:
    return {"uri": uri, "pts_ns": round(second * 1e9)}


@pytest.fixture
def game(clip: Path, tmp_path: Path) -> Path:
    shutil.copy(clip, tmp_path / "game.mp4")
    return write_mcap(tmp_path / "game.mcap", frame(0.5), frame(1.5), frame(2.5))


def test_a_message_shows_the_frame_that_it_names(game: Path, read_blocks: Read) -> None:
    blocks = read_blocks(game, "owamcap", "u", ocr=True)
    assert blocks[0].table["kind"].to_pylist() == ["session", "screen", "pointer", "screen", "pointer"]
    assert screens(blocks) == [OPEN, SAVE]
    assert left_out(blocks)["suppressed.screenshot_between_actions"] == 1
    node = blocks[0].table.to_pylist()[1]["nodes"][0]
    assert (node["role"], node["name"]) == ("text", OPEN)
    assert 10 < node["bounds"]["x"] < 30  # in pixels of the screen: twice those of the video


@pytest.mark.parametrize(
    "named", [
        {"uri": "other.mp4", "pts_ns": 0}, {"uri": "../game.mp4", "pts_ns": 0}, {"uri": "/etc/game.mp4", "pts_ns": 0},
        {"uri": "game.mp4"}, {"uri": "game.mp4", "pts_ns": -1}, {"uri": "game.mp4", "pts_ns": 1 << 60},
        {"uri": "game.mp4", "pts_ns": "0"}, {"uri": "http://host/game.mp4", "pts_ns": 0}, {"uri": 7, "pts_ns": 0}, 7,
    ],
)  # fmt: skip
def test_a_frame_of_a_video_that_is_not_the_recordings_own_is_counted(
    named: object, game: Path, read_blocks: Read
) -> None:
    shutil.copy(game.with_suffix(".mp4"), game.parent / "other.mp4")
    write_mcap(game, named)
    blocks = read_blocks(game, "owamcap", "u", ocr=True)
    assert (screens(blocks), left_out(blocks)["suppressed.video_frame"]) == ([], 1)


def test_no_video_is_opened_where_nobody_asks_for_it_or_it_is_a_link(game: Path, read_blocks: Read) -> None:
    blocks = read_blocks(game, "owamcap", "u")
    assert (screens(blocks), left_out(blocks)["suppressed.video_frame"]) == ([], 3)
    video = game.with_suffix(".mp4")
    video.rename(game.parent / "elsewhere.mp4")
    video.symlink_to(game.parent / "elsewhere.mp4")
    blocks = read_blocks(game, "owamcap", "u", ocr=True)
    assert (screens(blocks), left_out(blocks)["suppressed.video_frame"]) == ([], 3)


def test_a_broken_video_costs_its_frames_and_no_event(game: Path, read_blocks: Read) -> None:
    game.with_suffix(".mp4").write_bytes(b"no video")
    blocks = read_blocks(game, "owamcap", "u", ocr=True)
    assert blocks[0].table["kind"].to_pylist() == ["session", "pointer", "pointer"]
    assert left_out(blocks)["suppressed.video_unreadable"] == 2


@pytest.mark.parametrize(("limits", "counted"), [
    ({"ocr_pictures": 1}, {"screenshot_over_allowance": 1}),
    ({"ocr_work": 1}, {"video_over_allowance": 1, "screenshot_over_allowance": 1}),
    ({"ocr_pixels": SIZE[0] * SIZE[1] - 1}, {"video_too_large": 2}),
    ({"ocr_pixels": SIZE[0] * SIZE[1]}, {}),
])  # fmt: skip
def test_limits_of_pictures_hold_for_frames(
    limits: dict[str, int], counted: dict[str, int], game: Path, read_blocks: Read
) -> None:
    counts = left_out(read_blocks(game, "owamcap", "u", ocr=True, **limits))
    found = {
        name.removeprefix("suppressed."): number for name, number in counts.items() if name.startswith("suppressed.")
    }
    assert found == counted | {"screenshot_between_actions": 1}


def test_a_frame_at_no_time_of_the_video_is_counted(game: Path, read_blocks: Read) -> None:
    write_mcap(game, frame(0.5), frame(99))
    blocks = read_blocks(game, "owamcap", "u", ocr=True)
    assert (screens(blocks), left_out(blocks)["suppressed.video_unreadable"]) == ([OPEN], 1)


@pytest.mark.parametrize(("name", "form", "video"), [
    ("game.mcap", "owamcap", "game.mp4"), ("recording.db", "openadapt", "video.mp4"),
    ("recording.db", "openadapt", "oa_recording-1.5.mp4"),
])  # fmt: skip
def test_the_own_video_is_a_part_of_the_input_where_it_is_read(
    name: str, form: str, video: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(b"recording")
    (tmp_path / "other.mp4").write_bytes(b"other")
    source = [Source(0, str(tmp_path / name), form, "u")]

    def digests() -> tuple[object, object]:
        return input_digests(source, b"k", IngestSettings(ocr=True)), input_digests(source, b"k", IngestSettings())

    without = digests()
    (tmp_path / video).write_bytes(b"video")
    (tmp_path / "other.mp4").write_bytes(b"changed")
    with_video = digests()
    assert with_video[0] != without[0]
    assert with_video[1] == without[1]
    (tmp_path / video).write_bytes(b"another")
    assert digests()[0] != with_video[0]


def bind(fps: str, *captures: object, schema: bytes = bytes.fromhex("d8e90f0620b44e0cb4494f70656e4164")) -> bytes:
    content = schema + json.dumps({"schema": "x", "fps": fps, "frames": [], "captures": captures}).encode()
    return struct.pack(">I4s", 8 + len(content), b"uuid") + content


def fill_database(path: Path, started: float | None, *shots: float) -> Path:
    """Write screenshots without pictures into the sample, around its first click; return its path."""
    path.write_bytes((SAMPLES / "openadapt-capture.db").read_bytes())
    with sqlite3.connect(path) as base:
        base.execute("DELETE FROM window_event")
        base.execute("UPDATE recording SET video_start_time = ?", (started,))
        for place, at in enumerate(shots, start=1):
            base.execute("INSERT INTO screenshot (id, recording_id, timestamp) VALUES (?, 1, ?)", (place, at))
    base.close()
    return path


@pytest.fixture
def click(tmp_path: Path) -> float:
    """Return when the sample's first click was made."""
    with sqlite3.connect(fill_database(tmp_path / "r.db", None)) as base:
        (first,) = base.execute("SELECT min(timestamp) FROM action_event WHERE name = 'click'").fetchone()
    base.close()
    return float(first)


def test_a_database_shows_the_frame_that_its_video_binds_to_a_screenshot(
    clip: Path, click: float, tmp_path: Path, read_blocks: Read
) -> None:
    path = fill_database(tmp_path / "recording.db", click - 99, click - 0.25, click + 1e6)
    bound = bind("10/1", [12, click - 0.5], [24, click - 0.25])
    (tmp_path / "oa_recording-1.5.mp4").write_bytes(clip.read_bytes() + bound)
    blocks = read_blocks(path, "openadapt", "u", ocr=True)
    assert screens(blocks) == [SAVE]
    assert left_out(blocks)["suppressed.video_unreadable"] == 1  # the last one, of which the video knows nothing


def test_a_database_of_an_earlier_version_counts_from_the_start_of_its_video(
    clip: Path, click: float, tmp_path: Path, read_blocks: Read
) -> None:
    shutil.copy(clip, tmp_path / "video.mp4")
    path = fill_database(tmp_path / "recording.db", click - 0.75, click - 0.25)
    assert screens(read_blocks(path, "openadapt", "u", ocr=True)) == [OPEN]
    shutil.copy(clip, tmp_path / "oa_recording-2.mp4")
    blocks = read_blocks(path, "openadapt", "u", ocr=True)
    assert (screens(blocks), left_out(blocks)["suppressed.video_frame"]) == ([], 1)


def test_times_of_frames_are_those_that_the_video_binds(tmp_path: Path) -> None:
    pad = struct.pack(">I4s", 12, b"free") + b"abcd" + struct.pack(">I4sQ", 1, b"mdat", 20) + b"abcd"
    assert read_captures(io.BytesIO(pad)) is None
    assert read_captures(io.BytesIO(pad + bind("24/1", [48, 7.5]))) == {7.5: 48.5 / 24}
    assert read_captures(io.BytesIO(bind("24/1"))) == {}
    assert read_captures(io.BytesIO(bind("24/1", [1, 2], schema=bytes(16)))) is None
    assert read_captures(io.BytesIO(struct.pack(">I4s", 7, b"free") + bind("24/1"))) is None
    damaged_boxes = (
        *map(bind, ("0/1", "1001", "-1", "1/0", "a")), bind("1", 7), bind("1", [1]), bind("1", [1, "a"]),
        bind("1", ["a", 1]), bind("24/1")[:-1], bind("1").replace(b"{", b"["),
    )  # fmt: skip
    for damaged in damaged_boxes:
        with pytest.raises(ValueError):  # noqa: PT011 - of several kinds, and none may tell content
            read_captures(io.BytesIO(damaged))
    assert read_captures(io.BytesIO(bind("1000", [0, 1]))) == {1.0: 0.0005}
    for start, second in ((2.5, 1.0), (None, None), (True, None), ("2.5", None)):
        path = tmp_path / "v.mp4"
        path.write_bytes(pad)
        if second is None:
            with pytest.raises(ValueError, match="no frame"):
                VideoClock(start).second(3.5, path)
        else:
            assert VideoClock(start).second(3.5, path) == second


def test_the_box_of_a_video_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    box, pad = bind("24/1", [48, 7.5]), struct.pack(">I4s", 8, b"free")
    for name, least in (("_MOST_BYTES", len(box) - 24), ("_MOST_BOXES", 3)):
        monkeypatch.setattr(openadapt_video, name, least)
        assert read_captures(io.BytesIO(pad * 2 + box)) == {7.5: 48.5 / 24}
    monkeypatch.setattr(openadapt_video, "_MOST_BOXES", 2)
    assert read_captures(io.BytesIO(pad * 2 + box)) is None
    monkeypatch.setattr(openadapt_video, "_MOST_BYTES", len(box) - 25)
    with pytest.raises(ValueError, match="box"):
        read_captures(io.BytesIO(box))


def test_a_damaged_binding_is_read_once(tmp_path: Path) -> None:
    clock, path = VideoClock(1.0), tmp_path / "v.mp4"
    path.write_bytes(bind("a"))
    for _ in range(2):
        with pytest.raises(ValueError):  # noqa: PT011 - likewise
            clock.second(2.0, path)
        path.write_bytes(b"")  # would count from the start


STARTED = {"OBS_WEBSOCKET_OUTPUT_STARTING": [99.8], "OBS_WEBSOCKET_OUTPUT_STARTED": [100.0]}
PRESS = {"action": "click", "x": 3, "y": 4, "button": "left", "pressed": True}
KEY = {"action": "press", "name": "a", "pynput_key": "a"}


def write_folder(folder: Path, clip: Path, *events: dict[str, object], **states: object) -> Path:
    (folder / "s").mkdir()
    times = STARTED | {f"OBS_WEBSOCKET_OUTPUT_{name}": at for name, at in states.items()}
    metadata = {"system": "Linux", "screen_width": 600, "screen_height": 96, "obs_record_state_timings": times}
    (folder / "s" / "metadata.json").write_text(json.dumps(metadata))
    (folder / "s" / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    shutil.copy(clip, folder / "s" / "2026-01-02 03-04-05.mp4")
    return folder / "s"


def at(time: float, event: dict[str, object]) -> dict[str, object]:
    return event | {"time_stamp": time}


def test_a_folder_shows_the_frame_before_each_action(clip: Path, tmp_path: Path, read_blocks: Read) -> None:
    events = [at(100.5, PRESS), at(101.5, {"action": "move", "x": 1, "y": 1}), at(102.5, KEY), at(102.8, KEY)]
    folder = write_folder(tmp_path, clip, *events)
    blocks = read_blocks(folder, "agentnet", "u", ocr=True)
    kinds = blocks[0].table["kind"].to_pylist()
    assert kinds == ["session", "screen", "pointer", "pointer", "screen", "key", "key"]
    assert screens(blocks) == [OPEN, SAVE]
    assert 10 < blocks[0].table.to_pylist()[1]["nodes"][0]["bounds"]["x"] < 30
    assert screens(read_blocks(folder, "agentnet", "u")) == []


UNCERTAIN = {
    "soon after another, whose outcome it may show": ([at(100.5, PRESS), at(100.7, PRESS)], {}, [OPEN]),
    "before the video": ([at(99.9, PRESS)], {}, []),
    "after a pause": ([at(100.5, PRESS), at(102.5, PRESS)], {"PAUSED": [102.5]}, [OPEN]),
    "before a pause": ([at(100.5, PRESS), at(102.5, PRESS)], {"PAUSED": [102.6]}, [OPEN, SAVE]),
    "a pause of which OBS knows nothing": ([at(100.4, {"action": "pause"}), at(100.5, PRESS)], {}, []),
    "a start too long ago": ([at(100.5, PRESS)], {"STARTING": [94.9]}, []),
    "a start just long enough ago": ([at(100.5, PRESS)], {"STARTING": [95.0]}, [OPEN]),
    "a start in the wrong order": ([at(100.5, PRESS)], {"STARTING": [100.1]}, []),
    "no start": ([at(100.5, PRESS)], {"STARTED": []}, []),
    "a start that is no list": ([at(100.5, PRESS)], {"STARTED": "100"}, []),
}


@pytest.mark.parametrize("case", UNCERTAIN)
def test_a_frame_whose_time_is_not_certain_is_not_read(
    case: str, clip: Path, tmp_path: Path, read_blocks: Read
) -> None:
    events, states, shown = UNCERTAIN[case]
    blocks = read_blocks(write_folder(tmp_path, clip, *events, **states), "agentnet", "u", ocr=True)
    assert screens(blocks) == shown
    assert sum(row == "pointer" for row in blocks[0].table["kind"].to_pylist()) == sum("x" in event for event in events)


def test_a_frame_that_may_show_the_window_before_is_not_read(clip: Path, tmp_path: Path, read_blocks: Read) -> None:
    folder = write_folder(tmp_path, clip, at(100.5, PRESS), at(102.5, PRESS))
    windows = [{"time_stamp": 100.1, "top_window_name": "editor"}, {"time_stamp": 102.4, "top_window_name": "bank"}]
    (folder / "top_window.jsonl").write_text("".join(json.dumps(window) + "\n" for window in windows))
    assert screens(read_blocks(folder, "agentnet", "u", ocr=True)) == [OPEN]


def test_a_folder_of_two_videos_or_with_trees_of_its_screens_shows_none(
    clip: Path, tmp_path: Path, read_blocks: Read
) -> None:
    folder = write_folder(tmp_path, clip, at(100.5, PRESS))
    shutil.copy(clip, folder / "b.mp4")
    assert screens(read_blocks(folder, "agentnet", "u", ocr=True)) == []
    (folder / "b.mp4").unlink()
    tree = {"Name": "Tree", "ControlType": "Window", "Children": []}
    (folder / "a11y.jsonl").write_text(json.dumps({"time_stamp": 100.2, "axtree": tree}) + "\n")
    assert OPEN not in screens(read_blocks(folder, "agentnet", "u", ocr=True))
