"""Manifest and summary of a finished run."""

from collections.abc import Mapping
from importlib.metadata import version

from pipelines.budget.charge import render_budget
from pipelines.budget.release_plan import ReleasePlan
from pipelines.observe.summary import Summary
from pipelines.release.prepare import ReleaseContext
from pipelines.release.processor import name_processor
from pipelines.release.results import RunResults
from pipelines.state.consent_record import digest_rows
from pipelines.state.model_record import ModelRecord
from pipelines.state.private_state import PrivateState
from pipelines.state.tallies import read_tallies, select_publishable
from schemas.safe import SCHEMA_VERSION
from schemas.tally import ROWS, SESSIONS
from transforms.consent.lawful_basis import LawfulBasis
from transforms.dataset.documents.wording import PARTS, useful_from
from transforms.dataset.layout import ReleaseLayout
from transforms.dataset.manifest import (
    BasisRecord,
    BudgetStatement,
    LeftOutRecord,
    Manifest,
    NoiseStatement,
    PreflightRecord,
    shard_records,
)


def build_manifest(
    prepared: ReleaseContext,
    planned: ReleasePlan,
    record: ModelRecord | None,
    results: RunResults,
    *,
    preflight: PreflightRecord,
    budget: BudgetStatement,
    window: str | None,
) -> Manifest:
    """Build the manifest to be signed; ``record`` is the population model of the drawn times."""
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
                item.not_covered,
            )
            for item in planned.statements(record.claim if record else None)
        ),
        encryption="sealed" if sealed else "none",
        data_key=prepared.private.keys.reader().data.key_id if sealed else None,
        counts=select_publishable(results.counts, config.noise.profile),
        shards=shard_records(list(results.shards)),
        preflight=preflight,
        budget=budget,
        profile=config.noise.profile.value,
        processor=name_processor(),
        public_names_digest=facts.get("public_names"),
        basis=record_basis(config.basis),
        window=window,
        registry_digest=digest_rows(prepared.private.keys, consent.rows)[0] if consent.rows else None,
        left_out=tuple(
            LeftOutRecord(part.name, part.from_people, config.aggregates.people) for part in planned.left_out
        ),
        purpose=None if consent.everybody else config.purpose,
    )


def record_basis(basis: LawfulBasis) -> BasisRecord | None:
    """Record the stated lawful basis; ``None`` where none is stated."""
    if basis == LawfulBasis():
        return None
    consulted, expires = (None if day is None else day.isoformat() for day in (basis.consulted, basis.expires))
    return BasisRecord(
        basis.ground,
        basis.dpia,
        basis.agreement,
        consulted,
        basis.reviewer,
        expires,
        basis.contact,
        basis.releases_days,
    )


def summarise(
    layout: ReleaseLayout,
    manifest: Manifest,
    private: PrivateState,
    sources: tuple[str, ...],
    *,
    seconds: float,
    results: RunResults | None = None,
    unweighed: Mapping[str, int] | None = None,
    late: str = "",
) -> Summary:
    """Summarise a release for the terminal; without ``results`` it existed before.

    ``late``: what people took back while it was sealed.
    ``unweighed``: the parts that are on though nobody stated how many people there are, and how many they need.

    Whoever runs a release holds the recordings: tallies that the manifest leaves out are read from ``private`` state.
    """
    counts = read_tallies(private, layout.release_id) or manifest.counts
    if manifest.erasures:  # which recount these two; the tallies are of the day of the run
        counts = {**counts, **{name: manifest.counts[name] for name in (ROWS, SESSIONS) if name in manifest.counts}}
    return Summary(
        release=layout.folder,
        release_id=layout.release_id,
        counts=counts,
        rejects=results.rejects if results else (),
        sources=sources,
        shards=len(manifest.shards),
        bytes=sum(shard.bytes for shard in manifest.shards),
        noise=tuple(_describe_noise(item) for item in manifest.noise),
        budget=render_budget(manifest.budget) if manifest.budget is not None else (),
        consent="everybody (evaluation)" if manifest.consent_mode == "evaluation" else "registry",
        seconds=seconds,
        repeated=results is None,
        steps=results.steps if results else (),
        left_out=_render_left_out(manifest),
        advice=_render_advice(unweighed or {}),
        late=late,
    )


def _render_left_out(manifest: Manifest) -> str:
    """Render the parts that are off: what they are, and from how many people on they help."""
    if not manifest.left_out:
        return ""
    said = []
    for item in manifest.left_out:
        helps = "" if item.from_people is None else f" (help from {item.from_people:,} people on)"
        said.append(f"{PARTS[item.part]}{helps}")
    return f"{', '.join(said)}; costs nothing"


def _render_advice(unweighed: Mapping[str, int]) -> str:
    """Render from how many people on the parts help that nobody weighed, and how to leave them out below."""
    if not unweighed:
        return ""
    fewer = "if you record fewer, set aggregates.people=NUMBER: they are then left out and cost nothing"
    return f"{useful_from(unweighed)}; {fewer}"


def summarise_job(layout: ReleaseLayout, seconds: float) -> Summary:
    """Summarise a job that was handed over, with no results yet."""
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


def _describe_noise(item: NoiseStatement) -> str:
    columns = ", ".join(item.columns)
    if not item.epsilon:
        return f"{columns}: nothing, {item.mechanism}"
    return f"{columns}: epsilon {item.epsilon:g}, delta {item.delta:g} for {item.unit}"
