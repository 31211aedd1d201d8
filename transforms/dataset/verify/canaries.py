"""Byte patterns of every form in which a planted value (canary) could be stored in a file."""

import base64
import hashlib
import html
import json
import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import quote, quote_plus

from schemas.errors import UsageError

LEAST_CHARACTERS = 6
"""A shorter value would be found by chance: every thousandth digest contains four given digits."""
_MOST_BYTES = 256
"""Longest pattern: the start of a long value identifies it as well as the whole."""
SEPARATORS = re.compile(r"[\W_]+")
_SQUEEZED = "without separators"
_HASHES = ("md5", "sha1", "sha256", "sha512")
_HASH_BYTES = 9
"""Bytes of a digest in a pattern, so that a truncated digest is found too; 72 bits do not match by chance."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """Bytes that identify the value number ``ordinal`` (from 1); ``caseless`` ignores the case of ASCII letters.

    ``squeezed`` patterns are searched only in text without separators.
    """

    content: bytes = field(repr=False)
    ordinal: int
    form: str
    caseless: bool
    squeezed: bool = False


def read_canaries(text: str, shown: str) -> list[str]:
    """Parse planted values: one a line, or a JSON list of values or of objects with a ``value``.

    Raises ``UsageError``, with the ordinal, for a value so short that it would match by chance.
    """
    values = _parse_values(text, shown)
    for ordinal, value in enumerate(values, 1):
        if len(value) < LEAST_CHARACTERS:
            raise UsageError(
                f"{shown}: canary {ordinal} has fewer than {LEAST_CHARACTERS} characters; plant longer ones"
            )
    if not values:
        raise UsageError(f"{shown} holds no canary; write one a line")
    return values


def _parse_values(text: str, shown: str) -> list[str]:
    if not text.lstrip().startswith("["):
        return [line for line in text.splitlines() if line]
    try:
        items = json.loads(text)
        return [item if isinstance(item, str) else str(item["value"]) for item in items]
    except (ValueError, KeyError, TypeError):
        raise UsageError(
            f"{shown} is neither one value a line nor a JSON list of values or of objects with value"
        ) from None


def patterns(values: list[str]) -> list[Pattern]:
    """Compute the patterns of all values, each form once."""
    found: dict[tuple[bytes, int, bool], Pattern] = {}
    for ordinal, value in enumerate(values, 1):
        for form, whole, caseless in _forms(value):
            content = whole[:_MOST_BYTES]
            squeezed = form == _SQUEEZED
            found.setdefault((content, ordinal, squeezed), Pattern(content, ordinal, form, caseless, squeezed))
    return list(found.values())


def _forms(value: str) -> Iterator[tuple[str, bytes, bool]]:
    """Yield name, bytes and whether case is ignored, for each form; non-ASCII letters are spelled in each case."""
    for text in _spellings(value):
        clear = text.encode()
        yield "in the clear", clear, True
        yield "reversed", text[::-1].encode(), True
        yield from (("UTF-16", text.encode(kind), True) for kind in ("utf-16-le", "utf-16-be"))
        yield from (("URL-encoded", written.encode(), True) for written in _url(text))
        yield from (("JSON-escaped", written.encode(), True) for written in _json(text))
        yield from (("HTML-escaped", written.encode(), True) for written in _html(text))
        yield from (("hex", clear.hex(separator).encode(), True) for separator in (" ", ":", "-"))
        yield "hex", clear.hex().encode(), True
        for raw in (clear, text.encode("utf-16-le"), text[::-1].encode()):
            yield from (("base64", core, False) for core in _base64(raw))
        for hashed in {clear, clear + b"\n", text.strip().encode(), SEPARATORS.sub("", text).encode()}:
            yield from _digests(hashed)
    squeezed = SEPARATORS.sub("", value)
    if len(squeezed) >= LEAST_CHARACTERS:
        for text in _spellings(squeezed):
            yield _SQUEEZED, text.encode(), True
            yield _SQUEEZED, text[::-1].encode(), True


def _spellings(value: str) -> set[str]:
    cases = (value, value.lower(), value.upper(), value.casefold(), value.title(), value.swapcase())
    return {unicodedata.normalize(form, text) for text in cases for form in ("NFC", "NFD", "NFKC")} | {value}


def _url(text: str) -> set[str]:
    whole = "".join(f"%{byte:02x}" for byte in text.encode())
    return {quote(text), quote(text, safe=""), quote_plus(text), whole, quote(quote(text, safe=""), safe="")}


def _json(text: str) -> set[str]:
    units = text.encode("utf-16-be").hex()
    whole = "".join(f"\\u{units[at : at + 4]}" for at in range(0, len(units), 4))
    return {
        json.dumps(text)[1:-1],
        json.dumps(text, ensure_ascii=False)[1:-1],
        whole,
        json.dumps(text)[1:-1].replace("/", "\\/"),
    }


def _html(text: str) -> set[str]:
    named = html.escape(text)
    return {
        named,
        html.escape(text, quote=False),
        text.encode("ascii", "xmlcharrefreplace").decode(),
        named.encode("ascii", "xmlcharrefreplace").decode(),
        "".join(f"&#{ord(character)};" for character in text),
        "".join(f"&#x{ord(character):x};" for character in text),
    }


def _base64(raw: bytes) -> Iterator[bytes]:
    """Yield the base64 characters of ``raw`` that do not depend on its neighbours, for each alignment and alphabet."""
    for shift in range(3):
        encoded = base64.b64encode(bytes(shift) + raw)
        core = encoded[-(-8 * shift // 6) : 8 * (shift + len(raw)) // 6]
        yield core
        yield core.translate(bytes.maketrans(b"+/", b"-_"))


def _digests(content: bytes) -> Iterator[tuple[str, bytes, bool]]:
    for name in _HASHES:
        start = hashlib.new(name, content, usedforsecurity=False).digest()[:_HASH_BYTES]
        yield f"unkeyed {name}", start.hex().encode(), True
        yield f"unkeyed {name}", start, False
        text = base64.b64encode(start)
        yield f"unkeyed {name}", text, False
        yield f"unkeyed {name}", text.translate(bytes.maketrans(b"+/", b"-_")), False
