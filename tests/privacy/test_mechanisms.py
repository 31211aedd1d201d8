import math
from bisect import bisect_right
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import chi2

from schemas.errors import UsageError
from transforms.privacy.mechanisms import Sampler, Sigma, discrete_gaussian, discrete_laplace
from transforms.privacy.sampling_tables import Table, gaussian_table
from transforms.privacy.uniform_words import UniformWords, words

DRAWS = 1_000_000
FALSE_ALARM = 1e-6
"""Of each chi-square test, over keys. The keys are fixed: a pass or a failure repeats."""


class Scripted(UniformWords):
    """Words with lower halves of our own."""

    __slots__ = ("halves",)

    def low(self, index: int) -> int:
        return self.halves[index]


def scripted(high: list[int], low: list[int]) -> UniformWords:
    made = Scripted(np.array(high, dtype=np.uint64), b"", [], [])
    object.__setattr__(made, "halves", low)
    return made


def p_value(drawn: npt.NDArray[np.int32], weight: Callable[[int], float], reach: int) -> float:
    """Chi-square against the exact masses; cells under 10 expected draws are one cell a side."""
    masses = np.array([weight(x) for x in range(-reach, reach + 1)])
    expected = DRAWS * masses / masses.sum()
    low = int(np.argmax(expected >= 10))
    counts = np.bincount(np.clip(drawn + reach, low - 1, len(expected) - low), minlength=len(expected))
    inner = slice(low, len(expected) - low)
    tail = expected[:low].sum()
    observed = np.array([counts[:low].sum(), *counts[inner], counts[len(expected) - low :].sum()])
    predicted = np.array([tail, *expected[inner], tail])
    statistic = float(((observed - predicted) ** 2 / predicted).sum())
    return float(chi2.sf(statistic, len(observed) - 1))


@pytest.mark.parametrize("sigma", [Sigma(1, 2), Sigma(10, 1), Sigma(660, 1)])
def test_gaussian_draws_follow_the_exact_masses(sigma: Sigma) -> None:
    drawn = discrete_gaussian(sigma).draw(words(bytes(32), [b"gaussian"], [DRAWS]))
    scale = float(sigma)
    assert p_value(drawn, lambda x: math.exp(-(x**2) / (2 * scale**2)), math.ceil(14 * scale) + 1) > FALSE_ALARM


@pytest.mark.parametrize("scale", [Sigma(4, 5), Sigma(30, 1)])
def test_laplace_draws_follow_the_exact_masses(scale: Sigma) -> None:
    drawn = discrete_laplace(scale).draw(words(bytes(32), [b"laplace"], [DRAWS]))
    assert p_value(drawn, lambda x: math.exp(-abs(x) / float(scale)), math.ceil(94 * float(scale)) + 1) > FALSE_ALARM


def test_chi_square_notices_a_sigma_that_is_one_percent_off() -> None:
    drawn = discrete_gaussian(Sigma(10, 1)).draw(words(bytes(32), [b"gaussian"], [DRAWS]))
    assert p_value(drawn, lambda x: math.exp(-(x**2) / (2 * 10.1**2)), 141) < FALSE_ALARM


TABLE = gaussian_table(660, 1)
SAMPLER = Sampler.of(TABLE)
THRESHOLDS = [(int(high) << 64) + int(low) for high, low in zip(TABLE.high, TABLE.low, strict=True)]
EDGES = [int(high) + shift for high in TABLE.high for shift in (-1, 0, 1)]
HIGH = st.one_of(st.integers(0, 2**64 - 1), st.sampled_from([edge for edge in EDGES if 0 <= edge < 2**64]))


@given(st.lists(st.tuples(HIGH, st.integers(0, 2**64 - 1)), min_size=1, max_size=40))
def test_every_word_gives_the_value_that_a_search_over_128_bits_gives(halves: list[tuple[int, int]]) -> None:
    high, low = ([pair[side] for pair in halves] for side in (0, 1))
    wanted = [bisect_right(THRESHOLDS, (upper << 64) + lower) - TABLE.reach for upper, lower in halves]
    assert SAMPLER.draw(scripted(high, low)).tolist() == wanted


def test_words_above_the_last_threshold_give_the_last_value_however_far_it_is_from_the_end() -> None:
    third, two_thirds = 2**64 // 3, 2**65 // 3
    table = Table(np.array([third, two_thirds], dtype=np.uint64), np.zeros(2, dtype=np.uint64), 1, 0.0)
    high = [0, third - 1, third, two_thirds - 1, two_thirds, 2**64 - 2**49, 2**64 - 2]
    assert Sampler.of(table).draw(scripted(high, [0] * len(high))).tolist() == [-1, -1, 0, 0, 1, 1, 1]


def test_a_word_on_a_threshold_is_decided_by_its_lower_half() -> None:
    index = TABLE.reach
    high, low = int(TABLE.high[index]), int(TABLE.low[index])
    drawn = SAMPLER.draw(scripted([high, high], [low - 1, low]))
    assert drawn.tolist() == [0, 1]


def test_an_unreduced_fraction_is_the_same_sampler() -> None:
    assert discrete_gaussian(Sigma(1320, 2)) is discrete_gaussian(Sigma(660, 1))


@pytest.mark.parametrize(("num", "den"), [(0, 1), (-1, 1), (1, 0), (1, -1), (20_001, 1), (1, 10**7)])
def test_a_scale_that_no_table_holds_is_refused(num: int, den: int) -> None:
    with pytest.raises(UsageError, match="noise scale"):
        Sigma(num, den)


def test_a_scale_is_a_fraction_within_its_limits() -> None:
    for num, den in ((1, 1_000_000), (20_000, 1), (20_000 * 1_000_000, 1_000_000)):
        assert float(Sigma(num, den)) == num / den
    for num, den in ((1, 1_000_001), (20_001, 1), (20_000 * 1_000_000 + 1, 1_000_000), (0, 1), (1, 0), (-1, -1)):
        with pytest.raises(UsageError, match="20,000 grid steps"):
            Sigma(num, den)
