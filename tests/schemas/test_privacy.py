from datetime import date
from typing import Any

import pytest

from schemas.errors import UsageError
from schemas.privacy import Adjacency, Charge, DayWindow, Gaussian, PrivacyUnit, Pure

NAN, INFINITE = float("nan"), float("inf")
WEEK = DayWindow(date(2026, 11, 16), date(2026, 11, 22))


@pytest.mark.parametrize("multiplier", [-5.0, 0.0, NAN, INFINITE, "1", True])
def test_a_multiplier_that_is_none_is_refused(multiplier: Any) -> None:
    with pytest.raises(UsageError, match="account refuses"):
        Gaussian(multiplier)


@pytest.mark.parametrize("times", [0, -1, 1.5, True])
def test_a_count_that_is_none_is_refused(times: Any) -> None:
    with pytest.raises(UsageError, match="account refuses"):
        Gaussian(1.0, times)
    with pytest.raises(UsageError, match="account refuses"):
        Pure(1.0, times)


@pytest.mark.parametrize("rate", [0.0, -0.1, 1.5, NAN])
def test_a_sample_rate_that_is_none_is_refused(rate: float) -> None:
    with pytest.raises(UsageError, match="account refuses"):
        Gaussian(1.0, 1, rate)


@pytest.mark.parametrize("epsilon", [0.0, -1.0, NAN, INFINITE])
def test_a_pure_epsilon_that_is_none_is_refused(epsilon: float) -> None:
    with pytest.raises(UsageError, match="account refuses"):
        Pure(epsilon)


def test_a_window_counts_both_ends_and_does_not_run_backwards() -> None:
    assert WEEK.days == 7
    with pytest.raises(UsageError, match="first day"):
        DayWindow(WEEK.last, WEEK.first)


@pytest.mark.parametrize(
    "wrong",
    [
        {"unit": PrivacyUnit.USER_DAY},
        {"window": WEEK},
        {"label": ""},
        {"delta": 1.0},
        {"delta": -1e-9},
        {"delta": NAN},
        {"steps": (Gaussian(1.0, 1, 0.5),)},
    ],
)
def test_a_charge_that_contradicts_itself_is_refused(wrong: dict[str, Any]) -> None:
    right: dict[str, Any] = {
        "label": "dwell",
        "columns": ("t_ms",),
        "mechanism": "discrete Gaussian",
        "unit": PrivacyUnit.USER,
        "adjacency": Adjacency.REPLACE,
        "steps": (Gaussian(2.0),),
    }
    Charge(**right)
    with pytest.raises(UsageError, match="account refuses"):
        Charge(**(right | wrong))
