"""Erasure of one person from all that was made of their recordings (``keyveil erase``).

What it touches, in the order of ``finish``:

    tombstones, and their entries in the ledger            pipelines.state.tombstones, pipelines.release.release_erasure
    the proof of each erasure, in private state            pipelines.release.release_erasure
    rows staged or held, and a record in the journal       pipelines.nightly.erase_staged
    folders of unfinished runs on this machine             here
    shards, manifest, documents and catalog of every       transforms.dataset.erase, called by
    sealed release in every known output                   pipelines.release.release_erasure
    an entry in the ledger for each replaced manifest      pipelines.release.release_erasure
    folders of releases that were never sealed             here
    records in the quarantine                              pipelines.state.quarantine
    the id of the person, kept until all is done           pipelines.state.tombstones

What stays: aggregates, which are differentially private; population models, and models that readers trained; keyed
digests in private state; raw logs; backups and copies elsewhere.
"""

import shutil
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from pipelines.budget.account import LedgerAccount
from pipelines.budget.history import ReleaseHistory
from pipelines.budget.lost_erasures import accept_proofs, find_proofs
from pipelines.budget.old_copies import check_newer_keys, check_not_older, check_same_ledger
from pipelines.nightly.erase_staged import StagedErasure
from pipelines.observe.text_table import count
from pipelines.operations.sealed_releases import SealedRelease, find_releases
from pipelines.release.late_withdrawals import take_out
from pipelines.release.release_erasure import ReleaseErasure, list_names
from pipelines.release.subjects import normalise_user_id
from pipelines.state.id_case import folds_case
from pipelines.state.private_state import PrivateState
from pipelines.state.quarantine import QuarantineRecord, open_quarantine, remove
from pipelines.state.quarantine_owners import find_records
from pipelines.state.tombstones import ErasureRecords, PendingErasure
from schemas.errors import UsageError
from transforms.consent.registry import registered_users, withdrawn_users
from transforms.dataset.erase import Eraser
from transforms.dataset.layout import MANIFEST, RELEASES
from transforms.object_store.addresses import normal_uri, open_store
from transforms.object_store.atomic_files import lock_release
from transforms.object_store.interface import ObjectStore
from transforms.privacy.ledger_entries import Commit

_LEVELS = 3
"""An address of a release lies this deep below its output."""


@dataclass(frozen=True, slots=True)
class EraseRequest:
    """Arguments of ``keyveil erase``; without ``user`` it finishes pending erasures.

    ``consent`` is a registry in which the person is looked up too; without ``user``, whoever withdrew there is erased
    from ``uri``. ``force``: leave a tombstone also for a person of
    whom nothing is found, whose recordings may still come.
    """

    user: str | None = field(repr=False)
    uri: str | None
    dry_run: bool
    consent: str | None = field(default=None, repr=False)
    force: bool = False


@dataclass(frozen=True, slots=True)
class ErasureResult:
    """Result of an erasure, done or planned: files by release, staged files, quarantined records.

    ``unfinished`` says why it is not finished, ``not_found_in`` what was searched where nothing was
    found of the person; either may be empty.
    """

    releases: tuple[dict[str, Any], ...]
    staged: int
    quarantined: int
    unfinished: str
    not_found_in: str = ""

    def as_json(self) -> dict[str, object]:
        """Return the machine-readable result."""
        return {
            "releases": list(self.releases),
            "resting": self.staged,
            "quarantined": self.quarantined,
            "unfinished": self.unfinished,
            "searched": self.not_found_in,
        }


def erase(request: EraseRequest, private: PrivateState) -> list[ErasureResult]:
    """Erase one person, or finish every pending erasure; every step may be repeated.

    Of a person of whom nothing is found nothing is written: the id may be misspelled, and a tombstone under it would
    look like an erasure. Raises ``UsageError`` where the address holds no dataset, ``FailedError`` where a release was
    altered.
    """
    work = _Erasing(request, private, ErasureRecords.of(private))
    if request.user is None or request.uri is None:
        pending = () if request.dry_run else work.erasures.pending()
        resumed = [work.resume(item) for item in pending]
        return [*resumed, *work.erase_withdrawn()]
    stores = work.open_stores(request.uri)
    user = normalise_user_id(request.user, "--user", fold_case=work.fold_case)
    if not request.force:
        check_same_ledger(work.account, find_releases(stores), private.keys)
    if request.dry_run:
        return [work.plan(user, stores)]
    work.check_copies(user, find_releases(stores), work.load_history())
    if not (request.force or work.erasures.knows(user, request.user) or work.is_registered(user)):
        planned = work.plan(user, stores)
        if planned.not_found_in:
            return [planned]
    name = work.erasures.begin(user, tuple(each.uri for each in stores), request.user)
    return [work.finish(name, user, stores)]


@dataclass(frozen=True, slots=True)
class _Erasing:
    request: EraseRequest
    private: PrivateState
    erasures: ErasureRecords

    @property
    def fold_case(self) -> bool:
        return folds_case(self.private)

    def open_stores(self, uri: str) -> tuple[ObjectStore, ...]:
        """Open the address and all outputs of the ledger; raise ``UsageError`` where there is nothing to erase from."""
        address = normal_uri(uri)
        store = open_store(address)
        found = find_releases([store])
        if not found and not self.staged_erasure.datasets():
            raise UsageError(
                f"{store.uri} holds no release, and the private state {self.private.uri} no staged session; pass the "
                "output of the runs, and their --state"
            )
        check_newer_keys(_list_stores(found), self.private.keys)
        return tuple(
            open_store(each) if each != address else store for each in sorted({address, *self.known_outputs()})
        )

    def erase_withdrawn(self) -> list[ErasureResult]:
        """Erase whoever withdrew in the named registry and of whom anything is kept, or private state lost the erasure.

        Raises ``RefusedError`` where a release proves an erasure that private state does not know even then.
        """
        uri, consent = self.request.uri, self.request.consent
        if uri is None:
            return []
        if consent is None:
            self.check_copies(None, find_releases([open_store(normal_uri(uri))]), self.load_history())
            return []
        stores, done = self.open_stores(uri), []
        for user in withdrawn_users(consent, datetime.now(UTC), fold_case=self.fold_case):
            planned = self.plan(user, stores)
            lost = not self.erasures.knows(user) and any(find_proofs(self.private.keys, find_releases(stores), user))
            if lost or planned.releases or planned.staged or planned.quarantined:
                if not self.request.dry_run:
                    planned = self.finish(
                        self.erasures.begin(user, tuple(each.uri for each in stores), user), user, stores
                    )
                done.append(planned)
        if not self.request.dry_run:
            self.check_copies(None, find_releases(stores), self.load_history())
        return done

    def is_registered(self, user: str) -> bool:
        """Check whether the named consent registry contains the user, agreed or not."""
        consent = self.request.consent
        return consent is not None and user in registered_users(consent, fold_case=self.fold_case)

    @property
    def staged_erasure(self) -> StagedErasure:
        return StagedErasure(self.private)

    @property
    def account(self) -> LedgerAccount:
        return LedgerAccount.of(self.private)

    def known_outputs(self) -> set[str]:
        """List every output that holds a release of the ledger."""
        ledger = self.account.ledger()
        return {e.release.rsplit("/", _LEVELS)[0] for e in ledger.entries if isinstance(e, Commit)}

    def load_history(self, *, resumed: bool = False) -> ReleaseHistory:
        """Load the history of releases."""
        return ReleaseHistory(self.account.ledger(), self.erasures.removed_files(), resumed)

    def check_copies(self, user: str | None, found: list[SealedRelease], history: ReleaseHistory) -> None:
        """Raise ``RefusedError`` if a release or private state is an old copy; an erasure of the user may be lost."""
        check_newer_keys(_list_stores(found), self.private.keys)
        history = history if user is None else accept_proofs(history, self.private.keys, found, user)
        for layout, home in found:
            check_not_older(home, layout, history, self.private.keys)

    def plan(self, user: str, stores: tuple[ObjectStore, ...]) -> ErasureResult:
        """Plan an erasure; changes nothing."""
        releases, opened = [], find_releases(stores)
        for layout, home in opened:
            found = Eraser(home, self.private.keys).find(layout, list_names(self.private.keys, layout, user))
            if found:
                rows = sum(item.old.rows - item.rows_left for item in found if item.old.path.startswith("events/"))
                files = [item.old.path for item in found]
                releases.append({"release": layout.folder, "files": files, "rows": rows})
        records, unfinished = self._find_quarantined(user)
        staged = self.staged_erasure.find(user)
        known = releases or staged or any(record.owners != () for record in records) or unfinished
        known = known or self.erasures.knows(user) or self.is_registered(user)
        known = known or any(find_proofs(self.private.keys, opened, user))
        return ErasureResult(
            tuple(releases), staged, len(records), unfinished, "" if known else self._describe_search(opened)
        )

    def _describe_search(self, releases: list[SealedRelease]) -> str:
        registry = "the consent registry" if self.request.consent else "no consent registry (pass it with --consent)"
        datasets = count(len(self.staged_erasure.datasets()), "dataset")
        return (
            f"{count(len(releases), 'release')}, what is staged of {datasets}, the quarantine and {registry} were "
            "searched"
        )

    def resume(self, item: PendingErasure) -> ErasureResult:
        """Finish a pending erasure; one that an earlier version began holds the id as it was spelled."""
        if item.release is not None:
            proof = take_out(self.private, item.user, item.release)
            return ErasureResult(() if proof is None else (proof,), 0, 0, "")
        user = normalise_user_id(item.user, "a pending erasure", fold_case=self.fold_case)
        name = self.erasures.begin(user, item.uris, item.user)
        return self.finish(name, user, tuple(map(open_store, item.uris)))

    def finish(self, name: str, user: str, stores: tuple[ObjectStore, ...]) -> ErasureResult:
        """Finish the steps of one erasure; once all are done, delete the person's id."""
        work = ReleaseErasure(self.private, name, user)
        work.enter_tombstones()
        found = find_releases(stores)
        # a stopped erasure proved files gone that its manifest still names
        self.check_copies(user, found, self.load_history(resumed=True))
        for layout, lost in find_proofs(self.private.keys, found, user):
            work.prove(layout, lost)
        staged = self.staged_erasure.erase(user)
        self._drop_unfinished_runs()
        proofs = [proof for layout, home in found if (proof := work.erase(layout, home)) is not None]
        work.enter_replacements(found)
        for store in stores:
            _drop_unsealed(store)
        records, unfinished = self._find_quarantined(user)
        for record in records:
            remove(record)
        if not unfinished:
            self.erasures.finish(name)
        return ErasureResult(tuple(proofs), staged, len(records), unfinished)

    def _drop_unfinished_runs(self) -> None:
        """Wait for the runs on this machine and remove the files of stopped ones; a re-run recreates them.

        Of runs elsewhere, what workers handed back lies in the bucket of private state; it holds no row.
        """
        runs = self.private.folder / "runs"
        for folder in sorted(runs.iterdir()) if runs.is_dir() else ():
            with lock_release(self.private.folder, folder.name):
                shutil.rmtree(folder, ignore_errors=True)

    def _find_quarantined(self, user: str) -> tuple[list[QuarantineRecord], str]:
        """Find the quarantined records of the user, and the reason why some could not be read."""
        quarantine = open_quarantine(self.private.uri)
        return find_records(quarantine, self.private.keys, user, fold_case=self.fold_case)


def _list_stores(found: list[SealedRelease]) -> list[ObjectStore]:
    return [*{home.uri: home for _, home in found}.values()]


def _drop_unsealed(store: ObjectStore) -> None:
    """Remove the files of releases that were never sealed; a run that is writing one fails and is run again."""
    names = store.names()
    sealed = {name.removesuffix(MANIFEST) for name in names if name.endswith(f"/{MANIFEST}")}
    for name in names:
        head, found, rest = f"/{name}".rpartition(f"/{RELEASES}")
        folder = f"{head}/{RELEASES}{rest.partition('/')[0]}/".lstrip("/")
        if found and "/" in rest and folder not in sealed:
            store.delete(name)
