"""Names of physical keys to those of pynput: of rdev (``KeyA``, ``SemiColon``) and of Linux (``KEY_A``, ``KEY_DOT``).

They say which key went down and not what it typed; as virtual key numbers, their characters follow Shift and Caps Lock
on the US layout.
"""

import re

from transforms.ingest.parsing.key_names import name_key

_PREFIX = re.compile(r"^(?:KEY_|Key(?=[A-Z]$)|Num(?=[0-9]$)|Digit(?=[0-9]$))")
_SIGNS = {
    "semicolon": 186, "equal": 187, "comma": 188, "minus": 189, "dot": 190, "period": 190, "slash": 191, "grave": 192,
    "backquote": 192, "leftbracket": 219, "leftbrace": 219, "backslash": 220, "rightbracket": 221, "rightbrace": 221,
    "quote": 222, "apostrophe": 222, "intlbackslash": 226, "102nd": 226,
    **{f"kp{digit}": 96 + digit for digit in range(10)},
    "kpmultiply": 106, "kpasterisk": 106, "kpplus": 107, "kpminus": 109, "kpdot": 110, "kpdelete": 110, "kpdivide": 111,
    "kpslash": 111, "kpreturn": 13, "kpenter": 13,
}  # fmt: skip
"""Virtual key numbers of Windows (``VK_*``, winuser.h)."""

_NAMED = {
    " ": "space", "Alt": "alt", "AltGraph": "alt_gr", "ArrowDown": "down", "ArrowLeft": "left", "ArrowRight": "right",
    "ArrowUp": "up", "AudioVolumeDown": "media_volume_down", "AudioVolumeMute": "media_volume_mute",
    "AudioVolumeUp": "media_volume_up", "Backspace": "backspace", "CapsLock": "caps_lock", "ContextMenu": "menu",
    "Control": "ctrl", "Delete": "delete", "End": "end", "Enter": "enter", "Escape": "esc", "Home": "home",
    "Insert": "insert", "MediaPlayPause": "media_play_pause", "MediaStop": "media_stop",
    "MediaTrackNext": "media_next", "MediaTrackPrevious": "media_previous", "Meta": "cmd", "NumLock": "num_lock",
    "PageDown": "page_down", "PageUp": "page_up", "Pause": "pause", "PrintScreen": "print_screen",
    "ScrollLock": "scroll_lock", "Shift": "shift", "Tab": "tab",
    **{f"F{place}": f"f{place}" for place in range(1, 25)},
}  # fmt: skip
"""Keys by their W3C names."""

_SIDED = frozenset({"alt", "cmd", "ctrl", "shift"})
_OTHER_NAMES = {"sysrq": "printscreen", "compose": "menu", "nextsong": "nexttrack", "previoussong": "previoustrack"}


def name_physical(name: str) -> str:
    """Return the name that pynput has for a key; one that is not known gives ``Key.unknown``, never a part of itself.

    >>> [name_physical(name) for name in ("KeyA", "KEY_2", "SemiColon", "KEY_LEFTSHIFT", "Kp7", "Unknown(9)")]
    ['<65>', '<50>', '<186>', 'Key.shift_l', '<103>', 'Key.unknown']
    """
    plain = _PREFIX.sub("", name)
    if len(plain) == 1 and plain.isascii() and plain.isalnum():
        return f"<{ord(plain.upper())}>"
    word = plain.replace("_", "").lower()
    if word in _SIGNS:
        return f"<{_SIGNS[word]}>"
    known = _NAMED.get(name_key(_OTHER_NAMES.get(word, word)))
    if known in _SIDED:
        known += "_r" * ("right" in word) or "_l"
    return f"Key.{known or 'unknown'}"
