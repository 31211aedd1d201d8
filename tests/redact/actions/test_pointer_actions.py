from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.redact.actions.pointer_actions import PointerAction, PointerEvent, main_way, reduce_pointer

DOWN, UP, CLICK, DRAG, SCROLL = "down", "up", "click", "drag", "scroll"


def event(action: str, **changes: Any) -> PointerEvent:
    plain = {"at": (1.0, 1.0), "button": "left", "way": (0.0, 0.0), "target": 0, "stretch": 0, "keys": 0, "others": 0}
    return PointerEvent(**{"row": -1, "action": action, **plain, **changes})


def reduce(*events: PointerEvent | str) -> tuple[list[PointerAction], list[int]]:
    made = [event(item) if isinstance(item, str) else item for item in events]
    parts = list(reduce_pointer([replace(item, row=row) for row, item in enumerate(made)]))
    return [action for done, _ in parts for action in done], [row for _, loose in parts for row in loose]


def told(*events: PointerEvent | str) -> list[tuple[str, list[int]]]:
    return [(action.action, action.rows) for action in reduce(*events)[0]]


@pytest.mark.parametrize(
    ("events", "actions"),
    [
        ((DOWN, UP), [("click", [0, 1])]),
        ((DOWN, UP, CLICK), [("click", [0, 1, 2])]),
        ((DOWN, CLICK, UP), [("click", [0, 1, 2])]),
        ((CLICK, CLICK), [("click", [0]), ("click", [1])]),
        ((DOWN, UP, CLICK, CLICK), [("click", [0, 1, 2]), ("click", [3])]),
        ((DOWN, UP, DOWN, UP), [("click", [0, 1]), ("click", [2, 3])]),
        ((DOWN, DOWN, UP), [("click", [0]), ("click", [1, 2])]),
        ((DOWN,), [("click", [0])]),
        ((DOWN, UP, CLICK, DOWN, UP, CLICK, "double_click"), [("double_click", [0, 1, 2, 3, 4, 5, 6])]),
        ((DOWN, UP, "double_click", UP), [("double_click", [0, 1, 2, 3])]),
        ((DOWN, UP, "double_click", UP, "triple_click", UP), [("triple_click", [0, 1, 2, 3, 4, 5])]),
        (("double_click",), [("double_click", [0])]),
        ((CLICK, CLICK, CLICK, "double_click"), [("click", [0]), ("double_click", [1, 2, 3])]),
        ((SCROLL, SCROLL), [("scroll", [0, 1])]),
        ((SCROLL, CLICK, SCROLL), [("scroll", [0]), ("click", [1]), ("scroll", [2])]),
    ],
)
def test_events_become_actions(events: tuple[str, ...], actions: list[tuple[str, list[int]]]) -> None:
    assert told(*events) == actions


def test_a_release_without_a_press_is_no_action() -> None:
    (action,), loose = reduce(UP, event(DOWN, button="right"), UP)
    assert (action.rows, action.end, loose) == ([1], None, [0, 2])


def test_a_button_that_a_recorder_leaves_out_is_that_of_the_other_events() -> None:
    (action,), loose = reduce(event(DOWN, button=None), event(CLICK, button="right"), event(UP, button=None))
    assert (action.button, action.rows, loose) == ("right", [0, 1, 2], [])


def test_samples_of_a_drag_are_part_of_its_press() -> None:
    (action,), _ = reduce(event(DOWN, at=(1, 1)), event(DRAG, at=(2, 2)), event(UP, at=(9, 9)))
    assert (action.rows, action.first.at, action.end) == ([0, 1, 2], (1, 1), (9, 9))
    (action,), _ = reduce(event(DRAG, at=(2, 2)), event(DRAG, at=(5, 5)))
    assert (action.rows, action.first.at, action.end) == ([0, 1], (2, 2), (5, 5))


@pytest.mark.parametrize(
    ("second", "merged"),
    [
        ({}, True),
        ({"way": (0.0, 500.0)}, True),
        ({"way": (30.0, 40.0)}, True),  # a finger slips
        ({"way": (50.0, 40.0)}, False),
        ({"way": (0.0, -1.0)}, False),
        ({"way": (0.0, 0.0)}, True),
        ({"target": 1}, False),
        ({"others": 1}, False),
        ({"stretch": 1}, False),
        ({"at": (900.0, 2.0)}, True),
    ],
)
def test_scrolls_of_one_way_with_nothing_between_are_one(second: dict[str, Any], merged: bool) -> None:
    first = {"way": (0.0, 100.0)}
    assert len(told(event(SCROLL, **first), event(SCROLL, **first | second))) == (1 if merged else 2)


def test_a_run_of_scrolls_is_as_long_as_its_parts() -> None:
    (action,), _ = reduce(*(event(SCROLL, way=(slip, 40.0)) for slip in (0.0, 3.0, -2.0)))
    assert action.way == (0.0, 120.0)


@pytest.mark.parametrize("change", [{"keys": 1}, {"stretch": 1}, {"button": "right"}])
def test_clicks_with_a_key_between_are_no_double_click(change: dict[str, Any]) -> None:
    assert told(CLICK, event("double_click", **change)) == [("click", [0]), ("double_click", [1])]


EVENTS = st.builds(
    event,
    st.sampled_from([DOWN, UP, CLICK, DRAG, SCROLL, "double_click", "triple_click"]),
    button=st.sampled_from(["left", "right", None]),
    way=st.tuples(st.sampled_from([-5.0, 0.0, 5.0]), st.sampled_from([-5.0, 0.0, 5.0])),
)


@given(st.lists(EVENTS, max_size=12))
def test_every_event_is_in_one_action_or_loose(events: list[PointerEvent]) -> None:
    actions, loose = reduce(*events)
    assert sorted([row for action in actions for row in action.rows] + loose) == list(range(len(events)))
    assert all(action.rows == sorted(action.rows) and action.first.row == action.rows[0] for action in actions)
    assert [action.rows[0] for action in actions] == sorted(action.rows[0] for action in actions)


@pytest.mark.parametrize(
    ("way", "kept"), [((3.0, -40.0), (0.0, -40.0)), ((-40.0, 3.0), (-40.0, 0.0)), ((2.0, 2.0), (0.0, 2.0))]
)
def test_of_a_scroll_its_longer_axis_is_kept_alone(way: tuple[float, float], kept: tuple[float, float]) -> None:
    assert main_way(way) == kept
