"""Characters as people see them: a letter with the marks that belong to it is never cut.

Python counts a vowel sign as a character of its own, and no letter: ``शर्मा`` is five of them, and a pattern of letters
ends after the first two.
"""

import re
import unicodedata
from functools import lru_cache

_JOINERS = "\u200c\u200d"
_WHOLE_WORDS = re.compile(r"[\u0591-\u07bf\u0800-\u0dff\ufb1d-\ufdff\ufe70-\ufeff]")
"""Letters of the scripts that write a word with marks and set words apart by blanks: Hebrew, Arabic, those of India."""
_NOT_ALONE = re.compile(
    r"[^\0-\u02ff\u0370-\u0482\u048a-\u0590\u1e00-\u200b\u200e-\u20cf\u2100-\u2cee\u3000-\u3029"
    r"\u3030-\u3098\u309b-\ua66e\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]"
)
"""A character outside of the ranges that hold no mark and no letter of ``_WHOLE_WORDS``."""


def has_joined_letters(content: str) -> bool:
    """Check whether ``content`` may hold a character that ``widen`` adds to a value; for most texts it cannot."""
    return not content.isascii() and _NOT_ALONE.search(content) is not None


def is_mark(character: str) -> bool:
    """Check whether ``character`` belongs to the letter before it."""
    return character in _JOINERS or (not character.isascii() and unicodedata.category(character)[0] == "M")


def drop_marks(text: str) -> str:
    """Drop the marks of ``text``, so that patterns of letters fit it."""
    return text if text.isascii() else "".join([character for character in text if not is_mark(character)])


def widen(content: str, start: int, end: int) -> tuple[int, int]:
    """Widen the range of a value so that it cuts no letter from its marks, nor a word of a script of such letters.

    In ``प्रिया शर्मा जी`` the range of ``शर`` becomes that of ``शर्मा``; in Thai, which sets no words apart, only marks
    are added.
    """
    if content.isascii() or not 0 <= start < end <= len(content):
        return start, end
    while start > 0 and (is_mark(content[start]) or _continue_word(content[start - 1], content[start])):
        start -= 1
    while end < len(content) and (is_mark(content[end]) or _continue_word(content[end - 1], content[end])):
        end += 1
    return start, end


def _continue_word(before: str, after: str) -> bool:
    return _belongs_to_word(before) and _belongs_to_word(after)


@lru_cache(maxsize=1 << 12)
def _belongs_to_word(one: str) -> bool:
    return (_WHOLE_WORDS.match(one) is not None and one.isalpha()) or is_mark(one)
