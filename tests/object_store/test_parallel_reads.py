"""Reads of several objects at once: their order, how many are open, and what an error ends."""

import hashlib
import threading
from pathlib import Path

import pytest

from schemas.errors import FailedError
from transforms.object_store.local import FolderStore
from transforms.object_store.parallel_reads import READERS, read_digest, read_each


def test_answers_come_in_order_and_so_many_are_open_as_was_promised() -> None:
    together = threading.Barrier(READERS)  # opens for that many and no fewer

    def wait_for_the_others(item: int) -> int:
        together.wait(timeout=300)
        return -item

    assert list(read_each(wait_for_the_others, range(2 * READERS))) == [-item for item in range(2 * READERS)]


def test_no_more_are_open_than_was_promised() -> None:
    some, over = threading.Semaphore(READERS), []

    def hold(item: int) -> int:
        over.append(not some.acquire(blocking=False))
        some.release()
        return item

    assert list(read_each(hold, range(50))) == list(range(50))
    assert not any(over)


def test_what_has_not_begun_when_one_fails_is_not_read(tmp_path: Path) -> None:
    store, begun = FolderStore(tmp_path), []
    failed = threading.Event()

    def read(name: str) -> tuple[str, int]:
        begun.append(name)
        if name == "0":
            try:
                return read_digest(store, name)
            finally:
                failed.set()
        failed.wait(timeout=300)
        return "", 0

    with pytest.raises(FailedError, match="missing or cannot be read"):
        list(read_each(read, map(str, range(10_000))))
    assert len(begun) < 10_000


def test_a_digest_is_of_all_bytes(tmp_path: Path) -> None:
    (tmp_path / "f").write_bytes(b"x" * 1_000_001)
    expected = hashlib.sha256(b"x" * 1_000_001).hexdigest()
    assert read_digest(FolderStore(tmp_path), "f") == (expected, 1_000_001)
