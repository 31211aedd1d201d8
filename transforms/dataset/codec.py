"""Codec of the Parquet files of a release: equal tables give equal clear bytes; sealed by default.

Sealing is Parquet Modular Encryption: encrypted footer, AES_GCM_V1 (pages are authenticated), a fresh 256-bit key a
file and sensitivity class, wrapped twice under a key of that class. Whoever holds the file without the data key cannot
read even the schema.
"""

import base64
import io
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from io import BufferedIOBase
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

from schemas.errors import FailedError, RefusedError
from schemas.safe import SCHEMA_VERSION
from transforms.dataset.settings import StoreSettings
from transforms.keys.kms import KmsKey
from transforms.keys.reader_keys import FOOTER, ReaderKeys, class_name

SEALED_MAGIC = b"PARE"
PARQUET_MAGICS = (b"PAR1", SEALED_MAGIC)
"""First bytes of a Parquet file, clear or sealed."""
_DELTA = frozenset({"seq", "t_ms", "x", "y", "dx", "dy", "field"})
_PLAIN = frozenset({"text", "synthetic", "redactions.list.element.start", "redactions.list.element.end"})
_STATISTICS = frozenset({"session", "seq"})
"""Enough to find a session's row group; no reader needs the minimum or maximum of a text column."""
"""Of a master key identifier, ``data/<key id>/<sensitivity>``."""
_KEY_LIFETIME = timedelta(minutes=10)
_SCAN_KEY_LIFETIME = timedelta(days=1)
_DAMAGED = "was altered, is cut short, or was sealed under another data key; restore it or run again"


@dataclass(frozen=True, slots=True)
class FileHeader:
    """Metadata of a file of a release."""

    release_id: str
    privacy_statement: str
    # version of the format; a file of an earlier version that is written again keeps its own
    schema_version: int = SCHEMA_VERSION
    # names and values of this one file
    facts: tuple[tuple[str, str], ...] = ()

    def metadata(self) -> dict[str, str]:
        """Return the key-value metadata of the contract."""
        return {
            "keyveil.schema_version": str(self.schema_version),
            "keyveil.release_id": self.release_id,
            "keyveil.privacy_statement": self.privacy_statement,
            **dict(self.facts),
        }


def encode(table: pa.Table, header: FileHeader, settings: StoreSettings, keys: ReaderKeys) -> pa.Buffer:
    """Encode ``table`` as a Parquet file.

    Clear bytes depend on the arguments and the version of pyarrow alone; sealed bytes hold fresh keys and nonces.
    Every field must name its ``sensitivity`` in its metadata.
    """
    leaves = _leaves(table.schema)
    sink = pa.BufferOutputStream()
    with pq.ParquetWriter(
        sink,
        table.schema.with_metadata(header.metadata()),
        compression="zstd",
        compression_level=settings.compression_level,
        use_dictionary=[leaf for leaf in leaves if leaf not in _DELTA | _PLAIN],
        column_encoding={leaf: "DELTA_BINARY_PACKED" for leaf in leaves if leaf in _DELTA},
        write_statistics=[leaf for leaf in leaves if leaf in _STATISTICS],
        encryption_properties=_sealing(table.schema, keys) if settings.encryption == "sealed" else None,
    ) as writer:
        writer.write_table(table, row_group_size=_group_rows(table, settings))
    return sink.getvalue()


def decode(source: Path | bytes, keys: ReaderKeys | None, columns: Iterable[str] | None = None) -> pa.Table:
    """Decode the table, or some columns, of a clear or sealed file.

    Raises ``RefusedError`` for a sealed file without keys, ``FailedError`` if a bit of it was altered or the keys are
    not its own.
    """
    name = str(source) if isinstance(source, Path) else "a shard"
    try:
        with source.open("rb") if isinstance(source, Path) else io.BytesIO(source) as file:
            sealed = file.read(len(SEALED_MAGIC)) == SEALED_MAGIC
            if sealed and keys is None:
                raise RefusedError(f"{name} is sealed; give the reader's keys (keyveil keys export --role reader)")
            file.seek(0)
            unsealing = unsealing_properties(keys) if sealed and keys is not None else None
            wanted = None if columns is None else list(columns)
            return pq.ParquetFile(file, decryption_properties=unsealing, pre_buffer=False).read(columns=wanted)
    except (OSError, ValueError, pa.ArrowException, FailedError):
        raise FailedError(f"{name} {_DAMAGED}") from None


@contextmanager
def open_parquet(
    file: BufferedIOBase, keys: ReaderKeys | None, shown: str, *, dictionaries: bool
) -> Iterator[pq.ParquetFile | None]:
    """Open a Parquet file; yield ``None`` if it is sealed and no key is given.

    With ``dictionaries`` every text column is read with its whole dictionary page, unused entries included.

    Raises ``FailedError``, naming ``shown``, if the file was altered in a part that the block reads.
    """
    try:
        sealed = file.read(len(SEALED_MAGIC)) == SEALED_MAGIC
        file.seek(0)
        if sealed and keys is None:
            yield None
            return
        unsealing = unsealing_properties(keys) if sealed and keys is not None else None
        footer = pq.read_metadata(file, decryption_properties=unsealing)
        texts = [footer.schema.column(at).path for at in range(footer.num_columns)] if dictionaries else None
        file.seek(0)
        yield pq.ParquetFile(file, decryption_properties=unsealing, read_dictionary=texts, pre_buffer=False)
    except (OSError, ValueError, pa.ArrowException):
        raise FailedError(f"{shown} {_DAMAGED}") from None


def unsealing_properties(keys: ReaderKeys) -> Any:
    """Create pyarrow's decryption properties for files sealed under ``keys``."""
    return _factory(keys).file_decryption_properties(
        pe.KmsConnectionConfig(), pe.DecryptionConfiguration(cache_lifetime=_KEY_LIFETIME)
    )


class DatasetUnsealing:
    """Decryption of sealed files for scans of ``pyarrow.dataset``."""

    def __init__(self, keys: ReaderKeys) -> None:
        self._factory = _factory(keys)
        self._settings = pe.DecryptionConfiguration(cache_lifetime=_SCAN_KEY_LIFETIME)

    def scan_options(self) -> ds.ParquetFragmentScanOptions:
        """Create the options of a scan."""
        config = ds.ParquetDecryptionConfig(self._factory, pe.KmsConnectionConfig(), self._settings)
        return ds.ParquetFragmentScanOptions(decryption_config=config)

    def unwrap(self, content: pa.Buffer, columns: frozenset[str] | None) -> None:
        """Unwrap in this thread every key that reading ``columns`` (``None``: all) of a sealed file needs.

        The threads of a scan then find them in the factory's cache and call no Python. They must not: pyarrow 25
        begins some scans (``Scanner.to_reader``, and so DuckDB) without giving up the interpreter, and both would wait
        for ever.
        """
        unsealing = self._factory.file_decryption_properties(pe.KmsConnectionConfig(), self._settings)
        footer = pq.read_metadata(pa.BufferReader(content), decryption_properties=unsealing)
        names = [_top(footer.schema.column(at).path) for at in range(footer.num_columns)]
        leaves = [at for at, name in enumerate(names) if columns is None or name in columns]
        for group in range(footer.num_row_groups):
            for at in leaves:
                footer.row_group(group).column(at)


def _top(leaf: str) -> str:
    return leaf.partition(".")[0]


class _ClassKeys(pe.KmsClient):  # type: ignore[misc]  # pyarrow ships no types
    """KMS client of pyarrow that wraps its keys under the data key, one key a sensitivity class."""

    def __init__(self, keys: ReaderKeys) -> None:
        super().__init__()
        self._keys = keys

    def wrap_key(self, key_bytes: bytes, master_key_identifier: str) -> bytes:
        """Seal ``key_bytes`` under the key that ``master_key_identifier`` names."""
        return base64.b64encode(self._keys.wrap(master_key_identifier, key_bytes))

    def unwrap_key(self, wrapped_key: str, master_key_identifier: str) -> bytes:
        """Unseal a key from ``wrap_key``; raise ``FailedError`` under another key."""
        return self._keys.unwrap(master_key_identifier, base64.b64decode(wrapped_key))


_FACTORIES: dict[tuple[str, ...], Any] = {}
"""One factory a process and set of KMS keys: its cache of unwrapped keys saves a KMS call for every file."""


def _factory(keys: ReaderKeys) -> Any:
    if not isinstance(keys.data, KmsKey):
        return pe.CryptoFactory(lambda _: _ClassKeys(keys))
    names = (keys.data.key_id, *(secret.key_id for secret in keys.retired))
    return _FACTORIES.setdefault(names, pe.CryptoFactory(lambda _: _ClassKeys(keys)))


def _sealing(schema: pa.Schema, keys: ReaderKeys) -> Any:
    groups: dict[str, list[str]] = {}
    for column in schema:
        sensitivity = (column.metadata or {}).get(b"sensitivity")
        if sensitivity is None:
            raise FailedError("a column without a sensitivity class cannot be sealed; name one in the schema")
        groups.setdefault(class_name(keys.data, sensitivity.decode()), []).append(column.name)
    configuration = pe.EncryptionConfiguration(
        footer_key=class_name(keys.data, FOOTER),
        column_keys=groups,
        encryption_algorithm="AES_GCM_V1",
        plaintext_footer=False,
        double_wrapping=True,
        cache_lifetime=_KEY_LIFETIME,
        data_key_length_bits=256,
    )
    return _factory(keys).file_encryption_properties(pe.KmsConnectionConfig(), configuration)


def _group_rows(table: pa.Table, settings: StoreSettings) -> int:
    """Compute the rows of a row group of ``store.row_group_mib``; only the last group of a file may be smaller."""
    a_row: int = -(-sum(_bytes(column) for column in table.columns) // max(1, table.num_rows))
    return max(1, settings.row_group_mib * 2**20 // max(1, a_row))


def _bytes(column: pa.ChunkedArray | pa.Array) -> int:
    """Compute the bytes of the values in memory; unlike ``nbytes`` this depends on the values alone."""
    kind, rows = column.type, len(column)
    if pa.types.is_list(kind):
        return 4 * rows + _bytes(pc.list_flatten(column))
    if pa.types.is_struct(kind):
        return sum(_bytes(pc.struct_field(column, [index])) for index in range(kind.num_fields))
    if pa.types.is_string(kind) or pa.types.is_binary(kind):
        return 4 * rows + int(pc.sum(pc.binary_length(column)).as_py() or 0)
    width: int = (kind.index_type if pa.types.is_dictionary(kind) else kind).bit_width
    return width * rows // 8


def _leaves(schema: pa.Schema) -> list[str]:
    """List the Parquet names of the leaf columns of ``schema``, in order."""
    names: list[str] = []
    for column in schema:
        inner = column.type
        if not pa.types.is_list(inner):
            names.append(column.name)
        elif pa.types.is_struct(inner.value_type):
            names += [f"{column.name}.list.element.{part.name}" for part in inner.value_type]
        else:
            names.append(f"{column.name}.list.element")
    return names
