"""Which place an address names."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from schemas.errors import RefusedError, UsageError
from transforms.store.folder import Folder
from transforms.store.place import Place


def open_place(uri: str) -> Place:
    """Return the place behind a path, a ``file:`` or a ``gs://`` address; raise ``UsageError`` for another scheme."""
    return Folder(local_folder(uri))


def joined(uri: str, *parts: str) -> str:
    """Return the address of what lies below ``uri``."""
    return "/".join((uri.rstrip("/"), *parts))


def local_folder(uri: str) -> Path:
    """Return the folder behind a path or ``file:`` address; raise ``RefusedError`` for a bucket."""
    if uri.startswith("gs:"):
        raise RefusedError(
            "this version writes to local folders only: it cannot yet prove that a bucket is restricted; "
            "name a local folder as --output"
        )
    parts = urlsplit(uri) if uri.startswith("file:") or "://" in uri else None
    if parts is not None and (parts.scheme != "file" or parts.netloc not in ("", "localhost")):
        raise UsageError("an output is a local folder, as a path or a file: address; no other scheme is supported")
    path = uri if parts is None else unquote(parts.path)
    if not path:
        raise UsageError("the output folder is empty; name a local folder as --output")
    return Path(path).expanduser().absolute()
