import json
from collections.abc import Callable
from pathlib import Path

import pyarrow.compute as pc
import pytest

from schemas.rejects import Reason

EXAMPLE = Path("examples/recordings/agentnet/display-settings")
Read = Callable[..., tuple]


@pytest.fixture
def recording(tmp_path: Path) -> Path:
    folder = tmp_path / "20240101_someone@example.com"
    folder.mkdir()
    events = [
        {"time_stamp": 5.0, "action": "move", "x": 1, "y": 2},
        {"time_stamp": 6.0, "action": "click", "x": 1, "y": 2, "button": "left", "pressed": True},
        {"time_stamp": 6.1, "action": "click", "x": 1, "y": 2, "button": "left", "pressed": False},
        {"time_stamp": 7.0, "action": "scroll", "x": 1, "y": 2, "dx": 0, "dy": -2},
        {"time_stamp": 8.0, "action": "press", "name": "T", "pynput_key": "<84>"},
        {"time_stamp": 9.0, "action": "pause"},
    ]
    (folder / "events.jsonl").write_text("".join(json.dumps(event) + "\n" for event in events))
    edges = {"left": 10, "top": 20, "right": 40, "bottom": 30}
    tree = {"Name": "Save", "ControlType": "ButtonControl", "BoundingRectangle": edges, "Children": []}
    (folder / "element.jsonl").write_text(json.dumps({"time_stamp": 5.999, "a11y_tree": tree}))
    (folder / "top_window.jsonl").write_text('{"time_stamp": 4.5, "top_window_name": "editor"}')
    (folder / "a11y.jsonl").write_text(
        json.dumps({"time_stamp": 4.6, "axtree": {"Name": "", "ControlType": "PaneControl", "Children": [tree, tree]}})
    )
    (folder / "metadata.json").write_text('{"system": "Windows", "release": "10"}')
    (folder / "video.mp4").write_bytes(b"never opened")
    return folder


def test_a_recording_becomes_one_session(recording: Path, read_all: Read) -> None:
    table, faults, events = read_all(recording, "agentnet", user="u")
    assert faults == []
    assert events == table.num_rows + 2  # the clicked element went into the click, the pause is left out
    assert table["kind"].to_pylist() == ["session", "focus", "screen", *["pointer"] * 4, "key"]
    assert table["seq"].to_pylist() == list(range(8))
    assert table["t_us"].to_pylist()[3:6] == [500_000, 1_500_000, 1_600_000]
    assert table["text"][2].as_py() == "button 'Save'\nbutton 'Save'"
    bounds = {"x": 10, "y": 20, "width": 30, "height": 10}
    assert table["target"].to_pylist()[4] == {"role": "button", "name": "Save", "bounds": bounds, "states": None}
    nodes = table["nodes"].to_pylist()[2]
    assert [(node["role"], node["depth"]) for node in nodes] == [("region", 0), ("button", 1), ("button", 1)]
    assert [node["bounds"] for node in nodes] == [None, bounds, bounds]
    assert table["dy"][6].as_py() == 200.0
    assert table["key"][7].as_py() == "t"
    assert set(table["user_id"].to_pylist()) == {"u"}


# found by fuzzing: 1e999 is a number to Python's JSON, and no time
@pytest.mark.parametrize(
    ("reading", "first_us"), [("4.0", 1_730_833_191_500_000), ("-1e999", 0), ("NaN", 0), ("true", 0), (str(2**53), 0)]
)
def test_a_reading_of_the_clock_that_is_no_time_leaves_the_date_unknown(
    recording: Path, read_all: Read, reading: str, first_us: int
) -> None:
    started = '"start_time": "2024-11-05 18:59:51"'
    (recording / "metadata.json").write_text(f'{{{started}, "video_start_timestamp": {reading}}}')
    table, faults, _ = read_all(recording, "agentnet", user="u")
    assert faults == []
    assert table["t_us"].to_pylist()[1] == first_us


def _press(at: float, x: int, *, down: bool = True) -> dict[str, object]:
    return {"time_stamp": at, "action": "click", "x": x, "y": 10, "button": "left", "pressed": down}


def _rewrite(recording: Path, name: str, *records: dict[str, object]) -> None:
    (recording / f"{name}.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records))


@pytest.mark.parametrize(
    ("window", "scale"),
    [
        ((-8, -8, 1374, 736), 1.0),
        ((-7, -7, 1100, 582), 1.25),
        ((-7, -7, 708, 1088), 1.25),  # the display was turned
        ((10, 10, 500, 400), 1.0),  # not maximised: it does not tell
        ((0, 0, 1093, 575), 1.0),
    ],
)
def test_positions_are_put_into_the_pixels_of_the_tree(
    recording: Path, read_all: Read, window: tuple[int, ...], scale: float
) -> None:
    (recording / "metadata.json").write_text('{"screen_width": 1366, "screen_height": 768}')
    edges = dict(zip(("left", "top", "right", "bottom"), window, strict=True))
    root = {"Name": "w", "ControlType": "WindowControl", "BoundingRectangle": edges}
    _rewrite(recording, "a11y", {"time_stamp": 5.5, "axtree": root})
    _rewrite(recording, "events", *({"time_stamp": at, "action": "move", "x": 500, "y": 250} for at in (5.0, 6.0)))
    table, _, _ = read_all(recording, "agentnet", user="u")
    assert table["x"].drop_null().to_pylist() == [500, 500 / scale]
    assert table["y"].drop_null().to_pylist() == [250, 250 / scale]
    left, top, right, bottom = window
    told = table["window"].drop_null().to_pylist()
    assert told == [{"x": left, "y": top, "width": right - left, "height": bottom - top, "scale": None}]


@pytest.mark.parametrize(
    ("presses", "actions"),
    [
        ([(5.0, 1), (5.5, 5)], ["down", "double_click"]),
        ([(5.0, 1), (5.51, 1)], ["down", "down"]),
        ([(5.0, 1), (5.1, 6)], ["down", "down"]),
        ([(5.0, 1), (5.2, 1), (5.4, 1), (5.6, 1)], ["down", "double_click", "triple_click", "down"]),
    ],
)
def test_presses_close_in_time_and_place_are_one_double_click(
    recording: Path, read_all: Read, presses: list[tuple[float, int]], actions: list[str]
) -> None:
    _rewrite(recording, "events", *(_press(at, x) for at, x in presses))
    assert read_all(recording, "agentnet", user="u")[0]["action"].drop_null().to_pylist() == actions


def test_names_of_folders_are_not_ids(recording: Path, read_all: Read) -> None:
    before = read_all(recording, "agentnet", user="u")[0]["session_id"].unique().to_pylist()
    moved = recording.rename(recording.with_name("elsewhere"))
    assert read_all(moved, "agentnet", user="u")[0]["session_id"].unique().to_pylist() == before
    assert "someone" not in before[0]


def test_bad_lines_are_set_aside(recording: Path, read_all: Read) -> None:
    with (recording / "events.jsonl").open("a") as log:
        log.write('{"time_stamp": 9.5, "action": "dance"}\n{"action": "move"}\nnot json\n')
        log.write('{"time_stamp": 9.6, "action": "move", "x": 1e12, "y": 0}\n')
    table, faults, events = read_all(recording, "agentnet", user="u")
    assert sorted((fault.problem.reason, fault.line) for fault in faults) == [
        (Reason.BAD_JSON, 9),
        (Reason.MISSING_FIELD, 8),
        (Reason.OUT_OF_RANGE, 10),
        (Reason.UNKNOWN_KIND, 7),
    ]
    assert events == table.num_rows + len(faults) + 2


def test_nobody_is_refused(recording: Path, read_all: Read) -> None:
    table, faults, events = read_all(recording, "agentnet")
    assert [fault.problem.reason for fault in faults] == [Reason.NO_USER]
    assert (table.num_rows, events) == (0, faults[0].events)


def test_an_empty_recording_is_unreadable(recording: Path, read_all: Read) -> None:
    for name in ("events", "element", "top_window", "a11y"):
        (recording / f"{name}.jsonl").write_text("")
    assert [fault.problem.reason for fault in read_all(recording, "agentnet", user="u")[1]] == [Reason.UNREADABLE]


def test_a_recording_that_is_too_large_is_refused_as_such(recording: Path, read_all: Read) -> None:
    (fault,) = read_all(recording, "agentnet", user="u", max_recording_bytes=10)[1]
    assert fault.problem.reason == Reason.LINE_TOO_LONG


def test_the_bundled_recording_is_read_whole(read_all: Read) -> None:
    table, faults, _ = read_all(EXAMPLE, "agentnet", user="u")
    assert faults == []
    assert pc.min(table["t_us"]).as_py() > 1_730_000_000_000_000
    assert table["target"].drop_null().length() == 21


def test_a_fork_records_title_and_address_of_the_front_window(recording: Path, read_all: Read) -> None:
    windows = [
        {"time_stamp": 4.5, "top_window_name": "Safari", "app_name": "Safari", "window_title": "Lamps", "url": "https://a.example"},
        {"time_stamp": 4.7, "app_name": "Notes", "window_title": "List", "url": None},
        {"time_stamp": 4.8, "window_title": "Untitled"},
        {"time_stamp": 4.9, "bundle_id": "com.example"},
    ]  # fmt: skip
    (recording / "top_window.jsonl").write_text("".join(json.dumps(window) + "\n" for window in windows))
    table, faults, _ = read_all(recording, "agentnet", user="u")
    told = [row for row in table.to_pylist() if row["kind"] == "focus"]
    assert [(row["app"], row["title"], row["url"]) for row in told] == [
        ("Safari", "Lamps", "https://a.example"), ("Notes", "List", None), ("", "Untitled", None),
    ]  # fmt: skip
    assert [(fault.line, fault.problem.reason) for fault in faults] == [(4, Reason.MISSING_FIELD)]
