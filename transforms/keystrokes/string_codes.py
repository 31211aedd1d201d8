"""String columns as numbers, so that a word is looked at once and not at every row."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa


@dataclass(frozen=True, slots=True)
class StringCodes:
    """A string column: its distinct words and the word's number of each row; null is number ``len(words)``."""

    words: list[str] = field(repr=False)
    numbers: npt.NDArray[np.int64]

    @classmethod
    def of(cls, column: pa.ChunkedArray) -> "StringCodes":
        """Return the words of ``column``."""
        encoded = column.combine_chunks().dictionary_encode()
        words = encoded.dictionary.to_pylist()
        numbers = encoded.indices.fill_null(len(words)).to_numpy(zero_copy_only=False)
        return cls(words, numbers.astype(np.int64))

    def names(self) -> list[str | None]:
        """Return the word of every row; rows of one word share one object."""
        words = [*self.words, None]
        return [words[number] for number in self.numbers.tolist()]

    def texts(self) -> list[str]:
        """Return the word of every row, empty for null."""
        words = [*self.words, ""]
        return [words[number] for number in self.numbers.tolist()]

    def equal(self, word: str) -> npt.NDArray[np.bool_]:
        """Return which rows hold ``word``."""
        return self.matching(word.__eq__)

    def matching(self, rule: Callable[[str], bool]) -> npt.NDArray[np.bool_]:
        """Return which rows hold a word that obeys ``rule``."""
        return np.array([*map(rule, self.words), False], dtype=np.bool_)[self.numbers]

    def map_words(self, values: Callable[[str], int]) -> npt.NDArray[np.int64]:
        """Return ``values`` of the word of every row, 0 for null."""
        return np.array([*map(values, self.words), 0], dtype=np.int64)[self.numbers]
