from hypothesis import given
from hypothesis import strategies as st

from keyveil.records import Node
from keyveil.wireframe.paint_order import paint_order, shown_names


def nodes(*depths: int, names: str = "") -> list[Node]:
    return [
        Node(role="button", name=f"name {word}" if (word := names[place : place + 1].strip()) else None, value=None,
             box=None, depth=depth, states=())
        for place, depth in enumerate(depths)
    ]  # fmt: skip


def test_parents_come_first_and_the_first_sibling_last() -> None:
    assert list(paint_order(nodes(0, 1, 1, 0))) == [3, 0, 2, 1]
    assert list(paint_order(nodes(0, 1, 2, 2, 1))) == [0, 4, 1, 3, 2]
    assert list(paint_order([])) == []


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
