# ruff: noqa: E501, RUF001 - patterns are tables: one alternative list a line, in the letters of many languages
"""Personal values recognised by the label of their form field.

Under ``Full name``, ``Geburtsdatum`` or ``API key`` the whole typed text is that entity, whatever it looks like; so is
the value of a line ``label: value`` and the line below a label. Labels match only as a whole: ``Project name`` and
``Street view`` label nothing.
"""

import re
from collections.abc import Iterator
from functools import lru_cache

from schemas.entities import EntityType, Span
from transforms.redact.text.graphemes import drop_marks
from transforms.redact.text.word_lists import WordClass, word_class

_QUALIFIER = (
    r"(?:(?:your|my|the|new|current|old|confirm|confirmation|re-?enter|repeat|retype|verify|enter|primary|secondary|alternate|alternative|personal|private|home|work|business|office|company"
    r"|mobile|billing|shipping|delivery|mailing|postal|permanent|present|legal|preferred|contact(?:'s)?|emergency(?: contact)?|customer(?:'s)?|client(?:'s)?|patient(?:'s)?|employee(?:'s)?"
    r"|applicant(?:'s)?|candidate(?:'s)?|student(?:'s)?|member(?:'s)?|guest(?:'s)?|cardholder(?:'s)?|account(?: holder(?:'s)?)?|owner(?:'s)?|user(?:'s)?|recipient(?:'s)?|sender(?:'s)?|payee(?:'s)?"
    r"|beneficiary(?:'s)?|policy ?holder(?:'s)?|insured(?:'s)?|subscriber(?:'s)?|spouse(?:'s)?|partner(?:'s)?|parent(?:'s)?|guardian(?:'s)?|mother(?:'s)?|father(?:'s)?|child(?:'s)?|referrer(?:'s)?|driver(?:'s)?"
    r"|passenger(?:'s)?|traveller(?:'s)?|tenant(?:'s)?|landlord(?:'s)?|manager(?:'s)?|supervisor(?:'s)?|doctor(?:'s)?|attendee(?:'s)?|participant(?:'s)?|bank|debit|credit|wi-?fi|network|admin|root|master|database|db"
    r"|ihre?|dein|neues?|aktuelles?|votre|nouveau|su|nueva?|sua?|seu|uw|nieuw|ditt|din)\s)*"
)

_NAMES = (
    r"(?:full|first|last|middle|given|family|maiden|birth|display|legal|preferred|christian|fore|nick|sur)[ -]?names?(?: ?(?:\(s\)|\([^)]{1,20}\)|and surname|& surname|, first name))?"
    r"|name (?:on|of) (?:the )?(?:card|cardholder|account holder|card holder|patient|customer|applicant|employee|contact|guest|child|insured|beneficiary)|cardholder|card holder|account holder"
    r"|(?:patient|customer|client|employee|applicant|candidate|student|member|guest|contact|cardholder|account holder|owner|recipient|sender|payee|beneficiary|policy ?holder|spouse|guardian|emergency contact|manager|doctor|physician|driver|passenger|tenant|attendee|staff|person|caller|buyer|seller|borrower|author)(?: name)?"
    r"|initials|first and last name|name and surname|last name, first name|requested by|requester|attention|attn|next of kin|referred by|line manager|reports to"
    r"|(?:vor|nach|familien|geburts|ruf)name|vor- und nachname|vollständiger name|ansprechpartner|karteninhaber|kontoinhaber|empfänger|auftraggeber"
    r"|prénom|nom(?: de famille| complet| et prénom| du titulaire)?|titulaire|bénéficiaire|nombre(?: completo| y apellidos?)?|apellidos?|titular|beneficiario|nome(?: completo| e cognome)?|cognome|intestatario|sobrenome|apelido"
    r"|voornaam|achternaam|naam|volledige naam|förnamn|efternamn|för- och efternamn|fornavn|etternavn|efternavn|fulde navn|fullt navn|etunimi|sukunimi|koko nimi|imię(?: i nazwisko)?|nazwisko|jméno|příjmení|keresztnév|vezetéknév|teljes név|prenume|ad(?:ı)?|soyad(?:ı)?"
    r"|имя(?: и фамилия| пользователя)?|фамилия|отчество|ф\.?и\.?о\.?|ім[’'ʼ]?я|прізвище|име|презиме|όνομα|επώνυμο|ονοματεπώνυμο|שם(?: מלא| פרטי| משפחה)?|الاسم(?: الكامل| الأول)?|اسم العائلة|نام(?: خانوادگی)?"
    r"|(?:पूरा )?नाम|उपनाम|नाव|নাম|ਨਾਮ|નામ|பெயர்|పేరు|ಹೆಸರು|പേര്|ชื่อ(?:[- ]?(?:นามสกุล|สกุล|เต็ม))?|นามสกุล|họ(?: và)? tên|tên|이름|성명|성함|氏名|お?名前|姓名|名字|人名"
)
_PHONES = (
    r"(?:tele)?phone(?: ?(?:no|number|nr|#)\.?)?|tel(?:\.|ephone)?(?: ?(?:no|number|nr))?\.?|(?:mobile|cell(?:ular)?|cell ?phone|landline|fax|whatsapp|contact|daytime|evening|home|work|call ?back)(?: ?(?:phone|no|number|nr|#))*\.?"
    r"|telefon(?:nummer)?|handy(?:nummer)?|mobil(?:nummer|telefon)?|rufnummer|festnetz|téléphone|(?:numéro de )?(?:téléphone|portable|mobile)|teléfono|telefono|telefone|móvil|celular|cellulare|telefoon(?:nummer)?|gsm|puhelin(?:numero)?|telefonszám|numer telefonu|telefon"
)
_ADDRESSES = (
    r"(?:street|mailing|postal|home|billing|shipping|delivery|residential|permanent|property|full)?(?: ?address)(?: ?(?:line)? ?[123])?|street(?: (?:name|and (?:house )?number|no|number))?|house (?:no|number|name)|apt(?:artment)?(?: ?(?:no|number|#))?|unit (?:no|number)"
    r"|suite|zip(?: ?code)?|zip ?/ ?postal code|postal ?code|post ?code|p\.?o\.? box|deliver to|ship to|bill to|anschrift|adresse|straße(?: (?:und|\/) ?hausnummer)?|strasse|hausnummer|wohnort|postleitzahl|plz|wohnanschrift|lieferadresse|rechnungsadresse"
    r"|rue|code postal|adresse postale|dirección|domicilio|calle|código postal|indirizzo|via|cap|endereço|morada|rua|cep|adres|straat(?:naam)?|huisnummer|postcode|woonplaats|adress|gatuadress|postnummer|postnr|gateadresse|katuosoite|osoite|postinumero|ulica|kod pocztowy|cím|irányítószám"
)
_LABELS: tuple[tuple[EntityType, str], ...] = (
    (
        EntityType.PASSWORD,
        r"(?:password|passcode|pass ?phrase|passwd|pwd|pass|kennwort|passwort|mot de passe|contraseña|senha|parola|wachtwoord|lösenord|passord|adgangskode|kodeord|salasana|hasło|heslo|jelszó|şifre|security answer|secret answer|wpa2? key|network key)(?: ?(?:again|\(again\)|confirmation|hint))?",
    ),
    (
        EntityType.ONE_TIME_CODE,
        r"(?:otp|pin(?: ?(?:code|number|no))?|one[- ]time (?:code|password|passcode)|(?:verification|security|authentication|authenticator|confirmation|sms|2fa|mfa|access|login|recovery|backup|6-digit|six-digit)[- ]code|2fa|mfa|tan|bestätigungscode|code de (?:vérification|sécurité)|código de (?:verificación|seguridad)|codice di verifica)",
    ),
    (
        EntityType.SECRET,
        r"(?:(?:api|access|secret|private|ssh|encryption|signing|license|licence|product|activation|account|client|deploy|webhook|storage)[ _-]?(?:key|token|secret)(?: ?(?:id|key))?|(?:personal )?(?:access|auth|bearer|refresh|session|bot) ?token|token|secret|client secret|connection string|credentials?|private key|api[_ -]?schlüssel|clé api|clave api|(?:seed|recovery|mnemonic|backup) phrase|recovery key)",
    ),
    (
        EntityType.EMAIL_ADDRESS,
        r"(?:e-?mail(?:s)?(?: ?(?:address|id|adresse|-adresse))?|mail(?: ?address)?|e-post(?:adress|adresse)?|courriel|adresse (?:e-?mail|électronique)|correo(?: electrónico)?|posta elettronica|indirizzo e-?mail|sähköposti|adres e-?mail|e-mailadres|mailadresse|recovery email|to|cc|bcc|an|à|para|reply[- ]to)",
    ),
    (
        EntityType.CREDIT_CARD,
        r"(?:(?:(?:credit|debit|payment|bank|gift)[ -]?)?card ?(?:no|number|nr|#|details)\.?|card|cvv2?|cvc2?|csc|cid|(?:card )?(?:security|verification) (?:code|value|number)(?: \(cv[cv]\))?|karten?nummer|kreditkarte(?:nnummer)?|prüfnummer|numéro de (?:la )?carte|cryptogramme|número de (?:la )?tarjeta|numero (?:di |della )?carta|número do cartão|creditcardnummer|kortnummer|numer karty|pan)",
    ),
    (EntityType.IBAN_CODE, r"(?:iban(?: ?(?:code|no|number|nr|-nummer))?|international bank account number)"),
    (
        EntityType.US_SSN,
        r"(?:ssn|social(?: security)?(?: ?(?:no|number|nr|#))?\.?(?: \(ssn\))?|social security ?(?:no|number|#)?\.?|itin|last (?:4|four)(?: digits)? of (?:your )?(?:ssn|social(?: security number)?))",
    ),
    (
        EntityType.DATE_OF_BIRTH,
        r"(?:d\.?o\.?b\.?|(?:date|day|year|month) of birth|birth ?(?:date|day|year)|bday|geburts(?:datum|tag)|geb\.?(?:-?datum)?|date de naissance|né\(e\) le|fecha de nacimiento|data di nascita|data de nascimento|geboortedatum|födelsedatum|fødselsdato|fødselsdag|syntymäaika|data urodzenia|datum narození|születési (?:idő|dátum)|doğum tarihi)(?: ?\([^)]{1,16}\))?",
    ),
    (
        EntityType.EMPLOYEE_ID,
        r"(?:(?:employee|emp|staff|personnel|worker|payroll|badge|associate|contractor)[ .]?(?:id|no|nr|number|code|#)\.?|badge|personal(?:nummer|nr\.?)|mitarbeiter(?:nummer|nr\.?|-id)|matricule|número de empleado|matricola|personeelsnummer|anställningsnummer|ansattnummer|medarbejdernummer|numer pracownika)",
    ),
    (
        EntityType.ID_NUMBER,
        (
            r"(?:(?:passport|driv(?:er'?s?|ing) licen[cs]e|licen[cs]e|national id(?:entity)?|identity (?:card|document)|id card|tax(?:payer)?(?: id(?:entification)?)?|national insurance|nhs|medicare|medicaid|medical record|patient|customer|client|member(?:ship)?|policy|insurance|student|voter|resident|visa|claim|case file|applicant|candidate|subscriber|loyalty|vehicle (?:id|identification|registration)|registration|licen[cs]e plate|chart|health card|beneficiary|document)[ -]?(?:id|no|nr|number|card no|card number|#|ref(?:erence)?)\.?"
            r"|passport|mrn|nino|nin|nif|nie|dni|bsn|pesel|cpf|curp|rfc|rut|tfn|sin|aadhaar|pan card|codice fiscale|personnummer|fødselsnummer|cpr(?:-?(?:nr|nummer))?|henkilötunnus|ahv-?(?:nummer|nr)|steuer-?id|steuernummer|sozialversicherungsnummer|krankenversicherungsnummer|ausweisnummer|reisepass(?:nummer)?|führerschein(?:nummer)?|kundennummer|kunden-?nr\.?|numéro de (?:sécurité sociale|client|passeport|permis)|numéro client|n° (?:client|passeport)|número de (?:pasaporte|cliente|identidad|identificación)|numero (?:cliente|passaporto|documento)|vin|vrm|imei|number plate|kennzeichen|plate number|adószám|rodné číslo)"
        ),
    ),
    (
        EntityType.BANK_ACCOUNT,
        r"(?:(?:bank )?a(?:ccount|cc(?:oun)?t|/c) ?(?:no|nr|number|#)\.?|sort code|routing(?: ?(?:no|number))?|aba(?: ?(?:no|number))?|bic|swift(?:[ /](?:code|bic))?|bic ?/ ?swift|bsb|ifsc(?: code)?|kontonummer|konto-?nr\.?|bankleitzahl|blz|numéro de compte|número de cuenta|numero (?:di )?conto|rekeningnummer|clabe|transit number)",
    ),
    (
        EntityType.USERNAME,
        r"(?:user ?-?name|user ?id|login(?: ?(?:name|id))?|log-?in|user|handle|screen ?name|nick(?:name)?|account name|benutzer(?:name|kennung)?|anmeldename|nom d'utilisateur|identifiant|nombre de usuario|usuario|nome utente|utente|gebruikersnaam|användarnamn|brugernavn|brukernavn|käyttäjätunnus|nazwa użytkownika|uživatelské jméno|(?:twitter|github|linkedin|instagram|slack|skype|discord|telegram)(?: ?(?:handle|id|profile|username))?)",
    ),
    (EntityType.PHONE_NUMBER, _PHONES),
    (EntityType.ADDRESS, _ADDRESSES),
    (
        EntityType.LOCATION,
        r"(?:city|town|city ?/ ?town|town ?/ ?city|place of birth|birth ?place|ort|stadt|geburtsort|ville|lieu de naissance|ciudad|localidad|lugar de nacimiento|città|luogo di nascita|comune|cidade|stad|plaats|ort|by|poststed|kaupunki|miasto|miejscowość|város|město)",
    ),
    (
        EntityType.MEDICAL,
        r"(?:diagnos[ie]s|symptoms?|(?:presenting|chief) complaint|complaint|medications?|prescriptions?|allerg(?:y|ies)|medical (?:history|conditions?|notes?)|conditions|treatment|clinical notes?|reason for (?:visit|appointment|consultation)|health (?:notes?|conditions?)|diagnose|beschwerden|medikamente|allergien|diagnostic|allergies|motif de consultation|diagnóstico|síntomas|alergias)",
    ),
    (EntityType.IP_ADDRESS, r"(?:ip(?:v[46])?(?: ?address)?|ip-adresse|gateway|subnet)"),
    (EntityType.HOSTNAME, r"(?:host ?name|computer name|device name|machine name|rechnername|hostname)"),
    (EntityType.PERSON, _NAMES),
)
_WHOLE = re.compile(
    rf"{_QUALIFIER}(?:" + "|".join(f"(?P<{entity}>{pattern})" for entity, pattern in _LABELS) + ")", re.IGNORECASE
)
_TYPED_NAME = re.compile(rf"{_QUALIFIER}(?:name|naam|namn|navn|nimi|név|nazwa|jméno)", re.IGNORECASE)
_DECORATION = re.compile(
    r"^[\s*•·>\-–]+|[\s*:：?.…]+$|\s*\((?:required|optional|pflichtfeld|obligatoire|facultatif|requerido|opcional|obbligatorio)\)|\s+(?:required|optional)$",
    re.IGNORECASE,
)
_SPACES = re.compile(r"[\s_]+")
_MAX_LABEL_CHARS = 48
_PAIR_SIGNS = ":：="
_PAIR = re.compile(r"[ \t>*•-]{0,12}(?P<label>[^:=：\n]{2,48}?)\s?(?::|：|=)(?!//|:)[ \t]*(?P<value>\S[^\n]*)")
_NEXT_KEY = re.compile(r";\s?[A-Za-z][\w ]{1,40}=")
"""The next pair of a connection string: ``AccountKey=...;EndpointSuffix=...``."""
_INNER = re.compile(r"(?:[,;|]|\s{2,}|\t|\s[-–·]\s)\s*(?=[^\W\d_][^:\n,;|]{1,30}:\s)")

_PERSONAL = re.compile(r"[^\W\d_][\w'’.-]*(?:[ ,]{1,2}[^\W\d_(][\w'’.()-]*){0,5}")
_SHAPES: dict[EntityType, re.Pattern[str]] = {
    EntityType.PASSWORD: re.compile(r"\S{3,80}"),
    EntityType.ONE_TIME_CODE: re.compile(r"(?=.*\d)[\w -]{3,12}"),
    EntityType.SECRET: re.compile(r"(?=\S*\d)\S{8,}"),
    EntityType.EMAIL_ADDRESS: re.compile(r"\S*[@©®]\S*(?:\s?\S+)?|(?=\S*[\d._])[\w.+-]{3,40}"),
    EntityType.CREDIT_CARD: re.compile(r"[\dOIlSBx*•][\dOIlSBx*• -]{1,24}"),
    EntityType.IBAN_CODE: re.compile(r"(?=.*\d)[A-Za-z]{2}[\w -]{1,40}"),
    EntityType.US_SSN: re.compile(r"[\dOIlSBx*•][\dOIlSBx*•. -]{1,14}"),
    EntityType.DATE_OF_BIRTH: re.compile(r"(?=.*\d)[\w./, -]{2,30}"),
    EntityType.EMPLOYEE_ID: re.compile(r"(?=.*\d)[\w./#-]{2,24}"),
    EntityType.ID_NUMBER: re.compile(r"(?=.*\d)[\w./# -]{3,30}"),
    EntityType.BANK_ACCOUNT: re.compile(r"(?=.*\d)[\w./# -]{4,34}|[A-Z]{6}[A-Z0-9]{2,5}"),
    EntityType.USERNAME: re.compile(r"@?[\w.+@\\-]{2,64}"),
    EntityType.PHONE_NUMBER: re.compile(r"\+?[\dOIlSB(][\dOIlSB() ./x–-]{2,26}"),
    EntityType.ADDRESS: re.compile(r"(?=.*\d)[^\n:]{2,160}"),
    EntityType.LOCATION: re.compile(r"[^\W\d_][\w'’.() -]{1,40}"),
    EntityType.MEDICAL: re.compile(r"[^\n]{3,300}"),
    EntityType.IP_ADDRESS: re.compile(r"[\dOIlSBa-f:.%/]{3,60}", re.IGNORECASE),
    EntityType.HOSTNAME: re.compile(r"[\w.-]{3,80}"),
    EntityType.PERSON: _PERSONAL,
}
_FREE = frozenset(
    {
        EntityType.PERSON,
        EntityType.LOCATION,
        EntityType.MEDICAL,
        EntityType.USERNAME,
        EntityType.PASSWORD,
        EntityType.HOSTNAME,
    }
)
_NOT_VALUES = re.compile(
    r"(?:required|optional|none(?: known| recorded)?|nkda|nil|n/?a|null|true|false|unknown|not set|empty|edit|change|show|hide|forgot\b.*|reset|add|remove|select|choose|enter|search|yes|no|on|off|new|sign (?:in|up)|log ?in|settings|help|required field|[-–—•*]+|all|default|admin|system|submit|cancel|save|next|back|[<{$%\[].*)",
    re.IGNORECASE,
)
_SCORE, _BELOW_SCORE = 0.9, 0.6
_MAX_TYPED_CHARS = 200
_SENTENCE_WORDS = 6
_LETTERS = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*")


@lru_cache(maxsize=1 << 13)
def label_entity(label: str) -> EntityType | None:
    """Return the entity that a field label announces, or None."""
    plain = (
        label if label.isalpha() else _SPACES.sub(" ", _DECORATION.sub("", _DECORATION.sub("", label[:120]))).strip()
    )
    if not plain or len(plain) > _MAX_LABEL_CHARS:
        return None
    found = _WHOLE.fullmatch(plain)
    return EntityType(found.lastgroup) if found and found.lastgroup else None


def find_typed_value(content: str, label: str) -> Iterator[Span]:
    """Yield one span over all of ``content`` if the label of the typed field announces an entity.

    ``Name`` alone counts as a label of a typed field, but not of a line on the screen. A sentence typed into the field
    by mistake is not a value.
    """
    entity = label_entity(label)
    if entity is None and _TYPED_NAME.fullmatch(_SPACES.sub(" ", _DECORATION.sub("", label)).strip()):
        entity = EntityType.PERSON
    if entity is None or not content.strip():
        return
    worded = entity is EntityType.MEDICAL or (entity is EntityType.ADDRESS and any(map(str.isdigit, content)))
    if entity is EntityType.MEDICAL or (len(content) <= _MAX_TYPED_CHARS and (worded or not _is_prose(content))):
        yield Span(0, len(content), entity, _SCORE)


def _is_prose(content: str) -> bool:
    """Return whether ``content`` is a sentence: six words or more, half of them lower-case everyday words."""
    words = _LETTERS.findall(content)
    everyday = sum(word.islower() and word_class(word) is WordClass.EVERYDAY for word in words)
    return len(words) >= _SENTENCE_WORDS and 2 * everyday >= len(words)


def find_labelled_values(text: str) -> Iterator[Span]:
    """Yield the values of ``label: value`` lines and of lines below a label.

    In ``Phone:``, ``Not set``, ``Email``, ``x@example.com`` (four lines) only the last line is a value: ``Not set`` is a
    known filler, and ``Email`` is itself a label.
    """
    at = 0
    waiting: EntityType | None = None
    explicit = False
    previous: list[Span] = []
    for line in text.split("\n"):
        plain = line.strip()
        if plain:
            own = None if len(plain) > _MAX_LABEL_CHARS else label_entity(plain)
            if previous and own is not None:
                yield from previous
            previous = []
            if own is None and waiting is not None and _fits(waiting, plain):
                start = at + line.index(plain)
                below = Span(start, start + len(plain), waiting, _BELOW_SCORE)
                if waiting not in _FREE or explicit:
                    yield below
                elif waiting is not EntityType.PASSWORD:
                    previous = [below]
            waiting, explicit = own, plain.endswith((":", "*"))
            if own is None and any(sign in line for sign in _PAIR_SIGNS):
                yield from _pairs(line, at)
        at += len(line) + 1


def _pairs(line: str, offset: int) -> Iterator[Span]:
    at = 0
    bounds = [found.end() for found in _INNER.finditer(line)] if line.count(":") > 1 else []
    for end in (*bounds, len(line)):
        found = _PAIR.match(line, at, end)
        if found and (entity := label_entity(found["label"])) is not None:
            value = _NEXT_KEY.split(found["value"], maxsplit=1)[0].rstrip(" \t,;|")
            if _fits(entity, value):
                yield Span(offset + found.start("value"), offset + found.start("value") + len(value), entity, _SCORE)
        at = end


def _fits(entity: EntityType, value: str) -> bool:
    return not _NOT_VALUES.fullmatch(value) and bool(_SHAPES[entity].fullmatch(drop_marks(value)))


GATE = r"[:=：]\s*\S|\n"
"""A pattern that matches every text in which ``find_labelled_values`` finds a value."""
