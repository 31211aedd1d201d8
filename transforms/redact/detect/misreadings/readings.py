"""Values of a text of a picture in spite of misread characters: scanned again as it may have been printed."""

from collections.abc import Callable, Iterable, Iterator

from schemas.entities import EntityType, Span
from transforms.redact.detect.misreadings.digits import Keep, read_digits
from transforms.redact.detect.misreadings.network_addresses import find_addresses
from transforms.redact.detect.misreadings.tokens import find_tokens
from transforms.redact.text.markup import split_units
from transforms.redact.text.spans import shift

NUMBERS = frozenset(
    {
        EntityType.PHONE_NUMBER, EntityType.DATE_OF_BIRTH, EntityType.US_SSN, EntityType.ID_NUMBER,
        EntityType.EMPLOYEE_ID, EntityType.CREDIT_CARD, EntityType.IBAN_CODE, EntityType.BANK_ACCOUNT,
        EntityType.IP_ADDRESS, EntityType.ONE_TIME_CODE, EntityType.MEDICAL,
    }
)  # fmt: skip
"""Entities that digits tell; a name or a key is not found by reading its letters as digits."""


def find_misread(text: str, scan: Callable[[str], Iterable[Span]]) -> Iterator[Span]:
    """Yield the numbers, addresses and keys of ``text`` that ``scan`` finds once misread characters are replaced.

    Readings have the length of the text. A number counts if it holds a character that was replaced.
    """
    for start, end in split_units(text):
        line = text[start:end]
        yield from shift((*find_addresses(line), *find_tokens(line)), start)
    for reading in dict.fromkeys(read_digits(text, Keep)):
        if reading != text:
            for span in scan(reading):
                changed = reading[span.start : span.end] != text[span.start : span.end]
                if changed and span.entity in NUMBERS:
                    yield span
