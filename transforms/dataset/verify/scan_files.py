"""Search of whole files for canaries: their names, their bytes, and the rows inside shards."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from schemas.errors import FailedError, UsageError
from transforms.dataset.codec import PARQUET_MAGICS, open_parquet
from transforms.dataset.verify.byte_scanner import Hit, Scanner
from transforms.dataset.verify.parquet_scanner import scan_parquet
from transforms.keys.reader_keys import ReaderKeys
from transforms.object_store.addresses import join_uri, open_store
from transforms.object_store.interface import ObjectStore


def open_files(uri: str) -> tuple[ObjectStore, list[str]]:
    """Open the store of a file or folder, and list the names to look into; raise ``UsageError`` if there is none."""
    path = Path(uri)
    store = open_store(str(path.parent) if path.is_file() else uri)
    names = [path.name] if path.is_file() else store.names()
    if not names:
        raise UsageError(f"{uri} holds no file to look into; check the address")
    return store, names


def scan_files(
    listed: Iterable[tuple[ObjectStore, list[str]]], keys: ReaderKeys | None, scanner: Scanner
) -> Iterator[tuple[str, set[Hit]]]:
    """Yield the address of each file with the canaries that are in it."""
    for store, names in listed:
        for name in names:
            shown = join_uri(store.uri, name)
            yield shown, _scan(store, name, shown, keys, scanner)


def _scan(store: ObjectStore, name: str, shown: str, keys: ReaderKeys | None, scanner: Scanner) -> set[Hit]:
    hits = scanner.scan(shown.encode("utf-8", "surrogateescape"), "its name")
    with store.open(name) as file:
        hits |= scanner.scan_file(file)
        file.seek(0)
        if file.read(4) in PARQUET_MAGICS:
            file.seek(0)
            try:
                with open_parquet(file, keys, shown, dictionaries=True) as parquet:
                    if parquet is not None:
                        hits |= scan_parquet(parquet, scanner)
            except FailedError:
                return hits  # an altered shard is a finding of the examiner; its raw bytes were scanned
    return hits
