from collections.abc import Callable

import pytest

from schemas.privacy import Pointer, RunKey
from transforms.noise import statements
from transforms.noise.plan import NoisePlan
from transforms.noise.settings import NoiseSettings, Timing
from transforms.privacy import accountant

Make = Callable[..., NoisePlan]


def test_synthetic_times_spend_nothing_and_say_what_shows(make_plan: Make) -> None:
    timing, *_ = statements.statements(make_plan())
    assert (timing.epsilon, timing.delta) == (0.0, 0.0)
    assert "fitted to no recording" in timing.mechanism
    assert any("order" in sentence for sentence in timing.not_covered)


def test_dropped_times_say_so(make_plan: Make) -> None:
    timing, *_ = statements.statements(make_plan(NoiseSettings(timing=Timing.DROP)))
    assert "null" in timing.mechanism


def test_noised_times_name_unit_bounds_and_scales(make_plan: Make) -> None:
    timing, *_ = statements.statements(make_plan(NoiseSettings(timing=Timing.NOISE, flight_clip_ms=900)))
    assert (timing.epsilon, timing.delta) == (8.0, 1e-10)
    assert "one input event" in timing.privacy_unit
    assert "0..900 ms" in timing.bounds
    assert "sigma 50.000 ms" in timing.mechanism
    assert any("guarantee for one event" in sentence for sentence in timing.not_covered)


def test_positions_and_scrolls_share_the_budget_of_one_event(make_plan: Make) -> None:
    _, positions, scrolls = statements.statements(make_plan(NoiseSettings(pointer=Pointer.NOISE, pointer_epsilon=4.0)))
    assert positions.epsilon == scrolls.epsilon == 4.0
    assert positions.adjacency == scrolls.adjacency
    assert "together" in scrolls.accountant


def test_a_radius_is_part_of_the_claim(make_plan: Make) -> None:
    _, positions, scrolls = statements.statements(
        make_plan(NoiseSettings(pointer=Pointer.RADIUS, pointer_radius_px=64))
    )
    for statement in (positions, scrolls):
        assert "any other within 64 px" in statement.adjacency
        assert "part of the screen it was in shows" in statement.adjacency


@pytest.mark.parametrize(("run_key", "word"), [(RunKey.EPHEMERAL, "destroyed"), (RunKey.DERIVED, "derived again")])
def test_the_fate_of_the_key_is_part_of_the_claim(run_key: RunKey, word: str, make_plan: Make) -> None:
    _, positions, _ = statements.statements(make_plan(NoiseSettings(pointer=Pointer.NOISE, run_key=run_key)))
    assert word in positions.assumption


def test_positions_in_targets_are_stated_as_drawn_from_released_rows(make_plan: Make) -> None:
    _, places = statements.statements(make_plan(NoiseSettings()))
    assert (places.epsilon, places.delta) == (0.0, 0.0)
    assert places.columns == ("x", "y", "to_x", "to_y")
    assert any("identify people" in sentence for sentence in places.not_covered)


def test_the_named_orders_are_the_ones_in_use() -> None:
    assert f"orders {accountant.ORDERS[0]:g} to {accountant.ORDERS[-1]:,.0f}" in statements.ACCOUNTANT
