"""Texts without markup and escapes, with the source range of each character."""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.redact.text.escapes import decode, find_escapes

_MARKERS = "|".join(entity.value for entity in EntityType)
_TAG = re.compile(rf"<(?!(?:{_MARKERS})>)/?[a-zA-Z][a-zA-Z0-9-]{{0,20}}(?:\s[^<>]{{0,4000}})?/?>")
"""A tag but not a marker: ``<PASSWORD>`` is the released form of a password, not markup."""
_MISREAD_SLASH = re.compile(r"(?<=\bhttps:/)[tlfI1|](?=[\w-])|(?<=\bhttp:/)[tlfI1|](?=[\w-])")
"""Second slash of an address that was read off a picture: ``https:/tgithub.com``."""
_ATTRIBUTE = re.compile(r"[\w:-]{1,40}\s?=\s?[\"']|[\"']")
_NODE_HEAD = re.compile(r"^[ \t]*\[\d{1,6}\][ \t]+[A-Za-z][\w-]{0,40}[ \t]+['\"]", re.MULTILINE)
_NODE_VALUE = re.compile(r"['\"]?[ \t]+(?:value|text|name|description|placeholder)=['\"]")
_NODE_TAIL = re.compile(r"['\"][ \t]*$")
_NOT_BREAK = re.compile(r"[^\n]")
_MARGIN = re.compile(r"\n([ \t]{2,})")


class _PlainForms(dict[int, str]):
    """A map of each character to its ASCII form: of full-width and bold letters, and of the digits of any script."""

    def __missing__(self, point: int) -> str:
        character = chr(point)
        form = str(unicodedata.decimal(character, unicodedata.normalize("NFKC", character)))
        self[point] = plain = form if len(form) == 1 and form.isascii() else character
        return plain


_PLAIN_FORMS: Final = _PlainForms()


@dataclass(frozen=True, slots=True)
class Reading:
    """A text to scan; ``starts`` and ``ends`` are the source range of each character, None if nothing was decoded."""

    text: str = field(repr=False)
    starts: Sequence[int] | None = field(default=None, repr=False)
    ends: Sequence[int] | None = field(default=None, repr=False)

    def source(self, span: Span) -> Span:
        """Map ``span`` of the reading to the source text."""
        if self.starts is None or self.ends is None or span.start >= span.end:
            return span
        return Span(self.starts[span.start], self.ends[span.end - 1], span.entity, span.score)

    def target(self, span: Span) -> Span:
        """Map ``span`` of the source text to the reading."""
        if self.starts is None:
            return span
        return span._replace(start=bisect_left(self.starts, span.start), end=bisect_left(self.starts, span.end))


def read_text(text: Text) -> Reading:
    """Blank tags and accessibility markup in ``text``, write its letters plainly and decode its escapes."""
    content = text.content if text.content.isascii() else text.content.translate(_PLAIN_FORMS)
    if text.ocr:
        content = _MISREAD_SLASH.sub("/", content)
    if "<" in content and ">" in content:
        content = _TAG.sub(_blank_tag, content)
    if "[" in content and _NODE_HEAD.search(content):
        content = "\n".join(map(_blank_node, content.split("\n")))
    return _decode(content, find_escapes(content, url=text.kind is TextKind.URL))


def squeeze(reading: Reading) -> Reading:
    """Shorten wide margins of ``reading``, which blanked markup leaves, to one blank."""
    pieces: list[str] = []
    starts: list[int] = []
    at = 0
    for margin in _MARGIN.finditer(reading.text):
        pieces.append(reading.text[at : margin.end() - len(margin[1]) + 1])
        starts += range(at, margin.end() - len(margin[1]) + 1)
        at = margin.end()
    if not at:
        return reading
    starts += range(at, len(reading.text))
    text = "".join([*pieces, reading.text[at:]])
    if reading.starts is None or reading.ends is None:
        return Reading(text, starts, [place + 1 for place in starts])
    return Reading(text, [reading.starts[place] for place in starts], [reading.ends[place] for place in starts])


def _blank(found: re.Match[str]) -> str:
    return "\n" + _NOT_BREAK.sub(" ", found[0][1:])


def _blank_tag(found: re.Match[str]) -> str:
    """Blank a tag, with line breaks at its ends and around the value of each attribute."""
    name, space, attributes = found[0].partition(" ")
    blank = "\n" + " " * (len(name) - 1)
    return blank + space + _ATTRIBUTE.sub(_blank, attributes[:-1]) + "\n" if space else blank


def _blank_node(line: str) -> str:
    head = _NODE_HEAD.match(line)
    if not head:
        return _NODE_TAIL.sub(_spaces, line)
    rest = _NODE_VALUE.sub(_blank, line[head.end() :])
    return " " * head.end() + _NODE_TAIL.sub(_spaces, rest)


def _spaces(found: re.Match[str]) -> str:
    return " " * len(found[0])


def _decode(content: str, found: Iterator[re.Match[str]]) -> Reading:
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    at = 0
    for escape in found:
        pieces.append(content[at : escape.start()])
        starts += range(at, escape.start())
        ends += range(at + 1, escape.start() + 1)
        for character, start, end in decode(escape):
            pieces.append(character)
            starts.append(start)
            ends.append(end)
        at = escape.end()
    if not at:
        return Reading(content)
    pieces.append(content[at:])
    starts += range(at, len(content))
    ends += range(at + 1, len(content) + 1)
    return Reading("".join(pieces), starts, ends)


_WRAPPED_CUE = re.compile(
    r"(?:\b(?:number|no|nr|#|id|code|is|was|at|to|on|via|call|phone|tel|mobile|fax|e-?mail|ssn|iban|card|account|acct"
    r"|password|passcode|passwort|pwd|pin|token|key|secret|address|ip|born|dob|birth|licen[cs]e|passport|vin|vrm)"
    r"(?: (?:number|no|nr|is|was))?[.:#]?|@|[\d+/(-])[ \t]*$",
    re.IGNORECASE,
)
_WRAPPED_VALUE = re.compile(r"[ \t]*[\w@+(/.]")
_TAIL_CHARS = 60
_CUE_CHARS = 24
"""More than the longest cue, ``passcode number:``."""
LONGEST_UNIT = 1_000
"""Most characters of a unit; limited because some recognizers look from each word to the end of its unit."""
_OVERLAP = 160
"""Fewest characters shared by two pieces of a long line: more than a sentence or a value with its cue."""


def split_units(text: str) -> Iterator[tuple[int, int]]:
    """Split ``text`` into the ranges to scan separately: its lines, long ones in overlapping pieces.

    If a line ends in a cue or inside a number, the next unit starts with its last words (60 characters at most), so
    that a wrapped value is in one unit: ``my card number is`` / ``4111 ...``.
    """
    at = 0
    carried = -1
    for line in text.split("\n"):
        end = at + len(line)
        if line and not line.isspace():
            joined = carried >= 0 and _WRAPPED_VALUE.match(line)
            yield from _cut(text, carried if joined else at, end)
            cue = _WRAPPED_CUE.search(line, max(len(line.rstrip(" \t")) - _CUE_CHARS, 0))
            carried = at + _tail_start(line) if cue else -1
        at = end + 1


def _cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Cut a line into pieces of at most ``LONGEST_UNIT`` characters, after blanks if there are any.

    A page of Chinese is one line of 60,000 characters: it becomes the pieces 0 to 1,000, 840 to 1,840 and so on.
    """
    while end - start > LONGEST_UNIT:
        last = start + LONGEST_UNIT
        last = text.rfind(" ", last - _OVERLAP, last) + 1 or last
        yield start, last
        start = text.rfind(" ", last - 2 * _OVERLAP, last - _OVERLAP) + 1 or last - _OVERLAP
    yield start, end


def _tail_start(line: str) -> int:
    """Return the start of the last words of ``line``, or its end if the last word is longer than a tail."""
    at = len(line) - _TAIL_CHARS
    return line.find(" ", at) + 1 or len(line) if at > 0 else 0
