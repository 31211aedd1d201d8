import ast
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from keyveil.records import Box
from keyveil.training.action import POINTED, Action, to_pixels
from keyveil.training.adp import adp_actions
from keyveil.training.describe import describe
from keyveil.training.formats import FORMATS, find_format
from keyveil.training.messages import assistant_turn
from keyveil.training.pyautogui import pyautogui_code
from keyveil.training.tool import tool_call
from schemas.safe import BOX_UNITS
from schemas.vocabulary import BUTTONS, MODIFIERS

SIZE = (1_000, 500)
PLACES = st.tuples(st.integers(0, BOX_UNITS - 1), st.integers(0, BOX_UNITS - 1))
ACTIONS = st.builds(
    Action,
    kind=st.sampled_from(sorted(POINTED)),
    at=PLACES,
    to=PLACES,
    notches=st.tuples(st.sampled_from([0, 1, -3]), st.sampled_from([0, 10, -30])),
    button=st.sampled_from(sorted(BUTTONS)),
    modifiers=st.lists(st.sampled_from(sorted(MODIFIERS)), unique=True).map(tuple),
) | st.builds(
    Action,
    kind=st.sampled_from(["type", "hotkey"]),
    text=st.text(),
    keys=st.lists(st.sampled_from(["ctrl", "s", "f5", "enter", "'"]), min_size=1, max_size=3).map(tuple),
    presses=st.integers(1, 3),
)
TOOL = {
    "action": str,
    "coordinate": list,
    "start_coordinate": list,
    "text": str,
    "scroll_direction": str,
    "scroll_amount": int,
    "duration": float,
}
CALLS = "key type left_click right_click middle_click double_click triple_click left_click_drag scroll wait".split()
FUNCTIONS = (
    "click doubleClick tripleClick rightClick middleClick moveTo dragTo scroll hscroll write press hotkey keyDown keyUp"
).split()


@given(ACTIONS)
def test_tool_calls_have_known_names_and_pixels_inside_the_picture(action: Action) -> None:
    call = tool_call(action, SIZE)
    assert call is not None
    assert call["action"] in CALLS
    for name, value in call.items():
        assert isinstance(value, TOOL[name])
    for name in ("coordinate", "start_coordinate"):
        if name in call:
            assert 0 <= call[name][0] < SIZE[0]
            assert 0 <= call[name][1] < SIZE[1]
    turn = assistant_turn(action, SIZE)
    assert turn is not None
    assert json.loads(turn["content"][0]["text"]) == call


@given(ACTIONS)
def test_pyautogui_code_is_calls_with_shares_of_the_window(action: Action) -> None:
    code = pyautogui_code(action)
    assert code is not None
    for statement in ast.parse(code).body:
        assert isinstance(statement, ast.Expr)
        call = statement.value
        assert isinstance(call, ast.Call)
        assert isinstance(call.func, ast.Attribute)
        assert call.func.attr in FUNCTIONS
        for word in call.keywords:
            value = ast.literal_eval(word.value)
            if word.arg in ("x", "y"):
                assert 0 <= value < 1
                assert value == round(value, 4)
            if word.arg == "message":
                assert value == action.text


@given(ACTIONS)
def test_adp_actions_are_calls_of_the_same_functions(action: Action) -> None:
    calls = adp_actions(action)
    assert calls is not None
    assert calls[0]["description"] == describe(action)
    for call in calls:
        assert set(call) == {"class_", "function", "kwargs", "description"}
        assert call["class_"] == "api_action"
        assert call["function"] in FUNCTIONS
        assert json.loads(json.dumps(call)) == call


@pytest.mark.parametrize("name", FORMATS)
def test_no_format_writes_a_pointer_action_without_its_place(name: Any) -> None:
    for kind in POINTED:
        assert find_format(name).action(Action(kind=kind, box=Box(0, 0, 1, 1)), SIZE) is None
    assert find_format(name).action(Action(kind="drag", at=(1, 1)), SIZE) is None


@pytest.mark.parametrize(
    ("action", "tool", "code"),
    [
        (
            Action(kind="click", at=(5_000, 5_000), button="right"),
            {"action": "right_click", "coordinate": [500, 250]},
            "pyautogui.rightClick(x=0.5, y=0.5)",
        ),
        (
            Action(kind="triple_click", at=(1, 9_999)),
            {"action": "triple_click", "coordinate": [0, 499]},
            "pyautogui.tripleClick(x=0.0001, y=0.9999)",
        ),
        (
            Action(kind="drag", at=(0, 0), to=(2_500, 5_000)),
            {"action": "left_click_drag", "start_coordinate": [0, 0], "coordinate": [250, 250]},
            "pyautogui.moveTo(x=0, y=0)\npyautogui.dragTo(x=0.25, y=0.5, button='left')",
        ),
        (
            Action(kind="scroll", at=(0, 0), notches=(0, 10)),
            {"action": "scroll", "coordinate": [0, 0], "scroll_direction": "down", "scroll_amount": 10},
            "pyautogui.moveTo(x=0, y=0)\npyautogui.scroll(-10)",
        ),
        (
            Action(kind="scroll", at=(0, 0), notches=(-3, 1)),
            {"action": "scroll", "coordinate": [0, 0], "scroll_direction": "left", "scroll_amount": 3},
            "pyautogui.moveTo(x=0, y=0)\npyautogui.hscroll(-3)\npyautogui.scroll(-1)",
        ),
        (
            Action(kind="click", at=(0, 0), modifiers=("Control", "Shift")),
            {"action": "left_click", "coordinate": [0, 0], "text": "ctrl+shift"},
            (
                "pyautogui.keyDown(key='ctrl')\npyautogui.keyDown(key='shift')\npyautogui.click(x=0, y=0)\n"
                "pyautogui.keyUp(key='shift')\npyautogui.keyUp(key='ctrl')"
            ),
        ),
        (
            Action(kind="click", at=(0, 0), button="back"),
            {"action": "key", "text": "alt+Left"},
            "pyautogui.hotkey(keys=['alt', 'left'])",
        ),
        (
            Action(kind="double_click", at=(0, 0), button="middle"),
            {"action": "double_click", "coordinate": [0, 0]},
            "pyautogui.click(x=0, y=0, clicks=2, button='middle')",
        ),
        (
            Action(kind="hotkey", keys=("win", "up")),
            {"action": "key", "text": "super+Up"},
            "pyautogui.hotkey(keys=['win', 'up'])",
        ),
        (
            Action(kind="hotkey", keys=("ctrl", "+")),
            {"action": "key", "text": "ctrl+plus"},
            "pyautogui.hotkey(keys=['ctrl', '+'])",
        ),
        (
            Action(kind="hotkey", keys=("f5",), presses=2),
            {"action": "key", "text": "F5 F5"},
            "pyautogui.press(keys=['f5'])\npyautogui.press(keys=['f5'])",
        ),
        (
            Action(kind="type", text="it's\n"),
            {"action": "type", "text": "it's\n"},
            'pyautogui.write(message="it\'s\\n")',
        ),
        (Action(kind="wait", seconds=2.5), {"action": "wait", "duration": 2.5}, "computer.wait()"),
    ],
)
def test_actions_are_written_as_the_formats_say(action: Action, tool: dict[str, Any], code: str) -> None:
    assert tool_call(action, SIZE) == tool
    assert pyautogui_code(action) == code


def test_pixels_of_a_place_lie_in_the_pixels_of_its_box() -> None:
    for left in (0, 1, 4_999, 9_999):
        assert to_pixels((left, left), SIZE) == (left // 10, left // 20)
