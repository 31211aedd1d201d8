"""Object store in a prefix of a Cloud Storage bucket; the only module that imports the client.

Every write names the generation that it replaces (0: none), so a retried or a late request cannot overwrite, and two
writers of one name cannot both succeed.
"""

import functools
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedIOBase
from pathlib import Path
from typing import cast

import requests
from google.api_core.exceptions import GoogleAPIError, NotFound, PreconditionFailed
from google.api_core.retry import Retry
from google.auth.exceptions import GoogleAuthError
from google.cloud import storage
from google.cloud.exceptions import GoogleCloudError
from google.cloud.storage.retry import DEFAULT_RETRY

from schemas.errors import FailedError, RefusedError
from transforms.object_store.access_note import ACCESS_NOTE
from transforms.object_store.interface import BUCKET_SCHEME, ObjectMetadata, VersionedObject

_REDIRECTS = ("STORAGE_EMULATOR_HOST", "API_ENDPOINT_OVERRIDE")
"""Variables by which the storage library sends everything, credentials included, to another server."""

_CONNECT_S, _READ_S = 10.0, 120.0
_RETRIED_S = 300.0
_CHUNK = 8 * 2**20
_ATTEMPTS = 10
_RETRY: Retry = DEFAULT_RETRY.with_timeout(_RETRIED_S)
"""A write may be repeated: its precondition makes the second of two successes a conflict, which is looked into."""
_FAILURES = (GoogleAPIError, GoogleCloudError, GoogleAuthError, requests.RequestException, OSError)


@dataclass(frozen=True, slots=True)
class BucketStore:
    """Store in a bucket; ``prefix`` is empty or ends in a slash, a version is the generation of an object."""

    client: storage.Client = field(repr=False)
    bucket: str
    prefix: str

    @property
    def uri(self) -> str:
        """Return the address."""
        return f"{BUCKET_SCHEME}{self.bucket}/{self.prefix}".rstrip("/")

    def names(self) -> list[str]:
        """List every live object below the prefix."""
        with self._reaching("the list of objects"):
            blobs = self.client.list_blobs(self.bucket, prefix=self.prefix, retry=_RETRY, timeout=(_CONNECT_S, _READ_S))
            return sorted(blob.name.removeprefix(self.prefix) for blob in blobs)

    def list_metadata(self) -> dict[str, ObjectMetadata]:
        """List size and digest of every object below the prefix, by name."""
        with self._reaching("the list of objects"):
            blobs = self.client.list_blobs(self.bucket, prefix=self.prefix, retry=_RETRY, timeout=(_CONNECT_S, _READ_S))
            return {blob.name.removeprefix(self.prefix): _metadata(blob) for blob in blobs}

    def exists(self, name: str) -> bool:
        """Return whether the object is live."""
        with self._reaching(name):
            return bool(self._blob(name).exists(retry=_RETRY, timeout=(_CONNECT_S, _READ_S)))

    def get(self, name: str) -> VersionedObject | None:
        """Read an object and its generation."""
        with self._reaching(name):
            for _ in range(_ATTEMPTS):
                blob = self._blob(name)
                try:
                    blob.reload(retry=_RETRY, timeout=(_CONNECT_S, _READ_S))
                except NotFound:
                    return None
                try:
                    content = blob.download_as_bytes(
                        if_generation_match=blob.generation, retry=_RETRY, timeout=(_CONNECT_S, _READ_S)
                    )
                except (NotFound, PreconditionFailed):
                    continue  # replaced between the two requests
                return VersionedObject(content, str(blob.generation))
        raise FailedError(f"{self.uri}/{name} changes faster than it can be read; try again")

    @contextmanager
    def open(self, name: str) -> Iterator[BufferedIOBase]:
        """Open the live generation; later ones do not affect the reader."""
        with self._reaching(name):
            blob = self._blob(name)
            try:
                blob.reload(retry=_RETRY, timeout=(_CONNECT_S, _READ_S))
            except NotFound:
                raise FailedError(f"{self.uri}/{name} is missing or cannot be read; restore it or run again") from None
            pinned = self._blob(name, int(blob.generation))
            reader = pinned.open("rb", chunk_size=_CHUNK, retry=_RETRY, timeout=(_CONNECT_S, _READ_S))
            with cast("BufferedIOBase", reader) as file:
                yield file

    def put_if_absent(self, name: str, content: bytes | memoryview) -> bool:
        """Upload with the precondition that there is no object; the service checks the CRC32C of what it received."""
        return self._upload(name, content, 0)

    def move_in(self, name: str, staged: Path) -> bool:
        """Upload a local file and remove it; if the name is taken, the file stays."""
        created = self._upload(name, staged.read_bytes(), 0)
        if created:
            staged.unlink()
        return created

    def compare_and_swap(self, name: str, content: bytes, version: str | None) -> bool:
        """Upload with the precondition that the object is still at its generation."""
        return self._upload(name, content, 0 if version is None else int(version))

    def delete(self, name: str) -> None:
        """Delete the live generation; only a bucket without versioning and soft delete forgets it (preflight)."""
        with self._reaching(name):
            try:
                self._blob(name).delete(retry=_RETRY, timeout=(_CONNECT_S, _READ_S))
            except NotFound:
                return

    def tidy(self) -> None:
        """Do nothing: an unfinished upload leaves no object."""

    def _upload(self, name: str, content: bytes | memoryview, generation: int) -> bool:
        with self._reaching(name):
            try:
                self._blob(name).upload_from_string(
                    bytes(content),
                    content_type="application/octet-stream",
                    if_generation_match=generation,
                    checksum="crc32c",
                    retry=_RETRY,
                    timeout=(_CONNECT_S, _READ_S),
                )
            except PreconditionFailed:
                return False
            return True

    def _blob(self, name: str, generation: int | None = None) -> storage.Blob:
        return self.client.bucket(self.bucket).blob(self.prefix + name, generation=generation)

    @contextmanager
    def _reaching(self, name: str) -> Iterator[None]:
        """Convert the client's errors, which may quote headers and addresses."""
        try:
            yield
        except _FAILURES as error:
            code = getattr(error, "code", None)
            said = f"answered {code}" if code else f"could not be reached ({type(error).__name__})"
            raise FailedError(f"{self.uri}/{name}: the bucket {said}; fix the access and run again") from None


def _metadata(blob: storage.Blob) -> ObjectMetadata:
    digest = f"md5:{blob.md5_hash}" if blob.md5_hash else f"crc32c:{blob.crc32c}:{blob.generation}"
    return ObjectMetadata(int(blob.size), digest)


def open_bucket(uri: str) -> BucketStore:
    """Open the store at ``gs://bucket/prefix``; raise ``RefusedError`` if an emulator is configured."""
    bucket, _, prefix = uri.removeprefix(BUCKET_SCHEME).rstrip("/").partition("/")
    return BucketStore(client(), bucket, f"{prefix}/" if prefix else "")


def refuse_redirects() -> None:
    """Raise ``RefusedError`` if the environment sends the storage library to another server than Google's."""
    for variable in _REDIRECTS:
        if os.environ.get(variable):
            raise RefusedError(f"{variable} sends storage to a stand-in that enforces nothing; unset it and run again")


@functools.cache
def client() -> storage.Client:
    """Create this process's client; raise ``RefusedError`` without credentials or with a redirected library."""
    refuse_redirects()
    try:
        return storage.Client(extra_headers=ACCESS_NOTE)
    except (GoogleAuthError, OSError):
        raise RefusedError("there are no Google credentials; run gcloud auth application-default login") from None
