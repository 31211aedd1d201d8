"""One run from configuration to sealed release. All input and output of the driver is here."""

import hashlib
import json
import shutil
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from importlib.metadata import version
from pathlib import Path

import apache_beam as beam
from rich.console import Console

from pipelines.account import Account
from pipelines.charging import ReleaseCharge, budget_lines
from pipelines.config import RunConfig
from pipelines.curate import CuratePlan, build
from pipelines.erasures import check_no_erasure_since, effective_consent
from pipelines.options import LocalRun, local_run
from pipelines.origin import code_digest
from pipelines.population import ModelRecord, learned_record, named_record, state_path, write_record
from pipelines.preflight.guard import guard_for
from pipelines.preflight.watch import begin_watch
from pipelines.progress import shown
from pipelines.quarantine import keep_sources
from pipelines.release_plan import ReleasePlan, plan_release
from pipelines.report import Summary
from pipelines.results import RunResults, WriteTrace, collect, read_results
from pipelines.state import state_folder
from pipelines.subjects import read_subjects
from schemas.errors import FailedError, RefusedError, UsageError
from schemas.outcome import READ, ROWS, Outcome
from schemas.safe import SCHEMA_VERSION
from transforms.beamkit.exchange import ExchangeSettings
from transforms.consent.registry import EVERYBODY, ConsentSnapshot, read_registry
from transforms.ingest.adapter import Source
from transforms.ingest.inputs import expand, input_digests, total_bytes
from transforms.keys.provider import KeyReference, KeyRole, KeySet
from transforms.keys.pseudonym import keyed_digest
from transforms.noise.model import PRIOR
from transforms.noise.plan import NoisePlan
from transforms.noise.policy import Profile, RunKey
from transforms.noise.runkey import RunKeyReference, destroy, mint
from transforms.noise.stage import LearningPlan
from transforms.redact.engine import shared_detector
from transforms.store.codec import FileHeader
from transforms.store.durable import make_folders, only_run
from transforms.store.layout import ReleaseLayout, release_layout
from transforms.store.manifest import BudgetStatement, Manifest, NoiseStatement, PreflightRecord, shard_records
from transforms.store.places import is_bucket, normal_uri, open_place
from transforms.store.publish import complete, publish, sealed_release
from transforms.store.retire import check_not_retired
from transforms.store.shards import shards_for
from transforms.store.stage import ShardPlan
from transforms.store.trace import TraceTarget


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What the command line asks for."""

    inputs: tuple[str, ...]
    output: str
    consent: str
    keys: str
    dataset: str
    format: str | None
    user: str | None
    subjects: str | None
    state: str | None
    runner: str
    trace: str | None
    trace_clear: bool
    beam_flags: tuple[str, ...]
    policy: str | None = None


@dataclass(frozen=True, slots=True)
class _Prepared:
    """Everything that is known and checked before the first record is read.

    ``record`` is the population model of an earlier release, where the configuration names one.
    """

    request: RunRequest
    config: RunConfig
    reference: KeyReference
    keys: KeySet
    consent: ConsentSnapshot
    sources: tuple[Source, ...]
    facts: Mapping[str, str]
    layout: ReleaseLayout
    state: Path
    record: ModelRecord | None

    @property
    def release_id(self) -> str:
        return self.layout.release_id

    @property
    def run_folder(self) -> Path:
        """Private folder of this run: staging, spill and results; gone once the release is sealed."""
        return self.state / "runs" / self.release_id

    @property
    def run_key(self) -> RunKeyReference:
        derived = self.config.noise.run_key is RunKey.DERIVED
        return RunKeyReference(self.release_id, None if derived else str(self.state / "run-keys" / self.release_id))


def run(request: RunRequest, config: RunConfig, console: Console) -> Summary:
    """Make one release, or find that it is there already; raise a ``KeyveilError`` where it may or can not be made."""
    begun = time.monotonic()
    local = local_run(request.runner, request.beam_flags)
    watch = begin_watch(guard_for(request.output, request.policy, config.store.encryption == "sealed"), console)
    prepared = _prepare(request, config)
    layout, keys = prepared.layout, prepared.keys
    place = open_place(layout.home)
    names = tuple(source.path for source in prepared.sources)
    with only_run(prepared.state, layout.release_id):
        check_not_retired(place, layout, keys.verifying())
        existing = sealed_release(place, layout, keys.verifying())
        charge = ReleaseCharge(Account.of(keys, request.state, prepared.reference), layout, prepared.facts, config)
        existing = existing or charge.copy_of_earlier(keys)
        if existing is not None:
            complete(place, layout, existing, keys)
            charge.settle(existing)
            _close(prepared)
            return _summary(layout, existing, names, time.monotonic() - begun)
        charge.check_ledger(place, keys)
        planned = plan_release(config)
        budget = charge.reserve(planned)
        results = _execute(prepared, planned, local, console)
        _reconcile(results)
        record = prepared.record
        if results.population is not None:
            record = learned_record(prepared.release_id, planned.noise, results.population)
            write_record(record, state_path(prepared.state, prepared.release_id), keys.signing_private())
        checked = watch.second_look(keys, prepared.state / "preflight" / f"{prepared.release_id}.json")
        check_no_erasure_since(prepared.consent, request.state, prepared.reference, keys)
        manifest = _manifest(prepared, planned, record, results, preflight=checked, budget=budget)
        sealed = publish(
            place, layout, manifest, list(results.shards), keys, before_commit=partial(watch.check_unchanged, checked)
        )
        charge.commit(budget.charge_id)
        _close(prepared)
        return _summary(layout, sealed, names, time.monotonic() - begun, results)


def _close(prepared: _Prepared) -> None:
    """Destroy what only an unsealed release needs."""
    destroy(prepared.run_key)
    shutil.rmtree(prepared.run_folder, ignore_errors=True)


def _prepare(request: RunRequest, config: RunConfig) -> _Prepared:
    reference = KeyReference.parse(request.keys)
    keys = KeySet.open(reference)
    state = _state(request, reference)
    consent = effective_consent(_consent(request, config), request.state, reference, keys)
    subjects = read_subjects(Path(request.subjects)) if request.subjects else {}
    sources = expand(request.inputs, request.format, request.user, subjects)
    record = named_record(config.noise, keys.signing_public())
    facts = _facts(keys, request, config, consent, sources) | ({"population": record.digest} if record else {})
    release_id = keyed_digest(keys.derive(KeyRole.TRANSIT, "release-id"), *(v.encode() for v in facts.values()))[:32]
    layout = release_layout(request.output, request.dataset, release_id)
    _check_output(request, config, layout)
    return _Prepared(request, config, reference, keys, consent, sources, facts, layout, state, record)


def _consent(request: RunRequest, config: RunConfig) -> ConsentSnapshot:
    if request.consent == EVERYBODY:
        if is_bucket(request.output):
            raise RefusedError("--consent all-for-evaluation is for a local folder only; name a consent registry")
        return ConsentSnapshot(config.purpose, {}, everybody=True)
    return read_registry(Path(request.consent), config.purpose, datetime.now(UTC))


def _state(request: RunRequest, reference: KeyReference) -> Path:
    state = state_folder(request.state, reference)
    if not is_bucket(request.output) and state.is_relative_to(normal_uri(request.output)):
        raise UsageError("private state may not lie below the output; name another folder with --state")
    make_folders(state)
    return state


def _check_output(request: RunRequest, config: RunConfig, layout: ReleaseLayout) -> None:
    """Raise ``RefusedError`` where a private thing would lie in the output, or an evaluation setting in a bucket."""
    if is_bucket(layout.output):
        if config.store.encryption == "none":
            raise RefusedError("store.encryption=none is for a local folder only; leave it out")
        if config.noise.run_key is RunKey.DERIVED:
            raise RefusedError("noise.run_key=derived is for tests and audits in a local folder only; leave it out")
    elif request.trace and Path(request.trace).absolute().is_relative_to(layout.output):
        raise RefusedError("--trace may not lie below the output; name a private folder")


def _facts(
    keys: KeySet, request: RunRequest, config: RunConfig, consent: ConsentSnapshot, sources: Sequence[Source]
) -> dict[str, str]:
    """Return everything that decides a release's content, each as a digest; what leaves private state is keyed."""
    digesting = keys.derive(KeyRole.TRANSIT, "fact-digest")
    inputs = input_digests(sources, digesting)
    return {
        "dataset": request.dataset,
        "config": keyed_digest(digesting, b"config", config.canonical()),
        "code": code_digest(),
        "model": hashlib.sha256(shared_detector(config.redact).digest().encode()).hexdigest(),
        "inputs": keyed_digest(digesting, b"inputs", json.dumps(sorted(inputs)).encode()),
        "consent": keyed_digest(digesting, b"consent", consent.canonical()),
    }


def _execute(prepared: _Prepared, planned: ReleasePlan, local: LocalRun, console: Console) -> RunResults:
    """Build and run the graph; what it staged and counted lies in the run folder afterwards."""
    run_folder, state = prepared.run_folder, prepared.state
    shutil.rmtree(run_folder, ignore_errors=True)
    for folder in (run_folder / "spill", run_folder / "staging", state / "run-keys"):
        make_folders(folder)
    mint(prepared.keys, prepared.run_key)
    try:
        pipeline = beam.Pipeline(runner=local.runner(), options=local.options)
        curated = build(pipeline, plan := _plan(prepared, planned))
        collect(curated, run_folder, state / "quarantine" / prepared.release_id)
        if curated.trace is not None and plan.trace is not None:
            _ = curated.trace | "WriteTrace" >> WriteTrace(plan.trace, prepared.reference)
        with shown(console):
            pipeline.run().wait_until_finish()
    finally:
        shutil.rmtree(run_folder / "spill", ignore_errors=True)
    keep_sources(state / "quarantine" / prepared.release_id, tuple(source.path for source in prepared.sources))
    return read_results(run_folder)


def _plan(prepared: _Prepared, planned: ReleasePlan) -> CuratePlan:
    request, config, release_id = prepared.request, prepared.config, prepared.release_id
    exchange = ExchangeSettings(prepared.reference, release_id, str(prepared.run_folder / "spill"))
    buckets = shards_for(total_bytes(prepared.sources))
    shards = config.store.shards or buckets
    return CuratePlan(
        release_id=release_id,
        keys=prepared.reference,
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
    )


def _learning(prepared: _Prepared, noise: NoisePlan, exchange: ExchangeSettings, buckets: int) -> LearningPlan | None:
    if noise.learning is None:
        return None
    return LearningPlan(noise, noise.learning, prepared.reference, prepared.run_key, exchange, buckets)


def _staging(prepared: _Prepared) -> str:
    """Return where workers write shards: private state, or at once the release in a bucket."""
    layout = prepared.layout
    return layout.folder if is_bucket(layout.output) else str(prepared.run_folder / "staging")


def _reconcile(results: RunResults) -> None:
    """Raise ``FailedError`` unless every event that was read has one outcome and every row is in a shard."""
    counts = results.counts
    outcomes = sum(counts.get(f"outcome.{outcome}", 0) for outcome in Outcome)
    if outcomes != counts.get(READ, 0):
        raise FailedError(
            f"{counts.get(READ, 0)} events were read and {outcomes} accounted for; nothing is published, report this"
        )
    rows = sum(entry.rows for entry in results.shards if entry.path.startswith("events/"))
    if rows != counts.get(ROWS, 0):
        raise FailedError(f"{counts.get(ROWS, 0)} rows were made and {rows} written; nothing is published, run again")


def _manifest(
    prepared: _Prepared,
    planned: ReleasePlan,
    record: ModelRecord | None,
    results: RunResults,
    *,
    preflight: PreflightRecord,
    budget: BudgetStatement,
) -> Manifest:
    layout, config, facts, consent = prepared.layout, prepared.config, prepared.facts, prepared.consent
    sealed = config.store.encryption == "sealed"
    return Manifest(
        release_id=layout.release_id,
        dataset=layout.dataset,
        schema_version=SCHEMA_VERSION,
        keyveil_version=version("keyveil"),
        config_fingerprint=facts["config"],
        code_digest=facts["code"],
        model_digest=facts["model"],
        inputs_digest=facts["inputs"],
        consent_digest=facts["consent"],
        consent_mode="evaluation" if consent.everybody else "registry",
        run_key=config.noise.run_key.value,
        noise=tuple(
            NoiseStatement(
                item.columns,
                item.mechanism,
                item.privacy_unit,
                item.adjacency,
                item.epsilon,
                item.delta,
                item.accountant,
            )
            for item in planned.statements(record.claim if record else None)
        ),
        encryption="sealed" if sealed else "none",
        data_key=prepared.keys.reader().data.key_id if sealed else None,
        counts=results.counts,
        shards=shard_records(list(results.shards)),
        preflight=preflight,
        budget=budget,
    )


def _summary(
    layout: ReleaseLayout,
    manifest: Manifest,
    sources: tuple[str, ...],
    seconds: float,
    results: RunResults | None = None,
) -> Summary:
    return Summary(
        release=layout.folder,
        release_id=layout.release_id,
        counts=manifest.counts,
        rejects=results.rejects if results else (),
        sources=sources,
        shards=len(manifest.shards),
        bytes=sum(shard.bytes for shard in manifest.shards),
        noise=tuple(_spent(item) for item in manifest.noise),
        budget=budget_lines(manifest.budget) if manifest.budget is not None else (),
        consent="everybody (evaluation)" if manifest.consent_mode == "evaluation" else "registry",
        seconds=seconds,
        repeated=results is None,
    )


def _spent(item: NoiseStatement) -> str:
    columns = ", ".join(item.columns)
    if not item.epsilon:
        return f"{columns}: nothing, {item.mechanism}"
    return f"{columns}: epsilon {item.epsilon:g}, delta {item.delta:g} for {item.unit}"
