"""A small recurrent network over consecutive clicks: an attacker's second classifier, which sees their order."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from benchmarks.trees import Floats, Ints

_HIDDEN, _RATE, _DECAY = 32, 3e-3, 1e-3


class _Recurrent(nn.Module):
    """Scores of classes [runs, classes] for runs of clicks [runs, clicks, features]."""

    def __init__(self, features: int, classes: int) -> None:
        super().__init__()
        self.steps = nn.GRU(features, _HIDDEN, batch_first=True)
        self.out = nn.Linear(2 * _HIDDEN, classes)

    def forward(self, runs: Tensor) -> Tensor:
        """Compute the scores from the mean and the largest state of each run."""
        states, _ = self.steps(runs)
        return self.out(torch.cat([states.mean(dim=1), states.amax(dim=1)], dim=1))


@dataclass(frozen=True, slots=True)
class SequenceModel:
    """A trained network, and the mean and spread of the features that it was trained on."""

    network: _Recurrent
    mean: Floats
    spread: Floats

    @classmethod
    def fit(
        cls, draw_runs: Callable[[], tuple[Floats, Ints]], classes: int, epochs: int, seed: int = 0
    ) -> "SequenceModel":
        """Train on runs [runs, clicks, features] and labels that are drawn again for each epoch."""
        torch.manual_seed(seed)
        runs, _ = draw_runs()
        flat = runs.reshape(-1, runs.shape[2])
        model = cls(_Recurrent(runs.shape[2], classes), flat.mean(axis=0), flat.std(axis=0) + 1e-6)
        optimizer = torch.optim.AdamW(model.network.parameters(), lr=_RATE, weight_decay=_DECAY)
        for _ in range(epochs):
            runs, labels = draw_runs()
            order = np.random.default_rng(seed).permutation(len(runs))
            for batch in np.array_split(order, max(1, len(order) // 32)):
                optimizer.zero_grad()
                loss = nn.functional.cross_entropy(
                    model.network(model._scale(runs[batch])), torch.tensor(labels[batch])
                )
                loss.backward()
                optimizer.step()
        return model

    def log_shares(self, runs: Floats) -> Floats:
        """Compute the logarithm of the shares of classes for each run."""
        with torch.no_grad():
            return np.asarray(torch.log_softmax(self.network(self._scale(runs)), dim=1).double())

    def _scale(self, runs: Floats) -> Tensor:
        return torch.tensor(((runs - self.mean) / self.spread).clip(-5, 5), dtype=torch.float32)
