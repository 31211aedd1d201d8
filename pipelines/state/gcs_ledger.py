"""Ledger as an object of Google Cloud Storage, changed by compare-and-swap on its generation."""

import os
import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.parse import urlsplit

from google.api_core.exceptions import GoogleAPIError, NotFound, PreconditionFailed
from google.auth.exceptions import GoogleAuthError
from google.cloud.storage import Bucket, Client
from requests.exceptions import RequestException

from pipelines.state.local_ledger import FILE_NAME, Change
from schemas.errors import FailedError, RefusedError, UsageError

_EMULATOR = "STORAGE_EMULATOR_HOST"
_ATTEMPTS = 400
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.02, 1.0
_ABSENT = 0
"""The generation of a missing object (Cloud Storage, request preconditions)."""


@dataclass(frozen=True, slots=True)
class BucketLedger:
    """An object that is written only while its generation is the one that was read.

    A write whose answer is lost is sent again by the client and then fails its own precondition; the change is made
    anew from what lies there and finds that it was made. Many writers wait a random while between attempts.
    """

    bucket: Bucket
    path: str

    @property
    def name(self) -> str:
        """Address of the object."""
        return f"gs://{self.bucket.name}/{self.path}"

    def read(self) -> bytes | None:
        """Read the content; raise ``FailedError`` if the bucket does not answer."""
        with self._translate_errors():
            return self._latest()[0]

    def update(self, change: Change) -> None:
        """Replace the content; raise ``FailedError`` if the bucket does not answer or stays busy."""
        for attempt in range(_ATTEMPTS):
            with self._translate_errors():
                before, generation = self._latest()
            after = change(before)
            if after == before:
                return
            with self._translate_errors():
                if self._swap(after, generation):
                    return
            longest = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** min(attempt, 10))
            time.sleep(random.uniform(0, longest))  # noqa: S311 - spreads writers, hides nothing
        raise FailedError(f"the ledger {self.name} was busy {_ATTEMPTS} times in a row; run again")

    def _latest(self) -> tuple[bytes | None, int]:
        while True:
            found = self.bucket.get_blob(self.path)
            if found is None:
                return None, _ABSENT
            try:
                return found.download_as_bytes(if_generation_match=found.generation), int(found.generation)
            except (NotFound, PreconditionFailed):  # replaced between the two requests
                continue

    def _swap(self, content: bytes, generation: int) -> bool:
        try:
            self.bucket.blob(self.path).upload_from_string(
                content, "application/jsonl", if_generation_match=generation, checksum="crc32c"
            )
        except PreconditionFailed:
            return False
        return True

    @contextmanager
    def _translate_errors(self) -> Iterator[None]:
        try:
            yield
        except (GoogleAPIError, GoogleAuthError, RequestException) as error:
            raise FailedError(
                f"the ledger {self.name} does not answer ({type(error).__name__}); no release is made without it, "
                "fix the access and run again"
            ) from None


def bucket_ledger(folder: str, client: Client | None = None) -> BucketLedger:
    """Open the ledger below ``gs://BUCKET/PREFIX``; tests pass a ``client`` of their own.

    Raises ``RefusedError`` where the environment would send the default client to a stand-in for Cloud Storage.
    """
    parts = urlsplit(folder)
    if parts.scheme != "gs" or not parts.netloc:
        raise UsageError("private state in a bucket is named by gs://BUCKET/PREFIX")
    if client is None:
        if os.environ.get(_EMULATOR):
            raise RefusedError(f"{_EMULATOR} names a stand-in that enforces nothing; unset it and run again")
        client = Client()
    path = "/".join(part for part in (parts.path.strip("/"), "ledger", FILE_NAME) if part)
    return BucketLedger(client.bucket(parts.netloc), path)
