"""Typos that were corrected while typing, which a detector of single texts takes for names.

``mkae`` is in no word list and looks like a name; after the correction the field says ``make``, in which the detector
found nothing. So a word of a draft is no name if the final text has an ordinary word in its place that differs from it
by a typo. A listed name is never a typo, unless it was only the beginning of a longer word.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from schemas.entities import EntityType, Span, Text
from transforms.redact.surrogates.beginnings import count_slips
from transforms.redact.text.word_lists import WordClass, word_class
from transforms.redact.typed_fields.texts import FieldTexts
from transforms.redact.typed_fields.views import View, final_places

Spans = tuple[Span, ...]

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W\d_]+)*")
_FAR = 64
"""Characters of the final text that are searched for the intended word."""
_LONGEST = 64
"""Most letters of a typo and of an intended word; a longer word stays removed."""
_EVERYDAY = frozenset({WordClass.INTERFACE, WordClass.EVERYDAY})
_LETTERS_PER_TYPO = 3
"""One wrong letter is allowed for every so many letters, and one in any word."""


class _Word(NamedTuple):
    start: int
    end: int
    text: str

    def __repr__(self) -> str:
        """Show the place of the word without its text."""
        return f"_Word({self.start}, {self.end})"


def drop_corrected_typos(fields: Sequence[FieldTexts], found: dict[Text, Spans]) -> dict[Text, Spans]:
    """Drop from ``found`` the typos among the people in drafts of ``fields``, the fields of one session.

    A draft that two fields share keeps the names of both. Final texts keep all spans.
    """
    finals = {text for item in fields for text in item.texts[: len(item.starts)]}
    changed: dict[Text, Spans] = {}
    for item in fields:
        own = len(item.starts)
        drafts = [
            (view, text)
            for view, text in zip(item.views[own:], item.texts[own:], strict=True)
            if text not in finals and any(span.entity is EntityType.PERSON for span in found[text])
        ]
        if drafts:
            final = _Final(item, next(item.join_lines([found[text] for text in item.texts]))[1])
            for view, text in drafts:
                slips = _DraftTypos(final, view)
                kept = tuple(part for span in found[text] for part in slips.keep(span))
                changed[text] = tuple(sorted({*changed.get(text, ()), *kept}))
    return found | changed if changed else found


class _Final:
    """Final text of a field and the place of each cell in it."""

    def __init__(self, item: FieldTexts, spans: Sequence[Span]) -> None:
        self._text = item.final.text
        self.places = final_places(item.field)
        self._starts, self._ends = [span.start for span in spans], [span.end for span in spans]

    def __len__(self) -> int:
        return len(self._text)

    def clean_words(self, low: int, high: int) -> Iterator[_Word]:
        """Yield the words that overlap a range and have no finding; none if one of them is too long."""
        least, most = low - _LONGEST, high + _LONGEST
        while low > 0 and low >= least and not self._text[low - 1].isspace():
            low -= 1
        while high < len(self._text) and high <= most and not self._text[high].isspace():
            high += 1
        if low < least or high > most or high - low > _FAR + 2 * _LONGEST:
            return
        for found in _WORD.finditer(self._text, low, high):
            behind = bisect_right(self._ends, found.start())
            clean = behind == len(self._starts) or found.end() <= self._starts[behind]
            if clean and word_class(found[0]) is not WordClass.NAME:
                yield _Word(found.start(), found.end(), found[0])


class _DraftTypos:
    """Places of a draft's characters in the final text, and the typos in the draft."""

    def __init__(self, final: _Final, view: View) -> None:
        self._final, self._view = final, view
        self._places = [final.places[cell] for cell in view.cells.tolist()]
        standing = [place if place >= 0 else None for place in self._places]
        self._before = [None, *accumulate(standing, _last_known)]
        self._after = [None, *accumulate(reversed(standing), _last_known)][::-1]

    def keep(self, span: Span) -> Iterator[Span]:
        """Yield the parts of ``span`` that stay: each run of words that are no typos."""
        if span.entity is not EntityType.PERSON:
            yield span
            return
        run: list[_Word] = []
        for found in _WORD.finditer(self._view.text, span.start, span.end):
            word = _Word(found.start(), found.end(), found[0])
            if not self._is_slip(word):
                run.append(word)
                continue
            yield from _join_words(run, span)
            run = []
        if len(run) == len(_WORD.findall(self._view.text, span.start, span.end)):
            yield span
        else:
            yield from _join_words(run, span)

    def _is_slip(self, word: _Word) -> bool:
        if len(word.text) > _LONGEST:
            return False
        letters = self._places[word.start : word.end]
        standing = [place for place in letters if place >= 0]
        whole, listed = len(standing) == len(letters), word_class(word.text) is not WordClass.UNKNOWN
        if listed and not whole:
            return False
        low, high = (min(standing), max(standing) + 1) if standing else self._gap(word)
        for meant in self._final.clean_words(low, high):
            unfinished = whole and len(meant.text) > len(word.text)
            if unfinished or (not listed and _corrects(word.text, letters, meant)):
                return True
        return False

    def _gap(self, word: _Word) -> tuple[int, int]:
        """Return the range of the final text between the neighbours of a word that was deleted."""
        before, after = self._before[word.start], self._after[word.end]
        low, high = before or 0, len(self._final) if after is None else after + 1
        return low, min(high, low + _FAR)


def _last_known(known: int | None, place: int | None) -> int | None:
    return known if place is None else place


def _join_words(run: Sequence[_Word], span: Span) -> Iterator[Span]:
    """Yield what a typo leaves of ``span``; beside ``tsetest``, corrected to ``test``, the word ``make`` is no name."""
    if any(len(word.text) > 1 and word_class(word.text) not in _EVERYDAY for word in run):
        yield Span(run[0].start, run[-1].end, span.entity, span.score)


def _corrects(typed: str, letters: Sequence[int], meant: _Word) -> bool:
    """Check whether each run of deleted letters (-1) is a typo of the letters in its place in the word ``meant``."""
    if typed.lower() == meant.text.lower():
        return False
    at, gone = 0, ""
    for letter, place in zip(typed, letters, strict=True):
        if place < 0:
            gone += letter
        elif not meant.start <= place < meant.end:
            return False
        else:
            if gone and not _is_near(gone, meant.text[at:]):
                return False
            at, gone = place + 1 - meant.start, ""
    return not gone or _is_near(gone, meant.text[at:])


def _is_near(typed: str, meant: str) -> bool:
    """Check whether ``typed`` is ``meant``, or the beginning of it, but for a few typos.

    >>> _is_near("mkae", "make"), _is_near("Kowalski", "Korea")
    (True, False)
    """
    return min(count_slips(typed.lower(), meant.lower())) <= max(1, len(typed) // _LETTERS_PER_TYPO)
