"""The graph: raw files in, staged shards out. Wires the stages and does nothing else."""

from dataclasses import dataclass
from typing import NamedTuple

import apache_beam as beam

from schemas.aggregates import NoisyAggregate
from schemas.outcome import Tally
from schemas.rejects import Rejected
from schemas.safe import ShardEntry, TraceRows
from transforms.beamkit.exchange import ExchangeSettings
from transforms.beamkit.hold import HoldSessions, TakeUpSessions
from transforms.consent.registry import ConsentSnapshot
from transforms.consent.stage import KeepConsented
from transforms.ingest.adapter import Source
from transforms.ingest.settings import IngestSettings
from transforms.ingest.stage import ReadSessions
from transforms.keys.provider import KeyReference
from transforms.keystrokes.stage import ReconstructText
from transforms.noise.model import PopulationModel
from transforms.noise.plan import NoisePlan
from transforms.noise.runkey import RunKeyReference
from transforms.noise.stage import AddNoise, LearningPlan, LearnPopulation
from transforms.redact.settings import RedactSettings
from transforms.redact.stage import RedactSessions
from transforms.store.settings import StoreSettings
from transforms.store.stage import ShardPlan, WriteShards
from transforms.store.trace import TraceTarget


@dataclass(frozen=True, slots=True)
class CuratePlan:
    """Everything the workers need; holds references to keys, never keys.

    ``model`` is what times are drawn from unless ``learning`` says that the run learns its own.
    """

    release_id: str
    keys: KeyReference
    sources: tuple[Source, ...]
    ingest: IngestSettings
    consent: ConsentSnapshot
    redact: RedactSettings
    noise: NoisePlan
    model: PopulationModel
    learning: LearningPlan | None
    run_key: RunKeyReference
    store: StoreSettings
    shards: ShardPlan
    exchange: ExchangeSettings
    trace: TraceTarget | None


class Curated(NamedTuple):
    """What a run gives: written shards, what was set aside, and what became of every event.

    ``population`` is the noisy aggregate behind the model where the run learned one.
    """

    shards: beam.PCollection[ShardEntry]
    rejected: beam.PCollection[Rejected]
    tally: beam.PCollection[Tally]
    trace: beam.PCollection[TraceRows] | None
    population: beam.PCollection[NoisyAggregate] | None


def build(pipeline: beam.Pipeline, plan: CuratePlan) -> Curated:
    """Wire the stages of one run."""
    read = pipeline | "ReadSessions" >> ReadSessions(plan.ingest, plan.sources, plan.exchange)
    # read.sessions : RawSessions, whole sessions, about 4,000 events an element
    agreed = read.sessions | "KeepConsented" >> KeepConsented(plan.consent, plan.keys)
    typed = agreed.sessions | "ReconstructText" >> ReconstructText()
    redacted = typed | "RedactSessions" >> RedactSessions(
        plan.redact, plan.keys, plan.release_id, plan.trace is not None
    )
    # redacted.sessions : no personal text from here on, times and pixels still exact
    sessions, population = redacted.sessions, None
    model: PopulationModel | beam.pvalue.AsSingleton = plan.model
    if plan.learning is not None:
        learned = redacted.sessions | "LearnPopulation" >> LearnPopulation(plan.learning)
        # learned.model : one element; the sessions wait for it, sealed
        held = redacted.sessions | "HoldSessions" >> HoldSessions(plan.exchange)
        sessions = held | "TakeUpSessions" >> TakeUpSessions(plan.exchange)
        model, population = beam.pvalue.AsSingleton(learned.model), learned.noisy
    noised = sessions | "AddNoise" >> AddNoise(plan.noise, plan.keys, plan.run_key, model, plan.trace is not None)
    shards = noised.sessions | "WriteShards" >> WriteShards(plan.store, plan.shards, plan.keys, plan.exchange)
    tally = (read.tally, agreed.tally, redacted.tally) | "FlattenTallies" >> beam.Flatten()
    rejected = (read.rejected, redacted.rejected) | "FlattenRejected" >> beam.Flatten()
    return Curated(shards, rejected, tally, noised.trace if plan.trace is not None else None, population)
