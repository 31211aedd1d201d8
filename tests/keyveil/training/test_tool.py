import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyveil.records import Box
from keyveil.training.action import Action, to_pixels
from keyveil.training.tool import TOOL, match_call, tool_call
from tests.keyveil.training.test_formats import ACTIONS, SIZE

SEND = Action(kind="click", at=(5_000, 5_000), box=Box(4_000, 4_000, 6_000, 6_000))
DRAG = Action(
    kind="drag", at=(100, 100), box=Box(0, 0, 1_000, 1_000), to=(5_000, 5_000), to_box=Box(4_000, 0, 6_000, 9_000)
)
SCROLL = replace(SEND, kind="scroll", notches=(0, 3))
TYPE = Action(kind="type", text="two words\n")
KEYS = Action(kind="hotkey", keys=("ctrl", "s"))


@given(ACTIONS)
def test_an_action_matches_its_own_call_and_no_call_of_another_name(action: Action) -> None:
    call: Any = tool_call(action, SIZE)
    assert match_call(action, call, size=SIZE)
    assert match_call(action, json.loads(json.dumps(call)), size=SIZE)
    assert not match_call(action, call | {"action": "cursor_position"}, size=SIZE)
    assert not match_call(action, call | {"more": 1}, size=SIZE)


@given(st.integers(0, 9_998), st.integers(1, 300), st.data())
def test_every_place_that_a_release_may_draw_matches(left: int, wide: int, data: st.DataObject) -> None:
    right = min(left + wide, 10_000)
    box = Box(left, left, right, right)
    drawn = [data.draw(st.integers(left, right - 1)) for _ in "xy"]
    action = Action(kind="click", at=(left, left), box=box)
    call = {"action": "left_click", "coordinate": list(to_pixels((drawn[0], drawn[1]), SIZE))}
    assert match_call(action, call, size=SIZE)


@pytest.mark.parametrize(
    ("action", "call", "expected"),
    [
        (SEND, {"action": "left_click", "coordinate": [400, 200]}, True),
        (SEND, {"action": "left_click", "coordinate": [599, 299]}, True),
        (SEND, {"action": "left_click", "coordinate": (599.5, 299.5)}, True),
        (SEND, {"action": "left_click", "coordinate": [399, 200]}, False),
        (SEND, {"action": "left_click", "coordinate": [400, 199]}, False),
        (SEND, {"action": "left_click", "coordinate": [600, 200]}, False),
        (SEND, {"action": "left_click", "coordinate": [400, 300]}, False),
        (SEND, {"action": "right_click", "coordinate": [500, 250]}, False),
        (SEND, {"action": "left_click", "coordinate": [500, 250], "text": "ctrl"}, False),
        (SEND, {"action": "left_click"}, False),
        (SEND, {"action": "left_click", "coordinate": [500]}, False),
        (SEND, {"action": "left_click", "coordinate": [500, 250, 1]}, False),
        (SEND, {"action": "left_click", "coordinate": ["500", "250"]}, False),
        (SEND, {"action": "left_click", "coordinate": "55"}, False),
        (replace(SEND, box=None), {"action": "left_click", "coordinate": [500, 250]}, True),
        (replace(SEND, box=None), {"action": "left_click", "coordinate": [501, 250]}, False),
        (replace(SEND, at=None), {"action": "left_click", "coordinate": [500, 250]}, False),
        (SEND, "left_click", False),
        (SEND, None, False),
        (DRAG, {"action": "left_click_drag", "start_coordinate": [99, 49], "coordinate": [400, 449]}, True),
        (DRAG, {"action": "left_click_drag", "start_coordinate": [400, 49], "coordinate": [400, 449]}, False),
        (DRAG, {"action": "left_click_drag", "start_coordinate": [99, 49], "coordinate": [99, 49]}, False),
        (SCROLL, {"action": "scroll", "coordinate": [500, 250], "scroll_direction": "down", "scroll_amount": 30}, True),
        (SCROLL, {"action": "scroll", "coordinate": [500, 250], "scroll_direction": "down"}, True),
        (SCROLL, {"action": "scroll", "coordinate": [500, 250], "scroll_direction": "up", "scroll_amount": 3}, False),
        (SCROLL, {"action": "scroll", "coordinate": [700, 250], "scroll_direction": "down", "scroll_amount": 3}, False),
        (TYPE, {"action": "type", "text": " two words"}, True),
        (TYPE, {"action": "type", "text": "two  words"}, False),
        (TYPE, {"action": "type", "text": None}, False),
        (KEYS, {"action": "key", "text": "ctrl+s"}, True),
        (KEYS, {"action": "key", "text": "ctrl+a"}, False),
        (Action(kind="wait", seconds=2.0), {"action": "wait", "duration": 5}, True),
    ],
)
def test_a_call_matches_by_target_way_and_words(action: Action, call: object, expected: bool) -> None:
    assert match_call(action, call, size=SIZE) is expected


@given(ACTIONS)
def test_every_call_is_one_that_the_description_of_the_tool_allows(action: Action) -> None:
    call: Any = tool_call(action, SIZE)
    allowed = TOOL["function"]["parameters"]["properties"]
    types = {"string": str, "array": list, "integer": int, "number": (int, float)}
    for name, value in call.items():
        assert isinstance(value, types[allowed[name]["type"]])
        assert value in allowed[name].get("enum", [value])
