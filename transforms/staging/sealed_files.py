"""Sealed files of tables in private state between runs; only files named by a journal count.

A slice is sealed under the transit key of its key set, and opens under keys from before a rotation. Its digest is keyed
and of the clear content, so that the same work gives the same digests whatever file its slices came to lie in.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

import pyarrow as pa
import zstandard

from schemas.errors import FailedError
from transforms.beamkit.arrow_bytes import from_stream, to_stream
from transforms.keys.envelope import decrypt_by_any, encrypt
from transforms.keys.key_set import KeyReference, KeyRole, KeySet
from transforms.keys.pseudonym import keyed_digest
from transforms.object_store.addresses import open_store
from transforms.object_store.interface import ObjectStore, create

HELD = "held"
"""Raw rows of sessions that were not over."""


STAGED = "staged"
"""Redacted sessions that wait for the release of their window."""


CLOSED = "closed"
"""Keyed records of the sessions that were staged."""


KINDS = (HELD, STAGED, CLOSED)


_PURPOSE = "resting"


_LENGTH = struct.Struct(">Q")


_DIGITS = 32


_MOST_BYTES = 1 << 32


@dataclass(frozen=True, slots=True)
class SealedFileSettings:
    """Location of sealed files: an address in private state, and the prefix of this run's file names."""

    keys: KeyReference
    uri: str
    prefix: str


@dataclass(frozen=True, slots=True)
class Slice:
    """Sealed tables; ``rows`` counts the rows of the first."""

    digest: str
    rows: int
    sealed: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class SealedFile:
    """File of slices, named relative to the address of the state."""

    name: str
    rows: int
    digests: tuple[str, ...]


class SealedFileStore:
    """Store of sealed tables of one ``kind``; one instance per process."""

    def __init__(self, keys: KeySet, store: ObjectStore, kind: str) -> None:
        self._keys, self._place, self._kind = keys.derivations(KeyRole.TRANSIT, _PURPOSE), store, kind
        self._digesting = keys.derive(KeyRole.TRANSIT, _PURPOSE, "digest")

    @classmethod
    def of(cls, settings: SealedFileSettings, kind: str) -> "SealedFileStore":
        """Open the store of one kind."""
        return cls(KeySet.open(settings.keys), open_store(settings.uri), kind)

    def seal(self, tables: Iterable[pa.Table | None]) -> Slice:
        """Seal ``tables`` as one slice; ``None`` is read back as ``None``."""
        streams = [b"" if table is None else to_stream(table) for table in tables]
        content = b"".join(_LENGTH.pack(len(stream)) + stream for stream in streams)
        rows = from_stream(streams[0]).num_rows if streams and streams[0] else 0
        packed = zstandard.ZstdCompressor().compress(content)
        digest = keyed_digest(self._digesting, self._kind.encode(), content)[:_DIGITS]
        return Slice(digest, rows, encrypt(self._keys[0], packed, self._kind.encode()))

    def write(self, name: str, slices: list[Slice]) -> SealedFile:
        """Create a file; files that no journal names are ignored."""
        content = b"".join(_LENGTH.pack(len(item.sealed)) + item.sealed for item in slices)
        if not create(self._place, name, content):
            raise FailedError(f"{self._place.uri}/{name} is there already; run again")
        return SealedFile(name, sum(item.rows for item in slices), tuple(item.digest for item in slices))

    def read(self, name: str) -> Iterator[tuple[pa.Table | None, ...]]:
        """Yield the tables of each slice; raise ``FailedError`` if the file is missing or altered."""
        with self._place.open(name) as file:
            content = memoryview(file.read())
        while content:
            if len(content) < _LENGTH.size:
                raise self._damage(name)
            (length,) = _LENGTH.unpack_from(content)
            yield tuple(_tables(self._open(bytes(content[_LENGTH.size : _LENGTH.size + length]), name)))
            content = content[_LENGTH.size + length :]

    def _open(self, sealed: bytes, name: str) -> bytes:
        try:
            packed = decrypt_by_any(self._keys, sealed, self._kind.encode())
        except FailedError:
            raise self._damage(name) from None
        return zstandard.ZstdDecompressor().decompress(packed, max_output_size=_MOST_BYTES)

    def _damage(self, name: str) -> FailedError:
        return FailedError(f"{self._place.uri}/{name} does not open; restore private state, or name its key set")


def _tables(content: bytes) -> Iterator[pa.Table | None]:
    rest = memoryview(content)
    while rest:
        (length,) = _LENGTH.unpack_from(rest)
        stream, rest = rest[_LENGTH.size : _LENGTH.size + length], rest[_LENGTH.size + length :]
        yield from_stream(stream) if length else None
