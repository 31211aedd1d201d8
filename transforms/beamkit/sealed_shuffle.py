"""Sealed shuffle: a runner moves handles of encrypted Arrow slices, never clear rows.

A ``GroupByKey`` of keyveil moves *handles*. On one machine a handle points into an encrypted spill file, so the shuffle
stays small whatever the input (Beam's local group-by keeps everything in memory); elsewhere the handle carries the
sealed slice itself. Either way what Beam sees, encodes or writes to disk is ciphertext under a key that is derived for
this run alone.
"""

import json
import struct
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import pyarrow as pa

from schemas.errors import FailedError
from transforms.keys.envelope import decrypt, encrypt
from transforms.keys.key_set import KeyReference, KeyRole, KeySet

_SPILLED = b"f"
_INLINE = b"i"
_POINTER = struct.Struct(">QQ")
_WRITE_OPTIONS = pa.ipc.IpcWriteOptions(compression="lz4", use_threads=False)
"""Half the CPU of Zstandard for half as many bytes again: a slice is read once and stored for minutes."""
_READ_OPTIONS = pa.ipc.IpcReadOptions(use_threads=False)


@dataclass(frozen=True, slots=True)
class ExchangeSettings:
    """Storage of sealed slices between stages."""

    keys: KeyReference
    # names the run; its transit key, derived from this name, seals the slices
    run: str
    # a folder that all workers share; None: handles carry the sealed bytes
    spill: str | None


def seal_words(words: Mapping[str, Any], settings: ExchangeSettings) -> bytes:
    """Seal JSON values for use in a graph, which a runner stores in its staging area."""
    key = KeySet.open(settings.keys).derive(KeyRole.TRANSIT, settings.run)
    return encrypt(key, json.dumps(words).encode(), settings.run.encode())


def unseal_words(sealed: bytes, settings: ExchangeSettings) -> dict[str, Any]:
    """Unseal JSON values from ``seal_words``; raise ``FailedError`` if they were altered."""
    key = KeySet.open(settings.keys).derive(KeyRole.TRANSIT, settings.run)
    words: dict[str, Any] = json.loads(decrypt(key, sealed, settings.run.encode()))
    return words


class Exchange:
    """Writer and reader of sealed slices; create one in the ``setup`` of each DoFn instance."""

    def __init__(self, settings: ExchangeSettings) -> None:
        self._key = KeySet.open(settings.keys).derive(KeyRole.TRANSIT, settings.run)
        self._context = settings.run.encode()
        self._folder = None if settings.spill is None else Path(settings.spill)
        self._file: BinaryIO | None = None
        self._name = b""
        self._offset = 0

    def put(self, table: pa.Table) -> bytes:
        """Seal and write ``table``; return its handle, which is readable after ``flush``."""
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, table.schema, options=_WRITE_OPTIONS) as writer:
            writer.write_table(table)
        sealed = encrypt(self._key, sink.getvalue(), self._context)
        if self._folder is None:
            return _INLINE + sealed
        if self._file is None:
            name = f"{uuid.uuid4().hex}.spill"
            self._file = (self._folder / name).open("xb")
            self._name, self._offset = name.encode(), 0
        self._file.write(sealed)
        handle = _SPILLED + _POINTER.pack(self._offset, len(sealed)) + self._name
        self._offset += len(sealed)
        return handle

    def get(self, handle: bytes) -> pa.Table:
        """Read the table of ``handle``; raise ``FailedError`` if the spill file was altered."""
        kind, rest = handle[:1], handle[1:]
        if kind == _INLINE:
            sealed = rest
        elif kind == _SPILLED and self._folder is not None:
            offset, length = _POINTER.unpack(rest[: _POINTER.size])
            with (self._folder / rest[_POINTER.size :].decode()).open("rb") as spill:
                spill.seek(offset)
                sealed = spill.read(length)
        else:
            raise FailedError("a slice between two stages has an unknown form; run again with a fresh state folder")
        clear = decrypt(self._key, sealed, self._context)
        return pa.ipc.open_stream(pa.py_buffer(clear), options=_READ_OPTIONS).read_all()

    def flush(self) -> None:
        """Make every handle returned so far readable by other workers."""
        if self._file is not None:
            self._file.flush()

    def close(self) -> None:
        """Close the spill file; the next ``put`` opens a new one."""
        if self._file is not None:
            self._file.close()
            self._file = None
