"""People from structure: salutations, signatures, mail headers, window titles, file names, requests about someone.

The rules yield guesses, spans of words that stand where a name stands; ``people`` judges each word of them.
"""

import re
from collections.abc import Iterator, Sequence

from schemas.entities import EntityType, Span
from transforms.redact.names import WordClass, is_listed, may_be_name, word_class
from transforms.redact.people import Word

_NAME = r"[^\W\d_][^\W\d_'’.-]*(?:['’-][^\W\d_]+)*\.?"
_NAMES = rf"{_NAME}(?: {_NAME}){{0,3}}"
_LIKELY, _SURE = 0.25, 0.5
"""Scores of a guess: enough for a word of a small dictionary, enough for an everyday word."""

_RULES: tuple[tuple[re.Pattern[str], float], ...] = (
    # Dear X, Hi X,
    (re.compile(rf"^\W{{0,3}}(?:dear|liebe[rs]?|sehr geehrte[rs]? (?:herr|frau)|chère?|estimad[oa]|querid[oa]|car[oa]|geachte|beste|kære|kjære|hej|hei|hi|hello|hey|hallo|bonjour|hola|ciao|ola|olá|moin|servus|good (?:morning|afternoon|evening)|morning|thanks|thank you|thx|cheers|merci|danke|gracias|grazie) (?P<v>{_NAME}(?: {_NAME})?) ?(?:[,!:.–-]|$)", re.IGNORECASE), _LIKELY),
    # X <mail@...>, and headers
    (re.compile(rf"(?:^|[:;,>\s])\"?(?P<v>{_NAME}(?:,? {_NAME}){{0,3}})\"?\s?[<(\[](?:mailto:)?[\w.+-]+@"), _SURE),
    (re.compile(rf"^\W{{0,3}}(?:from|to|cc|bcc|von|an|de|à|para|da|van|aan|från|till|fra|til|sent by|signed|name|author|assignee|reporter|owner|organi[sz]er|attendees?|presenter|host|contact|reviewer|approver|requester|prepared by|created by|modified by|last edited by|uploaded by|posted by|invited by|shared by|assigned to)\s?:\s{{0,3}}(?P<v>{_NAMES})(?=\s?(?:$|[<(\[;,|]))", re.IGNORECASE), _LIKELY),
    # (DM), (You), (Guest)
    (re.compile(rf"(?:^|[|•·,:]|\s[-–—]) ?(?P<v>{_NAMES}) ?\((?:dm|you|du|me|ich|vous|tú|tu|guest|gast|external|extern|host|organi[sz]er|presenter|away|busy|offline|online|she/her|he/him|they/them)\)", re.IGNORECASE), _SURE),
    (re.compile(rf"^(?P<v>{_NAMES}) (?:is typing|is presenting|is sharing|joined|left|has (?:joined|left|invited|shared|accepted|declined)|invited you|shared a|mentioned you|replied|commented|accepted|declined|reacted|sent you)\b", re.IGNORECASE), _LIKELY),
    (re.compile(rf"(?:^|\W)(?:chat|call|meeting|conversation|1:1|1-1|one-on-one|sync|interview|huddle|dm|message|lunch|coffee|dinner|appointment|spoke|speak|talk(?:ed)?|met|working|work) with (?P<v>{_NAME}(?: {_NAME})?)", re.IGNORECASE), _LIKELY),
    (re.compile(rf"(?:^|\W)(?:ask(?:ed)?|tell|told|call(?:ed)?|texte?d?|ping(?:ed)?|emailed|messaged|msg|cc|invited?|met|pls add|please add|hire|hired|assigned to|assign to|reports to|sent by|written by|signed by|care of|c/o|attn|per|regards|sincerely|cheers|mvh|gruß|grüße|cordialement|saludos|saluti|groeten|hälsningar|hilsen)[,:]? (?P<v>{_NAME}(?: {_NAME})?)", re.IGNORECASE), 0.15),
    (re.compile(rf"(?:^|\W)(?:the )?(?:tenant|patient|customer|client|candidate|applicant|employee|colleague|manager|boss|wife|husband|son|daughter|brother|sister|mother|father|mom|mum|dad|friend|neighbou?r|doctor|nurse|lawyer|teacher|student|guest|passenger|driver|caller|claimant|member|user|mr|mrs|ms|miss|mx|dr|prof|herr|frau|mme|señora?|sig)\.? (?P<v>{_NAME}(?: {_NAME})?)", re.IGNORECASE), 0.15),
    # X obituary, X phone number
    (re.compile(rf"^\W{{0,3}}(?P<v>{_NAME}(?: {_NAME}){{1,2}}) (?:obituary|phone|phone number|number|linkedin|facebook|instagram|twitter|e-?mail|address|contact|net worth|birthday|age|wife|husband|social media|profile|cv|resume|lawyer|md|dr)\b", re.IGNORECASE), _LIKELY),
    (re.compile(rf"\b(?:need|get|find|what is|whats|what's|update|check|send|have) (?P<v>{_NAME}(?: {_NAME})??)(?:'s|’s|s) (?:new |home |work |mobile |cell )?(?:number|phone|e-?mail|address|birthday|details|account|password|contact|cv|resume|file|profile)\b", re.IGNORECASE), _LIKELY),
)  # fmt: skip

_FILE = re.compile(r"[\w’'.-]+\.(?:docx?|pdf|xlsx?|pptx?|odt|rtf|txt|csv|jpe?g|png|heic|eml|msg|pages|zip|vcf)\b", re.IGNORECASE)
_FILE_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")
_SEGMENT = re.compile(r" [-–—|•·:] | \(|\)|[|•·]|, | > |\t")
_MOST_WORDS = 4


def guesses(text: str, words: Sequence[Word]) -> Iterator[Span]:
    """Yield where the structure of one line of ``text`` says that a name stands."""
    for pattern, score in _RULES:
        for found in pattern.finditer(text):
            yield Span(*found.span("v"), EntityType.PERSON, score)
    yield from _segments(text, words)
    yield from _file_names(text)


def _segments(text: str, words: Sequence[Word]) -> Iterator[Span]:
    """Yield the parts of a title, or a whole line, that are two to four words written like a name.

    One of them has to be likelier a name than a word, or all have to be listed names: ``Frank Banks``, ``Beverley Hill``.
    """
    start = 0
    for end in (*(found.start() for found in _SEGMENT.finditer(text)), len(text)):
        inside = [word for word in words if start <= word.start and word.end <= end]
        if 1 < len(inside) <= _MOST_WORDS and _reads_like_a_name(inside):
            yield Span(inside[0].start, inside[-1].end, EntityType.PERSON, _SURE)
        start = end
    return


def _reads_like_a_name(words: Sequence[Word]) -> bool:
    if not all(word.capital or word.text.islower() and len(word.text) <= 3 for word in words):  # noqa: PLR2004 - van, de
        return False
    if not words[0].capital or any(word.kind is WordClass.INTERFACE for word in words):
        return False
    listed = [is_listed(word.text) or len(word.text) == 1 for word in words]
    if all(listed):
        return any(may_be_name(word.text) for word in words)
    fits = (near or word.kind is WordClass.UNKNOWN for word, near in zip(words, listed, strict=True))
    return all(fits) and any(word.kind is WordClass.NAME for word in words)


def _file_names(text: str) -> Iterator[Span]:
    """Yield the words of a file name that are capitalised and a listed name, or unknown and at an end of it."""
    for found in _FILE.finditer(text):
        stem = found[0].rpartition(".")[0]
        parts = list(_FILE_WORD.finditer(stem))
        if len(parts) < 2:  # noqa: PLR2004 - a file called after one word says little
            continue
        for place, part in enumerate(parts):
            if not part[0][0].isupper() or part[0].isupper():
                continue
            unknown = word_class(part[0]) is WordClass.UNKNOWN and place in {0, len(parts) - 1}
            if unknown or (is_listed(part[0]) and word_class(part[0]) is not WordClass.INTERFACE):
                yield Span(found.start() + part.start(), found.start() + part.end(), EntityType.PERSON, _SURE)
