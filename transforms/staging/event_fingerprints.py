"""Fingerprints of staged events, to tell a repeated event from another one with the same ``seq``.

A digest that covers what was typed or seen would let whoever has the key find it by trying, one word at a time: with it
the text would outlive the night. So an event is remembered by when it was and of which shape alone, and one without a
time cannot be distinguished from another.
"""

import hmac
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from transforms.keys.pseudonym import frame_parts

_Seqs = npt.NDArray[np.int64]
_Prints = npt.NDArray[np.uint32]

_SHAPE = ("kind", "device_id", "action", "button", "repeat", "resumed", "multiline", "private", "source_masked")
_NO_TIME = 0

PART_FIELDS = (
    ("first", pa.list_(pa.int64())),
    ("last", pa.list_(pa.int64())),
    ("shapes", pa.list_(pa.uint32())),
    ("times", pa.list_(pa.uint32())),
)
"""Runs of ``seq``, both ends inclusive, and keyed prints of each event."""


@dataclass(frozen=True, slots=True)
class Part:
    """Events of a session that were staged together: ``seq`` ascends; prints are under ``key``."""

    key: bytes = field(repr=False)
    seq: _Seqs
    shapes: _Prints = field(repr=False)
    times: _Prints = field(repr=False)

    @classmethod
    def of(cls, key: bytes, rows: pa.Table) -> "Part":
        """Fingerprint ``rows`` of one session, in the order of their ``seq``."""
        return cls(key, rows["seq"].to_numpy().astype(np.int64), _shapes(key, rows), _times(key, rows["t_us"]))

    @classmethod
    def from_row(cls, key: bytes, row: Mapping[str, Any]) -> "Part":
        """Parse the part of a record."""
        runs = [
            np.arange(first, last + 1, dtype=np.int64) for first, last in zip(row["first"], row["last"], strict=True)
        ]
        shapes, times = (np.array(row[name], np.uint32) for name in ("shapes", "times"))
        return cls(key, np.concatenate(runs), shapes, times)

    def as_row(self) -> dict[str, str | Sequence[int]]:
        """Convert to the values of ``PART_FIELDS``."""
        breaks = np.flatnonzero(np.diff(self.seq) > 1)
        return {
            "first": [int(self.seq[0]), *self.seq[breaks + 1].tolist()],
            "last": [*self.seq[breaks].tolist(), int(self.seq[-1])],
            "shapes": self.shapes.tolist(),
            "times": self.times.tolist(),
        }

    def contradicts(self, rows: pa.Table) -> bool:
        """Return whether a row with a ``seq`` of this part may differ from the staged event."""
        again = rows.filter(pa.array(np.isin(rows["seq"].to_numpy(), self.seq)))
        found, places = Part.of(self.key, again), np.searchsorted(self.seq, again["seq"].to_numpy())
        shapes, times = self.shapes[places], self.times[places]
        return bool(np.any(shapes != found.shapes) or np.any(times != found.times) or np.any(times == _NO_TIME))


def _shapes(key: bytes, rows: pa.Table) -> _Prints:
    lines = pa.array(_shape_lines(rows)).dictionary_encode()
    prints = np.array([_print(key, b"shape", line.encode()) for line in lines.dictionary.to_pylist()], np.uint32)
    return prints[lines.indices.to_numpy()] if len(prints) else prints


def _times(key: bytes, times: pa.ChunkedArray) -> _Prints:
    prints = [_NO_TIME if t is None else _print(key, b"time", b"%d" % t) for t in times.to_pylist()]
    return np.array(prints, np.uint32)


def _print(key: bytes, kind: bytes, value: bytes) -> int:
    digest = hmac.digest(key, b"".join(frame_parts(kind, value)), "sha256")
    return int.from_bytes(digest[:4], "big") or 1


def _shape_lines(rows: pa.Table) -> list[str]:
    """Serialise the shape of each row as one line of JSON, without nulls."""
    used = [name for name in _SHAPE if rows[name].null_count < rows.num_rows]
    events = rows.select(used).to_pylist()
    return [json.dumps({name: value for name, value in event.items() if value is not None}) for event in events]
