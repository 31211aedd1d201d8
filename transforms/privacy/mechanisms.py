"""Additive noise on integers, drawn from a keyed stream by integer tables; no floating point in the draw.

Both mechanisms release ``v + N`` for a vector ``v`` of integers, one independent draw a coordinate.

Metric and adjacency: two inputs are neighbours when one privacy unit's contribution is replaced; then ``v`` changes by
at most ``D`` in L2 (Gaussian) or L1 (Laplace). ``transforms.noise.sensitivity`` says what ``D`` is for a released
column.

Map. *Discrete Gaussian* with parameter ``sigma`` in every coordinate is ``D**2 / (2 sigma**2)``-zero-concentrated DP
(Canonne, Kamath, Steinke 2020, theorem 14), that is Renyi DP of order ``a`` at ``a D**2 / (2 sigma**2)`` for every
``a > 1``, whatever the grid: the bound that the accountant uses. With a parameter of its own for each coordinate
``D**2 / sigma**2`` reads ``sum D_i**2 / sigma_i**2`` (same theorem). *Discrete Laplace* with parameter ``scale`` is
``D / scale``-DP: neighbouring weights differ by ``exp(|x - y| / scale)`` at most.

Truncation and rounding: what is drawn is within ``total_variation`` of the mechanism in each coordinate; a unit that
moves ``k`` of them pays ``k (1 + exp(epsilon)) total_variation`` more in delta (post-processing cannot widen total
variation, and delta is a difference of probabilities).

Keyed draws: the stream is a pseudo-random function of key, label and content (HMAC-SHA256, AES-256-CTR). The map above
holds against whoever cannot tell it from a random function and lacks the key: it is computational DP (Mironov, Pandey,
Reingold, Vadhan 2009). A second draw for the same content is the same draw and releases nothing new.

>>> from transforms.privacy.uniform_words import words
>>> noise = discrete_gaussian(Sigma(660, 1)).draw(words(bytes(32), [b"session"], [100_000]))
>>> bool((noise == discrete_gaussian(Sigma(660, 1)).draw(words(bytes(32), [b"session"], [100_000]))).all())
True
>>> bool(abs(noise.mean()) < 5 * 660 / 100_000**0.5)  # five standard errors: false alarm 6e-7
True
"""

from dataclasses import dataclass, field
from functools import cache
from math import gcd

import numpy as np
import numpy.typing as npt

from schemas.errors import UsageError
from transforms.privacy.sampling_tables import Table, gaussian_table, laplace_table
from transforms.privacy.uniform_words import UniformWords

_GUIDE_BITS = 15
_BLOCK = 1 << 15
_SEVERAL = np.int32(np.iinfo(np.int32).min)
_MAX_SCALE = 20_000
_MAX_DENOMINATOR = 1_000_000


@dataclass(frozen=True, slots=True)
class Sigma:
    """Scale of a noise in grid steps, an exact fraction: sigma of a Gaussian, scale of a Laplace."""

    num: int
    den: int

    def __post_init__(self) -> None:
        if not (0 < self.den <= _MAX_DENOMINATOR and 0 < self.num <= _MAX_SCALE * self.den):
            raise UsageError("a noise scale is above 0 and at most 20,000 grid steps; widen the grid or the budget")

    def __float__(self) -> float:
        """Return the nearest float, for accounts and reports; draws never use it."""
        return self.num / self.den


@dataclass(frozen=True, slots=True, eq=False)
class Sampler:
    """Sampler of a ``Table``: one look-up per word, a binary search for the rare rest.

    The top bits of a word name a bucket. Nearly every bucket holds at most one threshold: ``cut`` is that threshold
    (or a later one) and ``start`` the value below it. Buckets with several are marked and searched.
    """

    table: Table
    cut: npt.NDArray[np.uint64] = field(repr=False)
    start: npt.NDArray[np.int32] = field(repr=False)

    @classmethod
    def of(cls, table: Table) -> "Sampler":
        """Build the sampler of ``table`` with its look-up guide."""
        edges = np.arange(1 << _GUIDE_BITS, dtype=np.uint64) << np.uint64(64 - _GUIDE_BITS)
        first = np.searchsorted(table.high, edges, side="left")
        inside = np.diff(np.append(first, len(table.high)))
        cut = np.append(table.high, np.uint64(2**64 - 1))[first]
        return cls(table, cut, np.where(inside > 1, _SEVERAL, first - table.reach).astype(np.int32))

    def draw(self, words: UniformWords) -> npt.NDArray[np.int32]:
        """Draw one independent value per word."""
        drawn = np.empty(len(words.high), dtype=np.int32)
        for begin in range(0, len(drawn), _BLOCK):
            drawn[begin : begin + _BLOCK] = self._block(words, begin)
        return drawn

    def _block(self, words: UniformWords, begin: int) -> npt.NDArray[np.int32]:
        high = words.high[begin : begin + _BLOCK]
        bucket = (high >> np.uint64(64 - _GUIDE_BITS)).astype(np.intp)
        cut, drawn = self.cut.take(bucket), self.start.take(bucket)
        several = np.flatnonzero(drawn == _SEVERAL)
        drawn += cut <= high
        ties = np.flatnonzero(cut == high)
        if len(several):
            above = np.searchsorted(self.table.high, high[several], side="right")
            drawn[several] = above - self.table.reach
            ties = np.union1d(ties, several[self.table.high[np.maximum(above - 1, 0)] == high[several]])
        for index in ties.tolist():
            drawn[index] = self._exact(int(high[index]), words.low(begin + index))
        return drawn

    def _exact(self, high: int, low: int) -> int:
        """Return the value of a word that equals the upper half of a threshold, by the lower half."""
        word = np.uint64(high)
        first, last = (int(np.searchsorted(self.table.high, word, side=side)) for side in ("left", "right"))
        return first + int(np.count_nonzero(self.table.low[first:last] <= np.uint64(low))) - self.table.reach


def discrete_gaussian(sigma: Sigma) -> Sampler:
    """Return the sampler of the discrete Gaussian with parameter ``sigma`` (its deviation is at most ``sigma``)."""
    return _gaussian(*_lowest(sigma))


def discrete_laplace(scale: Sigma) -> Sampler:
    """Return the sampler of the discrete Laplace with parameter ``scale``."""
    return _laplace(*_lowest(scale))


def _lowest(sigma: Sigma) -> tuple[int, int]:
    common = gcd(sigma.num, sigma.den)
    return sigma.num // common, sigma.den // common


@cache
def _gaussian(num: int, den: int) -> Sampler:
    return Sampler.of(gaussian_table(num, den))


@cache
def _laplace(num: int, den: int) -> Sampler:
    return Sampler.of(laplace_table(num, den))
