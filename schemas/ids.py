"""Identifier types, and the canonical form in which each is compared."""

import unicodedata
from typing import NewType

SessionId = NewType("SessionId", str)
"""Name of a session by its recorder. Raw: never released."""

UserId = NewType("UserId", str)
"""Name of a person in the company. Raw: never released."""

Pseudonym = NewType("Pseudonym", str)
"""Keyed name of a session or user inside one release; fresh in every release."""

ReleaseId = NewType("ReleaseId", str)
"""Keyed digest of everything that decides a release's content."""

_INVISIBLE = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
"""Unicode categories of control and format characters, half surrogates, and line and paragraph separators."""


def canonical_id(text: str, *, fold_case: bool) -> str:
    r"""Normalise the id of a person or session: NFC, trimmed of white space and, where wanted, without case.

    Raises ``ValueError`` where nothing is left, or where the id holds a character that nobody can see: two ids that
    look alike would be two people.

    >>> canonical_id(" Jose\u0301 ", fold_case=True) == "jos\u00e9"
    True
    """
    trimmed = unicodedata.normalize("NFC", text).strip()
    if not trimmed or ((not trimmed.isascii() or not trimmed.isprintable()) and _holds_invisible(trimmed)):
        raise ValueError("an id is empty or holds a control character")
    if not fold_case:
        return trimmed
    # decomposed first: the fold of a letter under two marks depends on their order (Unicode, section 3.13, D145)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFD", trimmed).casefold()).strip()


def canonical_word(text: str) -> str:
    """Normalise the name of a purpose or of a version of consent: NFC, trimmed, without case."""
    return canonical_id(text, fold_case=True)


def look_alike(text: str, *, fold_case: bool) -> str:
    r"""Fold an id so that ids which look alike to a person are equal: compatible forms, white space, case.

    >>> look_alike("\uff21nna  B", fold_case=True)
    'anna b'
    """
    plain = unicodedata.normalize("NFKC", text)
    if fold_case:
        plain = unicodedata.normalize("NFKC", unicodedata.normalize("NFKD", plain).casefold())
    return " ".join(plain.split())


def _holds_invisible(text: str) -> bool:
    return any(unicodedata.category(char) in _INVISIBLE for char in text)
