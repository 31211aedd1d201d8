r"""Escaped characters: of URLs, HTML, JSON, programs, style sheets, and spaced letters.

``%40``, ``&#64;``, ``=40``, ``\u0040``, ``\x40``, ``\100`` and, among others, ``\40 `` are all ``@``.
"""

import html
import re
from collections.abc import Iterator

from transforms.redact.text.word_lists import WordClass, word_class

_PERCENT = r"(?:%[0-9A-Fa-f]{2})+|%u[0-9A-Fa-f]{4}"
_ENTITY = r"&(?:\#\d{1,8};?|\#[xX][0-9a-fA-F]{1,8};?|[A-Za-z][A-Za-z0-9]{1,30};)"
_CODE_POINT = r"\\{1,4}(?:u[0-9A-Fa-f]{4}|u\{[0-9A-Fa-f]{1,6}\}|U[0-9A-Fa-f]{8}|x[0-9A-Fa-f]{2})"
_ROW = r"(?:\\[0-7]{3}){3,}|(?:\\[0-9A-Fa-f]{1,6} ?){2,}\\[0-9A-Fa-f]{1,6}|(?:=[0-9A-F]{2}){3,}"
"""Octal, style-sheet and quoted-printable escapes: three in a row, since paths and terms look like one."""
_AT = r"(?<=\w)=40(?=[A-Za-z][\w-]{0,62}\.[A-Za-z]{2})"
"""A lone ``=40`` before a possible domain: ``anna=40example.com``."""
_BETWEEN = r"[ .*_|/\u00b7\u00a0-]"
_SPACED = rf"(?<!\w)\S(?P<sep>{_BETWEEN})\S(?:(?P=sep)\S){{2,}}(?!\w)"
_ESCAPE = re.compile(f"{_PERCENT}|{_ENTITY}|{_CODE_POINT}|{_ROW}|{_AT}|{_SPACED}")
_URL_ESCAPE = re.compile(_ESCAPE.pattern + r"|\+")
_SIGN = re.compile(rf"[%&\\=]|{_BETWEEN}\S{_BETWEEN}\S")
_URL_SIGN = re.compile(_SIGN.pattern + r"|\+")
"""A sign that every escape contains; searching for it is much faster."""
_ONE = re.compile(r"\\{1,4}[uUx]\{?([0-9A-Fa-f]+)\}?|%u([0-9A-Fa-f]{4})")
_OCTAL = re.compile(r"\\([0-7]{3})")
_HEXADECIMAL = re.compile(r"[\\=]([0-9A-Fa-f]+)\s?")

_MAIL = re.compile(r"\w@\w[\w-]*\.\w[\w.-]*\w")
_WORDS = re.compile(r"[^\W\d_][^\W\d_A-Z]*|[A-Z]+")
_SHORTEST, _LONGEST = 4, 40
"""Fewest letters of a name with spaced letters, and most letters of two such names."""

_LAST_CODE_POINT, _LAST_LATIN = 0x10FFFF, 0x24F

Decoded = tuple[str, int, int]
"""A decoded character and the range of its escape."""


def find_escapes(content: str, *, url: bool) -> Iterator[re.Match[str]]:
    """Find possible escapes in ``content``; in a ``url`` a plus is a blank."""
    sign, escape = (_URL_SIGN, _URL_ESCAPE) if url else (_SIGN, _ESCAPE)
    return escape.finditer(content) if sign.search(content) else iter(())


def decode(found: re.Match[str]) -> Iterator[Decoded]:
    """Yield the decoded characters of an escape with their ranges; an invalid escape yields itself."""
    escape, at = found[0], found.start()
    if escape == "+":
        yield " ", at, at + 1
    elif found["sep"]:
        yield from _closed_up(escape, at)
    elif escape[0] == "&":
        text = html.unescape(escape)
        yield from [(text, at, at + len(escape))] if _is_text(text) else _as_it_is(escape, at)
    elif escape[0] == "%" and escape[1] != "u":
        yield from _of_bytes(escape, at)
    else:
        yield from _of_numbers(escape, at)


def unescape(text: str) -> str:
    """Decode the escapes in ``text``."""
    pieces, at = [], 0
    for found in find_escapes(text, url=False):
        pieces += [text[at : found.start()], *(character for character, _, _ in decode(found))]
        at = found.end()
    return "".join([*pieces, text[at:]])


def _is_text(character: str) -> bool:
    return len(character) == 1 and (character.isprintable() or character.isspace())


def _as_it_is(text: str, at: int) -> Iterator[Decoded]:
    return ((character, place, place + 1) for place, character in enumerate(text, start=at))


def _of_bytes(escape: str, at: int) -> Iterator[Decoded]:
    try:
        text = bytes.fromhex(escape.replace("%", "")).decode()
    except UnicodeDecodeError:
        yield from _as_it_is(escape, at)
        return
    for character in text:
        width = 3 * len(character.encode())
        yield character, at, at + width
        at += width


def _of_numbers(escape: str, at: int) -> Iterator[Decoded]:
    """Decode code points; a row of bare numbers must be Latin, else it is a path and yields itself."""
    named = escape[0] == "%" or escape.lstrip("\\")[0] in "uUx"
    octal = not named and not _OCTAL.sub("", escape)
    pattern = _ONE if named else _OCTAL if octal else _HEXADECIMAL
    last = _LAST_CODE_POINT if named else _LAST_LATIN
    characters = []
    for one in pattern.finditer(escape):
        point = int(one[one.lastindex or 0], 8 if octal else 16)
        if point > last or not _is_text(chr(point)):
            yield from _as_it_is(escape, at)
            return
        characters.append((chr(point), at + one.start(), at + one.end()))
    yield from characters


def _closed_up(run: str, at: int) -> Iterator[Decoded]:
    """Close up a row of spaced characters if it is a mail address or names.

    ``a d a @ e x a m p l e . c o m`` and ``M-a-r-i-a``, but not ``a - b - c - d`` or ``A.B.C.D.``.
    """
    plain = run[::2]
    places = range(at, at + len(run), 2)
    begins = {0} if _MAIL.search(plain) else _name_starts(plain)
    if not begins:
        yield from _as_it_is(run, at)
        return
    for number, (character, place) in enumerate(zip(plain, places, strict=True)):
        if number and number in begins:
            yield " ", place - 1, place
        yield character, place, place + 1


def _name_starts(plain: str) -> set[int]:
    """Return the starts of the names in ``plain``: capitalised names or two joined ones; empty if it is not names.

    >>> _name_starts("MariaKeller"), _name_starts("mariakeller"), _name_starts("abcdef")
    ({0, 5}, {0, 5}, set())
    """
    if not plain.isalpha() or len(plain) > _LONGEST:
        return set()
    starts = {found.start() for found in _WORDS.finditer(plain)}
    if all(map(_is_name, _WORDS.findall(plain))):
        return starts
    halves = (
        at for at in range(_SHORTEST, len(plain) - _SHORTEST + 1) if _is_name(plain[:at]) and _is_name(plain[at:])
    )
    half = next(halves, 0)
    return {0, half} if half else set()


def _is_name(word: str) -> bool:
    return len(word) >= _SHORTEST and word_class(word) is WordClass.NAME
