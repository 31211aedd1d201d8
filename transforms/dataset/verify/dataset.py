"""Verification of a dataset from outside: signatures, hashes, sizes, names; with the data key also rows."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc

from schemas.errors import FailedError, RefusedError
from transforms.dataset.catalog import Catalog, parse_catalog
from transforms.dataset.codec import open_parquet
from transforms.dataset.layout import CATALOG, MANIFEST, RELEASES
from transforms.dataset.manifest import Manifest, ShardRecord, verify_manifest
from transforms.dataset.signing import Verifying, find_signer
from transforms.dataset.verify.reading_record import ReadingRecord, Verification
from transforms.dataset.verify.rows import problems
from transforms.keys.reader_keys import ReaderKeys
from transforms.object_store.interface import ObjectStore
from transforms.object_store.parallel_reads import read_each

NOTHING_READ = ReadingRecord({})
_UNLISTED = (
    "is not listed by the catalog, which is older, or a command was stopped: run that command again, or restore the "
    "latest catalog"
)
_OTHER_LISTED = (
    "is not the manifest that the catalog names: one of the two is older, or a command was stopped; run that command "
    "again, or restore the latest copy of both"
)


class _CheckedFile(NamedTuple):
    """Problems of a file, the sessions that it holds, and of these the chunks of nobody (profile ``events``)."""

    problems: tuple[str, ...]
    sessions: frozenset[str] = frozenset()
    chunks: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Defect:
    """Defect of a dataset: the address of a file, and a sentence that never quotes its content."""

    file: str
    problem: str


@dataclass(frozen=True, slots=True)
class DatasetReport:
    """Defects of a dataset, and the manifests that verified; ``record``: the releases that need not be read next time.

    ``read`` counts the releases that were read whole, ``compared`` lists those whose files were only compared with the
    record of an earlier reading, ``signers`` names the key that signed each release.
    """

    findings: tuple[Defect, ...]
    manifests: tuple[Manifest, ...]
    read: int
    compared: tuple[str, ...]
    record: ReadingRecord
    signers: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class DatasetVerifier:
    """Verifier of one dataset; without ``keys`` the rows of sealed files are not checked.

    One release is read at a time. With keys it is one file of it, whose rows are in memory; without keys it is four.
    """

    store: ObjectStore
    verifying: Verifying
    keys: ReaderKeys | None

    def verify(self, only: str | None = None, record: ReadingRecord = NOTHING_READ) -> DatasetReport:
        """Verify all releases, or release ``only``; files that no signed manifest names are defects.

        A release that ``record`` holds, and whose files one listing describes as they were, is not read again. Raises
        ``RefusedError`` where the keys do not open a release: it says nothing about the data.
        """
        findings: list[Defect] = []
        reading = Verification(record, self.store.list_metadata(), self.keys is not None)
        names = sorted(reading.described)
        catalog = self._catalog(names, findings)
        ids = sorted({name.split("/")[1] for name in names if name.startswith(RELEASES) and name.count("/") > 1})
        known = {CATALOG}
        manifests: list[Manifest] = []
        signers: dict[str, str] = {}
        for release_id in ids:
            if only in (None, release_id):
                manifest = self._release(release_id, catalog, findings, reading, signers)
                if manifest is not None:
                    manifests.append(manifest)
                    known |= {*_list_files(manifest)}
                elif _path(release_id, MANIFEST) in reading.described:  # its finding is that of all its files
                    known |= {name for name in names if name.startswith(_path(release_id, ""))}
        scope = "" if only is None else _path(only, "")
        findings += [
            Defect(self._address(name), "is listed by no signed manifest: readers ignore it; find out who put it there")
            for name in names
            if name not in known and name.startswith(scope)
        ]
        if catalog is not None:
            missing = {listed.release_id for listed in catalog.releases} - set(ids)
            findings += [
                Defect(self._address(_path(name, MANIFEST)), "is named by the catalog and is missing; restore it")
                for name in sorted(missing)
                if only in (None, name)
            ]
        return DatasetReport(
            tuple(findings), tuple(manifests), reading.read, tuple(reading.compared), reading.result(only), signers
        )

    def _catalog(self, names: list[str], findings: list[Defect]) -> Catalog | None:
        shown = self._address(CATALOG)
        if CATALOG not in names:
            findings.append(Defect(shown, "is missing: no release of this dataset is current; run again"))
            return None
        try:
            with self.store.open(CATALOG) as file:
                return parse_catalog(file.read(), shown, self.verifying)
        except FailedError as error:
            findings.append(Defect(shown, _without(shown, error)))
            return None

    def _release(
        self,
        release_id: str,
        catalog: Catalog | None,
        findings: list[Defect],
        reading: Verification,
        signers: dict[str, str],
    ) -> Manifest | None:
        shown = self._address(_path(release_id, MANIFEST))
        try:
            with self.store.open(_path(release_id, MANIFEST)) as file:
                content = file.read()
            manifest = verify_manifest(content, self.verifying, shown)
        except FailedError as error:
            findings.append(Defect(shown, _without(shown, error)))
            return None
        if self.keys is not None and manifest.data_key and self.keys.data_key(manifest.data_key) is None:
            raise RefusedError(
                f"{self._address(_path(release_id, ''))} is sealed under a data key that was not passed, so that its "
                "rows cannot be checked. A key set is older than the release: restore a later backup of keys and "
                "state. A reader's keys are: have them exported again, or pass signing.public.pem alone"
            )
        if manifest.release_id != release_id or (catalog is not None and manifest.dataset != catalog.dataset):
            findings.append(Defect(shown, "belongs to another release; restore it"))
            return None
        signers[release_id] = find_signer(content) or ""
        sha256, before = hashlib.sha256(content).hexdigest(), len(findings)
        if catalog is not None and not catalog.lists(release_id, sha256, manifest.supersedes):
            findings.append(Defect(shown, _OTHER_LISTED if catalog.names(release_id) else _UNLISTED))
        if not reading.keep(release_id, sha256):
            findings += self._check_files(manifest)
            if len(findings) == before:
                reading.add(manifest, sha256, _list_files(manifest))
        return manifest

    def _check_files(self, manifest: Manifest) -> Iterator[Defect]:
        """Read every file of a release and yield what is wrong; no sessions file lists a chunk of nobody.

        With keys it is one file after another: pyarrow asks Python for the key of a file, which no thread may wait for.
        """
        release_id = manifest.release_id
        sessions: dict[str, set[str]] = {"events": set(), "sessions": set()}
        chunks: set[str] = set()
        read = read_each if self.keys is None else map
        for shard, found in zip(manifest.shards, read(partial(self._shard, release_id), manifest.shards), strict=True):
            kind = shard.path.rpartition("/")[0]
            wrong = list(found.problems)
            if kind in sessions:
                wrong += ["holds a part of a session of another file"] if found.sessions & sessions[kind] else []
                sessions[kind] |= found.sessions
                chunks |= found.chunks
            for problem in wrong:
                yield Defect(self._address(_path(release_id, shard.path)), problem)
        for document in manifest.documents:
            name = _path(release_id, document.path)
            if self._digest(name) != document.sha256:
                yield Defect(self._address(name), "is not the file that the manifest signed; run again")
        if sessions["events"] - chunks != sessions["sessions"]:
            shown = self._address(_path(release_id, MANIFEST))
            yield Defect(shown, "names sessions files that list other sessions than the events hold")

    def _shard(self, release_id: str, shard: ShardRecord) -> _CheckedFile:
        """Read a file, and its rows if it can be opened."""
        name = _path(release_id, shard.path)
        try:
            with self.store.open(name) as file:
                digest = hashlib.file_digest(file, "sha256").hexdigest()
                if (digest, file.tell()) != (shard.sha256, shard.bytes):
                    return _CheckedFile(("is not the file that the manifest signed; restore it or run again",))
                file.seek(0)
                with open_parquet(file, self.keys, self._address(name), dictionaries=False) as parquet:
                    return _CheckedFile(()) if parquet is None else _check_rows(shard, parquet.read(), release_id)
        except FailedError as error:
            return _CheckedFile((_without(self._address(name), error),))

    def _digest(self, name: str) -> str | None:
        try:
            with self.store.open(name) as file:
                return hashlib.file_digest(file, "sha256").hexdigest()
        except FailedError:
            return None

    def _address(self, name: str) -> str:
        return f"{self.store.uri}/{name}"


def _list_files(manifest: Manifest) -> list[str]:
    return [_path(manifest.release_id, path) for path in (*manifest.digests, MANIFEST)]


def _path(release_id: str, name: str) -> str:
    return f"{RELEASES}{release_id}/{name}"


def _without(shown: str, error: FailedError) -> str:
    """Strip the address from an error's sentence, since a defect carries it already."""
    return str(error).removeprefix(shown).strip()


def _check_rows(shard: ShardRecord, table: pa.Table, release_id: str) -> _CheckedFile:
    kind = shard.path.rpartition("/")[0]
    rows = table.num_rows
    wrong = [] if rows == shard.rows else [f"has {rows} rows where the manifest signed {shard.rows}"]
    wrong += problems(kind, table, release_id)
    if kind not in ("events", "sessions") or "session" not in table.column_names:
        return _CheckedFile(tuple(wrong))
    chunks = table["session"].filter(table["user"].is_null()) if kind == "events" else table["session"].slice(0, 0)
    return _CheckedFile(tuple(wrong), _unique(table["session"]), _unique(chunks))


def _unique(column: pa.ChunkedArray) -> frozenset[str]:
    return frozenset(pc.unique(column).to_pylist())
