"""Computation of a release by a Beam graph, or by the job that another command handed over."""

from collections.abc import Callable
from dataclasses import dataclass, field

import apache_beam as beam
from rich.console import Console

from pipelines.budget.charge import EarlierAttempts
from pipelines.budget.release_plan import ReleasePlan
from pipelines.release.graph import CuratePlan, RedactedInput, release
from pipelines.release.prepare import ReleaseContext
from pipelines.release.redaction import CONSENT, RedactionPlan, uses_history
from pipelines.release.results import RunResults, WriteTrace, collect, forget_results, read_results
from pipelines.runner.beam_options import BeamEngine
from pipelines.runner.graph_run import GraphRun
from schemas.errors import FailedError, RefusedError
from schemas.privacy import Profile
from schemas.tally import READ, ROWS, outcomes
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.consent.stage import SealedConsent
from transforms.dataset.codec import FileHeader
from transforms.dataset.shards import shards_for
from transforms.dataset.stage import ShardPlan
from transforms.dataset.trace import TraceTarget
from transforms.noise.plan import NoisePlan
from transforms.noise.population.model import PRIOR
from transforms.noise.stage import LearningPlan
from transforms.object_store.addresses import join_uri
from transforms.object_store.atomic_files import make_folders
from transforms.privacy.run_key import destroy, mint
from transforms.redact.results import Extras


@dataclass(frozen=True, slots=True)
class ReleaseInput:
    """Input of a release: the function that reads it, the approximate bytes of clear log, its file names.

    ``after``: the attempts to release the same before. ``finishable``: what a job computes of it can be published by
    another command. ``window`` names the days of a release by days, whose sessions are in no other window.
    """

    read: Callable[[beam.Pipeline, CuratePlan], RedactedInput]
    bytes: int
    names: tuple[str, ...] = ()
    after: EarlierAttempts = field(default_factory=EarlierAttempts)
    finishable: bool = False
    window: str | None = None


def compute_release(
    prepared: ReleaseContext, planned: ReleasePlan, feed: ReleaseInput, engine: BeamEngine, console: Console
) -> RunResults | None:
    """Build and run the graph and read its results from private state.

    ``None``: it was handed over to the service, which starts it by itself.
    """
    private, results = prepared.private, prepared.results
    audit = {"purpose": prepared.config.purpose, "dataset": prepared.layout.dataset, "release": prepared.release_id}
    run = GraphRun(prepared.release_id, private.folder, audit, feed.finishable)
    plan = _plan(prepared, planned, feed.bytes, run, engine)
    forget_results(results)
    make_folders(private.folder / "run-keys")
    minted = mint(private.keys, prepared.run_key)

    def wire(pipeline: beam.Pipeline) -> None:
        plan.redaction.consent.keep(prepared.consent)  # in the run's folder, which is fresh by now
        curated = release(feed.read(pipeline, plan), plan)
        collect(curated, private.uri, prepared.release_id, results.uri)
        if curated.trace is not None and plan.trace is not None:
            _ = curated.trace | "WriteTrace" >> WriteTrace(plan.trace, private.reference)

    try:
        steps = run.execute(engine, wire, console)
    except BaseException:
        if minted and not prepared.request.output.is_bucket:  # nobody has seen a draw under it
            destroy(prepared.run_key)
        raise
    if steps is None:
        return None
    return read_results(results, steps, learned=planned.noise.learning is not None)


def read_finished(prepared: ReleaseContext, noise: NoisePlan) -> RunResults:
    """Read the results of a job that another command started.

    Raises ``RefusedError`` where there is no such job, or it has not ended: a part of what it hands back is missing.
    """
    try:
        return read_results(prepared.results, learned=noise.learning is not None)
    except FailedError:
        raise RefusedError(
            f"no job has computed release {prepared.release_id} to its end: start it, and wait for it; input, consent "
            "and settings must be the same"
        ) from None


def reconcile(results: RunResults) -> None:
    """Raise ``FailedError`` unless every event that was read has one outcome and every row is in a shard."""
    counts = results.counts
    came, went = counts.get(READ, 0), outcomes(counts)
    if went != came:
        raise FailedError(f"{came} events were read and {went} accounted for; nothing is published, report this")
    made = counts.get(ROWS, 0)
    written = sum(entry.rows for entry in results.shards if entry.path.startswith("events/"))
    if written != made:
        raise FailedError(f"{made} rows were made and {written} written; nothing is published, run again")


def _plan(
    prepared: ReleaseContext, planned: ReleasePlan, log_bytes: int, run: GraphRun, engine: BeamEngine
) -> CuratePlan:
    request, config, private, release_id = prepared.request, prepared.config, prepared.private, prepared.release_id
    exchange = ExchangeSettings(private.reference, release_id, run.spill(engine))
    buckets = shards_for(log_bytes)
    return CuratePlan(
        release_id=release_id,
        keys=private.reference,
        redaction=RedactionPlan(
            sources=prepared.sources,
            ingest=config.ingest,
            consent=SealedConsent(join_uri(prepared.results.uri, CONSENT), exchange),
            redact=config.redact,
            exchange=exchange,
            naming=release_id,
            extras=Extras(trace=request.trace is not None, pointer=config.noise.pointer),
            uses_history=uses_history(config),
            prefilters=str(private.prefilters) if engine.shares_disk else None,
        ),
        release=planned,
        model=prepared.record.model if prepared.record else PRIOR,
        learning=_plan_learning(prepared, planned.noise, exchange, buckets),
        run_key=prepared.run_key,
        store=config.store,
        shards=ShardPlan(
            FileHeader(release_id, planned.privacy_statement()),
            config.store.shards or buckets,
            # in a bucket workers write into the release itself
            prepared.layout.folder if request.output.is_bucket else str(run.staging),
            sessions=config.noise.profile == Profile.RESTRICTED,
        ),
        exchange=exchange,
        buckets=buckets,
        trace=TraceTarget(request.trace, request.trace_clear) if request.trace else None,
        names=prepared.names,
    )


def _plan_learning(
    prepared: ReleaseContext, noise: NoisePlan, exchange: ExchangeSettings, buckets: int
) -> LearningPlan | None:
    if noise.learning is None:
        return None
    return LearningPlan(noise, noise.learning, prepared.private.reference, prepared.run_key, exchange, buckets)
