"""A file system in which a shard exists only as the manifest signed it.

A shard is read whole, its SHA-256 is compared with the manifest, and pyarrow decodes the very bytes that were compared:
nothing can change in between, and a shard that is never read is never fetched.
"""

import hashlib
from collections.abc import Mapping
from typing import Any, NoReturn

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
from pyarrow import fs

from keyveil.location import Location
from keyveil.shards.shutdown import note_call
from schemas.errors import FailedError, UsageError
from transforms.dataset.codec import DatasetUnsealing
from transforms.dataset.manifest import ShardRecord
from transforms.keys.reader_keys import ReaderKeys

_RELEASE = "release"
"""Column of a table of several releases."""


class ShardDecoder:
    """Decoder of the shards of a table: ``schema`` holds the columns that the keys open, ``None`` if unknown."""

    def __init__(self, schema: pa.Schema | None, keys: ReaderKeys, *, sealed: bool) -> None:
        self.schema = schema
        self._unsealing = DatasetUnsealing(keys) if sealed else None
        options = ds.ParquetFragmentScanOptions() if self._unsealing is None else self._unsealing.scan_options()
        self.parquet = ds.ParquetFileFormat(default_fragment_scan_options=options)

    def prepare(self, content: pa.Buffer) -> None:
        """Make the keys of a shard known to the scan that follows."""
        if self._unsealing is not None:
            self._unsealing.unwrap(content, None if self.schema is None else frozenset(self.schema.names))


class _SignedFiles(fs.FileSystemHandler):  # type: ignore[misc]  # pyarrow ships no types
    """Opens the shards of one release, by their path in it, and nothing else."""

    def __init__(self, folder: Location, shards: Mapping[str, ShardRecord], decoder: ShardDecoder) -> None:
        self._folder, self._shards, self._decoder = folder, shards, decoder

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _SignedFiles) and (self._folder, self._shards) == (other._folder, other._shards)

    def __hash__(self) -> int:
        return hash(self._folder.shown)

    def get_type_name(self) -> str:
        return "keyveil-release"

    def normalize_path(self, path: str) -> str:
        return path

    def get_file_info(self, paths: list[str]) -> list[Any]:
        return [
            fs.FileInfo(path, fs.FileType.File, size=self._shards[path].bytes)
            if path in self._shards
            else fs.FileInfo(path, fs.FileType.NotFound)
            for path in paths
        ]

    def open_input_file(self, path: str) -> pa.NativeFile:
        note_call()
        return pa.BufferReader(self.read_verified(path))

    open_input_stream = open_input_file

    def read_verified(self, path: str) -> pa.Buffer:
        """Return the content of a shard; raise ``FailedError``, naming the file, where it is not what was signed."""
        shard, place = self._shards.get(path), self._folder.join(path)
        if shard is None:
            raise FailedError(f"{place.shown} is not a file that the manifest signed; take a path from its manifest")
        content = place.read()
        if (content.size, hashlib.sha256(content).hexdigest()) != (shard.bytes, shard.sha256):
            raise FailedError(f"{place.shown} is not the file that the manifest signed; fetch or restore it again")
        self._decoder.prepare(content)
        return content

    def _refuse(self, *_: object, **__: object) -> NoReturn:
        raise UsageError("a release is read only; make another one with keyveil run")

    get_file_info_selector = create_dir = delete_dir = delete_dir_contents = delete_root_dir_contents = _refuse
    delete_file = move = copy_file = open_output_stream = open_append_stream = _refuse


class SignedDataset(ds.FileSystemDataset):  # type: ignore[misc]  # pyarrow ships no types
    """A dataset of verified shards, for everything that takes a pyarrow dataset.

    pyarrow 25 begins ``Scanner.to_reader`` without giving up the interpreter, and DuckDB scans that way; threads that
    open the next shard would then wait for ever. Here such a reader is made of batches, which give it up.
    """

    def scanner(self, **options: Any) -> "SignedScanner":
        """Return a scanner; options as for ``pyarrow.dataset.Dataset.scanner``."""
        return SignedScanner(super().scanner(**options))


class SignedUnion(ds.UnionDataset):  # type: ignore[misc]  # pyarrow ships no types
    """Datasets of verified shards one after another; scanned as ``SignedDataset`` is."""

    def scanner(self, **options: Any) -> "SignedScanner":
        """Return a scanner; options as for ``pyarrow.dataset.Dataset.scanner``."""
        return SignedScanner(super().scanner(**options))


class SignedScanner:
    """A pyarrow scanner, but for its ``to_reader``."""

    def __init__(self, scanner: ds.Scanner) -> None:
        self._scanner = scanner

    def __getattr__(self, name: str) -> Any:
        return getattr(self._scanner, name)

    def to_reader(self) -> pa.RecordBatchReader:
        """Return the scan as a reader of record batches."""
        return pa.RecordBatchReader.from_batches(self._scanner.projected_schema, self._scanner.to_batches())


def fragment_of(folder: Location, shard: ShardRecord, decoder: ShardDecoder) -> ds.ParquetFileFragment:
    """Return one shard, read and verified now, as a fragment in memory: scanning it calls back into nothing of ours."""
    content = _SignedFiles(folder, {shard.path: shard}, decoder).read_verified(shard.path)
    return decoder.parquet.make_fragment(content)


def dataset_of(
    folder: Location, shards: tuple[ShardRecord, ...], decoder: ShardDecoder, release: str | None = None
) -> SignedDataset:
    """Return ``shards``, in that order, as a dataset, with ``release`` as a column where it is given.

    Opens no file unless the schema must be found. Scans raise ``FailedError``, naming the file, where it was altered.
    """
    filesystem = fs.PyFileSystem(_SignedFiles(folder, {shard.path: shard for shard in shards}, decoder))
    told = None if release is None else pc.field(_RELEASE) == release
    fragments = [decoder.parquet.make_fragment(shard.path, filesystem, told) for shard in shards]
    schema = fragments[0].physical_schema if decoder.schema is None else decoder.schema
    if release is not None:
        schema = schema.append(pa.field(_RELEASE, pa.string()))
    return SignedDataset(fragments, schema, decoder.parquet, filesystem)
