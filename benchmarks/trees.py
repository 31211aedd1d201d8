"""Extremely randomised trees in numpy: an attacker's classifier that needs no further dependency."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]

_LEAF = 5


@dataclass(frozen=True, slots=True)
class Node:
    """A leaf with the shares of classes, or a split of ``feature`` at ``threshold`` into two more nodes."""

    shares: Floats
    feature: int = -1
    threshold: float = 0.0
    below: "Node | None" = None
    above: "Node | None" = None


@dataclass(frozen=True, slots=True)
class Forest:
    """Trees whose shares are averaged."""

    trees: list[Node]
    classes: int

    @classmethod
    def fit(cls, rows: Floats, labels: Ints, classes: int, trees: int = 30, seed: int = 0) -> "Forest":
        """Grow trees on all rows; each split is the best of a few features at a random threshold."""
        draw = np.random.default_rng(seed)
        one_hot = np.eye(classes)[labels]
        return cls([_grow(rows, one_hot, draw) for _ in range(trees)], classes)

    def log_shares(self, rows: Floats) -> Floats:
        """Compute the logarithm of the shares of classes for each row."""
        total = np.zeros((len(rows), self.classes))
        for tree in self.trees:
            _add_shares(tree, rows, np.arange(len(rows)), total)
        return np.asarray(np.log(total / len(self.trees) + 1e-3))


def _grow(rows: Floats, one_hot: Floats, draw: np.random.Generator) -> Node:
    counts = one_hot.sum(axis=0)
    leaf = Node(counts / counts.sum())
    if len(rows) < 2 * _LEAF or counts.max() == len(rows):
        return leaf
    low, high = rows.min(axis=0), rows.max(axis=0)
    varied = np.flatnonzero(high > low)
    if not len(varied):
        return leaf
    features = draw.permutation(varied)[: max(2, round(rows.shape[1] ** 0.5))]
    thresholds = draw.uniform(low[features], high[features])
    left = rows[:, features] < thresholds
    inside = left.T.astype(np.float64) @ one_hot
    sizes = left.sum(axis=0)
    # pure sides have a large sum of squared counts over size; a side without rows is no split
    outside = counts - inside
    purity = (inside**2).sum(axis=1) / sizes.clip(1) + (outside**2).sum(axis=1) / (len(rows) - sizes).clip(1)
    purity[(sizes < _LEAF) | (len(rows) - sizes < _LEAF)] = -1
    best = int(purity.argmax())
    if purity[best] < 0:
        return leaf
    below = left[:, best]
    return Node(
        leaf.shares,
        int(features[best]),
        float(thresholds[best]),
        _grow(rows[below], one_hot[below], draw),
        _grow(rows[~below], one_hot[~below], draw),
    )


def _add_shares(node: Node, rows: Floats, index: Ints, total: Floats) -> None:
    if node.below is None or node.above is None:
        total[index] += node.shares
    elif len(index):
        below = rows[index, node.feature] < node.threshold
        _add_shares(node.below, rows, index[below], total)
        _add_shares(node.above, rows, index[~below], total)
