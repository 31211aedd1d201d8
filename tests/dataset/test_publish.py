"""Publishing real sealed shards, in a folder and in a bucket."""

import errno
import hashlib
import json
import os
import random
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from schemas.errors import FailedError, RefusedError
from schemas.safe import SafeSessions, ShardEntry
from tests.dataset.conftest import make_batch
from transforms.dataset import publish as publishing
from transforms.dataset.catalog import Catalog, parse_catalog
from transforms.dataset.codec import FileHeader
from transforms.dataset.layout import CATALOG, ReleaseLayout, release_layout
from transforms.dataset.manifest import Manifest, shard_records
from transforms.dataset.publish import announce, publish, sealed_release
from transforms.dataset.settings import StoreSettings
from transforms.dataset.stage import ShardPlan, ShardWriter
from transforms.keys.key_set import KeySet
from transforms.object_store.addresses import is_bucket, open_store
from transforms.object_store.atomic_files import PART
from transforms.object_store.interface import ObjectStore
from transforms.object_store.local import FolderStore

RELEASES = ("a" * 26, "b" * 26, "c" * 26)
LENGTHS = (7, 12, 3, *(1 for _ in range(17)))
"""Rows of the 20 sessions of a batch: with two batches, that a key puts all into one shard has a chance of 2e-12."""


@dataclass(frozen=True)
class Runs:
    """Runs that write the same sessions into one output; every attempt draws fresh nonces."""

    output: str
    staging: Path
    keys: KeySet
    shards: int = 2

    def layout(self, release: str = RELEASES[0]) -> ReleaseLayout:
        return release_layout(self.output, "typing", release)

    @property
    def store(self) -> ObjectStore:
        return open_store(self.layout().home)

    def write(self, release: str = RELEASES[0]) -> list[ShardEntry]:
        where = self.layout(release).folder if is_bucket(self.output) else str(self.staging)
        plan = ShardPlan(FileHeader(release, "noised"), self.shards, where)
        writer = ShardWriter(StoreSettings(), plan, self.keys)
        return [
            entry
            for shard, piece, headers in writer.split([SafeSessions(make_batch(seed, LENGTHS)) for seed in (1, 2)])
            for entry in writer.write(shard, [piece], [headers])
        ]

    def manifest(self, entries: list[ShardEntry], release: str = RELEASES[0]) -> Manifest:
        return Manifest(
            release,
            "typing",
            1,
            "0.1.0",
            "c0",
            "c1",
            "c2",
            "c3",
            "c4",
            "registry",
            "derived",
            (),
            "sealed",
            self.keys.reader().data.key_id,
            {"outcome.kept": 3},
            shard_records(entries),
        )

    def publish(self, release: str = RELEASES[0]) -> Manifest:
        entries = self.write(release)
        return publish(self.store, self.layout(release), self.manifest(entries, release), entries, self.keys)

    def sealed(self, release: str = RELEASES[0]) -> Manifest | None:
        return sealed_release(self.store, self.layout(release), self.keys.verifying())

    def catalog(self) -> Catalog | None:
        seen = self.store.get(CATALOG)
        return None if seen is None else parse_catalog(seen.content, "it", self.keys.verifying())

    def content(self) -> dict[str, bytes]:
        found = {name: self.store.get(name) for name in self.store.names()}
        return {name: seen.content for name, seen in found.items() if seen is not None}

    def put(self, name: str, content: bytes) -> None:
        seen = self.store.get(name)
        assert self.store.compare_and_swap(name, content, None if seen is None else seen.version)


@pytest.fixture
def runs(home: str, tmp_path: Path, keys: KeySet) -> Runs:
    return Runs(home, tmp_path / "staging", keys)


@pytest.fixture
def local(tmp_path: Path, keys: KeySet) -> Runs:
    return Runs(str(tmp_path / "out"), tmp_path / "staging", keys)


def files_of(layout: ReleaseLayout, manifest: Manifest) -> list[str]:
    """Return the names of the files that a manifest signs."""
    shards = [layout.file(shard.path) for shard in manifest.shards]
    return shards + [layout.document(document.path) for document in manifest.documents]


def test_the_manifest_lists_files_by_path_whatever_order_they_were_written_in(runs: Runs) -> None:
    for release, order in zip(RELEASES, (1, -1), strict=False):
        entries = runs.write(release)[::order]
        sealed = publish(runs.store, runs.layout(release), runs.manifest(entries, release), entries, runs.keys)
        paths = [shard.path for shard in sealed.shards]
        assert len(paths) > 1
        assert paths == sorted(paths)


def test_a_release_is_complete_and_current(runs: Runs) -> None:
    assert runs.sealed() is None
    manifest = runs.publish()
    assert runs.sealed() == manifest
    catalog = runs.catalog()
    assert catalog is not None
    assert (catalog.version, catalog.current) == (1, RELEASES[0])
    layout = runs.layout()
    assert catalog.lists(RELEASES[0], hashlib.sha256(runs.content()[layout.manifest]).hexdigest())
    assert set(runs.content()) == {CATALOG, layout.manifest} | set(files_of(layout, manifest))
    assert not runs.staging.exists() or list(runs.staging.iterdir()) == []


def test_a_local_release_is_for_its_owner_alone(local: Runs) -> None:
    local.publish()
    found = list(Path(local.output).rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_dir()} == {0o700}


def test_releases_are_added_and_the_last_is_current(runs: Runs) -> None:
    for release in RELEASES:
        runs.publish(release)
    catalog = runs.catalog()
    assert catalog is not None
    assert (catalog.version, catalog.current) == (3, RELEASES[2])
    assert tuple(listed.release_id for listed in catalog.releases) == RELEASES


def test_a_sealed_release_stands_when_a_second_run_brings_other_bytes(runs: Runs) -> None:
    first = runs.publish()
    before = runs.content()
    assert runs.publish() == first
    assert runs.content() == before


def test_runs_that_publish_at_once_lose_nothing_and_write_nothing_twice(runs: Runs) -> None:
    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(replace(runs, staging=runs.staging / str(n)).publish, RELEASES[n % 3]) for n in range(9)]
        for job in jobs:
            job.result()
    catalog = runs.catalog()
    assert catalog is not None
    assert catalog.version == 3
    assert sorted(listed.release_id for listed in catalog.releases) == sorted(RELEASES)
    sealed = [(release, runs.sealed(release)) for release in RELEASES]
    shards = {path for name, held in sealed if held is not None for path in files_of(runs.layout(name), held)}
    assert set(runs.content()) == shards | {CATALOG} | {runs.layout(release).manifest for release in RELEASES}


def test_a_run_that_sweeps_leaves_the_unfinished_file_of_another_writer(
    local: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Regression: a writer whose file was swept away between its creation and its renaming ended its run."""
    local.publish()
    folder = Path(local.layout().home, local.layout().manifest).parent
    old, foreign, new = folder / f".0{PART}", folder / "leftover", folder / f".1{PART}"
    old.touch()
    foreign.touch()
    tidy = FolderStore.tidy

    def tidy_before_a_writer_begins(store: FolderStore) -> None:
        tidy(store)
        new.touch()

    monkeypatch.setattr(FolderStore, "tidy", tidy_before_a_writer_begins)
    local.publish()
    assert (old.exists(), foreign.exists(), new.exists()) == (False, False, True)


@pytest.mark.parametrize("step", ["_place_shard", "_check_files", "sign_manifest", "parse_catalog", "sign_catalog"])
def test_a_crash_at_any_step_shows_nothing_half_written_and_a_re_run_completes_it(
    runs: Runs, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    if step == "parse_catalog":
        runs.publish(RELEASES[1])
    before = runs.catalog()
    with monkeypatch.context() as broken:
        broken.setattr(publishing, step, crash)
        with pytest.raises(KeyboardInterrupt):
            runs.publish()
    assert runs.catalog() == before
    seen = runs.sealed()
    assert (seen is not None) == (step in ("parse_catalog", "sign_catalog"))
    again = runs.publish()
    assert runs.sealed() == again
    assert seen in (None, again)
    catalog = runs.catalog()
    assert catalog is not None
    assert catalog.current == RELEASES[0]


def test_a_file_is_read_once_and_again_if_its_listing_changed_meanwhile(
    runs: Runs, monkeypatch: pytest.MonkeyPatch
) -> None:
    read: list[str] = []
    reading = publishing.read_digest
    monkeypatch.setattr(publishing, "read_digest", lambda place, name: (read.append(name), reading(place, name))[1])
    sealed = runs.publish()
    names = {runs.layout().file(shard.path) for shard in sealed.shards}
    assert sorted(read) == sorted(names)
    read.clear()
    runs.publish()
    assert set(read) == names, "another process read them: what it saw is not known here"
    entries, layout = runs.write(RELEASES[1]), runs.layout(RELEASES[1])
    manifest, name = runs.manifest(entries, RELEASES[1]), layout.file(entries[0].path)
    with pytest.raises(FailedError, match="is not the file that the manifest signed"):
        publish(
            runs.store, layout, manifest, entries, runs.keys, before_commit=lambda: runs.put(name, b"of the same name")
        )


def test_what_an_earlier_attempt_placed_is_adopted_and_what_is_not_its_content_is_replaced(local: Runs) -> None:
    first, second = local.write(), local.write()
    assert [entry.path for entry in first] == [entry.path for entry in second]
    assert all(one.sha256 != other.sha256 for one, other in zip(first, second, strict=True))
    kept, torn, foreign = first[0], first[1], first[2]
    for entry, content in (
        (kept, Path(kept.staged).read_bytes()),
        (torn, Path(torn.staged).read_bytes()[:-9]),
        (foreign, Path(kept.staged).read_bytes()),
    ):
        local.put(local.layout().file(entry.path), content)
    sealed = publish(local.store, local.layout(), local.manifest(second), second, local.keys)
    digests = {shard.path: shard.sha256 for shard in sealed.shards}
    assert digests[kept.path] == kept.sha256
    assert digests[torn.path] == second[1].sha256
    assert digests[foreign.path] == second[2].sha256


def test_a_second_attempt_in_a_bucket_adopts_the_first(runs: Runs) -> None:
    first, second = runs.write(), runs.write()
    same = [one.sha256 == other.sha256 for one, other in zip(first, second, strict=True)]
    assert same == [is_bucket(runs.output)] * len(first)


def test_a_release_that_no_catalog_names_is_announced_once(runs: Runs) -> None:
    runs.publish(RELEASES[0])
    runs.publish(RELEASES[1])
    runs.store.delete(CATALOG)
    for _ in range(2):
        announce(runs.store, runs.layout(RELEASES[0]), runs.keys)
    catalog = runs.catalog()
    assert catalog is not None
    assert (catalog.version, catalog.current) == (1, RELEASES[0])


def test_another_file_system_is_crossed_by_a_copy(local: Runs) -> None:
    if Path("/dev/shm").stat().st_dev == local.staging.parent.stat().st_dev:  # noqa: S108 - another file system
        pytest.skip("there is one file system only")
    shared = Path("/dev/shm") / f"keyveil-{os.getpid()}"  # noqa: S108
    try:
        replace(local, staging=shared).publish()
        assert local.sealed() is not None
        assert list(shared.iterdir()) == []
    finally:
        for path in shared.glob("*"):
            path.unlink()
        shared.rmdir()


def test_a_full_disk_fails_and_commits_nothing(local: Runs, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    for step in ("link", "fsync"):
        with monkeypatch.context() as broken:
            broken.setattr(os, step, full)
            with pytest.raises(FailedError, match="No space left"):
                local.publish()
        assert local.sealed() is None
    local.publish()
    assert not [name for name in local.store.names() if name.endswith(".part")]


def test_two_thousand_changed_bits_of_shards_and_every_cut_are_named(local: Runs) -> None:
    manifest = local.publish()
    draw = random.Random(0)
    for shard in manifest.shards:
        name = local.layout().file(shard.path)
        content = local.content()[name]
        for _ in range(2000 // len(manifest.shards)):
            position = draw.randrange(len(content))
            flipped = bytes([content[position] ^ 1 << draw.randrange(8)])
            (Path(local.layout().home) / name).write_bytes(content[:position] + flipped + content[position + 1 :])
            with pytest.raises(FailedError, match=name):
                local.sealed()
        for other in (content + b"x", content[:-1], b""):
            local.put(name, other)
            with pytest.raises(FailedError, match=name):
                local.sealed()
        local.store.delete(name)
        with pytest.raises(FailedError, match="is missing"):
            local.sealed()
        local.put(name, content)
    assert local.sealed() == manifest


def test_every_change_to_the_manifest_is_named(local: Runs) -> None:
    local.publish()
    path = Path(local.layout().home) / local.layout().manifest
    content = path.read_bytes()
    for position in range(len(content)):
        path.write_bytes(content[:position] + bytes([content[position] ^ 4]) + content[position + 1 :])
        with pytest.raises(FailedError, match=str(path)):
            local.sealed()


def test_a_manifest_of_another_release_is_refused(runs: Runs) -> None:
    runs.publish(RELEASES[0])
    runs.publish(RELEASES[1])
    runs.put(runs.layout(RELEASES[0]).manifest, runs.content()[runs.layout(RELEASES[1]).manifest])
    with pytest.raises(FailedError, match="another release"):
        runs.sealed()


def test_another_signing_key_is_refused(local: Runs, other_keys: KeySet) -> None:
    local.publish()
    with pytest.raises(FailedError, match="another key"):
        replace(local, keys=other_keys).sealed()
    with pytest.raises(FailedError, match="another key"):
        replace(local, keys=other_keys).publish(RELEASES[1])


def test_a_staged_file_that_is_gone_or_changed_is_never_published(local: Runs) -> None:
    entries = local.write()
    Path(entries[0].staged).write_bytes(b"other")
    with pytest.raises(FailedError, match="not the file"):
        publish(local.store, local.layout(), local.manifest(entries), entries, local.keys)
    entries = local.write()
    local.store.delete(local.layout().file(entries[0].path))
    Path(entries[0].staged).unlink()
    with pytest.raises(FailedError, match="gone"):
        publish(local.store, local.layout(), local.manifest(entries), entries, local.keys)
    assert local.sealed() is None
    assert local.catalog() is None


def test_a_manifest_that_describes_other_files_is_refused(local: Runs) -> None:
    entries = local.write()
    manifest = local.manifest(entries)
    for wrong, given in (
        (manifest, entries[:1]),
        (replace(manifest, dataset="other"), entries),
        (replace(manifest, release_id=RELEASES[1]), entries),
    ):
        with pytest.raises(FailedError, match="does not describe"):
            publish(local.store, local.layout(), wrong, given, local.keys)


def test_an_altered_catalog_stops_the_next_release(runs: Runs) -> None:
    runs.publish(RELEASES[0])
    form = json.loads(runs.content()[CATALOG])
    runs.put(CATALOG, json.dumps(form | {"version": 9}).encode())
    with pytest.raises(FailedError, match=r"catalog\.json"):
        runs.publish(RELEASES[1])


def test_what_is_raised_before_the_commit_leaves_no_release(local: Runs) -> None:
    entries = local.write()

    def refuse() -> None:
        assert not local.store.exists(local.layout().manifest)
        raise RefusedError("changed")

    with pytest.raises(RefusedError):
        publish(local.store, local.layout(), local.manifest(entries), entries, local.keys, before_commit=refuse)
    assert not local.store.exists(local.layout().manifest)
