"""Arithmetic on spans: shift, trim and merge."""

from collections.abc import Iterable

from schemas.entities import EntityType, Span
from transforms.redact.text.graphemes import has_joined_letters, widen

PRIORITY = (
    EntityType.UNSCANNED,
    EntityType.INCOMING,
    EntityType.PASSWORD,
    EntityType.SECRET,
    EntityType.CREDIT_CARD,
    EntityType.IBAN_CODE,
    EntityType.US_SSN,
    EntityType.EMAIL_ADDRESS,
    EntityType.CRYPTO,
    EntityType.IP_ADDRESS,
    EntityType.MAC_ADDRESS,
    EntityType.ID_NUMBER,
    EntityType.EMPLOYEE_ID,
    EntityType.BANK_ACCOUNT,
    EntityType.DATE_OF_BIRTH,
    EntityType.PHONE_NUMBER,
    EntityType.ONE_TIME_CODE,
    EntityType.ADDRESS,
    EntityType.MEDICAL,
    EntityType.FILE_PATH,
    EntityType.URL,
    EntityType.HOSTNAME,
    EntityType.PERSON,
    EntityType.USERNAME,
    EntityType.TICKET,
    EntityType.REPOSITORY,
    EntityType.PROJECT,
    EntityType.CHANNEL,
    EntityType.ORGANISATION,
    EntityType.LOCATION,
    EntityType.CLOCK_TIME,
)
"""Entities from the most to the least harmful; the first names a union of equally long and equally sure spans."""

RANK = {entity: rank for rank, entity in enumerate(PRIORITY)}
"""The position of each entity in ``PRIORITY``."""

_NAMES = frozenset({EntityType.PERSON, EntityType.LOCATION})
_POSSESSIVES = ("'s", "\u2019s", "'S", "\u2019S")
_VERBATIM = frozenset({EntityType.PASSWORD, EntityType.SECRET, EntityType.FILE_PATH})
_EDGE = " \t\r\n\v\f\u00a0,;:.!?'\"`<>“”\u2018\u2019«»|"
_BRACKETS = ("()", ")(", "[]", "][", "{}", "}{")
"""Each bracket with its counterpart."""


def mark_unscanned(content: str) -> tuple[Span, ...]:
    """Return one ``UNSCANNED`` span over all of ``content``, which is then redacted whole."""
    return (Span(0, len(content), EntityType.UNSCANNED, 1.0),)


def mark_password(content: str) -> tuple[Span, ...]:
    """Return one ``PASSWORD`` span over all of ``content``."""
    return (Span(0, len(content), EntityType.PASSWORD, 1.0),)


def shift(spans: Iterable[Span], offset: int) -> list[Span]:
    """Shift ``spans`` right by ``offset`` characters."""
    return [Span(start + offset, end + offset, entity, score) for start, end, entity, score in spans]


def trim(span: Span, content: str) -> Span | None:
    """Trim blanks and punctuation around the value of ``span``; None if nothing is left.

    Passwords, secrets and paths lose blanks only: punctuation may be part of them. An unpaired bracket is cut, a paired
    one stays: ``(555-0100`` loses its bracket, ``(212) 555-0100`` keeps both. A name loses its possessive ending: the
    value in ``Anna's report`` is ``Anna``.
    """
    start, end, entity, score = span
    if entity in _NAMES and content.endswith(_POSSESSIVES, start, end) and not content[end : end + 1].isalnum():
        end -= len("'s")
        span = Span(start, end, entity, score)
    if entity is EntityType.UNSCANNED:
        return span if start < end else None
    if 0 <= start < end <= len(content) and content[start].isalnum() and content[end - 1].isalnum():
        return span
    start, end = max(start, 0), min(end, len(content))
    edge = " \t\r\n\u00a0" if entity in _VERBATIM else _EDGE + _find_unpaired(content, start, end)
    while start < end and content[start] in edge:
        start += 1
    while start < end and content[end - 1] in edge:
        end -= 1
    return Span(start, end, entity, score) if start < end else None


def _find_unpaired(content: str, start: int, end: int) -> str:
    """Return the brackets whose counterpart is not in the range."""
    return "".join([pair[0] for pair in _BRACKETS if content.find(pair[1], start, end) < 0])


def merge(spans: Iterable[Span], content: str) -> tuple[Span, ...]:
    """Merge ``spans``: trimmed, between whole letters, sorted and without overlaps, whatever the order of the input.

    Overlapping spans become one, named by the longest; ties go to the higher score, then to ``PRIORITY``, and
    ``UNSCANNED`` always wins. Spans that only touch stay apart.
    """
    kept = [trimmed for span in spans if (trimmed := trim(span, content)) is not None]
    if kept and has_joined_letters(content):
        kept = [_widen(span, content) for span in kept]
    kept.sort()
    if len(kept) < 2:  # noqa: PLR2004 - nothing to merge
        return tuple(kept)
    merged: list[Span] = []
    names: list[Span] = []
    for span in kept:
        if merged and span.start < merged[-1].end:
            names[-1] = max(names[-1], span, key=_weight)
            end = max(merged[-1].end, span.end)
            score = max(merged[-1].score, span.score)
            merged[-1] = Span(merged[-1].start, end, names[-1].entity, score)
        else:
            merged.append(span)
            names.append(span)
    return tuple(merged)


def _widen(span: Span, content: str) -> Span:
    start, end = widen(content, span.start, span.end)
    return span if (start, end) == span[:2] else span._replace(start=start, end=end)


def _weight(span: Span) -> tuple[bool, int, float, int]:
    return span.entity is EntityType.UNSCANNED, span.end - span.start, span.score, -RANK[span.entity]
