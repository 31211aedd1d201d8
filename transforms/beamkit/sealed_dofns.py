"""Base DoFns that write sealed slices, and keyed partition buckets of names."""

import hmac

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transforms.beamkit.safe_dofn import SafeErrorDoFn
from transforms.beamkit.sealed_shuffle import Exchange, ExchangeSettings
from transforms.keys.key_set import KeyRole, KeySet

_DIGEST_BYTES = 8


class ExchangeDoFn(SafeErrorDoFn):
    """DoFn with an exchange that is open from ``setup`` to ``teardown``."""

    def __init__(self, exchange: ExchangeSettings) -> None:
        self._exchange_settings = exchange

    def setup(self) -> None:
        """Open the exchange."""
        self._exchange = Exchange(self._exchange_settings)

    def teardown(self) -> None:
        """Close the exchange."""
        self._exchange.close()

    def _put(self, table: pa.Table) -> bytes:
        """Write a table and flush it; return its handle."""
        handle = self._exchange.put(table)
        self._exchange.flush()
        return handle


class PartitionDoFn(ExchangeDoFn):
    """DoFn that assigns names to ``buckets`` by a keyed digest, so that Beam's keys identify nobody."""

    def __init__(self, exchange: ExchangeSettings, purpose: str, buckets: int) -> None:
        super().__init__(exchange)
        self._purpose, self._buckets = purpose, buckets

    def setup(self) -> None:
        """Open the exchange and derive the key of this purpose and run."""
        super().setup()
        keys = KeySet.open(self._exchange_settings.keys)
        self._spreading = keys.derive(KeyRole.TRANSIT, self._purpose, self._exchange_settings.run)

    def _buckets_of(self, names: pa.ChunkedArray) -> npt.NDArray[np.int64]:
        """Compute the partition bucket of each name."""
        return bucket_codes(names, self._spreading, self._buckets)


def bucket_codes(names: pa.ChunkedArray, key: bytes, buckets: int) -> npt.NDArray[np.int64]:
    """Compute the partition bucket (0..``buckets``-1) of each name; equal names share one."""
    encoded = names.combine_chunks().dictionary_encode()
    names_utf8 = encoded.dictionary.cast(pa.binary()).to_pylist()
    digests = (hmac.digest(key, name, "sha256")[:_DIGEST_BYTES] for name in names_utf8)
    of_name = np.array([int.from_bytes(digest, "big") % buckets for digest in digests], dtype=np.int64)
    codes: npt.NDArray[np.int64] = of_name[encoded.indices.to_numpy(zero_copy_only=False)]
    return codes
