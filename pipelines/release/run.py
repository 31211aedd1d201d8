"""One run from configuration to sealed release."""

import time

from rich.console import Console

from pipelines.budget.release_plan import plan_release
from pipelines.config import RunConfig
from pipelines.observe.event_log import tell
from pipelines.observe.summary import Summary
from pipelines.preflight.watch import RunWatch, begin_watch, open_bucket_preflight, open_preflight
from pipelines.release.attempt import ReleaseAttempt
from pipelines.release.compute import ReleaseInput, compute_release, read_finished, reconcile
from pipelines.release.doubts import note_unknown
from pipelines.release.empty_run import NothingKeptError, keeps_nothing
from pipelines.release.graph import redact_files
from pipelines.release.late_withdrawals import settle, settle_earlier
from pipelines.release.manifest import summarise, summarise_job
from pipelines.release.prepare import ReleaseContext, RunRequest, prepare, read_consent
from pipelines.runner.beam_options import BeamEngine, RunnerKind, select_engine
from pipelines.runner.dataflow import JobPlaces, list_private_buckets
from pipelines.state.pause import check_not_paused
from pipelines.state.private_state import PrivateState
from pipelines.state.quarantine import keep_sources, open_quarantine
from pipelines.state.tallies import select_publishable
from schemas.tally import READ, ROWS
from transforms.aggregate.worth import find_unweighed
from transforms.consent.registry import ConsentSnapshot
from transforms.dataset.publish import sealed_release
from transforms.ingest.inputs import total_bytes
from transforms.object_store.atomic_files import lock_release


def run(request: RunRequest, config: RunConfig, console: Console) -> Summary:
    """Make one release, or find the existing one; raise a ``KeyveilError`` if it cannot or must not be made."""
    check_not_paused(request.output)
    engine = select_engine(request.runner, request.beam_flags)
    watch = watch_over(request, config, console)
    check_private(request, engine)
    prepared = prepare(request, config)
    note_unknown(prepared.consent, console, config.noise.profile)
    settle_killed(prepared.private, prepared.layout.home, prepared.consent, config, console)
    names = tuple(source.path for source in prepared.sources)
    files = ReleaseInput(redact_files, total_bytes(prepared.sources), names, finishable=True)
    return make_release(prepared, files, engine, watch, console)


def watch_over(request: RunRequest, config: RunConfig, console: Console) -> RunWatch:
    """Watch the output of a run; raise ``RefusedError`` if nothing may be written there."""
    return begin_watch(open_preflight(request.output.uri, request.policy, config.store.encryption == "sealed"), console)


def check_private(request: RunRequest, engine: BeamEngine) -> None:
    """Raise ``RefusedError`` if a bucket with staged or kept files of a job does not meet the policy of the output."""
    if engine.where is RunnerKind.DATAFLOW:
        places = JobPlaces(request.output.uri, request.state, request.keys, request.inputs, request.trace)
        for bucket, keeps in list_private_buckets(engine.options, places).items():
            open_bucket_preflight(bucket, request.policy, keeps=keeps).look().require()


def settle_killed(
    private: PrivateState, home: str, consent: ConsentSnapshot, config: RunConfig, console: Console
) -> None:
    """Take who withdrew while a release was sealed out of it, where its run was killed before it could; say so."""
    for release_id, late in settle_earlier(private, home, consent, config):
        if str(late):
            console.print(f"release {release_id} of a run that was stopped: {late}", soft_wrap=True)


def make_release(
    prepared: ReleaseContext, feed: ReleaseInput, engine: BeamEngine, watch: RunWatch, console: Console
) -> Summary:
    """Charge, compute and seal one release of what ``feed`` reads, once; a sealed one is found and costs nothing.

    Raises ``NothingKeptError`` where nothing is left to release; it costs nothing either.
    """
    begun = time.monotonic()
    layout, private = prepared.layout, prepared.private
    with lock_release(private.folder, layout.release_id):
        attempt = ReleaseAttempt.begin(prepared, feed.after, feed.window)
        existing = attempt.find()
        tell("run started", {"release_id": layout.release_id, "dataset": layout.dataset, "runner": engine.where.value})
        if existing is not None:
            tell("release found", {"shards": len(existing.shards)})
            attempt.complete(existing)
            return summarise(layout, existing, private, feed.names, seconds=time.monotonic() - begun)
        attempt.check_dataset()
        planned = plan_release(prepared.config)
        finished = read_finished(prepared, planned.noise) if prepared.request.finish else None
        budget = attempt.reserve(planned)
        results = finished or compute_release(prepared, planned, feed, engine, console)
        if results is None:
            tell("graph handed over", {"release_id": layout.release_id})
            return summarise_job(layout, time.monotonic() - begun)
        reconcile(results)
        keep_sources(open_quarantine(private.uri), layout.release_id, feed.names)
        if keeps_nothing(results):
            attempt.withdraw(budget.charge_id)
            raise NothingKeptError(results, feed.names)
        counts = {"events": results.counts.get(READ, 0), "rows": results.counts.get(ROWS, 0)}
        tell("graph finished", select_publishable(counts, prepared.config.noise.profile))
        sealed = attempt.seal(planned, budget, results, watch)
        late = settle(private, layout.release_id, read_consent(prepared.request, prepared.config), prepared.config)
        if late.people:
            sealed = sealed_release(prepared.store, layout, private.keys.verifying()) or sealed
        return summarise(
            layout,
            sealed,
            private,
            feed.names,
            seconds=time.monotonic() - begun,
            results=results,
            unweighed=find_unweighed(prepared.config.aggregates, planned.aggregates),
            late=str(late),
        )
