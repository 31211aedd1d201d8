"""What a finished run says of itself: the manifest to everybody, the summary to who ran it."""

from importlib.metadata import version

from pipelines.budget.charge import budget_lines
from pipelines.budget.release_plan import ReleasePlan
from pipelines.observe.summary import Summary
from pipelines.release.prepare import Prepared
from pipelines.release.processor import name_processor
from pipelines.release.results import RunResults
from pipelines.state.model_record import ModelRecord
from pipelines.state.tallies import publishable, read_tallies
from schemas.safe import SCHEMA_VERSION
from transforms.dataset.layout import ReleaseLayout
from transforms.dataset.manifest import BudgetStatement, Manifest, NoiseStatement, PreflightRecord, shard_records


def manifest_of(
    prepared: Prepared,
    planned: ReleasePlan,
    record: ModelRecord | None,
    results: RunResults,
    *,
    preflight: PreflightRecord,
    budget: BudgetStatement,
) -> Manifest:
    """Return what is signed; ``record`` is the population model that times were drawn from."""
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
        counts=publishable(results.counts, config.noise.profile),
        shards=shard_records(list(results.shards)),
        preflight=preflight,
        budget=budget,
        profile=config.noise.profile.value,
        processor=name_processor(),
    )


def summary_of(
    layout: ReleaseLayout,
    manifest: Manifest,
    private: str,
    sources: tuple[str, ...],
    *,
    seconds: float,
    results: RunResults | None = None,
) -> Summary:
    """Sum up a release for the terminal; without ``results`` it was there already.

    Whoever runs a release holds the recordings: tallies that the manifest leaves out are read from ``private`` state.
    """
    return Summary(
        release=layout.folder,
        release_id=layout.release_id,
        counts=manifest.counts or read_tallies(private, layout.release_id),
        rejects=results.rejects if results else (),
        sources=sources,
        shards=len(manifest.shards),
        bytes=sum(shard.bytes for shard in manifest.shards),
        noise=tuple(_spent(item) for item in manifest.noise),
        budget=budget_lines(manifest.budget) if manifest.budget is not None else (),
        consent="everybody (evaluation)" if manifest.consent_mode == "evaluation" else "registry",
        seconds=seconds,
        repeated=results is None,
        steps=results.steps if results else (),
    )


def handed_over(layout: ReleaseLayout, seconds: float) -> Summary:
    """Return what the terminal shows where a job was handed over and nothing is known of it yet."""
    return Summary(
        release=layout.folder,
        release_id=layout.release_id,
        counts={},
        rejects=(),
        sources=(),
        shards=0,
        bytes=0,
        noise=(),
        budget=(),
        consent="",
        seconds=seconds,
        repeated=False,
        submitted=True,
    )


def _spent(item: NoiseStatement) -> str:
    columns = ", ".join(item.columns)
    if not item.epsilon:
        return f"{columns}: nothing, {item.mechanism}"
    return f"{columns}: epsilon {item.epsilon:g}, delta {item.delta:g} for {item.unit}"
