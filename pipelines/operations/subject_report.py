"""The answer to an access request: all that is kept about one person, and what cannot be seen (``subject-report``)."""

from collections.abc import Collection, Iterator, Mapping
from datetime import date
from typing import NamedTuple

from pipelines.budget.account import LedgerAccount
from pipelines.operations.agreed_readers import BucketAgreement, write_readers, write_retention
from pipelines.operations.erase import EraseRequest, ErasureResult, erase
from pipelines.operations.key_exports import list_holders
from pipelines.operations.plain_page import Section, render_plain_page
from pipelines.operations.report import read_manifest
from pipelines.operations.sealed_releases import SealedRelease, find_releases
from pipelines.release.subjects import normalise_user_id
from pipelines.state.id_case import folds_case
from pipelines.state.private_state import PrivateState
from pipelines.state.tombstones import ErasureRecords
from schemas.privacy import POPULATION_MODEL, Profile
from schemas.safe import EVENTS_SCHEMA
from transforms.dataset.documents.wording import guarantee
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
_NO_AGREEMENT = "No agreement about readers and dates was given with this report. Ask for one."
_UNKNOWN = (
    "Nobody is known here under the name that was looked up. If you log in by another name, or it was misspelt, this "
    "page says nothing about you: ask for it again."
)
_HOLDERS = "Who was given keys to read releases"
_LEVELS = 3
"""An address of a release lies this deep below its output."""


class SubjectRelease(NamedTuple):
    """Part of a release that concerns one person."""

    manifest: Manifest
    address: str
    sessions: int
    rows: int


class Subject(NamedTuple):
    """Findings about one person: releases, staged files, quarantined records, and the audit trail of the releases.

    ``unnamed`` counts releases without pseudonyms, in which nobody can be found. ``models`` are what may have learned
    from the person. ``uri`` is the address that was searched on ``day``, beside all outputs of the ledger.
    ``holders`` are to whom the key set's record says that keys of readers were given, ``None`` without a record.
    """

    uri: str
    day: date
    erased: bool
    releases: tuple[SubjectRelease, ...]
    unnamed: int
    models: tuple[str, ...]
    erasure: ErasureResult
    trail: tuple[tuple[str, str, str], ...]
    holders: tuple[str, ...] | None = None


def find_subject(user: str, uri: str, private: PrivateState, day: date, consent: str | None = None) -> Subject:
    """Find all that is kept about ``user`` (an id as it was given); reads every file and changes nothing.

    ``consent`` is a registry in which the person is looked up too: who stands there is known, whatever is kept.
    """
    found = erase(EraseRequest(user=user, uri=uri, dry_run=True, consent=consent), private)[0]
    addresses = {item["release"] for item in found.releases}
    plain = normalise_user_id(user, "--user", fold_case=folds_case(private))
    ledger, erasures = LedgerAccount.of(private).ledger(), ErasureRecords.of(private)
    published = {entry.release.rsplit("/", _LEVELS)[0] for entry in ledger.entries if isinstance(entry, Commit)}
    listed = find_releases(map(open_store, sorted({normal_uri(uri), *published})))
    verifying = private.keys.verifying()
    manifests = {item.folder: read_manifest(item, verifying) for item in listed}
    releases = tuple(
        _count(item, manifests[item.folder], plain, private.keys) for item in listed if item.folder in addresses
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
    )


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
    replaced = "rewritten by an erasure" if erased else "rewritten without somebody else, who was erased"
    acts = {Commit: "published", Replacement: replaced, Retirement: "retired", Approval: "approved"}
    return [
        (entry.at, acts[type(entry)], entry.release)
        for entry in ledger.entries
        if isinstance(entry, Commit | Replacement | Retirement | Approval) and entry.release in addresses
    ]


def render_subject_report(subject: Subject, policy: BucketAgreement | None) -> bytes:
    """Render the report; it names nobody, not even the person, so that it can be handed on by its file alone."""
    opening = (
        (
            "This page answers the question: what is kept about me? It was made from the sealed data itself on "
            f"{subject.day}."
        ),
        "It does not name you, so that no name gets about with it. Ask by which name you were looked up.",
        "It shows numbers and columns. To see your own words, ask for a preview of a session.",
    )
    columns = [f"{item.name}: {_describe(item.metadata)}" for item in EVENTS_SCHEMA]
    sections = (
        _releases(subject),
        *([Section("Columns of each row", (), columns)] if subject.releases else []),
        *([_guarantees(subject)] if subject.releases else []),
        write_readers(policy, subject.uri, _NO_AGREEMENT),
        *_write_holders(subject),
        *([] if subject.erased else [_write_retention(subject, policy)]),
        _rest(subject),
        _write_models(subject),
        _write_trail(subject),
        _unseen(),
        _way_out(subject),
    )
    return render_plain_page("What is kept about you", opening, sections)


def _describe(metadata: dict[bytes, bytes]) -> str:
    return metadata[b"description"].decode()


def _write_trail(subject: Subject) -> Section:
    if not subject.trail:
        return Section("Audit trail", ("The ledger holds no step about a release under a name of yours.",))
    return Section("Audit trail", columns=("when", "what", "release"), rows=subject.trail)


def _releases(subject: Subject) -> Section:
    alert = (_UNKNOWN,) if subject.erasure.not_found_in else ()
    if subject.unnamed:
        alert = (
            *alert,
            (
                f"{subject.unnamed:,} releases hold short pieces or tables without a name. Nobody can tell whether any "
                "of it is yours, and nobody can take it out."
            ),
        )
    if not subject.releases:
        named = "under a name of yours" if subject.unnamed else "of yours"
        gone = (
            ("You were erased: the audit trail below shows the releases that you were in.",) if subject.erased else ()
        )
        return Section("Releases", (f"No release holds data {named}.", *gone), alert=alert)
    rows = [
        (item.manifest.dataset, item.address, f"{item.sessions:,}", f"{item.rows:,}", item.manifest.profile or "")
        for item in subject.releases
    ]
    columns = ("dataset", "release", "your sessions", "your rows", "kind")
    return Section("Releases", columns=columns, rows=rows, alert=alert)


def _guarantees(subject: Subject) -> Section:
    listed = dict.fromkeys(guarantee(item) for release in subject.releases for item in release.manifest.noise)
    return Section("Noise on what is released of you", listed=tuple(listed))


def _write_holders(subject: Subject) -> Iterator[Section]:
    """Write to whom keys of readers were given: a release is open to whoever has such keys and its files."""
    if subject.releases and subject.holders is None:
        yield Section(_HOLDERS, ("The record of it lies with the original of the keys: ask for it.",))
    elif subject.releases and subject.holders:
        yield Section(_HOLDERS, listed=subject.holders)


def _write_retention(subject: Subject, policy: BucketAgreement | None) -> Section:
    """Write how long releases are kept; of a folder the releases themselves say it, the longest time counts."""
    stated = [item.manifest.basis.releases_days for item in subject.releases if item.manifest.basis]
    days = [each for each in stated if each is not None]
    everywhere = bool(days) and len(days) == len(subject.releases)
    return write_retention(policy, subject.uri, _NO_AGREEMENT, max(days) if everywhere else None)


def _rest(subject: Subject) -> Section:
    found = subject.erasure
    listed = (
        f"{found.staged:,} sealed files with sessions of yours wait for a release.",
        f"{found.quarantined:,} sealed records of yours were set aside, because they broke a rule.",
    )
    alert = (f"Not everything could be looked at: {found.unfinished}.",) if found.unfinished else ()
    return Section("Not released", (), listed, alert=alert)


def _write_models(subject: Subject) -> Section:
    title = "Models"
    unknown = "A training that was never charged is not known here."
    if not subject.models:
        return Section(title, (f"No model that learned from you is known. {unknown}",))
    sentences = (
        f"These may have learned from you: nobody wrote down whose rows a training read. {unknown}",
        "An erasure does not change a model.",
    )
    return Section(title, sentences, subject.models)


def _unseen() -> Section:
    return Section(
        "What this report cannot see",
        listed=(
            "the content of records that were set aside: that takes a private key which is kept elsewhere",
            "tables of noisy counts: nobody can tell whether you are in them",
            "copies that a reader made, and what was trained on them",
            "recordings before they are read: ask whoever runs the recorder",
            "the list of who takes part, and the sealed record of it that runs keep: it holds keyed marks of you",
            (
                "keyed marks of when your sessions had events, which runs by days keep for some weeks to notice "
                "copies; an erasure leaves them until then"
            ),
            "the keyed mark that an erasure leaves, so that later runs keep you out",
            "who read a file: that stands in the access log of the store, if it has one",
        ),
    )


def _way_out(subject: Subject) -> Section:
    if subject.erased:
        return Section(
            "What happens from now on",
            (
                "Every later run leaves out whatever is recorded of you. Nobody can take that back.",
                "The recorder does not know of it: ask whoever runs it to remove it, and to delete your recordings.",
            ),
        )
    contacts = dict.fromkeys(
        item.manifest.basis.contact for item in subject.releases if item.manifest.basis and item.manifest.basis.contact
    )
    where = [f"The contact is: {contact}." for contact in contacts] or ["Ask whoever gave you this page."]
    return Section(
        "How to withdraw",
        (
            *where,
            "Say that you withdraw. You need not say why. New releases then hold nothing of yours.",
            (
                "That alone deletes nothing: ask to be erased as well. Your rows then leave the releases named above, "
                "and what waits or was set aside. Tables, models and copies elsewhere stay."
            ),
        ),
    )
