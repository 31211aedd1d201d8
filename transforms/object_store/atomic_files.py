"""Atomic files: complete or absent, even after a crash of the machine; 0600 in folders of 0700."""

import errno
import fcntl
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from io import BufferedReader
from pathlib import Path
from typing import BinaryIO

from schemas.errors import FailedError

PART = ".part"
"""Suffix of unfinished files; a stopped process may leave one."""
LOCKS = "locks"
"""Folder of private state that a backup holds alone, and whoever changes the state holds shared."""
_FILE_MODE = 0o600
_FOLDER_MODE = 0o700


def make_folders(folder: Path) -> None:
    """Create ``folder`` and its missing parents, each 0700; leave existing folders unchanged."""
    if not folder.is_dir():
        make_folders(folder.parent)
        try:
            folder.mkdir(_FOLDER_MODE, exist_ok=True)
        except OSError as error:
            raise FailedError(f"{folder} cannot be created ({error.strerror}); fix the folder above it") from None
        sync_folder(folder.parent)


def read(path: Path) -> bytes:
    """Read a file of a dataset; raise ``FailedError`` if it is missing or cannot be read."""
    try:
        with open_regular(path) as file:
            return file.read()
    except OSError as error:
        raise FailedError(f"{path} cannot be read ({error.strerror}); restore it or run again") from None


def open_regular(path: Path, *, follow: bool = True) -> BufferedReader:
    """Open a regular file to read it; raise ``OSError`` for any other: a pipe would be waited for without end."""
    flags = os.O_RDONLY | os.O_NONBLOCK | (0 if follow else os.O_NOFOLLOW)
    descriptor = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(descriptor).st_mode):
        os.close(descriptor)
        raise OSError(errno.EINVAL, "no regular file")
    return os.fdopen(descriptor, "rb")


@contextmanager
def replace_file(target: Path) -> Iterator[BinaryIO]:
    """Open a new file that is synced and replaces ``target`` if the block ends without an error."""
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
        raise FailedError(f"{target} cannot be written ({error.strerror}); make room or fix the folder") from None
    finally:
        unfinished.unlink(missing_ok=True)


@contextmanager
def lock_folder(folder: Path, *, shared: bool = False) -> Iterator[None]:
    """Lock ``folder`` for the block, exclusively or shared; the lock ends with the process."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH if shared else fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def lock_release(state: Path, release_id: str) -> Iterator[None]:
    """Lock a release for the block, so that one process on this machine computes it at a time.

    The folder of all locks is held too, shared: a backup waits for it, and so for all datasets of the state.
    """
    lock = state / LOCKS / release_id
    make_folders(lock)
    with lock_folder(lock.parent, shared=True), lock_folder(lock):
        yield


def sync_folder(folder: Path) -> None:
    """Sync the entries of ``folder`` to disk."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
