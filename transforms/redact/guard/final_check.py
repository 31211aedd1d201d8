"""Final check of a session: it holds no found value, no secret of a known form, no number with valid check digits.

An independent pass over the rows to release: it knows the values that the redaction found, but not their places, and
shares no pattern with the detectors. It reads every text column and the texts that released key rows spell, in each
field and over the whole session. Surrogates and placeholders are cut out first, at the spans that the rows name. A
session in which it finds anything is not released.
"""

import itertools
import re
from collections.abc import Collection, Iterable, Iterator
from typing import NamedTuple

import ahocorasick

from schemas.safe import NODE_COLUMNS, TEXT_COLUMNS
from transforms.redact.guard.released_text import ReleasedText
from transforms.redact.surrogates.reserved_values import without_surrogates
from transforms.redact.text.folding import BREAK, FREE_CHARS, begins_word, ends_word, is_numeric, squash

VALUE_LEFT = "a value that was found elsewhere in the session was about to be released"
SECRET_LEFT = "something in the form of a key, a token or credentials was about to be released"  # noqa: S105 - a rule
ADDRESS_LEFT = "an e-mail address that was typed over several fields was about to be released"
NUMBER_LEFT = "a number in the form of a card, account or social security number was about to be released"

_SERVICES = r"postgres(?:ql)?|mysql|mariadb|mongodb(?:\+srv)?|rediss?|amqps?|mssql|sftp|ftp|https?"
_SECRETS = tuple(
    (signs.split(), re.compile(pattern))
    for signs, pattern in (
        ("-----BEGIN", r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY"),
        ("eyJ", r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}"),
        ("AKIA ASIA", r"\b(?:AKIA|ASIA)[A-Z0-9]{16}\b"),
        ("ghp_ gho_ ghu_ ghs_ ghr_", r"\bgh[pousr]_[A-Za-z0-9]{36}"),
        ("github_pat_ glpat-", r"\bgithub_pat_\w{60,}|\bglpat-[\w-]{20}"),
        ("xox _live_", r"\bxox[abeoprs]-\d{5,}-[\w-]{10,}|\b[sr]k_live_[A-Za-z0-9]{20,}"),
        ("sk-", r"\bsk-[A-Za-z0-9_-]{40,}"),
        ("AIza ya29. npm_", r"\bAIza[\w-]{35}\b|\bya29\.[\w-]{30,}|\bnpm_[A-Za-z0-9]{36}\b"),
        ("SG.", r"\bSG\.[\w-]{22}\.[\w-]{43}"),
        (
            "@",
            rf"\b(?:{_SERVICES})://[^\s:/@\x00]{{1,64}}:[^\s:/@\x00]{{3,128}}@[\w.-]+",
        ),
    )
)
"""Forms of secrets: words, one of which is in every secret of the form, and its pattern."""
_CARD = re.compile(r"(?<![\w.,-])(?:[3456]\d{3}|2[2-7]\d\d)(?:[ -]?\d){9,15}(?![\w-])")
_IBAN = re.compile(r"\b([A-Z]{2})\d\d(?: ?[A-Z0-9]){11,30}")
_SSN = re.compile(r"(?<![\w.,/-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])")
"""With hyphens alone: three numbers between spaces are as often a row of a table; the detectors judge those."""

_ISSUED = re.compile(
    r"4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)\d{12}|3[47]\d{13}"
    r"|3(?:0[0-5]|[68]\d)\d{11}|6(?:011|5\d\d|4[4-9]\d)\d{12}|35(?:2[89]|[3-8]\d)\d{12}|62\d{14,17}"
)
"""Issuer prefixes and lengths: Visa, Mastercard, American Express, Diners Club, Discover, JCB, UnionPay."""

_IBAN_CHARS = {
    word[:2]: int(word[2:])
    for word in """AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DK18 DO28 EE20 EG29
    ES24 FI18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20
    LB28 LC32 LI21 LT20 LU20 LV21 LY25 MC27 MD24 ME22 MK19 MR27 MT31 MU30 NL18 NO15 PK24 PL28 PS29 PT25
    QA29 RO24 RS22 SA24 SC31 SD18 SE24 SI19 SK24 SM27 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20""".split()
}
"""Length of an IBAN by country (SWIFT IBAN registry)."""

_COLUMNS = (*TEXT_COLUMNS, *NODE_COLUMNS.values())

_ADDRESS = re.compile(r"[\w.+-]{1,64}@(?:[\w-]{1,63}\.){1,8}[a-z]{2}", re.IGNORECASE)
"""An e-mail address that is spelled across fields, where nothing ends it; within one text the detectors judge it."""

_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
"""Digit sum of twice each digit."""

_CARD_GROUPS = frozenset({(4, 4, 4, 4), (4, 6, 5)})


class GuardHit(NamedTuple):
    """Finding of the guard: the column (``key`` for the texts of key rows) and the broken rule."""

    column: str
    rule: str


def inspect_session(shown: ReleasedText, start: int, end: int, values: Collection[str]) -> GuardHit | None:
    """Check the rows of one session and return the first finding, None if there is none.

    ``values`` are the squashed forms of the values found in the session.
    """
    fields, whole = shown.spell(start, end)
    texts = {
        column: BREAK.join(dict.fromkeys(shown.texts(column, start, end)))
        for column in (*TEXT_COLUMNS, *NODE_COLUMNS.values())
    }
    texts["key"] = BREAK.join(fields)
    found = _automaton(values)
    everything = BREAK.join(texts.values())
    if found is not None and _holds(f"{everything}{BREAK}{whole}", found):
        for column, text in (*texts.items(), ("key", whole)):
            if _holds(text, found) and _holds(without_surrogates(text), found):
                return GuardHit(column, VALUE_LEFT)
    # A card typed half into one field and half into the next is whole in no field: "4471 6236" | "4635 2642".
    across = {"key": f"{texts['key']}{BREAK}{whole}"}
    if any(_has_secret(text) or _has_number(text) for text in (everything, whole)):
        for column, text in (texts | across).items():
            if _has_secret(text):
                return GuardHit(column, SECRET_LEFT)
            if _has_number(text) and _has_number(without_surrogates(text)):
                return GuardHit(column, NUMBER_LEFT)
    if any(address not in texts["key"] and without_surrogates(address) == address for address in _addresses(whole)):
        return GuardHit("key", ADDRESS_LEFT)
    if _have_card(shown.finals(start, end)):
        return GuardHit("text", NUMBER_LEFT)
    return GuardHit(NODE_COLUMNS["value"], NUMBER_LEFT) if any(map(_have_card, shown.values(start, end))) else None


def _have_card(boxes: Iterable[str]) -> bool:
    return any(map(_is_card, _join_boxes(boxes)))


def _join_boxes(texts: Iterable[str]) -> Iterator[str]:
    """Join the texts of neighbouring boxes that are as long as the digit groups of a card.

    ``4111``, ``1111``, ``1111``, ``1111`` give ``4111111111111111``.
    """
    for numeric, run in itertools.groupby(texts, is_numeric):
        boxes = list(run) if numeric else []
        if tuple(map(len, boxes)) in _CARD_GROUPS:
            yield "".join(boxes)


def _automaton(values: Collection[str]) -> ahocorasick.Automaton | None:
    if not values:
        return None
    automaton = ahocorasick.Automaton()
    for value in values:
        automaton.add_word(value, len(value))
    automaton.make_automaton()
    return automaton


def _holds(text: str, values: ahocorasick.Automaton) -> bool:
    plain, index = squash(text)
    for last, length in values.iter(plain):
        start, end = int(index[last - length + 1]), int(index[last]) + 1
        if length >= FREE_CHARS or (begins_word(text, start) and ends_word(text, end)):
            return True
    return False


def _has_secret(text: str) -> bool:
    return any(pattern.search(text) for signs, pattern in _SECRETS if any(sign in text for sign in signs))


def _addresses(text: str) -> list[str]:
    return _ADDRESS.findall(text) if "@" in text else []


def _has_number(text: str) -> bool:
    return any(_numbers(text)) or _SSN.search(text) is not None


def _numbers(text: str) -> Iterator[bool]:
    """Check each number in the form of a card or an account: yield whether its check digits are valid."""
    for found in _CARD.finditer(text):
        yield _is_card(found[0].replace(" ", "").replace("-", ""))
    for found in _IBAN.finditer(text):
        plain = found[0].replace(" ", "")[: _IBAN_CHARS.get(found[1], 0)]
        yield len(plain) == _IBAN_CHARS.get(found[1]) and _remainder(plain[4:] + plain[:4]) == 1


def _is_card(digits: str) -> bool:
    return _ISSUED.fullmatch(digits) is not None and _has_luhn_digit(digits)


def _has_luhn_digit(digits: str) -> bool:
    """Check whether the last digit is valid (ISO/IEC 7812-1, annex B)."""
    values = [int(digit) for digit in reversed(digits)]
    return (sum(values[::2]) + sum(_DOUBLED[value] for value in values[1::2])) % 10 == 0


def _remainder(plain: str) -> int:
    """Return the remainder by 97 of the number that letters and digits spell in base 36 (ISO 7064, MOD 97-10)."""
    return int("".join([str(int(character, 36)) for character in plain])) % 97
