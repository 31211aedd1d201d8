"""Build ``inflected_words.npz``: inflected words of ten languages, from the sources in the README.

``python -m transforms.redact.text.data.build_inflected CATALOGUES ...`` with folders of message catalogues, as
``/usr/share/locale``; ``simplemma`` and ``wordfreq`` must be installed. Run it after the other lists.
"""

import importlib
import re
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from transforms.redact.text.data.catalogues import read_messages
from transforms.redact.text.inflected_words import pack

_HERE = Path(__file__).parent
_LANGUAGES = ("de", "fr", "es", "it", "pl", "nl", "sv", "tr", "ru", "pt")
_WORD = re.compile(r"[^\W\d_]{3,30}")
_LEAST_NOUN = 5
"""Fewest letters of a German noun, whose capital does not tell it from a name."""
_MOST_STEMS = 20_000
"""Commonest Turkish words whose forms are all kept: a text holds few of the forms that a word has."""
_LEAST_SMALL, _LEAST_CAPITAL = 2, 3
_LISTS = ("given_names", "surnames", "words", "stop_words", "interface_words", "other_languages", "technical_words")


def list_forms(language: str) -> Iterator[str]:
    """Yield the lower-case forms of a language that wordfreq has seen."""
    factory = importlib.import_module("simplemma.strategies.dictionaries.dictionary_factory").DefaultDictionaryFactory()
    wordfreq = importlib.import_module("wordfreq")
    seen = set(wordfreq.get_frequency_dict(language, "best"))
    stems = set(wordfreq.top_n_list(language, _MOST_STEMS, "best")) if language == "tr" else set()
    for pair in factory.get_dictionary(language).items():
        form, stem = (part.decode() if isinstance(part, bytes) else part for part in pair)
        for word in (form, stem):
            plain = word.lower()
            noun = language == "de" and len(word) >= _LEAST_NOUN
            if _WORD.fullmatch(word) and (plain == word or noun) and (plain in seen or stem in stems):
                yield plain


def list_shown_words(catalogues: Sequence[Path], language: str) -> Iterator[str]:
    """Yield the words that programs show in two messages, or with a capital in three."""
    small: Counter[str] = Counter()
    capital: Counter[str] = Counter()
    for message in read_messages(catalogues, language):
        words = set(_WORD.findall(message))
        small.update(word for word in words if word.islower())
        capital.update(word.lower() for word in words if word.istitle())
    yield from (word for word, count in small.items() if count >= _LEAST_SMALL)
    yield from (word for word, count in capital.items() if count >= _LEAST_CAPITAL)


def _read_lists() -> set[str]:
    lists = ((_HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines() for name in _LISTS)
    return {line.partition(" ")[0] for lines in lists for line in lines}


def main(catalogues: Sequence[Path]) -> None:
    """Write the filter and print the number of its words."""
    words: set[str] = set()
    for language in _LANGUAGES:
        words.update(list_forms(language))
        words.update(list_shown_words(catalogues, language))
    words -= _read_lists()
    np.savez_compressed(_HERE / "inflected_words.npz", bits=np.frombuffer(pack(sorted(words)), dtype=np.uint8))
    sys.stdout.write(f"{len(words)} words\n")


if __name__ == "__main__":
    main([Path(folder) for folder in sys.argv[1:]])
