"""Postal addresses, joined from their parts.

A town alone says little about a person and stays. Next to a street or a postal code it is part of an address, and so is
the text between them: ``5 Elm Street``, ``Springfield`` and ``IL 62704`` become one span.
"""

import re
from collections.abc import Iterable, Sequence

from schemas.entities import EntityType, Span, Text
from transforms.redact.detect.recognizers.street_addresses import find_end
from transforms.redact.text.markup import read_text, squeeze
from transforms.redact.text.spans import mark_unscanned, merge
from transforms.redact.text.word_lists import WordClass, name_words, word_class

_GAP_CHARS = 12
_GAP_WORD_CHARS = 8
"""Most characters, and most letters or digits, between two parts of one address."""
_PARTS = frozenset({EntityType.ADDRESS, EntityType.LOCATION})
_LONG_GAP, _MOST_WORDS = 32, 3
"""Most characters and words between two addresses that are parts of one: `` Beerze , OV `` before a country."""
_WORD = re.compile(r"[^\W\d_]+")
_PROSE = frozenset({WordClass.EVERYDAY, WordClass.INTERFACE})
_NAMES = frozenset({WordClass.NAME, WordClass.UNKNOWN})
_LABEL = re.compile(
    r"""
    (?P<before>(?:[^\W\d_]{1,15}[ ]){0,3})
    (?:
        (?:post|wohn|liefer|home|mailing)?
        (?:address|anschrift|adresse|adressen|adres|adresi|adresa|direcci[oó]n|indirizzo|endere[cç]o|morada|osoite|адрес)
        (?:[ ](?:lautet|ist|is|es|est|è|é|är|er|jest|on|to|это))?[ ]?[:=]?[ ]
        | [^\W\d_]?(?:地址|住址|住所)[是为為は:\uff1a]?
    )
    """,
    re.IGNORECASE | re.VERBOSE,
)
"""A label of an address and its verb in the languages of ``field_labels``: ``neue Anschrift lautet``."""
_CORNER = re.compile(r" and (?:\d{1,5} )?")
"""Between a name and an address: ``Hanne and Elm Street 15`` is a corner of two streets."""
_BEFORE_CORNER = re.compile(r"(?:^|\n|(?<!\w)(?:at|of) )([^\W\d_]{3,21}) and (?:\d{1,5} )?$")
_LONGEST_CORNER = 40
"""Most characters before an address that are looked through for the other street of a corner."""
_STREETS = frozenset({WordClass.UNKNOWN, WordClass.NAME, WordClass.FOREIGN, WordClass.VOCABULARY})
_NUMBER = re.compile(r" \d{1,5}[a-z]?(?![\w:%]|[.,]\d)")


def addresses(text: str, spans: Iterable[Span]) -> list[Span]:
    """Join the parts of each address into one ``ADDRESS`` span and drop lone places."""
    kept = []
    block: Span | None = None
    for span in sorted(spans):
        if span.entity not in _PARTS:
            kept.append(span)
        elif block is not None and _adjoin(text[block.end : span.start]):
            entity = EntityType.ADDRESS if EntityType.ADDRESS in {block.entity, span.entity} else EntityType.LOCATION
            block = Span(block.start, max(block.end, span.end), entity, max(block.score, span.score))
        else:
            kept += [] if block is None else [block]
            block = span
    kept += [] if block is None else [block]
    return [span for span in kept if span.entity is not EntityType.LOCATION]


def _adjoin(gap: str) -> bool:
    return len(gap) <= _GAP_CHARS and sum(map(str.isalnum, gap)) <= _GAP_WORD_CHARS and gap.count("\n") <= 1


def complete_addresses(text: Text, spans: Sequence[Span]) -> tuple[Span, ...]:
    """Join the addresses among ``spans`` that several sources found in parts, and add the rest of each.

    The rest may stand in the nodes or lines below: ``12 Elm Street``, ``Springfield``, ``, IL``, ``62704``. A text on
    which the search takes too long is one ``UNSCANNED`` span.
    """
    if not any(span.entity is EntityType.ADDRESS for span in spans):
        return tuple(spans)
    try:
        return _complete(text, [_drop_label(text.content, span) for span in spans])
    except TimeoutError:
        return mark_unscanned(text.content)


def _complete(text: Text, spans: Sequence[Span]) -> tuple[Span, ...]:
    reading = squeeze(read_text(text))
    content = reading.text
    found: list[Span] = []
    for span in map(reading.target, spans):
        if found and _is_one(content, found[-1], span):
            found[-1] = found[-1]._replace(end=span.end, entity=EntityType.ADDRESS)
        else:
            found.append(span)
        if found[-1].entity is EntityType.ADDRESS:
            start, end = _find_corner(content, found[-1].start), max(_find_rest(content, found[-1]), found[-1].end)
            found[-1] = found[-1]._replace(start=start, end=end)
    changed = [reading.source(span) for span in found if span.entity is EntityType.ADDRESS]
    return merge([*spans, *changed], text.content)


# A street is known by its number and the words before it, which may be those of a sentence: ``neue Anschrift lautet
# Lindenweg 12`` is the address ``Lindenweg 12``.
def _drop_label(content: str, span: Span) -> Span:
    """Return ``span``, if it is an address, without the label that it begins with and ordinary words before that."""
    label = _LABEL.match(content, span.start, span.end) if span.entity is EntityType.ADDRESS else None
    if label is None or not any(map(str.isalnum, content[label.end() : span.end])):
        return span
    words = _WORD.findall(label["before"])
    if any(word_class(word) in _NAMES and not (word.islower() and word in name_words()) for word in words):
        return span
    return span._replace(start=label.end())


def _is_one(content: str, before: Span, after: Span) -> bool:
    """Return whether ``after`` belongs to the address ``before`` it."""
    gap = content[before.end : after.start]
    if after.entity is not EntityType.ADDRESS or len(gap) > _LONG_GAP:
        return False
    if before.entity is EntityType.PERSON:
        return _CORNER.fullmatch(gap) is not None
    words = _WORD.findall(gap)
    return (
        before.entity is EntityType.ADDRESS
        and len(words) <= _MOST_WORDS
        and not any(map(str.isdigit, gap))
        and not any(word_class(word) in _PROSE for word in words)
    )


def _find_corner(content: str, start: int) -> int:
    """Find the start of the corner of two streets whose second one begins at ``start``: ``Elmvej and Hoge Wei 32``."""
    before = _BEFORE_CORNER.search(content, max(start - _LONGEST_CORNER, 0), start)
    if before is None or not before[1].istitle() or word_class(before[1]) not in _STREETS:
        return start
    return before.start(1)


def _find_rest(content: str, address: Span) -> int:
    """Find the end of ``address``: a house number behind a street, else towns, states, codes and a country."""
    if not any(map(str.isdigit, content[address.start : address.end])):
        number = _NUMBER.match(content, address.end)
        return number.end() if number else address.end
    return find_end(content, address.end)
