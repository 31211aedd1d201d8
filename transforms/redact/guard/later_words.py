"""Search of redacted sessions for words that people made private after these were redacted."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Protocol

import pyarrow as pa

from schemas.entities import EntityType
from schemas.safe import NODE_COLUMNS, TEXT_COLUMNS
from transforms.redact.guard.released_text import ReleasedText
from transforms.redact.text.folding import BREAK
from transforms.redact.text.phrases import Phrases

_COLUMNS = (*TEXT_COLUMNS, *NODE_COLUMNS.values())


class PrivateWords(Protocol):
    """Travels with the graph and opens, on a worker, the words that people made private."""

    def open_words(self) -> tuple[str, ...]:
        """Open them."""
        ...


@dataclass(frozen=True, slots=True)
class WordSearch:
    """Search for ``words``; travels with the graph."""

    words: PrivateWords

    def open(self) -> Callable[[pa.Table], frozenset[str]]:
        """Open the function that finds the sessions of a table of ``REDACTED_SCHEMA`` in which a word stands."""
        return partial(find_sessions, words=self.words.open_words())


def find_sessions(table: pa.Table, words: Sequence[str]) -> frozenset[str]:
    """Find the sessions (their names) that show or type one of ``words``, outside of surrogates."""
    if not words:
        return frozenset()
    phrases, shown = Phrases(words, EntityType.SECRET), ReleasedText(table)
    return frozenset(
        name
        for name, start, end in _list_sessions(table)
        if any(True for _ in phrases.find(BREAK.join(_list_texts(shown, start, end))))
    )


def _list_texts(shown: ReleasedText, start: int, end: int) -> Iterator[str]:
    for column in _COLUMNS:
        yield from shown.texts(column, start, end)
    fields, whole = shown.spell(start, end)
    yield from (*fields, whole)


def _list_sessions(table: pa.Table) -> Iterator[tuple[str, int, int]]:
    """Yield each session with the range of its rows, which are contiguous."""
    names = table["session"].to_pylist()
    start = 0
    for at in range(1, len(names) + 1):
        if at == len(names) or names[at] != names[start]:
            yield names[start], start, at
            start = at
