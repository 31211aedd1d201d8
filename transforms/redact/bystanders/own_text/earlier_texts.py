"""Search for texts up to a time: sentences that a person typed before a session began, or what a screen showed."""

import re
from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import accumulate

from transforms.redact.bystanders.message_words import IDEOGRAPHS, is_sentence

_WORD = re.compile(r"[^\W_]+")
_CUT = re.compile(r"(?:\u2026|\.\.\.)\s*$")
_LEAST_LETTERS, _LEAST_IDEOGRAPHS = 20, 15
"""Fewest letters and ideographs of a text that tells who wrote it: ``Sounds good to me`` is anybody's."""
_ANCHOR = 3
"""Words in a row at its beginning by which a text is found; without them in any text, a line stands in none."""


def is_long(text: str) -> bool:
    """Return whether a text is a sentence, and too long to be anybody's.

    >>> [is_long(text) for text in ("Sounds good to me!", "The keys lie in the drawer")]
    [False, True]
    """
    letters = len("".join(_WORD.findall(text)))
    enough = letters >= _LEAST_LETTERS or (
        letters >= _LEAST_IDEOGRAPHS and len(IDEOGRAPHS.findall(text)) >= _LEAST_IDEOGRAPHS
    )
    return enough and is_sentence(text)


def is_cut(text: str) -> bool:
    """Return whether the last word of a text may be cut: it ends with an ellipsis."""
    return _CUT.search(text) is not None


def split_words(text: str) -> list[str]:
    """Split a text into its words and numbers, without marks and case."""
    return [word.casefold() for word in _WORD.findall(text)]


# All texts stand in one string, the earliest first, which is searched up to a time: `` here are they \n we pay \n``.
@dataclass(frozen=True, slots=True)
class TimedTexts:
    """Texts in words, each with its first time, in whatever unit."""

    _joined: str = field(default="", repr=False)
    _times: tuple[int, ...] = field(default=(), repr=False)
    _ends: tuple[int, ...] = field(default=(), repr=False)
    _first: Mapping[str, int] = field(default_factory=dict, repr=False)
    _lengths: Mapping[tuple[str, ...], tuple[int, ...]] = field(default_factory=dict, repr=False)
    _runs: frozenset[int] = field(default=frozenset(), repr=False)

    @classmethod
    def of(cls, texts: Iterable[tuple[int, str]]) -> "TimedTexts":
        """Index texts, each its words with blanks between them."""
        first: dict[str, int] = {}
        for time, text in sorted(set(texts)):
            first.setdefault(text, time)
        lengths, runs = defaultdict[tuple[str, ...], set[int]](set), set[int]()
        for text in first:
            words = text.split(" ")
            lengths[tuple(words[:_ANCHOR])].add(len(words))
            runs.update(map(hash, zip(words, words[1:], words[2:], strict=False)))
        lines = [f" {text} \n" for text in first]
        return cls(
            "".join(lines),
            tuple(first.values()),
            tuple(accumulate(map(len, lines))),
            first,
            {anchor: tuple(sorted(found, reverse=True)) for anchor, found in lengths.items()},
            frozenset(runs),
        )

    def holds(self, words: Sequence[str], before: int, *, cut: bool = False) -> bool:
        """Return whether a text of before a time has words in a row; the last may be a beginning where they are cut."""
        whole = words[: len(words) - cut]
        if len(whole) >= _ANCHOR and hash(tuple(whole[:_ANCHOR])) not in self._runs:
            return False
        known = bisect_left(self._times, before)
        part = f" {' '.join(words)}{'' if cut else ' '}"
        return known > 0 and self._joined.find(part, 0, self._ends[known - 1]) >= 0

    def find(self, words: Sequence[str], before: int) -> Iterator[tuple[int, int]]:
        """Yield place and length of each whole text of before a time in a line, the longest of a place first."""
        for at in range(len(words)):
            for size in range(min(_ANCHOR, len(words) - at), 0, -1):
                for length in self._lengths.get(tuple(words[at : at + size]), ()):
                    text = " ".join(words[at : at + length])
                    if self._first.get(text, before) < before:
                        yield at, length


NO_TEXTS = TimedTexts()
"""No text at any time."""


@dataclass(frozen=True, slots=True)
class EarlierTexts:
    """Texts that the person of one session had typed when it began (microseconds)."""

    _texts: TimedTexts = field(default=NO_TEXTS, repr=False)
    _begin_us: int = field(default=0, repr=False)
    _known: dict[str, bool] = field(default_factory=dict, repr=False, compare=False)

    def holds(self, text: str) -> bool:
        """Return whether a text is long, and all of it is one that was typed, or words in a row of one.

        The last word of a text that ends with an ellipsis may be cut.
        """
        if self._texts is NO_TEXTS:
            return False
        if text not in self._known:  # the same lines stand on many screens
            self._known[text] = is_long(text) and self._has(text)
        return self._known[text]

    def joins(self, one: str, other: str) -> bool:
        """Return whether two lines were typed in a row, at least one of them long."""
        return (self.holds(one) or self.holds(other)) and self._has(f"{one} {other}")

    def find(self, line: str) -> Iterator[tuple[int, int]]:
        """Yield start and end of each whole text in a line, the longest of a place first."""
        if self._texts is not NO_TEXTS:
            words = list(_WORD.finditer(line))
            for at, length in self._texts.find([word[0].casefold() for word in words], self._begin_us):
                yield words[at].start(), words[at + length - 1].end()

    def _has(self, text: str) -> bool:
        return self._texts.holds(split_words(text), self._begin_us, cut=is_cut(text))


NONE_EARLIER = EarlierTexts()
"""Texts of somebody who typed nothing before."""
