"""Beam graph of a release in two halves: raw files to redacted sessions, and those to staged shards."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

import apache_beam as beam

from pipelines.budget.release_plan import ReleasePlan
from pipelines.release.redaction import RedactionPlan, read_agreed, redact_sessions
from schemas.aggregates import AdmittedValues, NoisyAggregate
from schemas.privacy import Profile
from schemas.rejects import RejectedEvents
from schemas.safe import RedactedSessions, ShardEntry, TraceRows
from schemas.tally import COUNTED, REJECTED_EVENTS, ROWS, SESSIONS, SUPPRESSED_EVENTS, Tally, TallyGroup
from transforms.aggregate.stage import (
    AddTableNoise,
    AdmitValues,
    AggregateKeys,
    BoundAndSum,
    CountActions,
    GroupUnits,
    HideRare,
    NameNothing,
)
from transforms.aggregate.statements import table_facts
from transforms.beamkit.checkpoint import CheckpointSessions, ResumeSessions
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.chunk.chunks import ChunkBounds
from transforms.chunk.stage import ChunkSessions
from transforms.dataset.coverage import tally_coverage
from transforms.dataset.settings import StoreSettings
from transforms.dataset.stage import ShardPlan, WriteShards, WriteTables
from transforms.dataset.trace import TraceTarget
from transforms.keys.key_set import KeyReference
from transforms.noise.population.model import PopulationModel
from transforms.noise.stage import AddNoise, LearningPlan, LearnPopulation
from transforms.privacy.run_key import RunKeyReference
from transforms.redact.text.word_lists import everyday_words
from transforms.vocabulary import OwnNames


@dataclass(frozen=True, slots=True)
class CuratePlan:
    """Settings and references that the workers of a release need; never keys themselves.

    ``buckets`` share out the people where all of a person has to meet. ``model`` is what times are drawn from unless
    ``learning`` says that the run learns its own. ``names`` are the organisation's own public names.
    """

    release_id: str
    keys: KeyReference
    redaction: RedactionPlan
    release: ReleasePlan
    model: PopulationModel
    learning: LearningPlan | None
    run_key: RunKeyReference
    store: StoreSettings
    shards: ShardPlan
    exchange: ExchangeSettings
    buckets: int
    trace: TraceTarget | None
    names: OwnNames


class RedactedInput(NamedTuple):
    """Redacted input of a release.

    ``tally`` counts what the redaction did, ``aside`` what became of events before it.
    """

    sessions: beam.PCollection[RedactedSessions]
    rejected: beam.PCollection[RejectedEvents]
    tally: beam.PCollection[Tally]
    aside: beam.PCollection[Tally]


class ReleaseCollections(NamedTuple):
    """Output collections of a release: written shards, rejects, and the outcome of every event.

    ``population`` is the noisy aggregate behind the model where the run learned one.
    """

    shards: beam.PCollection[ShardEntry]
    rejected: beam.PCollection[RejectedEvents]
    tally: beam.PCollection[Tally]
    trace: beam.PCollection[TraceRows] | None
    population: beam.PCollection[NoisyAggregate] | None


def redact_files(pipeline: beam.Pipeline, plan: CuratePlan) -> RedactedInput:
    """Wire the way from files to redacted sessions."""
    agreed = read_agreed(pipeline, plan.redaction)
    redacted = redact_sessions(agreed.sessions, plan.redaction)
    rejected = (agreed.rejected, redacted.rejected) | "FlattenRejected" >> beam.Flatten()
    aside = agreed.aside | "FlattenAside" >> beam.Flatten()
    return RedactedInput(redacted.sessions, rejected, redacted.tally, aside)


def release(redacted: RedactedInput, plan: CuratePlan) -> ReleaseCollections:
    """Wire the way from redacted sessions to shards; nothing but noise and statistics is left to do."""
    counted = count(redacted.sessions, plan)
    if not plan.release.has_events and counted.tables is not None:
        kept_back = redacted.tally | "WithholdEvents" >> beam.FlatMap(withhold_events).with_output_types(Tally)
        counts = (redacted.aside, kept_back) | "FlattenTallies" >> beam.Flatten()
        return ReleaseCollections(counted.tables, redacted.rejected, counts, None, None)
    rows = release_rows(redacted.sessions, counted.admitted, plan)
    shards = rows.shards
    if counted.tables is not None:
        shards = (rows.shards, counted.tables) | "FlattenShards" >> beam.Flatten()
    counts = [redacted.aside, redacted.tally, *rows.tally] | "FlattenTallies" >> beam.Flatten()
    trace = rows.trace if plan.trace is not None else None
    return ReleaseCollections(shards, redacted.rejected, counts, trace, rows.population)


class _Counted(NamedTuple):
    admitted: beam.PCollection[AdmittedValues]
    tables: beam.PCollection[ShardEntry] | None


def count(sessions: beam.PCollection[RedactedSessions], plan: CuratePlan) -> _Counted:
    """Wire the statistics: which values may be named, and the tables; what is off reads nothing."""
    aggregates, keys = plan.release.aggregates, AggregateKeys(plan.keys, plan.run_key)
    if aggregates.rule is None and not aggregates.tables:
        return _Counted(sessions.pipeline | "NamesNothing" >> NameNothing(), None)
    units = (
        sessions | "CountActions" >> CountActions(aggregates) | "GroupUnits" >> GroupUnits(plan.exchange, plan.buckets)
    )
    # units : (bucket, handles of sealed slices), everything of a privacy unit in one place
    if aggregates.rule is None:
        admitted = sessions.pipeline | "NamesNothing" >> NameNothing()
    else:
        admitted = units | "AdmitValues" >> AdmitValues(aggregates, keys, plan.exchange)
    if not aggregates.tables:
        return _Counted(admitted, None)
    exact = units | "BoundAndSum" >> BoundAndSum(aggregates, keys, plan.exchange, admitted)
    noisy = exact | "AddTableNoise" >> AddTableNoise(aggregates, keys)
    facts = table_facts(aggregates)
    return _Counted(admitted, noisy | "WriteTables" >> WriteTables(plan.store, plan.shards, plan.keys, facts))


class _Rows(NamedTuple):
    shards: beam.PCollection[ShardEntry]
    tally: list[beam.PCollection[Tally]]
    trace: beam.PCollection[TraceRows]
    population: beam.PCollection[NoisyAggregate] | None


def release_rows(
    sessions: beam.PCollection[RedactedSessions], admitted: beam.PCollection[AdmittedValues], plan: CuratePlan
) -> _Rows:
    """Wire the way of rows: they wait, sealed, for what is learned from all of them."""
    settings = plan.release.noise.settings
    model: PopulationModel | beam.pvalue.AsSingleton = plan.model
    population = None
    if plan.learning is not None:
        learned = sessions | "LearnPopulation" >> LearnPopulation(plan.learning)
        model, population = beam.pvalue.AsSingleton(learned.model), learned.noisy
    tally = []
    if settings.profile == Profile.EVENTS:
        bounds = ChunkBounds(settings.chunk_events, settings.day_key_events)
        chunks = sessions | "ChunkSessions" >> ChunkSessions(
            bounds, plan.keys, plan.release_id, plan.exchange, plan.buckets
        )
        waited = chunks.sessions
        tally.append(chunks.tally)
    else:
        held = sessions | "CheckpointSessions" >> CheckpointSessions(plan.exchange)
        waited = held | "ResumeSessions" >> ResumeSessions(plan.exchange)
    roles = plan.release.aggregates.settings.public_roles
    common = waited | "HideRare" >> HideRare(roles, admitted, everyday_words, plan.names)
    noised = common | "AddNoise" >> AddNoise(plan.release.noise, plan.keys, plan.run_key, model, plan.trace is not None)
    tally.append(noised.sessions | "CountCoverage" >> beam.FlatMap(tally_coverage).with_output_types(Tally))
    shards = noised.sessions | "WriteShards" >> WriteShards(plan.store, plan.shards, plan.keys, plan.exchange)
    return _Rows(shards, tally, noised.trace, population)


def withhold_events(item: Tally) -> Iterator[Tally]:
    """Count what redaction counted as it is where no row is released: every event is suppressed."""
    name, number = item
    if name == SESSIONS:
        yield COUNTED, number
    if name in (ROWS, SESSIONS):
        yield name, 0
    elif name.startswith(TallyGroup.OUTCOME.prefix) and name != REJECTED_EVENTS:
        yield SUPPRESSED_EVENTS, number
    else:
        yield item
