"""Which place an address names."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from schemas.errors import UsageError
from transforms.object_store.interface import ObjectMetadata, ObjectStore
from transforms.object_store.local import FolderStore

BUCKET_SCHEME = "gs://"


def is_bucket(uri: str) -> bool:
    """Return whether the address names a bucket; everything else is local."""
    return uri.startswith(BUCKET_SCHEME)


def open_store(uri: str) -> ObjectStore:
    """Return the place behind a path, a ``file:`` or a ``gs://`` address; raise ``UsageError`` for another scheme."""
    if is_bucket(uri):
        from transforms.object_store.gcs import open_bucket  # noqa: PLC0415 - the client takes a second to import

        return open_bucket(uri)
    return FolderStore(local_folder(uri))


def list_metadata(uri: str) -> dict[str, ObjectMetadata]:
    """Return what a bucket says of every object below ``gs://bucket/folder``, by address."""
    from transforms.object_store.gcs import open_bucket  # noqa: PLC0415 - the client takes a second to import

    place = open_bucket(uri)
    return {join_uri(place.uri, name): item for name, item in place.list_metadata().items()}


def local_folder(uri: str) -> Path:
    """Return the folder behind an address; raise ``UsageError`` where it is none."""
    if is_bucket(uri):
        raise UsageError("a bucket is no local folder; name a folder")
    return Path(normal_uri(uri))


def join_uri(uri: str, name: str) -> str:
    """Return the address of what lies below ``uri``."""
    return f"{uri.rstrip('/')}/{name}"


def normal_uri(uri: str) -> str:
    """Return an absolute path, or ``gs://bucket/prefix`` without a slash at its end.

    Raises ``UsageError`` for another scheme, an empty path, or a bucket address with parts that are not plain.
    """
    if is_bucket(uri):
        bucket, *parts = uri.removeprefix(BUCKET_SCHEME).rstrip("/").split("/")
        if not bucket or any(part in ("", ".", "..") for part in parts):
            raise UsageError("a bucket is named as gs://BUCKET or gs://BUCKET/PREFIX, without empty or dotted parts")
        return uri.rstrip("/")
    parts_of = urlsplit(uri) if uri.startswith(("file:", "gs:")) or "://" in uri else None
    if parts_of is not None and (parts_of.scheme != "file" or parts_of.netloc not in ("", "localhost")):
        raise UsageError("an output is a local folder, as a path or a file: address, or gs://BUCKET/PREFIX")
    path = uri if parts_of is None else unquote(parts_of.path)
    if not path:
        raise UsageError("the address is empty; name a local folder or gs://BUCKET/PREFIX")
    return str(Path(path).expanduser().absolute())


def open_parent(uri: str) -> tuple[ObjectStore, str]:
    """Return the place in which an object lies, and its name there."""
    folder, _, name = normal_uri(uri).rpartition("/")
    return open_store(folder), name


def content_of(uri: str) -> bytes:
    """Return the content of a local file or of an object in a bucket.

    Raises ``OSError`` where a local file cannot be read, ``FailedError`` where an object cannot.
    """
    if not is_bucket(uri):
        return Path(uri).read_bytes()
    place, name = open_parent(uri)
    with place.open(name) as file:
        return file.read()
