"""Signed manifest of a release: an in-toto Statement v1 whose subjects are the files."""

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
    """Guarantee of one group of columns."""

    columns: tuple[str, ...]
    mechanism: str
    # the privacy unit: user, user-day or event
    unit: str
    adjacency: str
    # epsilon and delta of one unit in this release; null if the group depends on no data
    epsilon: float | None
    delta: float | None
    accountant: str
    # sentences on what the guarantee does not cover; empty in manifests of versions that did not say
    not_covered: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChargeStatement:
    """One step of a charge, so often, and the delta beside it.

    A Gaussian has ``noise_multiplier`` (sigma over the L2 sensitivity), a pure step ``pure_epsilon``;
    the other is null.
    """

    label: str
    unit: str
    noise_multiplier: float | None
    pure_epsilon: float | None
    times: int
    delta: float


@dataclass(frozen=True, slots=True)
class BudgetStatement:
    """Charge of the release and remaining budget, from the ledger of the key set."""

    ledger_id: str
    charge_id: str
    # number of the ledger entry, and the digest of the ledger up to it
    entry: int
    digest: str
    # cost of this release for one unit, all counted columns together
    unit: str
    epsilon: float
    delta: float
    # budget of one user, and the epsilon of all charges so far (releases, trainings, tables) at lifetime_delta
    lifetime_epsilon: float
    lifetime_delta: float
    spent_epsilon: float
    # largest epsilon of a next release at ``delta``
    fits_epsilon: float
    # quantities with a guarantee for single events only, which says nothing about users
    not_counted: tuple[str, ...]
    # settings that promise less than the policy
    loosened: tuple[str, ...]
    # the same for one event, over the releases that may share it; null in manifests without event accounting
    event_epsilon: float | None = None
    event_delta: float | None = None
    lifetime_event_epsilon: float | None = None
    lifetime_event_delta: float | None = None
    spent_event_epsilon: float | None = None
    # number of further releases with the same charges; null where they cost no user anything, or it was not counted
    fits_releases: int | None = None
    # every step of every charge, from which epsilon can be computed again; empty in older manifests
    charges: tuple[ChargeStatement, ...] = ()


@dataclass(frozen=True, slots=True)
class ShardRecord:
    """Data file of a release; ``path`` is relative to the release's folder, ``sha256`` is of the stored bytes."""

    path: str
    rows: int
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class DocumentRecord:
    """Document of a release; ``path`` is its name in the release's folder."""

    path: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class PreflightRecord:
    """Preflight of the output right before the manifest was signed."""

    # keyed digest of the whole result, which is stored in private state
    digest: str
    passed: int
    # names of failed checks that did not refuse
    advised: tuple[str, ...]
    waived: tuple[str, ...]
    # state of the bucket that was judged; null for a folder
    metageneration: str | None
    policy_etag: str | None


@dataclass(frozen=True, slots=True)
class BasisRecord:
    """Record of the lawful basis of a release; empty words and null days are not stated."""

    ground: str
    dpia: str
    agreement: str
    # days as YYYY-MM-DD
    consulted: str | None
    reviewer: str
    expires: str | None
    contact: str
    # days after which the organisation deletes releases in a folder; null where it is not stated, or not yet could be
    releases_days: int | None = None


@dataclass(frozen=True, slots=True)
class LeftOutRecord:
    """Part of a release that is off and costs nothing."""

    # names: values beyond the public lists; tables: aggregates
    part: str
    # number of people from which it helps; null where a setting leaves it out
    from_people: int | None
    # rough number of people that the operator stated; null where none is stated
    stated_people: int | None


@dataclass(frozen=True, slots=True)
class ErasedFile:
    """File that an erasure removed or added."""

    path: str
    sha256: str


@dataclass(frozen=True, slots=True)
class Erasure:
    """Proof of an erasure: the files removed, the files that replace them, and a sentence about aggregates."""

    removed: tuple[ErasedFile, ...]
    added: tuple[ErasedFile, ...]
    aggregates: str
    # UTC day on which it was signed; null in older manifests
    at: str | None = None
    # keyed mark of the person, another one in every release; null in older manifests
    mark: str | None = None


@dataclass(frozen=True, slots=True)
class Manifest:
    """Predicate of the statement."""

    release_id: str
    dataset: str
    schema_version: int
    keyveil_version: str
    # digests of configuration, inputs, consent and models are keyed; that of code is plain
    config_fingerprint: str
    code_digest: str
    model_digest: str
    inputs_digest: str
    consent_digest: str
    consent_mode: Literal["registry", "evaluation"]
    # origin of the noise key (contract, section 4)
    run_key: Literal["ephemeral", "derived"]
    noise: tuple[NoiseStatement, ...]
    encryption: Literal["sealed", "none"]
    # id of the data key that opens the files; null if they are clear
    data_key: str | None
    # tallies of the run, before erasures, by name; empty in the profile ``aggregates``, since they are exact
    counts: Mapping[str, int]
    shards: tuple[ShardRecord, ...]
    preflight: PreflightRecord | None = None
    budget: BudgetStatement | None = None
    # SHA-256 of the manifest before the last erasure
    supersedes: str | None = None
    # oldest first; an erasure recounts released rows, sessions and coverage and leaves the other tallies
    erasures: tuple[Erasure, ...] = ()
    documents: tuple[DocumentRecord, ...] = ()
    # null in manifests of versions without profiles
    profile: Literal["restricted", "events", "aggregates"] | None = None
    # kind of processor that signed, since last bits may depend on it (ADR 8); null as ``profile`` is
    processor: str | None = None
    # keyed digest of the list of names that the operator declared public; null where there is none
    public_names_digest: str | None = None
    # null where none was stated
    basis: BasisRecord | None = None
    # first and last day of a release by days; null for a run over all its logs
    window: str | None = None
    # keyed digest of all rows of the consent registry; null in evaluation and in older manifests
    registry_digest: str | None = None
    # parts that are off; empty in older manifests
    left_out: tuple[LeftOutRecord, ...] = ()
    # what the people agreed to; null in evaluation and in older manifests
    purpose: str | None = None

    @property
    def digests(self) -> dict[str, str]:
        """Return the SHA-256 of every file of the release, by path."""
        shards = {shard.path: shard.sha256 for shard in self.shards}
        return shards | {document.path: document.sha256 for document in self.documents}


def shard_records(entries: list[ShardEntry]) -> tuple[ShardRecord, ...]:
    """Convert entries to records, sorted by path; raise ``FailedError`` if two have one path."""
    records = tuple(sorted((ShardRecord(e.path, e.rows, e.bytes, e.sha256) for e in entries), key=lambda r: r.path))
    if len({record.path for record in records}) != len(records):
        raise FailedError("two written shards have one name; the release is not published, run again")
    return records


def sign_manifest(manifest: Manifest, private: Ed25519PrivateKey) -> bytes:
    """Serialize and sign ``manifest.dsse.json``."""
    statement: Json = {
        "_type": STATEMENT_TYPE,
        "subject": [{"name": name, "digest": {"sha256": sha256}} for name, sha256 in manifest.digests.items()],
        "predicateType": PREDICATE_TYPE,
        "predicate": asdict(manifest),
    }
    return sign(statement, PAYLOAD_TYPE, private)


def verify_manifest(envelope: bytes, verifying: Verifying, name: str) -> Manifest:
    """Verify ``envelope`` and parse its manifest; raise ``FailedError``, naming ``name``, if it was altered."""
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


def _parse_noise(item: dict[str, Any]) -> NoiseStatement:
    listed = {"columns": tuple(item["columns"]), "not_covered": tuple(item.get("not_covered", ()))}
    return NoiseStatement(**(item | listed))


def _parse(predicate: dict[str, Any]) -> Manifest:
    noise = tuple(_parse_noise(item) for item in predicate["noise"])
    shards = tuple(ShardRecord(**item) for item in predicate["shards"])
    records = {"preflight": _parse_preflight(predicate), "budget": _parse_budget(predicate.get("budget"))}
    basis = predicate.get("basis")
    grounds = {"basis": None if basis is None else BasisRecord(**basis)}
    erasures = tuple(_parse_erasure(item) for item in predicate.get("erasures", ()))
    documents = tuple(DocumentRecord(**item) for item in predicate.get("documents", ()))
    files = {"shards": shards, "erasures": erasures, "documents": documents}
    left_out = tuple(LeftOutRecord(**item) for item in predicate.get("left_out", ()))
    return Manifest(**(predicate | {"noise": noise, "left_out": left_out} | files | records | grounds))


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
    charges = tuple(ChargeStatement(**item) for item in form.get("charges", ()))
    return BudgetStatement(**(form | lists | {"charges": charges}))
