# ruff: noqa: E501, RUF001 - patterns are tables: one alternative list a line, in the letters of many languages
"""Dates of birth, user names after a cue, places on the globe, and phone numbers."""

import re
from collections.abc import Iterator

import phonenumbers

from schemas.entities import EntityType, Span
from transforms.redact.detect.recognizers.check_digits import digits, read_digits
from transforms.redact.detect.recognizers.rule import Finder, Rule
from transforms.redact.text.word_lists import WordClass, is_listed, is_ordinary, word_class

MONTH = (
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|jän|mär|mai|okt|dez|janv|févr|fév|mars|avr|juin|juil|août|déc|ene|abr"
    r"|ago|dic|gen|mag|giu|lug|set|ott|fev|out|sept|maj|mei|maa|tammi|helmi|maalis|huhti|touko|kesä|heinä|elo|syys|loka|marras"
    r"|joulu|sty|lut|kwi|cze|lip|sie|wrz|paź|lis|gru|led|úno|bře|dub|kvě|čer|srp|zář|říj|pro|márc|ápr|máj|jún|júl|szept)[^\W\d_]{0,9}\.?"
)
DATE = (
    r"(?:[\dOIlSB]{1,2}\s?[./-]\s?[\dOIlSB]{1,2}\s?[./-]\s?(?:[\dOIlSB]{4}|[\dOIlSB]{2})|(?:19|20)\d{2}\s?[./-]\s?\d{1,2}\s?[./-]\s?\d{1,2}"
    rf"|\d{{1,2}}(?:st|nd|rd|th|er|\.)?[ -](?:(?:of|de|of the)\s)?{MONTH},?[ -]{{0,2}}(?:(?:de|del)\s)?(?:\d{{4}}|'?\d{{2}})"
    rf"|{MONTH}\s\d{{1,2}}(?:st|nd|rd|th)?,?\s{{1,2}}(?:\d{{4}}|'?\d{{2}})|\b(?:0?[1-9]|[12]\d|3[01])(?:0[1-9]|1[0-2])(?:19|20)\d\d\b|\b(?:19|20)\d\d年\d{{1,2}}月\d{{1,2}}日)"
)
_DATE_GATE = (
    r"[\dOIlSB]\s?[./-]\s?[\dOIlSB]{1,2}\s?[./-]\s?[\dOIlSB]|\d(?:st|nd|rd|th|er|\.)?[ -](?:(?:of|de|of the)\s)?[^\W\d_]"
    r"|[^\W\d_]\.?\s\d{1,2}(?:st|nd|rd|th)?,?\s{1,2}'?\d\d|\d{7}|\d年\d"
)
"""Pattern that matches wherever ``DATE`` does: its lists of months take a hundred times longer to compile."""
_BIRTH = (
    r"(?:d\.?\s?[o0]\.?\s?[b8]\.?|date of birth|birth\s?(?:date|day)|bday|b-day|born(?:\s(?:on|in))?|year of birth|geboren(?:\sam)?|geb\.?(?:\sam)?"
    r"|geburtsdatum|geburtstag|née?(?:\sle)?|date de naissance|naissance|fecha de nacimiento|nacid[oa](?:\sel)?|f\. ?nac\.?|data di nascita|nat[oa](?:\sil)?"
    r"|data de nascimento|nascimento|nascid[oa](?:\sem)?|geboortedatum|geboren op|födelsedatum|född|fødselsdato|født|fødselsdag|syntymäaika|syntynyt"
    r"|data urodzenia|urodzon[ya]|ur\.|datum narození|nar\.|narozen[aá]?|születési (?:idő|dátum)|született|data nașterii|doğum tarihi|дата рождения|生年月日|出生日期)"
)
_PAST_YEAR = re.compile(r"(?<!\d)(?:19\d\d|200\d)(?!\d)|(?<=\d{4})(?:19\d\d|200\d)(?!\d)")
_FIRST_DAYS = re.compile(r"(?:1900|1970|2000)-01-01")
"""Days from which programs count."""
_LOGIN = (
    r"(?:user\s?-?name|user\s?-?id|user account|userid|log-?in(?:\s(?:name|id))?|logon(?:\sname)?|screen\s?name|nick(?:name)?|handle|account name"
    r"|samaccountname|upn|benutzer(?:name|kennung)?|anmeldename|nom d'utilisateur|utilisateur|identifiant|usuario|nombre de usuario|utente|nome utente"
    r"|gebruikersnaam|användarnamn|brugernavn|brukernavn|käyttäjätunnus|nazwa użytkownika|uživatelské jméno|felhasználónév|skype|slack|telegram|discord|insta(?:gram)?|snapchat|twitter)"
)
_NOT_LOGINS = re.compile(
    r"(?:is|was|and|or|the|a|an|to|in|on|page|form|name|id|screen|failed|required|error|button|field|with|for|from|invalid|not|your|my|here|now|again"
    r"|user|username|login|root|admin|administrator|postgres|mysql|sa|nobody|www-data|daemon|guest|ubuntu|debian|git|pi|ec2-user|localhost"
    r"|details|credentials|successful|session|using|via|ok|yes|no|as|of|at|by|profile|settings|account|password|none|null|true|false|string|me|us|app)",
    re.IGNORECASE,
)


def login_value(value: str) -> bool | None:
    """Judge the value after ``login``: refuse words of ordinary prose."""
    return False if _NOT_LOGINS.fullmatch(value) or _is_adverb(value) else None


def _is_adverb(value: str) -> bool:
    return value.endswith("ly") and word_class(value) in _ORDINARY and not is_listed(value)


def _odd_login_value(value: str) -> bool | None:
    odd = any(map(str.isdigit, value)) or "." in value or "_" in value
    odd = odd and _ABBREVIATION.fullmatch(value) is None and not (value.isupper() and "_" in value)
    return login_value(value) if odd and not _FILES.fullmatch(value) else False


_FILES = re.compile(
    r".*[._](?:txt|pdf|docx?|xlsx?|pptx?|csv|md|py|js|ts|json|ya?ml|html?|css|png|jpe?g|gif|zip|exe|log|ini|cfg|sh|com|org|net|io|sql|java|go|rs|cpp|xml)",
    re.IGNORECASE,
)
_ABBREVIATION = re.compile(r"[^\W\d_](?:\.[^\W\d_])+\.?")
"""Single letters with points, ``e.g``: a word that a sentence abbreviates."""
_PART = re.compile(r"[^\W\d_]+")
_NAME_CLASSES = frozenset({WordClass.NAME, WordClass.UNKNOWN})
_ORDINARY = frozenset({WordClass.INTERFACE, WordClass.EVERYDAY, WordClass.KNOWN, WordClass.TECHNICAL})
_JOINED_WORDS = re.compile(
    r".*\.(?:The|This|That|There|They|Then|What|When|Where|Who|Why|How|You|Your|And|But|For|Not|Please|Thank|Thanks|Our|His|Her|Its|Just|From|With|Have|Has|Are|Was|Can|Will|Also|See|All|Any|Some)",
)


def _alone_value(value: str) -> bool | None:
    """Judge a text that may be a user name: refuse files, identifiers of ordinary words, and access keys.

    ``type_size`` is such an identifier, ``Bewe_rtung`` a label whose access key is marked.
    """
    before, mark, after = value.partition("_")
    if mark and after.isalpha() and is_ordinary(before + after):
        return False
    words = _PART.findall(value)
    if len(words) > 1 and not value[-1].isdigit() and not _NAME_CLASSES.intersection(map(word_class, words)):
        return False
    return False if _FILES.fullmatch(value) else None


def _joined_value(value: str) -> bool | None:
    """Judge two words that are joined: refuse sentences without a blank, files, and ``Boost.Python``."""
    if _JOINED_WORDS.fullmatch(value) or _FILES.fullmatch(value):
        return False
    parts = _PART.findall(value)
    return False if any(word_class(part) in _ORDINARY and not is_listed(part) for part in parts) else None


def _in_living_memory(value: str) -> bool | None:
    """Return whether a whole date is before 2010: dates at work are recent, dates of birth seldom are."""
    return None if _PAST_YEAR.search(value) and not _FIRST_DAYS.fullmatch(value) else False


RULES = (
    Rule(
        "surname-first",
        EntityType.PERSON,
        r"(?<![^\W_])(?:(?:pt|patient|client|resident|member|name|re|attn|employee|student|applicant)\s?[:#-]\s{0,3}(?P<v>(?-i:[A-ZÀ-Þ]{2,24}(?:[-' ][A-ZÀ-Þ]{2,24})?, [A-ZÀ-Þ][\w'’-]{1,20}(?: [A-ZÀ-Þ]\.?(?!\w))?))(?!\w)"
        r"|(?P<v>(?-i:[A-ZÀ-Þ]{2,24}(?:[-'][A-ZÀ-Þ]{2,24})?, [A-ZÀ-Þ][\w'’-]{1,20}(?: [A-ZÀ-Þ]\.?)?))(?=\s{1,3}(?:dob|d\.o\.b|mrn|nhs|\(?[MF]\)?\s|born|age)))",
        0.8,
    ),
    Rule(
        "date-of-birth",
        EntityType.DATE_OF_BIRTH,
        rf"(?<![^\W_]){_BIRTH}(?![^\W_])[^\w\n]{{0,6}}(?:(?:is|was|on|am|le|el|il|the|her|his|:)[^\w\n]{{1,3}}){{0,2}}\n?(?P<v>{DATE})(?![\w])",
        0.9,
        gate=rf"(?<![^\W_]){_BIRTH}(?![^\W_])",
    ),
    Rule(
        "date-of-birth-before-cue",
        EntityType.DATE_OF_BIRTH,
        rf"(?<!\w)(?P<v>{DATE})\W{{1,3}}(?:\(?(?:dob|d\.o\.b\.?|date of birth|birthday|geb\.)\)?)(?!\w)",
        0.85,
        gate=r"\W\(?(?:dob|d\.o\.b|date of birth|birthday|geb\.)",
    ),
    Rule(
        "date-of-a-life",
        EntityType.DATE_OF_BIRTH,
        rf"(?<![\d./-])(?<!v)(?P<v>{DATE})(?![\w/-]|,?[ ](?!00:00)\d{{1,2}}:\d\d)",
        0.4,
        _in_living_memory,
        gate=_DATE_GATE,
    ),
    Rule("date-alone", EntityType.DATE_OF_BIRTH, rf"\A\s*(?P<v>{DATE})\s*\Z", 0.4, gate=_DATE_GATE, document=True),
    Rule(
        "user-name-alone",
        EntityType.USERNAME,
        r"\A\s*(?P<v>(?-i:[a-z]{3,20}[._-]?[a-z]{0,20}\d{1,4}|[A-Za-z]{2,20}[._][A-Za-z]{2,20}\d{0,4}))\s*\Z",
        0.4,
        _alone_value,
        document=True,
    ),
    Rule(
        "two-names-joined",
        EntityType.USERNAME,
        r"(?<![\w.@/\\-])(?-i:[A-ZÀ-Ý][a-zà-ÿ]{2,15}[._][A-ZÀ-Ý][a-zà-ÿ]{2,15}\d{0,4})(?![\w(/\\]|\.\w|@)",
        0.4,
        _joined_value,
    ),
    Rule(
        "user-name-labelled",
        EntityType.USERNAME,
        rf"(?<![\w@]){_LOGIN}[\"']?\s{{0,2}}(?:[:=]|->)\s{{0,2}}[\"'@]?(?P<v>(?=[\w.@+-]{{0,63}}[^\W_])[\w.@+-]{{2,64}})",
        0.8,
        login_value,
    ),
    Rule(
        "user-name-said",
        EntityType.USERNAME,
        rf"(?<![\w@]){_LOGIN}\s(?:is|was|ist|est|es|è|as)\s[\"'@]?(?P<v>[\w.@+-]{{2,64}})",
        0.6,
        login_value,
    ),
    Rule(
        "user-name-after-login",
        EntityType.USERNAME,
        rf"(?<![\w@])(?:{_LOGIN}|user|account|by|as|assigned to|owner|mit)\s[\"'@]?(?P<v>(?=[\w.]*[a-z])[a-z][\w.-]{{0,40}}[\d._][\w-]{{1,30}})",
        0.45,
        _odd_login_value,
    ),
    Rule(
        "login-pair-user",
        EntityType.USERNAME,
        r"\b(?:log-?in|logon|credentials?|creds|account|sign-?in|zugang(?:sdaten)?|anmeldung|identifiants?|acces{1,2}o|accès)\b[^\n/|]{0,30}?(?:\bis|\bare|:|=|\bist|\bes|\best)\s{0,2}(?P<v>[\w.@+-]{2,64})\s{1,2}[/|]\s{1,2}\S{4,64}",
        0.8,
    ),
    Rule(
        "command-line-user",
        EntityType.USERNAME,
        r"(?:^|\s)(?:-u|-U|--user(?:name)?|--login|/user:)[ =]{0,1}(?P<v>[a-z_][\w.\\-]{1,63})(?=[\s:'\"]|$)",
        0.8,
        login_value,
        unless=r"(?:install|upgrade|uninstall|add|get)(?: -[\w-]{1,20}){0,3}",
    ),
    Rule(
        "coordinates-in-brackets",
        EntityType.LOCATION,
        r"\[[-+]?(?:\d{1,2}\.\d{3,8},\s?[-+]?\d{1,3}\.\d{3,8}|\d{2}\.(?:\d{1,2},\s?[-+]?\d{2,3}\.\d{4,8}|\d{4,8},\s?[-+]?\d{2,3}\.\d{1,2}))\]",
        0.8,
    ),
    Rule(
        "coordinates",
        EntityType.LOCATION,
        r"(?<![\w.])[-+]?\d{1,2}\.\d{3,}(?:°?\s?[NS]?\s?[,;/]|°\s?[NS]?|\s?[NS])\s?[-+]?\d{1,3}\.\d{3,}°?\s?[EW]?(?![\w.])|\b\d{1,2}\s?°\s?\d{1,2}\s?['′’]\s?(?:\d{1,2}(?:\.\d+)?\s?(?:\"|″|''|”)\s?)?[NS][,\s]{0,3}\d{1,3}\s?°\s?\d{1,2}\s?['′’]\s?(?:\d{1,2}(?:\.\d+)?\s?(?:\"|″|''|”)\s?)?[EWO]\b",
        0.8,
    ),
)

_EXTENSION = r"(?:\s?(?:x|ext\.?|extension|durchwahl|poste|#)\s?\d{1,6})?"
_SEPARATOR = r"(?:[ \u00a0\u2009]{0,2}|[ \u00a0]?[-./–][ \u00a0]?|\)[-./ \u00a0]{0,2}|[-. \u00a0/]?\()"
_IDEOGRAPH = r"\u3040-\u30ff\u3400-\u9fff"
"""Letters that need no blank before or after a number."""
_CANDIDATE = re.compile(
    rf"(?<![^\W{_IDEOGRAPH}]|[.:/-])(?:\+|00|\(\+?|tel:)?[\dOI](?:{_SEPARATOR}[\dOIl]){{5,16}}(?<=\d){_EXTENSION}(?![^\W{_IDEOGRAPH}]|[./:-]\d)",
    re.IGNORECASE,
)
_CUE = re.compile(
    r"(?:phone|tel(?:efon|éfono|efone|efono|éphone|efoon)?|mobile?|cell(?:ular)?|call(?:ed|ing)?|fax|whats ?app|signal|sms|text(?:ed)?|ring|dial|handy|mobil(?:nummer)?"
    r"|r(?:ück|ueck)ruf|zurückrufen|anruf(?:en)?|richiam\w{1,5}|chiam\w{1,5}|rappel\w{0,5}|llam\w{1,5}|ligar|ligue|telefon\w{1,4}|terugbellen|bellen|ring(?:a|er)?|zadzwo\w{1,5}|oddzwo\w{1,5}|перезвон\w{1,5}|позвон\w{1,5}"
    r"|rufnummer|móvil|celular|portable|cellulare|reach(?:able|ed)?|contact|hotline|puh(?:elin)?|tlf|telefonszám|numer|messages?|gsm|number is|voicemail|📞|☎|電話|电话|来电|回电|手机|手機|телефон|携帯|折り返し|numar|arayan)",
    re.IGNORECASE,
)
_CUE_AFTER = re.compile(
    r"[ \t]*[-–(,]?[ \t]*(?:office|fax|mobile|cell|home|work|desk|direct|tel|phone|mob)\b", re.IGNORECASE
)
_NEVER_PHONES = re.compile(
    r"\d{1,4}([-/.])\d{1,2}\1\d{1,4}|(?:19|20)\d\d-\d{3,6}|(?:19|20)\d\d\s?[-–/]\s?(?:19|20)\d\d|\d{1,3}(?:\.\d{1,3}){3}\D.*|\d{1,3}(?:\.\d{1,3}){3}|\d+\.\d+|\d{3}-\d{2}-\d{4}|(?:\d{4}[ -]){3}\d{4}"
    r"|97[89][- ]\d.*|-?\d{1,3}\.\d+(?:[ ,;]{1,3}[-–]?\d{1,3}\.\d+)+|\d{1,2}\.\d{2}\s?[-–]\s?\d{1,2}\.\d{2}|(?:19|20)\d\d[-/.](?:0\d|1[0-2])[-/.][0-3]\d.*|\d{1,2}[/.]\d{1,2}[/.]\d{2,4}.*|\d{1,2}/\d{4}.*"
    r"|[1-9]\d{0,2}(?:\.\d{1,8}){0,3}\.\d(?:\.\d{1,8}){0,3}(?:-\d{1,8}){1,2}"
    r"|\d{1,3}(?:\.\d{1,3}){2}\s?[-–]\s?\d{1,3}(?:\.\d{1,3}){2}|\d{1,3}(?:\.\d{1,3}){0,2}[ -]{1,3}\((?:19|20)\d\d[-./]\d\d[-./]\d\d|[1-9]\d{0,2}\.\d\.\d{3,5}\.\d{1,3}"
)
"""Dates, amounts, addresses of networks, numbers of cards and books, versions of packages, and ranges and dates of
these: ``156.0.8078.108-1``, ``0.41.0 - 0.43.0``, ``3.3.0 (2026-08-22``."""
_SELDOM_PHONES = re.compile(
    r"(?:\d{1,2} ){5,}\d{1,2}|(?:19|20)\d\d(?:0\d|1[0-2])[0-3]\d.*|[1-9]\d{0,2}(?:\.\d{3}){2,}|[1-9]\d{0,1}(?: \d{3}){2,}|\d{3}(?: \d{3}){3,}"
)
_AMERICAN = re.compile(r"(?:\+?1[ .-]?)?\(?\d{3}\)?[ .-]{0,2}\d{3}[ .-]\d{4}")
_FRENCH = re.compile(r"0\d(?:([. -])\d\d)(?:\1\d\d){3}")
_REGIONS = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "BE", "CH", "AT", "SE", "NO", "DK", "FI", "PL", "PT", "IE", "AU", "NZ", "IN", "BR", "JP", "ZA", "MX", "TR", "CZ", "HU", "GR", "IS", "CY", "SK", "RO", "SA", "AE", "EG", "IL", "KR", "RU", "UA")  # fmt: skip
_MIN, _LONG, _MAX = 7, 9, 15
_CUED = 0.75
_COLUMNS = re.compile(r"\d  +\d")
"""Numbers in the columns of a listing, as of processes: ``8121  8119  0``."""
_EXTENDED = re.compile(r"(?:x|ext\.?|extension|durchwahl|poste|#)\s?\d{1,6}$", re.IGNORECASE)
_SEPARATORS = re.compile(r"\D+")
_CUE_BEFORE_CHARS = 32


def _valid_somewhere(value: str) -> bool:
    for region in _REGIONS:
        try:
            if phonenumbers.is_valid_number(phonenumbers.parse(value, region)):
                return True
        except phonenumbers.NumberParseException:
            return False
    return False


def phone_score(value: str, *, cued: bool) -> float:
    """Score how likely ``value``, a run of digits and separators, is a phone number; 0 if it is not.

    A plus sign, an area code in brackets or after a zero, or the American or French grouping is enough. Any other
    grouping must be a valid number in one of the default regions. Digits without separators and short numbers need a
    cue: ``call 555 0123``.
    """
    plain = _EXTENDED.sub("", value).strip()
    number = read_digits(plain)
    if not _MIN <= len(number) <= _MAX or len(digits(plain)) < len(number) - 3 or len(set(number)) == 1:
        return 0.0
    grouped = not plain.isalnum()
    if plain.startswith(("+", "(+")):
        return 0.9
    if _FRENCH.fullmatch(plain) or (_AMERICAN.fullmatch(plain) and (grouped or cued)):
        return 0.8
    if _NEVER_PHONES.fullmatch(plain) or (_SELDOM_PHONES.fullmatch(plain) and not cued):
        return 0.0
    return _CUED if cued else _uncued_score(plain, number)


def _uncued_score(plain: str, number: str) -> float:
    separators = len(_SEPARATORS.findall(plain))
    if separators and ((len(number) >= _LONG and number[0] == "0") or ("(" in plain and len(number) > _MIN)):
        return 0.6
    shaped = len(number) > _LONG and number[0] == "0" if not separators else len(number) > _MIN and separators <= _LONG
    return 0.5 if shaped and _valid_somewhere(number) else 0.0


def phones(text: str) -> Iterator[Span]:
    """Yield the phone numbers of a line."""
    for found in _CANDIDATE.finditer(text):
        before = text[max(0, found.start() - _CUE_BEFORE_CHARS) : found.start()]
        score = phone_score(
            found[0].removeprefix("tel:"), cued=bool(_CUE.search(before) or _CUE_AFTER.match(text, found.end()))
        )
        if score and not (score < _CUED and _COLUMNS.search(found[0])):
            yield Span(found.start(), found.end(), EntityType.PHONE_NUMBER, score)


PHONES = Finder("phone", (r"[\dOI](?:[^\w\n]{0,3}[\dOIl]){5}",), phones)
