"""Distributions of whole numbers that are uniform between given edges, drawn in integers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import accumulate

import numpy as np
import numpy.typing as npt

_HALF = 32


@dataclass(frozen=True, slots=True, eq=False)
class Quantiles:
    """Piecewise uniform distribution: ``edges`` of the pieces and ``cumulative`` weight up to each, of ``2**32``."""

    edges: npt.NDArray[np.int64] = field(repr=False)
    cumulative: npt.NDArray[np.uint64] = field(repr=False)

    @classmethod
    def of(cls, edges: Sequence[int], weights: Sequence[int]) -> "Quantiles":
        """Build the distribution with ``weights[i]`` from ``edges[i]`` to below ``edges[i + 1]``; one is positive."""
        total = sum(weights)
        thresholds = [(below << _HALF) // total for below in accumulate(weights)]
        return cls(np.array(edges, dtype=np.int64), np.array(thresholds, dtype=np.uint64))

    def draw(self, words: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
        """Draw one number per uniform word: its upper half picks the piece, its lower half the place in it.

        >>> Quantiles.of([0, 10, 30], [1, 1]).draw(np.array([0, 2**63, 2**64 - 1], dtype=np.uint64)).tolist()
        [0, 10, 29]
        """
        piece = np.searchsorted(self.cumulative, words >> np.uint64(_HALF), side="right")
        place = (words & np.uint64((1 << _HALF) - 1)).astype(np.int64)
        low, high = self.edges[piece], self.edges[piece + 1]
        drawn: npt.NDArray[np.int64] = low + ((high - low) * place >> _HALF)
        return drawn

    def at(self, numerator: int, denominator: int) -> int:
        """Compute the quantile at a fraction from 0 to below 1.

        >>> Quantiles.of([0, 10, 30], [1, 3]).at(1, 2)
        16
        """
        cumulative = [0, *self.cumulative.tolist()]
        target = (numerator << _HALF) // denominator
        piece = int(np.searchsorted(self.cumulative, target, side="right"))
        low, high = self.edges[piece : piece + 2].tolist()
        below, above = cumulative[piece : piece + 2]
        return int(low + (high - low) * (target - below) // (above - below))
