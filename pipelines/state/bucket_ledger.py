"""Ledger as an object in a bucket, of Cloud Storage or S3, changed by compare-and-swap on its version."""

import random
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from pipelines.state.local_ledger import FILE_NAME, Change
from schemas.errors import FailedError
from transforms.object_store.addresses import join_uri, open_store
from transforms.object_store.interface import ObjectStore, VersionedObject

_ATTEMPTS = 400
_FIRST_WAIT_S, _LONGEST_WAIT_S = 0.02, 1.0
_OBJECT = f"ledger/{FILE_NAME}"


@dataclass(frozen=True, slots=True)
class BucketLedger:
    """An object that is written only while it is at the version that was read.

    A write whose answer is lost is sent again by the client and then fails its own precondition; the change is made
    again from the stored content and finds its change there. Many writers wait a random while between attempts.
    """

    store: ObjectStore

    @property
    def name(self) -> str:
        """Return the address of the object."""
        return join_uri(self.store.uri, _OBJECT)

    def read(self) -> bytes | None:
        """Read the content; raise ``FailedError`` if the bucket does not answer."""
        seen = self._latest()
        return None if seen is None else seen.content

    def update(self, change: Change) -> None:
        """Replace the content; raise ``FailedError`` if the bucket does not answer or stays busy."""
        for attempt in range(_ATTEMPTS):
            seen = self._latest()
            before, version = (None, None) if seen is None else (seen.content, seen.version)
            after = change(before)
            if after == before:
                return
            with _stopping_releases():
                if self.store.compare_and_swap(_OBJECT, after, version):
                    return
            longest = min(_LONGEST_WAIT_S, _FIRST_WAIT_S * 2 ** min(attempt, 10))
            time.sleep(random.uniform(0, longest))  # noqa: S311 - spreads writers, hides nothing
        raise FailedError(f"the ledger {self.name} was busy {_ATTEMPTS} times in a row; run again")

    def _latest(self) -> VersionedObject | None:
        with _stopping_releases():
            return self.store.get(_OBJECT)


@contextmanager
def _stopping_releases() -> Iterator[None]:
    """Add to an error of the bucket that no release is made without the ledger."""
    try:
        yield
    except FailedError as error:
        raise FailedError(f"the ledger does not answer, and no release is made without it: {error}") from None


def bucket_ledger(folder: str) -> BucketLedger:
    """Open the ledger below ``gs://BUCKET/PREFIX`` or ``s3://BUCKET/PREFIX``, as every other object of the state."""
    return BucketLedger(open_store(folder))
