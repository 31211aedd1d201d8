"""Nodes that were laid out again stand where screens that were not have them."""

import pickle
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyveil.records import Box, Node
from keyveil.training import places as learned
from keyveil.training.action import Action
from keyveil.training.placed_actions import place_action
from keyveil.training.places import Places, find_parents, learn_places, move_box
from keyveil.training.screen import Screen
from schemas.safe import BOX_UNITS

PAGE = (0, 0, 10_000, 10_000)


def node(role: str, depth: int, box: tuple[int, int, int, int] | None, name: str = "") -> Node:
    return Node(role=role, name=name, value=None, box=box and Box(*box), depth=depth, states=())


def screen(*nodes: Node, replaced: tuple[int, ...] = (), app: str | None = "mail") -> Screen:
    return Screen(seq=0, nodes=nodes, app=app, replaced=frozenset(replaced), is_replaced=bool(replaced))


def inbox(*names: str, right: int = 9_000, replaced: tuple[int, ...] = (), high: int = 1_000) -> Screen:
    """Show lines of a name and a button, the button at ``right``."""
    nodes = [node("list", 0, PAGE)]
    for row, name in enumerate(names):
        top = row * high
        nodes.append(node("listitem", 1, (0, top, 10_000, top + high)))
        nodes.append(node("paragraph", 2, (0, top, 100 * len(name), top + high), name))
        nodes.append(node("button", 2, (right, top, right + 500, top + high), "Reply"))
    return screen(*nodes, replaced=replaced)


def boxes(shown: Screen) -> list[tuple[int, int, int, int] | None]:
    return [node.box and (node.box.left, node.box.top, node.box.right, node.box.bottom) for node in shown.nodes]


def test_nodes_stand_where_a_similar_screen_has_them_with_their_own_words() -> None:
    places = learn_places([inbox("Monday", "Tuesday")])
    placed = places.place(inbox("Ada", "Bo", right=400, replaced=(2,), high=300))
    assert boxes(placed) == boxes(inbox("Monday", "Tuesday"))
    assert [node.name for node in placed.nodes] == ["", "", "Ada", "Reply", "", "Bo", "Reply"]


def test_a_screen_without_replacements_stays() -> None:
    shown = inbox("Ada", right=400)
    assert learn_places([inbox("Monday")]).place(shown) is shown
    assert learn_places([inbox("Monday")]).place(replace(shown, is_replaced=True)).is_placed


@pytest.mark.parametrize("app", [None, "chat"])
def test_screens_of_another_application_place_nothing(app: str | None) -> None:
    shown = replace(inbox("Ada", right=400, replaced=(2,)), app=app)
    assert learn_places([inbox("Monday")]).place(shown) is shown


def test_screens_with_a_replacement_or_without_boxes_teach_nothing() -> None:
    text_only = replace(inbox("Ada", right=400), is_replaced=True)
    places = learn_places([inbox("Ada", right=400, replaced=(2,)), text_only, screen(node("list", 0, None))])
    shown = inbox("Ada", right=400, replaced=(2,))
    assert places.place(shown) is shown


@pytest.mark.parametrize(("most", "expected"), [(11, 6_000), (10, 5_000)])
def test_no_more_nodes_than_agreed_are_remembered(monkeypatch: pytest.MonkeyPatch, most: int, expected: int) -> None:
    monkeypatch.setattr(learned, "MOST_NODES", most)
    known = [inbox("Monday", right=5_000), inbox("Monday", "Tuesday", right=6_000)]
    assert [len(page.nodes) for page in known] == [4, 7]
    placed = learn_places(known).place(inbox("Ada", "Bo", right=400, replaced=(2,)))
    assert (boxes(placed)[3] or ())[0] == expected


def hide(shown: Screen, place: int) -> Screen:
    nodes = list(shown.nodes)
    nodes[place] = replace(nodes[place], box=None)
    return replace(shown, nodes=tuple(nodes))


def test_a_node_that_the_similar_screen_does_not_show_has_no_box_unless_something_was_done_on_it() -> None:
    places = learn_places([hide(inbox("Monday", "Tuesday", high=2_000), 6)])
    shown = inbox("Ada", "Bo", right=400, replaced=(2,))
    assert boxes(places.place(shown))[6] is None
    assert boxes(places.place(shown, seen={5}))[6] is None
    assert boxes(places.place(shown, seen={6})) == [*boxes(places.place(shown))[:6], (400, 2_000, 900, 4_000)]


def test_a_node_that_the_similar_screen_does_not_have_moves_with_what_is_around_it() -> None:
    page = screen(node("list", 0, (0, 0, 1_000, 1_000)), *[node("link", 1, (0, 0, 500, 500))] * 2, replaced=(1,))
    more = replace(page, nodes=(*page.nodes, node("cell", 1, (500, 0, 700, 500)), node("img", 2, (500, 0, 600, 250))))
    known = screen(node("list", 0, (2_000, 0, 4_000, 4_000)), *[node("link", 1, (3_000, 0, 3_100, 100))] * 2)
    placed = learn_places([known]).place(more)
    assert boxes(placed) == [*boxes(known), (3_000, 0, 3_400, 2_000), (3_000, 0, 3_200, 1_000)]
    unseen = learn_places([hide(known, 0)]).place(more)
    assert boxes(unseen) == [None, *boxes(known)[1:], *boxes(more)[3:]]
    assert boxes(learn_places([known]).place(hide(more, 4)))[4] is None


@pytest.mark.parametrize(("more", "is_placed"), [(1, True), (2, False)])
def test_a_screen_is_placed_by_one_that_has_half_of_the_nodes_of_both(*, more: int, is_placed: bool) -> None:
    both = [node("link", 0, (0, 0, 9, 9)), node("link", 0, (0, 9, 9, 18))]
    shown = screen(*both, *[node("img", 0, (0, 20, 9, 30))] * more, replaced=(0,))
    placed = learn_places([screen(*both, node("cell", 0, (5, 5, 9, 9)))]).place(shown)
    assert placed.is_placed is is_placed
    assert (placed is shown) is not is_placed


def test_the_screen_that_shares_the_largest_part_of_all_nodes_counts_and_of_equal_ones_the_first() -> None:
    known = [inbox(*["Monday"] * count, right=1_000 * count) for count in (1, 6, 3)]
    later = inbox("Monday", "Monday", "Monday", right=8_000)
    placed = learn_places([*known, later]).place(inbox("Ada", "Bo", right=100, replaced=(2,)))
    assert (boxes(placed)[3] or ())[0] == 3_000


@pytest.mark.parametrize("first", ["link", "img"])
def test_of_different_screens_that_are_equally_similar_the_first_counts(first: str) -> None:
    page = screen(node("list", 0, PAGE), node("button", 1, (1, 1, 2, 2)), replaced=(1,))
    known = [
        screen(node("list", 0, PAGE), node("button", 1, (edge, 0, 99, 99)), node(role, 1, (0, 0, 9, 9)))
        for edge, role in ((10, first), (20, "cell"))
    ]
    assert (boxes(learn_places(known).place(page))[1] or ())[0] == 10


def test_equal_nodes_elsewhere_in_the_tree_are_others() -> None:
    moved = screen(node("list", 0, PAGE), node("group", 1, PAGE), node("button", 2, (9, 9, 99, 99)))
    shown = screen(
        node("list", 0, PAGE), node("group", 1, (0, 0, 9, 9)), node("button", 1, (1, 1, 2, 2)), replaced=(1,)
    )
    assert boxes(learn_places([moved]).place(shown)) == [PAGE, PAGE, (1, 1, 2, 2)]


def test_no_more_screens_than_agreed_are_remembered_and_equal_ones_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(learned, "MOST_SCREENS", 2)
    known = [inbox("Monday", right=right) for right in (5_000, 5_000)]
    three = [*known, inbox(*["Monday"] * 2, right=6_000), inbox(*["Monday"] * 3, right=7_000)]
    placed = learn_places(three).place(inbox("Ada", "Bo", "Cy", replaced=(2,)))
    assert (boxes(placed)[3] or ())[0] == 6_000


def panes(role: str, box: tuple[int, int, int, int], replaced: tuple[int, ...] = (3,)) -> Screen:
    return screen(
        node("generic", 0, PAGE),
        node(role, 1, box),
        node("button", 2, (box[0], box[1], box[0] + 100, box[1] + 100), "New"),
        node("link", 1, (7_000, 5_000, 8_000, 5_100), "Ada"),
        replaced=replaced,
    )


@pytest.mark.parametrize(
    ("role", "box", "stays"),
    [
        ("navigation", (0, 1_000, 3_000, 9_800), True),
        ("navigation", (0, 1_000, 3_000, 9_799), False),
        ("toolbar", (200, 0, 9_800, 500), True),
        ("toolbar", (201, 0, 9_800, 500), False),
        ("toolbar", (200, 0, 9_799, 500), False),
        ("list", (0, 0, 10_000, 10_000), False),
    ],
)
def test_a_pane_or_strip_without_replacements_keeps_its_places(
    role: str, box: tuple[int, int, int, int], *, stays: bool
) -> None:
    places = learn_places([panes(role, (500, 0, 600, 9_000), replaced=())])
    placed = places.place(panes(role, box))
    assert (boxes(placed)[1:3] == boxes(panes(role, box))[1:3]) is stays
    assert boxes(places.place(panes(role, box, replaced=(2,))))[1] == (500, 0, 600, 9_000)


def test_a_pane_out_of_sight_is_placed_as_the_similar_screen_has_it() -> None:
    shown = panes("navigation", (0, 1_000, 3_000, 9_900))
    shown = replace(shown, nodes=(shown.nodes[0], replace(shown.nodes[1], box=None), *shown.nodes[2:]))
    places = learn_places([panes("navigation", (500, 0, 600, 9_000), replaced=())])
    assert boxes(places.place(shown))[1] == (500, 0, 600, 9_000)


def test_where_the_text_alone_hides_something_no_pane_keeps_its_places() -> None:
    places = learn_places([panes("navigation", (500, 0, 600, 9_000), replaced=())])
    shown = replace(panes("navigation", (0, 1_000, 3_000, 9_900), replaced=()), is_replaced=True)
    assert boxes(places.place(shown))[1] == (500, 0, 600, 9_000)


def test_places_travel_between_processes() -> None:
    places: Places = pickle.loads(pickle.dumps(learn_places([inbox("Monday")])))  # noqa: S301 - its own bytes
    assert boxes(places.place(inbox("Ada", right=1, replaced=(2,)))) == boxes(inbox("Monday"))


def test_an_action_moves_with_its_target() -> None:
    shown = inbox("Ada", right=400, replaced=(2,))
    action = Action(kind="click", at=(650, 500), box=Box(400, 0, 900, 1_000), node=3)
    placed = place_action(action, shown, learn_places([inbox("Monday")]).place(shown))
    assert (placed.at, placed.box) == ((9_250, 500), Box(9_000, 0, 9_500, 1_000))


def test_an_action_on_what_has_no_box_moves_with_what_is_around_it() -> None:
    shown = screen(node("group", 0, (0, 0, 1_000, 1_000)), node("button", 1, (200, 0, 400, 500), "x"))
    placed = replace(shown, nodes=(replace(shown.nodes[0], box=Box(5_000, 0, 6_000, 2_000)), node("button", 1, None)))
    action = Action(kind="click", at=(300, 250), box=Box(200, 0, 400, 500), node=1)
    moved = place_action(action, shown, placed)
    assert (moved.at, moved.box) == ((5_300, 500), Box(5_200, 0, 5_400, 1_000))
    nowhere = replace(placed, nodes=(node("group", 0, None), node("button", 1, None)))
    assert place_action(action, shown, nowhere) == action


def test_an_action_whose_target_the_screen_does_not_list_stays() -> None:
    shown = inbox("Ada", replaced=(2,))
    action = Action(kind="click", at=(300, 250), box=Box(200, 0, 400, 500), node=4)
    assert place_action(action, shown, learn_places([inbox("Monday")]).place(shown)) == action
    elsewhere = replace(action, node=None, at=(9_999, 9_999), box=Box(9_990, 9_990, 10_000, 10_000))
    bare = screen(node("link", 0, (0, 0, 100, 100)))
    assert place_action(elsewhere, bare, bare) == elsewhere
    assert place_action(Action(kind="type", text="x"), shown, shown) == Action(kind="type", text="x")


def test_ends_of_a_drag_move_with_the_smallest_nodes_around_them() -> None:
    shown = screen(node("list", 0, PAGE), node("link", 1, (0, 0, 100, 100)), node("link", 1, (0, 500, 100, 600)))
    there = (PAGE, (1_000, 1_000, 1_100, 1_100), (3_000, 3_000, 3_100, 3_100))
    nodes = [replace(old, box=Box(*box)) for old, box in zip(shown.nodes, there, strict=True)]
    drag = Action(kind="drag", at=(50, 60), box=Box(0, 0, 100, 100), to=(10, 510), to_box=Box(0, 500, 100, 600))
    moved = place_action(drag, shown, replace(shown, nodes=tuple(nodes)))
    assert (moved.at, moved.to) == ((1_050, 1_060), (3_010, 3_010))
    assert moved.to_box == Box(3_000, 3_000, 3_100, 3_100)


def test_a_place_that_rounds_to_the_edge_of_its_moved_box_stays_inside() -> None:
    shown = screen(node("link", 0, (0, 0, 1_000, 1_000)))
    placed = replace(shown, nodes=(node("link", 0, (0, 0, 500, 500)),))
    moved = place_action(Action(kind="click", at=(2, 2), box=Box(0, 0, 3, 3), node=0), shown, placed)
    assert (moved.at, moved.box) == ((0, 0), Box(0, 0, 1, 1))


SIDES = st.tuples(*[st.integers(0, BOX_UNITS - 1)] * 4, *[st.integers(1, BOX_UNITS)] * 2)
BOXES = SIDES.map(lambda s: Box(s[0], s[1], min(s[0] + s[4], BOX_UNITS), min(s[1] + s[5], BOX_UNITS)))


@given(BOXES, BOXES, BOXES, st.integers(0, BOX_UNITS), st.integers(0, BOX_UNITS))
def test_a_moved_place_lies_in_its_moved_box_and_both_in_the_window(
    box: Box, outer: Box, target: Box, right: int, down: int
) -> None:
    shown = screen(node("button", 0, (outer.left, outer.top, outer.right, outer.bottom)))
    placed = replace(shown, nodes=(replace(shown.nodes[0], box=target),))
    at = box.left + right % (box.right - box.left), box.top + down % (box.bottom - box.top)
    moved = place_action(Action(kind="click", at=at, box=box, node=0), shown, placed)
    assert moved.at is not None
    assert moved.box == move_box(box, outer, target)
    assert 0 <= moved.box.left <= moved.at[0] < moved.box.right <= BOX_UNITS
    assert 0 <= moved.box.top <= moved.at[1] < moved.box.bottom <= BOX_UNITS


ROLES = st.sampled_from(["list", "link", "navigation"])


@st.composite
def trees(draw: st.DrawFn, boxes: st.SearchStrategy[Box | None]) -> tuple[Node, ...]:
    nodes: list[Node] = []
    for _ in range(draw(st.integers(1, 8))):
        depth = draw(st.integers(0, nodes[-1].depth + 1 if nodes else 0))
        nodes.append(replace(node(draw(ROLES), depth, None), box=draw(boxes)))
    return tuple(nodes)


@given(trees(BOXES), st.lists(trees(st.none() | BOXES), max_size=3), st.data())
def test_the_target_of_an_action_has_a_box_that_holds_its_place_on_whatever_page(
    nodes: tuple[Node, ...], known: list[tuple[Node, ...]], data: st.DataObject
) -> None:
    target = data.draw(st.integers(0, len(nodes) - 1))
    replaced = frozenset(data.draw(st.sets(st.integers(0, len(nodes) - 1), min_size=1)))
    shown = Screen(seq=0, nodes=nodes, replaced=replaced, is_replaced=True)
    same = tuple(replace(old, box=data.draw(st.none() | BOXES)) for old in nodes)
    places = learn_places(Screen(seq=0, nodes=page) for page in [*known, same[: data.draw(st.integers(1, len(nodes)))]])
    box = nodes[target].box
    assert box is not None
    at = box.left + data.draw(st.integers(0, box.right - box.left - 1)), box.top
    placed = places.place(shown, seen={target})
    action = place_action(Action(kind="click", at=at, box=box, node=target), shown, placed)
    assert action.box == placed.nodes[target].box
    assert action.box is not None
    assert action.at is not None
    assert action.box.left <= action.at[0] < action.box.right
    assert action.box.top <= action.at[1] < action.box.bottom
    assert [replace(new, box=None) for new in placed.nodes] == [replace(old, box=None) for old in nodes]


def test_parents_are_the_last_nodes_above() -> None:
    nodes = [node("group", depth, None) for depth in (0, 1, 2, 1, 0, 1)]
    assert find_parents(nodes) == [None, 0, 1, 0, None, 4]
