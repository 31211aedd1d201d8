"""Tests for strings that look generated (keys) or chosen to be hard to guess (passwords)."""

import itertools
import re
from collections import Counter
from math import log2

_RUN = re.compile(r"[A-Za-z0-9]+")
_FEW_KINDS = 2
"""Different characters of a long row of zeros and ones, which is no key."""
_HEX = re.compile(r"(?:[0-9a-f]{32,}|[0-9A-F]{32,})")
_UUID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}", re.IGNORECASE)
_PLACEHOLDER = re.compile(
    r"[<{$%\[(].*|.*\(.*|(?:os|process|env|config|self|settings|secrets|request)\..*|[*•xX.]+|\.\.\..*"
    r"|[~.]{0,2}/(?:[\w.-]+/)+[\w-]+\.\w{2,5}|\.{1,2}/[\w-]+\.\w{2,5}|[d-](?:[r-][w-][xsStT-]){3}|(?:str|string|text|type|none|null|nil|undefined|true|false|required|optional|hidden|changeme|yes|no|todo|and|or|the|to)",
    re.IGNORECASE,
)
_SAMPLE_KEY = re.compile(
    r"your[ _-](?:[a-z]{2,12}[ _-]){0,3}(?:key|token|secret|id)(?:[ _-](?:goes[ _-])?here)?"
    r"|(?:bearer|basic|token) [<{$%\[].*|(?:true|false|none|null)\W+",
    re.IGNORECASE,
)
"""Values that stand in place of a key, ``your-api-key``; somebody may choose ``my-password``."""
_SAID_OF_A_PASSWORD = frozenset(
    """required incorrect wrong invalid expired changed reset weak strong correct missing empty needed protected too not
    the your my our a an this that is was now same stored saved case sensitive must should will for to and or in on at
    of by with have has been being please before after when if here there visible hidden encrypted hashed okay ok
    manager managers field fields policy settings reset generator again confirm confirmation forgotten login only
    oublié vergessen falsch ungültig erforderlich olvidada""".split()
)
_ENTROPY_BITS = 3.0
_DENSE_BITS = 4.0
_MIN_KEY_DIGITS = 8
_PORTS = re.compile(r"(?:[\d.]+:)?\d{1,5}(?::\d{1,5})?(?:/\w{3})?")
_MIN_KEY_CHARS = 16


def entropy(value: str) -> float:
    """Compute the Shannon entropy of the characters of ``value``, in bits per character."""
    counts = Counter(value)
    return -sum(n / len(value) * log2(n / len(value)) for n in counts.values())


def _turns(value: str) -> int:
    """Count changes of character kind (lower, upper, digit, other); a capital starting a word is no change."""
    kinds = ["d" if c.isdigit() else "u" if c.isupper() else "l" if c.islower() else "o" for c in value]
    return sum(a != b and not (a == "u" and b == "l") for a, b in itertools.pairwise(kinds))


def looks_like_key(value: str) -> bool:
    """Return whether ``value`` holds 16 or more letters and digits as irregular as a generated key."""
    if _UUID.fullmatch(value.strip("-_=")):
        return False
    return any(_irregular(run) for run in _RUN.findall(value) if len(run) >= _MIN_KEY_CHARS)


def _irregular(run: str) -> bool:
    if _HEX.fullmatch(run):
        return len(set(run)) > _FEW_KINDS
    numerals = sum(character.isdigit() for character in run)
    if not 1 <= numerals <= len(run) - 2:
        return False
    return _turns(run) >= len(run) // 4 and entropy(run) > _ENTROPY_BITS


def secret_value(value: str) -> bool | None:
    """Judge a value assigned to a name such as ``api_key``: refuse placeholders, expressions and words."""
    plain = value.strip("\"'")
    if _PLACEHOLDER.fullmatch(plain) or _SAMPLE_KEY.fullmatch(plain):
        return False
    if plain.isalpha() or (plain.isdigit() and len(plain) < _MIN_KEY_DIGITS):
        return False
    return True if looks_like_key(plain) else None


def encoded_value(value: str) -> bool | None:
    """Judge a run of base64 with a slash or plus: accept only a mix as even as that of random bytes."""
    plain = value.rstrip("=").replace("/", "").replace("+", "")
    kinds = {"d" if c.isdigit() else "u" if c.isupper() else "l" for c in plain}
    return None if len(kinds) == 3 and _turns(plain) >= len(plain) // 3 and entropy(plain) > _DENSE_BITS else False  # noqa: PLR2004


def key_value(value: str) -> bool | None:
    """Judge a string that stands alone."""
    return None if looks_like_key(value) else False


def password_value(value: str) -> bool | None:
    """Judge the value after ``password is``: accept any mix of kinds, refuse words about passwords."""
    plain = value.strip("\"'.,;")
    if len(plain) < 3 or _PLACEHOLDER.fullmatch(plain) or plain.casefold() in _SAID_OF_A_PASSWORD:  # noqa: PLR2004
        return False
    return None


_VERSION = re.compile(r"v?\d{1,4}(?:\.\d{1,8}){2,4}(?:[-+~][\w.+~-]{0,20})?")


def mixed_password_value(value: str) -> bool | None:
    """Judge like ``password_value``, and refuse plain words and versions: ``base-passwd 3.6.1``."""
    plain = value.strip("\"'.,;")
    if _VERSION.fullmatch(plain):
        return False
    if (plain.isalpha() and (plain.islower() or plain.istitle() or plain.isupper())) or password_value(value) is False:
        return False
    letters = sum(character.isalpha() for character in plain)
    return None if letters < len(plain) or _turns(plain) > 1 else False


def flag_value(value: str) -> bool | None:
    """Judge like ``mixed_password_value``, and refuse port numbers, the flag's meaning in other programs."""
    return False if _PORTS.fullmatch(value) else mixed_password_value(value)


_AT_HOST = re.compile(r"[\w.-]+@[A-Za-z][\w.-]+")
_SYMBOLS = frozenset("!#$%^&*?+=~@")


def stands_out_as_password(value: str) -> bool | None:
    """Judge a lone word: accept letters, two or more digits and a symbol in an unusual mix."""
    letters = sum(character.isalpha() for character in value)
    numerals = sum(character.isdigit() for character in value)
    symbols = sum(character in _SYMBOLS for character in value)
    if value.count("+") == symbols or letters < 3 or numerals < 2 or not 1 <= symbols <= 4 or _AT_HOST.fullmatch(value):  # noqa: PLR2004
        return False
    return None if letters + numerals >= 6 else False  # noqa: PLR2004


def scrambled_value(value: str) -> bool | None:
    """Judge a word without symbols: accept cases and digits that change too often for a name."""
    kinds = {"d" if c.isdigit() else "u" if c.isupper() else "l" for c in value}
    return None if len(kinds) == 3 and _turns(value) >= 4 else False  # noqa: PLR2004
