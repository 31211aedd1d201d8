"""Uniform random words for a batch of sessions, from the noise key alone."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np
import numpy.typing as npt

from transforms.keys.pseudonym import frame_parts
from transforms.keys.secret import keystream

WORD_BYTES = 8
_LOW = b"low"
_HIGH = b"high"


@dataclass(frozen=True, slots=True, eq=False)
class UniformWords:
    """Uniform 64-bit words, each with 64 further bits on demand.

    ``labels`` name the streams whose words stand one after the other in ``high``; ``ends`` is where each ends.
    """

    high: npt.NDArray[np.uint64] = field(repr=False)
    key: bytes = field(repr=False)
    labels: Sequence[bytes] = field(repr=False)
    ends: Sequence[int]

    def low(self, index: int) -> int:
        """Compute the further 64 bits of word ``index`` from a second stream."""
        stream = int(np.searchsorted(np.asarray(self.ends), index, side="right"))
        before = self.ends[stream - 1] if stream else 0
        label = _label(_LOW, self.labels[stream])
        return int.from_bytes(keystream(self.key, label, WORD_BYTES * (index - before + 1))[-WORD_BYTES:], "little")


def words(key: bytes, labels: Sequence[bytes], counts: Sequence[int]) -> UniformWords:
    """Draw ``counts[i]`` words of the stream ``labels[i]``, one stream after the other.

    Streams of different labels are independent to whoever lacks ``key``; a stream does not depend on the batch that
    its session came in, on the worker, or on the attempt.
    """
    parts = [
        keystream(key, _label(_HIGH, label), WORD_BYTES * count) for label, count in zip(labels, counts, strict=True)
    ]
    high = np.frombuffer(b"".join(parts), dtype="<u8").astype(np.uint64, copy=False)
    return UniformWords(high, key, labels, list(accumulate(counts)))


def _label(half: bytes, label: bytes) -> bytes:
    return b"".join(frame_parts(half, label))
