"""A search for planted values that shares no code with the one of the product: every file, every encoding."""

import base64
import codecs
import hashlib
import html
import io
import json
import quopri
import re
import unicodedata
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path
from urllib.parse import quote, quote_plus

import ahocorasick
import pyarrow as pa
import pyarrow.parquet as pq
import zstandard

from tests.attack.spelling import spelled

WINDOW = 8
"""So many letters in a row betray a value: made-up ones agree in eight by chance once in 10^8 places."""
WINDOW_OF_DIGITS = 10
"""So many digits do: surrogates of cards and accounts are digits too, some 30,000 places in a run over 500 of them, so
that ten digits of one of 500 values agree by chance once in a hundred such runs, and once in 10^5 runs over 30."""
_DEEPEST = 3
_MOST_UNPACKED = 2**26
_ZSTD = b"\x28\xb5\x2f\xfd"
_PACKED = re.compile(b"\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]|" + re.escape(_ZSTD))
_HIDDEN = re.compile("[\\W_\u200b-\u200f\u202a-\u202e\u2060-\u2064\u00ad\ufeff]+")
_HASHES = ("md5", "sha1", "sha256", "sha512", "blake2b", "blake2s", "sha3_256")
_HASH_BYTES = 10

Written = Callable[[str], bytes]


@dataclass(frozen=True, order=True)
class Hit:
    """A place of a value: its ordinal among the values searched for, in which form, in which file or column."""

    ordinal: int
    form: str
    where: str


def _base64_at(shift: int, alphabet: bytes, value: str) -> bytes:
    """Return the characters of Base64 that do not depend on what stands around ``value``."""
    encoded = base64.b64encode(bytes(shift) + value.encode(), alphabet)
    return encoded[-(-8 * shift // 6) : 8 * (shift + len(value.encode())) // 6]


def _base32_at(shift: int, value: str) -> bytes:
    encoded = base64.b32encode(bytes(shift) + value.encode())
    return encoded[-(-8 * shift // 5) : 8 * (shift + len(value.encode())) // 5]


def _units(prefix: str, value: str) -> bytes:
    units = value.encode("utf-16-be").hex()
    return "".join(f"{prefix}{units[at : at + 4]}" for at in range(0, len(units), 4)).encode()


def _every_byte(prefix: str, value: str) -> bytes:
    return "".join(f"{prefix}{byte:02x}" for byte in value.encode()).encode()


def _digest(name: str, value: str) -> bytes:
    return hashlib.new(name, value.encode(), usedforsecurity=False).digest()[:_HASH_BYTES]


EXACT: dict[str, Written] = {
    **{f"base64, shift {shift}": partial(_base64_at, shift, b"+/") for shift in range(3)},
    **{f"base64url, shift {shift}": partial(_base64_at, shift, b"-_") for shift in range(3)},
    **{f"base32, shift {shift}": partial(_base32_at, shift) for shift in range(5)},
    **{f"{name}, raw": partial(_digest, name) for name in _HASHES},
    **{f"{name}, base64": lambda value, name=name: base64.b64encode(_digest(name, value))[:12] for name in _HASHES},
}
"""Forms in which case matters."""

CASELESS: dict[str, Written] = {
    "utf-8": str.encode,
    "NFD": lambda value: unicodedata.normalize("NFD", value).encode(),
    **{kind: partial(str.encode, encoding=kind) for kind in ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")},
    "reversed": lambda value: value[::-1].encode(),
    "rot13": lambda value: codecs.encode(value, "rot13").encode(),
    "hex": lambda value: value.encode().hex().encode(),
    "hex of utf-16": lambda value: value.encode("utf-16-le").hex().encode(),
    "hex with spaces": lambda value: value.encode().hex(" ").encode(),
    "quoted URL": lambda value: quote(value, safe="").encode(),
    "quoted URL, plus": lambda value: quote_plus(value).encode(),
    "quoted URL twice": lambda value: quote(quote(value, safe=""), safe="").encode(),
    "every byte in %": partial(_every_byte, "%"),
    "every byte in =": partial(_every_byte, "="),
    "every byte in \\x": partial(_every_byte, "\\x"),
    "quoted-printable": lambda value: quopri.encodestring(value.encode()),
    "JSON": lambda value: json.dumps(value)[1:-1].encode(),
    "JSON, every unit": partial(_units, "\\u"),
    "HTML": lambda value: html.escape(value).encode(),
    "HTML, decimal": lambda value: "".join(f"&#{ord(letter)};" for letter in value).encode(),
    "HTML, hexadecimal": lambda value: "".join(f"&#x{ord(letter):x};" for letter in value).encode(),
    "zero-width between": lambda value: "\u200b".join(value).encode(),
    "null between": lambda value: "\0".join(value).encode(),
    "letters with spaces": lambda value: " ".join(value).encode(),
    "punycode": lambda value: value.encode("idna" if value.isascii() else "punycode"),
    **{f"{name}, hex": lambda value, name=name: _digest(name, value).hex().encode() for name in _HASHES},
}
"""Forms that are searched in bytes whose ASCII letters are small."""


class Searcher:
    """Finds any of ``values`` in files; ``values`` have letters or digits enough not to stand anywhere by chance."""

    def __init__(self, values: Iterable[str]) -> None:
        self.values = tuple(values)
        self._exact, self._caseless, self._spelled = (ahocorasick.Automaton() for _ in range(3))
        for ordinal, value in enumerate(self.values):
            for text in {value, value.lower(), value.upper(), value.capitalize()}:
                for form, write in EXACT.items():
                    _add(self._exact, write(text), ordinal, form)
            for form, write in CASELESS.items():
                for text in {value, value.lower()} if "hex" in form else {value.lower()}:
                    _add(self._caseless, write(text).lower(), ordinal, form)
            letters = folded(value)
            width = WINDOW_OF_DIGITS if letters.isdecimal() else WINDOW
            for word in {letters, letters[::-1]}:
                for at in range(len(word) - width + 1):
                    self._spelled.add_word(word[at : at + width], (ordinal, "letters"))
        for automaton in (self._exact, self._caseless, self._spelled):
            automaton.make_automaton()

    def in_bytes(self, content: bytes, where: str, depth: int = 0) -> set[Hit]:
        """Search bytes, and what is packed in them."""
        found = set(_hits(self._exact, content.decode("latin-1"), where))
        found |= set(_hits(self._caseless, content.lower().decode("latin-1"), where))
        if depth < _DEEPEST:
            for inner in unpacked(content):
                found |= self.in_bytes(inner, f"{where}, unpacked", depth + 1)
        return found

    def in_text(self, text: str, where: str) -> set[Hit]:
        """Search a text as it stands, and its letters alone, also behind one layer of escapes."""
        found = self.in_bytes(text.encode("utf-8", "surrogatepass"), where, _DEEPEST)
        for reading in readings(text):
            found |= set(_hits(self._spelled, folded(reading), where))
        return found

    def in_table(self, table: pa.Table, where: str) -> set[Hit]:
        """Search every cell of every column, and what columns spell from row to row."""
        found: set[Hit] = set()
        for name in table.column_names:
            for text in set(_leaves(table[name].to_pylist())):
                found |= self.in_text(text, f"{where}, column {name}")
        for what, text in spelled(table):
            found |= set(_hits(self._spelled, folded(text), f"{where}, {what}"))
            found |= self.in_bytes(text.encode("utf-8", "surrogatepass"), f"{where}, {what}", _DEEPEST)
        return found

    def in_file(self, path: Path, shown: str) -> set[Hit]:
        """Search the name, the bytes, and the rows where the file is Parquet in the clear."""
        content = path.read_bytes()
        found = self.in_bytes(content, shown) | self.in_text(shown, f"the name {shown}")
        if content[:4] == b"PAR1":
            table = pq.read_table(io.BytesIO(content))
            found |= self.in_bytes(str(pq.read_metadata(io.BytesIO(content)).metadata).encode(), f"{shown}, metadata")
            found |= self.in_table(table, shown)
        return found

    def in_folder(self, folder: Path) -> set[Hit]:
        """Search every file below ``folder``."""
        paths = sorted(path for path in folder.rglob("*") if path.is_file())
        return set(chain.from_iterable(self.in_file(path, str(path.relative_to(folder))) for path in paths))


def _add(automaton: ahocorasick.Automaton, written: bytes, ordinal: int, form: str) -> None:
    """Add a word under the first form that gives it."""
    word = written.decode("latin-1")
    if word not in automaton:
        automaton.add_word(word, (ordinal, form))


def _hits(automaton: ahocorasick.Automaton, text: str, where: str) -> Iterator[Hit]:
    if len(automaton):
        yield from (Hit(*found, where) for _, found in automaton.iter(text))


def folded(text: str) -> str:
    """Return the letters and digits of ``text`` alone, small and in their compatible form.

    >>> folded("A\u200bn\uff41 4-5")
    'ana45'
    """
    return _HIDDEN.sub("", unicodedata.normalize("NFKC", text).casefold())


def readings(text: str) -> Iterator[str]:
    """Yield ``text`` and what it says where its escapes are read.

    >>> list(readings("\\\\u0061b"))[-1]
    'ab'
    """
    yield text
    if "&" in text:
        yield html.unescape(text)
    if "%" in text:
        yield re.sub(r"%([0-9A-Fa-f]{2})", _character, text)
    if "=" in text:
        yield re.sub(r"=([0-9A-Fa-f]{2})", _character, text)
    if "\\" in text:
        yield re.sub(r"\\(?:u\{?([0-9A-Fa-f]{4,6})\}?|x([0-9A-Fa-f]{2})|([0-9A-Fa-f]{2,6}) ?)", _character, text)


def _character(escape: re.Match[str]) -> str:
    code = int(next(group for group in escape.groups() if group), 16)
    return chr(code) if code <= 0x10FFFF else ""


def unpacked(content: bytes) -> Iterator[bytes]:
    """Yield what every gzip, zlib or zstd member says that begins anywhere in ``content``."""
    view = memoryview(content)
    for start in _PACKED.finditer(content):
        rest = view[start.start() :]
        try:
            if start[0] == _ZSTD:
                yield zstandard.ZstdDecompressor().decompressobj().decompress(rest)
            else:
                yield zlib.decompressobj(47).decompress(rest, _MOST_UNPACKED)
        except (zlib.error, zstandard.ZstdError):
            continue


def _leaves(value: object) -> Iterator[str]:
    """Yield every text of nested values; what is no text as it is written."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, bytes):
        yield value.decode("latin-1")
    elif isinstance(value, dict):
        for part in value.values():
            yield from _leaves(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from _leaves(part)
