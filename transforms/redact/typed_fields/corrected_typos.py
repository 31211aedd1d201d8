"""Misspelt words that were put right while typing, which a detector of one text takes for names.

``mkae`` is in no list and reads like a name where it stands; once it was put right the field says ``make``, which the
detector has seen too and left alone. So a word of a draft is no name where the field ends up with an ordinary word in
its place that differs from it as a slip of the fingers does. A listed name is never a slip, unless it was only the
beginning of a longer word.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from itertools import accumulate
from typing import NamedTuple

from schemas.entities import EntityType, Span, Text
from transforms.redact.text.word_lists import WordClass, word_class
from transforms.redact.typed_fields.texts import FieldTexts
from transforms.redact.typed_fields.views import View, final_places

Spans = tuple[Span, ...]

_WORD = re.compile(r"[^\W_]+(?:['\u2019][^\W\d_]+)*")
_FAR = 64
"""Characters of the final text that are looked through for the word that was meant."""
_LONGEST = 64
"""Letters of a word that may be a slip, or a word that was meant. What is longer is no word, and stays removed."""
_SLIP_SHARE = 3
"""One slip is allowed for every so many letters, and one in any word."""


class _Word(NamedTuple):
    start: int
    end: int
    text: str

    def __repr__(self) -> str:
        """Say where the word stands and nothing of it."""
        return f"_Word({self.start}, {self.end})"


def drop_corrected_typos(fields: Sequence[FieldTexts], found: dict[Text, Spans]) -> dict[Text, Spans]:
    """Return ``found`` without the slips among the people of the drafts of ``fields``, the fields of one session.

    Where two fields share a draft, what is a name in one of them stays one. Final texts keep all that was found.
    """
    finals = {item.texts[0] for item in fields}
    changed: dict[Text, Spans] = {}
    for item in fields:
        drafts = [
            (view, text)
            for view, text in zip(item.views[1:], item.texts[1:], strict=True)
            if text not in finals and any(span.entity is EntityType.PERSON for span in found[text])
        ]
        if drafts:
            final = _Final(item, found[item.texts[0]])
            for view, text in drafts:
                slips = _DraftTypos(final, view)
                kept = tuple(part for span in found[text] for part in slips.keep(span))
                changed[text] = tuple(sorted({*changed.get(text, ()), *kept}))
    return found | changed if changed else found


class _Final:
    """What a field says in the end, and where each of its cells stands in it."""

    def __init__(self, item: FieldTexts, spans: Sequence[Span]) -> None:
        self._text = item.views[0].text
        self.places = final_places(item.field)
        self._starts, self._ends = [span.start for span in spans], [span.end for span in spans]

    def __len__(self) -> int:
        return len(self._text)

    def clean_words(self, low: int, high: int) -> Iterator[_Word]:
        """Yield the words that reach into a range and that nothing was found in; none where one of them has no end."""
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
    """Where each character of a draft went, and what of it was a slip."""

    def __init__(self, final: _Final, view: View) -> None:
        self._final, self._view = final, view
        self._places = [final.places[cell] for cell in view.cells.tolist()]
        standing = [place if place >= 0 else None for place in self._places]
        self._before = [None, *accumulate(standing, _last_known)]
        self._after = [None, *accumulate(reversed(standing), _last_known)][::-1]

    def keep(self, span: Span) -> Iterator[Span]:
        """Yield what is left of ``span`` of the draft: each run of words that are no slips."""
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
        """Return where in the final text a word stood of which nothing is left: between its neighbours."""
        before, after = self._before[word.start], self._after[word.end]
        low, high = before or 0, len(self._final) if after is None else after + 1
        return low, min(high, low + _FAR)


def _last_known(known: int | None, place: int | None) -> int | None:
    return known if place is None else place


def _join_words(run: Sequence[_Word], span: Span) -> Iterator[Span]:
    if any(len(word.text) > 1 for word in run):
        yield Span(run[0].start, run[-1].end, span.entity, span.score)


def _corrects(typed: str, letters: Sequence[int], meant: _Word) -> bool:
    """Whether each run of letters that is gone (-1) was a slip for what stands in its place in the word ``meant``."""
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
    """Whether ``typed`` is ``meant``, or the beginning of it, but for a few slips.

    >>> _is_near("mkae", "make"), _is_near("Kowalski", "Korea")
    (True, False)
    """
    return _slips(typed.lower(), meant.lower()) <= max(1, len(typed) // _SLIP_SHARE)


def _slips(typed: str, meant: str) -> int:
    """Return the least number of letters to add, drop, change or swap that make ``typed`` a prefix of ``meant``.

    Optimal string alignment distance (Damerau, 1964), least over the last row.
    """
    before: list[int] = []
    row = list(range(len(meant) + 1))
    for at, letter in enumerate(typed, start=1):
        older, before, row = before, row, [at]
        for to, other in enumerate(meant, start=1):
            cost = min(before[to] + 1, row[to - 1] + 1, before[to - 1] + (letter != other))
            if at > 1 and to > 1 and letter == meant[to - 2] and typed[at - 2] == other:
                cost = min(cost, older[to - 2] + 1)
            row.append(cost)
    return min(row)
