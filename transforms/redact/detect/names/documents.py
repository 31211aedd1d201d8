"""Documents about software: a description of a package, a page of its manual, notes with commands and code.

Their prose is full of words in no list that are products, and of words with capitals that are terms. A text is such a
document if it holds marks of Markdown, reStructuredText or code. Words that it imports, installs or links as packages
are no people: ``pip install lark`` above ``Lark is a parser``.
"""

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from schemas.entities import EntityType, Span
from transforms.redact.text.word_lists import is_listed

_MARK = re.compile(
    r"""
    ^[ ]{0,8}(?:```|>>>[ ]|\$[ ][a-z]|\#{2,4}[ ]\w|import[ ]\w
        |from[ ][\w.]{1,80}[ ]import[ ]|\.\.[ ][_|\w][^\n:|]{1,60}[:|])
    | `[^`\n]{1,80}`
    | ^[ ]{0,12}</?(?:h[1-6]|p|div|img|picture|details|summary|br)[ />]
    | img[.]shields[.]io/ | /badge[.]svg | (?:npmjs[.]com/package|pypi[.]org/project)/
    | \][(](?:https?://|[./#])
    | ::[ ]*$
    | (?<!\w)(?:pip3?|npm|gem|cargo|apt|apt-get|brew|conda|yarn|uv)[ ](?:install|add)[ ]
    """,
    re.VERBOSE | re.MULTILINE,
)
_LEAST_MARKS, _LINES_A_MARK = 3, 10
"""A document holds three marks, and one in ten lines."""
_PACKAGE = re.compile(
    r"""
    ^[ ]{0,8}(?:>>>[ ])?import[ ](?P<module>[A-Za-z]\w{1,40})(?=[.,;]|[ ](?:as|from)[ ]|[ ]*$)
    | ^[ ]{0,8}(?:>>>[ ])?from[ ](?P<source>[A-Za-z]\w{1,40})[\w.]{0,80}[ ]import[ ]
    | (?:require[(]|[}\w*][ ]from[ ]|^[ ]{0,8}import[ ])["'](?P<required>[A-Za-z]\w{1,40})["']
    | (?<!\w)(?:pip3?|pipx|npm|npx|gem|cargo|apt|apt-get|brew|conda|yarn|pnpm|uv)[ ](?:install|add|i|create|init)
      (?:[ ]-[\w-]{1,20}){0,3}[ ]["']?(?P<package>[A-Za-z]\w{1,40})(?=@(?:latest|next|beta|canary)\b|(?![\w@/]))
    """,
    re.VERBOSE | re.MULTILINE,
)
_INDEX = re.compile(
    r"""
    (?: pypi(?:[.]python)?[.]org/(?:project|pypi|p)/ | pepy[.]tech/(?:project|badge)/ | npmjs[.](?:com|org)/package/
    | readthedocs[.](?:org|com)/projects/ | anaconda[.]org/[\w-]{1,40}/ | crates[.]io/crates/ | docs[.]rs/
    | rubygems[.]org/gems/ | packagist[.]org/packages/[\w-]{1,40}/ | hub[.]docker[.]com/r/[\w-]{1,40}/
    | (?:github[.]com|gitlab[.]com|bitbucket[.]org|codecov[.]io/(?:gh|github)|gitter[.]im)/
      (?!(?:sponsors|users|orgs|stars)/)(?P<owner>[\w.-]{1,40})/(?!(?P=owner)(?![\w-]))
    | shields[.]io/(?:pypi|npm|crates|conda|gem|badge)/(?:\w{1,12}/){0,2}(?:conda-forge/)? )
    (?P<package>[A-Za-z]\w{1,40})(?![\w-]|[.]github[.]io)
    | https?://(?P<host>[A-Za-z]\w{1,40})[.]readthedocs[.](?:io|org)
    """,
    re.VERBOSE | re.IGNORECASE,
)
"""Addresses of packages. The owner of a repository may be a person, and so may what is called like its owner, a page of
``sponsors`` or a repository ``anna.github.io``."""
_HEADING = re.compile(
    r"""
    ^[ ]{0,3}\#{1,4}[ ](?:What[ ]is[ ]|About[ ]|Why[ ])?(?P<title>[A-Za-z]\w{1,40})\??[ ]*$
    | ^(?P<underlined>[A-Za-z]\w{1,40})[ ]*\n[=~-]{3,}[ ]*$
    | <h[1-3][^>\n]{0,80}>\s{0,9}(?P<tagged>[A-Za-z]\w{1,40})\s{0,9}</h
    | ^\W{0,8}(?P<subject>[A-Z]\w{1,40})\W{0,2}[ ](?:is|are)[ ](?:an?|the|built|designed|distributed|available|part)\b
    """,
    re.VERBOSE | re.MULTILINE,
)
"""Headings and first sentences that name a product: ``# Kedro``, ``Kedro is a toolbox``."""
_CODE = re.compile(r"`([A-Za-z]\w{1,40})(?:[.(][^`\n]{0,60})?`")
_LEAST_TOLD = 2
"""Places that install, import, link or head a package, from which its name is no person, though a listed name; one of
them is no heading, as those of a list of people are: ``## Anna``, ``Anna is the maintainer``."""
_ASKED = re.compile(r"(?<!\w)(?:ask|by|cc|dear|hello|hey|hi|mrs?|ms|tell|thanks?|to)[ ,:]{1,2}@?$", re.IGNORECASE)
"""Words before a person, whatever else bears the name."""
_BEFORE = 12


def is_document(text: str) -> bool:
    r"""Return whether ``text`` is a document about software.

    >>> is_document("# Lark\nInstall with `pip`, see [the docs](https://lark.example).\n\n    import lark")
    True
    """
    marks = sum(1 for _ in _MARK.finditer(text))
    return marks >= _LEAST_MARKS and marks * _LINES_A_MARK >= text.count("\n")


# ``pip install luigi`` and ``pypi.org/project/luigi`` make ``Luigi is a scheduler`` a product, though Luigi is a listed
# name; ``pip install anna`` alone does not, and in ``ask Luigi`` it stays a person.
def drop_terms(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the spans of a document but those of people that are one word which it installs, imports, links or heads.

    A word of its code in backticks is no person, too. A listed name must be told twice.
    """
    used = Counter(found[found.lastgroup or 0].lower() for kind in (_PACKAGE, _INDEX) for found in kind.finditer(text))
    told = used + Counter(found[found.lastgroup or 0].lower() for found in _HEADING.finditer(text))
    shown = {found[1].lower() for found in _CODE.finditer(text)}
    for span in spans:
        word = text[span.start : span.end].lower().removesuffix("'s")
        term = span.entity is EntityType.PERSON and (word in told or word in shown)
        asked = _ASKED.search(text[: span.start][-_BEFORE:]) is not None
        if not term or (is_listed(word) and (asked or word not in used or told[word] < _LEAST_TOLD)):
            yield span
