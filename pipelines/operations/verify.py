"""Verify written datasets as an independent auditor can (``keyveil verify``)."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

from pipelines.budget.account import LedgerAccount
from pipelines.budget.history import (
    ReleaseHistory,
    StoredRelease,
    find_old_copies,
    find_stored_release,
    find_tombstone_fault,
    list_release_ids,
    list_removed,
    load_history,
)
from pipelines.budget.old_copies import find_newer_keys
from pipelines.operations.audit_keys import AuditKeys, find_signers, signer_ids
from pipelines.operations.consent_proof import ConsentProof, find_consent_fault, prove_consent
from pipelines.operations.sealed_releases import by_window, no_release
from pipelines.state.pause import SWITCH
from pipelines.state.private_state import PrivateState
from pipelines.state.tombstones import ErasureRecords
from schemas.errors import FailedError, RefusedError, UsageError
from transforms.dataset.catalog import Catalog, parse_catalog
from transforms.dataset.layout import CATALOG, MANIFEST, RELEASES
from transforms.dataset.manifest import Manifest
from transforms.dataset.signing import Verifying, signer_id
from transforms.dataset.verify.byte_scanner import Hit, Scanner
from transforms.dataset.verify.canaries import patterns, read_canaries
from transforms.dataset.verify.dataset import NOTHING_READ, DatasetVerifier, Defect
from transforms.dataset.verify.reading_record import ReadingRecord, decode_record, encode_record
from transforms.dataset.verify.scan_files import open_files, scan_files
from transforms.object_store.addresses import join_uri, normal_uri, open_parent, open_store
from transforms.object_store.interface import ObjectStore, put
from transforms.privacy.ledger import LedgerChain, Position


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """Arguments of ``keyveil verify``; ``also`` are further files and folders to look for canaries in.

    ``consent`` names the registry that is compared with what the manifests say, ``record`` the file with what the last
    verification read.
    """

    uri: str
    canaries: str | None
    also: tuple[str, ...]
    consent: str | None = field(default=None, repr=False)
    record: str | None = None


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """Result of a verification: its findings and counts of checked files.

    ``scanned`` counts the files that were searched for canaries, ``charges`` the releases whose charge the ledger holds
    (None: no key set was given, and only a key set opens the ledger), ``erasures`` the proofs of erasures in the
    manifests, ``proving`` the releases that hold one, ``erased`` the people whom they are of, if private state says it.
    ``followed`` lists the signing keys that the passed key leads to by signed rotations, ``signers`` who signed which
    release. ``read`` counts the releases that were read whole, ``compared`` lists those that were compared with the
    record alone, ``elsewhere`` the releases of the ledger that are neither here nor retired.
    """

    findings: tuple[Defect, ...]
    releases: tuple[str, ...]
    read: int
    shards: int
    rows: int
    decoded: bool
    canaries: int
    scanned: int
    charges: int | None
    erasures: int
    followed: tuple[str, ...]
    proof: ConsentProof | None
    proving: int = 0
    erased: int | None = None
    compared: tuple[str, ...] = ()
    signers: Mapping[str, str] = field(default_factory=dict)
    elsewhere: tuple[str, ...] = ()


class _Dataset(NamedTuple):
    """The open store of a dataset, and the one release to check where its address was given."""

    home: ObjectStore
    only: str | None


def verify(request: VerifyRequest, keys: AuditKeys) -> VerifyReport:
    """Check everything below an output, a dataset or a release; raise ``UsageError`` where there is none.

    There need be none while the ledger knows of none, so that nights may verify before their first release.
    """
    values = read_canaries(_text(request.canaries), request.canaries) if request.canaries else []
    findings: list[Defect] = []
    manifests: list[Manifest] = []
    store = open_store(normal_uri(request.uri))
    found = _find_datasets(store)
    if not found and not _is_unreleased(store, keys.private, is_recorded=request.record is not None):
        raise no_release(store)
    signers = [find_signers(dataset.home, keys.verifying) for dataset in found]
    records, read = _read_records(request.record), 0
    compared: list[str] = []
    signed: dict[str, str] = {}
    for dataset, verifying in zip(found, signers, strict=True):
        home = dataset.home.uri
        examined = DatasetVerifier(dataset.home, verifying, keys.reader).verify(
            dataset.only, records.get(home, NOTHING_READ)
        )
        records[home] = examined.record
        findings += examined.findings
        manifests += examined.manifests
        signed |= examined.signers
        read += examined.read
        compared += examined.compared
    manifests.sort(key=by_window)
    if request.record is not None:
        record_store, name = open_parent(request.record)
        put(record_store, name, encode_record(records))
    findings += _strays(store, found)
    uncharged = None if keys.private is None else _find_uncharged(keys.private, manifests)
    findings += uncharged or ()
    findings += [] if keys.private is None else _find_old_copies(keys.private, store, found)
    proof = None if request.consent is None else prove_consent(request.consent, keys.private, manifests)
    findings += [] if proof is None or request.consent is None else find_consent_fault(request.consent, proof)
    scanned = 0
    if values:
        scanner = Scanner(patterns(values))
        for shown, hits in scan_files([(store, store.names()), *map(open_files, request.also)], keys.reader, scanner):
            scanned += 1
            findings += [Defect(shown, _betrayal(hit)) for hit in sorted(hits, key=_by_ordinal)]
    return VerifyReport(
        findings=tuple(findings),
        releases=tuple(manifest.release_id for manifest in manifests),
        read=read,
        shards=sum(len(manifest.shards) for manifest in manifests),
        rows=sum(shard.rows for manifest in manifests for shard in manifest.shards if shard.path.startswith("events/")),
        decoded=keys.reader is not None or all(manifest.encryption == "none" for manifest in manifests),
        canaries=len(values),
        scanned=scanned,
        charges=None if uncharged is None else len(manifests) - len(uncharged),
        erasures=sum(len(manifest.erasures) for manifest in manifests),
        followed=tuple(sorted({signer_id(key) for known in signers for key in known} - {*signer_ids(keys.verifying)})),
        proof=proof,
        proving=sum(bool(manifest.erasures) for manifest in manifests),
        erased=None if keys.private is None or findings else _count_erased(keys.private, manifests),
        compared=tuple(compared),
        signers=signed,
        elsewhere=() if keys.private is None or findings else _list_elsewhere(keys.private, manifests),
    )


def _count_erased(private: PrivateState, manifests: Sequence[Manifest]) -> int:
    """Count the people whose erasures the manifests prove: one person may have been in several releases."""
    removed = {file.sha256 for item in manifests for erasure in item.erasures for file in erasure.removed}
    return ErasureRecords.of(private).count_people(removed)


def _list_elsewhere(private: PrivateState, manifests: Sequence[Manifest]) -> tuple[str, ...]:
    """List the addresses of releases that the ledger holds and that were not looked at: a copy may lack them."""
    past = ReleaseHistory(LedgerAccount.of(private).ledger(), frozenset())
    there = {item.release_id for item in manifests}
    lying = sorted(past.versions().keys() - past.list_retired())
    return tuple(address for address in lying if address.rpartition("/")[2] not in there)


def _read_records(address: str | None) -> dict[str, ReadingRecord]:
    """Read what the last verification read of each dataset."""
    if address is None:
        return {}
    store, name = open_parent(address)
    seen = store.get(name)
    return decode_record(None if seen is None else seen.content, address)


def _find_uncharged(private: PrivateState, manifests: Sequence[Manifest]) -> list[Defect]:
    """Find the releases that the ledger's chain does not confirm, or of which it holds neither a charge nor a seal."""
    account = LedgerAccount.of(private)
    try:
        past = ReleaseHistory(account.ledger(), frozenset())
    except FailedError:
        return [Defect(account.store.name, "was altered; restore it")]
    chain = LedgerChain.of(past.ledger, account.keys)
    return [
        Defect(
            manifest.release_id,
            "was charged to another ledger or a later copy of it; restore that, or name its --state",
        )
        for manifest in manifests
        if not past.holds(manifest.release_id)
        or (
            (budget := manifest.budget) is not None
            and not chain.confirms(Position(budget.ledger_id, budget.entry, budget.digest))
        )
    ]


def _find_old_copies(private: PrivateState, store: ObjectStore, found: Sequence[_Dataset]) -> list[Defect]:
    """Find files that are older than private state."""
    account, erasures = LedgerAccount.of(private), ErasureRecords.of(private)
    try:
        past, tombstones = load_history(account, erasures), find_tombstone_fault(account, erasures)
    except FailedError:
        return []  # an altered ledger is a finding of its own
    faults = [] if tombstones is None else [tombstones]
    there = set[str]()
    for dataset in found:
        home = dataset.home.uri
        faults += find_newer_keys([dataset.home], private.keys)
        stored, catalog = _read_stored(dataset, find_signers(dataset.home, private.keys.verifying()))
        lying = list_release_ids(dataset.home)  # the examiner reports those that cannot be read
        there |= {join_uri(home, f"{RELEASES}{release_id}") for release_id in lying} | {*list_removed(home, catalog)}
        faults += find_old_copies(past, home, stored, catalog if dataset.only is None else None)
    faults += past.find_missing(store.uri, there)
    return [Defect(fault.address, fault.problem) for fault in faults]


def _read_stored(dataset: _Dataset, verifying: Verifying) -> tuple[list[StoredRelease], Catalog | None]:
    """Read the releases of a dataset and its catalog; the examiner reports altered ones."""
    home, stored = dataset.home, []
    for release_id in list_release_ids(home) if dataset.only is None else [dataset.only]:
        with suppress(FailedError):
            release = find_stored_release(home, join_uri(home.uri, f"{RELEASES}{release_id}"), verifying)
            stored += [] if release is None else [release]
    with suppress(FailedError):
        seen = home.get(CATALOG)
        if seen is not None:
            return stored, parse_catalog(seen.content, CATALOG, verifying)
    return stored, None


def _find_datasets(store: ObjectStore) -> list[_Dataset]:
    """Open the datasets at an address, or the one of a release; none where there is none."""
    names = store.names()
    head, _, release_id = store.uri.rpartition(f"/{RELEASES}")
    if MANIFEST in names and head:
        return [_Dataset(open_store(head), release_id)]
    if CATALOG in names or any(name.startswith(RELEASES) for name in names):
        return [_Dataset(store, None)]
    inside = {name.split("/")[0] for name in names if name.count("/") == 1 and name.endswith("/" + CATALOG)}
    inside |= {name.split("/")[0] for name in names if f"/{RELEASES}" in name and name.split("/")[1] == RELEASES[:-1]}
    return [_Dataset(open_store(join_uri(store.uri, name)), None) for name in sorted(inside)]


def _is_unreleased(store: ObjectStore, private: PrivateState | None, *, is_recorded: bool) -> bool:
    """Return whether an empty address is as it must be: nothing was released there, by the ledger of the key set.

    Without a record of earlier verifications the ledger may know of no release elsewhere either: the address may be
    misspelt.
    """
    if private is None or any(name != SWITCH for name in store.names()):
        return False
    sealed = ReleaseHistory(LedgerAccount.of(private).ledger(), frozenset()).versions()
    return not any(f"{address}/".startswith(f"{store.uri}/") for address in sealed) if is_recorded else not sealed


def _strays(store: ObjectStore, datasets: Sequence[_Dataset]) -> list[Defect]:
    """Find the files beside the datasets of an output."""
    homes = [dataset.home.uri for dataset in datasets]
    if not all(home.startswith(f"{store.uri}/") for home in homes):
        return []
    inside = tuple(home.removeprefix(f"{store.uri}/") + "/" for home in homes)
    return [
        Defect(join_uri(store.uri, name), "belongs to no dataset; remove it")
        for name in store.names()
        if not name.startswith(inside) and name != SWITCH
    ]


def _betrayal(hit: Hit) -> str:
    return f"holds canary {hit.ordinal} ({hit.form}{f', {hit.inside}' if hit.inside else ''})"


def _by_ordinal(hit: Hit) -> tuple[int, str, str]:
    return hit.ordinal, hit.form, hit.inside


def _text(path: str) -> str:
    try:
        return Path(path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise UsageError(f"{path} cannot be read as UTF-8 text; name a file with one planted value a line") from None


def check_sealed_reading(verdict: VerifyReport) -> None:
    """Raise ``RefusedError`` where canaries were asked for and the shards could not be opened to look inside."""
    if verdict.canaries and not verdict.decoded:
        raise RefusedError(
            "canaries are looked for in the rows, and these shards are sealed: name a key set or a reader's key file"
        )
