"""Names of people that are places, languages or products too: ``We ship to France``, ``Ask France``."""

import re

from transforms.redact.detect.words import Line, Word
from transforms.redact.text.word_lists import everyday_words, is_given_name, is_listed, place_names

_LEAST_GIVEN, _LEAST_FAMILY = 0.2, 0.8
"""Least scores of a given name that is a thing too, ``Jordan``, and of another word that is one, ``France``."""
_LEAST_AMONG_THINGS, _FEWEST_BESIDE = 0.9, 2
"""Least score beside two other things that are no given names: ``Jordan, Norway, Sweden``."""


_BEFORE = re.compile(r"([^\W\d_]{2,30})[ \u00a0]$")
_AFTER = re.compile(r"[ \u00a0]([^\W\d_]{2,30})")
_LONGEST_WORD = 32
_HEADED = re.compile(
    r"[ \u00a0]{1,2}(?:\d{1,2}[:.h]\d\d(?:[ \u00a0]?[ap]\.?m\.?)?|\d{1,3}[ \u00a0]?(?:s|mins?|m|h|hrs?|d) ago)$",
    re.IGNORECASE,
)
"""A time behind a name that begins a line: the head of a message."""
_INVERTED = re.compile(r", (?:([^\W\d_]{2,30})|[A-ZÀ-Þ]\.)$")
_SAID_OF_PEOPLE = re.compile(
    r"""
    [ \u00a0](?: handed[ ]in | called[ ]in[ ](?:sick|ill|late) | (?:liked|reacted|resigned|retired|quit)\b
    | (?:is|was)[ ](?: typing | pregnant | married | divorced | ill | sick | unwell
        | (?:out|off)[ ]sick | in[ ]hospital | on[ ](?:sick|parental|maternity|paternity|medical|annual)[ ]leave )\b
    | (?:was|has[ ]been)[ ](?:fired|hired|promoted|dismissed|diagnosed|born)\b
    | has[ ](?:an?[ ])?(?:fever|migraine|cold|flu|cancer|diabetes|asthma|depression)\b
    | hat[ ]gekündigt | ist[ ](?:krank|schwanger) | est[ ](?:malade|enceinte|en[ ]congé)
    | está[ ](?:de[ ]baja|enferm[oa]|embarazada) | è[ ](?:malat[oa]|incinta) | is[ ](?:ziek|zwanger) )
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Words that are said of people alone: of their work, their health, and acts in a conversation."""


def is_alone(word: Word, line: Line) -> bool:
    """Return whether nothing beside a word tells a person: no listed name with a capital, as in ``Luce Dupont``.

    Nor a time or a given name that makes a whole line with it, ``Dupont 10:42``, nor what is said of people alone. A
    given name that is a line or a part of a title by itself may be a sender: ``Virginia - Chat``.
    """
    text = line.text
    if line.lone and is_given_name(word.text):
        return False
    if _SAID_OF_PEOPLE.match(text, word.end) or (
        not any(map(str.isalnum, text[: word.start])) and _is_whole(word, text)
    ):
        return False
    found = (
        _BEFORE.search(text, max(word.start - _LONGEST_WORD, 0), word.start),
        _AFTER.match(text, word.end, word.end + _LONGEST_WORD),
    )
    return not any(near and not near[1].islower() and _is_a_name(near[1]) for near in found)


def _is_whole(word: Word, text: str) -> bool:
    """Return whether what stands behind the first word of a line makes a head or an entry of a directory of it."""
    given = _INVERTED.match(text, word.end)
    named = given is not None and (given[1] is None or (is_given_name(given[1]) and _is_a_name(given[1])))
    return named or _HEADED.match(text, word.end) is not None


def _is_a_name(word: str) -> bool:
    return is_listed(word) and word.lower() not in place_names() and word.lower() not in everyday_words()


def find_least_score(word: Word, line: Line) -> float:
    """Return the least score at which a word that is a thing too is a person: more beside two others."""
    given = is_given_name(word.text)
    if line.things - (not given) >= _FEWEST_BESIDE:
        return _LEAST_AMONG_THINGS
    return _LEAST_GIVEN if given else _LEAST_FAMILY
