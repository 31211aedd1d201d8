import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from schemas.safe import EVENTS_SCHEMA, SafeSessions
from schemas.vocabulary import ACTIONS, PLACES, RELEASED_KINDS
from transforms.dataset.coverage import (
    DIRECTION,
    FOCUS,
    NAMED,
    NODE,
    PLACE,
    POINTER,
    SCROLL,
    count_coverage,
    tally_coverage,
)

Row = dict[str, object]


def table_of(*rows: Row) -> pa.Table:
    return pa.Table.from_pylist(list(rows), EVENTS_SCHEMA)


def nonzero(*rows: Row) -> dict[str, int]:
    return {name: number for name, number in count_coverage(table_of(*rows)).items() if number}


def test_a_pointer_row_counts_once_by_its_place_and_once_for_its_node() -> None:
    click = {"kind": "pointer", "action": "click"}
    for place in PLACES:
        assert nonzero(click | {"place": place}) == {POINTER: 1, PLACE[place]: 1}
    assert nonzero(click | {"place": "node", "node": 0}) == {POINTER: 1, PLACE["node"]: 1, NODE: 1}
    assert nonzero(click) == {POINTER: 1}


def test_a_scroll_has_a_direction_if_it_moved_and_has_a_place() -> None:
    scroll = {"kind": "pointer", "action": "scroll", "place": "cell"}
    still = {POINTER: 1, SCROLL: 1, PLACE["cell"]: 1}
    for moved in ({"dx": 1, "dy": 0}, {"dx": 0, "dy": -1}, {"dy": 30}, {"dx": -3}):
        assert nonzero(scroll | moved) == still | {DIRECTION: 1}
    assert nonzero(scroll | {"dx": 0, "dy": 0}) == nonzero(scroll) == still
    assert nonzero(scroll | {"place": None, "dx": 120, "dy": 0}) == {POINTER: 1, SCROLL: 1}
    assert DIRECTION not in nonzero(scroll | {"action": "drag", "dx": 1})


def test_a_window_is_named_unless_its_application_is_other_private_or_missing() -> None:
    assert nonzero({"kind": "focus", "app": "Microsoft Word"}) == {FOCUS: 1, NAMED: 1}
    for app in ("other", "private", None):
        assert nonzero({"kind": "focus", "app": app}) == {FOCUS: 1}


def test_rows_of_other_kinds_count_nowhere() -> None:
    full: Row = {"action": "scroll", "place": "node", "node": 1, "dx": 1, "dy": 1, "app": "Firefox"}
    for kind in RELEASED_KINDS - {"pointer", "focus"}:
        assert nonzero(full | {"kind": kind}) == {}


ROWS = st.lists(
    st.fixed_dictionaries(
        {
            "kind": st.sampled_from(sorted(RELEASED_KINDS)),
            "action": st.none() | st.sampled_from(sorted(ACTIONS)),
            "place": st.none() | st.sampled_from(sorted(PLACES)),
            "node": st.none() | st.integers(0, 3),
            "dx": st.none() | st.integers(-1, 1),
            "dy": st.none() | st.integers(-1, 1),
            "app": st.none() | st.sampled_from(["other", "private", "Firefox"]),
        }
    ),
    max_size=8,
)


@given(ROWS, ROWS)
def test_coverage_adds_up_over_parts_and_no_part_exceeds_its_whole(first: list[Row], second: list[Row]) -> None:
    both = count_coverage(table_of(*first, *second))
    one, two = (count_coverage(table_of(*rows)) for rows in (first, second))
    assert all(both[name] == one[name] + two[name] for name in both)
    assert both[NODE] <= both[POINTER]
    assert sum(both[tally] for tally in PLACE.values()) <= both[POINTER]
    assert both[DIRECTION] <= both[SCROLL] <= both[POINTER]
    assert both[NAMED] <= both[FOCUS]


def test_every_name_is_tallied_even_where_nothing_counts() -> None:
    names = {POINTER, NODE, SCROLL, DIRECTION, FOCUS, NAMED, *PLACE.values()}
    assert dict(tally_coverage(SafeSessions(table_of()))) == dict.fromkeys(names, 0)
