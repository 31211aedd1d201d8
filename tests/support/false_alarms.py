"""False alarms of tests that draw noise under random keys: bounds that are computed, so that no run depends on luck."""

import math
from collections.abc import Mapping

from transforms.noise.population.contribution import FULL
from transforms.noise.population.learn import Learning
from transforms.noise.population.quantities import BINS, Quantity


def bound_other_model(learning: Learning, masses: Mapping[Quantity, int]) -> float:
    """Bound the chance that noise decides otherwise than the exact ``masses`` which quantities are learned.

    A discrete Gaussian is sub-Gaussian with its ``sigma`` (Canonne, Kamath, Steinke 2020), so that the sum of ``n`` of
    them passes ``d`` with probability ``exp(-d**2 / (2 n sigma**2))`` at most; a quantity that is not named has none.
    """
    enough = learning.min_units * FULL
    return math.fsum(
        math.exp(-((masses.get(quantity, 0) - enough) ** 2) / (2 * BINS[quantity] * float(sigma) ** 2))
        for quantity, sigma in zip(Quantity, learning.sigmas, strict=True)
    )
