"""Physical keys by key value.

A recorded ``code`` may say what its ``key`` does not (``key: "Enter", code: "KeyH"`` spells an h) and shows a person's
keyboard layout. Released is the key that types the character on the US layout; for Cyrillic, Greek and Hebrew letters,
which the US layout lacks, the key of the national standard. Accented Latin letters lie elsewhere in every country and
have no code, nor have dead keys and what an input method takes.
"""

from schemas.vocabulary import CODES

_KEYS = """Backquote Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0 Minus Equal
KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP BracketLeft BracketRight Backslash
KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL Semicolon Quote
KeyZ KeyX KeyC KeyV KeyB KeyN KeyM Comma Period Slash""".split()
_PLAIN = "`1234567890-=qwertyuiop[]\\asdfghjkl;'zxcvbnm,./"
SHIFTED = '~!@#$%^&*()_+QWERTYUIOP{}|ASDFGHJKL:"ZXCVBNM<>?'
"""Characters that need Shift on the US layout, in the order of the keys."""

_NATIONAL = (
    ("йцукенгшщзхъфывапролджэячсмитьбюё", "qwertyuiop[]asdfghjkl;'zxcvbnm,.`"),  # GOST 6431
    ("іїєґў", "s]'\\o"),  # DSTU 8934 and the Belarusian layout
    ("ςερτυθιοπασδφγηξκλζχψωβνμ", "wertyuiopasdfghjklzxcvbnm"),  # ELOT 928
    ("קראטוןםפשדגכעיחלךףזסבהנמצתץ", "ertyuiopasdfghjkl;zxcvbnm,."),  # SI-1452
)
"""Letters and, below each, what its key types on the US layout."""

_SIDES = {"Shift": "ShiftLeft", "Control": "ControlLeft", "Alt": "AltLeft", "AltGraph": "AltLeft"} | dict.fromkeys(
    ("Meta", "Super"), "MetaLeft"
)


def _table() -> dict[str, str]:
    plain = dict(zip(_PLAIN, _KEYS, strict=True))
    named = frozenset(CODES.values()).difference(_KEYS, _SIDES.values())
    table = {code: code for code in named} | _SIDES | plain | {" ": "Space"}
    table |= dict(zip(SHIFTED, _KEYS, strict=True))
    for letters, keys in _NATIONAL:
        for letter, key in zip(letters, keys, strict=True):
            table[letter] = table[letter.upper()] = plain[key]
    return table


_CODES = _table()
_TYPED = dict(zip(_KEYS, _PLAIN, strict=True)) | {"Space": " "}


def code_of(key: str) -> str | None:
    """Find the released code of a key value; None if the value does not determine the key.

    >>> [code_of(key) for key in ("h", "H", "4", "$", "Enter", "Shift", "д", "ü", "Dead")]
    ['KeyH', 'KeyH', 'Digit4', 'Digit4', 'Enter', 'ShiftLeft', 'KeyL', None, None]
    """
    return _CODES.get(key)


def typed_by(code: str) -> str:
    """Find the character of a code on the US layout without Shift; empty if it types none.

    >>> [typed_by(code) for code in ("KeyH", "Digit4", "Space", "Enter", "ShiftLeft")]
    ['h', '4', ' ', '', '']
    """
    return _TYPED.get(code, "")
