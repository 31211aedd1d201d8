"""People from structure: salutations, signatures, mail headers, window titles, file names, requests about someone.

The rules yield guesses: spans in the place of a name, as ``Anna`` in ``Dear Anna,``. ``people`` judges each word.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache

from schemas.entities import EntityType, Span
from transforms.redact.detect.words import Word, is_common_abroad, is_of_other_language, is_word_abroad
from transforms.redact.text.prefilter import Prefilter
from transforms.redact.text.word_lists import (
    WordClass,
    is_given_name,
    is_listed,
    may_be_name,
    word_class,
)

_NAME = r"[^\W\d_][^\W\d_'\u2019.-]*(?:['\u2019-][^\W\d_]+)*\.?"
_PAIR = rf"{_NAME}(?: {_NAME})?"
_NAMES = rf"{_NAME}(?: {_NAME}){{0,3}}"
_WEAK, _LIKELY, _SURE = 0.15, 0.25, 0.5
"""Scores of a guess: enough for an unknown word, a small-dictionary word, an everyday word."""

_GREETINGS = r"""
    dear liebe[rs]? sehr\ geehrte[rs]?\ (?:herr|frau) chère? estimad[oa] querid[oa] car[oa] geachte beste kære kjære
    hej hei hi hello hey hallo bonjour hola ciao ol[aá] moin servus good\ (?:morning|afternoon|evening) morning
    thanks thank\ you thx cheers merci danke gracias grazie
"""
_HEADERS = r"""
    from to cc bcc von an de à para da van aan från till fra til sent\ by signed name author assignee reporter owner
    organi[sz]er attendees? presenter host contact reviewer approver requester assigned\ to (?:last\ )?edited\ by
    (?:prepared|created|modified|uploaded|posted|invited|shared)\ by
"""
_PRESENCE = r"""
    dm you du me ich vous tú tu guest gast external extern host organi[sz]er presenter away busy offline online
    she/her he/him they/them
"""
_ACTS = r"""
    is\ (?:typing|presenting|sharing) (?:has\ )?(?:joined|left|invited|shared|accepted|declined) invited\ you
    mentioned\ you replied commented reacted sent\ you
"""
_TOGETHER = r"""
    chat call meeting conversation 1:1 1-1 one-on-one sync interview huddle dm message lunch coffee dinner
    appointment spoke speak talk(?:ed)? met working work
"""
_TOWARDS = r"""
    ask(?:ed)? tell told call(?:ed)? text(?:ed)? ping(?:ed)? emailed messaged msg cc invited? met
    talk(?:ed|ing)?\ to spoken?\ to (?:message|call|e-?mail|note|reply|text)\ from
    (?:pls|please)\ add hired? assigned\ to assign\ to reports\ to (?:sent|written|signed)\ by care\ of c/o attn per
    regards sincerely mvh gruß grüße cordialement saludos saluti groeten hälsningar hilsen
"""
_ROLES = r"""
    tenant patient customer client candidate applicant employee colleague manager boss wife husband son daughter
    brother sister mother father mom mum dad friend neighbou?r doctor nurse lawyer teacher student guest passenger
    driver caller claimant member user mr mrs ms miss mx dr prof herr frau mme señora? sig
"""
_LOOKED_UP = r"""
    obituary (?:phone\ )?number phone linkedin facebook instagram twitter e-?mail address contact net\ worth
    birthday age wife husband social\ media profile cv resume lawyer md
"""
_BELONGINGS = (
    r"(?:(?:new|home|work|mobile|cell) )?(?:number|phone|e-?mail|address|birthday|details|account|password|cv|file)"
)
_PRONOUN = "(?:him|her|his|hers|she|he)"
"""Word that speaks of the person who began a sentence: ``Zzyzxa was late, so we called her``."""
_BLANKS = re.compile(r"(?<!\\)\s+")


def _rule(pattern: str, score: float) -> tuple[re.Pattern[str], float]:
    return re.compile(pattern, re.IGNORECASE), score


def _any(cues: str) -> str:
    """Build an alternation of blank-separated ``cues``; blanks inside a cue are escaped."""
    return "(?:" + "|".join(_BLANKS.split(cues.strip())) + ")"


_RULES = (
    _rule(rf"^\W{{0,3}}{_any(_GREETINGS)} (?P<v>{_PAIR}) ?(?:[,!:.\u2013-]|$)", _LIKELY),
    _rule(rf"(?:^|[:;,>\s])\"?(?P<v>{_NAME}(?:,? {_NAME}){{0,3}})\"?\s?[<(\[](?:mailto:)?[\w.+-]+@", _SURE),
    _rule(rf"^\W{{0,3}}{_any(_HEADERS)}\s?:\s{{0,3}}(?P<v>{_NAMES})(?=\s?(?:$|[<(\[;,|]))", _LIKELY),
    _rule(rf"(?:^|[|•·,:]|\s[-\u2013\u2014]) ?(?P<v>{_NAMES}) ?\({_any(_PRESENCE)}\)", _SURE),
    _rule(rf"^(?P<v>{_NAMES}) {_any(_ACTS)}\b", _LIKELY),
    _rule(rf"(?:^|\W){_any(_TOGETHER)} (?:with|w/?) (?P<v>{_PAIR})", _LIKELY),
    _rule(rf"(?:^|\W){_any(_TOWARDS)}[,:]? (?P<v>{_PAIR})", _WEAK),
    _rule(rf"(?:^|\W){_any(_ROLES)}\.? (?P<v>{_PAIR})", _WEAK),
    _rule(rf"^\W{{0,3}}(?P<v>{_NAME}(?: {_NAME}){{1,2}}) {_any(_LOOKED_UP)}\b", _LIKELY),
    _rule(rf"(?:^|[.!?] )(?P<v>{_NAME}) (?:is|was|has|had|can|will|does|did) (?=[^\n]{{0,80}}?\b{_PRONOUN}\b)", _WEAK),
    _rule(
        rf"\b(?:need|get|find|what is|what'?s|update|check|send|have) (?P<v>{_PAIR}?)['\u2019]?s {_BELONGINGS}\b",
        _LIKELY,
    ),
)

_TITLED = re.compile(
    r"(?<![\w.])(?:M(?:rs?|s|x|me|lle)|Dr|[DV]J|Prof|Hr|Herrn?|Frau|Fr|Monsieur|Madame|Señora?|Sra|Signora?|Sig"
    r"|Senhora?|Mevrouw|Meneer)\.? "
    r"(?P<v>[A-ZÀ-Þ][^\W\d_]+(?:['\u2019-][A-ZÀ-Þ][^\W\d_]+)?)(?!\w)"
)
"""A title before one capital: ``Mrs May``. What else the word means does not matter then."""
_ACTING = (
    "will|would|has|had|have|is|was|were|are|and|or|about|called|calls|said|says|asked|asks|wrote|writes|told|joined|joins|left"
    "|attend(?:s|ed)?|agreed|replied|sent|signed|wants|needs|lives|works|visited|came|praised|born|died|met|paid|thinks|thought"
)
_ACTOR = re.compile(
    rf"(?:^|[.!?;:,] |(?<![\w-])(?:and|with|by|from|for|to|contact|call|ask|tell|met|meet|see|thank) )"
    rf"(?P<v>[A-ZÀ-Þ][a-zà-ÿ]+ [A-ZÀ-Þ][a-zà-ÿ]+)(?=(?:'s|\u2019s)? (?:{_ACTING})(?!\w))"
)
"""A given name and a surname before a verb: ``Hope Young will attend``."""
_SPEAKER = re.compile(
    r"^\W{0,3}(?P<v>[^\W\d_]{2,15}) (?:(?:just|also) )?(?:e-?mailed|texted|messaged|phoned|called|replied|wrote|said"
    r"|says|asked|asks|wants|told|thinks|here for"
    r"|is (?:organi[sz]ing|coming|asking|joining|out|off|away|late|sick|back|calling|leaving|waiting))(?!\w)",
    re.IGNORECASE,
)
"""A name that begins a message, whatever else it means: ``grace is organising``, ``Cook said``."""
_CERTAIN = 2.0
"""Score of a guess that an interface word does not outweigh."""

_FILE = re.compile(
    r"(?<![\w\u2019'.-])[\w\u2019'.-]{1,200}\.(?:docx?|pdf|xlsx?|pptx?|odt|rtf|txt|csv|jpe?g|png|heic|eml|msg|pages|zip|vcf)\b",
    re.IGNORECASE,
)
_FILE_WORD = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_SEGMENT = re.compile(r" [-\u2013\u2014|•·:] | \(|\)|[|•·]|, | > |\t")
_MOST_WORDS, _PARTICLE_CHARS = 4, 3
_UNFAMILIAR = frozenset({WordClass.UNKNOWN, WordClass.VOCABULARY})
"""Classes of words that may be names in an English text: many a name is an ordinary word of another language."""


def guesses(text: str, words: Sequence[Word]) -> Iterator[Span]:
    """Yield the spans of one line that stand in the place of a name."""
    for pattern, score in _fitting(text):
        for found in pattern.finditer(text):
            parts = found["v"].split(" ")
            sure = len(parts) > 1 and all(part[0].isupper() and may_be_name(part) for part in parts)
            yield Span(*found.span("v"), EntityType.PERSON, _SURE if sure else score)
    for found in _TITLED.finditer(text):
        yield Span(*found.span("v"), EntityType.PERSON, _CERTAIN)
    for found in _ACTOR.finditer(text):
        given, family = found["v"].split(" ")
        if is_given_name(given) and is_listed(family) and word_class(given) is not WordClass.INTERFACE:
            yield Span(*found.span("v"), EntityType.PERSON, _SURE)
    speaker = _SPEAKER.match(text)
    if speaker and may_be_name(speaker["v"]) and (is_given_name(speaker["v"]) or speaker["v"].istitle()):
        yield Span(*speaker.span("v"), EntityType.PERSON, _SURE)
    yield from _segments(text, words)
    if "." in text:
        yield from _file_names(text)


def _fitting(text: str) -> Sequence[tuple[re.Pattern[str], float]]:
    """Select the rules that may match ``text``.

    Only plain ASCII text goes through the prefilter: like the ``regex`` module, and unlike ``re``, it treats a
    combining accent as part of a word.
    """
    if not (text.isascii() and text.isprintable()):
        return _RULES
    return [_RULES[number] for number in _prefilter().candidates(text)]


@cache
def _prefilter() -> Prefilter:
    return Prefilter([(pattern.pattern,) for pattern, _ in _RULES])


def _segments(text: str, words: Sequence[Word]) -> Iterator[Span]:
    """Yield the parts of a title, or a whole line, of two to four words written like a name.

    Either one word must be more likely a name than a word, or all must be listed: ``Jack Woods``, ``Rosalind Hall``.
    """
    first = 0
    for end in (*(found.start() for found in _SEGMENT.finditer(text)), len(text)):
        last = first
        while last < len(words) and words[last].end <= end:
            last += 1
        if 1 < last - first <= _MOST_WORDS and _reads_like_a_name(words[first:last]):
            yield Span(words[first].start, words[last - 1].end, EntityType.PERSON, _SURE)
        first = last


def _reads_like_a_name(words: Sequence[Word]) -> bool:
    if not all(word.capital or (word.text.islower() and len(word.text) <= _PARTICLE_CHARS) for word in words):
        return False
    if not words[0].capital or any(word.kind is WordClass.INTERFACE for word in words):
        return False
    listed = [is_listed(word.text) or len(word.text) == 1 for word in words]
    if all(listed):
        return any(may_be_name(word.text) and not is_common_abroad(word) for word in words)
    given = any(word.kind is not WordClass.FOREIGN and is_given_name(word.text) for word in words)
    if any(map(is_of_other_language, words)) and not given:
        return False
    fits = (near or word.kind in _UNFAMILIAR for word, near in zip(words, listed, strict=True))
    return all(fits) and any(word.kind is WordClass.NAME and not is_word_abroad(word) for word in words)


def _file_names(text: str) -> Iterator[Span]:
    """Yield the capitalised words of a file name that are listed names, or unknown and first or last."""
    for found in _FILE.finditer(text):
        stem = found[0].rpartition(".")[0]
        parts = list(_FILE_WORD.finditer(stem))
        if len(parts) < 2:  # noqa: PLR2004 - a file called after one word says little
            continue
        named = sum(word_class(part[0]) is WordClass.NAME for part in parts)
        for place, part in enumerate(parts):
            if not part[0][0].isupper() or part[0].isupper():
                continue
            unknown = word_class(part[0]) in _UNFAMILIAR and place in {0, len(parts) - 1}
            if named > 1 and word_class(part[0]) is WordClass.VOCABULARY:
                continue  # ``Lebenslauf_Henrike_Albers``
            if unknown or (is_listed(part[0]) and word_class(part[0]) is not WordClass.INTERFACE):
                yield Span(found.start() + part.start(), found.start() + part.end(), EntityType.PERSON, _SURE)
