"""Files of secrets are whole on the disk before they count, and nobody but their owner may use them."""

import os
import stat
from pathlib import Path

import pytest

from schemas.errors import FailedError, RefusedError, UsageError
from transforms.keys.secret_files import read_secret, replace_secret, write_secret

Synced = list[tuple[bool, int, bytes]]


@pytest.fixture
def synced(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Synced:
    """Record each sync: whether of a folder, how large the file is, and what the key's name holds at that moment."""
    calls: Synced = []
    place = tmp_path / "key"

    def sync(descriptor: int) -> None:
        found = os.fstat(descriptor)
        is_folder = stat.S_ISDIR(found.st_mode)
        calls.append((is_folder, -1 if is_folder else found.st_size, place.read_bytes() if place.exists() else b"-"))

    monkeypatch.setattr(os, "fsync", sync)
    return calls


def test_a_new_secret_is_synced_whole(tmp_path: Path, synced: Synced) -> None:
    write_secret(tmp_path / "key", b"secret")
    assert synced == [(False, 6, b"secret")]
    with pytest.raises(RefusedError, match="exists and is not overwritten"):
        write_secret(tmp_path / "key", b"other")
    with pytest.raises(UsageError, match="cannot be written"):
        write_secret(tmp_path / "missing" / "key", b"other")


def test_a_secret_is_replaced_after_it_was_synced_and_its_folder_is_synced_last(tmp_path: Path, synced: Synced) -> None:
    write_secret(tmp_path / "key", b"secret")
    synced.clear()
    replace_secret(tmp_path / "key", b"longer secret")
    assert synced == [(False, 13, b"secret"), (True, -1, b"longer secret")]
    assert (tmp_path / "key").stat().st_mode & 0o777 == 0o600
    assert list(tmp_path.iterdir()) == [tmp_path / "key"]


def test_what_cannot_be_replaced_stays_and_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_secret(tmp_path / "key", b"secret")

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(FailedError, match=r"what was there is unchanged"):
        replace_secret(tmp_path / "key", b"other")
    assert list(tmp_path.iterdir()) == [tmp_path / "key"]
    assert (tmp_path / "key").read_bytes() == b"secret"


def test_no_file_stays_open(tmp_path: Path) -> None:
    before = len(list(Path("/proc/self/fd").iterdir()))
    for number in range(5):
        write_secret(tmp_path / f"key{number}", b"secret")
        replace_secret(tmp_path / f"key{number}", b"other")
        read_secret(tmp_path / f"key{number}", "fix it")
    assert len(list(Path("/proc/self/fd").iterdir())) == before


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o602, 0o610, 0o601])
def test_a_file_that_others_may_use_in_any_way_is_refused(tmp_path: Path, mode: int) -> None:
    write_secret(tmp_path / "key", b"secret")
    (tmp_path / "key").chmod(mode)
    with pytest.raises(RefusedError, match="chmod"):
        read_secret(tmp_path / "key", "fix it")
    (tmp_path / "key").chmod(0o400)
    assert read_secret(tmp_path / "key", "fix it") == b"secret"
