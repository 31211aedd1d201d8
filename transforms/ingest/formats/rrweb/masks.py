"""Mask characters and words that a recorder writes in the place of a value."""

import re
import unicodedata

_MASKS = "*\u2022\u25cf\u2219\u00b7\u2b24\u2217\uff0a\u2588\u25aa\u25a0\u2591\u2592\u2593\u25e6\u25cb"
"""Asterisks, bullets, dots and blocks: one of them alone is a mask."""

_FEWEST_SYMBOLS, _FEWEST_LETTERS = 3, 4
_WORD = re.compile(
    r"[<\[({*]+\s*(?:(?:value|text|input) )?(?:redacted|masked|filtered|hidden|removed|private)\s*[>\])}*]+",
    re.IGNORECASE,
)


def is_masked(value: str) -> bool:
    """Check whether a recorder wrote mask characters, or a word for them, in the place of a value.

    Any symbol is a mask character where nothing else stands there, and so is an x.

    >>> [is_masked(value) for value in ("*", "\u2022\u2022 \u2022", "###", "XXXX", "[Filtered]", "--", "xx", "a*")]
    [True, True, True, True, True, False, False, False]
    """
    dense = "".join(value.split()).casefold()
    if not dense:
        return False
    if not dense.strip(_MASKS):
        return True
    if len(set(dense)) == 1:
        symbol = unicodedata.category(dense[0])[0] in "PS"
        return len(dense) >= (_FEWEST_SYMBOLS if symbol else _FEWEST_LETTERS) and (symbol or dense[0] == "x")
    return _WORD.fullmatch(value.strip()) is not None
