"""Hashed directory: the organisation's people as keyed digests, for a place where nobody should read the list.

Every run of words of a text is digested under the key set and looked up. The file tells how many words each value has.
"""

import hmac
import re
from collections.abc import Iterator, Mapping
from functools import lru_cache

from schemas.entities import EntityType, Span
from schemas.errors import RefusedError, UsageError
from transforms.keys.key_set import KeyRole, KeySet
from transforms.redact.bystanders.recorder_names import LISTED, OWNER, hash_owners
from transforms.redact.detect.detector import Detector
from transforms.redact.detect.directory import HASHED, SCORE, WordDetector, lower, read_content, read_rows, read_values
from transforms.redact.settings import RedactSettings

_KEY_ROW = "KEY"
"""Value in place of an entity in the row that identifies the key of the file and counts the values that follow."""
_KEY_WORD = "the key of this directory"
_WORD = re.compile(r"[^\W_]+")
_MOST_WORDS, _DIGEST_BYTES = 16, 32
_REMEMBERED = 4_096
"""Number of texts whose findings are cached, because screens repeat."""

_Values = Mapping[bytes, EntityType]


def hash_directory(content: bytes, keys: KeySet) -> str:
    """Write a clear directory as keyed digests (CSV), in the order of the digests: it tells nothing of the clear one.

    Raises ``UsageError`` for a directory of another form, or a value of more than 16 words.
    """
    key = keys.derive(KeyRole.TRANSIT, "directory")
    rows = {}
    clear = read_rows(content)
    for value, entity in read_values(clear):
        words = _WORD.findall(value)
        if len(words) > _MOST_WORDS:
            raise UsageError(f"redact.directory has a value of more than {_MOST_WORDS} words; shorten or split it")
        if words:
            rows[_digest(key, _trim(value)).hex()] = f"{entity},{len(words)}"
    rows |= {digest.hex(): f"{entity},0" for entity, digest in hash_owners(clear, key)}
    lines = [",".join(HASHED), f"{_KEY_ROW},{len(rows)},{_digest(key, _KEY_WORD).hex()}"]
    return "\n".join([*lines, *(f"{told},{digest}" for digest, told in sorted(rows.items())), ""])


def add_hashed_directory(detector: Detector, settings: RedactSettings, keys: KeySet) -> Detector:
    """Let ``detector`` find the people of a hashed directory; of a clear one it finds them already."""
    rows = read_rows(read_content(settings.directory)) if settings.directory else []
    if not rows or tuple(rows[0]) != HASHED:
        return detector
    return WordDetector(detector, HashedDirectory.of(rows, keys))


class HashedDirectory:
    """Values matched as whole words in any case, with any blanks between them, by their digests."""

    def __init__(self, key: bytes, values: _Values, lengths: frozenset[int]) -> None:
        self._key, self._values, self._lengths = key, values, sorted(lengths)
        self._remembered = lru_cache(_REMEMBERED)(self._scan)

    def __repr__(self) -> str:
        """Show the number of values and no digest."""
        return f"HashedDirectory({len(self._values)} values)"

    @classmethod
    def of(cls, rows: list[dict[str, str]], keys: KeySet) -> "HashedDirectory":
        """Read the rows of a file.

        Raises ``RefusedError`` if it is of another key set, or was cut short: it would find nobody, or not everybody.
        """
        first = next((row for row in rows if row["entity"] == _KEY_ROW), {})
        for key in keys.derivations(KeyRole.TRANSIT, "directory"):
            if _digest(key, _KEY_WORD).hex() == first.get("digest"):
                break
        else:
            raise RefusedError(
                "redact.directory was hashed under another key set; hash it again with keyveil hash-directory and this "
                "run's --keys"
            )
        try:
            listed = {
                bytes.fromhex(row["digest"]): (_read_entity(row["entity"]), int(row["words"]))
                for row in rows
                if row["entity"] != _KEY_ROW
            }
        except (ValueError, TypeError):
            raise UsageError("redact.directory has a damaged row; hash it again with keyveil hash-directory") from None
        if first.get("words") != str(len(listed)) or any(len(digest) != _DIGEST_BYTES for digest in listed):
            raise RefusedError(
                "redact.directory lacks values that it was written with; hash it again with keyveil hash-directory"
            )
        values = {name: entity for name, (entity, _) in listed.items() if entity is not None}
        return cls(key, values, frozenset(words for entity, words in listed.values() if entity is not None))

    def find(self, text: str) -> tuple[Span, ...]:
        """Find all occurrences of values in ``text``, overlapping ones included."""
        return self._remembered(text)

    def _scan(self, text: str) -> tuple[Span, ...]:
        return tuple(self._matches(text))

    def _matches(self, text: str) -> Iterator[Span]:
        """Look up each run of as many words as some value has: of ``ask anna li`` two."""
        plain = lower(text)
        words = [found.span() for found in _WORD.finditer(plain)]
        for at, (start, _) in enumerate(words):
            for length in self._lengths:
                if at + length > len(words):
                    break
                end = words[at + length - 1][1]
                entity = self._values.get(_digest(self._key, " ".join(plain[start:end].split())))
                if entity is not None:
                    yield Span(start, end, entity, SCORE)


def _read_entity(name: str) -> EntityType | None:
    """Return the kind of a value, or nothing for a row that says whose a name is."""
    return None if name in {OWNER, LISTED} else EntityType(name)


def _trim(value: str) -> str:
    """Cut what stands before the first and behind the last letter or digit: of ``+49 30 12`` the sign."""
    words = list(_WORD.finditer(value))
    return value[words[0].start() : words[-1].end()]


def _digest(key: bytes, value: str) -> bytes:
    return hmac.digest(key, b"person\0" + value.encode("utf-8", "surrogatepass"), "sha256")
