"""Cells of tables: a line is as wide as its column where another column stands beside it, and else as it is printed."""

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.support.pictures import draw, pixels
from transforms.ingest.screenshots.cells import widen_to_cells
from transforms.ingest.screenshots.line_detector import Box
from transforms.ingest.screenshots.picture_nodes import describe_lines
from transforms.ingest.screenshots.screen_reader import Networks, ScreenReader

HEIGHT, PITCH, NEXT = 20, 40, 300
NEAR = 6
"""Three tenths of the height."""


def name(row: int, wide: int, left: int = 10) -> Box:
    return Box(left, PITCH * row, left + wide, PITCH * row + HEIGHT)


def hour(row: int, left: int = NEXT, right: int = NEXT + 40, down: int = 0) -> Box:
    return Box(left, PITCH * row + down, right, PITCH * row + HEIGHT + down)


def rights(names: Sequence[Box], others: Sequence[Box]) -> list[int]:
    """Widen the lines; return the right edges of the first ones and see that nothing else has changed."""
    cells = widen_to_cells([*names, *others])
    assert cells[len(names) :] == list(others)
    assert [cell._replace(right=0) for cell in cells[: len(names)]] == [line._replace(right=0) for line in names]
    return [cell.right for cell in cells[: len(names)]]


CELL = NEXT - HEIGHT // 2


def test_lines_of_three_rows_with_another_column_beside_them_are_cells() -> None:
    names, hours = [name(row, wide) for row, wide in enumerate((30, 200, 90))], [hour(row) for row in range(3)]
    assert rights(names, hours) == [CELL] * 3
    assert rights(names[:2], hours[:2]) == [40, 210]
    assert rights(names, hours[:2]) == [40, 210, 100]
    assert widen_to_cells([]) == []
    assert widen_to_cells(hours) == hours


def test_what_stands_beside_them_begins_or_ends_below_each_other() -> None:
    names = [name(row, 50) for row in range(3)]
    ends = [hour(row, left) for row, left in enumerate((NEXT - 60, NEXT, NEXT - 30))]
    assert rights(names, ends) == [CELL - 60] * 3
    begins = [hour(row, right=right) for row, right in enumerate((NEXT + 9, NEXT + 90, NEXT + 50))]
    assert rights(names, begins) == [CELL] * 3
    neither = [hour(row, left, left + wide) for row, (left, wide) in enumerate(((200, 9), (260, 90), (300, 20)))]
    assert rights(names, neither) == [60] * 3


@pytest.mark.parametrize(("wide", "is_column"), [(5 * HEIGHT, True), (5 * HEIGHT + 1, False)])
def test_a_column_that_only_ends_below_each_other_is_as_narrow_as_hours(wide: int, *, is_column: bool) -> None:
    names = [name(row, 50) for row in range(3)]
    ends = [hour(row, left) for row, left in enumerate((NEXT + 40 - wide, NEXT, NEXT - 30))]
    assert (rights(names, ends)[1] > 60) == is_column


@pytest.mark.parametrize(("off", "is_column"), [(NEAR, True), (NEAR + 1, False), (-NEAR, True), (-NEAR - 1, False)])
def test_edges_differ_by_three_tenths_of_a_line_at_most(off: int, *, is_column: bool) -> None:
    hours = [hour(row) for row in range(3)]
    names = [name(0, 50), name(1, 50, 10 + off), name(2, 50)]
    assert (rights(names, hours)[0] == CELL) == is_column
    assert (rights([name(row, 50) for row in range(3)], [hour(0), hour(1, NEXT + off, 500), hour(2)])[0] > 60) == (
        is_column
    )


@pytest.mark.parametrize(("down", "is_beside"), [(10, True), (11, False), (-10, True), (-11, False)])
def test_a_line_is_beside_another_by_half_its_height(down: int, *, is_beside: bool) -> None:
    names = [name(row, 50) for row in range(3)]
    assert (rights(names, [hour(row, down=down) for row in range(3)]) == [CELL] * 3) == is_beside


def test_a_text_that_reaches_into_the_next_column_keeps_its_width_and_hides_none() -> None:
    names = [name(0, NEXT - 5), name(1, 50), name(2, CELL - 10)]
    assert rights(names, [hour(row) for row in range(3)]) == [NEXT + 5, CELL, CELL]


def test_a_column_between_two_others_ends_one_cell_and_is_one() -> None:
    """Boxes of close columns overlap by some pixels."""
    columns = [(10, 104), (100, 160), (300, 320)]
    lines = [Box(left, PITCH * row, right, PITCH * row + HEIGHT) for row in range(3) for left, right in columns]
    assert [cell.right for cell in widen_to_cells(lines)] == [104, CELL, 320] * 3


@pytest.mark.parametrize(("left", "right"), [(60, 110), (59, CELL)])
def test_a_line_that_begins_before_the_middle_of_another_stands_not_beside_it(left: int, right: int) -> None:
    columns = [(10, 110), (left, 120), (NEXT, NEXT + 9)]
    lines = [Box(start, PITCH * row, end, PITCH * row + HEIGHT) for row in range(3) for start, end in columns]
    assert [cell.right for cell in widen_to_cells(lines)][::3] == [right] * 3


@given(widths=st.lists(st.integers(5, CELL - 10), min_size=3, max_size=9), others=st.randoms(use_true_random=False))
def test_the_width_of_a_cell_says_nothing_of_its_text(widths: list[int], others: random.Random) -> None:
    lines = [line for row, wide in enumerate(widths) for line in (name(row, wide), hour(row))]
    cells = dict(zip(lines, widen_to_cells(lines), strict=True))
    assert {cells[name(row, wide)] for row, wide in enumerate(widths)} == {
        name(row, CELL - 10) for row in range(len(widths))
    }
    others.shuffle(lines)
    assert dict(zip(lines, widen_to_cells(lines), strict=True)) == cells


BOXES = st.builds(
    lambda left, top, wide, high: Box(left, top, left + wide, top + high),
    st.sampled_from((0, 3, 90, 100)), st.integers(0, 200), st.integers(1, 80), st.integers(1, 30),
)  # fmt: skip


@given(st.lists(BOXES, max_size=30))
def test_any_line_keeps_its_place_and_grows_to_the_right_alone(lines: list[Box]) -> None:
    for line, cell in zip(lines, widen_to_cells(lines), strict=True):
        assert cell[:2] + cell[3:] == line[:2] + line[3:]
        assert cell.right >= line.right


def test_a_picture_of_a_list_has_nodes_as_wide_as_its_columns(networks: Networks) -> None:
    """Synthetic names; who clicks behind the short one means its row."""
    rows = [(20, 20, "Bo Ek"), (20, 60, "Maximilian Oberhofer"), (20, 100, "Ada Lind")]
    hours = [(360, 20, "10:42"), (360, 60, "11:05"), (360, 100, "14:30")]
    picture = pixels(draw([*rows, *hours]))
    nodes = list(describe_lines(ScreenReader(networks).read(picture) or [], picture, (960.0, 320.0)))
    widths = {node["name"]: node["bounds"]["width"] for node in nodes}  # type: ignore[index]
    names = [widths.pop(text) for _, _, text in rows]
    assert all(600 < width < 700 for width in names)
    assert all(width < 140 for width in widths.values())
    assert len(widths) == 3
