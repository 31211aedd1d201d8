"""The Beam stage of the store."""

import hashlib
import uuid
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import apache_beam as beam
import pyarrow as pa
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from schemas.safe import SafeSessions, ShardEntry
from transforms.beamkit.exchange import Exchange, ExchangeSettings
from transforms.beamkit.progress import tick
from transforms.keys.provider import KeyReference, KeySet
from transforms.store.adopt import Placing, naming_key
from transforms.store.codec import FileHeader, encode
from transforms.store.durable import make_folders, replacing
from transforms.store.manifest import ShardRecord
from transforms.store.places import is_bucket, open_place
from transforms.store.settings import StoreSettings
from transforms.store.shards import in_total_order, sessions_of, shard_name, split

_BUFFERED_ROWS = 65_536


@dataclass(frozen=True, slots=True)
class ShardPlan:
    """What is written where: up to ``shards`` files of events, and of sessions, into ``staging``.

    That is a private folder, from which ``publish`` moves them, or the address of the release in a bucket, where no
    worker shares a disk: there a file takes its place at once, and does not exist for a reader before the manifest.
    """

    header: FileHeader
    shards: int
    staging: str


class ShardWriter:
    """Turns the slices of one shard into its files; everything of the stage but Beam."""

    def __init__(self, settings: StoreSettings, plan: ShardPlan, keys: KeySet) -> None:
        self._settings, self._plan, self._keys = settings, plan, keys.reader()
        release_id = plan.header.release_id
        self._naming = naming_key(keys, release_id)
        in_bucket = is_bucket(plan.staging)
        self._bucket = Placing(open_place(plan.staging), "", release_id, keys) if in_bucket else None

    def split(self, tables: list[pa.Table]) -> list[tuple[int, pa.Table]]:
        """Return the rows of ``tables`` by shard."""
        return split(self._naming, tables, self._plan.shards)

    def write(self, shard: int, slices: list[pa.Table]) -> list[ShardEntry]:
        """Write the events and the sessions of one shard and return their entries."""
        events = in_total_order(slices)
        return [
            self._write("events", shard, events),
            self._write("sessions", shard, sessions_of(events)),
        ]

    def _write(self, folder: str, shard: int, table: pa.Table) -> ShardEntry:
        """Write one file.

        Sealed bytes differ between attempts. In a folder each attempt has a name of its own, the entry of the attempt
        that Beam keeps names its file, and the file takes its deterministic name when it is published. In a bucket the
        first attempt has the name, and later ones adopt it.
        """
        content = memoryview(encode(table, self._plan.header, self._settings, self._keys))
        path = f"{folder}/{shard_name(self._naming, shard, table)}"
        record = ShardRecord(path, table.num_rows, content.nbytes, hashlib.sha256(content).hexdigest())
        if self._bucket is None:
            staging = Path(self._plan.staging)
            make_folders(staging)
            staged = staging / f"{uuid.uuid4().hex}.staged"
            with replacing(staged) as file:
                file.write(content)
            return ShardEntry(path, record.rows, record.bytes, record.sha256, str(staged))
        placed = self._bucket.once(record, content)
        return ShardEntry(path, placed.rows, placed.bytes, placed.sha256, "")


class _ShardFn(beam.DoFn):
    """What both steps hold on a worker: the opened keys and the exchange."""

    def __init__(
        self, settings: StoreSettings, plan: ShardPlan, keys: KeyReference, exchange: ExchangeSettings
    ) -> None:
        self._settings, self._plan, self._keys, self._exchange = settings, plan, keys, exchange

    def setup(self) -> None:
        self._writer = ShardWriter(self._settings, self._plan, KeySet.open(self._keys))
        self._slices = Exchange(self._exchange)

    def teardown(self) -> None:
        self._slices.close()


class _SplitByShard(_ShardFn):
    def start_bundle(self) -> None:
        self._tables: list[pa.Table] = []
        self._rows = 0

    def process(self, element: SafeSessions) -> Iterator[tuple[int, bytes]]:
        self._tables.append(element.table)
        self._rows += element.table.num_rows
        if self._rows >= _BUFFERED_ROWS:
            yield from self._drain()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for item in self._drain():
            yield GlobalWindows.windowed_value(item)

    def _drain(self) -> list[tuple[int, bytes]]:
        tables, self._tables, self._rows = self._tables, [], 0
        if not tables:
            return []
        handles = [(shard, self._slices.put(piece)) for shard, piece in self._writer.split(tables)]
        self._slices.flush()
        return handles


class _WriteShard(_ShardFn):
    def process(self, element: tuple[int, Iterable[bytes]]) -> Iterator[ShardEntry]:
        shard, handles = element
        entries = self._writer.write(shard, [self._slices.get(handle) for handle in handles])
        tick(shards=1, bytes=sum(entry.bytes for entry in entries))
        yield from entries


@dataclass(eq=False)
class WriteShards(beam.PTransform[beam.PCollection[SafeSessions], beam.PCollection[ShardEntry]]):
    """Seal and write sessions: at least once per bundle, exactly once per manifest."""

    settings: StoreSettings
    plan: ShardPlan
    keys: KeyReference
    exchange: ExchangeSettings

    def expand(self, pcoll: beam.PCollection[SafeSessions]) -> beam.PCollection[ShardEntry]:
        """Return one entry a written file; only these may reach the manifest."""
        parts = (self.settings, self.plan, self.keys, self.exchange)
        return (
            pcoll
            | "SplitByShard" >> beam.ParDo(_SplitByShard(*parts)).with_output_types(tuple[int, bytes])
            # (shard, handle of a sealed slice): no clear row is shuffled
            | "GroupByShard" >> beam.GroupByKey()
            | "WriteShard" >> beam.ParDo(_WriteShard(*parts)).with_output_types(ShardEntry)
        )
