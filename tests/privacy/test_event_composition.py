"""One event pays for every release that it may be in, and for no more."""

import math
from dataclasses import replace

import numpy as np
import pytest

from schemas.errors import BudgetError, UsageError
from schemas.privacy import POSITIONS, SCROLLS, Adjacency, Charge, Gaussian, Pointer, PrivacyUnit, Pure
from transforms.noise.charges import plan_charges
from transforms.noise.looser_settings import event_budget_of, list_loosened
from transforms.noise.plan import plan
from transforms.noise.settings import EVENT_DELTA, NoiseSettings, Timing
from transforms.privacy.accountant import conversion, epsilon_of
from transforms.privacy.budget import Budget, EventBudget
from transforms.privacy.composition import LifetimeFilter
from transforms.privacy.event_composition import EventCost, add_charges, admits, check_events, event_cost
from transforms.privacy.ledger_entries import Reservation

BUDGET = Budget(PrivacyUnit.USER, 1.0, 1e-7, 8.0, 1e-6)
EVENTS = EventBudget(64.0, 1e-9)
STEP = Gaussian(1.0)


def event(label: str = POSITIONS, *, delta: float = 0.0, step: Gaussian | Pure = STEP) -> Charge:
    return Charge(label, ("x",), "Gaussian", PrivacyUnit.EVENT, Adjacency.REPLACE, (step,), delta)


def release(name: str, *charges: Charge, window: str | None = None, subject: str = "typing") -> Reservation:
    return Reservation(name, subject, "c", "d", BUDGET, charges or (event(),), "now", window, EVENTS)


def together(count: int) -> float:
    return epsilon_of([Gaussian(1.0, count)], EVENTS.delta)


def test_releases_of_any_input_add_up_and_charges_for_users_do_not_count() -> None:
    user = replace(event(), unit=PrivacyUnit.USER)
    past = [release("a"), release("b", subject="other"), release("c", user)]
    assert event_cost(past).epsilon(EVENTS.delta) == pytest.approx(together(2))
    assert event_cost([release("c", user)]).epsilon(EVENTS.delta) == 0.0
    assert event_cost([]).epsilon(EVENTS.delta) == 0.0


def test_an_event_is_in_one_window_of_a_dataset_and_pays_for_the_dearest() -> None:
    weeks = [release(f"w{week}", window=f"W{week}") for week in range(5)]
    assert event_cost(weeks).epsilon(EVENTS.delta) == pytest.approx(together(1))
    dearer = release("w5", event(step=Gaussian(1.0, 3)), window="W5")
    assert event_cost([*weeks, dearer]).epsilon(EVENTS.delta) == pytest.approx(together(3))
    assert event_cost([*weeks, release("w0.2", window="W0")]).epsilon(EVENTS.delta) == pytest.approx(together(2))
    assert event_cost([*weeks, release("all")]).epsilon(EVENTS.delta) == pytest.approx(together(2))
    again = [release(f"o{week}", window=f"W{week}", subject="again") for week in range(3)]
    assert event_cost([*weeks, *again]).epsilon(EVENTS.delta) == pytest.approx(together(2))


def test_a_pointer_event_pays_for_its_position_or_its_scroll_and_for_its_time() -> None:
    assert add_charges([event(POSITIONS), event(SCROLLS)]).epsilon(1e-9) == pytest.approx(together(1))
    assert add_charges([event(POSITIONS), event(SCROLLS), event("times")]).epsilon(1e-9) == pytest.approx(together(2))
    dearer = event(SCROLLS, step=Gaussian(1.0, 2))
    assert add_charges([event(POSITIONS), dearer]).epsilon(1e-9) == pytest.approx(together(2))
    cheap = [event(POSITIONS, delta=1e-10), event(SCROLLS, delta=2e-10)]
    assert add_charges(cheap).deltas == (1e-10, 2e-10)
    assert math.isinf(add_charges([event(delta=1e-9)]).epsilon(1e-9))


def test_a_release_at_the_policy_costs_an_event_what_the_policy_says() -> None:
    assert add_charges(plan_charges(plan(NoiseSettings()))).epsilon(EVENT_DELTA) == 0  # targets cost nothing
    rows = add_charges(plan_charges(plan(NoiseSettings(pointer=Pointer.NOISE))))
    assert 7.9 < rows.epsilon(EVENT_DELTA) <= 8.0
    timed = add_charges(plan_charges(plan(NoiseSettings(pointer=Pointer.NOISE, timing=Timing.NOISE))))
    assert 8.0 < timed.epsilon(2 * EVENT_DELTA) <= 16.0


def test_thirteen_overlapping_releases_at_the_policy_fit_and_one_more_does_not() -> None:
    settings = NoiseSettings(pointer=Pointer.NOISE)
    charges = plan_charges(plan(settings))
    made = [replace(release(f"r{n}", *charges), events=event_budget_of(settings)) for n in range(14)]
    check_events(made[:12], made[12], "ledger")
    with pytest.raises(BudgetError) as refused:
        check_events(made[:13], made[13], "the-ledger")
    says = str(refused.value)
    assert "the-ledger" in says
    assert "noise.lifetime_event_epsilon=64" in says
    assert "run by days" in says
    check_events(made[:13], replace(made[13], events=EventBudget(80.0, 1e-9)), "ledger")
    weeks = [replace(item, window=f"W{number}") for number, item in enumerate(made[:13])]
    check_events(weeks, made[13], "ledger")


def test_the_ceiling_is_reached_and_not_passed() -> None:
    limit = LifetimeFilter.of(EVENTS.epsilon, EVENTS.delta)
    cost = add_charges([event()])
    assert limit.capacity == pytest.approx(EVENTS.epsilon - conversion(EVENTS.delta / 4)[limit.index])
    at = np.tile(cost.curves[0] * (limit.capacity / cost.curves[0][limit.index]), (2, 1)) * (1 - 1e-12)
    assert admits(EventCost(at), EVENTS)
    for kind in range(2):
        above = at.copy()
        above[kind] *= 1 + 1e-9
        assert not admits(EventCost(above), EVENTS), "either kind may be the dearest"
    most = EVENTS.delta * 0.75
    assert admits(add_charges([event(delta=most)]), EVENTS)
    assert not admits(add_charges([event(delta=math.nextafter(most, 1))]), EVENTS)
    assert EventCost(at).epsilon(EVENTS.delta) <= EVENTS.epsilon, "the figure of record is never above the ceiling"


def test_a_release_that_costs_no_event_anything_is_never_refused_for_events() -> None:
    spent = [release(f"r{n}", event(step=Gaussian(0.1))) for n in range(3)]
    with pytest.raises(BudgetError):
        check_events(spent, release("more"), "ledger")
    check_events(spent, release("tables", replace(event(), unit=PrivacyUnit.USER)), "ledger")
    check_events(spent, replace(release("training"), events=None), "ledger")


@pytest.mark.parametrize(
    ("name", "fits", "beside"),
    [("epsilon", (0.01, 1000.0), (0.0099, 1000.1)), ("delta", (1e-16, 1e-3), (0.9e-16, 1.1e-3))],
)
def test_the_ceiling_is_a_setting_within_a_range(name: str, fits: tuple[float, ...], beside: tuple[float, ...]) -> None:
    for value in fits:
        made = event_budget_of(NoiseSettings(**{f"lifetime_event_{name}": value}))  # type: ignore[arg-type]
        assert getattr(made, name) == value
    for value in beside:
        with pytest.raises(UsageError, match=f"noise.lifetime_event_{name}"):
            NoiseSettings(**{f"lifetime_event_{name}": value})  # type: ignore[arg-type]
    assert event_budget_of(NoiseSettings()) == EVENTS
    assert list_loosened(NoiseSettings(lifetime_event_epsilon=64.5)) == (
        "noise.lifetime_event_epsilon=64.5 (policy: 64.0)",
    )
