"""Addresses of object stores: paths, ``file:`` and ``gs://`` addresses."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from schemas.errors import UsageError
from transforms.object_store.interface import BUCKET_SCHEME, ObjectMetadata, ObjectStore
from transforms.object_store.local import FolderStore


def is_bucket(uri: str) -> bool:
    """Return whether the address names a bucket; everything else is local."""
    return uri.startswith(BUCKET_SCHEME)


def bucket_of(uri: str) -> str:
    """Return the name of the bucket in a ``gs://`` address."""
    return uri.removeprefix(BUCKET_SCHEME).split("/", 1)[0]


def open_store(uri: str) -> ObjectStore:
    """Open the store at a path, a ``file:`` or a ``gs://`` address; raise ``UsageError`` for another scheme."""
    if is_bucket(uri):
        from transforms.object_store.gcs import open_bucket  # noqa: PLC0415 - the client takes a second to import

        return open_bucket(uri)
    return FolderStore(local_folder(uri))


def list_metadata(uri: str) -> dict[str, ObjectMetadata]:
    """List size and digest of every object below ``gs://bucket/folder``, by address."""
    from transforms.object_store.gcs import open_bucket  # noqa: PLC0415 - the client takes a second to import

    place = open_bucket(uri)
    return {join_uri(place.uri, name): item for name, item in place.list_metadata().items()}


def local_folder(uri: str) -> Path:
    """Return the local folder at an address; raise ``UsageError`` for a bucket."""
    if is_bucket(uri):
        raise UsageError("a bucket is no local folder; pass a folder")
    return Path(normal_uri(uri))


def join_uri(uri: str, name: str) -> str:
    """Join a store's address and the name of an object."""
    return f"{uri.rstrip('/')}/{name}"


def normal_uri(uri: str) -> str:
    """Normalize an address to an absolute path, or to ``gs://bucket/prefix`` without a slash at its end.

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
        raise UsageError("the address is empty; pass a local folder or gs://BUCKET/PREFIX")
    return str(Path(path).expanduser().absolute())


def open_parent(uri: str) -> tuple[ObjectStore, str]:
    """Open the store that holds an object; return it with the object's name."""
    folder, _, name = normal_uri(uri).rpartition("/")
    return open_store(folder), name


def content_of(uri: str) -> bytes:
    """Read a local file or an object in a bucket.

    Raises ``OSError`` if a local file cannot be read, ``FailedError`` if an object cannot.
    """
    if not is_bucket(uri):
        return Path(uri).read_bytes()
    place, name = open_parent(uri)
    with place.open(name) as file:
        return file.read()
