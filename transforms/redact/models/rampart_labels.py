"""Conversion of Rampart's labelled word pieces to entities.

The classifier labels many bare interface numbers as house numbers, postal codes or accounts. So a house number counts
only next to a street, and a postal code only next to a street, town or state. A price is neither of them. It makes the
thing before it look like a street (``Blue lamp 24.90``), so a street beside prices alone must be a likely one.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from schemas.entities import EntityType, Span

ENTITIES = {
    "NAME": EntityType.PERSON,
    "EMAIL": EntityType.EMAIL_ADDRESS,
    "PHONE": EntityType.PHONE_NUMBER,
    "TAX_ID": EntityType.ID_NUMBER,
    "BANK_ACCOUNT": EntityType.BANK_ACCOUNT,
    "ROUTING_NUMBER": EntityType.BANK_ACCOUNT,
    "GOVERNMENT_ID": EntityType.ID_NUMBER,
    "PASSPORT": EntityType.ID_NUMBER,
    "DRIVERS_LICENSE": EntityType.ID_NUMBER,
    "BUILDING_NUMBER": EntityType.ADDRESS,
    "STREET_NAME": EntityType.ADDRESS,
    "SECONDARY_ADDRESS": EntityType.ADDRESS,
    "ZIP_CODE": EntityType.ADDRESS,
    "CITY": EntityType.LOCATION,
    "STATE": EntityType.LOCATION,
}
"""Our entity for each Rampart label. ``URL`` is left to the recognizers, which know the personal ones."""

_NEAR_STREET, _NEAR_PLACE = 12, 40
"""Characters between a house number and its street, a postal code and its place."""
_LEAST_BESIDE_PRICE = 0.9
"""Least probability of a street on a line whose numbers are all prices."""
_NUMBERS = frozenset({"BUILDING_NUMBER", "SECONDARY_ADDRESS", "ZIP_CODE"})
_PRICE = re.compile(r"(?<![\w.,/-])(?:\d{1,3}(?:[ .,'\u2019]\d{3}){1,3}|\d{1,6})[.,]\d{2}(?![\w/-]|[.,]\d)")
LEAST = dict.fromkeys(("TAX_ID", "BANK_ACCOUNT", "ROUTING_NUMBER", "GOVERNMENT_ID", "PASSPORT", "DRIVERS_LICENSE"), 0.9)
LEAST |= {"EMAIL": 0.9, "PHONE": 0.8, "NAME": 0.05, "": 2.0, "URL": 2.0}
DEFAULT_LEAST = 0.6
"""Least probability of a word piece. A likely town may also be a surname and is then passed on as both.

The classifier is weak at numbers and strong at names. ``people`` judges names later by everything else known of a word,
so even an unlikely name is passed on with its score, word by word."""
_DIGEST = re.compile(
    r"(?<![A-Za-z0-9])(?:[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}|[0-9a-fA-F]{32,})(?![A-Za-z0-9])"
)
"""A digest or a random identifier: never a personal number."""
_INSIDE = "'\u2019.-"
"""Characters allowed between two pieces of one value."""
_RUN = re.compile(r"[^\W_]+")
_LONGEST_WORD = 64
"""Most characters added on either side of a piece: Chinese, Japanese and Thai have no blanks between words."""


def map_label(name: str) -> str:
    """Strip the prefix of a network output such as ``B-SURNAME`` and merge the labels of names."""
    plain = name.partition("-")[2]
    return "NAME" if plain in {"GIVEN_NAME", "SURNAME"} else plain


class LabelledPiece(NamedTuple):
    """A word piece of a text with a label and its probability."""

    start: int
    end: int
    label: str
    score: float


def merge_pieces(pieces: Sequence[LabelledPiece], text: str) -> tuple[Span, ...]:
    """Merge the labelled word pieces of ``text`` into entities; pieces may repeat in overlapping windows."""
    joined = _join_pieces(sorted(pieces), text)
    streets = [piece for piece in joined if piece.label == "STREET_NAME"]
    places = [piece for piece in joined if piece.label in {"STREET_NAME", "CITY", "STATE"}]
    kept = []
    digests = [found.span() for found in _DIGEST.finditer(text)]
    prices = [found.span() for found in _PRICE.finditer(text)]
    priced = [*_priced_lines(text, prices)]
    for piece in joined:
        if piece.label in _NUMBERS and _overlaps(piece, prices):
            continue
        if piece.label == "STREET_NAME" and piece.score < _LEAST_BESIDE_PRICE and _overlaps(piece, priced):
            continue
        if piece.label in LEAST and any(start <= piece.start and piece.end <= end for start, end in digests):
            continue
        if piece.label in {"BUILDING_NUMBER", "SECONDARY_ADDRESS"} and not _is_near(piece, streets, _NEAR_STREET):
            continue
        if piece.label == "ZIP_CODE" and not _is_near(piece, places, _NEAR_PLACE):
            continue
        kept.append(Span(piece.start, piece.end, ENTITIES[piece.label], piece.score))
    return tuple(kept)


def _priced_lines(text: str, prices: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield the range of each line whose numbers are all prices: ``Blue lamp 24.90``, not ``2 lamps 24.90``."""
    last = -1
    for start, _ in prices:
        if start >= last:
            first, end = text.rfind("\n", 0, start) + 1, text.find("\n", start)
            last = len(text) if end < 0 else end
            if not any(map(str.isdigit, _PRICE.sub("", text[first:last]))):
                yield first, last


def _join_pieces(pieces: Sequence[LabelledPiece], text: str) -> list[LabelledPiece]:
    """Widen pieces to whole words and join neighbours of one label, scored by their best piece."""
    joined: list[LabelledPiece] = []
    for piece, (start, end) in zip(pieces, _widen_to_words(pieces, text), strict=True):
        between = _INSIDE if piece.label == "NAME" else _INSIDE + " "
        if joined and joined[-1].label == piece.label and not text[joined[-1].end : start].strip(between):
            last = joined[-1]
            joined[-1] = LabelledPiece(last.start, max(last.end, end), last.label, max(last.score, piece.score))
        else:
            joined.append(LabelledPiece(start, end, piece.label, piece.score))
    return joined


def _widen_to_words(pieces: Sequence[LabelledPiece], text: str) -> Iterator[tuple[int, int]]:
    """Yield the range of whole words around each of ``pieces``, which must be sorted.

    In ``ask kowalska`` the piece ``owals`` (5 to 10) widens to 4 to 12. The runs of letters and digits are listed once.
    """
    runs = [found.span() for found in _RUN.finditer(text)]
    first = 0
    for piece in pieces:
        start, end = piece.start, piece.end
        while first < len(runs) and runs[first][1] < piece.start:
            first += 1
        for at in range(first, len(runs)):
            low, high = runs[at]
            if low > piece.end:
                break
            start = min(start, max(low, piece.start - _LONGEST_WORD))
            end = max(end, min(high, piece.end + _LONGEST_WORD))
        yield start, end


def _overlaps(piece: LabelledPiece, ranges: Sequence[tuple[int, int]]) -> bool:
    """Return whether a piece shares a character with one of ``ranges``, which lie apart and in order."""
    before = bisect_left(ranges, (piece.end, 0))
    return before > 0 and ranges[before - 1][1] > piece.start


def _is_near(piece: LabelledPiece, others: Sequence[LabelledPiece], characters: int) -> bool:
    return any(other.start - piece.end < characters and piece.start - other.end < characters for other in others)
