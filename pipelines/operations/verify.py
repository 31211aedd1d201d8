"""Verify written datasets as an independent auditor can (``keyveil verify``)."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from pipelines.budget.account import LedgerAccount
from pipelines.budget.history import (
    StoredRelease,
    find_old_copies,
    find_stored_release,
    find_tombstone_fault,
    list_release_ids,
    list_removed,
    load_history,
)
from pipelines.preflight.state import open_state
from pipelines.state.pause import SWITCH
from pipelines.state.private_state import PrivateState
from pipelines.state.tombstones import ErasureRecords
from schemas.errors import FailedError, RefusedError, UsageError
from transforms.dataset.catalog import Catalog, parse_catalog
from transforms.dataset.codec import open_parquet
from transforms.dataset.layout import CATALOG, MANIFEST, RELEASES
from transforms.dataset.manifest import Manifest
from transforms.dataset.signing import Verifying
from transforms.dataset.verify.byte_scanner import Hit, Scanner
from transforms.dataset.verify.canaries import patterns, read_canaries
from transforms.dataset.verify.dataset import DatasetVerifier, Defect
from transforms.dataset.verify.parquet_scanner import scan_parquet
from transforms.keys.key_set import KeyReference
from transforms.keys.reader_keys import ReaderKeys, read_verifying
from transforms.object_store.addresses import join_uri, normal_uri, open_store
from transforms.object_store.interface import ObjectStore
from transforms.privacy.ledger import Position, confirms


@dataclass(frozen=True, slots=True)
class VerifyRequest:
    """Arguments of ``keyveil verify``.

    ``also`` are further files and folders to look for canaries in, ``state`` is where the ledger of a key set lies.
    """

    uri: str
    keys: str
    canaries: str | None
    also: tuple[str, ...]
    state: str | None = None


@dataclass(frozen=True, slots=True)
class VerifyReport:
    """Result of a verification: its findings and counts of checked files.

    ``scanned`` counts the files that were searched for canaries, ``charges`` the releases whose charge the ledger holds
    (None: no key set was given, and only a key set opens the ledger).
    """

    findings: tuple[Defect, ...]
    releases: tuple[str, ...]
    shards: int
    rows: int
    decoded: bool
    canaries: int
    scanned: int
    charges: int | None


def verify(request: VerifyRequest) -> VerifyReport:
    """Check everything below an output, a dataset or a release; raise ``UsageError`` where there is none."""
    private = _open_private(request)
    verifying, keys = _keys(request.keys, private)
    values = read_canaries(_text(request.canaries), request.canaries) if request.canaries else []
    findings: list[Defect] = []
    manifests: list[Manifest] = []
    uri = request.uri.rstrip("/")
    found = list(_datasets(uri))
    for dataset, only in found:
        examined = DatasetVerifier(open_store(dataset), verifying, keys).verify(only)
        findings += examined.findings
        manifests += examined.manifests
    findings += _strays(uri, [dataset for dataset, _ in found])
    uncharged = None if private is None else _find_uncharged(private, manifests)
    findings += uncharged or ()
    findings += [] if private is None else _old_copies(private, request.uri, verifying, found)
    scanned = 0
    if values:
        scanner = Scanner(patterns(values))
        for shown, hits in _scan_all(request, keys, scanner):
            scanned += 1
            findings += [Defect(shown, _betrayal(hit)) for hit in sorted(hits, key=_by_ordinal)]
    return VerifyReport(
        findings=tuple(findings),
        releases=tuple(manifest.release_id for manifest in manifests),
        shards=sum(len(manifest.shards) for manifest in manifests),
        rows=sum(shard.rows for manifest in manifests for shard in manifest.shards if shard.path.startswith("events/")),
        decoded=keys is not None or all(manifest.encryption == "none" for manifest in manifests),
        canaries=len(values),
        scanned=scanned,
        charges=None if uncharged is None else len(manifests) - len(uncharged),
    )


def _open_private(request: VerifyRequest) -> PrivateState | None:
    """Open private state; ``None`` without a key set, which alone opens it."""
    return open_state(KeyReference.parse(request.keys), request.state) if Path(request.keys).is_dir() else None


def _find_uncharged(private: PrivateState, manifests: Sequence[Manifest]) -> list[Defect]:
    """Find the releases that the ledger's chain does not confirm."""
    account = LedgerAccount.of(private)
    try:
        ledger = account.ledger()
    except FailedError:
        return [Defect(account.store.name, "was altered; restore it")]
    return [
        Defect(
            manifest.release_id,
            "was charged to another ledger or a later copy of it; restore that, or name its --state",
        )
        for manifest in manifests
        if (budget := manifest.budget) is not None
        and not confirms(ledger, Position(budget.ledger_id, budget.entry, budget.digest), account.keys)
    ]


def _old_copies(
    private: PrivateState, uri: str, verifying: Verifying, found: Sequence[tuple[str, str | None]]
) -> list[Defect]:
    """Find files that are older than private state."""
    account, erasures = LedgerAccount.of(private), ErasureRecords.of(private)
    try:
        past, tombstones = load_history(account, erasures), find_tombstone_fault(account, erasures)
    except FailedError:
        return []  # an altered ledger is a finding of its own
    faults = [] if tombstones is None else [tombstones]
    there = set[str]()
    for dataset, only in found:
        home = normal_uri(dataset)
        lying, catalog = _lying(dataset, only, verifying)
        there |= {release.address for release in lying} | {*list_removed(home, catalog)}
        faults += find_old_copies(past, home, lying, catalog if only is None else None)
    faults += past.find_missing(normal_uri(uri), there)
    return [Defect(fault.address, fault.problem) for fault in faults]


def _lying(dataset: str, only: str | None, verifying: Verifying) -> tuple[list[StoredRelease], Catalog | None]:
    """Read the releases of a dataset and its catalog; the examiner reports altered ones."""
    place, home = open_store(dataset), normal_uri(dataset)
    lying = []
    for release_id in list_release_ids(place) if only is None else [only]:
        with suppress(FailedError):
            release = find_stored_release(place, join_uri(home, f"{RELEASES}{release_id}"), verifying)
            lying += [] if release is None else [release]
    with suppress(FailedError):
        seen = place.get(CATALOG)
        if seen is not None:
            return lying, parse_catalog(seen.content, CATALOG, verifying)
    return lying, None


def _keys(named: str, private: PrivateState | None) -> tuple[Verifying, ReaderKeys | None]:
    """Take the verifying keys, and the data keys if ``named`` holds them: a key set, a reader's file, a PEM."""
    path = Path(named)
    if private is not None:
        return private.keys.verifying(), private.keys.reader()
    if path.suffix == ".pem":
        return read_verifying(path), None
    reader = ReaderKeys.open(path)
    return reader.verifying, reader


def _datasets(uri: str) -> Iterator[tuple[str, str | None]]:
    """Yield the datasets at ``uri``, each with the one release it names; raise ``UsageError`` where there is none."""
    names = open_store(uri).names()
    head, _, release_id = uri.rpartition(f"/{RELEASES}")
    if MANIFEST in names and head:
        yield head, release_id
        return
    if CATALOG in names or any(name.startswith(RELEASES) for name in names):
        yield uri, None
        return
    inside = {name.split("/")[0] for name in names if name.count("/") == 1 and name.endswith("/" + CATALOG)}
    inside |= {name.split("/")[0] for name in names if f"/{RELEASES}" in name and name.split("/")[1] == RELEASES[:-1]}
    if not inside:
        raise UsageError(f"{uri} holds no dataset of keyveil; name an output, a dataset or a release")
    yield from ((join_uri(uri, name), None) for name in sorted(inside))


def _strays(uri: str, datasets: list[str]) -> list[Defect]:
    """Find the files beside the datasets of an output."""
    place = open_store(uri)
    if not all(dataset.startswith(f"{uri}/") for dataset in datasets):
        return []
    inside = tuple(dataset.removeprefix(f"{uri}/") + "/" for dataset in datasets)
    return [
        Defect(join_uri(uri, name), "belongs to no dataset; remove it")
        for name in place.names()
        if not name.startswith(inside) and name != SWITCH
    ]


def _scan_all(request: VerifyRequest, keys: ReaderKeys | None, scanner: Scanner) -> Iterator[tuple[str, set[Hit]]]:
    for uri in (request.uri, *request.also):
        path = Path(uri)
        place, names = (
            (open_store(str(path.parent)), [path.name])
            if path.is_file()
            else (open_store(uri), open_store(uri).names())
        )
        if not names:
            raise UsageError(f"{uri} holds no file to look for canaries in; check the address")
        for name in names:
            shown = join_uri(place.uri, name)
            yield shown, _scan(place, name, shown, keys, scanner)


def _scan(place: ObjectStore, name: str, shown: str, keys: ReaderKeys | None, scanner: Scanner) -> set[Hit]:
    hits = scanner.scan(shown.encode("utf-8", "surrogateescape"), "its name")
    with place.open(name) as file:
        hits |= scanner.scan_file(file)
        file.seek(0)
        if file.read(4) in (b"PAR1", b"PARE"):
            file.seek(0)
            try:
                with open_parquet(file, keys, shown, dictionaries=True) as parquet:
                    if parquet is not None:
                        hits |= scan_parquet(parquet, scanner)
            except FailedError:
                return hits  # an altered shard is a finding of the examiner; its raw bytes were scanned
    return hits


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
