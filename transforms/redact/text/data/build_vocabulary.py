"""Build the lists of ordinary words in other languages and of technical words, from the sources named in the README.

``python -m transforms.redact.text.data.build_vocabulary PACKAGES DESCRIPTIONS CATALOGUES ...`` with a file of Debian's
package names, one a line (``apt-cache pkgnames``), its file ``Translation-en``, and folders of message catalogues;
``wordfreq``, ``simplemma``, ``jieba``, ``spacy``, ``faker`` and ``babel`` must be installed. Run it after
``build_lists``.
"""

import ast
import importlib
import re
import sys
import sysconfig
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from transforms.redact.text.data.build_inflected import list_forms
from transforms.redact.text.data.catalogues import read_messages

_HERE = Path(__file__).parent
_LANGUAGES = ("de", "fr", "es", "it", "pl", "nl", "sv", "tr", "ru", "pt")
_BORNE_IN = "de_DE fr_FR es_ES it_IT pl_PL nl_NL sv_SE tr_TR ru_RU pt_PT pt_BR en_GB".split()
_MOST = 25_000
"""Words taken of a language, the commonest first."""
_WORD = re.compile(r"[^\W\d_]{2,}")
_PART = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{3,}")
_PACKAGE_WORD = re.compile(r"[a-z]{3,}")
_SHORTEST = 3
_INSIDE = re.compile(r"(?<=[^\WA-Z\d_] )[^\W\d_]{2,}(?=[ .,:]|$)")
"""A word inside a message, where its capital would mark a name, or a noun in German."""
_FIELD = re.compile(r"^(?:Package|Description-md5): .*$|^Description-en: ", re.MULTILINE)
_PARAGRAPH = re.compile(r"\n(?: \.)?\n")
_DESCRIBED = re.compile(r"(?<![\w@./:<-])[A-Za-z]{3,24}(?![\w@/:>-]|\.\w)")
"""A word of a description that is no part of an address or an identifier."""
_LEAST_MESSAGES, _LEAST_SHARED, _LEAST_DESCRIBED = 3, 10, 4
_ADJECTIVE = re.compile(r"[sc]k[aiy]$")
"""The ending of Polish family names that are adjectives: ``kowalski``."""
_LEAST_COMMON = 20
"""Fewest messages with a name that is a common word, marked ``often``."""
_TWO_SIGNS = re.compile("[\u3400-\u9fff]{2}")
_LEAST_SEEN = 30
"""Least number of occurrences, in jieba's counts, of a Chinese word."""


def list_other_languages() -> set[str]:
    """Collect the commonest words of ten languages."""
    wordfreq = importlib.import_module("wordfreq")
    listed = (wordfreq.top_n_list(language, _MOST, wordlist="best") for language in _LANGUAGES)
    return {word for words in listed for word in words if _WORD.fullmatch(word)} | _list_local_terms()


def _list_local_terms() -> set[str]:
    """Collect the words by which CLDR calls languages, scripts, countries, currencies, months and days."""
    parse = importlib.import_module("babel").Locale.parse
    found: set[str] = set()
    for locale in map(parse, _LANGUAGES):
        named = [*locale.languages.values(), *locale.scripts.values(), *locale.territories.values()]
        named += [*locale.currencies.values()]
        for calendar in (locale.months, locale.days):
            named += [name for forms in calendar["format"].values() for name in forms.values()]
        found.update(word for name in named for word in _WORD.findall(name.lower()))
    return {word for word in found if len(word) > _SHORTEST}


def list_technical_words(packages: Path, descriptions: Path) -> set[str]:
    """Collect words of package names and descriptions, and of identifiers in Python's standard library."""
    found = {word for name in packages.read_text(encoding="utf-8").split() for word in _PACKAGE_WORD.findall(name)}
    found |= list_described_words(descriptions)
    for name in _identifiers(Path(sysconfig.get_paths()["stdlib"])):
        found.update(part.lower() for part in _PART.findall(name))
        if name.isalpha():
            found.add(name.lower())
    return {word for word in found if len(word) >= _SHORTEST}


def list_described_words(descriptions: Path) -> set[str]:
    """Collect the words that four paragraphs about packages write small, or in capitals: ``solvers``, ``VHDL``.

    A word with one capital may be an author.
    """
    text = _FIELD.sub("", descriptions.read_text(encoding="utf-8"))
    seen: Counter[str] = Counter()
    for paragraph in set(_PARAGRAPH.split(text)):
        seen.update({word.lower() for word in _DESCRIBED.findall(paragraph) if not word.istitle()})
    return {word for word, count in seen.items() if count >= _LEAST_DESCRIBED}


def _identifiers(library: Path) -> Iterator[str]:
    for path in (*library.glob("*.py"), *library.glob("[a-z]*/*.py")):
        if "site-packages" in path.parts or "test" in path.parts:
            continue
        for node in ast.walk(ast.parse(path.read_bytes())):
            for attribute in ("id", "attr", "name", "arg"):
                value = getattr(node, attribute, None)
                if isinstance(value, str):
                    yield value


def list_words_that_are_names(catalogues: Sequence[Path]) -> set[str]:
    """Collect the listed names that ten languages write small in three or more messages of programs.

    ``fout``, ``campo`` and ``yeni`` are surnames too; ``often`` marks those in many messages that are no given name
    there. In German nouns count that are no given name, and in Polish each
    common word that is a family name, as many are: ``noga``, ``guzik``.
    """
    given, names = _read("given_names.txt"), _read("given_names.txt", "surnames.txt")
    top = importlib.import_module("wordfreq").top_n_list
    nouns, borne = set(top("de", _MOST, wordlist="best")) - given, _list_borne_names()
    found = set(list_forms("pl")).intersection(top("pl", _MOST, wordlist="best"), names) - given
    found, often = {word for word in found if not _ADJECTIVE.search(word)}, set[str]()
    for language in _LANGUAGES:
        seen: Counter[str] = Counter()
        for message in read_messages(catalogues, language):
            for word in set(_INSIDE.findall(message)):
                noun = language == "de" and word.istitle() and word.lower() in nouns
                seen.update([word.lower()] if (word.islower() or noun) and word.lower() in names else [])
        found.update(word for word, count in seen.items() if count >= _LEAST_MESSAGES)
        often.update(word for word, count in seen.items() if count >= _LEAST_COMMON and word not in borne)
    return {f"{word} often" if word in often else word for word in found - _often("given_names.txt")}


def _list_borne_names() -> set[str]:
    """Collect the given names that people bear where the ten languages or English are spoken."""
    found: set[str] = set()
    for locale in _BORNE_IN:
        provider = importlib.import_module(f"faker.providers.person.{locale}").Provider
        for attribute in ("first_names", "first_names_male", "first_names_female"):
            found.update(name.lower() for name in getattr(provider, attribute, ()))
    return found


def list_shared_words(catalogues: Sequence[Path]) -> set[str]:
    """Collect the English words, no stop words, that another language writes small in ten messages: ``discussion``."""
    english = _read("words.txt") - importlib.import_module("spacy.lang.en.stop_words").STOP_WORDS
    found: set[str] = set()
    for language in _LANGUAGES:
        messages = (set(_WORD.findall(message)) for message in read_messages(catalogues, language))
        seen = Counter(word for words in messages for word in words if word in english)
        found.update(word for word, count in seen.items() if count >= _LEAST_SHARED)
    return found


def _often(name: str) -> set[str]:
    lines = (_HERE / name).read_text(encoding="utf-8").splitlines()
    return {line.removesuffix(" often") for line in lines if line.endswith(" often")}


def list_chinese_words() -> set[str]:
    """Collect the Chinese words of two signs that jieba marks as something else than a person's name."""
    folder = Path(str(importlib.import_module("jieba").__file__)).parent
    rows = (line.split() for line in (folder / "dict.txt").read_text(encoding="utf-8").splitlines())
    return {
        word
        for word, seen, kind in rows
        if _TWO_SIGNS.fullmatch(word) and not kind.startswith("nr") and int(seen) >= _LEAST_SEEN
    }


def _read(*names: str) -> set[str]:
    lists = ((_HERE / name).read_text(encoding="utf-8").splitlines() for name in names)
    return {line.partition(" ")[0] for lines in lists for line in lines}


def _write(name: str, words: set[str]) -> None:
    (_HERE / name).write_text("".join(f"{word}\n" for word in sorted(words)), encoding="utf-8")


def main(packages: Path, descriptions: Path, catalogues: Sequence[Path]) -> None:
    """Write the five lists; a word of another list, names included, is left out of the first two."""
    listed = _read("given_names.txt", "surnames.txt", "words.txt", "stop_words.txt", "interface_words.txt")
    others = list_other_languages() - listed
    _write("other_languages.txt", others)
    _write("technical_words.txt", list_technical_words(packages, descriptions) - listed - others)
    _write("chinese_words.txt", list_chinese_words())
    _write("name_words.txt", list_words_that_are_names(catalogues))
    _write("shared_words.txt", list_shared_words(catalogues))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), [Path(folder) for folder in sys.argv[3:]])
