import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.pictures import draw, pack, pixels
from transforms.ingest.formats.adapter import Source
from transforms.ingest.formats.foreign_format import SessionDraft
from transforms.ingest.formats.foreign_recording import Picture, Recording, TimedEvent
from transforms.ingest.inputs import input_digests, read
from transforms.ingest.screenshots.picture_screens import show_pictures, wanted_pictures
from transforms.ingest.screenshots.screen_reader import Networks, ScreenReader
from transforms.ingest.settings import IngestSettings

ON = IngestSettings(ocr=True)
SMALL = (240, 48)


def event(kind: str, action: str = "", at: float | None = None) -> TimedEvent:
    return TimedEvent(at, 1, {"kind": kind, "action": action})


def picture(
    text: str = "", at: float | None = None, place: int = 0, size: tuple[float, float] | None = None
) -> Picture:
    content = pack(draw([(10, 10, text)], SMALL))
    return Picture(at, 1, place, lambda: content, size)


def wanted(*words: str) -> set[int]:
    return wanted_pictures([picture() if word == "P" else event(*word.split(" ")) for word in words])


def test_the_last_picture_before_an_action_is_wanted_and_the_last_of_all() -> None:
    click = "pointer click"
    assert wanted("P", "P", click, "P", "P", "P") == {1, 5}
    assert wanted(click, "P") == {1}
    assert wanted("P", click, click) == {0}
    assert wanted(click) == set()


def test_a_stretch_of_typing_or_of_scrolling_and_a_press_are_one_action_each() -> None:
    assert wanted("P", "key down", "P", "key down", "P", "input_value", "P") == {0, 6}
    assert wanted("P", "pointer scroll", "P", "pointer scroll", "P") == {0, 4}
    assert wanted("P", "pointer down", "P", "pointer up", "P", "pointer move", "P") == {0, 6}
    assert wanted("P", "pointer down", "P", "pointer down", "P") == {0, 2, 4}
    assert wanted("P", "key down", "P", "pointer click", "P", "key down", "P") == {0, 2, 4, 6}
    assert wanted("P", "key down", "P", "task", "P", "key down", "P") == {0, 6}


def test_a_picture_before_a_change_of_windows_is_not_wanted() -> None:
    assert wanted("P", "focus", "pointer click") == set()
    assert wanted("focus", "P", "pointer click", "focus", "P") == {1, 4}
    assert wanted("P", "pointer click", "P", "focus") == {0}
    assert wanted("focus", "P", "focus", "pointer click") == {1}


def test_a_picture_of_the_time_of_an_action_stands_before_it_and_behind_the_change_of_windows() -> None:
    events = [event("pointer", "click", 1.0), event("focus", at=3.0), event("pointer", "click", 3.0)]
    recording = Recording(events, [picture("B", at=3.0), picture("A", at=1.0)])
    show_pictures(recording, "", ON)
    assert [item.event.get("text", item.event["kind"]) for item in recording.events] == [
        "A", "pointer", "focus", "B", "pointer",
    ]  # fmt: skip


def test_pictures_become_screens_among_the_events_in_order_of_time() -> None:
    events = [event("focus", at=1.0), event("pointer", "click", at=3.0)]
    recording = Recording(events, [picture("Invoice 42", at=3.0, place=2, size=(480, 24))])
    show_pictures(recording, "", ON)
    assert [item.event["kind"] for item in recording.events] == ["focus", "screen", "pointer"]
    shown = recording.events[1]
    assert (shown.at, shown.event["source"], shown.event["text"]) == (3.0, "ocr", "Invoice 42")
    (node,) = shown.event["nodes"]  # type: ignore[misc]
    assert (node["role"], node["name"]) == ("text", "Invoice 42")
    assert 8 <= node["bounds"]["x"] <= 24
    assert node["bounds"]["y"] + node["bounds"]["height"] <= 24
    assert recording.counts == {}


def test_what_is_not_read_is_counted_by_name() -> None:
    def broken() -> bytes:
        raise ValueError("damaged")

    click = event("pointer", "click")
    recording = Recording([click] * 6, [
        picture("One", place=0), picture("One", place=1), picture("Two", place=2), picture("Two", place=2),
        Picture(None, 1, 3, broken), Picture(None, 1, 4, lambda: b"canary"), picture("", place=5),
        picture("Four", place=6),
    ])  # fmt: skip
    show_pictures(recording, "", IngestSettings(ocr=True, ocr_pictures=6))
    assert {name: count for name, count in recording.counts.items() if not name.startswith("outcome")} == {
        "merged.screenshot_unchanged": 1, "suppressed.screenshot_between_actions": 1,
        "suppressed.screenshot_unreadable": 2, "suppressed.screenshot_without_text": 1,
        "suppressed.screenshot_over_allowance": 1,
    }  # fmt: skip
    assert [item.event.get("text") for item in recording.events if item.event["kind"] == "screen"] == ["One", "Two"]
    too_large = Recording([click], [picture("One")])
    show_pictures(too_large, "", IngestSettings(ocr=True, ocr_pixels=SMALL[0] * SMALL[1] - 1))
    assert too_large.counts["suppressed.screenshot_too_large"] == 1


@pytest.mark.parametrize(("more", "left"), [(0, 1), (1, 0)])
def test_pictures_beyond_the_work_of_a_recording_are_counted(more: int, left: int, networks: Networks) -> None:
    reader = ScreenReader(networks)
    reader.read(pixels(draw([(10, 10, "One")], SMALL)))
    recording = Recording([event("pointer", "click")], [picture("One", place=0), picture("Two", place=1)])
    show_pictures(recording, "", IngestSettings(ocr=True, ocr_work=reader.work + more))
    assert dict(recording.counts).get("suppressed.screenshot_over_allowance", 0) == left


@pytest.fixture
def task(tmp_path: Path) -> Path:
    steps = [{"step_num": 0, "image": "0.png", "action": "pyautogui.click(x=0.5, y=0.5)"}]
    path = tmp_path / "task.json"
    path.write_text(json.dumps({"task_id": "t", "user_task_description": "Open it", "steps": steps}))
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "0.png").write_bytes(pack(draw([(10, 10, "mail jane.doe@contoso.com")], (300, 48))))
    return path


Read = Callable[..., tuple]


def test_a_task_s_picture_is_read_only_where_that_is_asked_for(task: Path, read_all: Read) -> None:
    table, faults, _ = read_all(task, "opencua", user="u", ocr=True)
    assert (table["kind"].to_pylist(), faults) == (["session", "task", "screen", "pointer"], [])
    assert table["text"].to_pylist()[2] == "mail jane.doe@contoso.com"
    (block,) = read(Source(0, str(task), "opencua", "u"), IngestSettings())
    assert block.table["kind"].to_pylist() == ["session", "task", "pointer"]
    assert dict(block.counts)["suppressed.screenshot"] == 1


def test_a_picture_beside_a_recording_is_part_of_the_input(task: Path) -> None:
    source = Source(0, str(task), "opencua", "u")
    before = input_digests([source], b"key")
    (task.parent / "images" / "0.png").write_bytes(b"another")
    assert input_digests([source], b"key") != before


def test_a_recording_s_own_text_of_its_screens_goes_before_its_pictures() -> None:
    draft = SessionDraft(0)
    draft.add(1, 1, {"kind": "screen", "source": "dom", "text": "x"})
    draft.add_picture(1, 1, lambda: b"never opened")
    draft.settle_pictures("", ON)
    assert draft.recording.counts["suppressed.screenshot_beside_text"] == 1
    assert len(draft.recording.events) == 1
