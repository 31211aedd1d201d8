"""Text for terminals, logs and mails: 80 columns, no colours, and no name that is cut or wrapped."""

import textwrap
from collections.abc import Iterator, Sequence

WIDTH = 80
"""Columns of a line; a single word that is longer, such as an address, stands alone on a longer one."""


def align(rows: Sequence[Sequence[str]]) -> Iterator[str]:
    """Yield rows with their cells below each other, two spaces apart; a row may have fewer cells than the first."""
    widths = [max(len(row[column]) for row in rows if column < len(row)) for column in range(max(map(len, rows)))]
    for row in rows:
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=False)).rstrip()


def count(number: int, noun: str) -> str:
    """Render a number of things: ``1 recording``, ``1,070 recordings``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def count_people(number: int) -> str:
    """Render a number of people: ``1 person``, ``1,070 people``."""
    return f"{number:,} {'person' if number == 1 else 'people'}"


def label(name: str, text: str, *, indent: int) -> Iterator[str]:
    """Yield a name and, ``indent`` columns from the margin, its text in as many lines as that takes."""
    yield from _wrap(text, name.ljust(indent), " " * indent)


def hang(text: str) -> Iterator[str]:
    """Yield a text in as many lines as it takes, the later ones two columns from the margin."""
    yield from _wrap(text, "", "  ")


def _wrap(text: str, first: str, later: str) -> list[str]:
    return textwrap.wrap(
        text,
        WIDTH,
        initial_indent=first,
        subsequent_indent=later,
        break_long_words=False,
        break_on_hyphens=False,
    )
