"""Documents about software: a description of a package, a page of its manual, notes with commands and code.

Their prose is full of words in no list that are products, and of words with capitals that are terms. A text is such a
document if it holds marks of Markdown, reStructuredText or code. Words that it imports or installs are no people:
``pip install lark`` above ``Lark is a parser``.
"""

import re
from collections.abc import Iterator, Sequence

from schemas.entities import EntityType, Span
from transforms.redact.text.word_lists import is_listed

_MARK = re.compile(
    r"""
    ^[ ]{0,8}(?:```|>>>[ ]|\$[ ][a-z]|\#{2,4}[ ]\w|import[ ]\w
        |from[ ][\w.]{1,80}[ ]import[ ]|\.\.[ ][_|\w][^\n:|]{1,60}[:|])
    | `[^`\n]{1,80}`
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
    | require[(]["'](?P<required>[A-Za-z]\w{1,40})["'][)]
    | (?<!\w)(?:pip3?|npm|gem|cargo|apt|apt-get|brew|conda|yarn|uv)[ ](?:install|add)(?:[ ]-[\w-]{1,20}){0,3}
      [ ]["']?(?P<package>[A-Za-z]\w{1,40})(?![\w@])
    """,
    re.VERBOSE | re.MULTILINE,
)
_CODE = re.compile(r"`([A-Za-z]\w{1,40})(?:[.(][^`\n]{0,60})?`")


def is_document(text: str) -> bool:
    r"""Return whether ``text`` is a document about software.

    >>> is_document("# Lark\nInstall with `pip`, see [the docs](https://lark.example).\n\n    import lark")
    True
    """
    marks = sum(1 for _ in _MARK.finditer(text))
    return marks >= _LEAST_MARKS and marks * _LINES_A_MARK >= text.count("\n")


def drop_terms(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Yield the spans of a document but those of people that are one word which its code uses.

    It imports or installs them, or shows them in backticks. A listed name stays a name: `pip install anna` may stand
    above `ask Anna`.
    """
    words = {found[found.lastgroup or 0].lower() for found in _PACKAGE.finditer(text)}
    words |= {found[1].lower() for found in _CODE.finditer(text)}
    for span in spans:
        word = text[span.start : span.end].lower().removesuffix("'s")
        if span.entity is not EntityType.PERSON or word not in words or is_listed(word):
            yield span
