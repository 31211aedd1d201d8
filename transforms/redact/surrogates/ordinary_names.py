"""Names of people of a session that are ordinary words, where only a name can stand.

These are recorded names, which are replaced: the opposite of the coined names of ``reserved_values``.

Elsewhere such a word is no value by itself: with ``Wanda Black`` on a screen, ``black here for the parcel``, ``ask
black`` and ``when Black called`` name her, a whole text ``black`` too, and ``a black coat`` does not.
"""

import re
from collections.abc import Iterable, Iterator

from schemas.entities import EntityType, Span
from transforms.redact.text.word_lists import common_words, is_listed

_SCORE = 0.9
_SHORTEST, _PARTS = 3, 2
"""Fewest letters of a part of a name, and fewest parts of a name that tells of them."""
_PART = re.compile(r"[^\W\d_]+")
_BEFORE = (
    "ask|asked|tell|told|call|called|text|texted|ping|pinged|e-?mail|emailed|message|messaged|msg|dm|cc|met|thank"
    "|thanks|hi|hey|hello|dear|met with|spoke to|spoke with|talk to|talked to|invite|invited"
)
_ACTS = (
    "is|was|has|wants|wanted|needs|needed|said|says|asked|asks|thinks|thought|knows|told|wrote|writes|called|calls"
    "|replied|joined|joins|left|sent|signed|agreed|e-?mailed|texted|messaged|phoned|here for|here from"
)
_NO_ARTICLE = r"(?<!\bthe )(?<!\ba )(?<!\ban )(?<!\bthis )(?<!\bthat )"


class OrdinaryNames:
    """Parts of the people of a session that are ordinary words."""

    def __init__(self, names: Iterable[str]) -> None:
        words = {word for name in names for word in _tell_parts(name)}
        listed, capitals = ("|".join(sorted(map(re.escape, forms))) for forms in (words, map(str.title, words)))
        self._pattern = re.compile(
            rf"(?i:(?:^|[.!?\n])\W{{0,3}}(?P<first>{listed}) (?:(?:just|also) )?(?:{_ACTS})(?!\w)"
            rf"|(?<!\w)(?:{_BEFORE}) (?P<later>{listed})(?![\w'\u2019])|\A\W{{0,3}}(?P<whole>{listed})\W{{0,3}}\Z)"
            rf"|(?<=[a-z] ){_NO_ARTICLE}(?P<capital>{capitals})(?![\w'\u2019-]| [A-Z\d])"
            if words
            else r"(?!)"
        )

    def __repr__(self) -> str:
        """Show no name."""
        return "OrdinaryNames()"

    def find(self, content: str) -> Iterator[Span]:
        """Yield them where a name stands.

        >>> [tuple(span[:2]) for span in OrdinaryNames(["Wanda Black"]).find("black is late, ask black")]
        [(0, 5), (19, 24)]
        """
        for found in self._pattern.finditer(content):
            yield Span(*found.span(found.lastgroup or 0), EntityType.PERSON, _SCORE)


def _tell_parts(name: str) -> Iterator[str]:
    parts = [part.lower() for part in _PART.findall(name)]
    if len(parts) >= _PARTS:
        yield from (part for part in parts if len(part) >= _SHORTEST and part in common_words() and is_listed(part))
