"""Restoration of capitals, for models that rely on them: ``meeting with anna kowalski`` gets ``Anna Kowalski``.

The length of the text and all offsets stay the same.
"""

import re

from transforms.redact.text.word_lists import WordClass, may_be_name, word_class

_WORD = re.compile(r"[^\W\d_]{2,}")
_SHORTEST_UNKNOWN, _SHORTEST_CAPITALS = 3, 4


def truecase(text: str) -> str:
    """Write lower-case and all-capital names in ``text`` with one capital.

    A lower-case word in no list counts as a name: most such words are names or foreign.
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
