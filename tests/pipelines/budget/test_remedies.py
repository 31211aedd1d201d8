"""Refusals of the budget: they name what ran out, and each change that they offer is accepted when it is followed."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from pipelines.budget import remedies
from pipelines.budget.pace import Pace, count_weeks_left
from pipelines.budget.release_plan import ReleasePlan, plan_release
from pipelines.budget.remedies import find_remedies, offer_training, render_remedies
from pipelines.config import RunConfig, load_config
from schemas.errors import BudgetError
from schemas.privacy import Adjacency, Charge, Gaussian, PrivacyUnit, Pure, Step
from tests.support.release_parts import ALL_PARTS, NO_PARTS
from transforms.noise.looser_settings import budget_of, event_budget_of
from transforms.privacy.composition import check_lifetime, check_release
from transforms.privacy.event_composition import check_events
from transforms.privacy.ledger import Ledger
from transforms.privacy.ledger_entries import Reservation

CHOICES = {
    "noise.model": ("learn", "prior"),
    "aggregates.naming": ("true", "false", "null"),
    "aggregates.counting": ("true", "false", "null"),
    "aggregates.people": ("null", "700", "800", "3000"),
    "noise.pointer": ("targets", "noise"),
    "noise.epsilon": ("0.5", "1"),
    "noise.lifetime_epsilon": ("2", "8"),
    "noise.lifetime_event_epsilon": ("16", "64"),
}
_WHOLE = load_config(None, ALL_PARTS, None)
Planned = Callable[[RunConfig], ReleasePlan]


@pytest.fixture(scope="module")
def planned() -> Planned:
    known: dict[str, ReleasePlan] = {}

    def plan(config: RunConfig) -> ReleasePlan:
        name = f"{config.noise} {config.aggregates}"
        if name not in known:
            known[name] = plan_release(config)
        return known[name]

    return plan


def charge(*steps: Step, delta: float = 0.0, unit: PrivacyUnit = PrivacyUnit.USER) -> Charge:
    return Charge("q", (), "m", unit, Adjacency.ADD_REMOVE, steps, delta)


def ledger_of(*charges: Charge) -> Ledger:
    budget = budget_of(RunConfig().noise)
    made = Ledger("0" * 16)
    for number, item in enumerate(charges):
        made = made.with_reservation(Reservation(f"r{number}", "d", "", "", budget, (item,), "2026-11-02T00:00:00Z"))
    return made


def ask(ledger: Ledger, config: RunConfig, planned: Planned) -> None:
    """Ask for a release as a run does; raise ``BudgetError`` where it is refused."""
    charges, budget = planned(config).charges(), budget_of(config.noise)
    check_release(charges, budget)
    check_lifetime(ledger.charges(), charges, budget, "ledger")
    asked = Reservation("a", "d", "", "", budget, charges, "2026-11-02T00:00:00Z", events=event_budget_of(config.noise))
    check_events(ledger.reservations(), asked, "ledger")


def test_each_offered_change_is_accepted_when_it_is_followed(planned: Planned, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(remedies, "plan_release", planned)
    drawn, refusals, followed = random.Random(18), 0, 0
    while refusals < 200:
        settings = [f"{name}={drawn.choice(values)}" for name, values in CHOICES.items()]
        config = load_config(None, settings, None)
        near = drawn.uniform(0.2, 1.2) * config.noise.lifetime_epsilon / 8
        ledger = ledger_of(
            charge(Gaussian(10.0, max(1, round(195 * near)))),
            charge(delta=drawn.uniform(0, 9e-7)),
            charge(Gaussian(drawn.uniform(0.1, 1.0)), unit=PrivacyUnit.EVENT),
        )
        try:
            ask(ledger, config, planned)
        except BudgetError:
            refusals += 1
            for remedy in find_remedies(config, ledger, None):
                words = remedy.words.split()[1::2]
                ask(ledger, load_config(None, [*settings, *words], None), planned)
                followed += 1
    assert followed > 300


@pytest.mark.parametrize(
    ("past", "named", "unnamed"),
    [
        (charge(delta=7.49e-7), "delta has run out", "has spent epsilon"),
        (charge(Gaussian(10.0, 194)), "epsilon has run out", "charges have spent delta"),
        (charge(Gaussian(10.0, 194), delta=7.49e-7), "epsilon and delta has run out", "nothing"),
    ],
)
def test_a_refusal_names_what_ran_out_and_nothing_else(
    past: Charge, named: str, unnamed: str, planned: Planned
) -> None:
    with pytest.raises(BudgetError) as caught:
        ask(ledger_of(past), _WHOLE, planned)
    assert named in str(caught.value)
    assert unnamed not in str(caught.value)
    assert "noise.epsilon=" not in str(caught.value)


def test_the_fiftieth_release_that_named_values_at_a_large_delta_is_told_what_helps(planned: Planned) -> None:
    settings = ["aggregates.rare_delta=3e-8", "noise.model=learn", "aggregates.rare_epsilon=0.7", *ALL_PARTS]
    config = load_config(None, settings, None)
    charges = planned(config).charges()
    full = ledger_of(*charges * 49)
    with pytest.raises(BudgetError, match="delta has run out"):
        ask(full, config, planned)
    text = render_remedies(find_remedies(config, full, None))
    assert text.startswith("it is accepted with --set aggregates.rare_delta=1e-09 or --set aggregates.naming=false; ")
    assert "the privacy owner may instead decide on --set noise.lifetime_delta=1e-05" in text


def test_where_nothing_helps_the_refusal_says_so() -> None:
    gone = ledger_of(charge(Gaussian(0.1), delta=1e-2))
    config = load_config(None, [*ALL_PARTS, "noise.lifetime_epsilon=32"], None)
    offered = find_remedies(config, gone, None)
    assert [remedy.words for remedy in offered] == ["--set aggregates.counting=false --set aggregates.naming=false"]
    assert "another key set" in render_remedies(())


@pytest.mark.parametrize("steps", [(Pure(6.0),), (Gaussian(1.1, 300, 0.01), Gaussian(0.8, 400, 0.02))])
def test_the_largest_training_that_is_offered_fits_and_a_larger_one_does_not(steps: tuple[Any, ...]) -> None:
    budget = replace(budget_of(RunConfig().noise), epsilon=6.0)
    past, asked = ledger_of(charge(Pure(6.0) if len(steps) == 1 else Gaussian(0.9))), charge(*steps)
    text = offer_training(past, asked, budget)
    if len(steps) == 1:
        assert text == "--epsilon 2 fits"
        return
    fits = int(text.split()[2])
    assert 0 < fits < 700
    for number, is_accepted in ((fits, True), (fits + 1, False)):
        cut = (Gaussian(1.1, min(300, number), 0.01), *((Gaussian(0.8, number - 300, 0.02),) if number > 300 else ()))
        try:
            check_lifetime(past.charges(), (charge(*cut),), budget, "ledger")
        except BudgetError:
            assert not is_accepted
        else:
            assert is_accepted


def test_a_training_that_does_not_fit_at_all_is_told_which_lifetime_would_do_or_that_none_does() -> None:
    budget = replace(budget_of(RunConfig().noise), epsilon=6.0)
    assert "noise.lifetime_epsilon=16" in offer_training(ledger_of(charge(Pure(8.0))), charge(Pure(6.0)), budget)
    assert offer_training(ledger_of(charge(Pure(40.0))), charge(Pure(6.0)), budget) == "nothing of it fits any more"


@pytest.mark.parametrize("delta", [1e-6, 0.1])
def test_a_training_whose_delta_alone_is_too_large_is_told_a_smaller_one_that_fits(delta: float) -> None:
    budget = replace(budget_of(RunConfig().noise), epsilon=1.0, lifetime_delta=1e-6)
    past, asked = ledger_of(charge(Pure(1.0), delta=6e-7)), charge(Pure(1.0), delta=delta)
    assert offer_training(past, asked, budget).startswith("--delta 1e-07 fits; steps of --history add up")
    check_lifetime(past.charges(), (replace(asked, delta=1e-7),), budget, "ledger")
    with pytest.raises(BudgetError):
        check_lifetime(past.charges(), (replace(asked, delta=1e-6),), budget, "ledger")
    assert offer_training(past, replace(asked, delta=0.5), budget) == "nothing of it fits any more"


def test_a_training_of_which_neither_epsilon_nor_delta_fits_alone_is_told_both() -> None:
    budget = replace(budget_of(RunConfig().noise), epsilon=8.0, lifetime_epsilon=8.0, lifetime_delta=1e-6)
    past, asked = ledger_of(charge(Pure(3.0))), charge(Pure(8.0), delta=1e-5)
    words = offer_training(past, asked, budget).split()
    assert words[0::2][:2] == ["--epsilon", "--delta"]
    epsilon, delta = float(words[1]), float(words[3])
    assert 4 < epsilon <= 5
    assert delta == pytest.approx(1e-7)
    check_lifetime(past.charges(), (charge(Pure(epsilon), delta=delta),), budget, "ledger")
    with pytest.raises(BudgetError):
        check_lifetime(past.charges(), (charge(Pure(epsilon + 0.001), delta=delta),), budget, "ledger")


def test_the_defaults_last_two_years_of_weeks_and_parts_that_are_off_cost_nothing(planned: Planned) -> None:
    assert count_weeks_left(ledger_of(), RunConfig()) in range(104, 120)
    assert count_weeks_left(ledger_of(), _WHOLE) == count_weeks_left(ledger_of(), RunConfig())
    assert count_weeks_left(ledger_of(), load_config(None, ["aggregates.people=300"], None)) is None
    off = load_config(None, NO_PARTS, None)
    assert planned(off).charges() == ()
    assert count_weeks_left(ledger_of(charge(Gaussian(0.1))), off) is None
    half = load_config(None, [*ALL_PARTS, "schedule.window_days=14"], None)
    assert count_weeks_left(ledger_of(), half) == 2 * (count_weeks_left(ledger_of(), _WHOLE) or 0)


def test_weeks_that_are_left_are_exactly_those_that_the_ledger_accepts(planned: Planned) -> None:
    charges, config = planned(_WHOLE).charges(), _WHOLE
    left = count_weeks_left(ledger_of(*charges * 100), config)
    assert left is not None
    ask(ledger_of(*charges * (100 + left - 1)), config, planned)
    with pytest.raises(BudgetError):
        ask(ledger_of(*charges * (100 + left)), config, planned)
    assert Pace.of(config).weeks(3) == 3
