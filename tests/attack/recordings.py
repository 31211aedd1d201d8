"""Recordings of made-up people, written event by event, and made-up values to plant in them."""

import csv
import io
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.attack.spelling import by_code

CONSONANTS, VOWELS = "bcdfghjklmnpqrstvwxz", "aeiou"
DOMAINS = ("gmail.com", "outlook.com", "web.de", "corp-mail.org", "uni-graz.at")
ALPHABETS = {
    "latin": "abcdefghijklmnopqrstuvwxyz",
    "symbols": "abcdefgh0123456789!$%&/()=?#+*-_",
    "cyrillic": "абвгдежзиклмнопрстуфхцчшэюя",
    "greek": "αβγδεζηθικλμνξοπρστυφχψω",
    "hebrew": "אבגדהוזחטיכלמנסעפצקרשת",
    "arabic": "ابتثجحخدذرزسشصضطظعغفقكلمنهوي",
    "devanagari": "अआइईउऊकखगघचछजझटठडढणतथदधनपफबभमयरलवशषसह",
    "kana": "あいうえおかきくけこさしすせそたちつてとなにぬねのはひふへほ",
    "han": "東京都会議来週月曜日開催資料佐藤準備株式漢字変換",
}
START_US = 1_767_600_000_000_000
_STEP_US = 150_000
_CODES = {"@": "Digit2", ".": "Period", " ": "Space", "-": "Minus", "_": "Minus", "/": "Slash"}

GRANTED, WITHDRAWN = "2020-01-01T00:00:00Z", "2020-06-01T00:00:00Z"
COLUMNS = ("user_id", "purpose", "version", "granted_at", "withdrawn_at")

Row = dict[str, Any]
Grant = tuple[str, str, str, str, str]


@dataclass(frozen=True)
class Variant:
    """One attack: rows of one or more sessions, and what no file of a run over them may say in any form.

    A row that is text is a line as it stands. Where ``registry`` holds lines of a consent registry the secrets may not
    stand in the opened quarantine either: they belong to people who did not agree.
    """

    rows: Sequence[Row | str] = field(repr=False)
    secrets: tuple[str, ...] = field(repr=False)
    registry: tuple[Grant, ...] = field(default=(), repr=False)


def token(draw: Random, letters: int = 12) -> str:
    """Return a word that nobody has written: consonants and vowels in turn."""
    return "".join(draw.choice(VOWELS if at % 2 else CONSONANTS) for at in range(letters))


def word_of(draw: Random, script: str, letters: int) -> str:
    """Return random letters of a script, no two equal ones side by side."""
    text = ""
    while len(text) < letters:
        text += draw.choice([letter for letter in ALPHABETS[script] if letter != text[-1:]])
    return text


def card(draw: Random) -> str:
    """Return 16 digits with the check digit of a card number."""
    digits = [4, *(draw.randrange(10) for _ in range(14))]
    doubled = [digit * 2 - 9 * (digit > 4) if at % 2 == 0 else digit for at, digit in enumerate(digits)]
    return "".join(map(str, digits)) + str(-sum(doubled) % 10)


def iban(draw: Random) -> str:
    """Return a German account number with right check digits."""
    account = "".join(str(draw.randrange(10)) for _ in range(18))
    return f"DE{98 - int(account + '131400') % 97:02d}{account}"


def personal(draw: Random) -> tuple[str, str]:
    """Return a value that any redaction removes, and the part of it that is searched for."""
    kind = draw.randrange(8)
    if kind == 0:
        number = card(draw)
        return number, number[1:]
    if kind == 1:
        number = iban(draw)
        return number, number[4:]
    name = token(draw)
    return f"{name}@{draw.choice(DOMAINS)}", name


def code_of(key: str) -> str:
    """Return the physical key that types ``key``; letters of other scripts lie on the keys of Latin ones.

    >>> code_of("h"), code_of("7"), code_of("@"), code_of("Enter")
    ('KeyH', 'Digit7', 'Digit2', 'Enter')
    """
    if len(key) > 1:
        return key
    if key.isascii() and key.isalpha():
        return f"Key{key.upper()}"
    if key.isascii() and key.isdigit():
        return f"Digit{key}"
    if key.isalpha():
        return f"Key{ALPHABETS['latin'][ord(key) % 26].upper()}"
    return _CODES.get(key, "")


def letters_of_codes(text: str) -> str:
    """Spell the physical keys that typed ``text``."""
    return "".join(by_code(code_of(key)) for key in text)


class Recording:
    """The events of one session in order."""

    def __init__(self, session: str, user: str, draw: Random, **header: object) -> None:
        self.rows: list[Row] = []
        self._names = {"session_id": session, "user_id": user}
        self.draw = draw
        self.event("session", os="Linux", **header)
        self.focus()

    def event(self, kind: str, **values: object) -> None:
        at = len(self.rows)
        self.rows.append({**self._names, "seq": at, "t_us": START_US + _STEP_US * (at + 1), "kind": kind, **values})

    def focus(self, app: str = "editor", title: str = "notes", **values: object) -> None:
        self.event("focus", app=app, title=title, **values)

    def screen(self, text: str, **values: object) -> None:
        self.event("screen", source=values.pop("source", "ocr"), text=text, **values)

    def field(self, field_id: str = "f", role: str = "textbox", label: str = "Note", *, multiline: bool = True) -> None:
        self.event("field", field_id=field_id, role=role, label=label, multiline=multiline)

    def key(self, action: str, key: str, field_id: str | None, code: str | None = None, **values: object) -> None:
        named = {} if field_id is None else {"field_id": field_id}
        modifiers = values.pop("modifiers", [])
        written = code_of(key) if code is None else code
        self.event("key", action=action, key=key, code=written, modifiers=modifiers, **named, **values)

    def press(self, key: str, field_id: str | None, code: str | None = None, **values: object) -> None:
        for action in ("down", "up"):
            self.key(action, key, field_id, code, **values)

    def type(self, text: Iterable[str], field_id: str | None, **values: object) -> None:
        for letter in text:
            self.press(letter, field_id, **values)


def lines(rows: Iterable[Row | str]) -> str:
    """Return the recording as a log in JSON Lines."""
    return "".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) + "\n" for row in rows)


def registry(grants: Iterable[Grant]) -> str:
    """Return a consent registry as CSV."""
    text = io.StringIO()
    csv.writer(text).writerows([COLUMNS, *grants])
    return text.getvalue()


def agreed(user: str) -> Grant:
    """Return a line that lets ``user`` be used for training, version 1."""
    return (user, "training", "1", GRANTED, "")
