# ruff: noqa: E501, RUF001 - one alternative list a line, in the letters of many languages
"""Names below the closing of a letter, whatever else they mean: ``Best regards,`` above ``Georgia``."""

import re
from collections.abc import Iterator, Sequence

from schemas.entities import EntityType, Span
from transforms.redact.text.word_lists import WordClass, is_listed, word_class

_SCORE = 0.5
_CLOSED = (
    "(?:with )?(?:best|kind|warm) (?:regards|wishes)|regards|(?:yours )?sincerely|yours truly|(?:viele|liebe|beste|freundliche|herzliche) grüße"
    "|mit freundlichen grüßen|cordialement|bien à vous|saludos(?: cordiales)?|un saludo|atentamente|(?:cordiali |distinti )?saluti"
    "|(?:met )?(?:vriendelijke )?groet(?:en)?|pozdrawiam|z poważaniem|(?:med )?vänliga hälsningar|(?:med )?venlig hilsen|saygılarımla|atenciosamente"
)
_BRIEF = (
    "best|thanks(?: again| a lot)?|thank you|many thanks|cheers|yours|mfg|lg|vg|mvg|mvh|gruß|danke|merci|gracias|grazie"
)
_SIGNED = re.compile(
    rf"^[ \t>]{{0,4}}(?:(?:{_CLOSED})[,.!]?|(?:{_BRIEF})[,!])[ \t]{{0,2}}\n(?:[ \t>]{{0,4}}\n)?"
    r"[ \t>]{0,4}(?P<v>[^\W\d_][^\W\d_'\u2019-]{1,24})(?=[ \t]{0,4}$)",
    re.MULTILINE | re.IGNORECASE,
)


def find_signers(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    r"""Yield the listed and the unknown words with a capital that stand alone below a closing, but those of ``spans``.

    >>> [tuple(span[:2]) for span in find_signers("See you.\n\nBest,\nGeorgia", [])]
    [(16, 23)]
    """
    known = {span.start for span in spans if span.entity is EntityType.PERSON}
    for found in _SIGNED.finditer(text):
        word = found["v"]
        named = word_class(word) is WordClass.UNKNOWN or is_listed(word)
        if named and word.istitle() and found.start("v") not in known:
            yield Span(found.start("v"), found.end("v"), EntityType.PERSON, _SCORE)
