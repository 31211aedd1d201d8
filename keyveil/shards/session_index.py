"""Random access to the sessions of a release."""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Any, NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds

from schemas.errors import UsageError

_MOST_BYTES = 1024 * 1024 * 1024
_SHARDS_AT_HAND = 8
_IDENTITY = ("session", "user")

OpenShard = Callable[[int], ds.ParquetFileFragment]
"""Opens the shard with this number, read and verified."""


class Extent(NamedTuple):
    """Rows of one session: ``rows`` of shard ``shard`` from row ``start`` on."""

    session: str
    user: str | None
    shard: int
    start: int
    rows: int


class SessionIndex:
    """Reads any session by its number or name.

    Making it reads the columns ``session`` and ``user`` of every shard once. Row groups that were decoded last stay in
    memory, a gibibyte of them, so that the sessions beside one that was read come without decoding anything; so do the
    sealed bytes of a few shards.
    """

    def __init__(self, open_shard: OpenShard, shards: int, schema: pa.Schema, columns: Sequence[str]) -> None:
        self._open, self._schema, self._columns = open_shard, schema, list(columns)
        self._fragments: OrderedDict[int, ds.ParquetFileFragment] = OrderedDict()
        self._starts: list[list[int]] = []
        self._decoded: OrderedDict[tuple[int, int], pa.Table] = OrderedDict()
        self._sizes: dict[tuple[int, int], int] = {}
        extents: list[Extent] = []
        for shard in range(shards):
            fragment = self._open_once(shard)
            self._starts.append([0, *accumulate(group.num_rows for group in fragment.row_groups)])
            extents += _extents(fragment, schema, shard)
        self.extents = tuple(extents)
        self._places = {extent.session: place for place, extent in enumerate(self.extents)}

    def __len__(self) -> int:
        return len(self.extents)

    def find(self, session: str) -> int:
        """Find the number of a session by its name; raise ``UsageError`` where the release has none of it."""
        try:
            return self._places[session]
        except KeyError:
            raise UsageError(
                "the release has no such session; take a name from its sessions table, names differ in every release"
            ) from None

    def events(self, number: int) -> pa.Table:
        """Read the rows of the session with this number."""
        extent = self.extents[number]
        starts = self._starts[extent.shard]
        pieces, start, end = [], extent.start, extent.start + extent.rows
        while start < end:
            group = bisect_right(starts, start) - 1
            until = min(end, starts[group + 1])
            pieces.append(self._row_group(extent.shard, group).slice(start - starts[group], until - start))
            start = until
        return pa.concat_tables(pieces)

    def _open_once(self, shard: int) -> ds.ParquetFileFragment:
        """Open a shard unless it is one of the few that were used last."""
        if shard not in self._fragments:
            self._fragments[shard] = self._open(shard)
        self._fragments.move_to_end(shard)
        while len(self._fragments) > _SHARDS_AT_HAND:
            self._fragments.popitem(last=False)
        return self._fragments[shard]

    def _row_group(self, shard: int, group: int) -> pa.Table:
        key = shard, group
        if key not in self._decoded:
            part = self._open_once(shard).subset(row_group_ids=[group])
            table = part.to_table(schema=self._schema, columns=self._columns).combine_chunks()
            self._decoded[key], self._sizes[key] = table, table.nbytes
            while len(self._decoded) > 1 and sum(self._sizes.values()) > _MOST_BYTES:
                oldest, _ = self._decoded.popitem(last=False)
                del self._sizes[oldest]
        self._decoded.move_to_end(key)
        return self._decoded[key]


def _extents(fragment: ds.ParquetFileFragment, schema: pa.Schema, shard: int) -> list[Extent]:
    """List the sessions of a shard; the rows of a session follow one another."""
    identity: Any = fragment.to_table(schema=schema, columns=list(_IDENTITY))
    runs = pc.run_end_encode(identity["session"].combine_chunks())
    ends = runs.run_ends.to_pylist()
    starts = [0, *ends[:-1]]
    users = identity["user"].take(pa.array(starts, pa.int64())).to_pylist()
    return [
        Extent(session, user, shard, start, end - start)
        for session, user, start, end in zip(runs.values.to_pylist(), users, starts, ends, strict=True)
    ]
