"""Word classes and name look-ups, from the lists in ``data``."""

import re
from enum import Enum, auto
from functools import cache, lru_cache
from importlib import resources

_EVERYDAY_TIER, _KNOWN_TIER = 20, 35
"""SCOWL's tiers: up to 20 a word that everyone writes, up to 35 one of a small dictionary."""
_UNLISTED = 99
_CONTRACTION = re.compile(r"['\u2019](?:ll|re|ve|d|m|t)$")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_JOINT = re.compile(r"['\u2019-]")


class WordClass(Enum):
    """The most likely kind of a word out of context."""

    INTERFACE = auto()
    EVERYDAY = auto()
    KNOWN = auto()
    FOREIGN = auto()  # one of the commonest words of another language
    VOCABULARY = auto()  # an ordinary word of another language
    TECHNICAL = auto()
    NAME = auto()
    UNKNOWN = auto()


@lru_cache(maxsize=1 << 15)
def word_class(word: str) -> WordClass:
    """Classify ``word``, in any case and without a possessive ending; a compound by its parts."""
    plain = word.lower()
    known = _classes().get(plain)
    if known is not None:
        return known
    if _CONTRACTION.search(plain):
        return WordClass.EVERYDAY
    plain = _POSSESSIVE.sub("", plain)
    parts = {_classes().get(part, WordClass.UNKNOWN) for part in _JOINT.split(plain)}
    for strong in (WordClass.NAME, WordClass.UNKNOWN):
        if strong in parts:
            return strong
    return parts.pop() if len(parts) == 1 else WordClass.KNOWN


def is_listed(word: str) -> bool:
    """Return whether ``word``, in any case, is a listed name, whatever else it means."""
    plain = _POSSESSIVE.sub("", word.lower())
    return plain in _names()


def is_given_name(word: str) -> bool:
    """Return whether ``word``, in any case, is a listed given name, whatever else it means."""
    return word.lower() in _given_names()


def may_be_name(word: str) -> bool:
    """Return whether ``word``, in any case, is a listed name and neither an everyday word of rank 10 nor interface."""
    plain = _POSSESSIVE.sub("", word.lower())
    return (
        plain in _names()
        and _classes().get(plain) is not WordClass.INTERFACE
        and _tiers().get(plain, _UNLISTED) >= _EVERYDAY_TIER
    )


@cache
def small_dictionary() -> frozenset[str]:
    """Return the words of a small dictionary."""
    return frozenset(word for word, tier in _tiers().items() if tier <= _KNOWN_TIER)


@cache
def everyday_words() -> frozenset[str]:
    """Return the lower-case words common in texts of all kinds, even those that are also names."""
    return frozenset(word for word, tier in _tiers().items() if tier <= _EVERYDAY_TIER)


@cache
def common_words() -> frozenset[str]:
    """Return the lower-case words that are never a name on their own, even if they are part of a found name.

    ``will`` and ``hope`` are among them; ``peter``, ``smith`` and ``baker``, which are words too, are not.
    """
    names = _names()
    kept = {word for word, tier in _tiers().items() if word in names and tier > _EVERYDAY_TIER}
    kept |= {word for word, often in names.items() if often and _tiers().get(word, _UNLISTED) >= _EVERYDAY_TIER}
    return _interface() | (frozenset(_tiers()) | (_foreign() - _given_names())) - frozenset(kept)


@cache
def chinese_words() -> frozenset[str]:
    """Return the ordinary Chinese words of two signs that are no names."""
    return frozenset(_lines("chinese_words.txt"))


@cache
def _lines(name: str) -> tuple[str, ...]:
    text = resources.files("transforms.redact.text.data").joinpath(name).read_text(encoding="utf-8")
    return tuple(text.splitlines())


@cache
def _tiers() -> dict[str, int]:
    return {word: int(tier) for word, _, tier in (line.partition(" ") for line in _lines("words.txt"))}


@cache
def _interface() -> frozenset[str]:
    """Return the words of interfaces, calendars and products: often capitalised, never a name on their own."""
    return frozenset(_lines("interface_words.txt"))


@cache
def _foreign() -> frozenset[str]:
    return frozenset(_lines("stop_words.txt"))


@cache
def _given_names() -> frozenset[str]:
    return frozenset(line.removesuffix(" often") for line in _lines("given_names.txt"))


@cache
def _names() -> dict[str, bool]:
    """Return every listed name, and whether it is frequent."""
    lines = (*_lines("surnames.txt"), *_lines("given_names.txt"))
    names = {word: False for word, _, _ in (line.partition(" ") for line in lines)}
    names.update({line.removesuffix(" often"): True for line in lines if line.endswith(" often")})
    return names


@cache
def _classes() -> dict[str, WordClass]:
    names = _names()
    classes = dict.fromkeys(_lines("other_languages.txt"), WordClass.VOCABULARY)
    classes |= dict.fromkeys(_lines("technical_words.txt"), WordClass.TECHNICAL)
    classes |= dict.fromkeys(names, WordClass.NAME) | dict.fromkeys(_foreign(), WordClass.FOREIGN)
    for word, tier in _tiers().items():
        if tier <= _EVERYDAY_TIER:
            classes[word] = WordClass.EVERYDAY
        elif word not in names or (tier == _KNOWN_TIER and not names[word]):
            classes[word] = WordClass.KNOWN
    return classes | dict.fromkeys(_interface(), WordClass.INTERFACE)
