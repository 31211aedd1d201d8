"""The ledger of a key set at work: reserve before data is read, commit once the release is sealed."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import reduce

from pipelines.state.local_ledger import LedgerStore
from pipelines.state.paths import ledger_store
from schemas.privacy import PrivacyUnit
from transforms.dataset.manifest import BudgetStatement
from transforms.keys.key_set import KeyReference, KeyRole, KeySet
from transforms.noise.settings import EVENT_DELTA
from transforms.privacy.ledger import Ledger, decode, encode, position
from transforms.privacy.ledger_changes import Cancellation, Change
from transforms.privacy.ledger_entries import Commit, Reservation

_ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class Account:
    """The ledger of one key set where it lies; ``keys`` are its key and those before a rotation of the noise role."""

    store: LedgerStore
    keys: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def of(cls, keys: KeySet, state: str | None, reference: KeyReference) -> "Account":
        """Return the account of a key set in private state; opens nothing yet."""
        return cls(ledger_store(state, reference), keys.derivations(KeyRole.NOISE, "ledger"))

    def ledger(self) -> Ledger:
        """Return what the ledger holds now; raise ``FailedError`` where it was altered or does not answer."""
        return self._decoded(self.store.read())

    def reserve(self, reservation: Reservation) -> Ledger:
        """Charge, once, whatever follows, and return the ledger as of that charge.

        Raises ``RefusedError`` where a release, a user or an event would pass its budget; nothing is charged then.
        """
        from transforms.privacy.composition import check_lifetime, check_release  # noqa: PLC0415 - imports Opacus and SciPy
        from transforms.privacy.event_composition import check_events  # noqa: PLC0415

        check_release(reservation.charges, reservation.budget)

        def reserved(ledger: Ledger) -> Ledger:
            if ledger.find_reservation(reservation.charge_id) is None:
                check_lifetime(ledger.charges(), reservation.charges, reservation.budget, self.store.name)
                check_events(ledger.reservations(), reservation, self.store.name)
            return ledger.with_reservation(reservation)

        return self._changed(reserved).until(reservation.charge_id)

    def settle(self, reservation: Reservation, commit: Commit) -> None:
        """Commit a charge; where the ledger lost it, record it first: the release exists, whatever is left."""
        self._changed(lambda ledger: ledger.with_reservation(reservation).with_commit(commit))

    def cancel(self, charge_id: str) -> None:
        """Take a reservation back, once, into whose release nothing of anybody went."""
        self._changed(lambda ledger: ledger.with_cancellation(Cancellation(charge_id, now())))

    def commit(self, commit: Commit) -> None:
        """Commit a reserved charge, once."""
        self._changed(lambda ledger: ledger.with_commit(commit))

    def enter(self, *changes: Change) -> Ledger:
        """Enter what happened to releases and people, each once, and return the ledger with it."""
        return self._changed(lambda ledger: reduce(Ledger.with_change, changes, ledger))

    def statement(self, ledger: Ledger, reservation: Reservation, loosened: tuple[str, ...]) -> BudgetStatement:
        """Return what the manifest says of a charge, as of the moment it was made."""
        from transforms.privacy.composition import LifetimeFilter, spent_epsilon, user_cost  # noqa: PLC0415 - imports Opacus and SciPy
        from transforms.privacy.event_composition import add_charges, event_cost  # noqa: PLC0415

        budget, events, place = reservation.budget, reservation.events, position(ledger, self.keys[0])
        limit, paid = LifetimeFilter.of(budget.lifetime_epsilon, budget.lifetime_delta), user_cost(ledger.charges())
        return BudgetStatement(
            ledger_id=place.ledger_id,
            charge_id=reservation.charge_id,
            entry=place.length,
            digest=place.digest,
            unit=budget.unit,
            epsilon=spent_epsilon(reservation.charges, budget.unit, budget.delta),
            delta=budget.delta,
            lifetime_epsilon=budget.lifetime_epsilon,
            lifetime_delta=budget.lifetime_delta,
            spent_epsilon=paid.epsilon(budget.lifetime_delta),
            fits_epsilon=limit.fits_now(paid, budget.delta),
            not_counted=tuple(item.label for item in reservation.charges if item.unit == PrivacyUnit.EVENT),
            loosened=loosened,
            event_epsilon=add_charges(reservation.charges).epsilon(EVENT_DELTA),
            event_delta=EVENT_DELTA,
            lifetime_event_epsilon=None if events is None else events.epsilon,
            lifetime_event_delta=None if events is None else events.delta,
            spent_event_epsilon=None if events is None else event_cost(ledger.reservations()).epsilon(events.delta),
        )

    def _decoded(self, content: bytes | None) -> Ledger:
        if content is None:
            return Ledger(secrets.token_hex(_ID_BYTES))
        return decode(content, self.keys, self.store.name)

    def _changed(self, change: Callable[[Ledger], Ledger]) -> Ledger:
        made: list[Ledger] = []

        def encoded(content: bytes | None) -> bytes:
            before = self._decoded(content)
            after = change(before)
            made.append(after)
            return content if content is not None and after == before else encode(after, self.keys[0])

        self.store.update(encoded)
        return made[-1]


def now() -> str:
    """Return the UTC time to the second, as ledgers and registries write it."""
    return written(datetime.now(UTC))


def written(at: datetime) -> str:
    """Return a UTC time to the second, as ledgers write it."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
