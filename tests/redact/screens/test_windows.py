"""The frame of reference of a screen is the window that stood in front, never what was found on the screen."""

from typing import Any

import pyarrow as pa
import pytest

from schemas.raw import RAW_SCHEMA
from transforms.redact.rows.session_ranges import session_ranges
from transforms.redact.screens.boxes import Box
from transforms.redact.screens.windows import DEFAULT_SCREEN, Window, front_windows, read_box, window_on

HERE = {"x": 10, "y": 20, "width": 800, "height": 600}
THERE = {"x": 100, "y": 0, "width": 400, "height": 300}
WIDE = {"x": 0, "y": 0, "width": 2560, "height": 1440}


def windows(*rows: dict[str, Any]) -> dict[int, Window]:
    filled = [{"session_id": "s", "user_id": "u", "seq": seq, "episode": 0} | row for seq, row in enumerate(rows)]
    table = pa.Table.from_pylist(filled, schema=RAW_SCHEMA)
    return front_windows(table, tuple(session_ranges(table)))


def test_a_screen_is_measured_by_its_own_window_then_by_that_in_front_then_by_the_first_display() -> None:
    screen, focus = {"kind": "screen"}, {"kind": "focus", "app": "a"}
    rows = [screen, {"kind": "session", "screens": [WIDE, HERE]}, screen, focus | {"window": HERE}, screen]
    rows += [screen | {"window": THERE}, screen, focus, screen]
    assert [window.box for window in windows(*rows).values()] == [
        DEFAULT_SCREEN,
        read_box(WIDE),
        read_box(HERE),
        read_box(THERE),
        read_box(HERE),
        read_box(WIDE),
    ]


def test_no_window_is_that_of_another_session() -> None:
    rows = [{"kind": "session", "screens": [WIDE]}, {"kind": "focus", "app": "a", "window": HERE}]
    assert windows(*rows, {"kind": "screen", "session_id": "t"}) == {2: window_on(DEFAULT_SCREEN, DEFAULT_SCREEN)}


@pytest.mark.parametrize(
    ("width", "height", "size"), [(960, 540, (1280, 800)), (959, 540, (640, 400)), (960, 539, (640, 400))]
)
def test_a_window_is_laid_out_as_a_large_one_where_it_takes_half_of_the_display_each_way(
    width: int, height: int, size: tuple[int, int]
) -> None:
    assert window_on(DEFAULT_SCREEN, Box(500, 500, 500 + width, 500 + height)).layout_size == size


@pytest.mark.parametrize("part", ["x", "y", "width", "height"])
def test_an_incomplete_rectangle_is_none(part: str) -> None:
    assert read_box(HERE) == Box(10, 20, 810, 620)
    assert read_box(HERE | {part: None}) is None
    assert read_box({name: value for name, value in HERE.items() if name != part}) is None


@pytest.mark.parametrize("size", [0, -1])
@pytest.mark.parametrize("part", ["width", "height"])
def test_an_empty_rectangle_is_none(part: str, size: int) -> None:
    assert read_box(HERE | {part: size}) is None
    assert read_box(HERE | {part: 1}) is not None


def test_nothing_is_no_rectangle() -> None:
    assert read_box(None) is None
