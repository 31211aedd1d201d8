"""The graph: raw files in, staged shards out. Wires the stages and does nothing else."""

from dataclasses import dataclass
from typing import NamedTuple

import apache_beam as beam

from schemas.outcome import Tally
from schemas.rejects import Rejected
from schemas.safe import ShardEntry, TraceRows
from transforms.beamkit.exchange import ExchangeSettings
from transforms.consent.registry import ConsentSnapshot
from transforms.consent.stage import KeepConsented
from transforms.ingest.adapter import Source
from transforms.ingest.settings import IngestSettings
from transforms.ingest.stage import ReadSessions
from transforms.keys.provider import KeyReference
from transforms.keystrokes.stage import ReconstructText
from transforms.noise.plan import NoisePlan
from transforms.noise.runkey import RunKeyReference
from transforms.noise.stage import AddNoise, AddNoiseWithTrace
from transforms.redact.settings import RedactSettings
from transforms.redact.stage import RedactSessions
from transforms.store.settings import StoreSettings
from transforms.store.stage import ShardPlan, WriteShards
from transforms.store.trace import TraceTarget


@dataclass(frozen=True, slots=True)
class CuratePlan:
    """Everything the workers need; holds references to keys, never keys."""

    release_id: str
    keys: KeyReference
    sources: tuple[Source, ...]
    ingest: IngestSettings
    consent: ConsentSnapshot
    redact: RedactSettings
    noise: NoisePlan
    run_key: RunKeyReference
    store: StoreSettings
    shards: ShardPlan
    exchange: ExchangeSettings
    trace: TraceTarget | None


class Curated(NamedTuple):
    """What a run gives: written shards, what was set aside, and what became of every event."""

    shards: beam.PCollection[ShardEntry]
    rejected: beam.PCollection[Rejected]
    tally: beam.PCollection[Tally]
    trace: beam.PCollection[TraceRows] | None


def build(pipeline: beam.Pipeline, plan: CuratePlan) -> Curated:
    """Wire the stages of one run."""
    read = pipeline | "ReadSessions" >> ReadSessions(plan.ingest, plan.sources, plan.exchange)
    # read.sessions : RawSessions, whole sessions, about 4,000 events an element
    agreed = read.sessions | "KeepConsented" >> KeepConsented(plan.consent)
    typed = agreed.sessions | "ReconstructText" >> ReconstructText()
    redacted = typed | "RedactSessions" >> RedactSessions(
        plan.redact, plan.keys, plan.release_id, plan.trace is not None
    )
    # redacted.sessions : no personal text from here on, times and pixels still exact
    trace = None
    if plan.trace is None:
        safe = redacted.sessions | "AddNoise" >> AddNoise(plan.noise, plan.keys, plan.run_key)
    else:
        noised = redacted.sessions | "AddNoise" >> AddNoiseWithTrace(plan.noise, plan.keys, plan.run_key)
        safe, trace = noised.sessions, noised.trace
    shards = safe | "WriteShards" >> WriteShards(plan.store, plan.shards, plan.keys, plan.exchange)
    tally = (read.tally, agreed.tally, redacted.tally) | "FlattenTallies" >> beam.Flatten()
    rejected = (read.rejected, redacted.rejected) | "FlattenRejected" >> beam.Flatten()
    return Curated(shards, rejected, tally, trace)
