"""Mentions of applications and sites that may not be named, in titles, labels and texts of their session.

``zebra-tool`` is looked for as whole words in any case and spacing (``Zebra Tool``), and by each word of it that is not
an everyday word (``zebra``); ``docs.zebra.test`` by host, domain and the label ``zebra``. A name that is an everyday
word (``Files``, ``Mail``) says nothing in running text and stays there; as a part of a title between dashes it is the
application's, and goes.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from schemas.aggregates import OTHER, RARE_NAME
from transforms.sites.hosts import spellings

Span = dict[str, Any]
Range = tuple[int, int]

_ENDING = re.compile(r"\.(?:exe|app|bin|desktop|appimage)$")
_VERSION = re.compile(r"[\s_-]{1,3}v?\d[\w.]{0,20}$")
_REVERSED = re.compile(r"(?:com|org|net|io|dev|de|app)\.[\w-]+(?:\.[\w-]+)+")
_PIECE = re.compile(r"[^\W_]+")
_BETWEEN = re.compile(r"(?<!\s)\s+[-\u2013\u2014|\u00b7\u2022:]\s|:\s")
_PUBLIC = frozenset(
    "about blob brave chrome chrome-extension chrome-untrusted data devtools edge file filesystem javascript mailto "
    "moz-extension opera resource safari-web-extension tel view-source vivaldi".split()
)
"""Schemes that every browser knows."""

_FEWEST_SIGNS = 3
"""A shorter name would be found by chance; a wide sign counts for two."""

_FEWEST_SIGNS_OF_A_WORD = 4
"""A shorter word of a longer name is as often another's: ``app``, ``com``, ``pro``."""

_MOST_MORE_WORDS = 2
_MOST_BETWEEN = 3
_MOST_WORDS = 12
"""Of a longer name these words are looked for."""


@dataclass(frozen=True, slots=True)
class Mentions:
    """Names to hide: ``names`` as words anywhere, ``wide`` ones inside words, ``parts`` as a part of a title.

    A name is the tuple of its words. Each word of a text is looked up: a text costs the same whatever the names.
    """

    names: frozenset[tuple[str, ...]] = field(repr=False)
    wide: frozenset[str] = field(repr=False)
    parts: frozenset[frozenset[str]] = field(repr=False)

    def in_text(self, text: str) -> list[Range]:
        """Find mentions in a text, in order and disjoint; of names that begin alike the longest."""
        ranges = [found.span() for name in self.wide for found in re.finditer(re.escape(name), text, re.IGNORECASE)]
        lengths = sorted({len(name) for name in self.names}, reverse=True)
        if not lengths:
            return _merge(ranges)
        spans = [found.span() for found in _PIECE.finditer(text)]
        words = [text[start:end].casefold() for start, end in spans]
        for at in range(len(words)):
            for length in lengths:
                said = spans[at : at + length]
                if tuple(words[at : at + length]) in self.names and _is_close(said):
                    ranges.append((said[0][0], said[-1][1]))
                    break
        return _merge(ranges)

    def in_title(self, title: str) -> list[Range]:
        """Find mentions in a title; a whole part of it may be an everyday word."""
        parts = list(_parts(title))
        words = [frozenset(_pieces(title[start:end].casefold())) for start, end in parts]
        found = [part for part, said in zip(parts, words, strict=True) if said in self.parts]
        if len(parts) > 1 and self._is_nearly(words[-1]):
            found.append(parts[-1])
        return _merge([*found, *self.in_text(title)])

    def _is_nearly(self, said: frozenset[str]) -> bool:
        """Return whether the end of a title is a longer or shorter name: ``Visual Studio Code`` of ``Code``."""
        return bool(said) and any(
            said <= name or (name <= said and len(said - name) <= _MOST_MORE_WORDS) for name in self.parts
        )


def mentions_of(apps: Iterable[str], sites: Iterable[str], named: Iterable[str], everyday: frozenset[str]) -> Mentions:
    """Collect the names of applications and sites in texts, without words of those that may be ``named``."""
    whole = {name for app in apps for name in _app_names(app.casefold()) if _pieces(name)}
    kept = {piece for name in named for piece in _pieces(name.casefold())}
    words = whole | {word for site in sites for word in _site_names(site)}
    words |= {word for name in whole for word in _pieces(name) if _signs(word) >= _FEWEST_SIGNS_OF_A_WORD}
    sought = {tuple(_pieces(word)[:_MOST_WORDS]) for word in words if _signs(word) >= _FEWEST_SIGNS} - {()}
    sought |= {("".join(pieces),) for pieces in sought}
    names = frozenset(name for name in sought if len(name) > 1 or not (name[0] in everyday or name[0] in kept))
    wide = frozenset(name[0] for name in names if len(name) == 1 and any(map(_is_wide, name[0])))
    return Mentions(names, wide, frozenset(frozenset(_pieces(name)) for name in whole))


def mask(text: str, spans: Sequence[Span], ranges: Sequence[Range], column: str) -> tuple[str, list[Span]]:
    """Put ``other`` in place of ``ranges`` of a text, and update its redactions.

    A range that meets a redaction takes all of it along: half a surrogate is none.
    """
    grown = _grow(ranges, spans)
    taken: list[tuple[int, int, Span | None]] = [(start, end, None) for start, end in grown]
    free: list[tuple[int, int, Span | None]] = [
        (span["start"], span["end"], span)
        for span in spans
        if not any(start < span["end"] and span["start"] < end for start, end in grown)
    ]
    pieces: list[str] = []
    marks: list[Span] = []
    at = length = 0
    for start, end, span in sorted([*taken, *free], key=lambda item: item[:2]):
        shown = text[start:end] if span else OTHER
        begin = length + start - at
        pieces += [text[at:start], shown]
        marks.append({**(span or {"column": column, "entity": RARE_NAME}), "start": begin, "end": begin + len(shown)})
        at, length = end, begin + len(shown)
    return "".join([*pieces, text[at:]]), marks


def _app_names(app: str) -> Iterator[str]:
    """Yield the names of an application: without ending and version; the last part of a reversed domain too."""
    name = _ENDING.sub("", app.strip().rpartition("/")[2].rpartition("\\")[2].strip())
    yield name
    yield _VERSION.sub("", name)
    if _REVERSED.fullmatch(name):
        yield name.rpartition(".")[2]


def _site_names(site: str) -> Iterator[str]:
    scheme, separator, host = site.rpartition("://")
    if not separator and site.endswith(":"):
        scheme, host = site[:-1], ""
    if scheme and scheme not in _PUBLIC:
        yield scheme
    if host and (not scheme or scheme == "file" or scheme not in _PUBLIC):
        yield from spellings(host)


def _signs(word: str) -> int:
    return len(word) + sum(map(_is_wide, word))


def _is_close(spans: Sequence[Range]) -> bool:
    """Return whether words are as close as those of one name, with few signs between them."""
    return all(after[0] - before[1] <= _MOST_BETWEEN for before, after in pairwise(spans))


def _is_wide(sign: str) -> bool:
    return unicodedata.east_asian_width(sign) in ("W", "F")


def _pieces(name: str) -> list[str]:
    return _PIECE.findall(name)


def _parts(title: str) -> Iterator[Range]:
    """Yield the parts of a title between dashes and colons, without a version at their end."""
    start = 0
    for end, following in [*(found.span() for found in _BETWEEN.finditer(title)), (len(title), len(title))]:
        part = title[start:end]
        begin = start + len(part) - len(part.lstrip())
        yield begin, begin + len(_VERSION.sub("", part.strip()))
        start = following


def _grow(ranges: Sequence[Range], spans: Sequence[Span]) -> list[Range]:
    """Extend ``ranges`` by the redactions that each meets."""
    met = [
        [(start, end), *((s["start"], s["end"]) for s in spans if start < s["end"] and s["start"] < end)]
        for start, end in ranges
    ]
    return _merge([(min(start for start, _ in group), max(end for _, end in group)) for group in met])


def _merge(ranges: Iterable[Range]) -> list[Range]:
    """Sort ranges and merge those that overlap."""
    merged: list[Range] = []
    for start, end in sorted(ranges):
        if merged and start < merged[-1][1]:
            merged[-1] = merged[-1][0], max(end, merged[-1][1])
        else:
            merged.append((start, end))
    return merged
