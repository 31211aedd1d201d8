# ruff: noqa: E501, RUF001 - patterns are tables: one alternative list a line, in the letters of many languages
"""Numbers that their form or a check digit tells: cards, bank accounts, numbers of states and companies.

Numbers of states that the words before them tell are in ``national``.
"""

import re

from schemas.entities import EntityType
from transforms.redact.detect.recognizers.check_digits import (
    belgian_number,
    brazilian_cpf,
    digits,
    dutch_bsn,
    ean13,
    french_nir,
    luhn,
    mod97,
    read_digits,
    with_digits,
)
from transforms.redact.detect.recognizers.rule import Rule

_CARD, _IBAN, _ID = EntityType.CREDIT_CARD, EntityType.IBAN_CODE, EntityType.ID_NUMBER

_COUNTRIES = (
    "AD|AE|AL|AT|AZ|BA|BE|BG|BH|BI|BR|BY|CH|CR|CY|CZ|DE|DJ|DK|DO|EE|EG|ES|FI|FK|FO|FR|GB|GE|GI|GL|GR|GT|HN|HR|HU|IE|IL|IQ"
    "|IS|IT|JO|KW|KZ|LB|LC|LI|LT|LU|LV|LY|MC|MD|ME|MK|MN|MR|MT|MU|NI|NL|NO|OM|PK|PL|PS|PT|QA|RO|RS|RU|SA|SC|SD|SE|SI|SK|SM"
    "|SO|ST|SV|TL|TN|TR|UA|VA|VG|XK|YE"
)
_CARD_CUES = (
    r"(?:credit|debit|bank|corporate|company|my|this|visa|master|gift|prepaid|her|his|their|your)?[ -]?cards?(?: (?:no|number|#|nr))?\.?"
    r"|cc|visa|master ?card|amex|american express|maestro|diners|discover|jcb|pan|kreditkarten?(?:nummer)?|kartennummer"
    r"|carte(?: bancaire| bleue)?|tarjeta|carta di credito|cart(?:ã|a)o|kort(?:nummer)?|karta|creditcard(?:nummer)?|luottokortti"
)
_NUMBER_WORD = r"(?:\s?(?:id|no|nr|num|number|nummer|code|n°|nº|#)\.?)?"
_LINK = r"\.?[\"')\]]?\s{0,2}(?:(?:is|was|ist|est|es|=|:|#|-|–|of|->)\s{0,2}){0,2}[\"'(\[#]{0,2}"
_CODED = r"(?P<v>(?=[A-Z0-9./-]*\d)[A-Z0-9](?:[A-Z0-9]|[-./](?=[A-Z0-9])){2,24})"
_NOT_A_NUMBER = re.compile(
    r"\d{1,2}[./-]\d{1,2}[./-]\d{2,4}|(?:19|20)\d\d|\d{1,2}:\d{2}|\d{1,2}(?:\.\d{1,2})?|\d(?!(?:\.\d{3}){2})(?:\.\d{1,3}){2}"
    r"|[^/]*\.(?:com|org|io|html?|md|svg|png|txt)(?:/.*)?",
    re.IGNORECASE,
)
_MIN_CARD, _MAX_CARD = 12, 19
_TIMESTAMP = re.compile(r"1[4-9]\d{11}(?:\d{3})?(?:\d{3})?")


def card_value(value: str) -> bool | None:
    """Judge a run of digits: certain with a Luhn check and an issuer's first digit, plausible in groups of four."""
    number = read_digits(value)
    if not _MIN_CARD <= len(number) <= _MAX_CARD or len(set(number)) < 2 or _TIMESTAMP.fullmatch(value):  # noqa: PLR2004
        return False
    return True if number[0] in "23456" and luhn(number) and len(number) > _MIN_CARD else None


def iban_value(value: str) -> bool | None:
    """Judge a value in the form of an IBAN: certain if its check digits hold, plausible if it is mostly digits."""
    plain = re.sub(r"[^A-Za-z0-9]", "", value)
    if mod97(plain):
        return True
    return None if len(digits(plain)) >= 6 and len(read_digits(plain)) >= max(8, len(plain) // 2) else False  # noqa: PLR2004


def coded_value(value: str) -> bool | None:
    """Judge the value after ``customer no``: a code with digits that is no date, year, time, count, version, host or file."""
    return False if _NOT_A_NUMBER.fullmatch(value) or len(digits(value)) < 2 else None  # noqa: PLR2004


def _code_rule(name: str, entity: EntityType, cue: str, score: float = 0.75) -> Rule:
    # a small letter right behind the cue goes on its word: ``empty12``
    pattern = rf"(?<![A-Za-z])(?:{cue})(?![a-z]/){_NUMBER_WORD}{_LINK}(?!(?<=[A-Za-z])(?-i:[a-z])){_CODED}"
    return Rule(name, entity, pattern, score, coded_value)


def _check_digit_rule(name: str, pattern: str, check: object, cues: str = "", score: float = 0.2) -> Rule:
    def judge(value: str) -> bool | None:
        return None if callable(check) and check(value) else False

    return Rule(name, _ID, pattern, score, judge, cues)


RULES = (
    Rule("card", _CARD, r"(?<![\w.+-])(?:\d[ \n-]?){11,18}\d(?![\w-])", 0.2, card_value, _CARD_CUES),
    Rule(
        "card-grouped",
        _CARD,
        r"(?<![\w.+-])(?-i:[2-6\dOISB][\dOIlSB]{3}([ \n-])[\dOIlSB]{4}(?:\1|\n)[\dOIlSB]{4}(?:(?:\1|[ \n])[\dOIlSB]{1,4}){1,2})(?![\w])|(?<![\w.+-])3[47]\d\d[ -]\d{6}[ -]\d{5}(?![\w-])",
        0.6,
        card_value,
    ),
    Rule("card-bare", _CARD, r"(?<![\w./=+-])(?:[3456]\d{14,15}|2[2-7]\d{14})(?![\w-])", 0.4, card_value),
    Rule(
        "card-after-cue",
        _CARD,
        rf"(?<!\w)(?:{_CARD_CUES}){_LINK}(?:(?:is|was|ending|number|no\.?|#|:|with|in)\s){{0,3}}(?P<v>(?-i:[\dOIlSB](?:[ -]?[\dOIlSBQ]){{5,18}}))(?![A-Za-z])",
        0.75,
        with_digits(5),
    ),
    Rule(
        "card-just-begun",
        _CARD,
        r"\b(?:my|your|his|her|this|credit|debit) card (?:(?:no|number|#|is)\.? ?)?(?P<v>\d{4,11})(?=\s*$)",
        0.5,
    ),
    Rule(
        "card-code-after-number",
        _CARD,
        r"(?<![\w.+-])(?!97[89][ -])(?:\d[ -]?){12,18}\d\s?(?:,|and|/|;|\|)\s{0,2}(?:(?:cvv2?|cvc2?|code)\W{1,3})?(?P<v>\d{3,4})(?![\d/])",
        0.6,
    ),
    Rule(
        "card-security-code",
        _CARD,
        r"\b(?:cvv2?|cvc2?|cid|csc|card (?:security|verification) (?:code|number|value))\b\W{0,3}(?:(?:is|code|number)\W{0,3}){0,2}(?P<v>\d{3,4})\b",
        0.85,
    ),
    Rule(
        "iban",
        _IBAN,
        rf"(?<![A-Za-z0-9])(?<![0-9a-f]-)(?:{_COUNTRIES})(?-i:[\dOISB]{{2}})(?:[\s-]?(?=[A-Z]{{0,4}}\d|[A-Z]{{4}}[\s-]?\d)[A-Z0-9]{{4}}){{2,7}}(?:[\s-]?(?=[A-Z]{{0,2}}\d)[A-Z0-9]{{1,4}}(?![A-Za-z]))?(?![A-Z0-9])",
        0.6,
        iban_value,
    ),
    Rule(
        "iban-solid",
        _IBAN,
        rf"(?<![A-Za-z0-9])(?<![0-9a-f]-)(?:{_COUNTRIES})(?-i:[\dOISB]{{2}})[A-Z0-9]{{8,30}}(?![A-Z0-9])",
        0.6,
        iban_value,
    ),
    Rule(
        "iban-after-cue",
        _IBAN,
        rf"\biban(?:{_NUMBER_WORD}){_LINK}(?P<v>(?-i:[A-Z]{{2}}|[a-z]{{2}})[\dOISB]{{2}}(?:[\s-]?(?=[A-Z]{{0,4}}\d)[A-Z0-9]{{2,30}}){{0,8}})(?![A-Z0-9])",
        0.85,
    ),
    Rule(
        "iban-just-begun",
        _IBAN,
        rf"(?<![A-Za-z0-9])(?:{_COUNTRIES})\d\d(?: ?(?=[A-Z]{{0,4}}\d)[A-Z0-9]{{3,4}}){{1,7}}(?: ?\d{{1,3}})?(?=\s*$)",
        0.1,
        cues=r"iban|wire|transfer|deposit|payment|pay|account|bank|überweis\w*|konto|virement|compte|transferencia|cuenta|bonifico|conto",
        boost=0.5,
    ),
    Rule("us-ssn", EntityType.US_SSN, r"(?<![\w.-])(?!000|9)\d{3}([- .])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-])", 0.8),
    Rule(
        "us-ssn-read",
        EntityType.US_SSN,
        r"(?<![\w.-])(?-i:[\dOIlSB]{3}-[\dOIlSB]{2}-[\dOIlSB]{4})(?![\w-])",
        0.6,
        with_digits(4),
    ),
    Rule(
        "us-ssn-after-cue",
        EntityType.US_SSN,
        r"\b(?:[5s]sn|social(?: security)?(?: (?:no|number|#|nr))?|soc sec|itin|tax(?:payer)? id(?:entification)?(?: number)?)\b[^\n\d]{0,24}?[\n ]?(?P<v>(?-i:[\dOIlSB]{3}[- .]?[\dOIlSB]{2}[- .]?[\dOIlSB]{2,4}))\b",
        0.8,
        with_digits(4),
    ),
    _check_digit_rule(
        "french-nir",
        r"\b[12]\s?\d{2}\s?(?:0[1-9]|1[0-2]|[2-9]\d)\s?(?:\d{2}|2[AB])\s?\d{3}\s?\d{3}\s?\d{2}\b",
        french_nir,
        score=0.9,
    ),
    _check_digit_rule(
        "dutch-bsn",
        r"(?<![\d.,-])\d{4}[ .]?\d{2}[ .]?\d{3}(?![\d-])",
        dutch_bsn,
        r"bsn|burgerservicenummer|sofi(?:nummer)?",
    ),
    _check_digit_rule(
        "belgian-national-number",
        r"\b\d{2}\.?(?:0\d|1[0-2])\.?[0-3]\d[- .]?\d{3}[ .-]?\d{2}\b",
        belgian_number,
        score=0.5,
    ),
    _check_digit_rule("swiss-ahv", r"\b756[. ]?\d{4}[. ]?\d{4}[. ]?\d{2}\b", ean13, score=0.95),
    Rule("swiss-ahv-form", _ID, r"(?<![\d.])756\.\d{4}\.\d{4}\.\d{2}(?![\d.])", 0.8),
    _check_digit_rule(
        "brazilian-cpf", r"(?<![\d.-])\d{3}\.?\d{3}\.?\d{3}-?\d{2}(?![\d-])", brazilian_cpf, r"cpf|cadastro", 0.3
    ),
    Rule("brazilian-cpf-form", _ID, r"(?<![\d.])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\d)", 0.8),
    Rule(
        "uk-nino",
        _ID,
        r"\b(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b",
        0.85,
    ),
    Rule("spanish-id", _ID, r"(?<![\w-])(?:[XYZ][- ]?\d{7}|\d{8})[- ]?[A-HJ-NP-TV-Z](?![\w-])", 0.5),
    Rule(
        "number-of-somebody",
        _ID,
        r"\b(?:my|your|his|her|their)\s(?P<v>\d{7,12})(?![\w.,:/-]*\d)",
        0.5,
    ),
    Rule(
        "number-to-quote",
        _ID,
        r"\b(?:using|under|quot(?:e|ing)|mention(?:ing)?|referenc(?:e|ing)|citing)\s(?:(?:the|this|my|your)\s)?(?:(?:number|code|id|reference)\s)?(?P<v>\d{7,12})(?![\w.,:/-]*\d)",
        0.45,
    ),
    Rule("uk-plate", _ID, r"(?<![\w-])(?-i:[A-HJ-PR-Y]{2}[0-9]{2} ?[A-HJ-PR-Z]{3})(?![\w-])", 0.5),
    Rule(
        "numbered-person",
        EntityType.EMPLOYEE_ID,
        r"(?<![\w/#-])(?-i:[A-Z]{2,4}-\d{5,8}(?:-[A-Z]{1,3})?|[A-Z]{2,4}-\d{4,8}-[A-Z]{2})(?![\w-])",
        0.4,
    ),
    Rule("imei", _ID, r"(?<![\d-])\d{2}-\d{6}-\d{6}-\d(?!\d)", 0.85),
    Rule(
        "vehicle-number",
        _ID,
        r"(?<![\w-])(?=[A-Z0-9]{0,16}\d[A-Z0-9]{0,14}\d)(?=[0-9]{0,14}[A-Z])[A-HJ-NPR-Z0-9]{17}(?![\w-])",
        0.5,
        with_digits(3, 15),
    ),
    _code_rule(
        "employee-id",
        EntityType.EMPLOYEE_ID,
        r"employee|emp(?:l(?:oyee)?)?|staff|personnel|worker|badge|payroll|personal(?:nummer|nr)|mitarbeiter(?:nummer|nr)?|matricule|legajo|matricola|medewerker(?:snummer)?|anställnings(?:nummer|nr)|kadernummer|associate|contractor|workday",
    ),
    Rule(
        "employee-code",
        EntityType.EMPLOYEE_ID,
        r"(?<![\w-])(?-i:EMP|Emp|STAFF|PERS|EID|MA|BADGE)[-_ #]?\d{3,9}(?![\w-])",
        0.6,
    ),
    _code_rule(
        "patient-id",
        _ID,
        r"mrn|medical record|patient|nhs|health(?:care)?(?: insurance)? (?:card|id|number)|medicare|medicaid|chart|hospital|krankenversicherten(?:nummer|nr)|versicherten(?:nummer|nr)",
    ),
    _code_rule(
        "customer-id",
        _ID,
        r"customer|client|member(?:ship)?|subscriber|account holder|policy|policyholder|insurance|beneficiary|loyalty|frequent flyer|rewards?|kunden(?:nummer|nr)?|mitglied(?:snummer|snr)?|cliente|socio|student|pupil|matrikel(?:nummer|nr)?|applicant|candidate|claim|case(?= (?:no|number|#|id))|docket|citizen|national|resident|voter|loan|personnummer|versicherungsnummer",
    ),
    _code_rule(
        "passport",
        _ID,
        r"passport|pass(?:nummer|nr)|reisepass(?:nummer)?|passeport|pasaporte|passaporto|paspoort(?:nummer)?|paszport",
    ),
    _code_rule(
        "licence",
        _ID,
        r"driv(?:er'?s?|ing) licen[cs]e|driver'?s? id|dl|licen[cs]e|führerschein(?:nummer)?|permis(?: de conduire)?|patente|carnet de conducir|rijbewijs(?:nummer)?",
    ),
    _code_rule(
        "national-id",
        _ID,
        r"national id(?:entity)?(?: card)?|id card|identity (?:card|document|number)|personalausweis(?:nummer)?|ausweis(?:nummer|nr)?|steuer-?id(?:entifikationsnummer)?|steuernummer|tax (?:id|number|file number|ref(?:erence)?)|tfn|sin|ssin|ni(?= (?:no|number))|nino|national insurance(?: (?:no|number))?|social insurance|resident registration|citizen id|nric|fin|mykad|nik|ktp|cccd|cmnd|iqama|emirates id|isikukood|asmens kodas|personas kods|kennitala|egn|dpi|cui[lt]|sv-?(?:nummer|nr)|versicherungsnummer|rijksregisternummer|teudat zehut|my number|マイナンバー|身份证号?|身分證|주민등록번호|инн|снилс|егн|рнокпп|αμκα|เลขบัตรประชาชน|nin|nif|nie|dni|cpf|rut|curp|pesel|bsn|cnp|jmbg|oib|cnic|aadhaar|aadhar|pan(?: card)?|codice fiscale|numéro fiscal|nir|personnummer|fødselsnummer|henkilötunnus|cédula|cedula|visa(?= (?:no|number))|green card|uscis|alien(?= (?:no|number|registration))",
    ),
    _code_rule(
        "vehicle",
        _ID,
        r"vin|vrm|vehicle (?:id|identification|registration)(?: (?:no|number|mark))?|licen[cs]e plate|number ?plate|plate|reg(?:istration)? (?:no|number|plate|mark)|kennzeichen|immatriculation|matrícula|targa|kenteken|imei|imsi|iccid|udid|serial(?= (?:no|number|#|nr))|device id",
    ),
    _code_rule(
        "bank-account",
        EntityType.BANK_ACCOUNT,
        r"(?:bank |savings |checking |current |giro )?a(?:ccount|cc(?:oun)?t|/c)(?= ?(?:no|nr|num|number|#|n°|id|:))|sort ?code|routing|aba|bsb|ifsc|transit|blz|bankleitzahl|kontonummer|konto(?:nr)?|compte|cuenta|rekening(?:nummer)?|clabe|cbu",
    ),
    Rule(
        "account-of-a-kind",
        EntityType.BANK_ACCOUNT,
        r"\b(?:accounts?|acct|konto|a/c|cuenta|compte|conto)\b[\s,:]{1,3}(?:(?:with|number|no\.?|nr|is|ending|in|#|and)[\s,:]{1,2}){0,4}\(?#?(?P<v>\d{6,17})\b",
        0.7,
    ),
    Rule("sort-code", EntityType.BANK_ACCOUNT, r"\bsort[ -]?code\W{0,4}(?P<v>\d{2}[- ]?\d{2}[- ]?\d{2})\b", 0.9),
    Rule(
        "bank-identifier",
        EntityType.BANK_ACCOUNT,
        r"\b(?:swift|bic)(?:[/ -](?:bic|swift|code))?\W{0,3}(?:(?:code|is|no)\W{1,2}){0,2}(?P<v>(?-i:[A-Z]{6}[A-Z0-9]{2}(?:[A-Z0-9]{3})?))\b",
        0.8,
    ),
    Rule(
        "bitcoin",
        EntityType.CRYPTO,
        r"(?<![\w/])(?-i:[13LM](?=[1-9A-HJ-NP-Za-km-z]{0,30}\d)[1-9A-HJ-NP-Za-km-z]{23,44})(?![\w])",
        0.5,
        lambda value: None if any(c.islower() for c in value) and any(c.isupper() for c in value) else False,
    ),
    Rule(
        "bitcoin-after-cue",
        EntityType.CRYPTO,
        r"\b(?:bitcoin|btc|litecoin|ltc|ethereum|eth|dogecoin|doge|xrp|ripple|monero|xmr|solana|sol|tron|usdt|crypto|wallet)\b[^\n]{0,24}?\b(?P<v>(?=\w{0,60}\d)(?=\w{0,60}[a-z])[A-Za-z0-9]{12,110})\b",
        0.7,
        with_digits(2),
    ),
    Rule("bech32", EntityType.CRYPTO, r"\b(?:bc1|tb1|ltc1|addr1|cosmos1)[02-9ac-hj-np-z]{20,110}\b", 0.95),
    Rule("ethereum", EntityType.CRYPTO, r"\b0x[0-9a-f]{38,42}\b|\b0x[0-9a-f]{64}\b", 0.95),
    Rule(
        "other-crypto",
        EntityType.CRYPTO,
        r"(?<![\w/])(?-i:4[0-9AB][1-9A-HJ-NP-Za-km-z]{93}|[DA9][1-9A-HJ-NP-Za-km-z]{33}|r[1-9A-HJ-NP-Za-km-z]{24,34}|T[1-9A-HJ-NP-Za-km-z]{33})(?!\w)",
        0.4,
        with_digits(3),
    ),
)
