"""Fillers of template slots: made-up people, addresses and numbers of many countries, and interface terms.

All values are synthetic (Faker). A filler with a label is personal; one without is judged by the teacher alone.
"""

import random
import string
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from faker import Faker

LOCALES = (
    "en_US en_US en_US en_US en_GB en_GB en_IN en_IN en_AU en_CA en_IE en_NZ de_DE de_AT de_CH fr_FR fr_CA es_ES es_MX "
    "es_CO it_IT pt_BR pt_PT nl_NL nl_BE pl_PL sv_SE no_NO da_DK fi_FI cs_CZ sk_SK hu_HU ro_RO hr_HR sl_SI tr_TR id_ID "
    "fil_PH vi_VN en_NG ja_JP zh_CN zh_TW ko_KR az_AZ lt_LT lv_LV et_EE"
).split()
_ROMANISED = frozenset({"ja_JP", "zh_CN"})
_OFFICE = "support sales billing hr legal finance security design marketing ops platform research payroll".split()
_PRODUCTS = (
    "Outlook,Gmail,Google Chrome,Microsoft Word,Excel,PowerPoint,Slack,Microsoft Teams,Zoom,Jira,Confluence,GitHub,"
    "Visual Studio Code,Terminal,Figma,Notion,Salesforce,Zendesk,Photoshop,Spotify,Firefox,LibreOffice Calc,Trello,"
    "Google Docs,Google Sheets,SAP,Workday,QuickBooks,Dropbox,OneDrive,Adobe Acrobat,Windows Explorer,Finder"
).split(",")


class Filler(NamedTuple):
    """The text of a slot, and the classifier's label if it is personal."""

    text: str
    label: str | None


@dataclass(frozen=True)
class Words:
    """Word lists, lower case."""

    given: Sequence[str]
    family: Sequence[str]
    ordinary: Sequence[str]


class Slots:
    """A source of slot fillers from one random generator."""

    def __init__(self, chance: random.Random, words: Words) -> None:
        self._chance, self._words = chance, words
        self._fakers: dict[str, Any] = {}
        for locale in sorted(set(LOCALES)):
            try:
                self._fakers[locale] = Faker(locale)
            except AttributeError:
                continue
            self._fakers[locale].seed_instance(chance.getrandbits(32))
        self._locales = [locale for locale in LOCALES if locale in self._fakers]
        self._fillers = self._table()
        self.locale = "en_US"

    def move(self) -> None:
        """Choose the country of the next text."""
        self.locale = self._chance.choice(self._locales)

    def fill(self, slot: str) -> Filler:
        """Draw a filler for ``slot``; raise ``KeyError`` if it is unknown."""
        return self._fillers[slot]()

    def _faker(self, method: str) -> str:
        source = self._fakers[self.locale]
        if not hasattr(source, method):
            source = self._fakers["en_US"]
        return " ".join(str(getattr(source, method)()).split())

    def _given_name(self) -> str:
        if self._chance.random() < 0.5:
            return self._chance.choice(self._words.given).title()
        return self._faker("first_romanized_name" if self.locale in _ROMANISED else "first_name")

    def _family(self) -> str:
        if self._chance.random() < 0.5:
            return self._chance.choice(self._words.family).title()
        return self._faker("last_romanized_name" if self.locale in _ROMANISED else "last_name")

    def _name(self) -> str:
        kind = self._chance.random()
        given, family = self._given_name(), self._family()
        if kind < 0.12:
            return f"{given} {self._chance.choice(string.ascii_uppercase)}. {family}"
        if kind < 0.2:
            return f"{given} {self._given_name()} {family}"
        if kind < 0.26:
            return f"{given} {family}-{self._family()}"
        if kind < 0.3:
            return f"{given[0]}. {family}"
        return f"{given} {family}"

    def _handle(self) -> str:
        given, family = self._given_name().lower(), self._family().lower()
        shape = self._chance.choice(("{g}.{f}", "{i}{f}", "{g}{n}", "{g}_{f}", "{g}{f}", "{f}{i}", "{w}{n}"))
        plain = shape.format(
            g=given, f=family, i=given[0], n=self._chance.randrange(1, 999), w=self._chance.choice(self._words.ordinary)
        )
        return plain.replace(" ", "").replace("'", "")

    def _email(self) -> str:
        host = self._faker("domain_name") if self._chance.random() < 0.6 else self._faker("free_email_domain")
        return f"{self._handle()}@{host}"

    def _secondary(self) -> str:
        unit = self._chance.choice(("Apt", "Apt.", "Suite", "Unit", "Flat", "Floor", "Ste", "#", "Apartment", "Room"))
        number = str(self._chance.randrange(1, 999)) + self._chance.choice(("", "", "", "A", "B", "c"))
        return f"{unit} {number}" if unit != "#" else f"#{number}"

    def _street(self) -> str:
        if self._chance.random() < 0.3:
            kind = self._chance.choice(
                ("St", "Street", "Rd", "Ave", "Avenue", "Lane", "Drive", "Ct", "Blvd", "Way", "Pl")
            )
            first = self._family() if self._chance.random() < 0.5 else self._chance.choice(self._words.ordinary).title()
            return f"{first} {kind}"
        return self._faker("street_name")

    def _building(self) -> str:
        number = self._chance.choice((self._chance.randrange(1, 200), self._chance.randrange(1, 9999)))
        return f"{number}{self._chance.choice(('', '', '', '', 'a', 'B'))}"

    def _digits(self, shape: str) -> str:
        return "".join(
            self._chance.choice(string.digits)
            if sign == "#"
            else self._chance.choice(string.ascii_uppercase)
            if sign == "?"
            else sign
            for sign in shape
        )

    def _phone(self) -> str:
        shapes = (
            "###-###-####",
            "(###) ###-####",
            "+1 ### ### ####",
            "+44 7### ######",
            "0## #######",
            "+49 1## ########",
        )
        return self._digits(self._chance.choice(shapes)) if self._chance.random() < 0.5 else self._faker("phone_number")

    def _bank(self) -> str:
        if self._chance.random() < 0.4:
            return self._faker("iban")
        shapes = ("########", "##########", "############", "#### #### ####")
        return self._digits(self._chance.choice(shapes))

    def _date(self) -> str:
        return self._faker("date") if self._chance.random() < 0.5 else self._digits("1#/0#/20##")

    def _table(self) -> dict[str, Callable[[], Filler]]:
        make, fake, shape, choose = self._make, self._fake, self._shape, self._choose
        return {
            "first": make(self._given_name, "NAME"),
            "last": make(self._family, "NAME"),
            "initial": make(lambda: f"{self._chance.choice(string.ascii_uppercase)}.", "NAME"),
            "name": make(self._name, "NAME"),
            "handle": make(self._handle, None),
            "email": make(self._email, "EMAIL"),
            "phone": make(self._phone, "PHONE"),
            "street": make(self._street, "STREET_NAME"),
            "building": make(self._building, "BUILDING_NUMBER"),
            "secondary": make(self._secondary, "SECONDARY_ADDRESS"),
            "city": fake("city", "CITY"),
            "state": fake("state", "STATE"),
            "zip": fake("postcode", "ZIP_CODE"),
            "ssn": shape(
                "GOVERNMENT_ID", "###-##-####", "### ## ####", "?? ## ## ## ?", "##########", "## ### ### ###"
            ),
            "passport": shape("PASSPORT", "#########", "?########", "??#######"),
            "licence": shape("DRIVERS_LICENSE", "?#######", "?### #### ####", "#########", "?????######??###"),
            "bank": make(self._bank, "BANK_ACCOUNT"),
            "routing": shape("ROUTING_NUMBER", "#########", "##-##-##"),
            "date": make(self._date, None),
            "time": shape(None, "1#:##", "#:## pm", "0#:##"),
            "number": shape(None, "#", "##", "###", "####", "#,###"),
            "amount": shape(None, "$##.##", "$#,###", "## EUR", "£###", "€ #.###,##", "##.## usd"),
            "version": shape(None, "#.#", "#.##.#", "1#.#.#-rc#"),
            "code": shape(None, "#####", "??-####", "########", "??######", "A#B#C#", "INC00#####"),
            "num_id": shape(None, "####", "######", "EMP-####"),
            "team": choose(_OFFICE),
            "product": choose(_PRODUCTS),
            "company": fake("company", None),
            "host": fake("domain_name", None),
            "word": choose(self._words.ordinary),
        }

    def _make(self, make: Callable[[], str], label: str | None) -> Callable[[], Filler]:
        return lambda: Filler(make(), label)

    def _fake(self, method: str, label: str | None) -> Callable[[], Filler]:
        return lambda: Filler(self._faker(method), label)

    def _choose(self, values: Sequence[str]) -> Callable[[], Filler]:
        return lambda: Filler(self._chance.choice(values), None)

    def _shape(self, label: str | None, *shapes: str) -> Callable[[], Filler]:
        return lambda: Filler(self._digits(self._chance.choice(shapes)), label)
