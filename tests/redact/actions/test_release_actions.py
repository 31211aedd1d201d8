"""One row an action, in released boxes, whatever the hand did on the way."""

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from schemas.entities import EntityType
from tests.support.pages import LAYOUTS, WINDOW, Page, draw
from transforms.redact.actions.targets import find_smallest
from transforms.redact.results import RedactionResult
from transforms.redact.screens.boxes import Box
from transforms.redact.screens.trees import Node
from transforms.redact.settings import RedactSettings

Row = dict[str, Any]
Run = Callable[..., RedactionResult]

DISPLAY = {"x": 0, "y": 0, "width": 1000, "height": 500, "scale": 1}
BUTTON, LINK = ({"x": x, "y": 100, "width": 100, "height": 20} for x in (100, 300))
BUTTON_UNITS = {"left": 1000, "top": 2000, "right": 2000, "bottom": 2400}


def node(role: str, name: str, bounds: Row, depth: int = 1, **more: Any) -> Row:
    return {"role": role, "name": name, "bounds": bounds, "depth": depth, **more}


HEAD: list[Row] = [{"kind": "session", "screens": [DISPLAY]}, {"kind": "focus", "app": "mail", "title": "t"}]
TREE = {
    "kind": "screen",
    "source": "a11y",
    "text": "button 'Send'\nlink 'Help'",
    "nodes": [node("document", "", DISPLAY, 0), node("button", "Send", BUTTON), node("link", "Help", LINK)],
}


def at(action: str, x: float = 150, y: float = 110, **more: Any) -> Row:
    return {"kind": "pointer", "action": action, "x": x, "y": y, "button": "left", **more}


def press(x: float = 150, y: float = 110, **more: Any) -> list[Row]:
    return [at("down", x, y, **more), at("up", x, y)]


def pointers(result: RedactionResult) -> list[Row]:
    return [row for row in result.sessions.table.to_pylist() if row["kind"] == "pointer"]


def test_a_click_is_one_row_with_its_node_and_no_position(redact: Run) -> None:
    result = redact([*HEAD, TREE, at("move"), *press(), at("click")], {})
    (click,) = pointers(result)
    assert (click["action"], click["place"], click["node"], click["role"]) == ("click", "node", 1, "button")
    assert click["box"] == BUTTON_UNITS
    assert (click["x"], click["y"], click["dx"], click["dy"], click["to_box"]) == (None,) * 5
    assert click["modifiers"] == []
    counts = dict(result.tally)
    # header, move, release and click are merged
    assert (counts["outcome.kept"], counts["outcome.merged"]) == (3, 4)


def test_a_trace_names_the_events_of_an_action(redact: Run) -> None:
    result = redact([*HEAD, at("move"), *press(), at("move"), at("click"), at("up")], {})
    assert result.sessions.trace is not None
    assert [row["source_seqs"] for row in result.sessions.trace.to_pylist()] == [[1], [3, 4, 6]]
    assert dict(result.tally)["outcome.suppressed"] == 1


def test_a_drag_has_two_boxes(redact: Run) -> None:
    (drag,) = pointers(redact([*HEAD, TREE, at("down"), at("drag", 200), at("drag", 250), at("up", 350)], {}))
    assert (drag["action"], drag["box"]) == ("drag", BUTTON_UNITS)
    assert drag["to_box"] == {"left": 3000, "top": 2000, "right": 4000, "bottom": 2400}


def test_a_press_that_ends_in_the_same_box_is_a_click(redact: Run) -> None:
    (click,) = pointers(redact([*HEAD, TREE, at("down", 101), at("drag", 150), at("up", 199)], {}))
    assert (click["action"], click["to_box"]) == ("click", None)


@pytest.mark.parametrize(
    ("ways", "released"),
    [
        ([(0, 100)], (0, 1)),
        ([(0, 100)] * 3, (0, 3)),
        ([(0, -120)] * 8, (0, -10)),
        ([(500, 3)], (3, 0)),
        ([(0, 0)], (0, 0)),
        ([(None, None)], (0, 0)),
        ([(0, 100_000)], (0, 30)),
    ],
)
def test_scrolls_keep_their_way(redact: Run, ways: list[tuple[float, float]], released: tuple[int, int]) -> None:
    (scroll,) = pointers(redact([*HEAD, *(at("scroll", dx=dx, dy=dy) for dx, dy in ways)], {}))
    assert (scroll["dx"], scroll["dy"]) == released


@pytest.mark.parametrize(
    ("between", "known"),
    [
        ([], True),
        ([at("scroll", dy=100)], False),
        ([{"kind": "focus", "app": "mail", "title": "u"}], True),
        ([{"kind": "focus", "app": "chat", "title": "t"}], False),
    ],
)
def test_a_screen_is_that_of_a_click_until_it_is_scrolled_or_left(redact: Run, between: list[Row], known: bool) -> None:
    click = pointers(redact([*HEAD, TREE, *between, *press()], {}))[-1]
    assert (click["node"] == 1) is known


def test_modifiers_are_those_held_when_the_button_goes_down(redact: Run) -> None:
    def key(name: str, action: str) -> Row:
        return {"kind": "key", "action": action, "key": name, "code": f"{name}Left", "modifiers": []}

    rows = [key("Control", "down"), *press(), key("Shift", "down"), *press(), key("Control", "up"), *press()]
    clicks = pointers(redact([*HEAD, *rows, key("Shift", "up"), *press(), key("Alt", "down"), *press()], {}))
    assert [row["modifiers"] for row in clicks] == [["Control"], ["Control", "Shift"], ["Shift"], [], []]


def test_an_element_whose_name_is_hidden_is_a_cell(redact: Run) -> None:
    target = {"role": "link", "name": "Ada Marwick", "bounds": {"x": 140, "y": 100, "width": 83, "height": 20}}
    shown, hidden = (
        pointers(redact([*HEAD, *press(target=target)], finds))[0] for finds in ({}, {"Ada Marwick": EntityType.PERSON})
    )
    assert (shown["place"], shown["box"]["right"] - shown["box"]["left"]) == ("element", 830)
    assert (hidden["place"], hidden["box"]["right"] - hidden["box"]["left"]) == ("cell", 800)


@pytest.mark.parametrize("since", [[at("scroll", dx=0.0, dy=100.0)], [{"kind": "focus", "app": "chat", "title": "t"}]])
def test_an_element_is_a_cell_where_the_screen_is_unknown_and_one_of_the_session_hides_a_text(
    redact: Run, since: list[Row]
) -> None:
    target = {"role": "link", "name": "Reply", "bounds": {"x": 141, "y": 100, "width": 83, "height": 20}}
    nodes = [node("document", "", DISPLAY, 0), node("link", "Ada Marwick", BUTTON), node("link", "Reply", LINK)]
    tree = TREE | {"nodes": nodes, "text": "link 'Ada Marwick'\nlink 'Reply'"}
    rows = [*HEAD, tree, *since, *press(target=target)]
    shown, hidden = (pointers(redact(rows, finds))[-1] for finds in ({}, {"Ada Marwick": EntityType.PERSON}))
    assert (shown["place"], shown["box"]["left"]) == ("element", 1410)
    assert (hidden["place"], hidden["box"]["right"] - hidden["box"]["left"]) == ("cell", 800)


def test_a_target_in_a_frame_that_is_laid_out_again_has_the_box_of_its_released_node(redact: Run) -> None:
    released = []
    for name, width in (("Ada Marwick", 110), ("Bo", 20)):
        moved = {"x": 100 + width, "y": 100, "width": 60, "height": 20}
        nodes = [node("document", "", DISPLAY, 0), node("link", name, {**BUTTON, "width": width})]
        tree = TREE | {"nodes": [*nodes, node("link", "Help", moved)], "text": f"link '{name}'\nlink 'Help'"}
        finds = {name: EntityType.PERSON}
        result = redact(
            [*HEAD, tree, *press(100 + width + 30, target={"role": "link", "name": "Help", "bounds": moved})], finds
        )
        (click,) = pointers(result)
        shown = next(row for row in result.sessions.table.to_pylist() if row["nodes"])["nodes"][click["node"]]
        assert click["box"] == {edge: shown[edge] for edge in ("left", "top", "right", "bottom")}
        assert (click["place"], click["node"]) == ("element", 2)
        released.append(click["box"]["top"])
    assert released[0] == released[1]


def test_windows_are_of_the_public_list(redact: Run) -> None:
    focus = {"kind": "focus", "app": "a", "title": "t", "window": {"x": 3, "y": 4, "width": 1366, "height": 728}}
    table = redact([*HEAD, focus, TREE], {}).sessions.table
    assert table["window"].to_pylist() == [{"width": 800, "height": 600}, {"width": 1280, "height": 720}, None]


OFFSETS = st.tuples(st.floats(0, 99.9), st.floats(0, 19.9))


@st.composite
def hands(draw: st.DrawFn) -> list[Row]:
    """The same actions by any hand: a click, a drag, a scroll and a double click."""

    def point(box: Row) -> tuple[float, float]:
        x, y = draw(OFFSETS)
        return box["x"] + x, box["y"] + y

    def way() -> list[Row]:
        return [at("move", *point(DISPLAY)) for _ in range(draw(st.integers(0, 3)))]

    rows = [*HEAD, TREE, *way(), at("down", *point(BUTTON)), *way(), at("up", *point(BUTTON)), *way()]
    rows += [at("down", *point(BUTTON)), *way()]
    rows += [at("drag", *point(DISPLAY)) for _ in range(draw(st.integers(0, 3)))]
    rows += [at("up", *point(LINK)), *way(), *press(*point(BUTTON)), *press(*point(BUTTON)), at("double_click"), *way()]
    for _ in range(draw(st.integers(2, 5))):
        rows += [at("scroll", *point(BUTTON), dx=draw(st.floats(-9, 9)), dy=draw(st.floats(60, 170))), *way()]
    gaps = [draw(st.integers(0, 10**6)) for _ in rows]
    return [{**row, "t_us": sum(gaps[: number + 1])} for number, row in enumerate(rows)]


@settings(max_examples=60, deadline=None)
@given(hands(), hands())
def test_nothing_of_the_hand_is_released(redact: Run, one: list[Row], other: list[Row]) -> None:
    first, second = (result.sessions.table.drop_columns(["t_us"]) for result in (redact(one, {}), redact(other, {})))
    notches = [row["dy"] for table in (first, second) for row in table.to_pylist() if row["dy"]]
    assert set(notches) <= {1, 3, 10}
    assert _plain(first) == _plain(second)


def _plain(table: pa.Table) -> list[Row]:
    """The rows without how far was scrolled, which is told in steps."""
    return [row | {"dy": row["dy"] and 1} for row in table.to_pylist()]


@pytest.mark.parametrize("layout", LAYOUTS)
@settings(max_examples=40)
@given(share=st.floats(0.01, 0.99), data=st.data())
def test_clicks_on_pages_that_differ_in_a_hidden_name_and_all_that_it_moves_are_released_alike(
    redact: Run, layout: Callable[[Page], None], share: float, data: st.DataObject
) -> None:
    """The same thing is clicked in both worlds, as a node, as the recorder's element, or as one that is no node."""
    names = ["Ada", "Maximilian Oyelaran"]
    pages = [draw(layout, [name], [name]) for name in names]
    number = data.draw(st.integers(0, len(pages[0]) - 1))
    told, listed = data.draw(st.booleans()), data.draw(st.booleans())
    worlds, seen = [], []
    for nodes in pages:
        box = nodes[number].box
        assume(box is not None)
        place = box.left + box.width * share, box.top + box.height * share
        shown = nodes if listed else _leave_out(nodes, number)
        seen.append([find_smallest(*place, [item.box for item in items]) for items in (nodes, shown)])
        tree = [node(item.role, item.words, item.box and _bounds(item.box), item.depth) for item in shown]
        target = {"role": nodes[number].role, "name": nodes[number].words, "bounds": _bounds(box)} if told else None
        text = "\n".join(item.words for item in nodes)
        screen = {"kind": "screen", "source": "a11y", "text": text, "nodes": tree}
        header = {"kind": "session", "screens": [_bounds(WINDOW) | {"scale": 1}]}
        result = redact(
            [header, screen, *press(*place, target=target)], dict.fromkeys(names, EntityType.PERSON), MARKED
        )
        worlds.append(result.sessions.table.to_pylist())
    assume(seen[0] == seen[1] and seen[0][0] == number)
    assert worlds[0] == worlds[1]


def _leave_out(nodes: Sequence[Node], number: int) -> list[Node]:
    """Leave a node out as a recorder does: what was inside of it is inside of its parent."""
    end = number + 1
    while end < len(nodes) and nodes[end].depth > nodes[number].depth:
        end += 1
    return [
        item._replace(depth=item.depth - 1) if number < at_ < end else item
        for at_, item in enumerate(nodes)
        if at_ != number
    ]


MARKED = RedactSettings(treatments={"PERSON": "placeholder"})


def _bounds(box: Box) -> Row:
    return {"x": box.left, "y": box.top, "width": box.width, "height": box.height}
