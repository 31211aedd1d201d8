"""Trace a file that was found elsewhere to the releases that its rows come from (``keyveil trace-leak``).

Every release that the ledger names is read, and compared by the bytes of its files, its pseudonyms and its words.
"""

import hashlib
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple

from pipelines.budget.account import LedgerAccount
from pipelines.budget.history import ReleaseHistory
from pipelines.operations.key_exports import KeyExport
from pipelines.operations.report import read_manifest
from pipelines.operations.sealed_releases import SealedRelease, find_releases
from pipelines.state.private_state import PrivateState
from schemas.errors import KeyveilError, RefusedError
from schemas.safe import EVENTS_SCHEMA
from transforms.dataset.codec import open_parquet
from transforms.dataset.manifest import Manifest
from transforms.dataset.verify.file_texts import read_texts
from transforms.dataset.verify.parquet_scanner import list_texts
from transforms.dataset.verify.scan_files import open_files
from transforms.dataset.verify.traces import TraceCollector, find_windows
from transforms.keys.reader_keys import ReaderKeys
from transforms.object_store.addresses import open_store
from transforms.object_store.interface import ObjectStore

_IDS = ("session", "user")
_KEYS = frozenset({"app", "key", "code"})
_TEXTS = [item.name for item in EVENTS_SCHEMA if item.metadata[b"sensitivity"] == b"text" and item.name not in _KEYS]


@dataclass(frozen=True, slots=True)
class ErasedCopies:
    """Number of files from before an erasure, and its UTC day; ``None`` in a manifest of before days were stated."""

    at: str | None
    files: int


@dataclass(frozen=True, slots=True)
class TracedRelease:
    """Traces of one release in the files.

    ``files`` counts files that are one of its own to the byte, ``sessions`` and ``users`` the pseudonyms that were
    found, of all in the release; ``windows`` the runs of eight words, ``alone`` those that no other release holds.
    ``exports`` lists who got keys that open it. ``erased`` are files that an erasure removed from it, by the bytes.
    """

    address: str
    dataset: str
    files: int
    sessions: int
    all_sessions: int
    users: int
    all_users: int
    windows: int
    alone: int
    exports: tuple[KeyExport, ...]
    erased: tuple[ErasedCopies, ...] = ()

    @property
    def is_certain(self) -> bool:
        """Return whether a file or a pseudonym was found: neither is met by chance."""
        return bool(self.files or self.erased or self.sessions or self.users)


@dataclass(frozen=True, slots=True)
class LeakReport:
    """Releases with traces, most certain first; what was looked into, and what could not be read.

    ``unknown`` counts names in the files that have the form of a pseudonym and that no release has now, where a release
    has others of them: the file may be from before an erasure, as an archive of steps, of which no manifest tells.
    """

    releases: tuple[TracedRelease, ...]
    compared: int
    files: int
    unread_files: tuple[str, ...]
    unread_releases: tuple[str, ...]
    unknown: int = 0


class _Found(NamedTuple):
    """Traces in the files that were found elsewhere."""

    collector: TraceCollector
    digests: frozenset[str]
    files: int
    unread: tuple[str, ...]


class _Compared(NamedTuple):
    release: SealedRelease
    sealed_on: date
    manifest: Manifest
    traces: "_Traces"


@dataclass(slots=True)
class _Traces:
    """Traces of one release while its files are read."""

    ids: dict[str, set[str]] = field(default_factory=lambda: {name: set() for name in _IDS}, repr=False)
    windows: set[int] = field(default_factory=set, repr=False)


def trace_leak(uri: str, private: PrivateState, exports: Sequence[KeyExport]) -> LeakReport:
    """Look for traces of every release of the ledger in a file or folder; raise ``UsageError`` where there is none."""
    reader = private.keys.reader()
    found = _collect(uri, reader)
    unread: list[str] = []
    compared: list[_Compared] = []
    for release, sealed_on in _list_releases(private, unread):
        try:
            manifest = read_manifest(release, private.keys.verifying())
            traces = _find_traces(release, manifest, reader, found.collector)
        except KeyveilError:
            unread.append(release.folder)
            continue
        compared.append(_Compared(release, sealed_on, manifest, traces))
    holders = Counter(window for item in compared for window in item.traces.windows)
    traced = [_weigh(item, holders, found, _list_able(exports, item)) for item in compared]
    certain_first = sorted(traced, key=_evidence, reverse=True)
    return LeakReport(
        releases=tuple(item for item in certain_first if item.is_certain or item.alone),
        compared=len(compared),
        files=found.files,
        unread_files=found.unread,
        unread_releases=tuple(unread),
        unknown=_count_unknown(found.collector, compared),
    )


def _collect(uri: str, reader: ReaderKeys) -> _Found:
    """Collect the traces in all files at an address; one that does not open counts by its bytes alone."""
    store, names = open_files(uri)
    collector, digests, unread = TraceCollector(), set[str](), []
    for name in names:
        try:
            with store.open(name) as file:
                digests.add(hashlib.file_digest(file, "sha256").hexdigest())
            for text in read_texts(store, name, reader):
                collector.add(text)
        except KeyveilError:
            unread.append(name)
    return _Found(collector, frozenset(digests), len(names), tuple(unread))


def _list_releases(private: PrivateState, unread: list[str]) -> Iterator[tuple[SealedRelease, date]]:
    """Yield the releases that the ledger did not retire, with the day of their seal; add those that are not there."""
    history = ReleaseHistory(LedgerAccount.of(private).ledger(), frozenset())
    sealed = history.list_sealed()
    for address in sorted(history.versions().keys() - history.list_retired()):
        try:
            releases = find_releases([open_store(address)])
        except KeyveilError:
            releases = []
        yield from ((release, sealed[release.layout.release_id].date()) for release in releases)
        unread += [] if releases else [address]


def _find_traces(release: SealedRelease, manifest: Manifest, reader: ReaderKeys, wanted: TraceCollector) -> _Traces:
    """Find the ids of a release, and its words of the collector."""
    traces = _Traces()
    for shard in manifest.shards:
        if shard.path.startswith(("events/", "sessions/")):
            _add_traces(release.home, release.layout.file(shard.path), reader, wanted, traces)
    return traces


def _add_traces(home: ObjectStore, name: str, reader: ReaderKeys, wanted: TraceCollector, traces: _Traces) -> None:
    with home.open(name) as file, open_parquet(file, reader, name, dictionaries=False) as parquet:
        if parquet is None:
            raise RefusedError("sealed")
        there = set(parquet.schema_arrow.names)
        columns = [column for column in (*_IDS, *_TEXTS) if column in there]
        for group in range(parquet.num_row_groups):
            table = parquet.read_row_group(group, columns=columns)
            for column in there.intersection(_IDS):
                traces.ids[column].update(table[column].unique().to_pylist())
            texts = (text for _, part in list_texts(table.drop_columns([*there.intersection(_IDS)])) for text in part)
            traces.windows |= find_windows(texts, wanted.windows, wanted.share)


def _weigh(item: _Compared, holders: Mapping[int, int], found: _Found, exports: tuple[KeyExport, ...]) -> TracedRelease:
    sessions, users = (item.traces.ids[name] for name in _IDS)
    return TracedRelease(
        address=item.release.folder,
        dataset=item.manifest.dataset,
        files=sum(shard.sha256 in found.digests for shard in item.manifest.shards),
        sessions=len(sessions & found.collector.pseudonyms),
        all_sessions=len(sessions),
        users=len(users & found.collector.pseudonyms),
        all_users=len(users),
        windows=len(item.traces.windows),
        alone=sum(holders[window] == 1 for window in item.traces.windows),
        exports=exports,
        erased=tuple(_find_erased(item.manifest, found.digests)),
    )


def _count_unknown(collector: TraceCollector, compared: Sequence[_Compared]) -> int:
    """Count the names that are of no release; 0 where none is of one, as in a text that has nothing to do with them."""
    known = {name for item in compared for found in item.traces.ids.values() for name in found}
    return 0 if known.isdisjoint(collector.pseudonyms) else len(collector.one_case - known)


def _find_erased(manifest: Manifest, digests: Collection[str]) -> Iterator[ErasedCopies]:
    """Yield the erasures that removed a file of these ``digests``: each such file holds rows of the erased person."""
    for erasure in manifest.erasures:
        files = sum(file.sha256 in digests for file in erasure.removed)
        if files:
            yield ErasedCopies(erasure.at, files)


def _list_able(exports: Sequence[KeyExport], item: _Compared) -> tuple[KeyExport, ...]:
    """List the exports with the data key of a release: the newest key of that day, and all before it.

    A release of another key that was sealed before the day of the export has an older key.
    """
    if item.manifest.data_key is None:
        return ()
    day = item.sealed_on.isoformat()
    return tuple(export for export in exports if export.data_key == item.manifest.data_key or day <= export.at)


def _evidence(item: TracedRelease) -> tuple[int, int, int, str]:
    files = item.files + sum(copies.files for copies in item.erased)
    return files, item.sessions + item.users, item.alone, item.address
