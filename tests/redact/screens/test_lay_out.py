"""Released boxes tell nothing of a hidden text, and stay as recorded where no text could have moved them."""

import math
from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.safe import BOX_UNITS as UNITS
from tests.support import random_pages
from tests.support.moving_pages import FURTHER
from tests.support.pages import LAYOUTS, WINDOW, Page, draw
from transforms.redact.screens.boxes import Box, in_window_units
from transforms.redact.screens.lay_out import MOST_LEVELS, lay_out
from transforms.redact.screens.trees import Node
from transforms.redact.screens.windows import Window, window_on

SCREEN = Window(Box(0, 0, 1000, 800), (1000, 800))
NAMES = st.text(st.sampled_from("ailmw Q"), min_size=1, max_size=40)


@pytest.mark.parametrize("layout", [*LAYOUTS, *FURTHER])
@given(data=st.data())
def test_worlds_that_differ_in_hidden_names_and_in_all_that_these_move_have_equal_boxes(
    layout: Callable[[Page], None], data: st.DataObject
) -> None:
    count = data.draw(st.integers(1, 5))
    shown = data.draw(st.lists(NAMES, min_size=count, max_size=count))
    one, other = (data.draw(st.lists(NAMES, min_size=count, max_size=count)) for _ in range(2))
    first, second = (lay_out(draw(layout, names, shown), Window(WINDOW, (1280, 800))) for names in (one, other))
    assert first == second


@pytest.mark.parametrize("layout", [*LAYOUTS, *FURTHER])
def test_the_layouts_of_this_test_move_something_when_a_name_is_longer(layout: Callable[[Page], None]) -> None:
    short, long = (draw(layout, names, ["Ada"] * 2) for names in (["il"] * 2, ["Maximilian wwwww"] * 2))
    assert [node.box for node in short] != [node.box for node in long]


_THREE = st.lists(NAMES, min_size=3, max_size=3)


@given(random_pages.parts(3), random_pages.parts(3), _THREE, _THREE, _THREE)
def test_windows_of_any_structure_that_differ_in_hidden_names_and_all_that_they_move_have_equal_boxes(
    side: random_pages.Part, page: random_pages.Part, one: list[str], other: list[str], shown: list[str]
) -> None:
    window = Window(random_pages.WINDOW, (1280, 800))
    worlds = [random_pages.draw_window(side, page, names, shown) for names in (one, other)]
    first, second = (lay_out(nodes, window) for nodes in worlds)
    assert first == second
    for number, node in enumerate(worlds[0]):
        if number not in first.moved:
            assert node.box is not None
            assert first.boxes[number] == in_window_units(node.box, window.box)
    panes = [number for number, node in enumerate(worlds[0]) if node.role in {"navigation", "main"}]
    for begin, end in pairwise([*panes, len(worlds[0])]):
        holds = any(node.redacted for node in worlds[0][begin:end])
        assert ({*range(begin, end)} <= first.moved) is holds
        assert first.moved.isdisjoint(range(begin, end)) is not holds


def _screen(*nodes: Node) -> list[tuple[int, int, int, int] | None]:
    return lay_out(nodes, SCREEN).boxes


def test_a_screen_without_a_redaction_keeps_the_boxes_of_the_recording() -> None:
    nodes = [Node("document", "", Box(0, 0, 1000, 800), 0), Node("button", "Send", Box(100, 80, 160, 104), 1)]
    assert _screen(*nodes) == [(0, 0, UNITS, UNITS), (1000, 1000, 1600, 1300)]


def test_what_lies_outside_the_window_has_no_box_and_what_crosses_its_edge_is_cut() -> None:
    window = Box(100, 100, 300, 300)
    assert in_window_units(Box(50, 150, 150, 200), window) == (0, 2500, 2500, 5000)
    assert in_window_units(Box(20, 150, 100, 200), window) is None
    assert in_window_units(Box(20, 150, 101, 200), window) == (0, 2500, 50, 5000)


def test_a_screen_on_which_nothing_has_a_box_keeps_none() -> None:
    nodes = [Node("document", "", None, 0), Node("link", "Ada", None, 1, redacted=True)]
    assert _screen(*nodes) == [None, None]


def test_edges_stay_inside_the_window_whatever_is_rounded() -> None:
    """Regression: a product is rounded, so that a window's own edge could lie a unit outside of it."""
    wide = 52.68007668076143
    assert wide * 10_000 / wide > 10_000
    window = Box(0.0, 0.0, wide, wide)
    assert in_window_units(Box(1.0, 1.0, 99.0, 99.0), window) == (189, 189, 10_000, 10_000)
    narrow = 7.3160539999809675
    last = math.nextafter(narrow, 0)
    assert last * 10_000 / narrow == 10_000
    window = Box(0.0, 0.0, narrow, narrow)
    assert in_window_units(Box(last, last, narrow, narrow), window) == (9_999, 9_999, 10_000, 10_000)


def test_a_window_that_hugs_its_text_is_laid_out_in_a_constant_size() -> None:
    def message(width: float) -> list[tuple[int, int, int, int] | None]:
        window = Box(100, 100, 100 + width, 180)
        line, button = Box(120, 110, 80 + width, 128), Box(40 + width, 150, 80 + width, 168)
        nodes = [Node("dialog", "", window, 0), Node("paragraph", "Ada", line, 1, redacted=True)]
        return lay_out([*nodes, Node("button", "Delete", button, 1)], window_on(Box(0, 0, 1920, 1080), window)).boxes

    assert message(160) == message(413.5) == message(959)


def _split(left: float, right: float, bottom: float = 800) -> list[Node]:
    return [
        Node("application", "Mail", Box(0, 0, 1000, 800), 0),
        Node("navigation", "", Box(0, 0, left, bottom), 1),
        Node("link", "Ada Roe", Box(20, 60, 77, 78), 2, redacted=True),
        Node("main", "", Box(right, 0, 1000, 800), 1),
        Node("heading", "Inbox", Box(400, 40, 480, 60), 2),
    ]


def test_a_name_in_one_pane_leaves_the_other_panes_as_recorded() -> None:
    boxes = _screen(*_split(304, 304))
    assert boxes[3:] == [(3040, 0, UNITS, UNITS), (4000, 500, 4800, 750)]
    assert boxes[1] == (0, 0, 3040, UNITS)
    assert boxes[2] == (0, 0, 490, 225)


def test_edges_of_a_pane_that_holds_a_name_lie_on_the_grid_outward() -> None:
    assert [_screen(*_split(width, 320))[1] for width in (304, 304.5, 305, 320)] == [
        (0, 0, 3040, UNITS),
        *[(0, 0, 3200, UNITS)] * 3,
    ]


@pytest.mark.parametrize(("bottom", "is_frame"), [(784.5, True), (784, False), (816, True)])
def test_a_pane_is_a_frame_where_it_reaches_the_bottom(bottom: float, *, is_frame: bool) -> None:
    """Beyond that its height may follow from its text, so it is laid out with what is around it."""
    boxes = _screen(*_split(304, 304, bottom))
    assert (boxes[1] == (0, 0, 3040, UNITS)) is is_frame


@pytest.mark.parametrize(("right", "is_frame"), [(984.5, True), (984, False)])
def test_a_strip_is_a_frame_where_it_reaches_from_side_to_side(right: float, *, is_frame: bool) -> None:
    kept = Box(100, 400, 200, 420)
    boxes = _screen(
        Node("document", "", Box(0, 0, 1000, 800), 0),
        Node("banner", "", Box(0, 0, right, 64), 1),
        Node("link", "Ada", Box(900, 20, 940, 38), 2, redacted=True),
        Node("link", "Home", kept, 1),
    )
    assert (boxes[3] == in_window_units(kept, Box(0, 0, 1000, 800))) is is_frame


@pytest.mark.parametrize(("top", "is_frame"), [(79.5, True), (80, False)])
def test_a_pane_may_begin_below_a_strip(top: float, *, is_frame: bool) -> None:
    boxes = _screen(
        Node("document", "", Box(0, 0, 1000, 800), 0),
        Node("banner", "", Box(0, 0, 1000, 64), 1),
        Node("complementary", "", Box(700, top, 1000, 800), 1),
        Node("link", "Ada", Box(720, 120, 760, 138), 2, redacted=True),
        Node("link", "Home", Box(100, 400, 200, 420), 1),
    )
    assert (boxes[4] == (1000, 5000, 2000, 5250)) is is_frame


@pytest.mark.parametrize(("right", "is_frame"), [(500, True), (499, False)])
def test_a_window_of_the_desktop_is_a_frame_where_it_takes_half_of_the_screen_each_way(
    right: float, *, is_frame: bool
) -> None:
    boxes = _screen(Node("dialog", "", Box(0, 0, right, 400), 0), Node("link", "A", Box(9, 9, 9, 9), 1, redacted=True))
    assert (boxes[0] is not None and boxes[0][:2] == (0, 0)) is is_frame


def test_a_dialog_that_hugs_a_name_is_as_large_as_its_released_words_and_leaves_the_page_alone() -> None:
    page = [Node("document", "", Box(0, 0, 1000, 800), 0), Node("link", "Home", Box(100, 400, 200, 420), 1)]
    box = _screen(
        *page,
        Node("dialog", "", Box(300, 300, 700, 500), 1),
        Node("paragraph", "0123456789", Box(320, 320, 680, 338), 2, redacted=True),
    )
    assert box == [(0, 0, UNITS, UNITS), (1000, 5000, 2000, 5250), (4530, 4737, 5470, 5263), (4650, 4887, 5350, 5113)]


def test_the_name_of_a_frame_moves_nothing_in_it() -> None:
    boxes = _screen(
        Node("document", "Ada - Mail", Box(0, 0, 1000, 800), 0, redacted=True),
        Node("link", "Home", Box(100, 400, 200, 420), 1),
    )
    assert boxes[1] == (1000, 5000, 2000, 5250)


def _list(*items: tuple[str, str]) -> list[Node]:
    nodes = [Node("document", "", Box(0, 0, 1000, 800), 0)]
    for name, button in items:
        nodes.append(Node("listitem", "", Box(0, 0, 10, 10), 1))
        nodes.append(Node("paragraph", name, Box(0, 0, 10, 10), 2, redacted=True))
        nodes.append(Node("button", button, Box(0, 0, 10, 10), 2))
    return nodes


def test_neighbours_follow_each_other_on_a_line_and_items_stand_below_each_other() -> None:
    boxes = _screen(*_list(("Ada Lovelace", "Reply"), ("Bo Roe", "Reply")))
    assert boxes[1:] == [
        (0, 0, 1270, 225),
        (0, 0, 840, 225),
        (920, 0, 1270, 225),
        (0, 300, 850, 525),
        (0, 300, 420, 525),
        (500, 300, 850, 525),
    ]


def test_cells_begin_at_their_columns() -> None:
    rows = [("Ada Lovelace", "Open"), ("Bo Roe", "Closed")]
    nodes = [Node("document", "", Box(0, 0, 1000, 800), 0), Node("table", "", None, 1)]
    for name, state in rows:
        nodes.append(Node("row", "", None, 2))
        nodes.append(Node("cell", name, None, 3, redacted=True))
        nodes.append(Node("cell", state, None, 3))
    boxes = [box for box in _screen(*nodes)[2:] if box]
    assert boxes == [
        (0, 0, 1240, 225),
        (0, 0, 840, 225),
        (960, 0, 1240, 225),
        (0, 300, 1380, 525),
        (0, 300, 420, 525),
        (960, 300, 1380, 525),
    ]


def _line(*words: str) -> list[Node]:
    names = [Node("link", word, None, 1, redacted=True) for word in words]
    return [Node("document", "", Box(0, 0, 1000, 800), 0), *[Node("img", "", None, 1)] * 5, *names]


@pytest.mark.parametrize(("length", "top"), [(120, 0), (121, 300)])
def test_what_does_not_fit_on_a_line_begins_the_next(length: int, top: int) -> None:
    """Five icons take 5 x 32 px of 1000, so that 840 px are left, 120 letters."""
    assert (_screen(*_line("x" * length))[-1] or ())[1] == top


def test_what_is_wider_than_its_frame_is_as_wide_as_it() -> None:
    assert _screen(*_line("x" * 300))[-1] == (0, 300, UNITS, 525)


@pytest.mark.parametrize(("count", "bottom"), [(33, 9825), (34, UNITS)])
def test_lines_that_are_too_many_for_their_frame_are_lower(count: int, bottom: int) -> None:
    items = [Node("listitem", "Ada", None, 1, redacted=True)] * count
    assert (_screen(Node("document", "", Box(0, 0, 1000, 800), 0), *items)[-1] or ())[3] == bottom


def test_columns_that_are_too_wide_together_shrink_together() -> None:
    table = [
        Node("table", "", None, 1),
        Node("row", "", None, 2),
        *[Node("cell", "x" * 141, None, 3, redacted=True)] * 2,
    ]
    boxes = _screen(Node("document", "", Box(0, 0, 1000, 800), 0), *table)
    assert [box and (box[0], box[2]) for box in boxes[3:]] == [(0, 4960), (5000, 9960)]


@pytest.mark.parametrize(("levels", "left"), [(MOST_LEVELS, 0), (MOST_LEVELS + 1, 320)])
def test_what_is_deeper_than_the_deepest_level_stands_beside_it(levels: int, left: int) -> None:
    groups = [Node("button", "", None, depth) for depth in range(levels)]
    boxes = lay_out([*groups, Node("link", "Ada", Box(0, 0, 9, 9), levels, redacted=True)], SCREEN).boxes
    assert (boxes[-1] or ())[:1] == (left,)


@pytest.mark.parametrize(("top", "is_frame"), [(15.5, True), (16, False)])
def test_a_pane_may_begin_below_a_strip_that_lies_at_the_top_alone(top: float, *, is_frame: bool) -> None:
    boxes = _screen(
        Node("document", "", Box(0, 0, 1000, 800), 0),
        Node("banner", "", Box(0, top, 1000, top + 64), 1),
        Node("complementary", "", Box(700, top + 64, 1000, 800), 1),
        Node("link", "Ada", Box(720, 120, 760, 138), 2, redacted=True),
        Node("link", "Home", Box(100, 400, 200, 420), 1),
    )
    assert (boxes[4] == (1000, 5000, 2000, 5250)) is is_frame


NODES = st.lists(
    st.builds(
        Node,
        st.sampled_from("document main banner table row cell dialog tooltip list listitem link paragraph img".split()),
        st.text("ab ", max_size=9),
        st.none()
        | st.builds(
            lambda x, y, w, h: Box(x, y, x + w, y + h),
            *[st.floats(-50, 1100)] * 2,
            *[st.floats(-1, 1200)] * 2,
        ),
        st.integers(0, 5),
        st.booleans(),
    ),
    max_size=25,
)


@given(NODES)
def test_any_tree_gets_boxes_inside_its_window(nodes: list[Node]) -> None:
    boxes = lay_out(nodes, SCREEN).boxes
    assert len(boxes) == len(nodes)
    for left, top, right, bottom in filter(None, boxes):
        assert 0 <= left < right <= UNITS
        assert 0 <= top < bottom <= UNITS


@given(NODES)
def test_a_laid_out_node_has_its_neighbours_of_the_same_frame_laid_out_too(nodes: list[Node]) -> None:
    """A redacted node without a frame of its own always has a box, wherever the recording had it."""
    boxes = lay_out(nodes, SCREEN).boxes
    if any(node.box for node in nodes):
        assert all(
            box
            for node, box in zip(nodes, boxes, strict=True)
            if node.redacted and node.role in {"cell", "link", "img"}
        )


def test_what_is_inside_of_a_float_sizes_it_and_all_floats_around() -> None:
    page = [Node("document", "", Box(0, 0, 1000, 800), 0), Node("link", "Home", Box(100, 400, 200, 420), 1)]
    boxes = [Box(300, 300, 700, 500), Box(320, 320, 680, 480)]
    floats = [Node("dialog", "", box, depth) for depth, box in enumerate(boxes, 1)]
    layout = lay_out([*page, *floats, Node("link", "A", Box(330, 330, 400, 348), 3, redacted=True)], SCREEN)
    assert layout.moved == {2, 3, 4}
    assert layout.boxes[1] == (1000, 5000, 2000, 5250)


def test_the_nodes_that_were_laid_out_again_are_told() -> None:
    assert lay_out(_split(304, 304), SCREEN).moved == {1, 2}


def test_a_tree_of_any_depth_is_laid_out() -> None:
    deep = [Node("group", "", None, depth) for depth in range(50 * MOST_LEVELS)]
    boxes = _screen(Node("document", "", Box(0, 0, 1000, 800), 0), *deep, Node("link", "A", None, 9, redacted=True))
    assert all(boxes)
