"""An attacker who links released typing to people whose clear typing is known.

Habits are normal around the population's mean (probabilistic linear discriminant analysis, Ioffe 2006, with one average
posterior covariance): between people with a full covariance, within a person with the variance of single keystrokes
over their number, plus drift between sessions, plus the known added noise.
"""

from dataclasses import dataclass

import numpy as np

from benchmarks.rhythm import FEATURES, Floats, Measurements

_DRIFT = 0.08
_LEAST = 0.02
_NEVER = 1e12


@dataclass(frozen=True)
class Gallery:
    """The attacker's knowledge: population mean, spread within and between people, and each person's own means."""

    mean: Floats
    within: Floats
    drift: Floats
    people: Floats
    posterior: Floats

    @classmethod
    def of(cls, seen: Measurements) -> "Gallery":
        means, counts = seen.means, seen.counts
        spread = (seen.squares - counts * means**2).sum(axis=0)
        within = np.maximum(spread / np.maximum(counts - 1, 0).sum(axis=0).clip(1), 1e-9)
        enough = counts > 1
        number = enough.sum(axis=0).clip(1)
        mean = np.where(enough, means, 0).sum(axis=0) / number
        apart = np.where(enough, means - mean, 0)
        together = enough.T.astype(float) @ enough
        between = apart.T @ apart / together.clip(1)
        sampling = within * np.where(enough, 1 / counts.clip(1), 0).sum(axis=0) / number
        between = _positive(between - np.diag(sampling))
        drift = _DRIFT * np.diag(between)
        people, posterior = np.empty_like(means), np.zeros((FEATURES, FEATURES))
        for index, (own, count) in enumerate(zip(means, counts, strict=True)):
            noise = np.where(count > 0, within / count.clip(1) + drift, _NEVER)
            gain = np.linalg.solve(between + np.diag(noise), between).T
            people[index] = gain @ np.where(count > 0, own - mean, 0)
            posterior += between - gain @ between
        return cls(mean, within, drift, people, posterior / len(means))

    def hits(self, means: Floats, counts: Floats, noise: Floats, exposure: float = 1.0) -> int:
        """Count the people whose released means are nearest to their own in the gallery; ties count as misses.

        ``noise`` is the variance that the release added to one value of each feature, averaged over ``exposure`` times
        as many values as were seen.
        """
        found = 0
        for index, (own, count) in enumerate(zip(means, counts, strict=True)):
            seen = count > 0
            variance = self.within[seen] / count[seen] + self.drift[seen] + noise[seen] / (exposure * count[seen])
            root = np.linalg.cholesky(self.posterior[np.ix_(seen, seen)] + np.diag(variance))
            apart = self.people[:, seen] - (own - self.mean)[seen]
            distance = (np.linalg.solve(root, apart.T) ** 2).sum(axis=0)
            found += int((distance <= distance[index]).sum() == 1)
        return found


def _positive(covariance: Floats) -> Floats:
    """Compute the nearest matrix, by its correlations, with eigenvalues of at least ``_LEAST``."""
    scale = np.sqrt(np.maximum(np.diag(covariance), 1e-9))
    values, vectors = np.linalg.eigh(covariance / np.outer(scale, scale))
    return np.asarray((vectors * np.maximum(values, _LEAST)) @ vectors.T * np.outer(scale, scale))
