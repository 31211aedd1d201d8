import pytest

from schemas.privacy import Adjacency, Pointer, PrivacyUnit
from transforms.noise.charges import plan_charges
from transforms.noise.plan import plan
from transforms.noise.settings import NoiseSettings, Timing
from transforms.noise.statements import statements
from transforms.privacy.accountant import epsilon_of
from transforms.privacy.mechanisms import discrete_laplace
from transforms.privacy.uniform_words import words

NOISY = plan(NoiseSettings(timing=Timing.NOISE, pointer=Pointer.NOISE))


def test_every_noised_group_is_charged_at_most_what_its_statement_says_and_nearly_all_of_it() -> None:
    said = {columns: item for item in statements(NOISY) for columns in item.columns}
    charges = plan_charges(NOISY)
    assert [charge.label for charge in charges] == ["pointer positions", "scrolls", "times"]
    for charge in charges:
        statement = said[charge.columns[-1]]
        spent = epsilon_of(charge.steps, statement.delta - charge.delta)
        assert 0.9 * statement.epsilon < spent <= statement.epsilon


def test_every_charge_keeps_a_millionth_of_its_own_delta_for_the_tables() -> None:
    settings = NoiseSettings(timing=Timing.NOISE, pointer=Pointer.NOISE, pointer_delta=2e-7, timing_delta=3e-7)
    positions, scrolls, times = plan_charges(plan(settings))
    assert positions.delta == scrolls.delta == pytest.approx(2e-13, rel=1e-12)
    assert times.delta == pytest.approx(3e-13, rel=1e-12)


def test_events_are_never_charged_to_people() -> None:
    assert {charge.unit for charge in plan_charges(NOISY)} == {PrivacyUnit.EVENT}
    assert {charge.adjacency for charge in plan_charges(NOISY)} == {Adjacency.REPLACE}


def test_synthetic_times_charge_nothing() -> None:
    charges = plan_charges(plan(NoiseSettings(model="prior", pointer=Pointer.NOISE)))
    assert [charge.label for charge in charges] == ["pointer positions", "scrolls"]


def test_positions_in_targets_charge_nothing() -> None:
    assert plan_charges(plan(NoiseSettings(model="prior"))) == ()


def test_expected_errors_are_those_of_the_draws() -> None:
    positions, scrolls, times = plan_charges(NOISY)
    assert "error 4,305 px" in positions.expected_error  # 1,349 cells of 4 px, sqrt(2 / pi) of it
    assert "1,198 ms an interval, 599 ms a dwell" in times.expected_error
    assert NOISY.pointer is not None
    draws = discrete_laplace(NOISY.pointer.scroll_scale).draw(words(bytes(32), [b"scroll"], [100_000]))
    share = float(scrolls.expected_error.rsplit(" ", 1)[1])
    # a proportion near 0.55 of 100,000: five standard errors are 0.008, rounding 0.005; false alarm 6e-7
    assert (draws == 0).mean() == pytest.approx(share, abs=0.013)
