"""Prepare a run: arguments, keys, consent and facts, all checked before the first record is read."""

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from pipelines.budget.account import LedgerAccount
from pipelines.budget.old_copies import check_newer_keys, check_tombstones
from pipelines.config import RunConfig
from pipelines.origin import code_digest
from pipelines.output import Output
from pipelines.preflight.state import claim_state, open_state
from pipelines.release.own_names import read_own_names
from pipelines.release.subjects import normalise_user_id, read_subjects
from pipelines.state.consent_record import (
    ConsentRecord,
    check_shrunk,
    count_missing,
    keep_record,
    list_purposes,
    read_record,
)
from pipelines.state.id_case import record_case_rule
from pipelines.state.model_record import ModelRecord, read_named_record
from pipelines.state.private_state import PrivateState, state_folder, state_uri
from pipelines.state.quarantine import open_quarantine, remove_expired
from pipelines.state.run_folders import run_folder
from pipelines.state.stretch_record import StretchRecord, check_stretches
from pipelines.state.tombstones import ErasureRecords, effective_consent
from schemas.errors import RefusedError, UsageError
from schemas.privacy import RunKey
from transforms.consent.registry import EVERYBODY, ConsentSnapshot, read_registry
from transforms.consent.restriction_files import read_restrictions
from transforms.consent.tables import name_source
from transforms.dataset.layout import ReleaseLayout, release_layout
from transforms.ingest.formats.adapter import Source
from transforms.ingest.inputs import expand, input_digests, require_keys
from transforms.ingest.screenshots.model_files import require_models
from transforms.keys.key_set import KeyReference, KeyRole, KeySet
from transforms.keys.pseudonym import keyed_digest
from transforms.object_store.atomic_files import make_folders
from transforms.object_store.interface import ObjectStore
from transforms.privacy.run_key import RunKeyReference
from transforms.redact.detect.build import prefilter_store
from transforms.redact.detect.detector import Detector
from transforms.redact.session_redactor import open_detector
from transforms.vocabulary import OwnNames

_NOTHING_TO_READ = (
    "--input names nothing in a format that keyveil formats lists; name the format with --format, or the files of a "
    "folder with a pattern (FOLDER/*)"
)


_DIGESTING = "fact-digest"


@dataclass(frozen=True, slots=True)
class RunRequest:
    """Arguments of ``keyveil run``; ``finish``: publish the results of a job that was handed over.

    An address of a database may hold a password, and the path of a person's wishes a name: no repr shows them.
    """

    inputs: tuple[str, ...]
    output: Output
    consent: str = field(repr=False)
    keys: str
    dataset: str
    format: str | None
    user: str | None = field(repr=False)
    subjects: str | None
    state: str | None
    runner: str
    trace: str | None
    trace_clear: bool
    beam_flags: tuple[str, ...]
    policy: str | None = None
    finish: bool = False
    pauses: str | None = field(default=None, repr=False)
    wishes: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class ReleaseContext:
    """Context of one release, all checked before the first record is read.

    ``record`` is the population model of an earlier release, where the configuration names one; ``names`` are the
    organisation's own public names.
    """

    request: RunRequest
    config: RunConfig
    private: PrivateState
    consent: ConsentSnapshot
    sources: tuple[Source, ...]
    facts: Mapping[str, str]
    layout: ReleaseLayout
    record: ModelRecord | None
    names: OwnNames

    @property
    def release_id(self) -> str:
        """Return the keyed digest of all facts that decide the release."""
        return self.layout.release_id

    @property
    def run_folder(self) -> Path:
        """Return the private local folder of this run: staging and spill; gone once the release is sealed."""
        return run_folder(self.private.folder, self.release_id)

    @property
    def store(self) -> ObjectStore:
        """Return the store of the dataset at the output."""
        return self.request.output.dataset(self.layout.dataset)

    @property
    def results(self) -> ObjectStore:
        """Return the store of what workers hand back, in private state."""
        return self.private.part(f"runs/{self.release_id}/results")

    @property
    def run_key(self) -> RunKeyReference:
        """Return the reference to the secret behind the draws, stored until the release is sealed."""
        derived = self.config.noise.run_key is RunKey.DERIVED
        kept = None if derived else self.private.address(f"run-keys/{self.release_id}")
        return RunKeyReference(self.release_id, kept)


@dataclass(frozen=True, slots=True)
class RunContext:
    """Context of one run: arguments, keys with their private state, and the consent at its start.

    ``registry`` and ``stretches``, which evaluation has none of, are to be kept for the next run once this one has read
    what they allow.
    """

    request: RunRequest
    config: RunConfig
    private: PrivateState
    consent: ConsentSnapshot
    registry: ConsentRecord | None
    stretches: StretchRecord | None

    def keep_records(self) -> None:
        """Keep, for the next run of the dataset, what this one saw of the registry, the pauses and the wishes."""
        if self.registry is not None:
            keep_record(self.private, self.request.dataset, self.registry)
        if self.stretches is not None:
            self.stretches.keep(self.private, self.request.dataset)

    @property
    def digesting(self) -> bytes:
        """Return the key for the digests of facts that decide a release."""
        return self.private.keys.derive(KeyRole.TRANSIT, _DIGESTING)


def begin_run(request: RunRequest, config: RunConfig, private: PrivateState) -> RunContext:
    """Begin a run, or a day of one, with the consent of now; raise a ``KeyveilError`` if it may not begin."""
    request.output.check_dataset(request.dataset)
    config.basis.require(datetime.now(UTC).date(), complete=request.output.is_bucket)
    erasures = ErasureRecords.of(private)
    if config.ingest.ocr:
        require_models()
    check_newer_keys(request.output.datasets(), private.keys)
    check_tombstones(LedgerAccount.of(private), erasures)
    erasures.check_spellings()
    claim_state(private)
    record_case_rule(private, fold_case=config.ingest.fold_user_case)
    remove_expired(open_quarantine(private.uri), datetime.now(UTC).date(), config.basis.quarantine_days)
    consent = effective_consent(read_consent(request, config, list_purposes(private)), private)
    registry = None if consent.everybody else ConsentRecord.of(consent, private)
    if registry is not None:
        before = read_record(private, request.dataset)
        check_shrunk(registry, before, config.consent, name_source(request.consent))
        consent = replace(consent, missing=count_missing(consent, before, private))
    stretches = None if consent.everybody else check_stretches(private, request.dataset, consent, config.consent)
    return RunContext(request, config, private, consent, registry, stretches)


def prepare(request: RunRequest, config: RunConfig) -> ReleaseContext:
    """Prepare a run, or raise a ``KeyveilError`` if it may not begin; no record is read, nothing is charged."""
    opening = begin_run(request, config, open_private(request))
    user, subjects = read_named_users(request, config)
    sources = expand(request.inputs, request.format, user, subjects)
    if not any(source.format for source in sources):  # a release of nothing would be charged all the same
        raise UsageError(_NOTHING_TO_READ)
    require_keys(sources, opening.private.keys)
    opening.keep_records()
    digests = input_digests(sources, opening.digesting, opening.config.ingest)
    return prepare_release(opening, sources, digests, {})


def read_named_users(request: RunRequest, config: RunConfig) -> tuple[str | None, dict[str, str]]:
    """Read the users of recordings without a user id: one for all, and one for each named source."""
    fold_case = config.ingest.fold_user_case
    user = normalise_user_id(request.user, "--user", fold_case=fold_case) if request.user is not None else None
    return user, read_subjects(request.subjects, fold_case=fold_case) if request.subjects else {}


def prepare_release(
    opening: RunContext, sources: tuple[Source, ...], inputs: Sequence[str], more: Mapping[str, str]
) -> ReleaseContext:
    """Prepare a release of ``inputs`` (keyed digests); ``more`` are facts beside those of every release."""
    request, config, keys = opening.request, opening.config, opening.private.keys
    record = read_named_record(config.noise, keys.signing_public())
    names = read_own_names(config)
    own = {"public_names": keyed_digest(opening.digesting, b"public-names", names.digest.encode())}
    facts = {**_facts(opening, inputs), **({"population": record.digest} if record else {}), **more}
    facts |= own if config.noise.public_names else {}
    release_id = keyed_digest(keys.derive(KeyRole.TRANSIT, "release-id"), *(v.encode() for v in facts.values()))[:32]
    layout = release_layout(request.output.uri, request.dataset, release_id)
    _check_output(request, config, layout)
    return ReleaseContext(request, config, opening.private, opening.consent, sources, facts, layout, record, names)


def read_consent(request: RunRequest, config: RunConfig, served: Collection[str] = ()) -> ConsentSnapshot:
    """Read the current consent and restrictions; raise ``RefusedError`` if a file leaves any doubt.

    ``served`` are purposes of other datasets of the same private state.
    """
    fold_case, kept = config.ingest.fold_user_case, config.consent
    restrictions = read_restrictions(request.pauses, request.wishes, fold_case=fold_case)
    restrictions |= read_restrictions(kept.pauses, kept.wishes, fold_case=fold_case, option="consent.wishes")
    if request.consent == EVERYBODY:
        if request.output.is_bucket:
            raise RefusedError("--consent all-for-evaluation is for a local folder only; name a consent registry")
        return ConsentSnapshot(config.purpose, {}, everybody=True, restrictions=restrictions)
    now = datetime.now(UTC)
    return read_registry(
        request.consent, config.purpose, now, fold_case=fold_case, restrictions=restrictions, served=served
    )


def check_no_withdrawal_since(prepared: ReleaseContext) -> None:
    """Raise ``RefusedError`` if somebody took back, since the run began, any of what they agreed to."""
    if not read_consent(prepared.request, prepared.config).still_allows(prepared.consent):
        raise RefusedError(
            "somebody withdrew, or took a stretch out, during the run; nothing is published, run again without it"
        )


def open_private(request: RunRequest) -> PrivateState:
    """Open private state, and create its folder; raise ``UsageError`` if it is below the output."""
    reference = KeyReference.parse(request.keys).pin()
    check_apart(request, reference)
    private = open_state(reference, request.state)
    make_folders(private.folder)
    return private


def check_apart(request: RunRequest, reference: KeyReference) -> None:
    """Raise ``UsageError`` if private state lies below the output."""
    state, shared = state_folder(request.state, reference), state_uri(request.state, reference)
    output = request.output
    if f"{shared}/".startswith(f"{output.uri}/") if output.is_bucket else state.is_relative_to(output.uri):
        raise UsageError("private state may not lie below the output; name another place with --state")


def _check_output(request: RunRequest, config: RunConfig, layout: ReleaseLayout) -> None:
    """Raise ``RefusedError`` for a private file in the output, or an evaluation setting in a bucket."""
    if request.output.is_bucket:
        if config.store.encryption == "none":
            raise RefusedError("store.encryption=none is for a local folder only; leave it out")
        if config.noise.run_key is RunKey.DERIVED:
            raise RefusedError("noise.run_key=derived is for tests and audits in a local folder only; leave it out")
    elif request.trace and Path(request.trace).absolute().is_relative_to(layout.output):
        raise RefusedError("--trace may not lie below the output; name a private folder")


def load_detector(opening: RunContext) -> Detector:
    """Load the detector of a run, with its compiled parts from private state."""
    kept = prefilter_store(opening.private.keys, opening.private.prefilters)
    return open_detector(opening.config.redact, opening.private.keys, kept)


def digest_settings(keys: KeySet, config: RunConfig) -> frozenset[str]:
    """Digest settings as a manifest states them, under the present key and those of before a rotation."""
    return frozenset(_digest_config(key, config) for key in keys.derivations(KeyRole.TRANSIT, _DIGESTING))


def _digest_config(digesting: bytes, config: RunConfig) -> str:
    return keyed_digest(digesting, b"config", config.canonical())


def _facts(opening: RunContext, inputs: Sequence[str]) -> dict[str, str]:
    """Digest the facts that decide the content of a release; digests that leave private state are keyed."""
    config, digesting = opening.config, opening.digesting
    return {
        "dataset": opening.request.dataset,
        "config": _digest_config(digesting, config),
        "code": code_digest(),
        "model": keyed_digest(digesting, b"model", load_detector(opening).digest().encode()),
        "inputs": keyed_digest(digesting, b"inputs", json.dumps(sorted(inputs)).encode()),
        "consent": keyed_digest(digesting, b"consent", opening.consent.canonical()),
    }
