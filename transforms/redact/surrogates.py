"""Replacements that look like what they replace, from ranges that belong to nobody.

A surrogate is a function of the session's key, the entity type and the normalised value: the same value gets the same
surrogate throughout a session, and two sessions cannot be linked by it. Its length does not depend on the value.
Reserved ranges: example domains (RFC 2606), documentation addresses (RFC 5737, RFC 3849), 555-01xx telephone numbers
(NANPA), card numbers of payment test environments, the IBAN standard's own example, SSN area 000 (never issued).
"""

import hashlib
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from schemas.entities import EntityType
from transforms.redact.settings import RedactSettings, Treatment

GIVEN = tuple(
    """Alina Boris Celia Dario Edith Felix Greta Hugo Irena Jonas Karin Leo Mona Nils Olga Paul Rita Silas Tessa Ugo
    Vera Wanda Xaver Yara Zeno Anton Berit Carlo Dagny Emil Flora Gideon Hanna Ivo Judith Klara""".split()
)
"""Made-up people's given names (synthetic)."""

FAMILY = tuple(
    """Abbott Barlow Calder Denham Easton Farrow Garland Hartley Ingram Jessop Kendal Langley Marsden Norwood Oakley
    Prescott Quimby Redfern Selwyn Thorne Upton Vickers Walcott Yardley Ashby Birch Colby Dalton Ellery Fenwick
    Granger Holt Ives Juniper Kirby Lowell""".split()
)
"""Made-up people's family names (synthetic)."""

_STREETS = ("Example Street", "Sample Avenue", "Placeholder Road", "Specimen Lane", "Test Square")
_CARDS = ("4111111111111111", "5555555555554444", "4012888888881881", "6011111111111117")
_IBANS = ("GB82WEST12345698765432", "DE89370400440532013000", "FR1420041010050500013M02606")


def placeholder(entity: EntityType) -> str:
    """Return the fixed marker of an entity type."""
    return f"<{entity.value}>"


@dataclass(frozen=True, slots=True)
class Surrogates:
    """Surrogates of one session: ``key`` is derived for this session and release alone."""

    key: bytes = field(repr=False)
    settings: RedactSettings

    def replacement(self, entity: EntityType, value: str) -> str:
        """Return what stands for ``value``, already normalised by the caller (case, spacing)."""
        treatment = self.settings.treatment(entity)
        if treatment is Treatment.DROP:
            return ""
        if treatment is Treatment.PLACEHOLDER:
            return placeholder(entity)
        return self._surrogate(entity, value)

    def name_part(self, value: str, *, family: bool) -> str:
        """Return the surrogate of one part of a person's name."""
        return _pick(FAMILY if family else GIVEN, self._draw("family" if family else "given", value))

    def _draw(self, label: str, value: str) -> int:
        message = label.encode() + b"\0" + value.encode("utf-8", "surrogatepass")
        return int.from_bytes(hmac.digest(self.key, message, hashlib.sha256)[:16])

    def _surrogate(self, entity: EntityType, value: str) -> str:
        form = _FORMS.get(entity)
        return placeholder(entity) if form is None else form(self._draw(entity.value, value))


def _pick(choices: tuple[str, ...], draw: int) -> str:
    return choices[draw % len(choices)]


def _person(draw: int) -> str:
    return f"{_pick(GIVEN, draw)} {_pick(FAMILY, draw >> 32)}"


def _email(draw: int) -> str:
    return f"{_person(draw).lower().replace(' ', '.')}@example.com"


def _username(draw: int) -> str:
    return f"user{draw % 9000 + 1000}"


def _phone(draw: int) -> str:
    return f"+1 202-555-01{draw % 100:02d}"


def _address(draw: int) -> str:
    return f"{draw % 90 + 10} {_pick(_STREETS, draw >> 16)}"


def _location(_: int) -> str:
    return "Exampleville"


def _birthday(draw: int) -> str:
    return f"1900-01-{draw % 28 + 1:02d}"


def _ssn(draw: int) -> str:
    return f"000-{draw % 90 + 10}-{(draw >> 16) % 9000 + 1000}"


def _card(draw: int) -> str:
    return _pick(_CARDS, draw)


def _iban(draw: int) -> str:
    return _pick(_IBANS, draw)


def _ip_address(draw: int) -> str:
    return f"192.0.2.{draw % 254 + 1}"


def _mac_address(draw: int) -> str:
    return f"00:00:5e:00:53:{draw % 256:02x}"


def _hostname(draw: int) -> str:
    return f"host{draw % 900 + 100}.example.net"


def _path(draw: int) -> str:
    return f"/example/file{draw % 900 + 100}"


def _url(draw: int) -> str:
    return f"https://example.com/{draw % 9000 + 1000}"


def _number(draw: int) -> str:
    return f"ID{draw % 900_000 + 100_000}"


_FORMS: Mapping[EntityType, Callable[[int], str]] = {
    EntityType.PERSON: _person,
    EntityType.EMAIL_ADDRESS: _email,
    EntityType.USERNAME: _username,
    EntityType.PHONE_NUMBER: _phone,
    EntityType.ADDRESS: _address,
    EntityType.LOCATION: _location,
    EntityType.DATE_OF_BIRTH: _birthday,
    EntityType.US_SSN: _ssn,
    EntityType.CREDIT_CARD: _card,
    EntityType.IBAN_CODE: _iban,
    EntityType.IP_ADDRESS: _ip_address,
    EntityType.MAC_ADDRESS: _mac_address,
    EntityType.HOSTNAME: _hostname,
    EntityType.FILE_PATH: _path,
    EntityType.URL: _url,
    EntityType.EMPLOYEE_ID: _number,
    EntityType.ID_NUMBER: _number,
    EntityType.BANK_ACCOUNT: _number,
}
"""How the surrogate of each entity type is made from 128 random bits; any other type has only its marker."""


def cased_like(surrogate: str, surface: str) -> str:
    """Return ``surrogate`` in lower or upper case where ``surface`` has no other letters."""
    if surface.islower():
        return surrogate.lower()
    if surface.isupper() and len(surface) > 1:
        return surrogate.upper()
    return surrogate
