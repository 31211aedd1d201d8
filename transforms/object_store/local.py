"""Object store in a local folder."""

import hashlib
import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from io import BufferedIOBase
from pathlib import Path

from schemas.errors import FailedError
from transforms.object_store.atomic_files import (
    PART,
    lock_folder,
    make_folders,
    open_regular,
    read,
    replace_file,
    sync_folder,
)
from transforms.object_store.interface import ObjectMetadata, VersionedObject


@dataclass(frozen=True, slots=True)
class FolderStore:
    """Store in a folder, created by the first write; a version is the SHA-256 of the content."""

    root: Path

    @property
    def uri(self) -> str:
        """Return the path."""
        return str(self.root)

    def names(self) -> list[str]:
        """List every file below, including links (also to folders) and unfinished files."""
        found = []
        for folder, folders, files in os.walk(self.root):
            links = (name for name in folders if Path(folder, name).is_symlink())
            below = Path(folder).relative_to(self.root).as_posix()
            prefix = "" if below == "." else f"{below}/"
            found += [f"{prefix}{name}" for name in (*files, *links)]
        return sorted(found)

    def list_metadata(self) -> dict[str, ObjectMetadata]:
        """List size, inode and time of change of every file; programs cannot choose that time."""
        found = {}
        for name in self.names():
            with suppress(FileNotFoundError):  # a name that is gone since
                status = (self.root / name).lstat()
                found[name] = ObjectMetadata(status.st_size, f"changed:{status.st_ino}:{status.st_ctime_ns}")
        return found

    def exists(self, name: str) -> bool:
        """Return whether a plain file of that name exists; a link does not count."""
        path = self._way(name)
        return path.is_file() and not path.is_symlink()

    def get(self, name: str) -> VersionedObject | None:
        """Read a file and its digest; a dangling link exists and cannot be read."""
        path = self._way(name)
        if _is_absent(path):
            return None
        content = read(path)
        return VersionedObject(content, hashlib.sha256(content).hexdigest())

    @contextmanager
    def open(self, name: str) -> Iterator[BufferedIOBase]:
        """Open a file without following a link, which could lead a reader out of the folder."""
        path = self._way(name)
        try:
            file = open_regular(path, follow=False)
        except OSError:
            raise FailedError(f"{path} is missing or cannot be read; restore it or run again") from None
        with file:
            yield file

    def put_if_absent(self, name: str, content: bytes | memoryview) -> bool:
        """Write a temporary file, then link it to its name: linking never overwrites a file."""
        target = self._way(name)
        make_folders(target.parent)
        unfinished = target.with_name(f".{secrets.token_hex(8)}{PART}")
        with lock_folder(self.root, shared=True):
            with replace_file(unfinished) as file:
                file.write(content)
            try:
                return _link(unfinished, target)
            finally:
                unfinished.unlink(missing_ok=True)

    def move_in(self, name: str, staged: Path) -> bool:
        """Link the file to its new name and drop the old one; copy it first between file systems.

        If the name is taken, the staged file stays.
        """
        target = self._way(name)
        make_folders(target.parent)
        if target.exists():
            return False
        if staged.stat().st_dev == target.parent.stat().st_dev:
            return _link(staged, target)
        unfinished = target.with_name(f".{secrets.token_hex(8)}{PART}")
        with lock_folder(self.root, shared=True):
            with replace_file(unfinished) as copy, staged.open("rb") as original:
                shutil.copyfileobj(original, copy)
            try:
                moved = _link(unfinished, target)
            finally:
                unfinished.unlink(missing_ok=True)
        if moved:
            staged.unlink()
        return moved

    def compare_and_swap(self, name: str, content: bytes, version: str | None) -> bool:
        """Compare and replace under the lock of the folder."""
        target = self._way(name)
        make_folders(target.parent)
        with lock_folder(self.root):
            now = self.get(name)
            if (None if now is None else now.version) != version:
                return False
            with replace_file(target) as file:
                file.write(content)
        return True

    def delete(self, name: str) -> None:
        """Unlink the file; its (sealed) blocks may remain on a flash disk or in a snapshot."""
        path = self._way(name)
        try:
            path.unlink(missing_ok=True)
        except OSError as error:
            raise FailedError(f"{path} cannot be removed ({error.strerror}); fix the folder and try again") from None
        if path.parent.is_dir():
            sync_folder(path.parent)

    def _way(self, name: str) -> Path:
        """Return the path of an object; raise ``FailedError`` if a folder between root and object is a link."""
        path = self.root / name
        for folder in path.parents:
            if folder == self.root:
                break
            if folder.is_symlink():
                raise FailedError(f"{folder} is a link, which is not followed; replace it by the real folder")
        return path

    def tidy(self) -> None:
        """Remove unfinished files under the exclusive lock, when no other writer is running."""
        if self.root.is_dir():
            with lock_folder(self.root):
                for name in self.names():
                    if name.endswith(PART):
                        (self.root / name).unlink(missing_ok=True)


def _is_absent(path: Path) -> bool:
    try:
        path.lstat()
    except (FileNotFoundError, NotADirectoryError):
        return True
    except OSError:
        return False  # the reader reports the reason
    return False


def _link(source: Path, target: Path) -> bool:
    """Link a synced file to its new name; return false if the name is taken."""
    try:
        os.link(source, target)
        sync_folder(target.parent)
        source.unlink()
    except FileExistsError:
        return False
    except OSError as error:
        raise FailedError(f"{target} cannot be written ({error.strerror}); make room or fix the folder") from None
    return True
