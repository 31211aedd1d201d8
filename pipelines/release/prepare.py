"""What a run is asked for, and everything that is known and checked before the first record is read."""

import csv
import hashlib
import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from pipelines.budget.account import Account
from pipelines.budget.old_copies import check_tombstones
from pipelines.config import RunConfig
from pipelines.origin import code_digest
from pipelines.preflight.state import check_state
from pipelines.state.id_case import settle_spelling
from pipelines.state.model_record import ModelRecord, named_record
from pipelines.state.paths import prefilter_folder, state_folder, state_uri
from pipelines.state.quarantine import quarantine_at, remove_expired
from pipelines.state.tombstones import Erasures, effective_consent
from schemas.errors import FailedError, RefusedError, UsageError
from schemas.ids import canonical_id
from schemas.privacy import RunKey
from transforms.consent.registry import EVERYBODY, ConsentSnapshot, read_registry
from transforms.dataset.layout import RELEASES, ReleaseLayout, check_dataset, release_layout
from transforms.ingest.formats.adapter import Source
from transforms.ingest.inputs import expand, input_digests
from transforms.keys.key_set import KeyReference, KeyRole, KeySet
from transforms.keys.pseudonym import keyed_digest
from transforms.object_store.addresses import content_of, is_bucket, join_uri, normal_uri
from transforms.object_store.atomic_files import make_folders
from transforms.privacy.run_key import RunKeyReference
from transforms.redact.detect.build import prefilter_store, shared_detector
from transforms.redact.detect.detector import Detector


def read_subjects(path: str, *, fold_case: bool) -> dict[str, str]:
    """Read user (canonical id) by source from a CSV with the columns ``source,user_id``.

    Raises ``UsageError`` for another form, an id that cannot be used, and a source that stands twice for two users.
    """
    try:
        text = content_of(path).decode("utf-8-sig")
    except (OSError, FailedError, UnicodeDecodeError):
        raise UsageError(f"--subjects {path} cannot be read as UTF-8 CSV; check the path") from None
    rows = csv.DictReader(io.StringIO(text, newline=""))
    if tuple(rows.fieldnames or ()) != ("source", "user_id"):
        raise UsageError(f"--subjects {path} must have exactly the columns source,user_id")
    users: dict[str, str] = {}
    for row in rows:
        where = f"--subjects {path}, line {rows.line_num}"
        if None in row or row["user_id"] is None:
            raise UsageError(f"{where}: a field is missing or too many; correct the line")
        if not row["user_id"].strip():
            continue
        user = subject(row["user_id"], where, fold_case=fold_case)
        if users.setdefault(row["source"], user) != user:
            raise UsageError(f"{where}: the source is another user's on a line before; name one user a source")
    return users


def subject(user_id: str, where: str, *, fold_case: bool) -> str:
    """Normalise the id of a person whom the operator names; raise ``UsageError`` where it cannot be one."""
    try:
        return canonical_id(user_id, fold_case=fold_case)
    except ValueError:
        raise UsageError(f"{where}: the id is empty or holds a control or invisible character") from None


_NOTHING_TO_READ = (
    "--input names nothing in a format that keyveil formats lists; name the format with --format, or the files of a "
    "folder with a pattern (FOLDER/*)"
)


@dataclass(frozen=True, slots=True)
class RunRequest:
    """What the command line asks for; ``finish``: publish what a job that was handed over has computed."""

    inputs: tuple[str, ...]
    output: str
    consent: str
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


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that is known and checked before the first record is read.

    ``record`` is the population model of an earlier release, where the configuration names one. ``state`` is the local
    folder of private state, ``private`` the address of all that must outlive this machine: that folder, or a bucket.
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
    private: str
    record: ModelRecord | None

    @property
    def release_id(self) -> str:
        """Return the keyed digest of everything that decides the release."""
        return self.layout.release_id

    @property
    def run_folder(self) -> Path:
        """Private local folder of this run: staging and spill; gone once the release is sealed."""
        return self.state / "runs" / self.release_id

    @property
    def run_key(self) -> RunKeyReference:
        """Return where the secret behind the draws rests until the release is sealed."""
        derived = self.config.noise.run_key is RunKey.DERIVED
        return RunKeyReference(
            self.release_id, None if derived else join_uri(self.private, f"run-keys/{self.release_id}")
        )


@dataclass(frozen=True, slots=True)
class Opening:
    """What a run is asked for, with its keys, its private state and the consent that holds as it begins."""

    request: RunRequest
    config: RunConfig
    reference: KeyReference
    keys: KeySet
    consent: ConsentSnapshot
    state: Path

    @property
    def digesting(self) -> bytes:
        """Return the key of digests of what decides a release."""
        return self.keys.derive(KeyRole.TRANSIT, "fact-digest")


def open_run(request: RunRequest, config: RunConfig) -> Opening:
    """Return the opening of a run; raise a ``KeyveilError`` where keys, state or consent do not allow it."""
    _check_dataset(request)
    reference = KeyReference.parse(request.keys).pin()
    state = _state(request, reference)
    keys = KeySet.open(reference)
    check_tombstones(Account.of(keys, request.state, reference), Erasures.of(request.state, reference, keys))
    private = state_uri(request.state, reference)
    settle_spelling(private, fold_case=config.ingest.fold_user_case)
    remove_expired(quarantine_at(private), datetime.now(UTC).date())
    consent = effective_consent(_consent(request, config), request.state, reference, keys)
    return Opening(request, config, reference, keys, consent, state)


def prepare(request: RunRequest, config: RunConfig) -> Prepared:
    """Return what a run needs, or raise a ``KeyveilError`` where it may not begin; nothing is read or spent yet."""
    opening = open_run(request, config)
    user, subjects = named_subjects(request, config)
    sources = expand(request.inputs, request.format, user, subjects)
    if not any(source.format for source in sources):  # a release of nothing would be charged all the same
        raise UsageError(_NOTHING_TO_READ)
    return prepare_release(opening, sources, input_digests(sources, opening.digesting), {})


def named_subjects(request: RunRequest, config: RunConfig) -> tuple[str | None, dict[str, str]]:
    """Read who is named for recordings that name nobody: one person for all, and those of single sources."""
    fold_case = config.ingest.fold_user_case
    user = subject(request.user, "--user", fold_case=fold_case) if request.user is not None else None
    return user, read_subjects(request.subjects, fold_case=fold_case) if request.subjects else {}


def prepare_release(
    opening: Opening, sources: tuple[Source, ...], inputs: Sequence[str], more: Mapping[str, str]
) -> Prepared:
    """Return what a release of ``inputs`` (keyed digests) needs; ``more`` are facts beside those of every release."""
    request, config, keys = opening.request, opening.config, opening.keys
    record = named_record(config.noise, keys.signing_public())
    facts = {**_facts(opening, inputs), **({"population": record.digest} if record else {}), **more}
    release_id = keyed_digest(keys.derive(KeyRole.TRANSIT, "release-id"), *(v.encode() for v in facts.values()))[:32]
    layout = release_layout(request.output, request.dataset, release_id)
    _check_output(request, config, layout)
    private = state_uri(request.state, opening.reference)
    return Prepared(
        request,
        config,
        opening.reference,
        keys,
        opening.consent,
        sources,
        facts,
        layout,
        opening.state,
        private,
        record,
    )


def _consent(request: RunRequest, config: RunConfig) -> ConsentSnapshot:
    if request.consent == EVERYBODY:
        if is_bucket(request.output):
            raise RefusedError("--consent all-for-evaluation is for a local folder only; name a consent registry")
        return ConsentSnapshot(config.purpose, {}, everybody=True)
    fold_case = config.ingest.fold_user_case
    return read_registry(request.consent, config.purpose, datetime.now(UTC), fold_case=fold_case)


def _state(request: RunRequest, reference: KeyReference) -> Path:
    state = state_folder(request.state, reference)
    inside = is_bucket(request.output) and f"{state_uri(request.state, reference)}/".startswith(f"{request.output}/")
    if inside or (not is_bucket(request.output) and state.is_relative_to(normal_uri(request.output))):
        raise UsageError("private state may not lie below the output; name another place with --state")
    check_state(state)
    make_folders(state)
    return state


def _check_dataset(request: RunRequest) -> None:
    """Raise a ``KeyveilError`` where the dataset has a name of something else, or is a link: it would be followed."""
    check_dataset(request.dataset)
    if is_bucket(request.output):
        return
    home = Path(normal_uri(request.output)) / request.dataset
    for folder in (home, home / RELEASES):
        if folder.is_symlink():
            raise RefusedError(f"{folder} is a link, which is not followed; put the real folder in its place")


def _check_output(request: RunRequest, config: RunConfig, layout: ReleaseLayout) -> None:
    """Raise ``RefusedError`` where a private thing would lie in the output, or an evaluation setting in a bucket."""
    if is_bucket(layout.output):
        if config.store.encryption == "none":
            raise RefusedError("store.encryption=none is for a local folder only; leave it out")
        if config.noise.run_key is RunKey.DERIVED:
            raise RefusedError("noise.run_key=derived is for tests and audits in a local folder only; leave it out")
    elif request.trace and Path(request.trace).absolute().is_relative_to(layout.output):
        raise RefusedError("--trace may not lie below the output; name a private folder")


def detector_of(opening: Opening) -> Detector:
    """Return the detector of a run, whose compiled parts rest in private state."""
    kept = prefilter_store(opening.keys, prefilter_folder(opening.state))
    return shared_detector(opening.config.redact, kept)


def _facts(opening: Opening, inputs: Sequence[str]) -> dict[str, str]:
    """Return everything that decides a release's content, each as a digest; what leaves private state is keyed."""
    config, digesting = opening.config, opening.digesting
    return {
        "dataset": opening.request.dataset,
        "config": keyed_digest(digesting, b"config", config.canonical()),
        "code": code_digest(),
        "model": hashlib.sha256(detector_of(opening).digest().encode()).hexdigest(),
        "inputs": keyed_digest(digesting, b"inputs", json.dumps(sorted(inputs)).encode()),
        "consent": keyed_digest(digesting, b"consent", opening.consent.canonical()),
    }
