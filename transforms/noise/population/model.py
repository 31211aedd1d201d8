"""Population model: one distribution of times per quantity, learned or prior."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from transforms.noise.population.prior import DERIVED_MS, PRIOR_MS, prior
from transforms.noise.population.quantiles import Quantiles
from transforms.noise.population.quantities import Quantity

DERIVED = len(Quantity)
"""Class of intervals before rows that no event gave; no quantity of the model, as nothing is recorded of them."""


@dataclass(frozen=True, slots=True, eq=False)
class PopulationModel:
    """``learned`` holds the quantities whose distribution came from people; the rest are the published prior's."""

    learned: Mapping[Quantity, Quantiles] = field(repr=False)

    def draw(self, classes: npt.NDArray[np.uint8], words: npt.NDArray[np.uint64]) -> npt.NDArray[np.int64]:
        """Draw one time in ms for each of ``classes`` (a ``Quantity`` or ``DERIVED``), from one uniform word each."""
        drawn = np.zeros(len(classes), dtype=np.int64)
        for number, rows in rows_by_class(classes):
            drawn[rows] = self._quantiles(number).draw(words[rows])
        return drawn

    def _quantiles(self, number: int) -> Quantiles:
        if number == DERIVED:
            return _DERIVED
        quantity = Quantity(number)
        return self.learned.get(quantity, _PRIORS[quantity])


def rows_by_class(classes: npt.NDArray[np.uint8]) -> Iterator[tuple[int, npt.NDArray[np.int64]]]:
    """Yield each class that occurs, with its rows in order."""
    order, counts = np.argsort(classes, kind="stable"), np.bincount(classes, minlength=1)
    for number, stop in enumerate(np.cumsum(counts).tolist()):
        if counts[number]:
            yield number, order[stop - counts[number] : stop]


_DERIVED = prior(DERIVED_MS)
_PRIORS = {quantity: prior(table) for quantity, table in PRIOR_MS.items()}

PRIOR = PopulationModel({})
"""The model of nobody."""
