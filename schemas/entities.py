"""Kinds of personal or secret values, and a found span."""

from enum import StrEnum
from typing import NamedTuple


class EntityType(StrEnum):
    """Kind of entity in a span; its value is released in the column ``redactions``."""

    PERSON = "PERSON"
    EMAIL_ADDRESS = "EMAIL_ADDRESS"
    PHONE_NUMBER = "PHONE_NUMBER"
    ADDRESS = "ADDRESS"
    LOCATION = "LOCATION"
    DATE_OF_BIRTH = "DATE_OF_BIRTH"
    US_SSN = "US_SSN"
    ID_NUMBER = "ID_NUMBER"
    EMPLOYEE_ID = "EMPLOYEE_ID"
    CREDIT_CARD = "CREDIT_CARD"
    IBAN_CODE = "IBAN_CODE"
    BANK_ACCOUNT = "BANK_ACCOUNT"
    CRYPTO = "CRYPTO"
    IP_ADDRESS = "IP_ADDRESS"
    MAC_ADDRESS = "MAC_ADDRESS"
    HOSTNAME = "HOSTNAME"
    FILE_PATH = "FILE_PATH"
    URL = "URL"
    USERNAME = "USERNAME"
    PASSWORD = "PASSWORD"  # noqa: S105 - the name of a kind
    SECRET = "SECRET"  # noqa: S105 - the name of a kind
    ONE_TIME_CODE = "ONE_TIME_CODE"
    MEDICAL = "MEDICAL"
    CLOCK_TIME = "CLOCK_TIME"
    ORGANISATION = "ORGANISATION"
    PROJECT = "PROJECT"
    REPOSITORY = "REPOSITORY"
    CHANNEL = "CHANNEL"
    TICKET = "TICKET"
    INCOMING = "INCOMING"
    """Words of somebody else in a mail, a chat, a calendar or a meeting, withheld whole."""
    UNSCANNED = "UNSCANNED"
    """A whole text that could not be scanned (too long, a pattern timed out): redacted as it stands."""

    __hash__ = str.__hash__  # an enumeration's own goes through Python, and every look-up asks for it


BUSINESS = frozenset(
    {EntityType.ORGANISATION, EntityType.PROJECT, EntityType.REPOSITORY, EntityType.CHANNEL, EntityType.TICKET}
)
"""Secrets of the organisation rather than of a person; found where ``redact.classes`` holds ``business``."""


class Span(NamedTuple):
    """Half-open range of code points of one text that contains an entity."""

    start: int
    end: int
    entity: EntityType
    score: float


class TextKind(StrEnum):
    """Source of a text; detectors may weigh a rule by it."""

    TYPED = "typed"
    TITLE = "title"
    URL = "url"
    APP = "app"
    LABEL = "label"
    NAME = "name"
    SCREEN = "screen"
    CLIPBOARD = "clipboard"

    __hash__ = str.__hash__


class Text(NamedTuple):
    """Text to scan.

    ``label`` is the accessible name of the field it was typed into, '' elsewhere. ``slight`` says that a model has
    nothing to add: the text differs from another of the same call by single characters only, or is made of pieces.
    ``ocr`` says that it was read off a picture, so that some of its characters may be others.
    """

    content: str
    kind: TextKind
    label: str = ""
    slight: bool = False
    ocr: bool = False

    def __repr__(self) -> str:
        """Show the length of the text and none of its content."""
        return f"Text({self.kind.value}, {len(self.content)} characters)"
