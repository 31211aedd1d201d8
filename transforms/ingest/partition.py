"""Assign sessions to partition buckets, so that all rows of a session meet."""

from collections.abc import Iterator
from hashlib import blake2b

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from schemas.arrow import divide

_BUCKET_BYTES = 64 << 20
_FEWEST, _MOST = 4, 4_096


def buckets_for(total_bytes: int) -> int:
    """Return how many buckets ``total_bytes`` of clear log make: about 64 MiB each, 4 to 4,096.

    A bucket is put together in the memory of one worker.
    """
    return max(_FEWEST, min(_MOST, -(-total_bytes // _BUCKET_BYTES)))


def _bucket(session_id: str, buckets: int) -> int:
    digest = blake2b(session_id.encode(), digest_size=8, person=b"keyveil-bucket").digest()
    return int.from_bytes(digest, "big") % buckets


def bucket_codes(session_ids: pa.ChunkedArray, buckets: int) -> npt.NDArray[np.int64]:
    """Return the bucket of each session id; it depends on the id and ``buckets`` alone."""
    encoded = session_ids.combine_chunks().dictionary_encode()
    of_id = np.array([_bucket(name, buckets) for name in encoded.dictionary.to_pylist()], np.int64)
    return np.asarray(of_id[encoded.indices.to_numpy()], np.int64)


def partition(table: pa.Table, buckets: int) -> Iterator[tuple[int, pa.Table]]:
    """Yield (bucket, rows) for each bucket that has rows, without columns that are null in all of ``table``."""
    if not table.num_rows:
        return
    table = table.select([field.name for field in table.schema if table[field.name].null_count < table.num_rows])
    yield from divide(table, bucket_codes(table["session_id"], buckets))
