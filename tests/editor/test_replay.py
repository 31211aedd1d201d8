from transforms.editor.replay import ReplayEvent, replay


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


def test_both_control_and_command_act_where_the_platform_is_not_known() -> None:
    assert replay([down("a"), down("a", "Control"), down("b")], multiline=False) == "b"
    assert replay([down("a"), down("a", "Meta"), down("b")], multiline=False) == "b"


def test_plain_tuples_will_do() -> None:
    assert replay([("key", "down", "x", (), "")], multiline=False) == "x"  # type: ignore[list-item]
