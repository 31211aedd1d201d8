"""Build the lists of this folder from the sources named in the README.

``python -m transforms.redact.text.data.build_lists SCOWL CENSUS`` with the folder of SCOWL's word lists and the folder
of the package ``names``; Faker and spaCy must be installed.
"""

import importlib
import pkgutil
import sys
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from pathlib import Path

import regex
from spacy.lang import __path__ as languages

_HERE = Path(__file__).parent
_NAME = regex.compile(r"[^\W\d_]+(?:['\u2019-][^\W\d_]+)*")
"""Counts combining marks as parts of a name, which ``re`` does not: ``शर्मा`` is one word."""
_DOT = "\u0307"
"""The dot that Python leaves when it writes ``İ`` small: ``İbrahim`` is typed as ``ibrahim`` too."""
_TIERS = (10, 20, 35, 40, 50)
_CAPITALISED_TIER = 35
_SPELLINGS = ("english", "american", "british")
_MIN_SURNAME_PERCENT = 0.0008
_GIVEN = regex.compile(r"(?:first|middle)_(?:\w+_)?names?(?:_\w+)?")
_FAMILY = regex.compile(r"(?:\w+_)?last_(?:\w+_)?names?(?:_\w+)?")
"""Attributes of Faker's providers: ``first_names_male``, ``middle_names`` (patronymics), ``unisex_last_names``."""
_ADJECTIVE = regex.compile("[sc]ki$")
"""The ending of a Polish family name that women bear with another: ``kowalska``."""
_OFTEN_PERCENT = 0.2
_BORNE_PERCENT = 0.01


def census(folder: Path) -> tuple[dict[str, float], dict[str, float]]:
    """Read the given names and surnames of the 1990 US census with their share in percent."""
    given: dict[str, float] = {}
    family: dict[str, float] = {}
    for name, shares in (("dist.male.first", given), ("dist.female.first", given), ("dist.all.last", family)):
        for line in (folder / name).read_text(encoding="utf-8").splitlines():
            word, share, *_ = line.lower().split()
            shares[word] = max(shares.get(word, 0.0), float(share))
    return given, {word: share for word, share in family.items() if share >= _MIN_SURNAME_PERCENT}


def faker_names() -> tuple[set[str], set[str]]:
    """Collect the given names and surnames of all Faker locales, lower case."""
    people = importlib.import_module("faker.providers.person")
    given: set[str] = set()
    family: set[str] = set()
    for module in pkgutil.iter_modules(people.__path__):
        provider = importlib.import_module(f"{people.__name__}.{module.name}").Provider if module.ispkg else object
        for attribute in dir(provider):
            values = getattr(provider, attribute)
            target = given if _GIVEN.fullmatch(attribute) else family if _FAMILY.fullmatch(attribute) else None
            if target is not None and not callable(values):
                target.update(word for value in _strings(values) for word in _NAME.findall(value.lower()))
    family.update([f"{word[:-1]}a" for word in family if _ADJECTIVE.search(word)])
    for target in (given, family):
        target.update([word.replace(_DOT, "") for word in target if _DOT in word])
    return {word for word in given if len(word) > 1}, {word for word in family if len(word) > 1}


def _strings(values: object) -> Iterator[str]:
    if isinstance(values, str):
        yield values
    elif isinstance(values, dict | list | tuple | set | frozenset):
        for value in values:
            yield from _strings(value)


def words(folder: Path, names: AbstractSet[str]) -> dict[str, int]:
    """Read SCOWL's lower-case words with their tier: 10 holds the commonest.

    Capitalised ones (``Japanese``, ``Christmas``) are among them unless they are listed ``names`` too.
    """
    found: dict[str, int] = {}
    for tier in _TIERS:
        for spelling in _SPELLINGS:
            path = folder / f"{spelling}-words.{tier}"
            for word in path.read_text(encoding="latin-1").split() if path.exists() else ():
                if not word.endswith("'s"):
                    found.setdefault(word, tier)
    for tier in _TIERS:
        path = folder / f"english-upper.{tier}"
        for word in path.read_text(encoding="latin-1").lower().split() if path.exists() else ():
            if word.isalpha() and word not in names:
                found.setdefault(word, max(tier, _CAPITALISED_TIER))
    return found


def stop_words() -> set[str]:
    """Collect spaCy's stop words of all languages."""
    found: set[str] = set()
    for module in pkgutil.iter_modules(languages):
        try:
            listed = importlib.import_module(f"spacy.lang.{module.name}.stop_words").STOP_WORDS
        except ImportError:
            continue
        found.update(word.lower() for word in listed if _NAME.fullmatch(word))
    return found


def _mark_frequent(shares: dict[str, float], more: set[str]) -> Iterator[str]:
    """Append ``often`` to each frequent name."""
    for word in shares.keys() | more:
        yield f"{word} often" if shares.get(word, 0.0) >= _OFTEN_PERCENT else word


def _write(name: str, lines: Iterator[str]) -> None:
    (_HERE / name).write_text("".join(f"{line}\n" for line in sorted(lines)), encoding="utf-8")


def main(scowl: Path, names: Path) -> None:
    """Write the four lists; ``interface_words.txt`` is written by hand."""
    given, family = census(names)
    more_given, more_family = faker_names()
    _write("given_names.txt", _mark_frequent(given, more_given))
    _write("surnames.txt", _mark_frequent(family, more_family))
    listed = words(scowl, given.keys() | family.keys() | more_given | more_family)
    _write("words.txt", (f"{word} {tier}" for word, tier in listed.items()))
    borne = {word for word, share in given.items() if share >= _BORNE_PERCENT}
    _write("stop_words.txt", iter(stop_words() - listed.keys() - borne))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
