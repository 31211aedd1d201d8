"""Sealed raw logs: ``keyveil ingest`` writes them, a run with the private key of the quarantine reads them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

from schemas.errors import FailedError
from schemas.rejects import Fault, Problem, Reason, RejectRecord
from transforms.ingest.formats.adapter import MapRow, Source
from transforms.ingest.formats.canonical import read_log
from transforms.ingest.formats.foreign_recording import refuse_whole
from transforms.ingest.parsing.block import Block, lone_fault
from transforms.ingest.parsing.lines import read_whole, unpack
from transforms.ingest.screenshots.log_pictures import LogPictures
from transforms.ingest.settings import IngestSettings
from transforms.keys.envelope import seal, unseal

_MAGIC, _CONTEXT = b"KVINGEST1\n", b"keyveil-ingested-v1"
_NO_KEY = Problem(
    Reason.UNREADABLE, "", "no key opens this sealed log; name the key set that it was sealed with, or seal it again"
)


@dataclass(frozen=True, slots=True)
class SealedLog:
    """Knows sealed logs; without a key each is refused whole."""

    name: str = "sealed"
    summary: str = "keyveil raw log, sealed to the quarantine key by keyveil ingest"
    mapping: tuple[MapRow, ...] = (
        MapRow("every event", "as in `canonical`, where the key set holds the private key of the quarantine"),
        MapRow("a log of another key set, or damaged", "refused whole"),
    )

    def recognises(self, path: Path) -> bool:
        """Return whether the file begins as a sealed log does."""
        return is_sealed(path)

    def read(self, source: Source, settings: IngestSettings) -> Iterator[Block]:
        """Refuse the log: nobody named a key."""
        yield from read_sealed(source, settings, ())


def is_sealed(path: Path) -> bool:
    """Return whether a file is a sealed log; reads only its first bytes, and never raises."""
    try:
        if not path.is_file():  # opening a pipe would wait for its other end
            return False
        with path.open("rb") as file:
            return file.read(len(_MAGIC)) == _MAGIC
    except OSError:
        return False


def seal_log(public: X25519PublicKey, packed: bytes) -> bytes:
    """Seal a raw log in a Zstandard frame."""
    return _MAGIC + seal(public, packed, _CONTEXT)


def open_sealed(content: bytes, privates: Iterable[X25519PrivateKey]) -> bytes | None:
    """Return the Zstandard frame of a sealed log, ``None`` where none of the keys opens it."""
    for private in privates:
        try:
            return unseal(private, content.removeprefix(_MAGIC), _CONTEXT)
        except FailedError:
            continue
    return None


def read_sealed(source: Source, settings: IngestSettings, privates: Iterable[X25519PrivateKey]) -> Iterator[Block]:
    """Yield the events of a sealed log, opened in memory."""
    try:
        content = read_whole(source.path, settings.max_recording_bytes)
    except RejectRecord as rejected:
        yield refuse_whole(rejected, source)
        return
    packed = open_sealed(content, privates) if content.startswith(_MAGIC) else None
    if packed is None:
        yield lone_fault(Fault(_NO_KEY, source.index, 0))
    else:
        yield from read_log(unpack(packed), source, settings, LogPictures("", settings))
