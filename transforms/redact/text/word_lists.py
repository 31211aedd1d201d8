"""Word classes and name look-ups, from the lists in ``data``."""

import re
from enum import Enum, auto
from functools import cache, lru_cache
from importlib import resources
from itertools import pairwise

from transforms.redact.text.inflected_words import is_inflected

_EVERYDAY_TIER, _KNOWN_TIER = 20, 35
"""SCOWL's tiers: up to 20 a word that everyone writes, up to 35 one of a small dictionary."""
_UNLISTED = 99
_CONTRACTION = re.compile(r"['\u2019](?:ll|re|ve|d|m|t)$")
_POSSESSIVE = re.compile(r"['\u2019]s?$")
_ELISION = re.compile(r"^(?:[cdjlmnst]|qu|un|quell|[dn]ell|d?all|sull)['\u2019](?=\w{3})")
"""An article or preposition that French and Italian write with its word: ``l'avvio``."""
_SHORTEST_COMPOUND, _LONGEST_COMPOUND, _SHORTEST_PART = 9, 48, 4
_DOT = "\u0307"
"""The dot that Python leaves when it writes the Turkish ``İ`` small."""
_JOINT = re.compile(r"['\u2019-]")
_ACRONYM = re.compile("[A-Z]{1,4}")


class WordClass(Enum):
    """The most likely kind of a word out of context."""

    INTERFACE = auto()
    EVERYDAY = auto()
    KNOWN = auto()
    FOREIGN = auto()  # one of the commonest words of another language
    VOCABULARY = auto()  # an ordinary word of another language
    INFLECTED = auto()  # a rarer word of another language, or a rarer form of one
    TECHNICAL = auto()
    NAME = auto()
    UNKNOWN = auto()


_OF_OTHERS = frozenset({WordClass.FOREIGN, WordClass.VOCABULARY})


@lru_cache(maxsize=1 << 15)
def word_class(word: str) -> WordClass:
    """Classify ``word``, in any case and without a possessive ending; a compound by its parts."""
    plain = word.lower().replace(_DOT, "")
    known = _classes().get(plain)
    if known is not None:
        return known
    if _CONTRACTION.search(plain):
        return WordClass.EVERYDAY
    if "-" in word and _holds_acronym(word.split("-")):
        return WordClass.TECHNICAL
    plain = _ELISION.sub("", _POSSESSIVE.sub("", plain))
    pieces = _JOINT.split(plain)
    parts = {_classes().get(part, WordClass.UNKNOWN) for part in pieces}
    if WordClass.NAME in parts and len(parts) > 1 and not any(map(_is_only_a_name, pieces)):
        return WordClass.VOCABULARY  # ``Browser-Fenster``
    for strong in (WordClass.NAME, WordClass.UNKNOWN):
        if strong in parts:
            return strong
    mixed = WordClass.VOCABULARY if parts & _OF_OTHERS else WordClass.KNOWN  # ``GNOME-Projekt``
    return parts.pop() if len(parts) == 1 else mixed


def _is_only_a_name(part: str) -> bool:
    return part not in name_words() and _classes().get(part, WordClass.UNKNOWN) in {WordClass.NAME, WordClass.UNKNOWN}


# An acronym stands in capitals beside a part that does not: ``SSL-Fehler``, ``Upload-URL``. Part by part, since one
# pattern over the whole word takes time in proportion to the square of its length.
def _holds_acronym(parts: list[str]) -> bool:
    """Return whether one of the parts of a compound is an acronym; one letter is one only before another part."""
    for before, after in pairwise(parts):
        if _ACRONYM.fullmatch(before) and any(letter.isalpha() and not "A" <= letter <= "Z" for letter in after):
            return True
        if len(after) > 1 and _ACRONYM.fullmatch(after) and any("a" <= letter <= "z" for letter in before):
            return True
    return False


@lru_cache(maxsize=1 << 15)
def is_word_form(word: str) -> bool:
    """Return whether each part of ``word``, an unknown one, is a word of some language or a form of one."""
    parts = _JOINT.split(_ELISION.sub("", _POSSESSIVE.sub("", word.lower().replace(_DOT, ""))))
    return all(_is_form(part) or _is_compound(part) for part in parts)


def is_ordinary(word: str) -> bool:
    """Return whether ``word`` is in a list of words, or a form of one, and no listed name."""
    kind = word_class(word)
    return is_word_form(word) if kind is WordClass.UNKNOWN else kind is not WordClass.NAME


def _is_form(part: str) -> bool:
    kind = _classes().get(part)
    return is_inflected(part) if kind is None else kind is not WordClass.NAME


# bildhelligkeit = bild + helligkeit; anwendungsebene = anwendung + s + ebene. Parts that are listed names do not count,
# so that most German surnames are no compounds.
def _is_compound(part: str) -> bool:
    """Return whether a word of up to 48 letters is joined from two others, each of four letters or more."""
    if part in _classes() or not _SHORTEST_COMPOUND <= len(part) <= _LONGEST_COMPOUND:
        return False
    for at in range(_SHORTEST_PART, len(part) - _SHORTEST_PART + 1):
        head, tail = part[:at], part[at:]
        if _is_form(tail) and (_is_form(head) or (head[-1] == "s" and at > _SHORTEST_PART and _is_form(head[:-1]))):
            return True
    return False


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
def name_words() -> frozenset[str]:
    """Return the listed names that are ordinary words of another language: ``fout``, ``campo``, ``yeni``."""
    return frozenset(line.removesuffix(" often") for line in _lines("name_words.txt"))


@cache
def common_name_words() -> frozenset[str]:
    """Return those that programs show often, and that are no given names where they are words: ``yeni``."""
    return frozenset(line.removesuffix(" often") for line in _lines("name_words.txt") if line.endswith(" often"))


@cache
def shared_words() -> frozenset[str]:
    """Return the English words that programs in other languages show too: ``discussion``, ``media``."""
    return frozenset(_lines("shared_words.txt"))


@cache
def products() -> frozenset[str]:
    """Return the names of fonts, products, brands and terms of science, lower case, that hold or look like names."""
    return frozenset(_lines("products.txt"))


@cache
def well_known() -> frozenset[str]:
    """Return the full names of well-known people and characters, lower case."""
    return frozenset(line for line in _lines("well_known.txt") if " " in line)


@cache
def single_well_known() -> frozenset[str]:
    """Return the single names of well-known people and characters that mean nobody else."""
    return frozenset(line for line in _lines("well_known.txt") if " " not in line)


@cache
def place_names() -> frozenset[str]:
    """Return the countries, large cities and languages, lower case; of several words those that hold a name."""
    return frozenset(_lines("place_names.txt"))


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
