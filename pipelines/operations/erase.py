"""Erase one person from every release, staged file, unfinished run and the quarantine (``keyveil erase``)."""

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from typing import Any

from pipelines.budget.account import LedgerAccount, now
from pipelines.budget.history import ReleaseHistory, find_stored_release
from pipelines.budget.old_copies import check_not_older
from pipelines.nightly.erase_staged import StagedErasure
from pipelines.preflight.state import open_state
from pipelines.release.subjects import normalise_user_id
from pipelines.state.id_case import folds_case
from pipelines.state.private_state import PrivateState
from pipelines.state.quarantine import QuarantineRecord, open_quarantine, remove
from pipelines.state.quarantine_owners import find_records
from pipelines.state.tombstones import ErasureRecords
from schemas.errors import UsageError
from transforms.consent.registry import registered_users
from transforms.dataset.erase import Eraser
from transforms.dataset.layout import MANIFEST, RELEASES, ReleaseLayout, release_layout
from transforms.dataset.manifest import Erasure
from transforms.keys.key_set import KeyReference, KeyRole
from transforms.keys.pseudonym import pseudonym
from transforms.object_store.addresses import join_uri, normal_uri, open_store
from transforms.object_store.atomic_files import lock_release
from transforms.privacy.ledger import position
from transforms.privacy.ledger_changes import Replacement, Tombstone
from transforms.privacy.ledger_entries import Commit

_LEVELS = 3
"""An address of a release lies this deep below its output."""


@dataclass(frozen=True, slots=True)
class EraseRequest:
    """Arguments of ``keyveil erase``; without ``user`` and ``uri`` it finishes pending erasures.

    ``consent`` is a registry in which the person is looked up too. ``force``: leave a tombstone also for a person of
    whom nothing is found, whose recordings may still come.
    """

    keys: str
    state: str | None
    user: str | None = field(repr=False)
    uri: str | None
    dry_run: bool
    consent: str | None = None
    force: bool = False


@dataclass(frozen=True, slots=True)
class ErasureResult:
    """Result of an erasure, done or planned: files by release, staged files, quarantined records.

    ``unfinished`` says why it is not finished, ``searched`` where nothing was found of the person; either may be empty.
    """

    releases: tuple[dict[str, Any], ...]
    resting: int
    quarantined: int
    unfinished: str
    searched: str = ""

    def as_json(self) -> dict[str, object]:
        """Return the machine-readable result."""
        return {**asdict(self), "releases": list(self.releases)}


def erase(request: EraseRequest) -> list[ErasureResult]:
    """Erase one person, or finish every pending erasure; every step may be repeated.

    Of a person of whom nothing is found nothing is written: the id may be misspelled, and a tombstone under it would
    look like an erasure. Raises ``UsageError`` where the address holds no dataset, ``FailedError`` where a release was
    altered.
    """
    private = open_state(KeyReference.parse(request.keys), request.state)
    work = _Erasing(request, private, ErasureRecords.of(private))
    if request.user is None or request.uri is None:
        return [work.resume(spelled, uris) for _, spelled, uris in work.erasures.pending()]
    uri = normal_uri(request.uri)
    if not list(find_layouts(uri)) and not work.resting.datasets():
        raise UsageError(f"{request.uri} holds no release; name an output, a dataset or a release")
    uris = tuple(sorted({uri, *work.known_outputs()}))
    user = normalise_user_id(request.user, "--user", fold_case=work.fold_case)
    if request.dry_run:
        return [work.plan(user, uris)]
    work.check_past(_find_all_layouts(uris), ReleaseHistory(work.account.ledger(), work.erasures.removed_files()))
    if not (request.force or work.erasures.knows(user, request.user) or work.is_registered(user)):
        planned = work.plan(user, uris)
        if planned.searched:
            return [planned]
    return [work.finish(work.erasures.begin(user, uris, request.user), user, uris)]


@dataclass(frozen=True, slots=True)
class _Erasing:
    request: EraseRequest
    private: PrivateState
    erasures: ErasureRecords

    @property
    def fold_case(self) -> bool:
        return folds_case(self.private)

    def is_registered(self, user: str) -> bool:
        """Check whether the named consent registry contains the user, agreed or not."""
        consent = self.request.consent
        return consent is not None and user in registered_users(consent, fold_case=self.fold_case)

    @property
    def resting(self) -> StagedErasure:
        return StagedErasure(self.private)

    @property
    def account(self) -> LedgerAccount:
        return LedgerAccount.of(self.private)

    def known_outputs(self) -> set[str]:
        """List every output that holds a release of the ledger."""
        ledger = self.account.ledger()
        return {e.release.rsplit("/", _LEVELS)[0] for e in ledger.entries if isinstance(e, Commit)}

    def check_past(self, found: list[ReleaseLayout], past: ReleaseHistory) -> None:
        """Raise ``RefusedError`` if a release or private state is an old copy."""
        for layout in found:
            check_not_older(open_store(layout.home), layout, past, self.private.keys)

    def plan(self, user: str, uris: tuple[str, ...]) -> ErasureResult:
        """Plan an erasure; changes nothing."""
        releases = []
        for layout in _find_all_layouts(uris):
            found = Eraser(open_store(layout.home), self.private.keys).find(layout, self._names(layout, user))
            if found:
                rows = sum(item.old.rows - item.rows_left for item in found if item.old.path.startswith("events/"))
                files = [item.old.path for item in found]
                releases.append({"release": layout.folder, "files": files, "rows": rows})
        records, unfinished = self._find_quarantined(user)
        resting = self.resting.find(user)
        known = releases or resting or any(record.owners != () for record in records) or unfinished
        known = known or self.erasures.knows(user) or self.is_registered(user)
        return ErasureResult(
            tuple(releases), resting, len(records), unfinished, "" if known else self._describe_search(uris)
        )

    def _describe_search(self, uris: tuple[str, ...]) -> str:
        registry = "the consent registry" if self.request.consent else "no consent registry (name it with --consent)"
        return (
            f"{len(_find_all_layouts(uris))} releases, what is staged of {len(self.resting.datasets())} datasets, the "
            f"quarantine and {registry} were searched"
        )

    def resume(self, spelled: str, uris: tuple[str, ...]) -> ErasureResult:
        """Finish a pending erasure; one that an earlier version began holds the id as it was spelled."""
        user = normalise_user_id(spelled, "a pending erasure", fold_case=self.fold_case)
        return self.finish(self.erasures.begin(user, uris, spelled), user, uris)

    def finish(self, name: str, user: str, uris: tuple[str, ...]) -> ErasureResult:
        """Finish the steps of one erasure; once all are done, delete the person's id."""
        self._enter_tombstones(name)
        layouts_found = _find_all_layouts(uris)
        # a stopped erasure proved files gone that its manifest still names
        self.check_past(
            layouts_found, ReleaseHistory(self.account.ledger(), self.erasures.removed_files(), resumed=True)
        )
        resting = self.resting.erase(user)
        self._drop_unfinished_runs()
        releases = []
        for layout in layouts_found:
            prove = partial(self._prove, name, layout)
            proof = Eraser(open_store(layout.home), self.private.keys).erase(layout, self._names(layout, user), prove)
            if proof is not None:
                releases.append(_prove_removal(layout, proof))
        self.account.enter(*self._replacements(layouts_found))
        for uri in uris:
            _drop_unsealed(uri)
        records, unfinished = self._find_quarantined(user)
        for record in records:
            remove(record)
        if not unfinished:
            self.erasures.finish(name)
        return ErasureResult(tuple(releases), resting, len(records), unfinished)

    def _prove(self, name: str, layout: ReleaseLayout, proof: Erasure) -> None:
        """Store the proof before the manifest has it: private state must know every erasure of an output."""
        self.erasures.prove(name, _prove_removal(layout, proof))

    def _enter_tombstones(self, name: str) -> None:
        """Enter every tombstone in the ledger, those of earlier versions too, so that a run notices a lost one."""
        entered = [Tombstone(tombstone, now()) for tombstone in sorted(self.erasures.tombstones())]
        ledger = self.account.enter(*entered)
        self.erasures.anchor(name, position(ledger, self.account.keys[0]))

    def _replacements(self, found: list[ReleaseLayout]) -> Iterator[Replacement]:
        """Yield the ledger entry of each release that proves an erasure; the ledger takes each once."""
        for layout in found:
            lying = find_stored_release(open_store(layout.home), layout.folder, self.private.keys.verifying())
            if lying is not None and lying.version.erasures:
                yield Replacement(layout.folder, lying.version.manifest_sha256, lying.version.erasures, now())

    def _names(self, layout: ReleaseLayout, user: str) -> frozenset[str]:
        """List the pseudonyms of a user in a release: under the current pseudonym key and earlier ones."""
        derived = self.private.keys.derivations(KeyRole.PSEUDONYM, layout.release_id)
        return frozenset(pseudonym(key, "user", user) for key in derived)

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


def find_layouts(uri: str) -> Iterator[ReleaseLayout]:
    """Yield the sealed releases at the address of an output, a dataset or a release."""
    for name in open_store(uri).names():
        address = join_uri(uri, name)
        head, found, rest = address.rpartition(f"/{RELEASES}")
        if found and rest.count("/") == 1 and rest.endswith(f"/{MANIFEST}"):
            output, _, dataset = head.rpartition("/")
            yield release_layout(output, dataset, rest.partition("/")[0])


def _prove_removal(layout: ReleaseLayout, proof: Erasure) -> dict[str, Any]:
    return {"release": layout.folder, **asdict(proof)}


def _find_all_layouts(uris: tuple[str, ...]) -> list[ReleaseLayout]:
    found = {layout.folder: layout for uri in uris for layout in find_layouts(uri)}
    return [found[folder] for folder in sorted(found)]


def _drop_unsealed(uri: str) -> None:
    """Remove the files of releases that were never sealed; a run that is writing one fails and is run again."""
    place = open_store(uri)
    names = place.names()
    sealed = {name.removesuffix(MANIFEST) for name in names if name.endswith(f"/{MANIFEST}")}
    for name in names:
        head, found, rest = f"/{name}".rpartition(f"/{RELEASES}")
        folder = f"{head}/{RELEASES}{rest.partition('/')[0]}/".lstrip("/")
        if found and "/" in rest and folder not in sealed:
            place.delete(name)
