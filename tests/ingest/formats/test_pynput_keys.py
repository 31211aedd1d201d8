import pytest

from schemas.vocabulary import CODES
from transforms.ingest.formats import pynput_keys as pynput
from transforms.ingest.formats.pynput_keys import UNKNOWN, Keyboard, w3c


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("a", ("a", "KeyA")),
        ("'A'", ("A", "KeyA")),
        ("'%'", ("%", "Digit5")),
        ("'\\\\'", ("\\", "Backslash")),
        ('"\'"', ("'", "Quote")),
        ("'\\x03'", ("c", "KeyC")),
        ("é", ("é", "")),
        ("Key.ctrl_r", ("Control", "ControlRight")),
        ("Key.alt_gr", ("AltGraph", "AltRight")),
        ("Key.space", (" ", "Space")),
        ("Key.f13", ("F13", "F13")),
        ("<84>", ("t", "KeyT")),
        ("<53>", ("5", "Digit5")),
        ("<101>", ("5", "Numpad5")),
        ("<110>", (".", "NumpadDecimal")),
        ("<123>", ("F12", "F12")),
        ("<191>", ("/", "Slash")),
        ("<65027>", UNKNOWN),
        ("Key.hunter2", UNKNOWN),
        ("hunter2", UNKNOWN),
        ("\x00", UNKNOWN),
    ],
)
def test_names(name: str, wanted: tuple[str, str]) -> None:
    assert w3c(name, shift=False, caps=False) == wanted


@pytest.mark.parametrize(("shift", "caps", "wanted"), [(1, 0, "T!"), (0, 1, "T1"), (1, 1, "t!")])
def test_numbers_of_keys_take_shift_and_caps_lock(shift: int, caps: int, wanted: str) -> None:
    typed = (w3c(name, shift=bool(shift), caps=bool(caps))[0] for name in ("<84>", "<49>"))
    assert "".join(typed) == wanted


def test_every_code_has_a_released_form() -> None:
    codes = {code for table in (pynput._NAMED, pynput._NUMPAD) for _, code in table.values()} | {
        *pynput._CODES.values()
    }
    assert codes <= CODES.keys()


def test_the_keyboard_knows_what_is_held() -> None:
    keyboard = Keyboard()
    told = [
        keyboard.event(name, pressed=pressed)
        for name, pressed in (
            ("Key.shift", True), ("<65>", True), ("<65>", True), ("Key.shift", False), ("<65>", False),
            ("Key.caps_lock", True), ("Key.caps_lock", False), ("<66>", True), ("q", False),
        )
    ]  # fmt: skip
    assert [event["key"] for event in told] == ["Shift", "A", "A", "Shift", "A", "CapsLock", "CapsLock", "B", "q"]
    assert [event["modifiers"] for event in told[:5]] == [[], ["Shift"], ["Shift"], [], []]
    assert [event.get("repeat", False) for event in told[:3]] == [False, False, True]
