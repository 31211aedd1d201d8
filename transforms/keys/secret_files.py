"""Secret files: created for the owner alone, refused if another user could read or change them."""

import os
import secrets
import stat
from pathlib import Path

from schemas.errors import FailedError, RefusedError, UsageError

FILE_MODE = 0o600
FOLDER_MODE = 0o700
_OTHERS = 0o077


def write_secret(path: Path, content: bytes) -> None:
    """Write a new 0600 file and sync it to disk; raise ``RefusedError`` if the name is taken."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        descriptor = os.open(path, flags, FILE_MODE)
    except FileExistsError:
        raise RefusedError(f"{path} exists and is not overwritten; pass another file") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written ({error.strerror}); pass a file in a folder of yours") from None
    with os.fdopen(descriptor, "wb") as file:
        os.fchmod(descriptor, FILE_MODE)
        file.write(content)
        file.flush()
        os.fsync(descriptor)


def replace_secret(path: Path, content: bytes) -> None:
    """Replace ``path`` by a 0600 file that is synced to disk before the rename."""
    unfinished = path.with_name(f".{secrets.token_hex(8)}.part")
    try:
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW, FILE_MODE)
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(descriptor)
        unfinished.replace(path)
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)
    except OSError as error:
        raise FailedError(
            f"{path} cannot be written ({error.strerror}); what was there is unchanged, try again"
        ) from None
    finally:
        unfinished.unlink(missing_ok=True)


def read_secret(path: Path, remedy: str) -> bytes:
    """Read an owner-only regular file; raise ``RefusedError``, naming ``remedy``, for any other."""
    try:
        with open(path, "rb", opener=_open_plainly) as file:
            found = os.fstat(file.fileno())
            if not stat.S_ISREG(found.st_mode):
                raise RefusedError(f"{path} is not a plain file; {remedy}")
            _check_owner_only(found, path, FILE_MODE)
            return file.read()
    except FileNotFoundError:
        raise RefusedError(f"{path} is missing; {remedy}") from None
    except OSError as error:
        raise RefusedError(
            f"{path} cannot be read as a plain file ({error.strerror}); a key file must be no link and belong to you"
        ) from None


def _open_plainly(path: str, flags: int) -> int:
    """Open a path without following a link or waiting for the other end of a pipe."""
    return os.open(path, flags | os.O_NOFOLLOW | os.O_NONBLOCK)


def check_secret_folder(path: Path, remedy: str) -> None:
    """Raise ``RefusedError`` unless ``path`` is a folder, no link, that only its owner may enter."""
    try:
        found = path.lstat()
    except OSError:
        raise RefusedError(f"{path} is missing or cannot be read; {remedy}") from None
    if not stat.S_ISDIR(found.st_mode):
        raise RefusedError(f"{path} is not a folder (links are refused); {remedy}")
    _check_owner_only(found, path, FOLDER_MODE)


def _check_owner_only(found: os.stat_result, path: Path, mode: int) -> None:
    if found.st_uid != os.geteuid():
        raise RefusedError(
            f"{path} belongs to another user; run as its owner, or create your own with: keyveil keys init DIR"
        )
    if found.st_mode & _OTHERS:
        raise RefusedError(f"others may use {path}; fix it with: chmod {mode:o} {path}")
