"""Spelling of a word: like names or like ordinary words of eleven languages, by its runs of two to four letters.

``Benutzertabellendateien``, ``desteklenmiyor`` and ``virtualization`` are in no list, yet no names by their letters.
"""

import zlib
from functools import cache, lru_cache
from importlib import resources
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

BUCKETS = 1 << 16
"""Number of weights; a run's own is found by its checksum."""
_LENGTHS = (2, 3, 4)
_EDGES = "^{}$"


class _Weights(NamedTuple):
    runs: npt.NDArray[np.float64]
    bias: float


def list_runs(word: str) -> list[int]:
    """List the numbers of the runs of letters in a lower-case ``word`` with its edges: ``^a``, ``an``, ``ann``..."""
    text = _EDGES.format(word)
    return [
        zlib.crc32(text[at : at + length].encode()) % BUCKETS
        for length in _LENGTHS
        for at in range(len(text) - length + 1)
    ]


@lru_cache(maxsize=1 << 14)
def spelling_score(word: str) -> float:
    """Score the letters of ``word``, in any case: above 0 as most names have them, below -1.5 as ordinary words do.

    >>> spelling_score("Nakamura") > -1.5 > spelling_score("Benutzertabellendateien")
    True
    """
    weights = _weights()
    return float(weights.runs[list_runs(word.lower())].mean()) + weights.bias


@cache
def _weights() -> _Weights:
    with resources.files("transforms.redact.text.data").joinpath("spelling.npz").open("rb") as file:
        stored = np.load(file)
        return _Weights(stored["runs"] * float(stored["scale"]), float(stored["bias"]))
