"""Judgement of a word as a name: by its class, by how its line is written, and by what rules and models say of it."""

import re
from itertools import pairwise

from transforms.redact.detect.names.things import find_least_score, is_alone
from transforms.redact.detect.near_misses import is_misspelt
from transforms.redact.detect.words import (
    ABROAD,
    SHORTEST,
    Line,
    Word,
    is_common_abroad,
    is_of_other_language,
    is_thing,
    is_word_abroad,
)
from transforms.redact.text.spelling import spelling_score
from transforms.redact.text.technical import KEYWORDS
from transforms.redact.text.word_lists import WordClass, is_listed, shared_words

_LEAST = {
    WordClass.NAME: 0.0,
    WordClass.UNKNOWN: 0.05,
    WordClass.FOREIGN: 0.1,
    WordClass.VOCABULARY: 0.05,
    WordClass.INFLECTED: 0.05,
    WordClass.TECHNICAL: 0.8,
    WordClass.KNOWN: 0.2,
    WordClass.EVERYDAY: 0.3,
    WordClass.INTERFACE: 2.0,
}
"""Least score at which a word of each class is a name; interface words count only inside a longer name."""
_LEAST_ABROAD = 0.6
"""Least score of a capitalised word that is no listed name in a line of another language."""
_NEVER = 2.0
_LEAST_CAPITALS = 0.95
"""Least score of a word that is no listed name, in capitals where others are not: ``RIST``."""
_LEAST_IN_PLACE = 0.5
"""Least score of a word that is no listed name, written small where others have capitals or in a technical line."""
_LEAST_SMALL_NAME, _LEAST_SMALL_IN_CODE = 0.3, 0.6
"""Least scores of a listed name there."""
_LEAST_IN_TOKEN = 0.95
"""Least score of an unknown capitalised word of a technical token, ``UserList.render``; a known one is none."""
_LEAST_IN_CAPITALS = 0.8
"""Least score of a listed name in capitals in a technical token: ``HAVE_SYS_H``."""
_PLAIN = frozenset({WordClass.EVERYDAY, WordClass.KNOWN})
_ORDINARY = frozenset({*_PLAIN, WordClass.TECHNICAL, *ABROAD})
_LEAST_JOINED = 0.9
"""Least score of an unknown word that is joined from others or an acronym: ``DuckDB``, ``CPython``, ``APIs``."""
_JOINED = re.compile(r"^[A-Z]{2,}[a-z]|[a-z]{2}[A-Z]{2}")
_HOST = re.compile(r"://[\w.-]*$")
_LONGEST_HOST = 80
_HOST_GOES_ON = frozenset(".-")
_LEAST_SHORT = 0.9
"""Least score of one or two small letters: ``en``, ``io``."""
_STATE = re.compile(
    r", (?:A[KLRZ]|C[AOT]|D[CE]|FL|GA|HI|I[ADLN]|K[SY]|LA|M[EINOT]|N[CEHJMVY]|O[HKR]|RI|S[CD]|T[NX]|UT|V[AT]"
    r"|W[AIVY])(?!\w)"
)
"""A state behind a town: ``Topeka, KS``; of the codes, those that are degrees as well (MD, MA, MS, PA) are left out."""
_ENDING = re.compile(r"['\u2019][a-zß-ÿğış]{1,5}$")
"""The ending of an acronym: ``AAM'yi``."""
_ACRONYM = 4
"""Most letters of a listed name in capitals that is rather an acronym where others have none: ``SIM``, ``LAN``."""
_CALLS = frozenset({"(", "[", "="})
"""Signs behind a word of an expression: ``anna(``, ``anna=``; a name may stand before any other."""
_ORDINARY_SPELLING = -1.5
"""Spelling of an unknown word below which it is taken for an ordinary one."""
_FAMILY_ENDING = re.compile(r"(?:[sc]k[aiy]|wicz|czyk|poulos|poulou|enko|escu|oğlu|[oe]vi[cć]|eli[cć]|stein)$")
"""Endings of family names, which letters alone do not tell from words of their languages; they do in English."""
_LEAST_UNLIKE = 0.4
"""Least score of a word so spelt; in a line of another language it is no name."""
_LEAST_LONE = 0.6
"""Least score of an unknown word that is a line by itself, as names of buttons are."""
_LEAST_TOLD = 0.25
"""Least score of a rule about an unknown small word in a line of another language, where ``met`` is a word."""
_LEAST_MISSPELT = 0.2
"""Least score of an unknown word one typo away from an ordinary one, in lower case or starting a sentence."""
_LEAST_IN_DOCUMENT = 0.8
"""Least score of a word that is no listed name in a document about software: ``shelve``, ``Theano``."""
_ALONE = frozenset({WordClass.NAME, WordClass.FOREIGN, WordClass.VOCABULARY, WordClass.INFLECTED, WordClass.UNKNOWN})
"""Classes whose words may count as names without a model."""
_UNFAMILIAR = frozenset({WordClass.UNKNOWN, WordClass.VOCABULARY, WordClass.INFLECTED})
_PARTS = re.compile(r"[\W\d_]+")
_MARKED = "@#/\\_=&"
"""A word behind one of these is part of a handle, a tag or an address."""


def is_guessed(word: Word, score: float, line: Line) -> bool:
    """Return whether a rule found a name in ``word``: it knows the place, whatever the casing (``Hi ravi,``)."""
    if not (score > 0 and score >= _LEAST[word.kind]):
        return False
    if word.kind is WordClass.UNKNOWN and _is_joined(word.text) and score < _LEAST_IN_PLACE:
        return False
    if _is_strange_there(word, line.text, script=line.script):
        return False
    if line.technical.holds(word.start, word.end) and word.kind is not WordClass.NAME:
        return score >= _LEAST_IN_PLACE
    if not _is_told_abroad(word, score, line):
        return False
    return word.kind is not WordClass.UNKNOWN or score >= _LEAST_MISSPELT or not _reads_misspelt(word, line)


def _is_told_abroad(word: Word, score: float, line: Line) -> bool:
    """Return whether a rule is believed about a small word of another language: its English cues are words there."""
    if line.abroad and word.kind in ABROAD and score < _LEAST_IN_PLACE and not is_listed(word.text):
        return False
    if not (line.abroad and word.text.islower() and word.latin):
        return True
    if word.kind in _ORDINARY or is_word_abroad(word):
        return False
    return word.kind is not WordClass.UNKNOWN or score >= _LEAST_TOLD


def is_name(word: Word, score: float, line: Line) -> bool:
    """Return whether ``word`` is a name by its own kind, its line and the ``score`` of a model."""
    if _is_in_host(word, line.text) or _is_strange_there(word, line.text, script=line.script):
        return False
    if not ((score > 0 and score >= _least_score(word, line)) or _counts_alone(word, score, line)):
        return False
    return word.kind is not WordClass.UNKNOWN or score >= _LEAST_MISSPELT or not _reads_misspelt(word, line)


def _least_score(word: Word, line: Line) -> float:
    """Return the least score at which ``word`` is a name in its place: more in code, and where capitals mark names."""
    small, least = word.text.islower(), _least_by_form(word, line)
    if line.read and is_thing(word) and is_alone(word, line):
        least = max(least, find_least_score(word, line))
    if (line.abroad or line.single) and is_common_abroad(word):
        return _NEVER
    if line.abroad and word.latin and (word.kind is not WordClass.NAME or _is_word_there(word, line)):
        least = max(least, _least_abroad(word, line))
    if line.document and word.kind is not WordClass.NAME:
        least = max(least, _LEAST_IN_DOCUMENT)
    in_token = line.technical.holds(word.start, word.end)
    if line.technical.whole or in_token:
        return max(least, _least_in_code(word, line.text, in_token=in_token))
    if small and line.cased:
        return max(least, _LEAST_SMALL_NAME if word.kind is WordClass.NAME else _LEAST_IN_PLACE)
    mixed = line.cased or (line.abroad and not line.text.isupper())
    if mixed and (line.document or not line.english) and _is_acronym(word):
        return max(least, _LEAST_CAPITALS)
    return max(least, _LEAST_IN_PLACE) if _is_odd(word, line) else least


def _least_abroad(word: Word, line: Line) -> float:
    """Return the least score of a word, no name by itself, in a line of another language."""
    ordinary = word.kind in ABROAD or (word.kind in _PLAIN and word.text.lower() in shared_words())
    if ordinary and not (line.like_a_name and line.named):
        return _NEVER
    if word.text.islower() and (line.cased or word.kind is not WordClass.UNKNOWN):
        return _NEVER
    plain = word.kind is WordClass.NAME and (line.titled or line.begins_sentence(word))
    return _NEVER if plain else _LEAST_ABROAD


def _is_acronym(word: Word) -> bool:
    """Return whether a word in capitals is no listed name, or one of four letters or fewer: ``RIST``, ``LBA's``."""
    text = _ENDING.sub("", word.text)
    return text.isupper() and len(text) > 1 and (word.kind is not WordClass.NAME or len(text) <= _ACRONYM)


def _least_by_form(word: Word, line: Line) -> float:
    """Return the least score of ``word`` by its class, its length and its letters."""
    least = _LEAST[word.kind]
    if len(word.text) < SHORTEST and word.text.islower():
        least = max(least, _LEAST_SHORT)
    if word.kind in _UNFAMILIAR and _is_joined(word.text):
        least = _LEAST_JOINED
    if _is_spelt_like_a_word(word, line):
        least = _NEVER if line.abroad else max(least, _LEAST_UNLIKE)
    if line.lone and (not is_listed(word.text) or is_word_abroad(word)):
        least = max(least, _LEAST_LONE)
    if is_of_other_language(word) and word.latin and not line.english:
        least = max(least, _LEAST_IN_PLACE)
    return least


def _least_in_code(word: Word, text: str, *, in_token: bool) -> float:
    """Return the least score of a word of a technical line or token; small words of expressions are never names."""
    small = word.text.islower()
    before, after = text[max(word.start - 2, 0) : word.start], text[word.end : word.end + 1]
    if small and (after in _CALLS or before == "::" or word.text in KEYWORDS):
        return _NEVER
    if word.kind is WordClass.NAME:
        capitals = _LEAST_IN_CAPITALS if in_token and word.text.isupper() else 0.0
        return _LEAST_SMALL_IN_CODE if small else capitals
    if word.kind in _ORDINARY and (small or in_token):
        return _NEVER
    if in_token and not small:
        return _LEAST_IN_TOKEN
    path = small and "/" in (before[-1:], after)
    return _LEAST_IN_CAPITALS if (small and not path) or word.text.isupper() else _LEAST_IN_PLACE


def _is_in_host(word: Word, text: str) -> bool:
    """Return whether a word is a top domain, or no listed name and in a host: ``shields`` of ``img.shields.io``."""
    if "://" not in text or _HOST.search(text, max(word.start - _LONGEST_HOST, 0), word.start) is None:
        return False
    top = text[word.start - 1] == "." and text[word.end : word.end + 1] not in _HOST_GOES_ON
    return word.kind is not WordClass.NAME or top


def _is_strange_there(word: Word, text: str, *, script: bool) -> bool:
    """Return whether a word has an access key, is a town, or is an unlisted Latin one in another script.

    ``Ann_uler`` is a word of interfaces; ``Wayland`` and ``DVB`` are products in a Russian or Chinese line.
    """
    if (
        script
        and word.latin
        and (word.kind is not WordClass.NAME or (word.text.isupper() and len(word.text) <= _ACRONYM))
    ):
        return True
    return word.has_access_key or (word.capital and _STATE.match(text, word.end) is not None)


def _is_joined(word: str) -> bool:
    """Return whether a word has capitals as products have them, ``DuckDB``, and not as names: ``DeVito``."""
    return _JOINED.search(word) is not None


def _is_odd(word: Word, line: Line) -> bool:
    """Return whether a word is written as names seldom are: capitals only among others, digits, joined with ``_``."""
    if word.kind is WordClass.NAME or len(word.text) == 1:
        return False
    if word.kind is WordClass.VOCABULARY:
        return "_" in line.text[max(word.start - 1, 0) : word.end + 1]
    return (line.cased and word.text.isupper()) or any(map(str.isdigit, word.text))


def _counts_alone(word: Word, score: float, line: Line) -> bool:
    """Return whether ``word`` counts as a name without a model in its line.

    Not in a technical token, nor written small where others have capitals, nor unknown at the start of a sentence,
    where every word has a capital; nor where a model knows whether it is a place.
    """
    judged = line.read and is_thing(word) and is_alone(word, line)
    if (
        judged
        or word.kind not in _ALONE
        or line.technical.holds(word.start, word.end)
        or not _stands_alone(word, line.text)
    ):
        return False
    if word.kind is WordClass.NAME:
        if _is_word_there(word, line) or (line.lone and is_word_abroad(word)):
            return False
        acronym = line.cased and word.text.isupper() and len(word.text) <= _ACRONYM
        return not acronym and not (word.text.islower() and (line.cased or line.technical.whole))
    if not word.latin:
        return word.kind is WordClass.UNKNOWN and not line.begins_sentence(word)
    if line.document or line.technical.whole or line.abroad or _is_odd(word, line) or _is_spelt_like_a_word(word, line):
        return False
    return (
        not line.lone
        and (score > 0 or not line.begins_sentence(word))
        and (line.english or not is_of_other_language(word))
    )


def _is_word_there(word: Word, line: Line) -> bool:
    """Return whether a listed name is a word of the language of its line, which is not written like a name."""
    return line.abroad and not (line.like_a_name and line.named) and is_word_abroad(word)


def _is_spelt_like_a_word(word: Word, line: Line) -> bool:
    """Return whether an unknown word, or its longest part, has the letters of ordinary words."""
    if word.kind is not WordClass.UNKNOWN or not word.latin:
        return False
    if not line.abroad and _FAMILY_ENDING.search(word.text.lower()):
        return False
    part = max(_PARTS.split(word.text), key=len)
    return len(part) >= SHORTEST and spelling_score(part) < _ORDINARY_SPELLING


def _reads_misspelt(word: Word, line: Line) -> bool:
    """Return whether a word is written like an ordinary one in its place and is one typo away from one."""
    small = word.text.islower() or (word.capital and line.begins_sentence(word))
    return small and is_misspelt(word.text)


def _stands_alone(word: Word, text: str) -> bool:
    """Return whether ``word`` counts as a name without a model."""
    if len(word.text) < SHORTEST or (word.start and text[word.start - 1] in _MARKED):
        return False
    if word.kind is WordClass.NAME:
        return True
    if not word.capital or any(map(str.isdigit, word.text)):
        return False
    if word.kind is WordClass.FOREIGN:
        return is_listed(word.text)
    return word.kind in _UNFAMILIAR and not _is_camel(word.text)


def _is_camel(word: str) -> bool:
    """Return whether a word mixes cases as ``GroupWise`` and ``APIs`` do, but not ``McKay`` or ``DeVito``."""
    return word[:2].isupper() or any(left.islower() and right.isupper() for left, right in pairwise(word[2:]))
