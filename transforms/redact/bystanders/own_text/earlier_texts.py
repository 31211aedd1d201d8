"""Search for sentences that the recorder typed before the session began, by whole texts and their parts."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

_NARROWEST = 20
"""Fewest columns of a text, or of a part of one, that tells who wrote it: ``Sounds good to me`` is anybody's."""
_ANCHOR = 10
"""Letters by which texts are found: no more than the fewest of a text in ideographs, which are two columns wide."""


def is_long(plain: str) -> bool:
    """Return whether a text without blanks and marks is too long to be anybody's.

    >>> [is_long(plain) for plain in ("soundsgoodtome", "thekeyslieinthedrawer")]
    [False, True]
    """
    if len(plain) >= _NARROWEST:
        return True
    return len(plain) >= _ANCHOR and sum(map(_width, plain)) >= _NARROWEST


def _width(letter: str) -> int:
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


@dataclass(frozen=True, slots=True)
class EarlierTexts:
    """Texts of one person, each long, without blanks, marks and case."""

    _joined: str = field(default="", repr=False)
    _starts: Mapping[str, tuple[str, ...]] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def of(cls, texts: Iterable[str]) -> "EarlierTexts":
        """Index the texts that are long."""
        kept = sorted({text for text in texts if is_long(text)}, key=lambda text: (-len(text), text))
        starts = defaultdict[str, list[str]](list)
        for text in kept:
            starts[text[:_ANCHOR]].append(text)
        return cls("\n".join(kept), {start: tuple(found) for start, found in starts.items()})

    def holds(self, plain: str) -> bool:
        """Return whether a text is long and all of it, or a part, of one that was typed."""
        return is_long(plain) and plain in self._joined

    # ``10amcallannaaboutthekeysroom4`` is searched for the first ten letters of every text, at each of its places.
    def find(self, plain: str) -> Iterator[tuple[int, str]]:
        """Yield the place of each whole text that stands in a line, the longest of a place first."""
        if self._starts:
            for at in range(len(plain) - _ANCHOR + 1):
                for text in self._starts.get(plain[at : at + _ANCHOR], ()):
                    if plain.startswith(text, at):
                        yield at, text


NONE_EARLIER = EarlierTexts()
"""Texts of somebody who typed nothing before."""
