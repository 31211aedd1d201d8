"""Beam stage that seals and writes shards and tables."""

import dataclasses
import hashlib
import uuid
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import apache_beam as beam
import pyarrow as pa
from apache_beam.transforms.window import GlobalWindows
from apache_beam.utils.windowed_value import WindowedValue

from schemas.aggregates import NoisyAggregate
from schemas.safe import SafeSessions, ShardEntry
from transforms.beamkit.metrics import tick
from transforms.beamkit.safe_dofn import SafeErrorDoFn
from transforms.beamkit.sealed_shuffle import Exchange, ExchangeSettings
from transforms.dataset.codec import FileHeader, encode
from transforms.dataset.manifest import ShardRecord
from transforms.dataset.place_shard import ShardPlacer, naming_key
from transforms.dataset.settings import StoreSettings
from transforms.dataset.shards import NO_HEADERS, in_total_order, sessions_of, shard_name, split, split_headers
from transforms.keys.key_set import KeyReference, KeySet
from transforms.object_store.addresses import is_bucket, open_store
from transforms.object_store.atomic_files import make_folders, replace_file

_BUFFERED_ROWS = 65_536
_Slice = tuple[int, tuple[bytes, bytes]]
"""Number of a shard, handle of some of its rows, handle of the headers of their sessions."""


@dataclass(frozen=True, slots=True)
class ShardPlan:
    """Metadata, number and target of the files of a release."""

    header: FileHeader
    # most files of events (and of sessions)
    shards: int
    # a private folder, from which ``publish`` moves the files; or the address of the release in a bucket, where they
    # are written at once under their final names and stay invisible to readers until the manifest is written
    staging: str
    # false: no files of sessions
    sessions: bool = True


class ShardWriter:
    """Writer of the files of one shard, without Beam."""

    def __init__(self, settings: StoreSettings, plan: ShardPlan, keys: KeySet) -> None:
        self._settings, self._plan, self._keys = settings, plan, keys.reader()
        release_id = plan.header.release_id
        self._naming = naming_key(keys, release_id)
        in_bucket = is_bucket(plan.staging)
        self._bucket = ShardPlacer(open_store(plan.staging), "", release_id, keys) if in_bucket else None

    def split(self, batches: list[SafeSessions]) -> list[tuple[int, pa.Table, pa.Table]]:
        """Split the rows and the headers of ``batches`` by shard."""
        found = [batch.headers for batch in batches if batch.headers is not None]
        headers = split_headers(self._naming, pa.concat_tables([NO_HEADERS, *found]), self._plan.shards)
        rows = split(self._naming, [batch.table for batch in batches], self._plan.shards)
        return [(shard, table, headers.get(shard, NO_HEADERS)) for shard, table in rows]

    def write(self, shard: int, slices: list[pa.Table], headers: list[pa.Table]) -> list[ShardEntry]:
        """Write the events and the sessions of one shard and return their entries."""
        events = in_total_order(slices)
        entries = [self._write("events", shard, events, self._plan.header)]
        if self._plan.sessions:
            sessions = sessions_of(events, pa.concat_tables([NO_HEADERS, *headers]))
            entries.append(self._write("sessions", shard, sessions, self._plan.header))
        return entries

    def write_table(self, aggregate: NoisyAggregate, facts: Mapping[str, str]) -> ShardEntry:
        """Write a table of noisy values, with ``facts`` in its metadata, and return its entry."""
        fields = [_sensitive(column) for column in aggregate.table.schema]
        table = pa.table(aggregate.table.columns, schema=pa.schema(fields))
        header = dataclasses.replace(self._plan.header, facts=tuple(sorted(facts.items())))
        return self._write(f"aggregates/{aggregate.query}", 0, table, header)

    def _write(self, folder: str, shard: int, table: pa.Table, header: FileHeader) -> ShardEntry:
        """Write one file.

        Sealed bytes differ between attempts. In a folder each attempt has a name of its own, the entry of the attempt
        that Beam keeps names its file, and the file gets its deterministic name when it is published. In a bucket the
        first attempt writes the name, and later ones adopt its file.
        """
        content = memoryview(encode(table, header, self._settings, self._keys))
        path = f"{folder}/{shard_name(self._naming, shard, table)}"
        record = ShardRecord(path, table.num_rows, content.nbytes, hashlib.sha256(content).hexdigest())
        if self._bucket is None:
            staging = Path(self._plan.staging)
            make_folders(staging)
            staged = staging / f"{uuid.uuid4().hex}.staged"
            with replace_file(staged) as file:
                file.write(content)
            return ShardEntry(path, record.rows, record.bytes, record.sha256, str(staged))
        placed = self._bucket.place_once(record, content)
        return ShardEntry(path, placed.rows, placed.bytes, placed.sha256, "")


class _ShardFn(SafeErrorDoFn):
    """Base of the steps: opens the keys and the exchange on a worker."""

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
        self._batches: list[SafeSessions] = []
        self._rows = 0

    def process(self, element: SafeSessions) -> Iterator[_Slice]:
        self._batches.append(element)
        self._rows += element.table.num_rows
        if self._rows >= _BUFFERED_ROWS:
            yield from self._drain()

    def finish_bundle(self) -> Iterator[WindowedValue]:
        for item in self._drain():
            yield GlobalWindows.windowed_value(item)

    def _drain(self) -> list[_Slice]:
        batches, self._batches, self._rows = self._batches, [], 0
        if not batches:
            return []
        slices = [
            (shard, (self._slices.put(rows), self._slices.put(headers)))
            for shard, rows, headers in self._writer.split(batches)
        ]
        self._slices.flush()
        return slices


class _WriteShard(_ShardFn):
    def process(self, element: tuple[int, Iterable[tuple[bytes, bytes]]]) -> Iterator[ShardEntry]:
        shard, handles = element
        slices = [tuple(self._slices.get(handle) for handle in pair) for pair in handles]
        entries = self._writer.write(shard, [rows for rows, _ in slices], [headers for _, headers in slices])
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
        """Yield one entry a written file; only these may reach the manifest."""
        parts = (self.settings, self.plan, self.keys, self.exchange)
        return (
            pcoll
            | "SplitByShard" >> beam.ParDo(_SplitByShard(*parts)).with_output_types(_Slice)
            # (shard, handles of sealed slices): no clear row is shuffled
            | "GroupByShard" >> beam.GroupByKey()
            | "WriteShard" >> beam.ParDo(_WriteShard(*parts)).with_output_types(ShardEntry)
        )


class _WriteTable(SafeErrorDoFn):
    def __init__(
        self, settings: StoreSettings, plan: ShardPlan, keys: KeyReference, facts: Mapping[str, Mapping[str, str]]
    ) -> None:
        self._settings, self._plan, self._keys, self._facts = settings, plan, keys, facts

    def setup(self) -> None:
        self._writer = ShardWriter(self._settings, self._plan, KeySet.open(self._keys))

    def process(self, element: NoisyAggregate) -> Iterator[ShardEntry]:
        yield self._writer.write_table(element, self._facts[element.query])


@dataclass(eq=False)
class WriteTables(beam.PTransform[beam.PCollection[NoisyAggregate], beam.PCollection[ShardEntry]]):
    """Seal and write noisy tables, one file each; ``facts`` by query go into the file's metadata."""

    settings: StoreSettings
    plan: ShardPlan
    keys: KeyReference
    facts: Mapping[str, Mapping[str, str]]

    def expand(self, pcoll: beam.PCollection[NoisyAggregate]) -> beam.PCollection[ShardEntry]:
        """Yield one entry a table."""
        write = _WriteTable(self.settings, self.plan, self.keys, self.facts)
        return pcoll | "WriteTable" >> beam.ParDo(write).with_output_types(ShardEntry)


def _sensitive(column: pa.Field) -> pa.Field:
    """Add the sensitivity class to a column of a noisy table."""
    return column.with_metadata({"sensitivity": "aggregate"})
