"""What a release says about itself: an in-toto Statement v1 whose subjects are the files."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from schemas.errors import FailedError
from schemas.safe import ShardEntry
from transforms.dataset.signing import Json, Verifying, sign, verify

STATEMENT_TYPE = "https://in-toto.io/Statement/v1"
PREDICATE_TYPE = "urn:keyveil:manifest:v1"
PAYLOAD_TYPE = "application/vnd.in-toto+json"


@dataclass(frozen=True, slots=True)
class NoiseStatement:
    """How one group of columns was protected.

    ``epsilon`` and ``delta`` are what one ``unit`` (``user``, ``user-day``) spends on the group in this release under
    ``adjacency``; both are null where the group was made from the policy alone and spends nothing.
    """

    columns: tuple[str, ...]
    mechanism: str
    unit: str
    adjacency: str
    epsilon: float | None
    delta: float | None
    accountant: str


@dataclass(frozen=True, slots=True)
class BudgetStatement:
    """What the release cost and what it left, by the ledger of the key set, as of entry number ``entry``.

    ``epsilon`` and ``delta``: all counted columns together, for one ``unit``. ``spent_epsilon`` at ``lifetime_delta``:
    all releases so far, for one user. ``fits_epsilon``: the largest next release at ``delta``. ``not_counted`` are
    quantities with a guarantee for single events, which says nothing of users. ``loosened`` are settings that promise
    less than the policy. ``digest`` covers the ledger up to that entry: a shorter or other one does not confirm it.

    ``event_epsilon``: what this release spends on one event; ``spent_event_epsilon`` at ``lifetime_event_delta``: what
    all releases did that may share one. Null in manifests that were signed before events were added up.
    """

    ledger_id: str
    charge_id: str
    entry: int
    digest: str
    unit: str
    epsilon: float
    delta: float
    lifetime_epsilon: float
    lifetime_delta: float
    spent_epsilon: float
    fits_epsilon: float
    not_counted: tuple[str, ...]
    loosened: tuple[str, ...]
    event_epsilon: float | None = None
    event_delta: float | None = None
    lifetime_event_epsilon: float | None = None
    lifetime_event_delta: float | None = None
    spent_event_epsilon: float | None = None


@dataclass(frozen=True, slots=True)
class ShardRecord:
    """One file of the release; ``path`` is relative to the release's folder, ``sha256`` is of the file as it lies."""

    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """A file that explains the release; ``path`` is its name in the release's folder."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PreflightRecord:
    """The last look at the place before the manifest was signed.

    ``digest`` is a keyed digest of the whole result, which lies in private state. ``advised`` and ``waived`` name the
    checks that did not pass and did not refuse. ``metageneration`` and ``policy_etag`` say which state of the bucket
    was judged; null for a folder.
    """

    digest: str
    passed: int
    advised: tuple[str, ...]
    waived: tuple[str, ...]
    metageneration: str | None
    policy_etag: str | None


@dataclass(frozen=True, slots=True)
class ErasedFile:
    """A file as it lay before or lies after an erasure."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """Proof that rows were taken out of a release: the files that are gone, those in their place, and what stays."""

    removed: tuple[ErasedFile, ...]
    added: tuple[ErasedFile, ...]
    aggregates: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """The predicate.

    Digests of configuration, input and consent are keyed; code and model digests are plain. ``run_key`` says how the
    noise key was made (contract, section 4), ``data_key`` names the key that opens the files (null where they are
    clear), ``counts`` holds the tallies of the run by name (empty where ``profile`` is ``aggregates``: they are exact),
    ``budget`` the charge of the release (``keyveil run`` makes none without). ``profile`` is null in manifests that
    were signed before it was a part of them. After an erasure ``supersedes`` is the SHA-256 of the manifest before, and
    ``erasures`` holds the proofs, oldest first; released rows and sessions are counted anew, the other tallies stay.
    ``processor`` names the kind of processor that signed, null as ``profile`` is: last bits may depend on it (ADR 8).
    """

    release_id: str
    dataset: str
    schema_version: int
    keyveil_version: str
    config_fingerprint: str
    code_digest: str
    model_digest: str
    inputs_digest: str
    consent_digest: str
    consent_mode: Literal["registry", "evaluation"]
    run_key: Literal["ephemeral", "derived"]
    noise: tuple[NoiseStatement, ...]
    encryption: Literal["sealed", "none"]
    data_key: str | None
    counts: Mapping[str, int]
    shards: tuple[ShardRecord, ...]
    preflight: PreflightRecord | None = None
    budget: BudgetStatement | None = None
    supersedes: str | None = None
    erasures: tuple[Erasure, ...] = ()
    documents: tuple[DocumentRecord, ...] = ()
    profile: Literal["restricted", "events", "aggregates"] | None = None
    processor: str | None = None

    @property
    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of every file of the release, by its path in it."""
        shards = {shard.path: shard.sha256 for shard in self.shards}
        return shards | {document.path: document.sha256 for document in self.documents}


def shard_records(entries: list[ShardEntry]) -> tuple[ShardRecord, ...]:
    """Return what the manifest says of written files, by path; raise ``FailedError`` where two claim one path."""
    records = tuple(sorted((ShardRecord(e.path, e.rows, e.bytes, e.sha256) for e in entries), key=lambda r: r.path))
    if len({record.path for record in records}) != len(records):
        raise FailedError("two written shards have one name; the release is not published, run again")
    return records


def sign_manifest(manifest: Manifest, private: Ed25519PrivateKey) -> bytes:
    """Return the content of ``manifest.dsse.json``."""
    statement: Json = {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": name, "digest": {"sha256": sha256}} for name, sha256 in manifest.digests.items()],
        "predicateType": PREDICATE_TYPE,
        "predicate": asdict(manifest),
    }
    return sign(statement, PAYLOAD_TYPE, private)


def verify_manifest(envelope: bytes, verifying: Verifying, name: str) -> Manifest:
    """Return the manifest in ``envelope``; raise ``FailedError``, which says ``name``, where it was altered."""
    statement: Any = verify(envelope, PAYLOAD_TYPE, verifying, name)
    try:
        manifest = _parse(statement["predicate"])
        subjects = {item["name"]: item["digest"]["sha256"] for item in statement["subject"]}
        known = (statement["_type"], statement["predicateType"]) == (STATEMENT_TYPE, PREDICATE_TYPE)
    except (KeyError, TypeError):
        raise FailedError(
            f"{name} is signed but is no manifest of this version; read it with the version that wrote it"
        ) from None
    if not known or subjects != manifest.digests:
        raise FailedError(f"{name} is signed but contradicts itself; do not use the release")
    return manifest


def _parse(predicate: dict[str, Any]) -> Manifest:
    noise = tuple(NoiseStatement(**(item | {"columns": tuple(item["columns"])})) for item in predicate["noise"])
    shards = tuple(ShardRecord(**item) for item in predicate["shards"])
    records = {"preflight": _parse_preflight(predicate), "budget": _parse_budget(predicate.get("budget"))}
    erasures = tuple(_parse_erasure(item) for item in predicate.get("erasures", ()))
    documents = tuple(DocumentRecord(**item) for item in predicate.get("documents", ()))
    files = {"shards": shards, "erasures": erasures, "documents": documents}
    return Manifest(**(predicate | {"noise": noise} | files | records))


def _parse_erasure(form: dict[str, Any]) -> Erasure:
    files = {name: tuple(ErasedFile(**item) for item in form[name]) for name in ("removed", "added")}
    return Erasure(**(form | files))


def _parse_preflight(predicate: dict[str, Any]) -> PreflightRecord | None:
    found = predicate.get("preflight")
    if found is None:
        return None
    lists = {name: tuple(found[name]) for name in ("advised", "waived")}
    return PreflightRecord(**(found | lists))


def _parse_budget(form: dict[str, Any] | None) -> BudgetStatement | None:
    if form is None:
        return None
    lists = {name: tuple(form[name]) for name in ("not_counted", "loosened")}
    return BudgetStatement(**(form | lists))
