"""Times are counted for their own unit, and nobody else's events matter."""

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.privacy import DayWindow, PrivacyUnit
from transforms.noise.batch import Batch
from transforms.noise.key_presses import strokes
from transforms.noise.population.observed_times import COUNTS_SCHEMA, Observations, cells, counts, merge_counts, observe
from transforms.noise.population.quantities import CELLS, EDGES, FIRST_CELL, SHARE, Quantity

Row = dict[str, Any]
Build = Callable[..., pa.Table]
DAY_US = 86_400_000_000


def seen(table: pa.Table) -> list[tuple[Quantity, int]]:
    batch = Batch.of(table)
    found = observe(batch, strokes(batch))
    return sorted(zip(map(Quantity, found.quantity.tolist()), found.value.tolist(), strict=True))


def key(action: str, name: str, t_ms: int | None, code: str | None = None) -> Row:
    t_us = None if t_ms is None else 1000 * t_ms
    return {"kind": "key", "action": action, "key": name, "code": code or name, "modifiers": [], "t_us": t_us}


def test_every_kind_of_time_has_its_quantity(build: Build) -> None:
    rows = [
        {"kind": "focus", "app": "Mail", "t_us": 0},
        key("down", "a", 500),
        key("down", " ", 620),
        key("up", "a", 640),
        key("up", " ", 700),
        key("down", "7", 900),
        key("up", "7", 990),
        key("down", "Enter", 1200),
        key("up", "Enter", 1290),
        key("down", "Shift", 1500),
        key("up", "Shift", 1800),
        {"kind": "text_input", "text": "a 7"},
        {"kind": "pointer", "action": "move", "t_us": 3_000_000, "span_us": 400_000, "dx": 300.0, "dy": 400.0},
        {"kind": "pointer", "action": "down", "t_us": 3_100_000},
        {"kind": "pointer", "action": "scroll", "t_us": 3_500_000},
        {"kind": "pointer", "action": "scroll", "t_us": 3_530_000},
        {"kind": "screen", "text": "x", "t_us": 4_000_000},
        {"kind": "focus", "app": "Web", "t_us": 6_000_000},
    ]
    assert seen(build(rows)) == sorted(
        [
            (Quantity.HOME, 500),
            (Quantity.INTERVAL_SPACE, 120),
            (Quantity.DWELL_LETTER, 140),
            (Quantity.DWELL_SPACE, 80),
            (Quantity.INTERVAL_SIGN, 280),
            (Quantity.DWELL_SIGN, 90),
            (Quantity.INTERVAL_NAMED, 300),
            (Quantity.DWELL_NAMED, 90),
            (Quantity.INTERVAL_MODIFIER, 300),
            (Quantity.DWELL_MODIFIER, 300),
            (Quantity.PAUSE, 1100),
            (Quantity.DURATION, 400),
            (Quantity.SPEED, 1250),
            (Quantity.CLICK, 100),
            (Quantity.HOME, 400),
            (Quantity.CLICK, 30),
            (Quantity.REACT, 470),
            (Quantity.SWITCH, 2000),
        ]
    )


def test_a_held_key_repeats(build: Build) -> None:
    rows = [key("down", "a", 0), key("down", "a", 500), key("down", "a", 533), key("up", "a", 600)]
    assert seen(build(rows)) == [(Quantity.DWELL_LETTER, 67), (Quantity.REPEAT, 33), (Quantity.REPEAT, 500)]


def test_what_surrounds_a_surrogate_counts_no_time_across_it(build: Build) -> None:
    rows = [
        key("down", "a", 0),
        {**key("down", "z", None), "synthetic": True},
        {**key("up", "z", None), "synthetic": True},
        key("down", "b", 4000),
        key("down", "c", 4100),
    ]
    assert seen(build(rows)) == [(Quantity.INTERVAL_LETTER, 100)]


def test_sessions_without_times_count_nothing(build: Build) -> None:
    rows = [key("down", "a", None), key("up", "a", None), {"kind": "pointer", "action": "move", "dx": 1.0, "dy": 1.0}]
    assert counts(build(rows), PrivacyUnit.USER).equals(COUNTS_SCHEMA.empty_table())


TIMES = st.lists(st.integers(-(10**6), 10**17), min_size=2, max_size=12)


@given(first=TIMES, second=TIMES)
def test_any_times_fall_into_bins_and_sessions_do_not_mix(first: list[int], second: list[int], build: Build) -> None:
    sessions = [
        [
            {**key(action, letter, None), "t_us": t_us}
            for t_us, action, letter in zip(times, "down up".split() * 6, "aabbccddeeff", strict=False)
        ]
        for times in (first, second)
    ]
    apart = [
        counts(build(session, names=(name,)), PrivacyUnit.USER) for session, name in zip(sessions, "xy", strict=True)
    ]
    together = merge_counts([counts(build(*sessions, names=("x", "y")), PrivacyUnit.USER)])
    assert sorted(together.to_pylist(), key=str) == sorted(merge_counts(apart).to_pylist(), key=str)
    assert all(0 <= cell < len(CELLS) for cell in together["cell"].to_pylist())


def test_user_days_are_the_days_on_which_sessions_begin(build: Build) -> None:
    window = DayWindow(date(1970, 1, 2), date(1970, 1, 3))
    sessions = [
        [{**key("down", letter, None), "t_us": day * DAY_US - shift} for letter, shift in (("a", 5_000), ("b", -5_000))]
        for day in (1, 2, 3, 4)
    ]
    table = build(*sessions)
    found = counts(table, PrivacyUnit.USER_DAY, window)
    assert sorted(found["unit"].to_pylist()) == ["user-beta/1", "user-gamma/2"]
    assert counts(table, PrivacyUnit.USER_DAY).num_rows == 0
    assert sorted(counts(table, PrivacyUnit.USER)["unit"].to_pylist()) == [
        f"user-{name}" for name in ("alpha", "beta", "delta", "gamma")
    ]


@pytest.mark.parametrize("quantity", list(Quantity))
def test_each_value_counts_in_its_bin_and_what_lies_beyond_them_in_the_first_or_last(quantity: Quantity) -> None:
    edges = EDGES[quantity]
    beside = sorted({edge + step for edge in edges for step in (-1, 0, 1)} | {-(10**9), 10**9})
    places = [max((at for at, low in enumerate(edges[:-1]) if low <= value), default=0) for value in beside]
    numbers = np.full(len(beside), quantity, dtype=np.int64)
    found = cells(Observations(np.zeros_like(numbers), numbers, np.array(beside, dtype=np.int64)))
    assert found.tolist() == [FIRST_CELL[quantity] + place for place in places]


def test_what_most_of_typing_is_has_most_of_the_budget() -> None:
    assert SHARE[Quantity.INTERVAL_LETTER] == 4
    assert SHARE[Quantity.INTERVAL_SPACE] == SHARE[Quantity.DWELL_LETTER] == 2
    others = set(Quantity) - {Quantity.INTERVAL_LETTER, Quantity.INTERVAL_SPACE, Quantity.DWELL_LETTER}
    assert {SHARE[quantity] for quantity in others} == {1}
