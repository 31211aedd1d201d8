"""Both stores keep the same promises: complete or absent, create-only, compare-and-swap."""

import hashlib
import stat
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext, suppress
from pathlib import Path

import pytest
from google.cloud import storage

from schemas.errors import FailedError, RefusedError
from transforms.object_store import gcs as bucket
from transforms.object_store.addresses import is_bucket, open_store
from transforms.object_store.gcs import BucketStore
from transforms.object_store.interface import VersionedObject, create, put
from transforms.object_store.local import FolderStore


def test_what_was_written_is_read(anywhere: str) -> None:
    store = open_store(anywhere)
    assert store.names() == []
    assert store.get("a/b") is None
    assert not store.exists("a/b")
    assert store.put_if_absent("a/b", b"one")
    assert store.put_if_absent("c", memoryview(b"two"))
    assert (store.names(), store.exists("a/b")) == (["a/b", "c"], True)
    with store.open("a/b") as file:
        assert (file.read(), file.seek(1), file.read()) == (b"one", 1, b"ne")
    store.delete("a/b")
    store.delete("a/b")
    assert store.names() == ["c"]
    with pytest.raises(FailedError, match=f"{anywhere}/a/b"), store.open("a/b"):
        pass


def test_a_reader_never_sees_what_replaced_its_object(anywhere: str) -> None:
    store = open_store(anywhere)
    put(store, "x", b"old")
    with suppress(FailedError) if is_bucket(anywhere) else nullcontext(), store.open("x") as file:
        put(store, "x", b"new")
        assert file.read() == b"old"


def test_a_name_is_created_once(anywhere: str, tmp_path: Path) -> None:
    store = open_store(anywhere)
    staged = tmp_path / "staged"
    staged.write_bytes(b"staged")
    assert store.move_in("x", staged)
    assert not staged.exists()
    staged.write_bytes(b"later")
    assert not store.move_in("x", staged)
    assert staged.exists()
    assert not store.put_if_absent("x", b"later")
    seen = store.get("x")
    assert seen is not None
    assert seen.content == b"staged"


def test_one_of_many_creators_wins_with_its_whole_content(anywhere: str) -> None:
    store = open_store(anywhere)
    contents = [bytes([n]) * 100_000 for n in range(8)]
    with ThreadPoolExecutor(8) as pool:
        won = list(pool.map(lambda content: store.put_if_absent("x", content), contents))
    seen = store.get("x")
    assert seen is not None
    assert [content for content, wins in zip(contents, won, strict=True) if wins] == [seen.content]


def test_swaps_from_many_writers_lose_no_step(anywhere: str) -> None:
    store = open_store(anywhere)

    def count(_: int) -> None:
        for _step in range(5):
            while True:
                seen = store.get("n")
                number = 0 if seen is None else int(seen.content)
                if store.compare_and_swap("n", b"%d" % (number + 1), None if seen is None else seen.version):
                    break

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(count, range(4)))
    seen = store.get("n")
    assert seen is not None
    assert seen.content == b"20"
    assert not store.compare_and_swap("n", b"0", None)
    assert store.compare_and_swap("n", b"0", seen.version)
    assert not store.compare_and_swap("n", b"1", seen.version)


def test_a_folder_is_private_follows_no_link_and_leaves_nothing_unfinished(tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "out")
    store.put_if_absent("a/b", b"one")
    (tmp_path / "secret").write_bytes(b"elsewhere")
    (tmp_path / "out" / "link").symlink_to(tmp_path / "secret")
    with pytest.raises(FailedError), store.open("link"):
        pass
    assert not store.exists("link")
    (tmp_path / "out" / ".0.part").write_bytes(b"half")
    store.tidy()
    assert store.names() == ["a/b", "link"]
    assert stat.S_IMODE((tmp_path / "out" / "a" / "b").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "out" / "a").stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_written_fails_with_its_name(tmp_path: Path) -> None:
    (tmp_path / "out").write_bytes(b"a file")
    with pytest.raises(FailedError, match="out"):
        FolderStore(tmp_path / "out").put_if_absent("a", b"x")


def test_a_bucket_that_is_not_there_fails_with_its_address_and_nothing_else(gcs: storage.Client) -> None:
    store = BucketStore(gcs, "no-such-bucket", "p/")
    for act in (store.names, lambda: store.put_if_absent("x", b"secret content")):
        with pytest.raises(FailedError, match="gs://no-such-bucket/p") as raised:
            act()
        assert "secret content" not in str(raised.value)


@pytest.mark.parametrize("variable", ["STORAGE_EMULATOR_HOST", "API_ENDPOINT_OVERRIDE"])
def test_an_emulator_never_stands_in_for_a_bucket(variable: str, monkeypatch: pytest.MonkeyPatch) -> None:
    bucket.client.cache_clear()
    monkeypatch.setenv(variable, "http://127.0.0.1:1")
    with pytest.raises(RefusedError, match=variable):
        open_store("gs://bucket/data")


@pytest.mark.parametrize("name", ["linked/b", "a/linked/c"])
def test_a_folder_on_the_way_that_is_a_link_is_not_followed(tmp_path: Path, name: str) -> None:
    victim, root = tmp_path / "victim", tmp_path / "out"
    for folder in (victim, root / "a"):
        folder.mkdir(parents=True)
    (root / name).parent.symlink_to(victim)
    (victim / Path(name).name).write_bytes(b"of somebody")
    store = open_store(str(root))
    staged = tmp_path / "staged"
    staged.write_bytes(b"x")
    steps = (
        lambda: store.put_if_absent(name + "2", b"x"),
        lambda: store.compare_and_swap(name, b"x", None),
        lambda: store.move_in(name + "2", staged),
        lambda: store.get(name),
        lambda: store.exists(name),
        lambda: store.delete(name),
        lambda: store.open(name).__enter__(),
    )
    for step in steps:
        with pytest.raises(FailedError, match="is a link"):
            step()
    assert [path.read_bytes() for path in victim.iterdir()] == [b"of somebody"]
    assert store.names() == [name.rpartition("/")[0]]


def test_put_replaces_other_content_and_leaves_equal_content(anywhere: str) -> None:
    store = open_store(anywhere)
    for content in (b"one", b"two", b"two"):
        put(store, "x", content)
        read = store.get("x")
        assert read is not None
        assert read.content == content


class _Contended(FolderStore):
    """A store in which another writer is faster, until ``lost`` attempts were lost."""

    lost = 0
    attempts = 0

    def compare_and_swap(self, name: str, content: bytes, version: str | None) -> bool:
        type(self).attempts += 1
        return self.attempts > self.lost and super().compare_and_swap(name, content, version)


@pytest.mark.parametrize(("lost", "succeeds"), [(19, True), (20, False)])
def test_put_gives_up_after_twenty_lost_attempts(tmp_path: Path, lost: int, succeeds: bool) -> None:
    _Contended.lost, _Contended.attempts = lost, 0
    store = _Contended(tmp_path)
    store.put_if_absent("x", b"one")
    if succeeds:
        put(store, "x", b"two")
    else:
        with pytest.raises(FailedError, match="x changes too fast"):
            put(store, "x", b"two")
    assert store.get("x") == VersionedObject(b"two" if succeeds else b"one", _digest(b"two" if succeeds else b"one"))
    assert _Contended.attempts == 20


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


class _Forgetful(FolderStore):
    """A store whose answer to the first writing is lost: the client writes again, and finds the name taken."""

    def put_if_absent(self, name: str, content: bytes | memoryview) -> bool:
        super().put_if_absent(name, content)
        return super().put_if_absent(name, content)


def test_a_writer_whose_first_answer_was_lost_knows_its_own_object(tmp_path: Path) -> None:
    assert create(_Forgetful(tmp_path), "x", b"one")
    assert not create(_Forgetful(tmp_path), "x", b"two")
    assert create(FolderStore(tmp_path), "y", b"one")
    assert not create(FolderStore(tmp_path), "y", b"two")
    assert (tmp_path / "x").read_bytes() == b"one"
