"""Fragments of values: on screens taken while somebody typed, in drafts that ended within a value, in the clipboard.

Also parts of names that are ordinary words, in typed texts.

A screen may show ``ask Mar`` before ``ask Marta Vlasic`` is typed; ``numberis 4``, four Backspaces, `` is 4081...`` has
the first digit of the number twice; a copied ``Brown`` says nothing by itself, but is pasted into ``with Muslija and
Brown``.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from schemas.entities import EntityType, Span, Text, TextKind
from transforms.redact.surrogates.clipped_values import KnownValues
from transforms.redact.surrogates.ordinary_names import OrdinaryNames
from transforms.redact.text.spans import merge
from transforms.redact.text.word_lists import everyday_words

Spans = tuple[Span, ...]
Value = tuple[str, str, EntityType]
"""Text typed before a value in its line, the value, and its entity."""

_SCORE = 0.9
_CONTEXT = 16
"""Most characters before a value that a screen must show as well; it may have wrapped the line before them."""
_FIRM, _LOOSE = 8, 3
"""Fewest characters of a context after which one letter, or two, begin a value."""
_LEAST_ALONE = 3
"""Fewest letters of a value that stand by themselves."""
_LAST_WORD = re.compile(r"\S*\s*$")
_SHOWN, _ELLIPSIS = frozenset({TextKind.SCREEN, TextKind.TITLE}), re.compile(r"\.\.|\u2026")
_EDGES = frozenset("\n'\">")
"""Signs in front of a text that stands by itself in a line, a node or an element."""


def add_fragments(spans: Mapping[Text, Spans], fields: Sequence[Sequence[Text]]) -> dict[Text, Spans]:
    """Add to the ``spans`` of the texts of a session the fragments of values in its screens, drafts and copies.

    ``fields`` holds the texts of each typed field. What a screen or a title cuts off counts too, whoever wrote it.
    """
    found, values = dict(spans), dict[Value, None]()
    for texts in fields:
        own = dict.fromkeys(value for text in texts for value in _values(text, spans[text]))
        values |= own
        begun = BegunValues(own)
        for text in texts if own else ():
            _add(found, text, list(begun.find_cut(text.content)))
    for text in spans if values else ():
        if text.kind is TextKind.SCREEN:
            _add(found, text, [span for value in values for span in find_half_typed(text.content, value)])
    clipped = [text for text in spans if text.kind in _SHOWN and _ELLIPSIS.search(text.content)]
    if clipped:
        known = KnownValues(
            {(span.entity, text.content[span.start : span.end]) for text, own in spans.items() for span in own}
        )
        for text in clipped:
            _add(found, text, list(known.find_clipped(text.content, found[text])))
    people = {name for text in spans for name in _names(text, spans[text])}
    ordinary = OrdinaryNames(people)
    for text in {text for texts in fields for text in texts}:
        _add(found, text, list(ordinary.find(text.content)))
    copied = [text for text in spans if text.kind is TextKind.CLIPBOARD and not spans[text]]
    names = {name.casefold() for name in people}
    for text in copied:
        if text.content.strip().casefold() in names:
            found[text] = merge([Span(0, len(text.content), EntityType.PERSON, _SCORE)], text.content)
    return found


def _add(found: dict[Text, Spans], text: Text, spans: Sequence[Span]) -> None:
    if spans:
        found[text] = merge([*found[text], *spans], text.content)


def _names(text: Text, spans: Spans) -> Iterator[str]:
    return (text.content[span.start : span.end] for span in spans if span.entity is EntityType.PERSON)


def _values(text: Text, spans: Spans) -> Iterator[Value]:
    for span in spans:
        before = text.content[max(span.start - _CONTEXT, 0) : span.start]
        yield before.rpartition("\n")[2], text.content[span.start : span.end], span.entity


def find_half_typed(content: str, value: Value) -> Iterator[Span]:
    """Yield the spans of ``content`` that show only the beginning of ``value`` behind what was typed before it.

    >>> list(find_half_typed("[6] text 'ask Mar'", ("ask ", "Marta", EntityType.PERSON)))[0][:2]
    (14, 17)
    """
    context, whole, entity = value
    least = _LEAST_ALONE if len(context) < _LOOSE else 1 if len(context) >= _FIRM else 2
    begin = context + whole[:least]
    at = content.find(begin)
    while at >= 0:
        start = at + len(context)
        end = start + _count_shared(content, start, whole)
        cut = least <= end - start < len(whole) and not content[end : end + 1].isalnum()
        if cut and (len(context) >= _LOOSE or _stands_alone(content, at, end)):
            yield Span(start, end, entity, _SCORE)
        at = content.find(begin, at + 1)


class BegunValues:
    """Values by the word before them and their first letter, to find which of them a draft ends in the middle of.

    >>> begun = BegunValues([("my number is ", "4081", EntityType.CREDIT_CARD)])
    >>> [span[:2] for span in begun.find_cut("numberis 4")]
    [(9, 10)]
    """

    def __init__(self, values: Iterable[Value]) -> None:
        self._values: dict[str, dict[tuple[int, str, EntityType], None]] = {}
        for before, whole, entity in values:
            found = _LAST_WORD.search(before)
            context = found[0] if found else ""
            self._values.setdefault(context + whole[:1], {})[len(context), whole, entity] = None
        self._lengths = sorted({len(begin) for begin in self._values})
        self._longest = max((at + len(whole) for known in self._values.values() for at, whole, _ in known), default=0)

    # A draft is looked up at each place and length, not value by value: a field that is corrected all along has as many
    # values as drafts.
    def find_cut(self, draft: str) -> Iterator[Span]:
        """Yield the spans at the end of ``draft`` that are only the beginning of a value, behind the word before it."""
        for at in range(max(len(draft) - self._longest, 0), len(draft)):
            for length in self._lengths:
                for ahead, whole, entity in self._values.get(draft[at : at + length], ()):
                    start = at + ahead
                    if len(draft) - start < len(whole) and whole.startswith(draft[start:]) and (ahead or start == 0):
                        yield Span(start, len(draft), entity, _SCORE)


def _count_shared(content: str, start: int, whole: str) -> int:
    """Count the characters of ``whole`` that ``content`` shows from ``start``."""
    for count, letter in enumerate(whole):
        if content[start + count : start + count + 1] != letter:
            return count
    return len(whole)


def _stands_alone(content: str, start: int, end: int) -> bool:
    """Return whether a range is a whole line, node or element, and no ordinary word."""
    before, after = content[start - 1 : start] if start else "\n", content[end : end + 1] or "\n"
    edges = before in _EDGES and after in {"\n", "'", '"', "<"}
    return edges and content[start:end].casefold() not in everyday_words()
