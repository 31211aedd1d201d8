"""Speakers of a conversation: ``Zzyzxa: hello`` among lines that begin with names.

Most lines of a transcript tell a name that a list or a model knows; the others stand in the same place.
"""

import re
from collections.abc import Iterator, Sequence

from schemas.entities import EntityType, Span
from transforms.redact.text.word_lists import WordClass, is_listed, word_class

_LINE = re.compile(
    r"^[ \t>]{0,4}([^\W\d_][^\W\d_'\u2019-]{1,24}(?:['\u2019-][^\W\d_]{1,24})?):[ \t]{1,3}(?=\S)", re.MULTILINE
)
_SCORE = 0.5
_LEAST_KNOWN = 2
"""Fewest lines that begin with a known name; half of those that begin so must."""


def find_speakers(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    r"""Yield the unknown and the listed words with capitals that begin a line as the people among ``spans`` do.

    >>> people = [Span(0, 4, EntityType.PERSON, 0.5), Span(9, 14, EntityType.PERSON, 0.5)]
    >>> [tuple(span[:2]) for span in find_speakers("Anna: hi\nWanda: hi\nZzyzxa: hi", people)]
    [(19, 25)]
    """
    people = {span.start for span in spans if span.entity is EntityType.PERSON}
    if len(people) < _LEAST_KNOWN:
        return
    begun = [found.span(1) for found in _LINE.finditer(text)]
    known = sum(start in people for start, _ in begun)
    if known < _LEAST_KNOWN or 2 * known < len(begun):
        return
    for start, end in begun:
        word = text[start:end]
        if start not in people and word.istitle() and (word_class(word) is WordClass.UNKNOWN or is_listed(word)):
            yield Span(start, end, EntityType.PERSON, _SCORE)
