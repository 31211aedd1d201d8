"""Gives names their capital back, so that a model that leans on capitals sees them in ``meeting with anna kowalski``.

The text keeps its length, and every character its place.
"""

import re

from transforms.redact.text.word_lists import WordClass, may_be_name, word_class

_WORD = re.compile(r"[^\W\d_]{2,}")
_SHORTEST_UNKNOWN, _SHORTEST_CAPITALS = 3, 4


def truecase(text: str) -> str:
    """Return ``text`` with names in lower case, and names in capitals, written with one capital.

    A word in no list counts as a name where it is in lower case: most such words are names or foreign.
    """
    return _WORD.sub(_restore_capital, text)


def _restore_capital(found: re.Match[str]) -> str:
    word = found[0]
    if word.islower():
        kind = word_class(word)
        named = kind is WordClass.NAME or (kind is WordClass.UNKNOWN and len(word) >= _SHORTEST_UNKNOWN)
    else:
        named = word.isupper() and len(word) >= _SHORTEST_CAPITALS and may_be_name(word)
    capital = word.capitalize() if named else word
    return capital if len(capital) == len(word) else word
