"""Search for phrases however they are written: ``Blue Heron`` as ``blue-heron``, ``BlueHeron`` or over two lines."""

import re
import unicodedata
from collections.abc import Iterator, Sequence

import ahocorasick

from schemas.entities import EntityType, Span
from transforms.redact.text.folding import FREE_CHARS, begins_word, ends_word, spellings, squash

_SHORTEST = 2
_SURE_CHARS = 5
"""Least length at which letters and digits alone tell a phrase; a shorter one has the pieces that it was written in."""
_SCORE = 1.0

_PIECE = re.compile(r"[^\W_]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]")
_UNSPACED = re.compile(
    "[\u0e00-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
    "\U00020000-\U0003ffff]"
)
"""Letters of scripts that write no blank around a word: Thai, Lao, Burmese, Khmer, Korean, Japanese, Chinese."""


class Phrases:
    """Phrases found in any case, accents, spacing and punctuation, at the edges of words.

    A long phrase also counts inside a word, and so does one of a script without blanks.
    """

    def __init__(self, phrases: Sequence[str], entity: EntityType) -> None:
        self._entity = entity
        self._pieces = {(form, _count_pieces(phrase)) for phrase in phrases for form in _list_forms(phrase)}
        self._automaton = ahocorasick.Automaton()
        for form, _ in self._pieces:
            if len(form) >= _SHORTEST:
                self._automaton.add_word(form, (form, _counts_inside(form)))
        if len(self._automaton):
            self._automaton.make_automaton()

    def __repr__(self) -> str:
        """Show the number of forms and none of them."""
        return f"Phrases({len(self._automaton)} forms)"

    def find(self, text: str) -> Iterator[Span]:
        """Yield all occurrences in ``text``, overlapping ones included."""
        if not len(self._automaton):
            return
        plain, index = squash(text)
        for at, (form, counts_inside) in self._automaton.iter(plain):
            start, last = int(index[at - len(form) + 1]), int(index[at])
            end = _skip_marks(text, last + 1)
            if (counts_inside or _is_whole(text, start, last)) and self._is_sure(form, text[start:end]):
                yield Span(start, end, self._entity, _SCORE)

    def _is_sure(self, form: str, found: str) -> bool:
        """Return whether a short phrase is written in its pieces: ``AI`` does not stand in ``a, I``."""
        return len(form) >= _SURE_CHARS or (form, _count_pieces(found)) in self._pieces


def _list_forms(phrase: str) -> Iterator[str]:
    """Yield squashed forms of a phrase; a text may hold letters and their marks as one character or as several."""
    for form in ("NFC", "NFD"):
        yield from spellings(unicodedata.normalize(form, phrase))


def _counts_inside(form: str) -> bool:
    return len(form) >= FREE_CHARS or _UNSPACED.search(form) is not None


def _count_pieces(text: str) -> int:
    return len(_PIECE.findall(unicodedata.normalize("NFC", _INVISIBLE.sub("", text))))


def _skip_marks(text: str, at: int) -> int:
    """Return the place after the accents that stand at ``at``."""
    while at < len(text) and unicodedata.combining(text[at]):
        at += 1
    return at


def _is_whole(text: str, first: int, last: int) -> bool:
    """Return whether a word may begin at ``first`` and end at ``last``, whatever accents stand around them."""
    before = first
    while before and unicodedata.combining(text[before - 1]):
        before -= 1
    after = _skip_marks(text, last + 1)
    left, right = text[max(before - 1, 0) : before] + text[first], text[last] + text[after : after + 1]
    return begins_word(left, len(left) - 1) and ends_word(right, 1)
