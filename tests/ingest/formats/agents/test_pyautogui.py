import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.ingest.formats.agents.pyautogui import UnknownStatementError, read_code
from transforms.ingest.formats.typed_steps import Field


def told(code: str) -> list[str]:
    events = list(read_code(code, Field()))
    return ["control" if event is None else str(event.get("action", event["kind"])) for event in events]


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("import pyautogui\npyautogui.click(x=0.5, y=0.25)", ["click"]),
        ("pyautogui.click(10, 20, clicks=2)", ["double_click"]),
        ("pyautogui.click((10, 20), clicks=3)", ["triple_click"]),
        ("pyautogui.click(10, 20, clicks=4)", ["click"]),
        ("pyautogui.moveTo(1, 2)\npyautogui.dragTo(3, 4, button='left')", ["move", "drag"]),
        ("computer.tripleClick(x=1, y=2); computer.wait(3)", ["triple_click", "control"]),
        ("computer.terminate(status='success')", ["control"]),
        ("pyautogui.scroll(-3)\npyautogui.hscroll(clicks=2, x=5, y=6)", ["scroll", "scroll"]),
        ("pyautogui.write(message='lamp')\npyautogui.typewrite('s')", ["field", "input_value", "input_value"]),
        ("pyautogui.press('enter', presses=2)", ["down", "up"] * 2),
        ("pyautogui.press(['up', 'down'])", ["down", "up"] * 2),
        ("pyautogui.hotkey('ctrl', 'c')", ["down", "down", "up", "up"]),
        ("pyautogui.hotkey(['ctrl', 'c'])", ["down", "down", "up", "up"]),
        ("pyautogui.keyDown('shift')\npyautogui.keyUp('shift')", ["down", "up"]),
        ("", []),
    ],
)  # fmt: skip
def test_statements_become_events(code: str, wanted: list[str]) -> None:
    assert told(code) == wanted


@pytest.mark.parametrize(("key", "fields"), [("tab", 2), ("TAB", 2), ("enter", 1), ("down", 1)])
def test_what_is_typed_behind_a_tab_belongs_to_the_next_field(key: str, fields: int) -> None:
    events = read_code(f"pyautogui.write('Oslo')\npyautogui.press('{key}')\npyautogui.write('lamp')", Field())
    values = [event["value"] for event in events if event is not None and event["kind"] == "input_value"]
    assert values == (["Oslo", "lamp"] if fields == 2 else ["Oslo", "Oslolamp"])


def test_no_warning_of_the_parser_shows_a_statement(recwarn: pytest.WarningsRecorder) -> None:
    assert told(r"pyautogui.write('zebra \d')") == ["field", "input_value"]
    assert not recwarn.list


def test_parts_of_a_screen_become_pixels_and_pixels_stay() -> None:
    first, second = read_code("pyautogui.click(0.5, 1)\npyautogui.rightClick(x=700, y=1)", Field())
    assert (first["x"], first["y"], first["button"]) == (960, 1080, "left")
    assert (second["x"], second["y"], second["button"]) == (700, 1, "right")


def test_a_wheel_turns_where_the_pointer_is() -> None:
    _, scroll = read_code("pyautogui.moveTo(7, 8)\npyautogui.scroll(1)", Field())
    assert (scroll["x"], scroll["y"]) == (7, 8)


def test_a_wheel_turned_up_scrolls_up_and_one_turned_right_scrolls_right() -> None:
    up, right = read_code("pyautogui.scroll(2)\npyautogui.hscroll(1)", Field())
    assert (up["dx"], up["dy"], right["dx"], right["dy"]) == (0, -200, 100, 0)


@pytest.mark.parametrize(
    "code",
    [
        "open('/etc/passwd').read()",
        "pyautogui.click(x=f())",
        "pyautogui.click('a', 'b')",
        "x = 1",
        "pyautogui.write(1)",
        "pyautogui.alert('hi')",
        "pyautogui.press()",
        "pyautogui.scroll('up')",
        "click(1, 2)",
        "if True: pass",
        "(" * 300,
        "pyautogui.click(" + "-" * 9_000 + "1, 2)",
        " " * 20_001,
        "\0",
    ],
)
def test_another_program_is_refused_and_never_run(code: str) -> None:
    with pytest.raises(UnknownStatementError) as refused:
        list(read_code(code, Field()))
    assert str(refused.value) == ""


@given(st.text(st.sampled_from("pyautogui.click(x=1,)'\"[]{}\n -e9"), max_size=60))
def test_any_text_is_read_or_refused(code: str) -> None:
    try:
        list(read_code(code, Field()))
    except UnknownStatementError as refused:
        assert str(refused) == ""  # noqa: PT017 - either outcome is right
