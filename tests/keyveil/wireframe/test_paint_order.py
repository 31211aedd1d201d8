import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyveil.records import Box, Node
from keyveil.wireframe.paint_order import list_layers, opened_lines, paint_order, shown_names


def nodes(*depths: int, names: str = "") -> list[Node]:
    return [
        Node(role="button", name=f"name {word}" if (word := names[place : place + 1].strip()) else None, value=None,
             box=None, depth=depth, states=())
        for place, depth in enumerate(depths)
    ]  # fmt: skip


def node(role: str, depth: int, box: tuple[int, int, int, int]) -> Node:
    return Node(role=role, name=None, value=None, box=Box(*box), depth=depth, states=())


def test_the_window_that_is_listed_first_is_painted_last_and_parents_before_their_children() -> None:
    assert paint_order(nodes(0, 1, 1, 0)) == [3, 0, 1, 2]
    assert paint_order(nodes(0, 1, 2, 2, 1)) == [0, 1, 2, 3, 4]
    assert paint_order([]) == []


def test_a_small_node_is_painted_over_a_large_one_whatever_their_order() -> None:
    small, large = node("button", 1, (0, 0, 10, 10)), node("region", 1, (0, 0, 100, 100))
    window = node("window", 0, (0, 0, 200, 200))
    assert paint_order([window, small, large]) == [0, 2, 1]
    assert paint_order([window, large, small]) == [0, 1, 2]


@pytest.mark.parametrize("role", ["dialog", "alertdialog", "menu", "tooltip", "listbox"])
def test_an_overlay_and_what_is_in_it_are_painted_after_smaller_nodes(role: str) -> None:
    window, overlay = node("window", 0, (0, 0, 200, 200)), node(role, 1, (0, 0, 100, 100))
    inside, beside = node("button", 2, (0, 0, 50, 50)), node("button", 1, (0, 0, 10, 10))
    tree = [window, overlay, inside, beside]
    assert list_layers(tree) == [0, 1, 1, 0]
    assert paint_order(tree) == [0, 3, 1, 2]


def test_a_line_of_an_open_list_is_an_overlay_and_the_line_in_the_field_is_none() -> None:
    field = node("combobox", 0, (0, 100, 50, 130))
    for top, layer in ((100, 0), (85, 0), (84, 1), (114, 0), (115, 1)):
        for role in ("listitem", "option"):
            tree = [field, node(role, 1, (0, top, 50, top + 30))]
            assert list_layers(tree) == [0, layer]
            assert opened_lines(tree) == [False, bool(layer)]
    assert list_layers([field, node("button", 1, (0, 0, 50, 30))]) == [0, 0]
    assert list_layers([node("list", 0, (0, 100, 50, 130)), node("listitem", 1, (0, 0, 50, 30))]) == [0, 0]


def test_nodes_whose_parent_is_missing_are_painted_too() -> None:
    assert sorted(paint_order(nodes(2, 1, 0, 3))) == [0, 1, 2, 3]


@given(st.lists(st.integers(0, 5), max_size=30))
def test_every_node_is_painted_once_and_before_its_descendants(depths: list[int]) -> None:
    order = list(paint_order(nodes(*depths)))
    assert sorted(order) == list(range(len(depths)))
    painted = {place: number for number, place in enumerate(order)}
    for place, depth in enumerate(depths):
        for below in range(place + 1, len(depths)):
            if depths[below] <= depth:
                break
            assert painted[place] < painted[below]


def test_a_container_is_named_only_where_no_descendant_is() -> None:
    assert shown_names(nodes(0, 1, 2, 0, 1, names="ab c ")) == [False, True, False, True, False]
    silent = [Node(role="group", name="Tools", value=None, box=None, depth=0, states=())]
    assert shown_names(silent) == [False]


@given(st.lists(st.tuples(st.integers(0, 4), st.booleans()), max_size=30))
def test_a_shown_name_has_no_named_node_below_it(tree: list[tuple[int, bool]]) -> None:
    made = nodes(*(depth for depth, _ in tree), names="".join("x" if named else " " for _, named in tree))
    for place, shown in enumerate(shown_names(made)):
        if shown:
            below = []
            for later in made[place + 1 :]:
                if later.depth <= made[place].depth:
                    break
                below.append(later.name)
            assert not any(below)


def test_a_field_is_not_named_where_a_text_lies_in_it() -> None:
    for box, shown in (
        ((10, 10, 90, 20), False),
        ((0, 0, 100, 30), False),
        ((0, 0, 101, 30), True),
        ((0, 0, 100, 31), True),
    ):
        text = Node(role="paragraph", name="Search", value=None, box=Box(*box), depth=1, states=())
        field = Node(role="searchbox", name="Search box", value=None, box=Box(0, 0, 100, 30), depth=1, states=())
        assert shown_names([text, field])[1] is shown
