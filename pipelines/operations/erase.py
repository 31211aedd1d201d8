"""``keyveil erase``: one person, out of every release, what is staged, every unfinished run and the quarantine."""

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

from pipelines.budget.account import Account, now
from pipelines.budget.history import Past, lying_at
from pipelines.budget.old_copies import check_not_older
from pipelines.nightly.erase_staged import RestingErasure
from pipelines.preflight.state import check_state
from pipelines.release.prepare import subject
from pipelines.state.id_case import folds_case
from pipelines.state.paths import state_folder, state_uri
from pipelines.state.quarantine import Held, quarantine_at, remove
from pipelines.state.quarantine_owners import records_of
from pipelines.state.tombstones import Erasures
from schemas.errors import UsageError
from transforms.consent.registry import registered_users
from transforms.dataset.erase import Eraser
from transforms.dataset.layout import MANIFEST, RELEASES, ReleaseLayout, release_layout
from transforms.dataset.manifest import Erasure
from transforms.keys.key_set import KeyReference, KeyRole, KeySet
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
    """What the command line asks for; ``user`` and ``uri`` are absent to finish what is pending.

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
class Erased:
    """What was done, or would be: files by release, files that rest between nights, quarantined records.

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


def erase(request: EraseRequest) -> list[Erased]:
    """Erase one person, or finish every pending erasure; every step may be repeated.

    Of a person of whom nothing is found nothing is written: the id may be misspelled, and a tombstone under it would
    look like an erasure. Raises ``UsageError`` where the address holds no dataset, ``FailedError`` where a release was
    altered.
    """
    reference = KeyReference.parse(request.keys)
    check_state(state_folder(request.state, reference))
    keys = KeySet.open(reference)
    work = _Work(request, reference, keys, Erasures.of(request.state, reference, keys))
    if request.user is None or request.uri is None:
        return [work.finish(name, user, uris) for name, user, uris in work.erasures.pending()]
    uri = normal_uri(request.uri)
    if not list(layouts(uri)) and not work.resting.datasets():
        raise UsageError(f"{request.uri} holds no release; name an output, a dataset or a release")
    uris = tuple(sorted({uri, *work.known_outputs()}))
    user = subject(request.user, "--user", fold_case=work.fold_case)
    if request.dry_run:
        return [work.planned(user, uris)]
    work.check_past(_all_layouts(uris), Past(work.account.ledger(), work.erasures.removed_files()))
    if not (request.force or work.erasures.knows(user) or work.is_registered(user)):
        planned = work.planned(user, uris)
        if planned.searched:
            return [planned]
    return [work.finish(work.erasures.begin(user, uris), user, uris)]


@dataclass(frozen=True, slots=True)
class _Work:
    request: EraseRequest
    reference: KeyReference
    keys: KeySet
    erasures: Erasures

    @property
    def state(self) -> Path:
        return state_folder(self.request.state, self.reference)

    @property
    def fold_case(self) -> bool:
        return folds_case(state_uri(self.request.state, self.reference))

    def is_registered(self, user: str) -> bool:
        """Tell whether the registry that was named holds the user, whatever it says."""
        consent = self.request.consent
        return consent is not None and user in registered_users(consent, fold_case=self.fold_case)

    @property
    def resting(self) -> RestingErasure:
        return RestingErasure(self.request.state, self.reference, self.keys)

    @property
    def account(self) -> Account:
        return Account.of(self.keys, self.request.state, self.reference)

    def known_outputs(self) -> set[str]:
        """Return every output in which the ledger of the key set knows a release."""
        ledger = self.account.ledger()
        return {e.release.rsplit("/", _LEVELS)[0] for e in ledger.entries if isinstance(e, Commit)}

    def check_past(self, found: list[ReleaseLayout], past: Past) -> None:
        """Raise ``RefusedError`` where a release is an old copy, or private state is."""
        for layout in found:
            check_not_older(open_store(layout.home), layout, past, self.keys)

    def planned(self, user: str, uris: tuple[str, ...]) -> Erased:
        """Return what an erasure would rewrite; changes nothing."""
        releases = []
        for layout in _all_layouts(uris):
            found = Eraser(open_store(layout.home), self.keys).find(layout, self._names(layout, user))
            if found:
                rows = sum(item.old.rows - item.rows_left for item in found if item.old.path.startswith("events/"))
                files = [item.old.path for item in found]
                releases.append({"release": layout.folder, "files": files, "rows": rows})
        records, unfinished = self._quarantined(user)
        resting = self.resting.find(user)
        known = releases or resting or any(record.owners != () for record in records) or unfinished
        known = known or self.erasures.knows(user) or self.is_registered(user)
        return Erased(tuple(releases), resting, len(records), unfinished, "" if known else self._searched(uris))

    def _searched(self, uris: tuple[str, ...]) -> str:
        registry = "the consent registry" if self.request.consent else "no consent registry (name it with --consent)"
        return (
            f"{len(_all_layouts(uris))} releases, what is staged of {len(self.resting.datasets())} datasets, the "
            f"quarantine and {registry} were searched"
        )

    def finish(self, name: str, user: str, uris: tuple[str, ...]) -> Erased:
        """Do what is left to do of one erasure and, where nothing is, forget who it was."""
        self._enter_tombstones(name)
        layouts_found = _all_layouts(uris)
        # a stopped erasure proved files gone that its manifest still names
        self.check_past(layouts_found, Past(self.account.ledger(), self.erasures.removed_files(), resumed=True))
        resting = self.resting.erase(user)
        self._drop_unfinished_runs()
        releases = []
        for layout in layouts_found:
            prove = partial(self._prove, name, layout)
            proof = Eraser(open_store(layout.home), self.keys).erase(layout, self._names(layout, user), prove)
            if proof is not None:
                releases.append(_proven(layout, proof))
        self.account.enter(*self._replacements(layouts_found))
        for uri in uris:
            _drop_unsealed(uri)
        records, unfinished = self._quarantined(user)
        for record in records:
            remove(record)
        if not unfinished:
            self.erasures.finish(name)
        return Erased(tuple(releases), resting, len(records), unfinished)

    def _prove(self, name: str, layout: ReleaseLayout, proof: Erasure) -> None:
        """Keep the proof before the manifest holds it: private state knows of every erasure that an output shows."""
        self.erasures.prove(name, _proven(layout, proof))

    def _enter_tombstones(self, name: str) -> None:
        """Enter every tombstone in the ledger, those of earlier versions too: a run misses one that is lost."""
        entered = [Tombstone(tombstone, now()) for tombstone in sorted(self.erasures.tombstones())]
        ledger = self.account.enter(*entered)
        self.erasures.anchor(name, position(ledger, self.account.keys[0]))

    def _replacements(self, found: list[ReleaseLayout]) -> Iterator[Replacement]:
        """Yield the ledger entry of each release that proves an erasure; the ledger takes each once."""
        for layout in found:
            lying = lying_at(open_store(layout.home), layout.folder, self.keys.verifying())
            if lying is not None and lying.version.erasures:
                yield Replacement(layout.folder, lying.version.manifest_sha256, lying.version.erasures, now())

    def _names(self, layout: ReleaseLayout, user: str) -> frozenset[str]:
        """Return what the user may be called in a release: under the pseudonym key and those before it."""
        derived = self.keys.derivations(KeyRole.PSEUDONYM, layout.release_id)
        return frozenset(pseudonym(key, "user", user) for key in derived)

    def _drop_unfinished_runs(self) -> None:
        """Wait for the runs on this machine and remove what stopped ones left: a re-run makes it again.

        Of runs elsewhere, what workers handed back lies in the bucket of private state; it holds no row.
        """
        runs = self.state / "runs"
        for folder in sorted(runs.iterdir()) if runs.is_dir() else ():
            with lock_release(self.state, folder.name):
                shutil.rmtree(folder, ignore_errors=True)

    def _quarantined(self, user: str) -> tuple[list[Held], str]:
        """Find the quarantined records of the user, and tell why some could not be looked at."""
        quarantine = quarantine_at(state_uri(self.request.state, self.reference))
        return records_of(quarantine, self.keys, user, fold_case=self.fold_case)


def layouts(uri: str) -> Iterator[ReleaseLayout]:
    """Yield the sealed releases at the address of an output, a dataset or a release."""
    for name in open_store(uri).names():
        address = join_uri(uri, name)
        head, found, rest = address.rpartition(f"/{RELEASES}")
        if found and rest.count("/") == 1 and rest.endswith(f"/{MANIFEST}"):
            output, _, dataset = head.rpartition("/")
            yield release_layout(output, dataset, rest.partition("/")[0])


def _proven(layout: ReleaseLayout, proof: Erasure) -> dict[str, Any]:
    return {"release": layout.folder, **asdict(proof)}


def _all_layouts(uris: tuple[str, ...]) -> list[ReleaseLayout]:
    found = {layout.folder: layout for uri in uris for layout in layouts(uri)}
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
