"""One run from configuration to sealed release."""

import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial

import apache_beam as beam
from rich.console import Console

from pipelines.budget.account import LedgerAccount
from pipelines.budget.charge import EarlierAttempts, ReleaseCharge
from pipelines.budget.history import load_history
from pipelines.budget.old_copies import check_dataset_past, check_release_past, relist
from pipelines.budget.release_plan import ReleasePlan, plan_release
from pipelines.config import RunConfig
from pipelines.observe.event_log import tell
from pipelines.observe.otlp_metrics import step_counts
from pipelines.observe.progress_bar import show_progress
from pipelines.observe.summary import Summary
from pipelines.preflight.guard import Watch, begin_watch, beside_guard, guard_for
from pipelines.release.empty_run import NothingKeptError, keeps_nothing, withdraw
from pipelines.release.graph import CuratePlan, RedactedInput, redact_files, release
from pipelines.release.manifest import build_manifest, summarise, summarise_job
from pipelines.release.prepare import ReleaseContext, RunRequest, prepare
from pipelines.release.results import RunResults, WriteTrace, collect, forget_results, read_results, results_address
from pipelines.runner.beam_options import BeamEngine, RunnerKind, select_engine
from pipelines.runner.dataflow import JobPlaces, list_private_buckets
from pipelines.runner.shuffle_check import check_graph
from pipelines.state.model_record import make_record, model_address, write_record
from pipelines.state.pause import check_not_paused
from pipelines.state.quarantine import keep_sources, open_quarantine
from pipelines.state.run_folders import open_run_folder
from pipelines.state.tallies import keep_tallies, select_publishable
from pipelines.state.tombstones import ErasureRecords, check_no_erasure_since
from schemas.errors import FailedError, RefusedError
from schemas.outcome import READ, ROWS, outcomes
from schemas.privacy import Profile
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.dataset.codec import FileHeader
from transforms.dataset.publish import complete, publish, sealed_release
from transforms.dataset.retire import check_not_retired
from transforms.dataset.shards import shards_for
from transforms.dataset.stage import ShardPlan
from transforms.dataset.trace import TraceTarget
from transforms.ingest.inputs import total_bytes
from transforms.noise.plan import NoisePlan
from transforms.noise.population.model import PRIOR
from transforms.noise.stage import LearningPlan
from transforms.object_store.addresses import is_bucket, open_store
from transforms.object_store.atomic_files import lock_release, make_folders
from transforms.privacy.run_key import destroy, mint


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


def run(request: RunRequest, config: RunConfig, console: Console) -> Summary:
    """Make one release, or find the existing one; raise a ``KeyveilError`` if it cannot or must not be made."""
    check_not_paused(request.output)
    engine = select_engine(request.runner, request.beam_flags)
    watch = watch_over(request, config, console)
    check_private(request, engine)
    prepared = prepare(request, config)
    names = tuple(source.path for source in prepared.sources)
    files = ReleaseInput(redact_files, total_bytes(prepared.sources), names, finishable=True)
    return make_release(prepared, files, engine, watch, console)


def watch_over(request: RunRequest, config: RunConfig, console: Console) -> Watch:
    """Watch the output of a run; raise ``RefusedError`` if nothing may be written there."""
    return begin_watch(guard_for(request.output, request.policy, config.store.encryption == "sealed"), console)


def check_private(request: RunRequest, engine: BeamEngine) -> None:
    """Raise ``RefusedError`` if a bucket with staged or kept files of a job does not meet the policy of the output."""
    if engine.where is RunnerKind.DATAFLOW:
        places = JobPlaces(request.output, request.state, request.keys, request.inputs, request.trace)
        for bucket, keeps in list_private_buckets(engine.options, places).items():
            beside_guard(bucket, request.policy, keeps=keeps).look().require()


def make_release(
    prepared: ReleaseContext, feed: ReleaseInput, engine: BeamEngine, watch: Watch, console: Console
) -> Summary:
    """Charge, compute and seal one release of what ``feed`` reads, once; a sealed one is found and costs nothing.

    Raises ``NothingKeptError`` where nothing is left to release; it costs nothing either.
    """
    begun = time.monotonic()
    request, config, layout, keys = prepared.request, prepared.config, prepared.layout, prepared.private.keys
    place, names = open_store(layout.home), feed.names
    with lock_release(prepared.private.folder, layout.release_id):
        account = LedgerAccount.of(prepared.private)
        past = load_history(account, ErasureRecords.of(prepared.private))
        check_not_retired(place, layout, keys.verifying())
        check_release_past(place, layout, past, keys)
        relist(place, layout, past, keys)
        existing = sealed_release(place, layout, keys.verifying())
        charge = ReleaseCharge(account, layout, prepared.facts, config, feed.after, feed.window)
        existing = existing or charge.copy_of_earlier(keys, past)
        tell("run started", {"release_id": layout.release_id, "dataset": layout.dataset, "runner": engine.where.value})
        if existing is not None:
            tell("release found", {"shards": len(existing.shards)})
            complete(place, layout, existing, keys)
            charge.settle(existing)
            _close(prepared)
            return summarise(layout, existing, prepared.private, names, seconds=time.monotonic() - begun)
        check_dataset_past(place, layout, account, past, keys)
        planned = plan_release(config)
        results = finished_results(prepared, planned.noise) if request.finish else None
        budget = charge.reserve(planned)
        tell("budget reserved", {"charge_id": budget.charge_id, "epsilon": budget.epsilon, "delta": budget.delta})
        if is_bucket(layout.output):  # its shards are written there by the graph
            feed.after.showing(budget.charge_id)
        results = results or _execute(prepared, planned, feed, engine, console)
        if results is None:
            tell("graph handed over", {"release_id": layout.release_id})
            return summarise_job(layout, time.monotonic() - begun)
        _reconcile(results)
        keep_sources(open_quarantine(prepared.private.uri), layout.release_id, names)
        _check_kept(prepared, charge, budget.charge_id, results, names)
        told = {"events": results.counts.get(READ, 0), "rows": results.counts.get(ROWS, 0)}
        tell("graph finished", select_publishable(told, config.noise.profile))
        record = prepared.record
        if results.population is not None:
            record = make_record(prepared.release_id, planned.noise, results.population)
            write_record(record, model_address(prepared.private.uri, prepared.release_id), keys.signing_private())
        checked = watch.second_look(keys, prepared.private.address(f"preflight/{prepared.release_id}.json"))
        check_no_erasure_since(prepared.consent, prepared.private)
        check_not_paused(request.output)
        manifest = build_manifest(prepared, planned, record, results, preflight=checked, budget=budget)
        keep_tallies(prepared.private, layout.release_id, results.counts)
        if not is_bucket(layout.output):
            feed.after.showing(budget.charge_id)
        sealed = publish(
            place, layout, manifest, list(results.shards), keys, before_commit=partial(watch.check_unchanged, checked)
        )
        charge.commit(budget.charge_id)
        _close(prepared)
        told = select_publishable({"rejects": len(results.rejects)}, config.noise.profile)
        tell("release sealed", {"shards": len(sealed.shards)} | told)
        return summarise(layout, sealed, prepared.private, names, seconds=time.monotonic() - begun, results=results)


def _check_kept(
    prepared: ReleaseContext, charge: ReleaseCharge, charge_id: str, results: RunResults, names: tuple[str, ...]
) -> None:
    """Raise ``NothingKeptError`` if nothing is left to release, after removing its files and its charge."""
    if keeps_nothing(results):
        withdraw(charge, charge_id, open_store(prepared.layout.home), prepared.layout)
        _close(prepared)
        raise NothingKeptError(results, names)


def _close(prepared: ReleaseContext) -> None:
    """Destroy the run key, results and files of an unsealed release."""
    destroy(prepared.run_key)
    forget_results(open_store(results_address(prepared.private.uri, prepared.release_id)))
    shutil.rmtree(prepared.run_folder, ignore_errors=True)


def finished_results(prepared: ReleaseContext, noise: NoisePlan) -> RunResults:
    """Read the results of a job that another command started.

    Raises ``RefusedError`` where there is no such job, or it has not ended: a part of what it hands back is missing.
    """
    place = open_store(results_address(prepared.private.uri, prepared.release_id))
    try:
        return read_results(place, learned=noise.learning is not None)
    except FailedError:
        raise RefusedError(
            f"no job has computed release {prepared.release_id} to its end: start it, and wait for it; input, consent "
            "and settings must be the same"
        ) from None


def _execute(
    prepared: ReleaseContext, planned: ReleasePlan, feed: ReleaseInput, engine: BeamEngine, console: Console
) -> RunResults | None:
    """Build and run the graph and read its results from private state.

    ``None``: it was handed over to the service, which starts it by itself.
    """
    private, release_id = prepared.private, prepared.release_id
    results = open_store(results_address(private.uri, release_id))
    forget_results(results)
    make_folders(private.folder / "run-keys")
    minted = mint(private.keys, prepared.run_key)
    try:
        with open_run_folder(private.folder, release_id):
            plan = _plan(prepared, planned, feed.bytes, shares_disk=engine.shares_disk)
            options = engine.job_options(release_id, _audit_entries(prepared))
            pipeline = beam.Pipeline(runner=engine.runner(), options=options)
            curated = release(feed.read(pipeline, plan), plan)
            collect(curated, private.uri, release_id)
            if curated.trace is not None and plan.trace is not None:
                _ = curated.trace | "WriteTrace" >> WriteTrace(plan.trace, private.reference)
            if not engine.shares_disk:
                check_graph(pipeline)
            with show_progress(console):
                ran = engine.start(pipeline, finishable=feed.finishable)
                if engine.hands_over:
                    return None
                ran.wait_until_finish()
    except BaseException:
        if minted and not is_bucket(prepared.layout.output):  # nobody has seen a draw under it
            destroy(prepared.run_key)
        raise
    return read_results(results, step_counts(ran), learned=planned.noise.learning is not None)


def _audit_entries(prepared: ReleaseContext) -> dict[str, str]:
    """Build the audit-log entries of a job's accesses to storage."""
    purpose, dataset = prepared.config.purpose, prepared.layout.dataset
    return {"purpose": purpose, "dataset": dataset, "release": prepared.release_id}


def _plan(prepared: ReleaseContext, planned: ReleasePlan, log_bytes: int, *, shares_disk: bool) -> CuratePlan:
    request, config, release_id = prepared.request, prepared.config, prepared.release_id
    spill = str(prepared.run_folder / "spill") if shares_disk else None
    exchange = ExchangeSettings(prepared.private.reference, release_id, spill)
    buckets = shards_for(log_bytes)
    shards = config.store.shards or buckets
    return CuratePlan(
        release_id=release_id,
        keys=prepared.private.reference,
        sources=prepared.sources,
        ingest=config.ingest,
        consent=prepared.consent,
        redact=config.redact,
        release=planned,
        model=prepared.record.model if prepared.record else PRIOR,
        learning=_learning(prepared, planned.noise, exchange, buckets),
        run_key=prepared.run_key,
        store=config.store,
        shards=ShardPlan(
            FileHeader(release_id, planned.privacy_statement()),
            shards,
            _staging(prepared),
            sessions=config.noise.profile == Profile.RESTRICTED,
        ),
        exchange=exchange,
        buckets=buckets,
        trace=TraceTarget(request.trace, request.trace_clear) if request.trace else None,
        prefilters=str(prepared.private.prefilters) if shares_disk else None,
    )


def _learning(
    prepared: ReleaseContext, noise: NoisePlan, exchange: ExchangeSettings, buckets: int
) -> LearningPlan | None:
    if noise.learning is None:
        return None
    return LearningPlan(noise, noise.learning, prepared.private.reference, prepared.run_key, exchange, buckets)


def _staging(prepared: ReleaseContext) -> str:
    """Return the address where workers write shards: private state, or directly the release in a bucket."""
    layout = prepared.layout
    return layout.folder if is_bucket(layout.output) else str(prepared.run_folder / "staging")


def _reconcile(results: RunResults) -> None:
    """Raise ``FailedError`` unless every event that was read has one outcome and every row is in a shard."""
    counts = results.counts
    told = outcomes(counts)
    if told != counts.get(READ, 0):
        raise FailedError(
            f"{counts.get(READ, 0)} events were read and {told} accounted for; nothing is published, report this"
        )
    rows = sum(entry.rows for entry in results.shards if entry.path.startswith("events/"))
    if rows != counts.get(ROWS, 0):
        raise FailedError(f"{counts.get(ROWS, 0)} rows were made and {rows} written; nothing is published, run again")
