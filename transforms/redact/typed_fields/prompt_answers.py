# ruff: noqa: RUF001 - patterns are tables: one alternative list a line, in the letters of many languages
"""Answers to a terminal's prompts for a secret: typed with the echo off, into the field that holds the commands too.

    1. screen    ``$ sudo apt update``, ``[sudo] password for hk:``; the last line asks for a secret
    2. keys      ``Igel-77`` and Enter: the answer
    3. keys      ``ls`` and Enter: a command again

A screen is read when the recorder takes it, before the answer, within it or long after. So a typed line is an answer if
a screen of the same application asks during that line, or if a later screen has the question right below the typed line
before, and nothing of the answer: ``$ sudo apt update``, ``[sudo] password for hk:``, ``Hit:1 http://...``.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from schemas.raw import TypedField
from transforms.editor.keymap import CONTROL
from transforms.redact.rows.columns import Flags, holds
from transforms.redact.rows.key_columns import KeyColumns
from transforms.redact.rows.session_ranges import SessionRange
from transforms.redact.typed_fields.views import View

Answers = Mapping[TypedField, tuple[View, ...]]

_ASKED_FOR = (
    r"pass[ -]?(?:word|wd|phrase|code)s?|pwd|pin|otp|2fa|mfa|token|secret"
    r"|(?:api|access|private|secret|license|encryption)[ _-]key"
    r"|(?:one[ -]time|verification|security|recovery|backup|authenticat(?:or|ion)|sms)[ -](?:password|code)"
    r"|mnemonic|seed"
    r"|passwort|kennwort|passphrase|mot de passe|phrase (?:de passe|secrète)|contraseña"
    r"|frase (?:de paso|de contraseña|segreta)|senha|palavra-passe"
    r"|wachtwoord|wachtzin|hasło|lösenord|adgangskode|passord|salasana|heslo|jelszó|şifre|parola|parolă"
    r"|пароль|парольная фраза|密码|密碼|口令|パスワード|パスフレーズ|暗証番号|비밀번호|암호"
)
_ASKS = re.compile(
    rf"(?:.*[^\w/.-])??(?:{_ASKED_FOR})(?![\w-])[^:：]{{0,120}}(?:[:：][^:：]{{0,40}})??[:：]"
    r"\s*(?:\[[^\]]*\]:?)?[ *•●·.]*"
    rf"|(?:.*\W)?(?:{_ASKED_FOR})\W.*(?:\[(?:input is )?hidden\]|[*•●]{{3,}})\s*",
    re.IGNORECASE,
)
_CJK_ASKS = re.compile(
    r".*(?:密码|密碼|口令|パスワード|パスフレーズ|暗証番号|비밀번호|암호)[^:：]{0,60}[:：]\s*[*•●·]*"
)
_QUOTED = re.compile(r"\s*\S+ '(.*)'\s*")
"""Line of a recorder that lists what is on a screen, by role and name."""
_LONGEST_PROMPT = 240
_LAST = ":：]*•●·."
"""Last characters of a prompt, which blanks may follow."""
_TERMINAL = re.compile(
    r"term(?:inal)?\b|konsole|xterm|kitty|alacritty|wezterm|ghostty|tmux|putty|powershell|cmd\.exe"
    r"|\b(?:ba|z|fi)?sh\b|console|warp|\bssh\b",
    re.IGNORECASE,
)
_CUTTING = frozenset("cdjmCDJM")
"""With Control they end a line as Enter does, or give it up."""
_LEAST_COMMAND = 2


@dataclass(frozen=True, slots=True)
class _Screen:
    """Screen that asks for a secret: its lines, and which of them ask."""

    row: int
    app: str | None = field(repr=False)
    lines: tuple[str, ...] = field(repr=False)
    asking: tuple[int, ...]
    listed: bool  # read from nodes or lines such as ``text 'Password:'``, which stand beside fields of forms too

    @property
    def open(self) -> bool:
        """Return whether the last line asks for a secret."""
        return bool(self.asking) and self.asking[-1] == len(self.lines) - 1


@dataclass(frozen=True, slots=True)
class _Line:
    """Typed line of a field: the rows around it, and the cells made in it."""

    first: int  # row of the end of the line before, or of the session's start
    last: int  # row that ended the line
    cells: npt.NDArray[np.int32] = field(repr=False)
    standing: str = field(repr=False)


def find_answers(
    table: pa.Table, fields: Sequence[TypedField], sessions: Sequence[SessionRange], columns: KeyColumns
) -> Answers:
    """Find the typed lines that answer a prompt for a secret, in the fields that are not secret as a whole."""
    front = _Front.of(table, [session.start for session in sessions])
    by_session = _asking_screens(table, front)
    found: dict[TypedField, tuple[View, ...]] = {}
    for item in fields:
        screens = by_session.get(item.session_start)
        if not screens or item.secret or not len(item.cells):
            continue
        app = front.app(int(item.cell_rows[0]))
        terminal = any(_TERMINAL.search(word) for word in (item.role, item.label, app or ""))
        if not (item.multiline or terminal):
            continue
        shown = [screen for screen in screens if screen.app == app and (terminal or not screen.listed)]
        answers = _answers(_lines(item, columns), shown)
        views = tuple(View("".join(map(item.cells.__getitem__, cells.tolist())), cells) for cells in answers)
        if views:
            found[item] = views
    return found


def pasted_answers(answers: Answers, clipboard: Flags) -> frozenset[int]:
    """Collect the ``clipboard`` rows that inserted a part of an answer."""
    rows = [item.cell_rows[view.cells] for item, views in answers.items() for view in views]
    return frozenset(row for listed in rows for row in listed[clipboard[listed]].tolist())


def asks_for_secret(line: str) -> bool:
    """Check whether a line of a terminal asks for a secret and waits: ``[sudo] password for hk:``."""
    plain = line.strip()
    if not 0 < len(plain) <= _LONGEST_PROMPT or plain[-1] not in _LAST:
        return False
    return bool(_ASKS.fullmatch(plain) or _CJK_ASKS.fullmatch(plain))


@dataclass(frozen=True, slots=True)
class _Front:
    """Application in front, by row: the sessions' first rows, and the rows that bring an application to the front."""

    starts: Sequence[int]
    focus: Sequence[int]
    apps: Sequence[str | None] = field(repr=False)

    @classmethod
    def of(cls, table: pa.Table, starts: Sequence[int]) -> "_Front":
        rows = np.flatnonzero(holds(table, "kind", "focus"))
        return cls(starts, rows.tolist(), table["app"].take(pa.array(rows)).to_pylist())

    def start(self, row: int) -> int:
        """Find the first row of the session that ``row`` belongs to."""
        return self.starts[bisect_right(self.starts, row) - 1]

    def app(self, row: int) -> str | None:
        """Find the application in front at ``row``, None if its session named none so far."""
        at = bisect_right(self.focus, row) - 1
        return self.apps[at] if at >= 0 and self.focus[at] >= self.start(row) else None


def _asking_screens(table: pa.Table, front: _Front) -> dict[int, list[_Screen]]:
    """Read the screens that ask for a secret, by the first row of their session."""
    rows = np.flatnonzero(holds(table, "kind", "screen"))
    part = table.select(["text", "nodes"]).take(pa.array(rows))
    asking: dict[str, tuple[tuple[str, ...], tuple[int, ...]]] = {}
    found: dict[int, list[_Screen]] = {}
    for row, text, nodes in zip(rows.tolist(), *(column.to_pylist() for column in part.columns), strict=True):
        for shown, listed in _shown_texts(text or "", nodes or ()):
            if shown not in asking:
                asking[shown] = _read_prompts(shown)
            lines, places = asking[shown]
            if places:
                found.setdefault(front.start(row), []).append(_Screen(row, front.app(row), lines, places, listed))
    return found


def _shown_texts(text: str, nodes: Sequence[Mapping[str, Any]]) -> Iterator[tuple[str, bool]]:
    """Yield the texts of a screen that may ask, and whether each is one of a list of what is on the screen."""
    parts = [node[name] for node in nodes for name in ("value", "name") if node[name]]
    parts += [quoted[1] for line in text.split("\n") if (quoted := _QUOTED.fullmatch(line))]
    yield text or "\n".join(parts), False
    for part in dict.fromkeys(parts):
        yield part, True


def _read_prompts(shown: str) -> tuple[tuple[str, ...], tuple[int, ...]]:
    lines = tuple(line.strip() for line in shown.split("\n") if line.strip())
    return lines, tuple(number for number, line in enumerate(lines) if asks_for_secret(line))


def _lines(item: TypedField, columns: KeyColumns) -> list[_Line]:
    """Cut the cells of a field at the presses that end a line."""
    downs = item.key_rows[columns.down[item.key_rows]].tolist()
    ends = [row for row in downs if _ends_line(*columns.presses[columns.press[row]])]
    number = np.searchsorted(np.array(ends, dtype=np.int64), item.cell_rows, side="left")
    ended = np.isin(item.cell_rows, ends)
    bounds = [item.session_start, *ends, item.last_row + 1]
    lines = []
    for line in range(len(ends) + 1):
        cells = np.flatnonzero((number == line) & ~ended).astype(np.int32)
        standing = "".join(item.cells[cell] for cell in cells.tolist() if item.gone_rows[cell] < 0)
        lines.append(_Line(bounds[line], bounds[line + 1], cells, standing.strip()))
    return lines


def _ends_line(key: str, held: int) -> bool:
    return key == "Enter" or (key in _CUTTING and bool(held & CONTROL))


def _answers(lines: Sequence[_Line], screens: Sequence[_Screen]) -> list[npt.NDArray[np.int32]]:
    asking = [screen.row for screen in screens if screen.open]
    after = {number + 1 for screen in screens for number in _asked_below(lines, screen)}
    answers = []
    for number, line in enumerate(lines):
        at = bisect_left(asking, line.first)
        if len(line.cells) and (number in after or (at < len(asking) and asking[at] < line.last)):
            answers.append(line.cells)
    return answers


def _asked_below(lines: Sequence[_Line], screen: _Screen) -> list[int]:
    """Find the typed lines right below which ``screen`` asks, and shows no next line: the answer is not echoed."""
    found = []
    for place in screen.asking:
        above = screen.lines[place - 1] if place else ""
        below = "\n".join(screen.lines[place + 1 :])
        for number, line in enumerate(lines[:-1]):
            typed = line.last < screen.row and len(line.standing) >= _LEAST_COMMAND and above.endswith(line.standing)
            if typed and lines[number + 1].standing not in below:
                found.append(number)
    return found
