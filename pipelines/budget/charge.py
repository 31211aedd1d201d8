"""Charge of one release: its id, its reservation and its commit (docs/adr/0024-states-of-a-charge.md).

none --reserve--> RESERVED --output started--> SHOWN --manifest sealed--> COMMITTED
                     |                           |
                     +------ nothing kept -------+--> CANCELLED
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace

from pipelines.budget.account import LedgerAccount, now
from pipelines.budget.history import ReleaseHistory
from pipelines.budget.old_copies import check_not_older
from pipelines.budget.release_plan import ReleasePlan, looser_than_policy, plan_release
from pipelines.budget.remedies import find_remedies, render_remedies
from pipelines.config import RunConfig
from schemas.errors import BudgetError
from schemas.privacy import RunKey
from transforms.dataset.copy_release import copy_release
from transforms.dataset.documents import wording as claims
from transforms.dataset.layout import ReleaseLayout
from transforms.dataset.manifest import BudgetStatement, Manifest
from transforms.keys.key_set import KeySet
from transforms.noise.looser_settings import budget_of, event_budget_of
from transforms.object_store.addresses import open_store
from transforms.object_store.interface import ObjectStore
from transforms.privacy.ledger import Ledger
from transforms.privacy.ledger_entries import Commit, Reservation

_BELOW_OUTPUT = 3
"""Path parts of a release below its output: dataset, ``releases``, its id."""


@dataclass(frozen=True, slots=True)
class EarlierAttempts:
    """Charges of earlier attempts that a release may reuse, so that an attempt that wrote no output costs nothing.

    ``begun`` are the releases that were begun for the same staged work, oldest first, the present one last; ``shown``
    are the charges of those that began to write to the output. ``showing`` receives the charge of the release before it
    does so, and raises ``RefusedError`` where another release of the work was begun since.
    """

    begun: tuple[str, ...] = ()
    shown: frozenset[str] = frozenset()
    showing: Callable[[str], None] = lambda _: None


@dataclass(frozen=True, slots=True)
class ReleaseCharge:
    """Charge of one release of the dataset at ``store``; ``facts`` are the digests that decide the release.

    A release is charged once wherever it is written: sealing destroys an ephemeral run key, so a second place gets a
    copy of the same bytes. Where no sealed copy is left, a new draw is other noise; the two together say more than
    one, and the second is a charge of its own, ``<release>.2``. Derived keys draw the same noise again, for the same
    charge. A reservation of an earlier attempt that ``after`` names, and that showed nothing, is taken over.
    ``window`` names the days of a release by days.
    """

    account: LedgerAccount
    store: ObjectStore
    layout: ReleaseLayout
    facts: Mapping[str, str]
    config: RunConfig
    after: EarlierAttempts = field(default_factory=EarlierAttempts)
    window: str | None = None

    def copy_of_earlier(self, keys: KeySet, past: ReleaseHistory) -> Manifest | None:
        """Copy the release from another output that has it sealed; return ``None`` if it must be drawn.

        Raises ``RefusedError`` where what lies there is older than private state.
        """
        if self.config.noise.run_key == RunKey.DERIVED:
            return None
        for release in self._sealed_in():
            output = release.rsplit("/", _BELOW_OUTPUT)[0]
            source = replace(self.layout, output=output)
            check_not_older(open_store(source.home), source, past, keys)
            copied = copy_release(source, self.layout, keys)
            if copied is not None:
                return copied
        return None

    def reserve(self, planned: ReleasePlan) -> BudgetStatement:
        """Charge the release, or find its charge, and return the budget statement of its manifest.

        Raises ``BudgetError`` where a budget would be passed; it names what ran out, and changes that were tried.
        """
        reservation = self._reservation(self._spent_as(planned), planned)
        try:
            booked = self.account.reserve(reservation)
        except BudgetError as refused:
            found = find_remedies(self.config, self.account.ledger(), self.window)
            raise BudgetError(f"{refused}; {render_remedies(found)}") from None
        looser = looser_than_policy(self.config)
        return self.account.statement(booked, reservation, looser)

    def commit(self, spent_as: str) -> None:
        """Commit the charge of the sealed release."""
        self.account.commit(self._commit(spent_as))

    def cancel(self, spent_as: str) -> None:
        """Cancel the charge of a release that used nobody's data."""
        self.account.cancel(spent_as)

    def settle(self, sealed: Manifest) -> None:
        """Commit the charge of an existing release, if a crash or an old ledger left it uncommitted."""
        spent_as = sealed.budget.charge_id if sealed.budget is not None else self.layout.release_id
        if self.account.ledger().find_commit(spent_as) is None:
            self.account.settle(self._reservation(spent_as, plan_release(self.config)), self._commit(spent_as))

    def _spent_as(self, planned: ReleasePlan) -> str:
        """Find the id of the first open reservation of the same charges, or else the next id of the release."""
        ledger, charges = self.account.ledger(), planned.charges()
        for begun in self.after.begun:
            known = ledger.find_reservation(self._ids(ledger, begun)[-1])
            if known is not None and known.charges == charges:
                return known.charge_id
        return self._ids(ledger, self.layout.release_id)[-1]

    def _reservation(self, spent_as: str, planned: ReleasePlan) -> Reservation:
        return Reservation(
            charge_id=spent_as,
            subject=self.layout.dataset,
            config_fingerprint=self.facts["config"],
            code_digest=self.facts["code"],
            budget=budget_of(self.config.noise),
            charges=planned.charges(),
            at=now(),
            window=self.window,
            events=event_budget_of(self.config.noise),
        )

    def _commit(self, spent_as: str) -> Commit:
        with self.store.open(self.layout.manifest) as file:
            digest = hashlib.sha256(file.read()).hexdigest()
        return Commit(spent_as, self.layout.folder, digest, now())

    def _sealed_in(self) -> tuple[str, ...]:
        """List the addresses where draws of the release were sealed, latest first."""
        ledger = self.account.ledger()
        commits = [ledger.find_commit(known) for known in self._ids(ledger, self.layout.release_id)]
        return tuple(commit.release for commit in reversed(commits) if commit is not None)

    def _ids(self, ledger: Ledger, release_id: str) -> list[str]:
        """List the ids of all used charges of a release and, last, of the next one."""
        ids = [release_id]
        while self._used_up(ledger, ids[-1]):
            ids.append(f"{release_id}.{len(ids) + 1}")
        return ids

    def _used_up(self, ledger: Ledger, charge_id: str) -> bool:
        commit = ledger.find_commit(charge_id)
        derived = self.config.noise.run_key == RunKey.DERIVED
        same_draw = derived and commit is not None and commit.release.rsplit("/", 1)[-1] == self.layout.release_id
        return charge_id in self.after.shown or (commit is not None and not same_draw)


def _render_left(budget: BudgetStatement) -> str:
    if not budget.epsilon:
        return "; this release adds nothing to it"
    return "" if budget.fits_releases is None else f"; at these settings {budget.fits_releases:,} more releases fit"


def render_budget(budget: BudgetStatement) -> tuple[str, ...]:
    """Render a budget statement as lines of the summary."""
    less = " (less than of this release alone: delta is larger)" if budget.spent_epsilon < budget.epsilon else ""
    lines = [
        f"this release spends {claims.cost(budget)}",
        f"{claims.lifetime(budget)}{less}{_render_left(budget)}",
    ]
    if budget.event_epsilon and budget.spent_event_epsilon is not None:
        lines.append(
            f"one event: epsilon {budget.event_epsilon:.4g} at delta {budget.event_delta:g} in this release, "
            f"{budget.spent_event_epsilon:.4g} of {budget.lifetime_event_epsilon:g} at delta "
            f"{budget.lifetime_event_delta:g} in all releases that may share one"
        )
    if budget.not_counted:
        held = ", ".join(budget.not_counted)
        lines.append(f"not part of a user's budget, since it protects single events only: {held}")
    lines.extend(f"looser than the policy: {item}" for item in budget.loosened)
    return tuple(lines)
