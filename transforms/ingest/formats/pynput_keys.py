"""Names of the pynput recorder library to W3C ``key`` and ``code`` (UI Events; US layout where the layout is unknown).

A name is a character (``'a'``), a control character (Ctrl and a letter on Windows), a member of ``pynput.keyboard.Key``
(``Key.ctrl_l``) or a virtual key number (``<84>``: Windows ``VK_*``, winuser.h).
"""

import re
from dataclasses import dataclass, field

_QUOTED = re.compile(r"(['\"])(.+)\1", re.DOTALL)
_NUMBER = re.compile(r"<(\d{1,5})>", re.ASCII)

_SHIFTED = dict(zip("`1234567890-=[]\\;',./", '~!@#$%^&*()_+{}|:"<>?', strict=True))
_PLAIN = {shifted: plain for plain, shifted in _SHIFTED.items()}
_CODES = {
    **{letter: f"Key{letter.upper()}" for letter in "abcdefghijklmnopqrstuvwxyz"},
    **{digit: f"Digit{digit}" for digit in "0123456789"},
    "`": "Backquote", "-": "Minus", "=": "Equal", "[": "BracketLeft", "]": "BracketRight", "\\": "Backslash",
    ";": "Semicolon", "'": "Quote", ",": "Comma", ".": "Period", "/": "Slash", " ": "Space",
}  # fmt: skip

_NAMED = {
    **{
        f"{name}{side}": (key, f"{key}{place}")
        for name, key in (("alt", "Alt"), ("ctrl", "Control"), ("shift", "Shift"), ("cmd", "Meta"))
        for side, place in (("", "Left"), ("_l", "Left"), ("_r", "Right"))
    },
    **{f"f{place}": (f"F{place}", f"F{place}") for place in range(1, 25)},
    **{
        name: (key, key)
        for name, key in (
            ("backspace", "Backspace"), ("caps_lock", "CapsLock"), ("delete", "Delete"), ("down", "ArrowDown"),
            ("end", "End"), ("enter", "Enter"), ("esc", "Escape"), ("home", "Home"), ("insert", "Insert"),
            ("left", "ArrowLeft"), ("menu", "ContextMenu"), ("num_lock", "NumLock"), ("page_down", "PageDown"),
            ("page_up", "PageUp"), ("pause", "Pause"), ("print_screen", "PrintScreen"), ("right", "ArrowRight"),
            ("scroll_lock", "ScrollLock"), ("tab", "Tab"), ("up", "ArrowUp"),
            ("media_next", "MediaTrackNext"), ("media_play_pause", "MediaPlayPause"),
            ("media_previous", "MediaTrackPrevious"), ("media_stop", "MediaStop"),
            ("media_volume_down", "AudioVolumeDown"), ("media_volume_mute", "AudioVolumeMute"),
            ("media_volume_up", "AudioVolumeUp"),
        )
    },
    "alt_gr": ("AltGraph", "AltRight"),
    "space": (" ", "Space"),
}  # fmt: skip

_VIRTUAL = {
    8: "backspace", 9: "tab", 13: "enter", 16: "shift", 17: "ctrl", 18: "alt", 19: "pause", 20: "caps_lock", 27: "esc",
    32: "space", 33: "page_up", 34: "page_down", 35: "end", 36: "home", 37: "left", 38: "up", 39: "right", 40: "down",
    44: "print_screen", 45: "insert", 46: "delete", 91: "cmd_l", 92: "cmd_r", 93: "menu",
    **{111 + place: f"f{place}" for place in range(1, 25)},
    144: "num_lock", 145: "scroll_lock", 160: "shift_l", 161: "shift_r", 162: "ctrl_l", 163: "ctrl_r", 164: "alt_l",
    165: "alt_r", 173: "media_volume_mute", 174: "media_volume_down", 175: "media_volume_up", 176: "media_next",
    177: "media_previous", 178: "media_stop", 179: "media_play_pause",
}  # fmt: skip

_VIRTUAL_CHARACTERS = {
    **{ord(char): char for char in "0123456789"},
    **{ord(char): char.lower() for char in "ABCDEFGHIJKLMNOPQRSTUVWXYZ"},
    186: ";", 187: "=", 188: ",", 189: "-", 190: ".", 191: "/", 192: "`", 219: "[", 220: "\\", 221: "]", 222: "'",
}  # fmt: skip

_NUMPAD = {
    **{96 + digit: (str(digit), f"Numpad{digit}") for digit in range(10)},
    106: ("*", "NumpadMultiply"), 107: ("+", "NumpadAdd"), 109: ("-", "NumpadSubtract"), 110: (".", "NumpadDecimal"),
    111: ("/", "NumpadDivide"), 12: ("Clear", "Numpad5"), 226: ("\\", "IntlBackslash"),
}  # fmt: skip

UNKNOWN = ("Unidentified", "")
_MODIFIERS = ("Alt", "AltGraph", "Control", "Meta", "Shift")


def _character(char: str, *, shift: bool, caps: bool) -> tuple[str, str]:
    if char.isalpha():
        return (char.upper() if shift != caps else char), _CODES[char]
    return (_SHIFTED.get(char, char) if shift else char), _CODES[char]


def w3c(name: str, *, shift: bool, caps: bool) -> tuple[str, str]:
    """Return W3C ``key`` and ``code`` of a pynput name.

    A character is what the keyboard gave: Shift and Caps Lock are already in it. They decide only where the recorder
    tells the key and not its character. Unknown names give ``Unidentified``, never a part of themselves.
    """
    if name.startswith("Key."):
        return _NAMED.get(name.removeprefix("Key."), UNKNOWN)
    if found := _NUMBER.fullmatch(name):
        return _virtual(int(found[1]), shift=shift, caps=caps)
    char = _unquote(name)
    if len(char) != 1:
        return UNKNOWN
    if "\x01" <= char <= "\x1a":
        return _character(chr(ord(char) + 96), shift=shift, caps=caps)
    if not char.isprintable():
        return UNKNOWN
    return char, _CODES.get(_PLAIN.get(char, char.lower()), "")


def _virtual(place: int, *, shift: bool, caps: bool) -> tuple[str, str]:
    if place in _NUMPAD:
        return _NUMPAD[place]
    if place in _VIRTUAL_CHARACTERS:
        return _character(_VIRTUAL_CHARACTERS[place], shift=shift, caps=caps)
    return _NAMED.get(_VIRTUAL.get(place, ""), UNKNOWN)


def _unquote(name: str) -> str:
    if found := _QUOTED.fullmatch(name):
        inner = found[2]
        if found := re.fullmatch(r"\\x([0-9a-f]{2})", inner):
            return chr(int(found[1], 16))
        return {"\\\\": "\\", "\\'": "'", "\\n": "\n", "\\r": "\r", "\\t": "\t"}.get(inner, inner)
    return name


@dataclass(slots=True)
class Keyboard:
    """Keys that are down, from which modifiers and repeats follow."""

    _down: dict[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    _caps: bool = False

    def event(self, name: str, *, pressed: bool) -> dict[str, object]:
        """Return the ``key`` event of a press or release; a release repeats the key of its press."""
        held = {key for key, _ in self._down.values()}
        key, code = w3c(name, shift="Shift" in held, caps=self._caps)
        place = code or name
        repeat = pressed and place in self._down
        if pressed:
            self._down.setdefault(place, (key, code))
            self._caps ^= key == "CapsLock" and not repeat
        else:
            key, code = self._down.pop(place, (key, code))
        modifiers = [word for word in _MODIFIERS if word in held and word != key]
        event: dict[str, object] = {"kind": "key", "key": key, "code": code, "modifiers": modifiers}
        return event | {"action": "down" if pressed else "up"} | ({"repeat": True} if repeat else {})
