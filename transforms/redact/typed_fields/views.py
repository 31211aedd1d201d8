"""Views: the texts of a typed field that are scanned, with the cells of each."""

import itertools
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from schemas.entities import EntityType, Span
from schemas.raw import TypedField
from transforms.redact.surrogates.early_starts import find_early_starts
from transforms.redact.text.word_lists import WordClass, word_class

Cells = npt.NDArray[np.int32]


_MOST_SLIPPED = 2
"""Neighbouring characters that may be missing from the final text: a typo, no word of its own."""
_WORD, _REST = re.compile(r"\w+"), re.compile(r"[^\W\d_]+")
_MAY_BE_NAME = frozenset({WordClass.NAME, WordClass.UNKNOWN})
_BREAK = re.compile(r"\n")
_KEY_BLOCK = "-----BEGIN"
_TOO_MANY = b"\1" * (_MOST_SLIPPED + 1)


class View(NamedTuple):
    """Text of a field and the number of the cell of each character."""

    text: str
    cells: Cells

    def __repr__(self) -> str:
        """Show the length of the text without its content."""
        return f"View({len(self.text)} characters)"


def collect_views(field: TypedField) -> tuple[View, ...]:
    """Collect the views of ``field``: its final text first, all characters as typed, each text before a deletion.

    The characters as typed are cut where the field was empty: a text typed after clearing another is a new view. With
    pastes, the characters of keys alone are one more view. Repeated views are dropped. ``helo``, Backspace, ``lo`` has
    the views ``hello``, ``helolo`` and ``helo``.
    """
    final = _view(field, field.final)
    seen = {final.cells.tobytes()}
    found = [final]
    everything = np.arange(len(field.cells), dtype=np.int32)
    runs = [everything[start:end] for start, end in _find_fillings(field)]
    by_key = are_among(field.cell_rows, field.key_rows)
    keyed = [] if by_key.all() else [run[by_key[run]] for run in runs]
    for cells in (*runs, *keyed, *field.drafts):
        if len(cells) and (name := cells.tobytes()) not in seen:
            seen.add(name)
            found.append(_view(field, cells))
    return tuple(found)


def cut_lines(field: TypedField, view: View) -> list[tuple[int, View]]:
    """Cut ``view`` into the lines that Enter submitted, each with its place in the view; empty ones are left out.

    ``git pull``, Enter, ``make test`` in a terminal is ``git pull`` at 0 and ``make test`` at 9. A field of several
    lines is one text, and so is one with a private key, which no line of it tells.
    """
    breaks = [-1, *_find_breaks(field, view), len(view.text)]
    if len(breaks) == 2:  # noqa: PLR2004 - nothing but the two ends
        return [(0, view)]
    ranges = ((start + 1, end) for start, end in itertools.pairwise(breaks) if start + 1 < end)
    return [(start, View(view.text[start:end], view.cells[start:end])) for start, end in ranges]


def number_lines(field: TypedField) -> Cells:
    """Return the number of the submitted line of each cell, in order of typing; -1 for the breaks between them."""
    breaks = _find_breaks(field, View(field.cells, np.arange(len(field.cells), dtype=np.int32)))
    numbers = np.zeros(len(field.cells), dtype=np.int32)
    numbers[breaks] = 1
    numbers = numbers.cumsum(dtype=np.int32)
    numbers[breaks] = -1
    return numbers


def _find_breaks(field: TypedField, view: View) -> list[int]:
    """Find the line breaks that keys made in ``view``, a text of a field of one line."""
    if field.multiline or "\n" not in view.text or _KEY_BLOCK in field.cells:
        return []
    places = [found.start() for found in _BREAK.finditer(view.text)]
    by_key = are_among(field.cell_rows[view.cells[places]], field.key_rows)
    return [place for place, typed in zip(places, by_key.tolist(), strict=True) if typed]


def are_among(rows: npt.NDArray[np.int64], ascending: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Flag the ``rows`` that are in ``ascending``; a binary search for each costs less than sorting all."""
    if not len(ascending):
        return np.zeros(len(rows), dtype=np.bool_)
    places = np.minimum(np.searchsorted(ascending, rows), len(ascending) - 1)
    found: npt.NDArray[np.bool_] = ascending[places] == rows
    return found


def _find_fillings(field: TypedField) -> Iterable[tuple[int, int]]:
    """Find the ranges of cells that were typed each time that the field was filled from empty."""
    gone = field.gone_rows
    if not len(gone) or gone[0] < 0:
        return ((0, len(gone)),)
    standing = np.flatnonzero(gone[:-1] < 0)
    last = int(standing[0]) if len(standing) else len(gone) - 1  # after this cell the field is never empty
    emptied = np.flatnonzero(np.maximum.accumulate(gone[:last]) <= field.cell_rows[1 : last + 1]) + 1
    return itertools.pairwise([0, *emptied.tolist(), len(gone)])


def _view(field: TypedField, cells: Cells) -> View:
    """Return the view of ``cells``; most are runs of consecutive cells, which a slice reads."""
    count = len(cells)
    first = int(cells[0]) if count else 0
    if count and int(cells[-1]) - first == count - 1 and bool((cells[1:] > cells[:-1]).all()):
        return View(field.cells[first : first + count], cells)
    return View("".join(map(field.cells.__getitem__, cells.tolist())), cells)


def find_slight_views(field: TypedField, others: Sequence[View]) -> list[bool]:
    """Flag the views whose characters are all in the final text, but for single ones and pairs.

    After a corrected typo the final text has the word with the right spelling.
    """
    if not others:
        return []
    gone = np.ones(len(field.cells), dtype=np.bool_)
    gone[field.final] = False
    return [_TOO_MANY not in gone[view.cells].tobytes() for view in others]


def final_places(field: TypedField) -> list[int]:
    """Return the place of each cell of ``field`` in the final text, -1 for removed cells."""
    found = [-1] * len(field.cells)
    for place, cell in enumerate(field.final.tolist()):
        found[cell] = place
    return found


def pasted_view(field: TypedField, row: int) -> View:
    """Return the view of the text that the paste at ``row`` inserted into ``field``."""
    return _view(field, np.flatnonzero(field.cell_rows == row).astype(np.int32))


def early_starts(
    field: TypedField, found: Iterable[tuple[View, Sequence[Span]]]
) -> list[tuple[View, tuple[Span, ...]]]:
    """Make a view of each removed stretch that began a value of one of the ``found`` views (``find_early_starts``)."""
    starts = find_early_starts(field, [(view.text, view.cells, spans) for view, spans in found if spans])
    return [
        (_view(field, np.arange(first, end, dtype=np.int32)), (Span(0, end - first, entity, 1.0),))
        for (first, end), entity in starts.items()
    ]


def cut_new_words(
    field: TypedField, found: Iterable[tuple[View, Sequence[Span]]], common: Collection[str]
) -> Iterator[tuple[View, tuple[Span, ...]]]:
    """Cut from the spans of each view the ``common`` words of the final text that only the order of typing joins.

    ``ask wanda``, five Backspaces, ``them`` reads ``ask wandathem`` as typed: the name ends where the deletion came in,
    and ``them``, a word of the final text, stays there. In ``wandx``, Backspace, ``a`` the word goes on.
    """
    place_of: list[int] | None = None
    for view, spans in found:
        if not spans or view.cells is field.final:
            yield view, tuple(spans)
            continue
        if place_of is None:  # once a field: a field that is corrected all along has a view for each correction
            place_of = final_places(field)
        yield view, tuple(_cut_new_words(field, view, spans, common, place_of))


def _cut_new_words(
    field: TypedField, view: View, spans: Sequence[Span], common: Collection[str], place_of: Sequence[int]
) -> Iterator[Span]:
    for span in spans:
        joints = [at for at in range(span.start + 1, span.end) if view.text[at - 1].isalnum()]
        starts = [at for at in joints if _begins_word(field, place_of[view.cells[at]])]
        for start, end in itertools.pairwise([span.start, *starts, span.end]):
            is_new = all(place_of[cell] >= 0 for cell in view.cells[start:end].tolist())
            is_new &= all(word in common for word in _WORD.findall(view.text[start:end]))
            if start == span.start or not is_new:
                yield span._replace(start=start, end=end)


def _begins_word(field: TypedField, place: int) -> bool:
    """Check whether a word of the final text begins at ``place``, -1 for a removed cell."""
    return place == 0 or (place > 0 and not field.cells[int(field.final[place - 1])].isalnum())


def spans_on_final(
    field: TypedField, final: Sequence[Span], others: Iterable[tuple[View, Sequence[Span]]]
) -> list[Span]:
    """Return the spans of the final text: its own, and every run of cells that is part of an entity in another view.

    A card number without its deleted last digits is no card number, but still most of one.
    """
    result = list(final)
    with_spans = [(view, spans) for view, spans in others if spans]
    if not with_spans:
        return result
    place_of = final_places(field)
    taken = {place for span in final for place in range(span.start, span.end)}
    for view, spans in with_spans:
        for span in spans:
            listed = [place_of[cell] for cell in view.cells[span.start : span.end].tolist()]
            standing = sorted([place for place in listed if place >= 0])
            if taken.issuperset(standing):
                continue
            for start, end in _runs(standing):
                if not taken.issuperset(range(start, end)):
                    result.append(Span(start, end, span.entity, span.score))
                    taken.update(range(start, end))
    return result


def end_words(text: str, spans: Iterable[Span]) -> Iterator[Span]:
    """Yield the ``spans`` of ``text``; a person that ends within a word that may be a name goes on to its end.

    ``ask mart``, a correction, ``a``: the name was found in the draft, and ``marta`` is typed.
    """
    for span in spans:
        goes_on = span.entity is EntityType.PERSON and text[span.end - 1].isalpha()
        rest = _REST.match(text, span.end) if goes_on else None
        word = text[_find_word(text, span) : rest.end()] if rest else ""
        yield span._replace(end=rest.end()) if rest and word_class(word) in _MAY_BE_NAME else span


def _find_word(text: str, span: Span) -> int:
    """Return the beginning of the last word of ``span``."""
    start = span.end
    while start > span.start and text[start - 1].isalpha():
        start -= 1
    return start


def _runs(ascending: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the ranges of numbers that follow one another."""
    start = 0
    for at in range(1, len(ascending) + 1):
        if at == len(ascending) or ascending[at] != ascending[at - 1] + 1:
            yield ascending[start], ascending[at - 1] + 1
            start = at
