"""Checks of numbers: check digits of published formats, addresses of networks, digits that pictures confuse."""

import ipaddress
import re
from collections.abc import Callable

_CONFUSED = str.maketrans({"O": "0", "o": "0", "I": "1", "l": "1", "|": "1", "S": "5", "B": "8", "Z": "2"})
_OCTET = re.compile(r"\d{1,3}")
_NOT_ALNUM = re.compile(r"[^0-9A-Za-z]")


def digits(value: str) -> str:
    """Keep only the ASCII digits of ``value``."""
    return "".join(character for character in value if "0" <= character <= "9")


def read_digits(value: str) -> str:
    """Keep only the digits of ``value``, reading letters that look like digits (``O``, ``I``, ``S``) as digits."""
    return digits(value.translate(_CONFUSED))


def with_digits(least: int, most: int = 64) -> Callable[[str], bool | None]:
    """Build a validator that refuses values with fewer than ``least`` or more than ``most`` digits."""

    def judge(value: str) -> bool | None:
        return None if least <= len(digits(value)) <= most else False

    return judge


def luhn(number: str) -> bool:
    """Return whether the digits satisfy the Luhn check (ISO/IEC 7812-1, annex B).

    >>> luhn("79927398713"), luhn("79927398710")
    (True, False)
    """
    total = 0
    for position, digit in enumerate(reversed(number)):
        value = int(digit) * (1 + position % 2)
        total += value - 9 * (value > 9)  # noqa: PLR2004 - the digit sum of a two-digit product
    return total % 10 == 0


def mod97(value: str) -> bool:
    """Return whether an IBAN's check digits hold (ISO 7064, MOD 97-10, after ISO 13616).

    >>> mod97("GB82 WEST 1234 5698 7654 32"), mod97("GB82 WEST 1234 5698 7654 33")
    (True, False)
    """
    plain = _NOT_ALNUM.sub("", value).upper()
    return int("".join(str(int(character, 36)) for character in plain[4:] + plain[:4])) % 97 == 1


def french_nir(value: str) -> bool:
    """Return whether a French social security key holds: 97 - number mod 97; Corsica's 2A is 19, 2B is 18."""
    plain = _NOT_ALNUM.sub("", value).upper().replace("2A", "19").replace("2B", "18")
    return len(plain) == 15 and plain.isdigit() and 97 - int(plain[:13]) % 97 == int(plain[13:])  # noqa: PLR2004


def dutch_bsn(value: str) -> bool:
    """Return whether the eleven test of a Dutch citizen service number holds."""
    plain = digits(value)
    weights = (9, 8, 7, 6, 5, 4, 3, 2, -1)
    return len(plain) == len(weights) and sum(w * int(d) for w, d in zip(weights, plain, strict=True)) % 11 == 0


def belgian_number(value: str) -> bool:
    """Return whether a Belgian national number checks; for births from 2000 on, a 2 precedes the number."""
    plain = digits(value)
    if len(plain) != 11:  # noqa: PLR2004
        return False
    return int(plain[9:]) in (97 - int(plain[:9]) % 97, 97 - int("2" + plain[:9]) % 97)


def ean13(value: str) -> bool:
    """Return whether an EAN-13 check digit holds (Swiss AHV numbers, 756...)."""
    plain = digits(value)
    return len(plain) == 13 and sum(int(d) * (1 + 2 * (i % 2)) for i, d in enumerate(plain)) % 10 == 0  # noqa: PLR2004


def brazilian_cpf(value: str) -> bool:
    """Return whether both check digits of a Brazilian CPF hold."""
    plain = digits(value)
    if len(plain) != 11 or len(set(plain)) == 1:  # noqa: PLR2004
        return False
    for length in (9, 10):
        total = sum(int(d) * (length + 1 - i) for i, d in enumerate(plain[:length]))
        if total * 10 % 11 % 10 != int(plain[length]):
            return False
    return True


def ip_value(value: str) -> bool | None:
    """Judge an IP address: refuse loop-back and unspecified addresses, net masks, and ``a::b``, which has no digit."""
    plain = value.partition("/")[0].partition("%")[0].strip("[]")
    if not _OCTET.search(plain):
        return False
    try:
        address = ipaddress.ip_address(plain)
    except ValueError:
        return None if len(_OCTET.findall(plain)) == 4 else False  # noqa: PLR2004
    masked = plain.startswith("255.") or (plain.startswith("::") and int(address) < 1 << 16)  # ``rows[::2]``
    return False if address.is_unspecified or address.is_loopback or masked else None
