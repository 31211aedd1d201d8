"""Location of a release: a local folder, a bucket, or any file system that pyarrow knows."""

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

import pyarrow as pa
from pyarrow import fs

from schemas.errors import FailedError, UsageError
from transforms.object_store.s3_server import find_server


@dataclass(frozen=True, slots=True)
class Location:
    """A folder on a file system; ``shown`` is how messages name it. Travels between processes."""

    filesystem: Any
    path: str
    shown: str

    def join(self, relative: str) -> "Location":
        """Return the location of a path below this one; ``relative`` uses forward slashes."""
        return Location(self.filesystem, f"{self.path}/{relative}", f"{self.shown}/{relative}")

    def above(self, levels: int) -> "Location":
        """Return the location of a folder above; where ``shown`` is too short to say it, messages name the path."""
        path, shown = (text.rsplit("/", levels)[0] for text in (self.path, self.shown))
        return Location(self.filesystem, path, shown if self.shown.count("/") >= levels else path)

    def exists(self) -> bool:
        """Return whether a file lies here."""
        try:
            return bool(self.filesystem.get_file_info(self.path).type == fs.FileType.File)
        except OSError:
            raise FailedError(f"{self.shown} cannot be reached; check the address and your access to it") from None

    def folders(self) -> list["Location"]:
        """List the folders right below this one; none where the place cannot be listed."""
        try:
            found = self.filesystem.get_file_info(fs.FileSelector(self.path, allow_not_found=True))
        except OSError:
            return []
        return [self.join(item.base_name) for item in found if item.type == fs.FileType.Directory]

    def read(self) -> pa.Buffer:
        """Return the whole content of the file; raise ``FailedError``, naming it, where it cannot be read."""
        try:
            with self.filesystem.open_input_file(self.path) as file:
                return file.read_buffer()
        except OSError:
            raise FailedError(f"{self.shown} is missing or cannot be read; check your access, or restore it") from None


def locate(uri: str, filesystem: Any | None) -> Location:
    """Return the folder that ``uri`` names: a path, ``file:``, ``gs://``, ``s3://``, or a path on a file system.

    Raises ``UsageError`` for any other scheme.
    """
    shown = uri.rstrip("/")
    if filesystem is not None:
        return Location(filesystem, shown.partition("://")[2] or shown, shown)
    parts = urlsplit(shown) if shown.startswith("file:") or "://" in shown else None
    if parts is None:
        return Location(fs.LocalFileSystem(), _absolute(shown), shown)
    if parts.scheme == "file" and parts.netloc in ("", "localhost"):
        return Location(fs.LocalFileSystem(), _absolute(unquote(parts.path)), shown)
    if parts.scheme in {"gs", "s3"} and {"@", ":"} & {*parts.netloc}:
        raise UsageError(f"a bucket is named as {parts.scheme}://BUCKET/PREFIX, without credentials or port")
    if parts.scheme == "gs" and parts.netloc:
        return Location(fs.GcsFileSystem(), parts.netloc + parts.path, shown)
    if parts.scheme == "s3" and parts.netloc:
        return Location(_open_s3(), parts.netloc + parts.path, shown)
    raise UsageError("a release is named by a path, file:, gs:// or s3://; for any other store give filesystem=")


def _open_s3() -> Any:
    """Open S3 of Amazon, or of the server that the environment names."""
    server = find_server(os.environ)
    if server is None:
        return fs.S3FileSystem()
    parts = urlsplit(server)
    return fs.S3FileSystem(endpoint_override=parts.netloc, scheme=parts.scheme)


def _absolute(path: str) -> str:
    if not path:
        raise UsageError("the address of the release is empty; name the folder of a dataset or of a release")
    return str(Path(path).expanduser().absolute())
