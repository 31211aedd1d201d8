"""All that is kept about one person, found by reading every file (``keyveil subject-report``)."""

from collections.abc import Collection, Iterator, Mapping
from datetime import UTC, date, datetime
from enum import Enum
from typing import NamedTuple

from pipelines.budget.account import LedgerAccount
from pipelines.operations.erase import EraseRequest, ErasureResult, erase
from pipelines.operations.key_exports import KeyExport, list_holders
from pipelines.operations.report import read_manifest
from pipelines.operations.sealed_releases import SealedRelease, find_releases
from pipelines.release.subjects import normalise_user_id
from pipelines.state.id_case import folds_case
from pipelines.state.private_state import PrivateState
from pipelines.state.tombstones import ErasureRecords
from schemas.privacy import POPULATION_MODEL, Profile
from transforms.consent.registry import registered_users, withdrawn_users
from transforms.dataset.erase import Eraser
from transforms.dataset.manifest import Manifest
from transforms.keys.key_set import KeyRole, KeySet
from transforms.keys.pseudonym import pseudonym
from transforms.object_store.addresses import normal_uri, open_store
from transforms.privacy.ledger import Ledger
from transforms.privacy.ledger_changes import Approval, Replacement, Retirement
from transforms.privacy.ledger_entries import TRAINING, Commit

_KINDS = ("sessions/", "events/")
_UNNAMED = (Profile.EVENTS, Profile.AGGREGATES)
"""Profiles of releases that hold no pseudonym."""
_LEVELS = 3
"""An address of a release lies this deep below its output."""


class Standing(Enum):
    """Standing of a person in the consent registry: withdrew from everything, is in it, is not."""

    WITHDREW = "withdrew"
    LISTED = "listed"
    ABSENT = "absent"


class SubjectRelease(NamedTuple):
    """Part of a release that concerns one person; ``made`` is the day on which it was sealed, by the ledger."""

    manifest: Manifest
    address: str
    sessions: int
    rows: int
    made: str = ""


class Subject(NamedTuple):
    """Findings about one person: releases, staged files, quarantined records, and the audit trail of the releases.

    ``unnamed`` counts releases without pseudonyms, in which nobody can be found. ``models`` are what may have learned
    from the person. ``uri`` is the address that was searched on ``day``, beside all outputs of the ledger.
    ``holders`` are the exports of keys to readers in the key set's record, ``None`` without a record.
    ``standing`` is that in the registry that was passed, ``None`` without one.
    """

    uri: str
    day: date
    erased: bool
    releases: tuple[SubjectRelease, ...]
    unnamed: int
    models: tuple[str, ...]
    erasure: ErasureResult
    trail: tuple[tuple[str, str, str], ...]
    holders: tuple[KeyExport, ...] | None = None
    standing: Standing | None = None


def find_subject(user: str, uri: str, private: PrivateState, day: date, consent: str | None = None) -> Subject:
    """Find all that is kept about ``user`` (an id as it was given); reads every file and changes nothing.

    ``consent`` is a registry in which the person is looked up too: who stands there is known, whatever is kept.
    """
    found = erase(EraseRequest(user=user, uri=uri, dry_run=True, consent=consent), private)[0]
    addresses = {item["release"] for item in found.releases}
    plain = normalise_user_id(user, "--user", fold_case=folds_case(private))
    ledger, erasures = LedgerAccount.of(private).ledger(), ErasureRecords.of(private)
    made = {entry.release: entry.at.partition("T")[0] for entry in ledger.entries if isinstance(entry, Commit)}
    outputs = {address.rsplit("/", _LEVELS)[0] for address in made}
    listed = find_releases(map(open_store, sorted({normal_uri(uri), *outputs})))
    verifying = private.keys.verifying()
    manifests = {item.folder: read_manifest(item, verifying) for item in listed}
    releases = tuple(
        _count(item, manifests[item.folder], plain, private.keys)._replace(made=made.get(item.folder, ""))
        for item in listed
        if item.folder in addresses
    )
    erased = erasures.knows(plain, user)
    return Subject(
        uri=normal_uri(uri),
        day=day,
        erased=erased,
        releases=releases,
        unnamed=sum(manifest.profile in _UNNAMED for manifest in manifests.values()),
        models=(*list_population_models(manifests, addresses), *_list_trainings(ledger)),
        erasure=found,
        trail=tuple(_trail(ledger, addresses | erasures.erased_releases(plain, user), erased=erased)),
        holders=list_holders(private.keys.folder),
        standing=None if consent is None else _read_standing(plain, consent, fold_case=folds_case(private)),
    )


def _read_standing(user: str, consent: str, *, fold_case: bool) -> Standing:
    if user not in registered_users(consent, fold_case=fold_case):
        return Standing.ABSENT
    gone = withdrawn_users(consent, datetime.now(UTC), fold_case=fold_case)
    return Standing.WITHDREW if user in gone else Standing.LISTED


def list_population_models(manifests: Mapping[str, Manifest], addresses: Collection[str]) -> Iterator[str]:
    """List the models of typing that a release at one of ``addresses`` learned, or one in which nobody can be found."""
    for address, manifest in manifests.items():
        charges = () if manifest.budget is None else manifest.budget.charges
        concerns = address in addresses or manifest.profile in _UNNAMED
        if concerns and any(step.label == POPULATION_MODEL for step in charges):
            yield f"the model of how people type that {address} learned, with noise"


def _list_trainings(ledger: Ledger) -> Iterator[str]:
    """List every training that was charged: the ledger does not say which releases it read."""
    for entry in ledger.reservations():
        if entry.charge_id.startswith(f"{TRAINING}/"):
            yield f"{entry.charges[0].label}, charged on {entry.at.partition('T')[0]}"


def _count(release: SealedRelease, manifest: Manifest, user: str, keys: KeySet) -> SubjectRelease:
    derived = keys.derivations(KeyRole.PSEUDONYM, release.layout.release_id)
    names = frozenset(pseudonym(key, "user", user) for key in derived)
    rows = dict.fromkeys(_KINDS, 0)
    for item in Eraser(release.home, keys).find(release.layout, names):
        for kind in rows:
            rows[kind] += item.old.rows - item.rows_left if item.old.path.startswith(kind) else 0
    sessions, events = rows.values()
    return SubjectRelease(manifest, release.folder, sessions, events)


def _trail(ledger: Ledger, addresses: set[str], *, erased: bool) -> list[tuple[str, str, str]]:
    """List date, act and release of the ledger entries about some releases; ``erased`` says whether of the person."""
    replaced = "rows were taken out by an erasure" if erased else "rows of somebody else were taken out"
    acts = {Commit: "made", Replacement: replaced, Retirement: "deleted", Approval: "looked at by a reviewer"}
    return [
        (f"{entry.at[:16].replace('T', ' ')} UTC", acts[type(entry)], entry.release)
        for entry in ledger.entries
        if isinstance(entry, Commit | Replacement | Retirement | Approval) and entry.release in addresses
    ]
