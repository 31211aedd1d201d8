"""Drafts: texts that a field held for a while, before a change."""

from collections.abc import Iterable, Sequence

Draft = tuple[int, ...]
"""Cells in text order."""

CONTEXT = 160
"""Characters kept on either side of a change: more than a sentence, so that a detector sees what it would have seen."""


def cut_draft(chars: Sequence[str], order: Sequence[int], start: int, end: int) -> Draft:
    """Return the cells ``start`` to ``end`` of ``order`` with their surroundings, cut at white space if possible."""
    low, high = max(start - CONTEXT, 0), min(end + CONTEXT, len(order))
    while low and start - low < 2 * CONTEXT and not chars[order[low - 1]].isspace():
        low -= 1
    while high < len(order) and high - end < 2 * CONTEXT and not chars[order[high]].isspace():
        high += 1
    return tuple(order[low:high])


def select_drafts(chars: Sequence[str], drafts: Iterable[Draft], final: Sequence[int]) -> list[Draft]:
    """Drop the drafts that are whole words of the next draft or of ``final``.

    A draft ``Ann`` goes if the next one is ``Dear Ann`` with the same cells, and stays if it is ``Anna``.
    """
    kept: list[Draft] = []
    for draft in drafts:
        if kept and _shows(chars, draft, kept[-1], draft.index(kept[-1][0]) if kept[-1][0] in draft else -1):
            kept.pop()
        if draft:
            kept.append(draft)
    if not kept:
        return []
    whole = tuple(final)
    place_of = {cell: place for place, cell in enumerate(whole)}
    return [draft for draft in kept if not _shows(chars, whole, draft, place_of.get(draft[0], -1))]


def _shows(chars: Sequence[str], text: Draft, part: Draft, start: int) -> bool:
    """Check whether ``text`` has ``part`` from ``start`` (-1: nowhere) on, between white space or its ends."""
    if start < 0:
        return False
    end = start + len(part)
    apart = (not start or chars[text[start - 1]].isspace()) and (end >= len(text) or chars[text[end]].isspace())
    return apart and text[start:end] == part
