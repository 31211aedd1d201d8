"""Steps as a WebDataset archive: a tar file of ``NAME.json`` and ``NAME.png`` for each step.

An archive in the clear would be a second copy of the release that nobody verifies, withdraws or erases. So it is
written sealed, or in memory, and nowhere else.
"""

import io
import json
import os
import stat
import tarfile
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from keyveil.export.rows import as_row, name_step
from keyveil.training.step import Step
from schemas.errors import RefusedError, UsageError
from transforms.keys.reader_keys import ReaderKeys
from transforms.keys.sealed_file import SealedReader, SealedWriter

_MOUNTS = Path("/proc/self/mountinfo")
_NEW = os.O_WRONLY | os.O_CREAT | os.O_EXCL
_IN_MEMORY = frozenset({"tmpfs", "ramfs"})

Target = str | os.PathLike[str] | BinaryIO


def write_webdataset(steps: Iterable[Step], target: Target, *, keys: str | os.PathLike[str] | None = None) -> int:
    """Write steps as one archive; return how many.

    ``target`` is a path or a binary stream. With ``keys``, a reader's key file, the archive is sealed and may lie
    anywhere. Without, it must stay in memory: ``io.BytesIO``, a pipe, or a path on a file system in memory. Raises
    ``RefusedError`` for any other place, and ``UsageError`` where the file exists, before a byte is written.
    """
    with ExitStack() as stack:
        if isinstance(target, (str, os.PathLike)):
            path = Path(target)
            _refuse_clear(is_clear=keys is None and not is_in_memory(path.absolute().parent))
            stream: BinaryIO = stack.enter_context(_create(path))
        else:
            stream = target
            _refuse_clear(is_clear=keys is None and not _stays_in_memory(target))
        if keys is not None:
            sealed = stack.enter_context(SealedWriter(stream, ReaderKeys.open(Path(keys))))
            return _write(steps, sealed)
        return _write(steps, stream)


def open_webdataset(path: str | os.PathLike[str], *, keys: str | os.PathLike[str]) -> io.BufferedReader:
    """Open a sealed archive as a stream of the tar file, for ``tarfile`` or for ``webdataset``'s ``tar_file_iterator``.

    Raises ``FailedError`` where it was altered or cut, when that part is read.
    """
    held = ReaderKeys.open(Path(keys))
    with ExitStack() as stack:
        file = stack.enter_context(Path(path).open("rb"))
        reader: io.BufferedReader = io.BufferedReader(SealedReader(file, held))
        stack.pop_all()
    return reader


def is_in_memory(folder: Path) -> bool:
    """Return whether a folder lies on a file system that keeps its files in memory (Linux; elsewhere none is known)."""
    try:
        lines = _MOUNTS.read_text(encoding="utf-8").splitlines()
    except OSError:
        return False
    place = os.path.realpath(folder)
    longest, kind = "", ""
    for line in lines:
        before, _, after = line.partition(" - ")
        point = before.split(" ")[4].encode().decode("unicode_escape")
        if os.path.commonpath([point, place]) == point and len(point) >= len(longest):
            longest, kind = point, after.split(" ")[0]
    return kind in _IN_MEMORY


def _stays_in_memory(stream: BinaryIO) -> bool:
    """Return whether a stream is a buffer, a pipe, a socket, or a file on a file system in memory."""
    if isinstance(stream, io.BytesIO):
        return True
    try:
        mode = os.fstat(stream.fileno()).st_mode
        name = Path(f"/proc/self/fd/{stream.fileno()}")
    except (OSError, ValueError, AttributeError):
        return False
    if stat.S_ISFIFO(mode) or stat.S_ISSOCK(mode):
        return True
    return stat.S_ISREG(mode) and is_in_memory(name.resolve().parent)


def _create(path: Path) -> BinaryIO:
    try:
        return os.fdopen(os.open(path, _NEW, 0o600), "wb")
    except FileExistsError:
        raise UsageError(f"{path} exists; name a new file") from None


def _refuse_clear(*, is_clear: bool) -> None:
    if is_clear:
        raise RefusedError(
            "an archive on a disk must be sealed: give keys= as the reader's key file, or write to io.BytesIO, a pipe "
            "or a file system in memory such as /dev/shm"
        )


def _write(steps: Iterable[Step], stream: "BinaryIO | SealedWriter") -> int:
    count = 0
    with tarfile.open(fileobj=stream, mode="w|", format=tarfile.PAX_FORMAT) as archive:
        for step in steps:
            row = as_row(step)
            image = row.pop("image")
            _add(archive, f"{name_step(step)}.json", json.dumps(row, ensure_ascii=False).encode())
            if image is not None:
                _add(archive, f"{name_step(step)}.png", image)
            count += 1
    return count


def _add(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    member = tarfile.TarInfo(name)
    member.size, member.mode = len(content), 0o600
    archive.addfile(member, io.BytesIO(content))
