"""The Beam stage of the ingest."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.json  # noqa: F401 - loads the reader once per worker

from schemas.outcome import READ, Outcome, Tally
from schemas.raw import RawSessions
from schemas.rejects import Reason, Rejected, Stage
from transforms.beamkit.coders import register
from transforms.beamkit.exchange import Exchange, ExchangeSettings
from transforms.beamkit.outputs import REJECTED, TALLY
from transforms.beamkit.progress import tick
from transforms.intake.canonical import Events
from transforms.intake.group import Assembled, Conflict, assemble, elements, split
from transforms.intake.inputs import Source
from transforms.intake.problem import Problem
from transforms.intake.registry import FORMATS
from transforms.intake.settings import IngestSettings
from transforms.keys.envelope import seal
from transforms.keys.provider import KeyReference, KeyRole, KeySet
from transforms.keys.pseudonym import keyed_digest

register()
QUARANTINE_CONTEXT = b"keyveil-quarantine-v1"


class SessionOutputs(NamedTuple):
    """What ``ReadSessions`` gives."""

    sessions: beam.PCollection[RawSessions]
    rejected: beam.PCollection[Rejected]
    tally: beam.PCollection[Tally]


class _Rejects:
    """Makes the record of what was set aside, with a copy that only the quarantine key opens."""

    def __init__(self, keys: KeySet) -> None:
        self._public = keys.quarantine_public()
        self._locating = keys.derive(KeyRole.TRANSIT, "reject-locator")

    def of_problem(self, problem: Problem, source: int) -> Rejected:
        return self._made(
            problem.reason, source, problem.line, problem.field_name, problem.rule, problem.events, problem.raw
        )

    def of_conflict(self, conflict: Conflict) -> Rejected:
        sink = pa.BufferOutputStream()
        with pa.ipc.new_stream(sink, conflict.table.schema) as writer:
            writer.write_table(conflict.table)
        first = conflict.table.slice(0, 1)
        source, line = first["source_file"][0].as_py(), first["source_line"][0].as_py()
        raw = sink.getvalue().to_pybytes()
        return self._made(
            conflict.reason, source, line, conflict.field_name, conflict.rule, conflict.table.num_rows, raw
        )

    def _made(
        self, reason: Reason, source: int, line: int, name: str, rule: str, events: int, raw: bytes
    ) -> Rejected:
        locator = keyed_digest(self._locating, str(source).encode(), str(line).encode(), raw)[:32]
        sealed = seal(self._public, raw, QUARANTINE_CONTEXT) if raw else b""
        return Rejected(Stage.INGEST, reason, source, line, name, rule, events, locator, sealed)


def _rejected(item: Rejected) -> Iterator[beam.pvalue.TaggedOutput]:
    yield beam.pvalue.TaggedOutput(REJECTED, item)
    yield beam.pvalue.TaggedOutput(TALLY, (f"outcome.{Outcome.REJECTED}", item.events))
    yield beam.pvalue.TaggedOutput(TALLY, (f"reject.{item.reason}", item.events))
    tick(rejects=item.events)


class _ReadSource(beam.DoFn):
    def __init__(
        self, settings: IngestSettings, buckets: int, keys: KeyReference, exchange: ExchangeSettings
    ) -> None:
        self._settings, self._buckets, self._keys, self._exchange = settings, buckets, keys, exchange

    def setup(self) -> None:
        self._rejects = _Rejects(KeySet.open(self._keys))
        self._slices = Exchange(self._exchange)

    def process(self, element: Source) -> Iterator[tuple[int, bytes] | beam.pvalue.TaggedOutput]:
        for item in _read(element, self._settings.max_line_bytes):
            count = item.table.num_rows if isinstance(item, Events) else item.events
            yield beam.pvalue.TaggedOutput(TALLY, (READ, count))
            if isinstance(item, Problem):
                yield from _rejected(self._rejects.of_problem(item, element.index))
                continue
            tick(events=count)
            for bucket, part in split(_with_source(item, element), self._buckets):
                yield bucket, self._slices.put(part)
        self._slices.flush()

    def teardown(self) -> None:
        self._slices.close()


def _read(source: Source, max_line_bytes: int) -> Iterator[Events | Problem]:
    if source.format not in FORMATS:
        rule = "no adapter recognises this file or folder; see keyveil formats, or name one with --format"
        return iter([Problem(Reason.UNREADABLE, 0, "", rule, b"", 0)])
    return FORMATS[source.format](Path(source.path), max_line_bytes)


def _with_source(events: Events, source: Source) -> pa.Table:
    table, rows = events.table, events.table.num_rows
    if source.user is not None:
        index = table.schema.get_field_index("user_id")
        table = table.set_column(index, "user_id", table["user_id"].fill_null(source.user))
    table = table.append_column("source_file", pa.array(np.full(rows, source.index, dtype=np.int32)))
    return table.append_column("source_line", pa.array(events.lines))


class _Assemble(beam.DoFn):
    def __init__(self, settings: IngestSettings, keys: KeyReference, exchange: ExchangeSettings) -> None:
        self._settings, self._keys, self._exchange = settings, keys, exchange

    def setup(self) -> None:
        self._rejects = _Rejects(KeySet.open(self._keys))
        self._slices = Exchange(self._exchange)

    def process(
        self, element: tuple[int, Iterable[bytes]]
    ) -> Iterator[RawSessions | beam.pvalue.TaggedOutput]:
        _, handles = element
        assembled: Assembled = assemble(
            [self._slices.get(handle) for handle in handles], self._settings.max_session_events
        )
        for conflict in assembled.conflicts:
            yield from _rejected(self._rejects.of_conflict(conflict))
        if assembled.duplicates:
            yield beam.pvalue.TaggedOutput(TALLY, (f"outcome.{Outcome.MERGED}", assembled.duplicates))
            yield beam.pvalue.TaggedOutput(TALLY, ("merged.duplicate", assembled.duplicates))
        yield from elements(assembled.table, self._settings.element_events)

    def teardown(self) -> None:
        self._slices.close()


@dataclass(eq=False)
class ReadSessions(beam.PTransform[beam.pvalue.PBegin, SessionOutputs]):
    """Read recordings of any known format and put whole sessions together.

    Slices of events are shuffled as sealed handles; a session is complete before anything looks at it.
    """

    settings: IngestSettings
    sources: tuple[Source, ...]
    buckets: int
    keys: KeyReference
    exchange: ExchangeSettings

    def expand(self, pbegin: beam.pvalue.PBegin) -> SessionOutputs:
        """Return whole sessions, about 4,000 events an element, what was set aside, and the tally of events read."""
        read = (
            pbegin
            | "Sources" >> beam.Create(self.sources, reshuffle=False).with_output_types(Source)
            | "SpreadSources" >> beam.Reshuffle()
            | "ReadSource"
            >> beam.ParDo(_ReadSource(self.settings, self.buckets, self.keys, self.exchange))
            .with_outputs(REJECTED, TALLY, main="slices")
            .with_output_types(tuple[int, bytes], **{REJECTED: Rejected, TALLY: Tally})
        )
        whole = (
            read.slices
            # (bucket, handle of a sealed slice): no clear event is shuffled
            | "GroupBySession" >> beam.GroupByKey()
            | "AssembleSessions"
            >> beam.ParDo(_Assemble(self.settings, self.keys, self.exchange))
            .with_outputs(REJECTED, TALLY, main="sessions")
            .with_output_types(RawSessions, **{REJECTED: Rejected, TALLY: Tally})
        )
        rejected = (read[REJECTED], whole[REJECTED]) | "FlattenRejected" >> beam.Flatten()
        tally = (read[TALLY], whole[TALLY]) | "FlattenTally" >> beam.Flatten()
        return SessionOutputs(whole.sessions, rejected, tally)
