"""A cache of compiled prefilters in private state, authenticated with a key of the key set.

Compiling takes 6 CPU seconds, loading milliseconds. Prefilters hold patterns and no text, but a tampered one would let
values pass unseen: a file without a valid MAC over its name and bytes is never loaded. A database of other patterns
under the same name fails, and so does a flipped bit. Without a key set, every process compiles.
"""

import contextlib
import hashlib
import hmac
import os
import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

import hyperscan

from transforms.keys.pseudonym import frame_parts

_MAC_BYTES = hashlib.sha256().digest_size


@dataclass(frozen=True, slots=True)
class PrefilterStore:
    """The folder of cached databases in private state, and the key of their MACs."""

    folder: Path
    key: bytes = field(repr=False)

    def read(self, name: str) -> bytes | None:
        """Read a cached database; None if it is missing or its MAC is invalid."""
        try:
            with open(self.folder / name, "rb", opener=_open_plainly) as file:
                content = file.read()
        except OSError:
            return None
        mac, database = content[:_MAC_BYTES], content[_MAC_BYTES:]
        return database if hmac.compare_digest(mac, self._mac(name, database)) else None

    def write(self, name: str, database: bytes) -> None:
        """Cache a database; if that fails, the next process compiles again."""
        with contextlib.suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            unfinished = self.folder / f"{name}.{secrets.token_hex(8)}"
            descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(self._mac(name, database) + database)
            unfinished.replace(self.folder / name)

    def _mac(self, name: str, database: bytes) -> bytes:
        return hmac.digest(self.key, b"".join(frame_parts(name.encode(), database)), "sha256")


_STORES: list[PrefilterStore] = []


@contextlib.contextmanager
def use_prefilters(store: PrefilterStore | None) -> Iterator[None]:
    """Cache databases compiled in the block in ``store`` and reuse cached ones; not thread-safe."""
    if store is None:
        yield
        return
    _STORES.append(store)
    try:
        yield
    finally:
        _STORES.pop()


def compile_database(expressions: Sequence[bytes], ids: Sequence[int], flags: int) -> hyperscan.Database:
    """Compile ``expressions`` or load them from the cache; raise ``hyperscan.error`` if one is unsupported."""
    content = repr((version("hyperscan"), expressions, ids, flags))
    name, store = hashlib.sha256(content.encode()).hexdigest(), _STORES[-1] if _STORES else None
    kept = None if store is None else _load(store.read(name))
    if kept is not None:
        return kept
    database, many = hyperscan.Database(), len(expressions)
    database.compile(expressions=list(expressions), ids=list(ids), elements=many, flags=[flags] * many)
    if store is not None:
        store.write(name, hyperscan.dumpb(database))
    return database


def _load(content: bytes | None) -> hyperscan.Database | None:
    """Load a serialised database; None if there is none or it is for another processor."""
    if content is None:
        return None
    try:
        database = hyperscan.loadb(content, hyperscan.HS_MODE_BLOCK)
        hyperscan.Scratch(database)
    except hyperscan.error:
        return None
    return database


def _open_plainly(path: str, flags: int) -> int:
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)
