import math
from itertools import pairwise
from statistics import mean

from hypothesis import given
from hypothesis import strategies as st

from keyveil.motion import path
from keyveil.motion.trajectory import SAMPLE_MS

COORDINATES = st.integers(-(10**5), 10**5)
POINTS = st.tuples(COORDINATES, COORDINATES)


@given(POINTS, POINTS, st.integers(0, 2**63))
def test_a_way_begins_and_ends_where_it_is_asked_to_and_is_the_same_again(
    a: tuple[int, int], b: tuple[int, int], seed: int
) -> None:
    way = path(a, b, seed)
    assert way == path(a, b, seed)
    assert way[0][1:] == a
    assert way[-1][1:] == b
    assert [sample.t_ms for sample in way] == [SAMPLE_MS * step for step in range(len(way))]


def test_a_place_that_is_already_reached_needs_one_sample() -> None:
    assert path((3, 4), (3, 4), seed=1) == [(0, 3, 4)]


@given(st.integers(0, 10**6))
def test_speed_rises_to_the_middle_and_no_sample_strays_far(seed: int) -> None:
    way = path((0, 0), (1_000, 0), seed)
    steps = [math.dist(one[1:], two[1:]) for one, two in pairwise(way)]
    third = len(steps) // 3
    assert mean(steps[third:-third]) > 2 * mean(steps[:third])
    assert mean(steps[third:-third]) > 2 * mean(steps[-third:])
    # the bow has a standard deviation of 4 % of the distance: 10 sigma
    assert all(abs(sample.y) < 400 for sample in way)


def test_farther_targets_take_longer_and_seeds_differ() -> None:
    def duration(distance: float) -> float:
        return mean(path((0, 0), (distance, 0), seed)[-1].t_ms for seed in range(50))

    assert duration(50) < duration(200) < duration(800)
    assert path((0, 0), (9, 9), 1) != path((0, 0), (9, 9), 2)
