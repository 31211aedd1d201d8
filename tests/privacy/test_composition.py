import math
import random
from datetime import date, timedelta
from typing import Any

import pytest

from schemas.errors import RefusedError
from schemas.privacy import Adjacency, Charge, DayWindow, Gaussian, PrivacyUnit, Pure, Step
from transforms.privacy.accountant import calibrate, epsilon_of
from transforms.privacy.budget import Budget
from transforms.privacy.composition import (
    Cost,
    LifetimeFilter,
    check_lifetime,
    check_release,
    compose_user_cost,
    compute_epsilon,
)

MONDAY = date(2026, 11, 16)
BUDGET = Budget(PrivacyUnit.USER, 1.0, 1e-7, 8.0, 1e-6)


def week(number: int, days: int = 7) -> DayWindow:
    first = MONDAY + timedelta(days=7 * number)
    return DayWindow(first, first + timedelta(days=days - 1))


def user(*steps: Step, delta: float = 0.0) -> Charge:
    return Charge("q", (), "m", PrivacyUnit.USER, Adjacency.ADD_REMOVE, steps, delta)


def days(window: DayWindow, *steps: Step, delta: float = 0.0) -> Charge:
    return Charge("q", (), "m", PrivacyUnit.USER_DAY, Adjacency.ADD_REMOVE, steps, delta, window)


def event(*steps: Step) -> Charge:
    return Charge("q", (), "m", PrivacyUnit.EVENT, Adjacency.REPLACE, steps)


def test_events_cost_no_user_anything() -> None:
    assert compose_user_cost([event(Gaussian(0.1))]) == Cost()
    assert compute_epsilon([event(Gaussian(0.1)), user(Gaussian(5.0))], PrivacyUnit.USER, 1e-6) == epsilon_of(
        [Gaussian(5.0)], 1e-6
    )


def test_releases_for_users_compose_one_after_another() -> None:
    assert compute_epsilon([user(Gaussian(5.0))] * 7, PrivacyUnit.USER, 1e-6) == pytest.approx(
        epsilon_of([Gaussian(5.0, 7)], 1e-6)
    )


def test_disjoint_windows_compose_in_parallel_for_a_user_day_and_in_sequence_for_a_user() -> None:
    daily = [days(week(number, days=1), Gaussian(18.56)) for number in range(30)]
    assert compute_epsilon(daily, PrivacyUnit.USER_DAY, 1e-6) == epsilon_of([Gaussian(18.56)], 1e-6)
    assert compute_epsilon(daily, PrivacyUnit.USER, 1e-6) == pytest.approx(epsilon_of([Gaussian(18.56, 30)], 1e-6))
    assert compute_epsilon(daily, PrivacyUnit.USER, 1e-6) == pytest.approx(1.46, abs=0.1)  # exact figure: 1.37


def test_overlapping_windows_meet_on_the_worst_day() -> None:
    overlapping = [days(week(0), Gaussian(10.0)), days(week(0, days=3), Gaussian(5.0)), days(week(1), Gaussian(8.0))]
    worst = epsilon_of([Gaussian(10.0), Gaussian(5.0)], 1e-6)
    assert compute_epsilon(overlapping, PrivacyUnit.USER_DAY, 1e-6) == worst
    assert compute_epsilon([*overlapping, user(Gaussian(20.0))], PrivacyUnit.USER_DAY, 1e-6) > worst
    assert compute_epsilon([user(Gaussian(20.0))], PrivacyUnit.USER_DAY, 1e-6) == epsilon_of([Gaussian(20.0)], 1e-6)
    assert compute_epsilon([], PrivacyUnit.USER_DAY, 1e-6) == 0


def test_a_user_pays_for_a_window_as_a_group_of_its_days() -> None:
    assert compose_user_cost([days(week(0), Gaussian(14.0, 2), Pure(0.01))]) == Cost((Gaussian(2.0, 2), Pure(0.07)))
    assert compose_user_cost([days(week(0), Gaussian(14.0, 1, 0.5))]) == Cost((Gaussian(2.0),))


def test_a_group_pays_more_delta_than_its_size_times_one() -> None:
    cost = compose_user_cost([days(week(0), Pure(0.5), delta=1e-9)])
    (step,) = cost.steps
    assert isinstance(step, Pure)
    assert step.epsilon == pytest.approx(7 * 0.5, rel=1e-2)
    # (e^(7 eps) - 1) / (e^eps - 1) of (0.5, 2e-9)-DP
    assert cost.delta == pytest.approx(2e-9 * math.expm1(3.5) / math.expm1(0.5), rel=1e-2)
    hopeless = compose_user_cost([days(DayWindow(MONDAY, MONDAY + timedelta(days=3650)), Pure(3.0), delta=1e-9)])
    assert hopeless.epsilon(1e-6) == math.inf


def test_the_deltas_of_charges_are_taken_from_the_whole() -> None:
    charges = [user(Gaussian(5.0), delta=4e-7), user(delta=4e-7)]
    assert compute_epsilon(charges, PrivacyUnit.USER, 1e-6) == pytest.approx(epsilon_of([Gaussian(5.0)], 2e-7))
    assert compute_epsilon([*charges, user(delta=4e-7)], PrivacyUnit.USER, 1e-6) == math.inf
    assert compose_user_cost(charges).delta == 8e-7


def test_pure_steps_alone_also_add_up() -> None:
    assert Cost((Pure(0.5), Pure(0.1, 2)), 1e-7).epsilon(1e-7) == pytest.approx(0.7)
    assert Cost((Pure(0.01, 1000),)).epsilon(1e-6) < 2
    assert Cost((Pure(0.5), Gaussian(5.0)), 1e-7).epsilon(1e-7) == math.inf
    assert Cost((Pure(0.5),), 2e-7).epsilon(1e-7) == math.inf


def test_pure_steps_alone_are_admitted_by_their_sum() -> None:
    limit = LifetimeFilter.of(8.0, 1e-6)
    assert limit.admits(Cost((Pure(6.0), Pure(2.0)), 1e-7))
    assert not limit.admits(Cost((Pure(6.0), Pure(2.1)), 1e-7))
    assert not limit.admits(Cost((Pure(6.0), Gaussian(50.0))))
    assert limit.admits(Cost((Pure(0.02, 1000),)))


@pytest.mark.parametrize("seed", range(8))
def test_what_the_filter_admits_never_passes_the_budget_and_for_gaussians_little_is_left(seed: int) -> None:
    drawn = random.Random(seed)
    epsilon, delta = drawn.choice([(8.0, 1e-6), (1.0, 1e-8), (4.0, 1e-6), (0.3, 1e-6)])
    limit, charges = LifetimeFilter.of(epsilon, delta), list[Charge]()
    while True:
        step = Gaussian(drawn.uniform(20, 40) / epsilon, drawn.randint(1, 3))
        if not limit.admits(compose_user_cost([*charges, user(step)])):
            break
        charges.append(user(step))
    assert 0.85 * epsilon < compute_epsilon(charges, PrivacyUnit.USER, delta) <= epsilon
    assert epsilon_of([*compose_user_cost(charges).steps, step], delta / 4) > epsilon


def test_the_deltas_of_charges_and_the_conversion_never_share_the_same_delta() -> None:
    limit, number = LifetimeFilter.of(8.0, 1e-6), 1
    while limit.admits(Cost((Gaussian(20.0, number + 1),), 7.5e-7)):
        number += 1
    assert 7.9 < Cost((Gaussian(20.0, number),), 7.5e-7).epsilon(1e-6) <= 8.0


def test_what_fits_now_fits_and_a_little_more_does_not() -> None:
    limit, paid = LifetimeFilter.of(8.0, 1e-6), compose_user_cost([user(Gaussian(4.5, 32))])
    fits = limit.fits_now(paid, 1e-7)
    assert 0.5 < fits < 8
    for epsilon, admitted in ((fits, True), (fits * 1.01, False)):
        sigma = calibrate(epsilon, 1e-7, 1000.0)
        assert limit.admits(Cost((*paid.steps, Gaussian(float(sigma) / 1000)))) is admitted


def test_nothing_fits_where_the_budget_or_its_delta_is_gone() -> None:
    limit = LifetimeFilter.of(8.0, 1e-6)
    assert limit.fits_now(compose_user_cost([user(Gaussian(0.5))]), 1e-7) == 0.0
    assert limit.fits_now(compose_user_cost([user(delta=8e-7)]), 1e-7) == 0.0
    assert not limit.admits(Cost((), 8e-7))
    assert limit.admits(Cost((), 7e-7))
    assert limit.fits_now(Cost(), 1e-7) == 8.0


def test_a_release_above_its_own_budget_is_refused() -> None:
    sigma = float(calibrate(1.0, 1e-7, 1000.0)) / 1000
    check_release([user(Gaussian(sigma)), event(Gaussian(0.1))], BUDGET)
    with pytest.raises(RefusedError, match=r"epsilon 1\.\d+ at delta 1e-07 for one user, and noise.epsilon is 1$"):
        check_release([user(Gaussian(sigma * 0.99))], BUDGET)
    with pytest.raises(RefusedError, match="protected for a user-day only"):
        check_release([days(week(0), Gaussian(50.0))], BUDGET)
    check_release([days(week(0), Gaussian(sigma))], Budget(PrivacyUnit.USER_DAY, 1.0, 1e-7, 8.0, 1e-6))


def test_a_refusal_names_what_is_spent_of_what_ran_out_and_that_it_never_renews() -> None:
    past = [user(Gaussian(4.5, 36))]
    with pytest.raises(RefusedError) as caught:
        check_lifetime(past, [user(Gaussian(1.0))], BUDGET, "/private/ledger.jsonl")
    says = str(caught.value)
    assert "/private/ledger.jsonl" in says
    assert "epsilon has run out: one user has spent epsilon" in says
    assert "noise.lifetime_epsilon=8" in says
    assert "will not fit on any later day" in says


def test_a_release_for_events_only_fits_even_an_empty_purse() -> None:
    check_lifetime([user(Gaussian(0.5))], [event(Gaussian(0.5))], BUDGET, "ledger")


def test_adding_a_charge_never_lowers_a_figure() -> None:
    drawn = random.Random(1)
    charges: list[Charge] = []
    figures: list[tuple[Any, Any]] = []
    for _ in range(12):
        window = week(drawn.randint(0, 2), days=drawn.randint(1, 9))
        charges.append(drawn.choice([user(Gaussian(9.0)), days(window, Gaussian(30.0)), days(window, Pure(0.01))]))
        figures.append(
            (compute_epsilon(charges, PrivacyUnit.USER, 1e-6), compute_epsilon(charges, PrivacyUnit.USER_DAY, 1e-6))
        )
    assert [a for a, _ in figures] == sorted(a for a, _ in figures)
    assert [b for _, b in figures] == sorted(b for _, b in figures)
    assert all(b <= a for a, b in figures)


@pytest.mark.parametrize(
    ("past", "added"),
    [
        (Cost(), Cost((Gaussian(10.0),), 5e-9)),
        (Cost((Gaussian(9.0, 20),), 1e-8), Cost((Gaussian(10.0),), 1.5e-8)),
        (Cost((Pure(1.0),)), Cost((Pure(0.5),))),
        (Cost((Pure(1.0),)), Cost((Pure(0.05),))),
        (Cost((Gaussian(0.5),)), Cost((Gaussian(10.0),))),
        (Cost((), 7.5e-7), Cost((Gaussian(50.0),), 1e-9)),
    ],
)
def test_the_releases_that_are_left_fit_and_one_more_does_not(past: Cost, added: Cost) -> None:
    limit = LifetimeFilter.of(8.0, 1e-6)
    left = limit.releases_left(past, added)
    assert left is not None
    for number, fits in ((left, True), (left + 1, False)):
        total = Cost((*past.steps, *added.steps * number), past.delta + added.delta * number)
        assert limit.admits(total) is (fits and (number > 0 or limit.admits(past)))


def test_what_costs_nothing_has_no_last_release() -> None:
    assert LifetimeFilter.of(8.0, 1e-6).releases_left(Cost((Gaussian(0.1),)), Cost()) is None


def test_a_shortage_names_epsilon_delta_or_both() -> None:
    limit = LifetimeFilter.of(8.0, 1e-6)
    assert limit.shortages(Cost((Gaussian(10.0),), 7.5e-7)) == ()
    assert limit.shortages(Cost((Gaussian(10.0),), 7.6e-7)) == ("delta",)
    assert limit.shortages(Cost((Gaussian(0.1),))) == ("epsilon",)
    assert limit.shortages(Cost((Gaussian(0.1),), 7.6e-7)) == ("epsilon", "delta")


@pytest.mark.parametrize(("number", "times", "delta"), [(0, [], 0.0), (1, [2], 1e-8), (3, [6], 3e-8)])
def test_a_cost_is_multiplied_by_a_number_of_releases(number: int, times: list[int], delta: float) -> None:
    made = Cost((Gaussian(1.0, 2),), 1e-8).multiply(number)
    assert ([step.times for step in made.steps], made.delta) == (times, pytest.approx(delta))
