"""Dictionary codes of string columns, so that a function runs once for each distinct word."""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa


@dataclass(frozen=True, slots=True)
class StringCodes:
    """String column as its distinct words and the word's number of each row; null is number ``len(words)``."""

    words: list[str] = field(repr=False)
    numbers: npt.NDArray[np.int64]

    @classmethod
    def of(cls, column: pa.ChunkedArray) -> "StringCodes":
        """Encode ``column``."""
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
        """Flag the rows that hold ``word``."""
        return self.matching(word.__eq__)

    def matching(self, rule: Callable[[str], bool]) -> npt.NDArray[np.bool_]:
        """Flag the rows that hold a word for which ``rule`` is true."""
        return np.array([*map(rule, self.words), False], dtype=np.bool_)[self.numbers]

    def map_words(self, values: Callable[[str], int]) -> npt.NDArray[np.int64]:
        """Map the word of every row by ``values``, null to 0."""
        return np.array([*map(values, self.words), 0], dtype=np.int64)[self.numbers]
