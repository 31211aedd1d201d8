# ruff: noqa: E501 - patterns are tables: one alternative list a line, in the letters of many languages
"""Recovery phrases of wallets and lists of backup codes.

A phrase is 12 to 24 short words, on one line or numbered: ``Recovery phrase: legal winner thank year ...``. Codes stand
in lines of their own below their cue: ``Backup codes``, ``4f7a-91bc  08de-77a1``.
"""

import re
from collections.abc import Iterator

from schemas.entities import EntityType, Span
from transforms.redact.detect.recognizers.rule import Finder

_PHRASE_CUE = (
    r"(?:recovery|seed|secret|backup|wallet|mnemonic)[ -](?:recovery[ -])?(?:phrase|words?|sentence|mnemonic)|mnemonic|bip-?39"
    r"|wiederherstellungs(?:phrase|wörter|satz)|phrase (?:de récupération|secrète|mnémonique)|frase (?:de recuperación|semilla|di recupero|de recuperação)"
    r"|herstelzin|fraza odzyskiwania|(?:секретная|мнемоническая|seed)[ -]фраза|фраза восстановления|助记词|助記詞|シードフレーズ|復元フレーズ|시드 문구|복구 문구"
)
_CODES_CUE = (
    r"(?:backup|back-up|recovery|emergency|scratch|rescue|single-use|one-time)[ -](?:verification |login |sign-?in )?codes?"
    r"|(?:backup|wiederherstellungs|ersatz|notfall|herstel|back-up)-?codes?|codes de (?:secours|récupération|sauvegarde)"
    r"|códigos? de (?:respaldo|recuperación|recuperação|reserva|backup)|codici di (?:backup|recupero|riserva)|kody (?:zapasowe|odzyskiwania)"
    r"|reservekoder|återställningskoder|резервные коды|коды восстановления|备用(?:验证)?码|备份代码|恢复代码|バックアップ ?コード|リカバリー ?コード|백업 코드|복구 코드"
)
_CUED_PHRASE = re.compile(_PHRASE_CUE, re.IGNORECASE)
_CUED_CODES = re.compile(_CODES_CUE, re.IGNORECASE)
_FEWEST, _MOST = 9, 24
_GAP = 160
"""Most characters between a cue and the first word of its phrase."""
_ITEM = r"(?:\d{1,2}\s?[.):]?\s{1,3})?[a-z]{3,8}"
_WORDS = re.compile(rf"(?<![\w'-]){_ITEM}(?:[\s,;|·]{{1,4}}{_ITEM}){{{_FEWEST - 1},{_MOST - 1}}}(?![\w'-])")
_NUMBERED = re.compile(
    r"(?<![\w.])\d{1,2}\s?[.):]?\s{1,3}[a-z]{3,8}(?:[\s,;|·]{1,4}\d{1,2}\s?[.):]?\s{1,3}[a-z]{3,8}){11,23}(?!\w)"
)
_LINE = re.compile(r"^[ \t]*(?P<v>[a-z]{3,8}(?: [a-z]{3,8}){11}(?: [a-z]{3,8}){0,12})[ \t]*$", re.MULTILINE)
_LENGTHS = frozenset({12, 15, 18, 21, 24})
_PROSE = frozenset(
    "the and with your for are not from have has who them its our but was were been than these those".split()
)
"""Words of sentences that no list of recovery words holds."""
_WORD = re.compile(r"[a-z]{3,8}")

_CODE = r"[A-Za-z0-9]{3,12}(?:-[A-Za-z0-9]{2,12}){0,4}|\d{4} \d{4}"
_CODES = re.compile(_CODE)
_CODE_LINE = re.compile(
    rf"[\W_]*(?:\d{{1,2}}[.):][ \t]+)?(?:{_CODE})(?:[\s,;|·•*☐✓-]+(?:\d{{1,2}}[.):][ \t]+)?(?:{_CODE}))*[\W_]*"
)
_LEAST_CODE = 6
_LINES_BEFORE, _LINES_OF_CODES = 3, 24


def find_phrases(text: str) -> Iterator[Span]:
    """Yield recovery phrases: after a cue, numbered, or alone on a line."""
    for cue in _CUED_PHRASE.finditer(text):
        found = _WORDS.search(text, cue.end(), cue.end() + _GAP + _MOST * 16)
        if found and found.start() - cue.end() <= _GAP and not _is_prose(found[0]):
            yield Span(found.start(), found.end(), EntityType.SECRET, 0.95)
    for found in _NUMBERED.finditer(text):
        yield Span(found.start(), found.end(), EntityType.SECRET, 0.8)
    for found in _LINE.finditer(text):
        if len(_WORD.findall(found["v"])) in _LENGTHS and not _is_prose(found["v"]):
            yield Span(*found.span("v"), EntityType.SECRET, 0.5)


def find_codes(text: str) -> Iterator[Span]:
    """Yield the codes on the line of their cue and on the lines of codes below it."""
    for cue in _CUED_CODES.finditer(text):
        end = text.find("\n", cue.end())
        end = len(text) if end < 0 else end
        yield from _read_codes(text, cue.end(), end)
        misses = seen = 0
        while end < len(text) and misses <= _LINES_BEFORE and seen < _LINES_OF_CODES:
            start, end = end + 1, text.find("\n", end + 1)
            end = len(text) if end < 0 else end
            spans = list(_read_codes(text, start, end)) if _CODE_LINE.fullmatch(text, start, end) else []
            if not text[start:end].strip():
                continue
            if not spans and seen:
                break
            yield from spans
            seen += bool(spans)
            misses += not spans


def _read_codes(text: str, start: int, end: int) -> Iterator[Span]:
    for found in _CODES.finditer(text, start, end):
        value = found[0]
        if len(value) >= _LEAST_CODE and any(map(str.isdigit, value)) and not _joins_word(text, *found.span()):
            yield Span(found.start(), found.end(), EntityType.ONE_TIME_CODE, 0.85)


def _joins_word(text: str, start: int, end: int) -> bool:
    return text[start - 1 : start].isalnum() or text[end : end + 1].isalnum()


def _is_prose(words: str) -> bool:
    return not _PROSE.isdisjoint(_WORD.findall(words))


RULES = (
    Finder(
        "recovery-phrase",
        (_PHRASE_CUE, r"[a-z]{3,8}(?:[\s,;|·]{1,4}(?:\d{1,2}\s?[.):]?\s{1,3})?[a-z]{3,8}){11}"),
        find_phrases,
        document=True,
    ),
    Finder("backup-codes", (_CODES_CUE,), find_codes, document=True),
)
