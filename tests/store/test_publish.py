import errno
import hashlib
import json
import stat
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from schemas.errors import FailedError
from schemas.safe import ShardEntry
from transforms.keys.provider import KeySet
from transforms.store import publish as publishing
from transforms.store.catalog import Catalog, read_catalog
from transforms.store.layout import ReleaseLayout, release_layout
from transforms.store.manifest import Manifest, shard_records
from transforms.store.publish import announce, publish, sealed_release

RELEASES = ("a" * 26, "b" * 26, "c" * 26)


@dataclass(frozen=True)
class Place:
    """A staging folder and an output folder, and what a run has to say between them."""

    folder: Path
    keys: KeySet

    def layout(self, release: str = RELEASES[0]) -> ReleaseLayout:
        return release_layout(str(self.folder / "out"), "typing", release)

    def stage(self, attempt: str = "x", content: bytes = b"sealed") -> list[ShardEntry]:
        (self.folder / "staging").mkdir(mode=0o700, exist_ok=True)
        entries = []
        for path in ("events/00000-ab.parquet", "sessions/00000-cd.parquet"):
            staged = self.folder / "staging" / f"{attempt}-{path.replace('/', '-')}"
            body = content + path.encode()
            staged.write_bytes(body)
            staged.chmod(0o600)
            entries.append(ShardEntry(path, 3, len(body), hashlib.sha256(body).hexdigest(), str(staged)))
        return entries

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
            "k0",
            {"outcome.kept": 3},
            shard_records(entries),
        )

    def publish(self, release: str = RELEASES[0], attempt: str = "x") -> Manifest:
        entries = self.stage(attempt, attempt.encode())
        return publish(self.layout(release), self.manifest(entries, release), entries, self.keys.signing_private())

    def sealed(self, release: str = RELEASES[0]) -> Manifest | None:
        return sealed_release(str(self.folder / "out"), "typing", release, self.keys.signing_public())

    def catalog(self) -> Catalog | None:
        return read_catalog(self.layout().catalog, "typing", self.keys.signing_public())


@pytest.fixture
def place(tmp_path: Path, keys: KeySet) -> Place:
    return Place(tmp_path, keys)


def test_a_release_is_complete_private_and_current(place: Place) -> None:
    assert place.sealed() is None
    manifest = place.publish()
    assert place.sealed() == manifest
    catalog = place.catalog()
    assert catalog is not None
    assert (catalog.version, catalog.current) == (1, RELEASES[0])
    digest = hashlib.sha256(place.layout().manifest.read_bytes()).hexdigest()
    assert catalog.releases[0].manifest_sha256 == digest
    found = list((place.folder / "out").rglob("*"))
    assert {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_file()} == {0o600}
    assert {stat.S_IMODE(path.stat().st_mode) for path in found if path.is_dir()} == {0o700}
    names = {str(path.relative_to(place.layout().home)) for path in found if path.is_file()}
    folder = f"releases/{RELEASES[0]}"
    data = {f"{folder}/{shard.path}" for shard in manifest.shards}
    assert names == {"catalog.json", f"{folder}/manifest.dsse.json"} | data
    assert list((place.folder / "staging").iterdir()) == []


def test_releases_are_added_and_the_last_is_current(place: Place) -> None:
    for release in RELEASES:
        place.publish(release)
    catalog = place.catalog()
    assert catalog is not None
    assert (catalog.version, catalog.current) == (3, RELEASES[2])
    assert tuple(listed.release_id for listed in catalog.releases) == RELEASES


def test_a_sealed_release_stands_when_a_second_run_brings_other_bytes(place: Place) -> None:
    first = place.publish(attempt="first")
    before = {path: path.read_bytes() for path in (place.folder / "out").rglob("*") if path.is_file()}
    assert place.publish(attempt="second") == first
    assert {path: path.read_bytes() for path in (place.folder / "out").rglob("*") if path.is_file()} == before


def test_runs_that_publish_at_once_lose_nothing(place: Place) -> None:
    with ThreadPoolExecutor(6) as pool:
        jobs = [pool.submit(place.publish, RELEASES[n % 3], f"run{n}") for n in range(12)]
        for job in jobs:
            job.result()
    catalog = place.catalog()
    assert catalog is not None
    assert catalog.version == 3
    assert sorted(listed.release_id for listed in catalog.releases) == sorted(RELEASES)
    assert all(place.sealed(release) for release in RELEASES)


@pytest.mark.parametrize("step", ["move", "_check_files", "sign_manifest", "read_catalog", "sign_catalog"])
def test_a_crash_at_any_step_shows_nothing_half_and_a_plain_re_run_mends_it(
    place: Place, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(publishing, step, crash)
        with pytest.raises(KeyboardInterrupt):
            place.publish(attempt="first")
    assert place.catalog() is None
    seen = place.sealed()
    assert (seen is not None) == (step in ("read_catalog", "sign_catalog"))
    again = place.publish(attempt="second")
    assert place.sealed() == again
    assert seen in (None, again)
    assert not list(place.folder.rglob("*.part"))


def test_a_release_that_no_catalog_names_is_announced_once(place: Place) -> None:
    place.publish(RELEASES[0])
    place.publish(RELEASES[1])
    place.layout().catalog.unlink()
    announce(place.layout(RELEASES[0]), place.keys.signing_private())
    announce(place.layout(RELEASES[0]), place.keys.signing_private())
    catalog = place.catalog()
    assert catalog is not None
    assert (catalog.version, catalog.current) == (1, RELEASES[0])


def test_another_file_system_is_crossed_by_a_copy(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    replace_file = Path.replace

    def cross(source: Path, target: Path) -> Path:
        if source.parent.name == "staging":
            raise OSError(errno.EXDEV, "Invalid cross-device link")
        return replace_file(source, target)

    monkeypatch.setattr(Path, "replace", cross)
    place.publish()
    assert place.sealed() is not None
    assert list((place.folder / "staging").iterdir()) == []


def test_a_full_disk_fails_and_commits_nothing(place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_source: Path, _target: Path) -> Path:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(Path, "replace", full)
        with pytest.raises(FailedError, match="No space left"):
            place.publish()
    assert place.sealed() is None
    place.publish()


def test_every_change_to_a_file_of_a_release_is_named(place: Place) -> None:
    manifest = place.publish()
    for shard in manifest.shards:
        path = place.layout().file(shard.path)
        content = path.read_bytes()
        for position in range(len(content)):
            path.write_bytes(content[:position] + bytes([content[position] ^ 1]) + content[position + 1 :])
            with pytest.raises(FailedError, match=str(path)):
                place.sealed()
        for other in (content + b"x", content[:-1], b""):
            path.write_bytes(other)
            with pytest.raises(FailedError, match=str(path)):
                place.sealed()
        path.unlink()
        with pytest.raises(FailedError, match="is missing"):
            place.sealed()
        path.write_bytes(content)
    assert place.sealed() == manifest


def test_every_change_to_the_manifest_is_named(place: Place) -> None:
    place.publish()
    path = place.layout().manifest
    content = path.read_bytes()
    for position in range(len(content)):
        path.write_bytes(content[:position] + bytes([content[position] ^ 4]) + content[position + 1 :])
        with pytest.raises(FailedError, match=str(path)):
            place.sealed()


def test_a_manifest_of_another_release_is_refused(place: Place) -> None:
    place.publish(RELEASES[0])
    place.publish(RELEASES[1])
    place.layout(RELEASES[1]).manifest.replace(place.layout(RELEASES[0]).manifest)
    with pytest.raises(FailedError, match="another release"):
        place.sealed()


def test_another_signing_key_is_refused(place: Place, other_keys: KeySet) -> None:
    place.publish()
    with pytest.raises(FailedError, match="another key"):
        replace(place, keys=other_keys).sealed()
    with pytest.raises(FailedError, match="another key"):
        replace(place, keys=other_keys).publish(RELEASES[1])


def test_a_staged_file_that_is_gone_or_changed_is_never_published(place: Place) -> None:
    entries = place.stage()
    Path(entries[0].staged).write_bytes(b"other")
    with pytest.raises(FailedError, match="not the file"):
        publish(place.layout(), place.manifest(entries), entries, place.keys.signing_private())
    entries = place.stage("y")
    place.layout().file(entries[0].path).unlink()
    Path(entries[0].staged).unlink()
    with pytest.raises(FailedError, match="gone"):
        publish(place.layout(), place.manifest(entries), entries, place.keys.signing_private())
    assert place.sealed() is None
    assert place.catalog() is None


def test_a_manifest_that_describes_other_files_is_refused(place: Place) -> None:
    entries = place.stage()
    manifest = place.manifest(entries)
    for wrong, given in (
        (manifest, entries[:1]),
        (replace(manifest, dataset="other"), entries),
        (replace(manifest, release_id=RELEASES[1]), entries),
    ):
        with pytest.raises(FailedError, match="does not describe"):
            publish(place.layout(), wrong, given, place.keys.signing_private())


def test_an_altered_catalog_stops_the_next_release(place: Place) -> None:
    place.publish(RELEASES[0])
    form = json.loads(place.layout().catalog.read_bytes())
    place.layout().catalog.write_text(json.dumps(form | {"version": 9}))
    with pytest.raises(FailedError, match=r"catalog\.json"):
        place.publish(RELEASES[1])
