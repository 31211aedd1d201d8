"""Organisations that a mail address names: who is written to at ``heron-optics.example`` works for Heron Optics."""

import re
from collections.abc import Iterator, Sequence

from schemas.entities import EntityType, Span
from transforms.redact.detect.business.listed_names import ListedNames
from transforms.redact.text.word_lists import WordClass, word_class

_HOST = re.compile(r"(?<=[\w+-]@)(?P<host>(?:[^\W_](?:[\w-]{0,61}[^\W_])?\.){1,5}[^\W\d_]{2,24})(?![\w@-])")
_SECOND = frozenset("ac co com edu gob gov go ne net or org".split())
"""Labels before that of a country that are open to anybody: ``heron.co.uk``."""
_LEAST_CHARS = 5
"""Least letters and digits of a name: a shorter one stands in too many other words."""
_OF_ANYBODY = frozenset(
    """aol arcor bluewin btinternet comcast fastmail freenet googlemail hotmail hushmail interia laposte mailinator
    naver numericable onet pobox posteo protonmail rambler rediffmail seznam sympatico t-online telenet tiscali
    tutanota verizon virgilio virginmedia wanadoo xtra yandex ymail zoho""".split()
)
"""Providers that give an address to anybody and are in no list of words."""
_TELLING = frozenset({WordClass.UNKNOWN, WordClass.FOREIGN})


def find_mail_organisations(text: str) -> Iterator[Span]:
    """Yield all mentions of the organisations that mail addresses in ``text`` name, however they are written.

    A domain of one word that is in a list of words or names, and not of another language's, is of nobody in particular,
    as is one of a public provider. Listed words are a mention with a capital or joined: ``open source`` is none.

    >>> text = "To: ana@heron-optics.example. Heron Optics wins, heron optics do not, see heron-optics.example/news"
    >>> [text[start:end] for start, end, *_ in find_mail_organisations(text)]
    ['heron-optics', 'Heron Optics', 'heron-optics']
    """
    names = {name for found in _HOST.finditer(text) if (name := _name_owner(found["host"].casefold()))}
    for span in ListedNames.of(sorted(names), EntityType.ORGANISATION).find(text):
        mention = text[span.start : span.end]
        if not mention.islower() or len(mention.split()) == 1 or not _are_listed(mention.split()):
            yield span


def _name_owner(host: str) -> str:
    """Return the label that somebody registered, '' where it names no organisation.

    >>> _name_owner("mail.heronix.co.uk"), _name_owner("mail.co.uk"), _name_owner("heron.example")
    ('heronix', '', '')
    """
    labels = host.split(".")[:-1]
    name = labels[-2] if len(labels) > 1 and labels[-1] in _SECOND else labels[-1]
    if sum(map(str.isalnum, name)) < _LEAST_CHARS or name in _OF_ANYBODY:
        return ""
    return name if "-" in name or not _are_listed([name]) else ""


def _are_listed(words: Sequence[str]) -> bool:
    """Return whether all words are in a list of words or names, and none is a common word of another language."""
    return all(word_class(word) not in _TELLING for word in words)
