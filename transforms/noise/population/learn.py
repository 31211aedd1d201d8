"""Differentially private population model: noise on bounded histograms, turned into distributions.

Metric and adjacency: neighbouring inputs differ in one privacy unit that one has and the other lacks. The vector of all
histograms then moves, in the part of each quantity, by at most ``BOUND`` in L2 (``contribution``).

Map: discrete Gaussian noise with a ``sigma`` for each quantity is zero-concentrated DP with ``sum BOUND**2 / (2
sigma**2)``, hence one Gaussian step with multiplier ``z``, ``1 / z**2 = sum BOUND**2 / sigma**2`` (``mechanisms``). To
replace one unit's data by another's moves every part by at most ``sqrt(2) BOUND``: multiplier ``z / sqrt(2)``.

Everything after the noise is post-processing and costs nothing: dropping negative counts, the decision whether enough
units contributed, and every time that is ever drawn from the model.

That decision is made by the noisy mass. The exact number of units would be a statistic without noise: whoever knows all
people but one, and sees a learned model where the bound is just met, knows that the last one is there. So a quantity
whose people are too few is found out after its budget was spent; an operator who knows beforehand that there are few
sets ``noise.model`` to ``prior`` and spends nothing.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from schemas.aggregates import ExactAggregate, NoisyAggregate
from schemas.privacy import DayWindow, PrivacyUnit
from transforms.keys.pseudonym import frame_parts
from transforms.noise.population.contribution import BOUND, FULL, Counts, contributions, sum_units
from transforms.noise.population.model import PopulationModel
from transforms.noise.population.quantiles import Quantiles
from transforms.noise.population.quantities import BINS, CELLS, EDGES, FIRST_CELL, Quantity
from transforms.privacy.mechanisms import Sigma, discrete_gaussian
from transforms.privacy.uniform_words import words

QUERY = "population"
SCHEMA = pa.schema([("quantity", pa.string()), ("low", pa.int64()), ("high", pa.int64()), ("value", pa.int64())])
"""One row a bin, all bins always: what a bin holds from ``low`` to below ``high``, in grid steps of contributions."""

_BINS = [
    pa.array(column) for column in zip(*((quantity.name.lower(), *edges) for quantity, *edges in CELLS), strict=True)
]
"""The columns of ``SCHEMA`` before ``value``."""

SUM_SCHEMA = pa.schema([SCHEMA.field("value")])
"""Exact sums by cell, between two workers: sealed."""


@dataclass(frozen=True, slots=True)
class Learning:
    """Noise of each quantity in grid steps, the privacy unit, and the number of units that a quantity needs.

    ``window`` is set for user-days: sessions that begin on other days do not count.
    """

    unit: PrivacyUnit
    sigmas: tuple[Sigma, ...]
    min_units: int
    window: DayWindow | None = None

    @property
    def noise_multiplier(self) -> float:
        """Return the noise multiplier of the one Gaussian step that all quantities cost together."""
        return 1 / math.sqrt(math.fsum((BOUND / float(sigma)) ** 2 for sigma in self.sigmas))


def rank_error(sigma: Sigma, bins: int, units: int) -> float:
    """Estimate the standard error of a rank at the middle of a learned distribution, where it is largest.

    Of ``bins`` independent errors half are below the middle; normalising by their sum ties both ends down, so that
    ``bins / 4`` variances are left (the variance of a bridge).

    >>> round(rank_error(Sigma(5459, 1), 36, 1000), 3)
    0.095
    """
    return float(sigma) * math.sqrt(bins) / (2 * FULL * units)


def bounded_sum(counts: pa.Table) -> pa.Table:
    """Sum the bounded contributions of all units (``SUM_SCHEMA``).

    ``counts`` has one row a unit and cell, and everything of each unit that it names.
    """
    units = counts["unit"].combine_chunks().dictionary_encode().indices.to_numpy(zero_copy_only=False)
    columns = (units.astype(np.int64), counts["cell"].to_numpy().astype(np.int64), counts["count"].to_numpy())
    return pa.table([sum_units(contributions(Counts(*columns)))], schema=SUM_SCHEMA)


def exact(sums: Sequence[pa.Table]) -> ExactAggregate:
    """Add ``sums`` over disjoint units."""
    return ExactAggregate(QUERY, _table(np.sum([part["value"].to_numpy() for part in sums], axis=0)))


def aggregate_of(values: Sequence[int]) -> NoisyAggregate:
    """Rebuild the aggregate of an earlier release from its noisy ``values`` by cell."""
    return NoisyAggregate(QUERY, _table(np.array(values, dtype=np.int64)))


def _table(values: npt.NDArray[np.int64]) -> pa.Table:
    return pa.table([*_BINS, values], schema=SCHEMA)


def add_noise_to(aggregate: ExactAggregate, learning: Learning, key: bytes) -> NoisyAggregate:
    """Add noise to every bin; the stream is named by the sums, so other sums draw independent noise."""
    total = aggregate.table["value"].to_numpy()
    content = total.astype("<i8").tobytes()
    noise = [
        discrete_gaussian(sigma).draw(
            words(key, [b"".join(frame_parts(b"population", quantity.name.encode(), content))], [BINS[quantity]])
        )
        for quantity, sigma in zip(Quantity, learning.sigmas, strict=True)
    ]
    return NoisyAggregate(aggregate.query, _table(total + np.concatenate(noise)))


def model_of(aggregate: NoisyAggregate, min_units: int) -> PopulationModel:
    """Build the model from those noisy histograms whose mass is that of ``min_units`` or more."""
    values = aggregate.table["value"].to_pylist()
    learned = {}
    for quantity in Quantity:
        first = FIRST_CELL[quantity]
        histogram = values[first : first + BINS[quantity]]
        if sum(histogram) >= min_units * FULL:
            learned[quantity] = Quantiles.of(EDGES[quantity], nearest_weights(histogram))
    return PopulationModel(learned)


def nearest_weights(values: list[int]) -> list[int]:
    """Project weights onto the nearest vector without negatives and with the same positive sum, up to a factor.

    The projection on the simplex in L2 (Duchi, Shalev-Shwartz, Singer, Chandra 2008, figure 1), in integers: all
    weights are ``kept`` times those of the paper. Cutting negatives to zero instead would add mass to every empty bin,
    most of it in the tails.

    >>> nearest_weights([5, -2, 1])
    [4, 0, 0]
    """
    total, kept, excess, above = sum(values), 1, 0, 0
    for count, value in enumerate(sorted(values, reverse=True), start=1):
        above += value
        if count * value > above - total:
            kept, excess = count, above - total
    return [max(kept * value - excess, 0) for value in values]
