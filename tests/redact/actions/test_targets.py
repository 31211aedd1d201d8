from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.redact.actions.targets import NOWHERE, FrontWindow, Target, find_cell, find_target, is_drag
from transforms.redact.actions.window_sizes import WINDOW_SIZES, public_size
from transforms.redact.screens.boxes import Box

FRAME = FrontWindow(Box(100, 50, 1100, 550), (1280, 720))
PANE, ROW, WORD = Box(100, 50, 1100, 550), Box(200, 100, 400, 120), Box(210, 100, 260, 120)


@pytest.mark.parametrize(
    ("element", "nodes", "place", "node"),
    [
        (ROW, [], "element", None),
        (ROW, [PANE, ROW], "element", 1),
        (ROW, [PANE, ROW, ROW], "element", 2),
        (ROW, [PANE, ROW, WORD], "node", 2),  # the smaller of both
        (WORD, [PANE, ROW], "element", None),
        (PANE, [PANE, ROW, None], "node", 1),
        (Box(0, 0, 50, 50), [ROW], "node", 0),  # the recorder's element does not hold the point
        (None, [ROW, WORD, Box(211, 101, 212, 102)], "node", 1),
        (None, [], "cell", None),
        (PANE, [], "cell", None),
        (PANE, [PANE], "cell", 0),
    ],
)
def test_the_target_is_the_smaller_of_element_and_node_else_a_cell(
    element: Box | None, nodes: list[Box | None], place: str, node: int | None
) -> None:
    found = find_target(230, 110, element, nodes, FRAME)
    assert (found.place, found.node) == (place, node)


@pytest.mark.parametrize(("x", "y"), [(99.9, 60), (1100, 60), (500, 49.9), (500, 550)])
def test_a_point_outside_the_front_window_has_no_place(x: float, y: float) -> None:
    assert find_target(x, y, Box(0, 0, 2000, 2000), [PANE], FRAME) == NOWHERE


def test_boxes_are_told_in_parts_of_the_window() -> None:
    assert find_target(230, 110, ROW, [], FRAME).box == (1000, 1000, 3000, 1400)


@pytest.mark.parametrize(("height", "place"), [(15, "element"), (15.01, "cell")])
def test_a_target_of_more_than_its_share_of_the_window_is_a_cell(height: float, place: str) -> None:
    assert find_target(100, 50, Box(100, 50, 1100, 50 + height), [], FRAME).place == place


def test_cells_are_those_of_the_public_size_and_count_from_the_corner_of_what_they_are_in() -> None:
    assert find_cell(100, 50, FRAME).box == (0, 0, 500, 888)
    assert find_cell(150, 94.4, FRAME).box == (500, 888, 1000, 1776)
    assert find_cell(149.9, 94, FRAME).box == (0, 0, 500, 888)
    assert find_cell(240, 110, FRAME, around=(1000, 1000, 1600, 1200)).box == (1000, 1000, 1500, 1200)
    assert find_cell(255, 110, FRAME, around=(1000, 1000, 1600, 1200)).box == (1500, 1000, 1600, 1200)


@pytest.mark.parametrize(
    ("begin", "end", "far", "drags"),
    [
        (Target("element", (0, 0, 9, 9)), Target("element", (0, 0, 9, 9)), 500, False),
        (Target("element", (0, 0, 9, 9)), Target("node", (9, 0, 20, 9)), 8, True),
        (Target("element", (0, 0, 9, 9)), Target("node", (9, 0, 20, 9)), 7.9, False),
        (Target("cell", (0, 0, 9, 9)), Target("cell", (9, 0, 20, 9)), 64, True),
        (Target("element", (0, 0, 9, 9)), Target("cell", (9, 0, 20, 9)), 63.9, False),
        (Target("cell", (0, 0, 9, 9)), NOWHERE, 500, False),
        (NOWHERE, Target("cell", (0, 0, 9, 9)), 500, False),
    ],
)
def test_a_drag_ends_in_another_box_and_farther_than_a_hand_trembles(
    begin: Target,
    end: Target,
    far: float,
    drags: bool,
) -> None:
    assert is_drag(begin, end, far) is drags


SIDES = st.floats(1, 4000)
POINTS = st.floats(0, 0.999)


WINDOWS = st.tuples(st.floats(-3000, 3000), st.floats(-3000, 3000), SIDES, SIDES)


@given(WINDOWS, POINTS, POINTS, st.lists(st.tuples(POINTS, POINTS, SIDES, SIDES), max_size=4))
def test_a_box_is_inside_the_window_and_never_empty(
    window: tuple[float, ...], across: float, down: float, nodes: list[tuple[float, ...]]
) -> None:
    left, top, width, height = window
    corners = [(left + width * a, top + height * b, w, h) for a, b, w, h in nodes]
    placed = [Box(x, y, x + w, y + h) for x, y, w, h in corners]
    front = FrontWindow(Box(left, top, left + width, top + height), public_size(width, height))
    found = find_target(left + across * width, top + down * height, None, placed, front)
    if found.box is not None:
        assert 0 <= found.box[0] < found.box[2] <= 10_000
        assert 0 <= found.box[1] < found.box[3] <= 10_000


@pytest.mark.parametrize("size", WINDOW_SIZES)
def test_a_public_size_stands_for_itself_and_for_the_sizes_around_it(size: tuple[int, int]) -> None:
    assert public_size(*size) == size
    assert public_size(size[0] * 1.03, size[1] * 0.97) == size


def test_public_sizes_differ() -> None:
    assert all(one != other for one, other in pairwise(sorted(WINDOW_SIZES)))
