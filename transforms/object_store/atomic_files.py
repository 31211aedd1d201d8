"""Files that are complete or absent, even when the machine stops in between: 0600 in folders of 0700."""

import fcntl
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from schemas.errors import FailedError

PART = ".part"
"""Ends the names of unfinished files; a stopped process may leave one."""
_FILE_MODE = 0o600
_FOLDER_MODE = 0o700


def make_folders(folder: Path) -> None:
    """Make ``folder`` and what is missing above it, each for the owner alone; leave existing folders as they are."""
    if not folder.is_dir():
        make_folders(folder.parent)
        try:
            folder.mkdir(_FOLDER_MODE, exist_ok=True)
        except OSError as error:
            raise FailedError(f"{folder} cannot be made ({error.strerror}); mend the folder above it") from None
        sync_folder(folder.parent)


def read(path: Path) -> bytes:
    """Return the content of a file of a dataset; raise ``FailedError`` where it is missing or cannot be read."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise FailedError(f"{path} cannot be read ({error.strerror}); restore it or run again") from None


@contextmanager
def replace_file(target: Path) -> Iterator[BinaryIO]:
    """Yield a new file that takes the place of ``target``, on the disk, when the block ends without an error."""
    unfinished = target.with_name(f".{secrets.token_hex(8)}{PART}")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            yield file
            file.flush()
            os.fsync(descriptor)
        unfinished.replace(target)
        sync_folder(target.parent)
    except OSError as error:
        raise FailedError(f"{target} cannot be written ({error.strerror}); make room or mend the folder") from None
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def lock_folder(folder: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock of ``folder``: alone, or together with others that share it; it ends with the process."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def lock_release(state: Path, release_id: str) -> Iterator[None]:
    """Wait until no other process on this machine makes the same release, and keep others waiting meanwhile."""
    lock = state / "locks" / release_id
    make_folders(lock)
    with lock_folder(lock):
        yield


def sync_folder(folder: Path) -> None:
    """Put the names in ``folder`` on the disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
