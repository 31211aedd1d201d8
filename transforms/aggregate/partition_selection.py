"""Partition selection under differential privacy: only values that enough people share are named.

Metric and adjacency: two inputs are neighbours when one privacy unit is added or removed. A unit stands behind at most
``k`` values (``transforms.aggregate.bounding``), each counted once: it changes that many counts by one.

*Truncated geometric*. The decision on one value is ``(epsilon, delta)``-DP, and of all such rules it keeps every count
with the highest probability (Desfontaines, Voss, Gipson, Mandayam 2020, Differentially private partition selection,
theorem 1). Decisions on different values are independent: a unit pays ``k`` times both.

*Thresholded Gaussian*. A value is named where its count plus a discrete Gaussian reaches a threshold that a value of a
single unit reaches with probability ``delta`` at most. A unit pays for a Gaussian of L2 sensitivity ``sqrt(k)``, and
``k delta`` for the values that it alone stands behind: one of the neighbours lacks them (the same paper, section 4).
Per value the first rule is the better one; over many values of one unit the noise of the second grows with ``sqrt(k)``.

A floor of ``fewest`` moves either rule up by ``fewest - 1`` units, zero below: a rule on ``n - fewest + 1`` has the
same neighbours.

Rounding: probabilities are multiples of 2**-128, each at most that much too low, hence a decision costs ``(1 +
exp(epsilon)) 2**-128`` more in delta, and a Gaussian what its table is off by; ``plan`` keeps a share of delta for it.

The coin of a value is keyed: 128 bits that the run key, the label and all counts decide. A repeated bundle, a re-run of
the same release or a speculative copy decides alike and reveals nothing more.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import takewhile

import mpmath
import numpy as np
import numpy.typing as npt

from transforms.keys.pseudonym import frame_parts
from transforms.keys.secret import keystream
from transforms.privacy.mechanisms import Sigma
from transforms.privacy.sampling_tables import gaussian_table

COIN_BITS = 128
_ONE = 1 << COIN_BITS
_GUARD_BITS = 160
_COIN_BYTES = COIN_BITS // 8


@dataclass(frozen=True, slots=True)
class Geometric:
    """Truncated geometric rule, with the budget of one value."""

    epsilon: float
    delta: float


@dataclass(frozen=True, slots=True)
class GaussianThreshold:
    """Discrete Gaussian and threshold; ``delta`` is the chance to name a value of a single unit."""

    sigma: Sigma
    delta: float


Rule = Geometric | GaussianThreshold


@dataclass(frozen=True, slots=True, eq=False)
class Thresholds:
    """``keep[n]``: probability, in multiples of 2**-128, that a value with ``n`` units is named; beyond, it is 1."""

    keep: tuple[int, ...] = field(repr=False)

    def probability(self, units: int) -> Fraction:
        """Compute the exact probability that a value with ``units`` units is named."""
        return Fraction(self.keep[units], _ONE) if units < len(self.keep) else Fraction(1)

    def units_for(self, probability: float) -> int:
        """Find the smallest number of units at which a value is named with at least ``probability``."""
        return sum(1 for _ in takewhile(lambda kept: kept < probability * _ONE, self.keep))


@cache
def thresholds(rule: Rule, fewest: int = 1) -> Thresholds:
    """Tabulate the probabilities of ``rule`` above a floor of ``fewest`` units (1: no floor).

    >>> float(thresholds(Geometric(1.0, 1e-5)).probability(1)) == 1e-5
    True
    >>> thresholds(Geometric(1.0, 1e-5)).units_for(0.5), thresholds(Geometric(1.0, 1e-5), fewest=20).units_for(0.5)
    (12, 31)
    >>> float(thresholds(GaussianThreshold(Sigma(10, 1), 1e-5)).probability(1)) <= 1e-5
    True
    """
    chances = _geometric_probabilities(rule) if isinstance(rule, Geometric) else _thresholded_probabilities(rule)
    return Thresholds((*([0] * fewest), *takewhile(lambda kept: kept < _ONE, chances)))


def _geometric_probabilities(rule: Geometric) -> Iterator[int]:
    """Yield the optimal probability of 1, 2, ... units.

    The recursion of theorem 1, ``p(n) = min(e p(n-1) + d, 1 - (1 - p(n-1) - d) / e, 1)`` with ``e = exp(epsilon)`` and
    ``p(0) = 0``, in 288-bit fixed point, rounded down.
    """
    bits = COIN_BITS + _GUARD_BITS
    one = 1 << bits
    with mpmath.workprec(bits + 64):
        epsilon = mpmath.mpf(Fraction(rule.epsilon).numerator) / Fraction(rule.epsilon).denominator
        grow = int(mpmath.floor(mpmath.exp(epsilon) * one))
        shrink = int(mpmath.ceil(mpmath.exp(-epsilon) * one))
    delta, last = int(Fraction(rule.delta) * one), 0
    while True:
        up = (grow * last >> bits) + delta
        down = one + (-shrink * max(one - last - delta, 0) >> bits)
        last = min(up, down, one)
        yield last >> _GUARD_BITS


def _thresholded_probabilities(rule: GaussianThreshold) -> Iterator[int]:
    """Yield the probability that 1, 2, ... units and the noise reach the smallest threshold that ``delta`` allows."""
    table = gaussian_table(rule.sigma.num, rule.sigma.den)
    below = [int(high) << 64 | int(low) for high, low in zip(table.high, table.low, strict=True)]
    chances = [_ONE - cumulative for cumulative in reversed(below)]
    first = sum(1 for _ in takewhile(lambda chance: chance <= Fraction(rule.delta) * _ONE, chances))
    yield from chances[max(first - 1, 0) :]
    yield _ONE


def select_partitions(units: Sequence[int], table: Thresholds, key: bytes, label: bytes) -> npt.NDArray[np.bool_]:
    """Draw which values are named, from the number of ``units`` behind each.

    ``label`` tells the values and where they stand; together with the counts it decides the coins.
    """
    keep = table.keep
    counts = np.asarray(units, dtype="<i8")
    stream = keystream(key, b"".join(frame_parts(b"partition", label, counts.tobytes())), _COIN_BYTES * len(counts))
    coins = (int.from_bytes(stream[at : at + _COIN_BYTES], "little") for at in range(0, len(stream), _COIN_BYTES))
    return np.array(
        [count >= len(keep) or coin < keep[count] for count, coin in zip(counts.tolist(), coins, strict=True)],
        dtype=np.bool_,
    )
