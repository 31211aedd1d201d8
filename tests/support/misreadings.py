"""Made-up numbers and keys of every kind, and the ways in which optical recognition misreads them."""

import random
import string
from collections.abc import Callable, Iterator
from typing import NamedTuple

from transforms.redact.detect.recognizers.check_digits import luhn

DIGITS = {"0": "OoQ", "1": "lI|", "2": "Z", "5": "S", "6": "bG", "8": "B", "9": "g"}
LETTERS = {
    "O": "0",
    "o": "0",
    "I": "1l",
    "l": "1I",
    "S": "5",
    "s": "5",
    "b": "6",
    "G": "6",
    "B": "8",
    "Z": "2",
    "g": "9",
}
SIGNS = {"@": ("(a)", " @ ", "@ ", "\u00a9"), ".": (",",), "m": ("rn",)}


class Kind(NamedTuple):
    """Kind of value: a line with ``{}`` where it stands, what makes one, and what it is misread as."""

    line: str
    make: Callable[[random.Random], str]
    table: dict[str, str] = DIGITS


def digits(chance: random.Random, form: str) -> str:
    """Fill a form: ``#`` is any digit, ``%`` one to nine, ``A`` a capital, ``U`` a capital or digit, ``h`` of 0-9a-f.

    ``*`` is any letter or digit.
    """
    kinds = {"#": string.digits, "%": "123456789", "A": string.ascii_uppercase, "h": "0123456789abcdef",
             "*": string.ascii_letters + string.digits,
             "U": string.ascii_uppercase + string.digits}  # fmt: skip
    return "".join(chance.choice(kinds[sign]) if sign in kinds else sign for sign in form)


def of(*forms: str, prefix: str = "") -> Callable[[random.Random], str]:
    """Return a maker of values of one of the forms, behind a prefix."""
    return lambda chance: prefix + digits(chance, chance.choice(forms))


def card(chance: random.Random) -> str:
    """Make up a card's number with its check digit."""
    body = chance.choice(["4", "51", "52", "54", "37"]) + "".join(chance.choice(string.digits) for _ in range(16))
    body = body[: 14 if body.startswith("37") else 15]
    number = next(body + last for last in string.digits if luhn(body + last))
    sign = chance.choice(["", " ", "-"])
    cuts = (4, 10) if len(number) == 15 else (4, 8, 12)
    return sign.join(number[low:high] for low, high in zip((0, *cuts), (*cuts, None), strict=True))


def iban(chance: random.Random) -> str:
    """Make up an account of one of several countries."""
    country, form = chance.choice(
        [("DE", "#" * 18), ("GB", "AAAA" + "#" * 14), ("FR", "#" * 23), ("NL", "AAAA" + "#" * 10)]
    )
    body = digits(chance, form)
    rest = int("".join(str(int(character, 36)) for character in body + country + "00")) % 97
    number = f"{country}{98 - rest:02}{body}"
    return number if chance.random() < 0.5 else " ".join(number[at : at + 4] for at in range(0, len(number), 4))


def mail(chance: random.Random) -> str:
    """Make up an address of a person who does not exist."""
    names, others, hosts = "tamsin orla wendel petra", "brimble quayle ostrova", "norvale plinth fernhill marlow"
    first, last, host = (chance.choice(words.split()) for words in (names, others, hosts))
    return f"{first}{chance.choice('._')}{last}@{host}.{chance.choice(['com', 'org', 'net', 'io', 'co.uk', 'de'])}"


def octets(chance: random.Random) -> str:
    """Make up an address of a host."""
    return ".".join(str(chance.randrange(11, 250)) for _ in range(4))


KINDS: dict[str, Kind] = {
    "card": Kind("Card {}", card),
    "iban": Kind("Pay to {} today", iban),
    "ssn": Kind("SSN: {}", of("%##-%#-####")),
    "itin": Kind("ITIN {}", of("9##-7#-####")),
    "phone": Kind("Call {}", of("+1 (%##) %##-####", "%##-%##-####", "(%##) %##-####", "+44 20 %### ####")),
    "ip": Kind("host {} is down", octets),
    "mac": Kind("adapter {}", of("hh:hh:hh:hh:hh:hh", "hh-hh-hh-hh-hh-hh")),
    "birth": Kind("Date of birth: {}", of("0%/1%/196%", "0%.0%.198%", "1%-0%-197%")),
    "account": Kind("Account number: {}", of("%#########", "%###########")),
    "routing": Kind("Routing number: {}", of("0%1000025", "1%1000358")),
    "passport": Kind("Passport no. {}", of("A%#######", "%########")),
    "licence": Kind("Driver's license: {}", of("A%###-####-####", "%#######")),
    "employee": Kind("Employee ID: {}", of("E%####", "EMP-%####", "%#####")),
    "patient": Kind("MRN: {}", of("%#######", "%##-###-###")),
    "nino": Kind("National Insurance number: {}", of("QQ%#####C", "QQ %# ## ## C")),
    "nhs": Kind("NHS number: {}", of("%## ### ####")),
    "nir": Kind("numéro de sécurité sociale : {}", of("1 8# 05 75 ### ### ##")),
    "steuer": Kind("Steuer-ID: {}", of("%# ### ### ###")),
    "pesel": Kind("PESEL: {}", of("8#0%1#####%")),
    "cpf": Kind("CPF: {}", of("%##.###.###-##")),
    "aadhaar": Kind("Aadhaar {}", of("%### #### ####")),
    "sin": Kind("SIN {}", of("%## ### ###")),
    "fiscal": Kind("Codice fiscale: {}", of("AAAAAA6#A0%A###A")),
    "personal": Kind("Personnummer {}", of("6#0%1#-####", "196#0%1#-####")),
    "dni": Kind("DNI {}", of("%#######A")),
    "resident": Kind("주민등록번호 {}", of("6#0%1#-1######")),
    "citizen": Kind("身份证号 {}", of("%#####196#0%1####X", "%#####198#1%1#####")),
    "plate": Kind("VIN {}", of("1HGBH41JXMN1#####")),
    "coin": Kind("send to {}", of("*" * 30, prefix="1A"), {"1": "l", "o": "0", "Q": "O"}),
    "code": Kind("Your verification code is {}", of("%#####")),
    "pin": Kind("PIN: {}", of("%###")),
    "aws": Kind("key {}", of("U" * 16, prefix="AKIA"), LETTERS | DIGITS),
    "google": Kind("key {}", of("*" * 35, prefix="AIza"), LETTERS | DIGITS),
    "github": Kind("token {}", of("*" * 36, prefix="ghp_"), LETTERS | DIGITS),
    "openai": Kind("key {}", of("*" * 40, prefix="sk-proj-"), LETTERS | DIGITS),
    "stripe": Kind("key {}", of("*" * 24, prefix="sk_live_"), LETTERS | DIGITS),
    "slack": Kind("bot {}", of("%########-%########-" + "*" * 24, prefix="xoxb-"), LETTERS | DIGITS),
    "gitlab": Kind("token {}", of("*" * 20, prefix="glpat-"), LETTERS | DIGITS),
    "web": Kind("Authorization: Bearer {}", of("*" * 20 + "." + "*" * 40, prefix="eyJ"), LETTERS | DIGITS),
    "npm": Kind("token {}", of("*" * 36, prefix="npm_"), LETTERS | DIGITS),
    "mail": Kind("write to {} soon", mail, {"0": "O"}),
}  # fmt: skip


def misread(value: str, table: dict[str, str], times: int, chance: random.Random) -> str:
    """Misread ``times`` characters of a value; of a value without such characters fewer."""
    places = [place for place, character in enumerate(value) if character in table]
    for place in chance.sample(places, min(times, len(places))):
        value = value[:place] + chance.choice(table[value[place]]) + value[place + 1 :]
    return value


def misread_mail(value: str, times: int, chance: random.Random) -> str:
    """Misread signs of an address."""
    for sign in chance.sample(sorted(sign for sign in SIGNS if sign in value), times):
        places = [place for place, character in enumerate(value) if character == sign]
        place = chance.choice(places)
        value = value[:place] + chance.choice(SIGNS[sign]) + value[place + 1 :]
    return value


def examples(name: str, count: int, times: int) -> Iterator[tuple[str, str]]:
    """Yield lines, each with the misread value that stands in it."""
    kind, chance = KINDS[name], random.Random(f"{name} {times}")
    for _ in range(count):
        clear = kind.make(chance)
        value = misread_mail(clear, times, chance) if name == "mail" else misread(clear, kind.table, times, chance)
        yield kind.line.format(value), value
