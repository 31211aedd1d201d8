"""Published forms of keys, with each character in the spellings that it is misread as.

``AKIA[A-Z0-9]{16}`` becomes ``A[Kk][I1l...][Aa]...``: the tree of the pattern is walked, and a character stands for all
that it looks like.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from typing import Any

from schemas.entities import EntityType, Span
from transforms.redact.detect.misreadings.confusions import confusable
from transforms.redact.detect.recognizers.tokens import FORMS

_SCORE = 0.9
_SIGNS = {"_": "_ -", "-": "-_ ", ".": ".,"}
_LEAST_DIGITS = 2


@cache
def _forms() -> re.Pattern[str]:
    return re.compile("|".join(f"(?<![A-Za-z0-9])(?:{soften(form)})" for form in FORMS.values()))


def find_tokens(text: str) -> Iterator[Span]:
    """Yield the keys in ``text``, misread or not; a key holds digits, which words with hyphens do not.

    >>> [text[span.start : span.end] for text in ["use AKlAI0SF0DNN7EXAMPLE"] for span in find_tokens(text)]
    ['AKlAI0SF0DNN7EXAMPLE']
    """
    for found in _forms().finditer(text):
        if _is_mixed(found[0]):
            yield Span(found.start(), found.end(), EntityType.SECRET, _SCORE)


def _is_mixed(value: str) -> bool:
    """Tell whether a value holds digits and letters as a key does; words with hyphens and a version do not."""
    digits = sum(map(str.isdigit, value))
    return not value.isdigit() and (digits >= _LEAST_DIGITS or (digits > 0 and any(map(str.isupper, value))))


def soften(pattern: str) -> str:
    """Return a pattern that also finds what it would find if every character were misread as one that looks like it.

    >>> soften("a5[x-z]{2}")
    'a[5Ss][2Zx-z]{2}'
    """
    return _write(_parser.parse(pattern))


def _write(tree: Sequence[tuple[Any, Any]]) -> str:
    return "".join(_write_part(kind, value) for kind, value in tree)


def _write_part(kind: Any, value: Any) -> str:
    if kind is codes.LITERAL:
        return _one_of(_SIGNS.get(chr(value), confusable(chr(value))))
    if kind is codes.IN:
        return f"[{''.join(_members(value))}]"
    if kind in {codes.MAX_REPEAT, codes.MIN_REPEAT}:
        low, high, inner = value
        most = "" if high is codes.MAXREPEAT else high
        single = len(inner) == 1 and inner[0][0] in {codes.LITERAL, codes.IN}
        return (_write(inner) if single else f"(?:{_write(inner)})") + f"{{{low},{most}}}".replace(
            f"{low},{low}", f"{low}"
        )
    if kind is codes.SUBPATTERN:
        return f"(?:{_write(value[-1])})"
    if kind is codes.BRANCH:
        return f"(?:{'|'.join(map(_write, value[1]))})"
    raise ValueError(kind)


def _members(items: Sequence[tuple[Any, Any]]) -> Iterator[str]:
    """Yield the members of a set, with what they are misread as."""
    more: dict[str, None] = {}
    plain: list[str] = []
    for kind, value in items:
        if kind is codes.CATEGORY:
            plain.append({codes.CATEGORY_WORD: r"\w", codes.CATEGORY_DIGIT: r"\d"}[value])
            inside = "0123456789" if value is codes.CATEGORY_DIGIT else "1"
        elif kind is codes.RANGE:
            plain.append(f"{chr(value[0])}-{chr(value[1])}")
            inside = "".join(map(chr, range(value[0], value[1] + 1)))
        else:
            plain.append(re.escape(chr(value)))
            inside = chr(value)
        more |= dict.fromkeys(other for character in inside for other in confusable(character) if other not in inside)
    yield from (re.escape(other) for other in more)
    yield from plain


def _one_of(characters: str) -> str:
    return re.escape(characters) if len(characters) == 1 else f"[{''.join(map(re.escape, characters))}]"
