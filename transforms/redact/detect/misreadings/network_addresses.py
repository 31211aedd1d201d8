"""Mail and network addresses whose signs were misread: ``anna (a) example , com``, ``192,168. 1.20``."""

import re
from collections.abc import Iterator

from schemas.entities import EntityType, Span
from transforms.redact.detect.misreadings.confusions import DIGIT_OF
from transforms.redact.detect.recognizers.network import mail_value

_SCORE = 0.8
_WORD = r"[A-Za-z0-9][\w|!-]{0,62}"
_AT = r"(?: ?(?:[@©®]|\([a@]\)|\[a\]) ?)"
_DOT = r"(?:[.,]| ?[.,] ?(?=[a-z]{2,4}\b))"
_MAIL = re.compile(
    rf"(?<![\w.+-])[A-Za-z0-9|!](?:[\w+|!-]|[.,](?=\w)){{0,63}}{_AT}{_WORD}(?:{_DOT}{_WORD}){{0,3}}{_DOT}[a-z][a-z0|!1]{{1,11}}(?![\w|!])"
)
"""An address with one sign or several misread. Its last part begins with a letter: ``lunch @ 12.30`` is none."""
_IMAGE = re.compile(r".*@\d(?:\.\d)?x\W", re.DOTALL)

_DIGIT = rf"[0-9{re.escape(''.join(DIGIT_OF))}]"
_FOUR = re.compile(rf"(?<![\w.,]){_DIGIT}{{1,3}}(?:(?:,| ?\. ?){_DIGIT}{{1,3}}){{3}}(?!\w|[.,]\w)")
_AMOUNT = re.compile(r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d{1,3}(?:\.\d{3})+(?:,\d{1,2})?")
_BIGGEST = 255
_LEAST_DIGITS, _MOST_COMMAS = 4, 2

_PAIR = rf"[0-9A-Fa-f{re.escape(''.join(DIGIT_OF))}]{{2}}"
_MAC = re.compile(rf"(?<![\w:-]){_PAIR}(?:(?::{_PAIR}){{5}}|(?:-{_PAIR}){{5}})(?![\w:-])")


def find_addresses(text: str) -> Iterator[Span]:
    """Yield the addresses of ``text``, misread or not.

    >>> text = "ann (a) example , com at 192,168. 1.2O"
    >>> [text[span.start : span.end] for span in find_addresses(text)]
    ['ann (a) example , com', '192,168. 1.2O']
    """
    for found in _MAIL.finditer(text):
        if not _IMAGE.match(found[0]) and mail_value(found[0]) is not False:
            yield Span(found.start(), found.end(), EntityType.EMAIL_ADDRESS, _SCORE)
    for found in _FOUR.finditer(text):
        if _is_network(found[0]):
            yield Span(found.start(), found.end(), EntityType.IP_ADDRESS, _SCORE)
    for found in _MAC.finditer(text):
        if any(map(str.isdigit, found[0])):
            yield Span(found.start(), found.end(), EntityType.MAC_ADDRESS, _SCORE)


def _is_network(four: str) -> bool:
    """Tell whether four numbers are an address: one of them was misread, and they are no amount of money."""
    plain = "".join(DIGIT_OF.get(character, character) for character in four)
    if (plain == four and "," not in four and " " not in four) or four.count(",") > _MOST_COMMAS:
        return False  # well read, so that a rule of its own judges it; or a list
    if _AMOUNT.fullmatch(four) or sum(map(str.isdigit, four)) < _LEAST_DIGITS:
        return False
    numbers = [int(number) for number in re.split(r"\D+", plain)]
    return all(number <= _BIGGEST for number in numbers) and 0 < numbers[0] < _BIGGEST
