"""Ledger account of a key set: reserve before data is read, commit once the release is sealed."""

import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import reduce

from pipelines.state.local_ledger import LedgerStore
from pipelines.state.private_state import PrivateState
from schemas.errors import RefusedError
from schemas.privacy import Charge, Gaussian, PrivacyUnit, Pure, Step
from transforms.dataset.manifest import BudgetStatement, ChargeStatement
from transforms.keys.key_set import KeyRole
from transforms.noise.settings import EVENT_DELTA
from transforms.privacy.ledger import Ledger, decode, encode, position
from transforms.privacy.ledger_changes import Cancellation, Change
from transforms.privacy.ledger_entries import Commit, Reservation

_ID_BYTES = 8


@dataclass(frozen=True, slots=True)
class LedgerAccount:
    """The ledger of one key set; ``keys`` are its current key, first, and those before each rotation."""

    store: LedgerStore
    keys: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def of(cls, private: PrivateState) -> "LedgerAccount":
        """Open the account of a key set in private state; reads nothing yet."""
        return cls(private.open_ledger(), private.keys.derivations(KeyRole.NOISE, "ledger"))

    def ledger(self) -> Ledger:
        """Read the ledger; raise ``FailedError`` if it was altered or does not answer."""
        return self._decode(self.store.read())

    def reserve(self, reservation: Reservation, *, repeats: bool = True) -> Ledger:
        """Charge a release once, whatever follows, and return the ledger as of that charge.

        ``repeats`` says that what is drawn for the id would be drawn alike again: then a known charge is as good as a
        new one. Raises ``RefusedError`` where it is not and the id is known, or where a release, a user or an event
        would pass its budget; nothing is charged then.
        """
        from transforms.privacy.composition import check_lifetime, check_release  # noqa: PLC0415 - imports Opacus and SciPy
        from transforms.privacy.event_composition import check_events  # noqa: PLC0415

        check_release(reservation.charges, reservation.budget)

        def reserve_once(ledger: Ledger) -> Ledger:
            known = ledger.find_reservation(reservation.charge_id)
            if known is not None and not repeats:
                raise RefusedError(
                    f"{known.charge_id} was drawn and charged before; use that table, or pass another --label"
                )
            if known is None:
                check_lifetime(ledger.charges(), reservation.charges, reservation.budget, self.store.name)
                check_events(ledger.reservations(), reservation, self.store.name)
            return ledger.with_reservation(reservation)

        return self._change(reserve_once).until(reservation.charge_id)

    def settle(self, reservation: Reservation, commit: Commit) -> None:
        """Commit a charge; if the ledger lost it, record it first, because the release exists."""
        self._change(lambda ledger: ledger.with_reservation(reservation).with_commit(commit))

    def cancel(self, charge_id: str) -> None:
        """Cancel, once, the reservation of a release that used nobody's data."""
        self._change(lambda ledger: ledger.with_cancellation(Cancellation(charge_id, now())))

    def commit(self, commit: Commit) -> None:
        """Commit a reserved charge, once."""
        self._change(lambda ledger: ledger.with_commit(commit))

    def enter(self, *changes: Change) -> Ledger:
        """Append changes (retirements, tombstones, replacements), each once, and return the ledger with them."""
        return self._change(lambda ledger: reduce(Ledger.with_change, changes, ledger))

    def statement(self, ledger: Ledger, reservation: Reservation, loosened: tuple[str, ...]) -> BudgetStatement:
        """Build the budget statement of the manifest, as of the moment of the charge."""
        from transforms.privacy.composition import LifetimeFilter, compose_user_cost, compute_epsilon  # noqa: PLC0415 - imports Opacus and SciPy
        from transforms.privacy.event_composition import add_charges, event_cost  # noqa: PLC0415

        budget, events, place = reservation.budget, reservation.events, position(ledger, self.keys[0])
        limit, paid = (
            LifetimeFilter.of(budget.lifetime_epsilon, budget.lifetime_delta),
            compose_user_cost(ledger.charges()),
        )
        return BudgetStatement(
            ledger_id=place.ledger_id,
            charge_id=reservation.charge_id,
            entry=place.length,
            digest=place.digest,
            unit=budget.unit,
            epsilon=compute_epsilon(reservation.charges, budget.unit, budget.delta),
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
            charges=tuple(_state(charge, step) for charge in reservation.charges for step in charge.steps),
            fits_releases=limit.releases_left(paid, compose_user_cost(reservation.charges)),
        )

    def _decode(self, content: bytes | None) -> Ledger:
        if content is None:
            return Ledger(secrets.token_hex(_ID_BYTES))
        return decode(content, self.keys, self.store.name)

    def _change(self, change: Callable[[Ledger], Ledger]) -> Ledger:
        made: list[Ledger] = []

        def apply(content: bytes | None) -> bytes:
            before = self._decode(content)
            after = change(before)
            made.append(after)
            return content if content is not None and after == before else encode(after, self.keys[0])

        self.store.update(apply)
        return made[-1]


def _state(charge: Charge, step: Step) -> ChargeStatement:
    """State one step of a charge; the delta beside a charge is stated with its first step."""
    first = step is charge.steps[0]
    return ChargeStatement(
        label=charge.label,
        unit=charge.unit.value,
        noise_multiplier=step.noise_multiplier if isinstance(step, Gaussian) else None,
        pure_epsilon=step.epsilon if isinstance(step, Pure) else None,
        times=step.times,
        delta=charge.delta if first else 0.0,
    )


def now() -> str:
    """Return the current UTC time to the second, in the form of ledgers and registries."""
    return format_time(datetime.now(UTC))


def format_time(at: datetime) -> str:
    """Format a UTC time to the second, in the form of ledgers."""
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")
