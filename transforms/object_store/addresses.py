"""Addresses of object stores: paths, ``file:``, ``gs://`` and ``s3://`` addresses."""

from pathlib import Path
from urllib.parse import unquote, urlsplit

from schemas.errors import UsageError
from transforms.object_store.interface import BUCKET_SCHEME, S3_SCHEME, ObjectMetadata, ObjectStore
from transforms.object_store.local import FolderStore

_SCHEMES = (BUCKET_SCHEME, S3_SCHEME)
NO_S3 = "the client of S3 is not installed; run pip install 'keyveil[s3]'"
"""Error where the extra is missing."""


def is_bucket(uri: str) -> bool:
    """Return whether the address names a bucket, of either service; everything else is local."""
    return uri.startswith(_SCHEMES)


def is_s3(uri: str) -> bool:
    """Return whether the address names a bucket of S3."""
    return uri.startswith(S3_SCHEME)


def is_google_bucket(uri: str) -> bool:
    """Return whether the address names a bucket of Cloud Storage, the only one that Dataflow reaches."""
    return uri.startswith(BUCKET_SCHEME)


def bucket_of(uri: str) -> str:
    """Return the name of the bucket in an address."""
    return uri.partition("://")[2].split("/", 1)[0]


def open_store(uri: str) -> ObjectStore:
    """Open the store at a path or a ``file:``, ``gs://`` or ``s3://`` address; raise ``UsageError`` for others."""
    return _open_bucket(uri) if is_bucket(uri) else FolderStore(local_folder(uri))


def list_metadata(uri: str) -> dict[str, ObjectMetadata]:
    """List size and digest of every object below ``gs://bucket/folder`` or ``s3://bucket/folder``, by address."""
    store = _open_bucket(uri)
    return {join_uri(store.uri, name): item for name, item in store.list_metadata().items()}


def _open_bucket(uri: str) -> ObjectStore:
    """Open the store of a bucket; raise ``UsageError`` where its client is not installed."""
    if is_s3(uri):
        try:
            from transforms.object_store.s3 import open_s3  # noqa: PLC0415 - the client is an extra
        except ModuleNotFoundError:
            raise UsageError(NO_S3) from None
        return open_s3(uri)
    from transforms.object_store.gcs import open_bucket  # noqa: PLC0415 - the client takes a second to import

    return open_bucket(uri)


def local_folder(uri: str) -> Path:
    """Return the local folder at an address; raise ``UsageError`` for a bucket."""
    if is_bucket(uri):
        raise UsageError("a bucket is no local folder; pass a folder")
    return Path(normal_uri(uri))


def join_uri(uri: str, name: str) -> str:
    """Join a store's address and the name of an object."""
    return f"{uri.rstrip('/')}/{name}"


def normal_uri(uri: str) -> str:
    """Normalize an address to an absolute path, or to ``gs://bucket/prefix`` or ``s3://bucket/prefix``.

    Raises ``UsageError`` for another scheme, an empty path, or a bucket address with parts that are not plain.
    """
    if is_bucket(uri):
        scheme, _, rest = uri.partition("://")
        bucket, *parts = rest.rstrip("/").split("/")
        if "@" in bucket or ":" in bucket:  # an access key and its secret stand here for other programs
            raise UsageError(
                f"a bucket is named as {scheme}://BUCKET/PREFIX, without credentials or port; take them out"
            )
        if not bucket or any(part in ("", ".", "..") for part in parts):
            raise UsageError(
                f"a bucket is named as {scheme}://BUCKET or {scheme}://BUCKET/PREFIX, without empty or dotted parts"
            )
        return uri.rstrip("/")
    parts_of = urlsplit(uri) if uri.startswith(("file:", "gs:", "s3:")) or "://" in uri else None
    if parts_of is not None and (parts_of.scheme != "file" or parts_of.netloc not in ("", "localhost")):
        raise UsageError(
            "an output is a local folder, as a path or a file: address, or gs://BUCKET/PREFIX or s3://BUCKET/PREFIX"
        )
    path = uri if parts_of is None else unquote(parts_of.path)
    if not path:
        raise UsageError("the address is empty; pass a local folder, gs://BUCKET/PREFIX or s3://BUCKET/PREFIX")
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
    store, name = open_parent(uri)
    with store.open(name) as file:
        return file.read()
