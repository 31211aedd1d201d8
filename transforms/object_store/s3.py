"""Object store in a prefix of an S3 bucket, of Amazon or of another server; the only module that makes clients.

Every write is conditional (``If-None-Match: *`` for a new object, ``If-Match`` for a replacement), so a retried or a
late request cannot overwrite, and two writers of one name cannot both succeed. A server that ignores the conditions is
found out before the first write.
"""

import base64
import functools
import hashlib
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from io import BufferedIOBase, BufferedReader
from pathlib import Path
from typing import Any, Final
from weakref import WeakKeyDictionary

import boto3
from botocore import UNSIGNED
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from schemas.errors import FailedError, RefusedError
from transforms.object_store.interface import S3_SCHEME, ObjectMetadata, VersionedObject
from transforms.object_store.s3_errors import describe_failure, status_of
from transforms.object_store.s3_reader import TRIES, RangeReader, fetch
from transforms.object_store.s3_server import find_server

PROBE = ".keyveil-conditions"
"""Object by which a server is tried; it stays, holds nothing, and is not listed."""
_NO_ETAG = f'"{"0" * 32}"'
_ABSENT, _CONFLICT, _CHANGED = 404, 409, 412
_CHUNK = 8 * 2**20
_ATTEMPTS, _WAIT_S = 10, 0.05
_CONNECT_S, _READ_S = 10, 120
_TRIED: Final = WeakKeyDictionary[Any, set[str]]()
"""Clients, with the buckets whose server was found to honour conditions."""


@dataclass(frozen=True, slots=True)
class S3Store:
    """Store in a bucket; ``prefix`` is empty or ends in a slash, a version is the ETag of an object."""

    client: Any = field(repr=False)
    bucket: str
    prefix: str

    @property
    def uri(self) -> str:
        """Return the address."""
        return f"{S3_SCHEME}{self.bucket}/{self.prefix}".rstrip("/")

    def names(self) -> list[str]:
        """List every object below the prefix."""
        return sorted(self.list_metadata())

    def list_metadata(self) -> dict[str, ObjectMetadata]:
        """List size and ETag of every object below the prefix, by name."""
        with self._reaching("the list of objects"):
            pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=self.bucket, Prefix=self.prefix)
            return {
                item["Key"].removeprefix(self.prefix): ObjectMetadata(item["Size"], f"etag:{item['ETag']}")
                for page in pages
                for item in page.get("Contents", ())
                if item["Key"].rpartition("/")[2] != PROBE
            }

    def exists(self, name: str) -> bool:
        """Return whether the object exists."""
        with self._reaching(name):
            try:
                self.client.head_object(Bucket=self.bucket, Key=self.prefix + name)
            except ClientError as error:
                if status_of(error) == _ABSENT:
                    return False
                raise
            return True

    def get(self, name: str) -> VersionedObject | None:
        """Read an object and its ETag in one request."""
        with self._reaching(name):
            try:
                content, found = fetch(self.client, Bucket=self.bucket, Key=self.prefix + name)
            except ClientError as error:
                if _is_missing(error):
                    return None
                raise
            return VersionedObject(content, found["ETag"])

    @contextmanager
    def open(self, name: str) -> Iterator[BufferedIOBase]:
        """Open the object as it is now; reading fails if it is replaced meanwhile."""
        with self._reaching(name):
            key = {"Bucket": self.bucket, "Key": self.prefix + name}
            try:
                found = self.client.head_object(**key)
            except ClientError as error:
                if status_of(error) != _ABSENT:
                    raise
                raise FailedError(f"{self.uri}/{name} is missing or cannot be read; restore it or run again") from None
            raw = RangeReader(self.client, key, found["ETag"], found["ContentLength"])
            with BufferedReader(raw, _CHUNK) as file:
                yield file

    def put_if_absent(self, name: str, content: bytes | memoryview) -> bool:
        """Upload on condition that there is no object; the service compares the MD5 of what it received."""
        return self._upload(name, content, None)

    def move_in(self, name: str, staged: Path) -> bool:
        """Upload a local file and remove it; if the name is taken, the file stays."""
        created = self._upload(name, staged.read_bytes(), None)
        if created:
            staged.unlink()
        return created

    def compare_and_swap(self, name: str, content: bytes, version: str | None) -> bool:
        """Upload on condition that the object still has its ETag."""
        return self._upload(name, content, version)

    def delete(self, name: str) -> None:
        """Delete the object; only a bucket that never had versions forgets it (preflight)."""
        with self._reaching(name):
            self.client.delete_object(Bucket=self.bucket, Key=self.prefix + name)

    def tidy(self) -> None:
        """Do nothing: an unfinished upload leaves no object."""

    def check_conditions(self) -> None:
        """Raise ``RefusedError`` unless the server honours conditional writes; tried once a process and bucket."""
        tried = _TRIED.setdefault(self.client, set())
        if self.bucket in tried:
            return
        with self._reaching(PROBE):
            # made here or there before: the second attempt is refused by a server that honours conditions
            self._put(PROBE, b"", None)
            if self._put(PROBE, b"", None) or self._put(PROBE, b"", _NO_ETAG):
                raise RefusedError(
                    f"the server of {self.uri} ignores If-None-Match or If-Match, so two runs could overwrite each "
                    "other; use Amazon S3, or a server that has conditional writes"
                )
        tried.add(self.bucket)

    def _upload(self, name: str, content: bytes | memoryview, etag: str | None) -> bool:
        self.check_conditions()
        with self._reaching(name):
            return self._put(name, content, etag)

    def _put(self, name: str, content: bytes | memoryview, etag: str | None) -> bool:
        """Upload under a condition (``None``: absent); return false if it does not hold.

        A conflict (409) means that another request for the name was under way: neither won yet.
        """
        body = bytes(content)
        condition = {"IfNoneMatch": "*"} if etag is None else {"IfMatch": etag}
        digest = base64.b64encode(hashlib.md5(body, usedforsecurity=False).digest()).decode()
        for attempt in range(_ATTEMPTS):
            try:
                self.client.put_object(
                    Bucket=self.bucket, Key=self.prefix + name, Body=body, ContentMD5=digest, **condition
                )
            except ClientError as error:
                if status_of(error) == _CHANGED or (etag is not None and _is_missing(error)):
                    return False
                if status_of(error) != _CONFLICT or attempt + 1 == _ATTEMPTS:
                    raise
                time.sleep(_WAIT_S * 2**attempt)
            else:
                return True
        raise AssertionError  # pragma: no cover - the last attempt returned or raised

    @contextmanager
    def _reaching(self, name: str) -> Iterator[None]:
        """Convert the client's errors, which may quote headers and addresses."""
        try:
            yield
        except (ClientError, BotoCoreError) as error:
            raise FailedError(f"{self.uri}/{name}: {describe_failure(error)}, and run again") from None


def _is_missing(error: ClientError) -> bool:
    """Check that an object is missing, and not its bucket."""
    return status_of(error) == _ABSENT and error.response["Error"].get("Code") != "NoSuchBucket"


def open_s3(uri: str) -> S3Store:
    """Open the store at ``s3://bucket/prefix``; raise ``RefusedError`` as ``client`` does."""
    bucket, _, prefix = uri.removeprefix(S3_SCHEME).rstrip("/").partition("/")
    return S3Store(client(), bucket, f"{prefix}/" if prefix else "")


@functools.cache
def client() -> Any:
    """Create this process's client; raise ``RefusedError`` without credentials, a region, or with a redirection."""
    server = find_server(os.environ)
    session = _open_session()
    if not session.region_name:
        raise RefusedError("there is no region to sign requests for; set AWS_REGION to the region of the bucket")
    try:
        credentials = session.get_credentials()
    except BotoCoreError:
        credentials = None
    if credentials is None:
        raise RefusedError(
            "there are no S3 credentials; attach a role to this machine, run aws sso login, or set AWS_ACCESS_KEY_ID "
            "and AWS_SECRET_ACCESS_KEY"
        )
    return session.client("s3", endpoint_url=server, config=settings(server))


def _open_session() -> Any:
    """Open a session in the region of ``AWS_REGION``, which the client itself does not read, or of its own settings."""
    return boto3.session.Session(region_name=os.environ.get("AWS_REGION") or None)


def connect(service: str, *, unsigned: bool = False) -> Any:
    """Create a client of another service of the same server, or one without credentials."""
    server = find_server(os.environ)
    config = settings(server).merge(Config(signature_version=UNSIGNED)) if unsigned else settings(server)
    return _open_session().client(service, endpoint_url=server, config=config)


def settings(server: str | None) -> Config:
    """Return the settings of clients: short waits, bounded retries, no server but ``server`` or Amazon's."""
    return Config(
        retries={"mode": "standard", "total_max_attempts": TRIES},
        connect_timeout=_CONNECT_S,
        read_timeout=_READ_S,
        ignore_configured_endpoint_urls=True,
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        s3={"addressing_style": "path" if server else "auto"},
    )
