"""Brute force over small worlds: replace one source event in every way and compare what is released before noise."""

import itertools
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from transforms.noise.batch import Batch
from transforms.noise.key_presses import strokes
from transforms.noise.plan import NoisePlan
from transforms.noise.pointer import cells, directions
from transforms.noise.released_times import UNKNOWN, recorded_times
from transforms.noise.sensitivity import SCROLL_L1, position_l2, timing_l2
from transforms.noise.settings import NoiseSettings, Timing

Build = Callable[..., pa.Table]
SMALL = NoiseSettings(pointer_grid_px=16, screen_width_px=80, screen_height_px=64)
PLACES = [(x, y) for x in (-500.0, 0.0, 17.3, 47.999, 48.0, 79.0, 1e6) for y in (-0.1, 31.0, 63.0, 900.0)]


def segment_cells(places: list[tuple[float, float]], plan: NoisePlan, *, shared: bool) -> np.ndarray:
    """All released positions of a path: a segment from each move to the next (ends shared), or one over all of it."""
    pairs = list(itertools.pairwise(places)) if shared else [(places[0], places[-1])]
    start, end = (np.array([pair[side] for pair in pairs]) for side in (0, 1))
    moved = end - start
    return np.concatenate(
        [cells(end[:, 0], end[:, 1], plan), cells(end[:, 0] - moved[:, 0], end[:, 1] - moved[:, 1], plan)]
    )


@pytest.mark.parametrize("shared", [True, False])
@pytest.mark.parametrize("replaced", [0, 1, 2])
def test_one_move_changes_segments_by_at_most_the_bound(
    shared: bool, replaced: int, make_plan: Callable[..., NoisePlan]
) -> None:
    plan, bound = make_plan(SMALL), position_l2(80, 64, 16)
    farthest = 0.0
    for before, after in itertools.product(PLACES, PLACES):
        path = [(20.0, 20.0), (33.3, 40.1), (60.0, 5.0)]
        path[replaced] = before
        first = segment_cells(path, plan, shared=shared)
        path[replaced] = after
        farthest = max(farthest, float(np.linalg.norm(first - segment_cells(path, plan, shared=shared))))
    assert farthest <= bound
    if shared and replaced == 1:
        assert farthest == pytest.approx(math.sqrt(2 * (4**2 + 3**2)))  # both ends across the whole screen
        assert bound == pytest.approx(math.sqrt(farthest**2 + 2))


@pytest.mark.parametrize("radius_px", [8, 20, 50, 300])
@pytest.mark.parametrize("shared", [True, False])
def test_within_a_radius_one_move_changes_segments_by_at_most_the_narrower_bound(
    shared: bool, radius_px: int, make_plan: Callable[..., NoisePlan]
) -> None:
    plan, bound = make_plan(SMALL), position_l2(80, 64, 16, radius_px=radius_px)
    ways = [(math.cos(angle), math.sin(angle)) for angle in np.linspace(0, 2 * math.pi, 24)]
    farthest = 0.0
    for (x, y), (across, down), share in itertools.product(PLACES, ways, (0.5, 1.0)):
        path = [(20.0, 20.0), (x, y), (60.0, 5.0)]
        first = segment_cells(path, plan, shared=shared)
        path[1] = (x + share * radius_px * across, y + share * radius_px * down)
        farthest = max(farthest, float(np.linalg.norm(first - segment_cells(path, plan, shared=shared))))
    assert farthest <= bound <= position_l2(80, 64, 16)


def test_a_click_changes_one_position(make_plan: Callable[..., NoisePlan]) -> None:
    plan = make_plan(SMALL)
    x, y = (np.array([place[axis] for place in PLACES]) for axis in (0, 1))
    found = cells(x, y, plan)
    farthest = np.linalg.norm(found[:, None] - found[None, :], axis=2).max()
    assert farthest == pytest.approx(position_l2(80, 64, 16, positions=1))
    assert found.min() == 0


def test_a_scroll_changes_a_direction_by_at_most_two() -> None:
    values = [-1e9, -3.0, -0.0, 0.0, 1e-9, 2.0, math.nan]
    dx, dy = (np.array(side) for side in zip(*itertools.product(values, values), strict=True))
    found = directions(dx, dy)
    assert np.abs(found).sum(axis=1).max() == 1
    assert np.abs(found[:, None] - found[None, :]).sum(axis=2).max() == SCROLL_L1


def presses(times_ms: list[int]) -> list[dict[str, Any]]:
    """Three overlapping presses and a click: times of a down, a up, b down, b up, c down, c up, click."""
    order = [("down", "a"), ("down", "b"), ("up", "a"), ("down", "c"), ("up", "b"), ("up", "c")]
    at = dict(
        zip(
            [("down", "a"), ("up", "a"), ("down", "b"), ("up", "b"), ("down", "c"), ("up", "c")], times_ms, strict=False
        )
    )
    rows = [
        {"kind": "key", "action": action, "key": key, "code": f"Key{key.upper()}", "t_us": at[action, key] * 1000}
        for action, key in order
    ]
    return [*rows, {"kind": "pointer", "action": "click", "x": 1.0, "y": 1.0, "t_us": times_ms[6] * 1000}]


def released_ms(build: Build, plan: NoisePlan, times_ms: list[int]) -> tuple[np.ndarray, np.ndarray]:
    batch = Batch.of(build(presses(times_ms)))
    return recorded_times(batch, strokes(batch), plan)


GRID = (0, 3, 7, 11, 14, 30)


@pytest.mark.parametrize("event", [0, 1, 2, 3])
def test_one_event_moves_two_intervals_and_a_dwell(
    event: int, build: Build, make_plan: Callable[..., NoisePlan]
) -> None:
    plan = make_plan(NoiseSettings(timing=Timing.NOISE, flight_clip_ms=10, dwell_clip_ms=6))
    base = [5, 12, 10, 16, 15, 22, 25]
    own = slice(2 * event, min(2 * event + 2, 7))
    scaled, moved = [], []
    outcomes = []
    for replaced in itertools.product(GRID, repeat=own.stop - own.start):
        times = list(base)
        times[own] = replaced
        outcomes.append(released_ms(build, plan, times))
    for first, second in itertools.combinations(outcomes, 2):
        gaps, dwells = first[0] - second[0], first[1] - second[1]
        scaled.append(math.sqrt(((gaps / timing_l2(10)) ** 2).sum() + ((dwells / timing_l2(6)) ** 2).sum()))
        moved.append(np.count_nonzero(gaps) + np.count_nonzero(dwells))
    assert max(scaled) <= 1.0
    assert (
        max(moved) == {0: 2, 1: 3, 2: 3, 3: 1}[event]
    )  # the first press has no interval before it, the click none after


def test_a_second_release_of_one_press_has_no_dwell(build: Build, make_plan: Callable[..., NoisePlan]) -> None:
    rows = [
        {"kind": "key", "action": action, "key": "Shift", "code": "ShiftLeft", "t_us": t_us}
        for action, t_us in (("down", 0), ("up", 4000), ("up", 5000))
    ]
    batch = Batch.of(build(rows))
    _, dwells = recorded_times(batch, strokes(batch), make_plan(NoiseSettings(timing=Timing.NOISE)))
    assert dwells.tolist() == [4, UNKNOWN]
