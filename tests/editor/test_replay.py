from hypothesis import assume, given
from hypothesis import strategies as st

from tests.support.row_replay import ReplayEvent, replay
from transforms.editor.buffer import Buffer
from transforms.editor.commands import Style, command_of
from transforms.editor.keymap import held_of
from transforms.editor.replay import BACK, LINE_END, effect_at_end, is_simple, play, press_key


def down(key: str, *held: str) -> ReplayEvent:
    return ReplayEvent("key", "down", key, held, "")


def test_released_rows_give_the_text() -> None:
    events = [
        down("J", "Shift"),
        ReplayEvent("key", "up", "J", (), ""),
        down("o"),
        down("Backspace"),
        ReplayEvent("clipboard", "copy", "", (), "ignored"),
        ReplayEvent("clipboard", "paste", "", (), "ane"),
        down("Enter"),
    ]
    assert replay(events, multiline=True) == "Jane\n"
    assert replay(events, multiline=False) == "Jane"
    assert replay([*events, down("x")], multiline=False) == "Jane\nx"


def test_both_control_and_command_act_where_the_platform_is_not_known() -> None:
    assert replay([down("a"), down("a", "Control"), down("b")], multiline=False) == "b"
    assert replay([down("a"), down("a", "Meta"), down("b")], multiline=False) == "b"


def test_plain_tuples_will_do() -> None:
    assert replay([("key", "down", "x", (), "")], multiline=False) == "x"  # type: ignore[list-item]


PRESSES = st.sampled_from([*"abc .", "é", "Enter", "Backspace", "ArrowLeft", "Home", "Dead", "Control+a", "Control+z"])


@given(st.lists(PRESSES, max_size=40), st.booleans())
def test_what_is_typed_at_once_is_what_is_typed_key_by_key(presses: list[str], multiline: bool) -> None:
    events = [down(*reversed(name.split("+"))) for name in presses]
    buffer = Buffer()
    for _, _, key, held, _ in events:
        buffer.press(command_of(key, held_of(held), Style(multiline=multiline)), key, 0)
    assert replay(events, multiline=multiline) == buffer.text()


@given(st.lists(PRESSES, max_size=40), st.booleans())
def test_straight_presses_do_at_the_end_of_a_text_what_they_say(listed: list[str], multiline: bool) -> None:
    steps = [press_key(key, held, Style(multiline=multiline)) for *held, key in (item.split("+") for item in listed)]
    doings = [(step, effect_at_end(step)) for step in steps]
    left: list[str] = []
    ends = 0
    for _, doing in doings:
        if doing == LINE_END:
            ends += bool(left)
        elif doing == BACK and left:
            assume(not ends and (multiline or left[-1] != "\n"))
            left.pop()
        elif doing and doing != BACK:
            left += [*"\n" * ends, doing]
            ends = 0
    assume(multiline or left[-1:] != ["\n"])
    assert play([step for step, doing in doings if doing is not None]) == "".join(left)
    assert all(map(is_simple, left))
