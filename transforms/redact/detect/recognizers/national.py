# ruff: noqa: E501, RUF001 - patterns are tables: one alternative list a line, in the letters of many languages
"""Numbers that states give to people, in groups or without, behind their names in the language of the state."""

from schemas.entities import EntityType
from transforms.redact.detect.recognizers.check_digits import with_digits
from transforms.redact.detect.recognizers.rule import Rule

_ID = EntityType.ID_NUMBER
_NATIONAL = (
    r"steuer-?(?:id(?:entifikationsnummer)?|nummer|nr\.?)|idnr\.?|personalausweis(?:nummer|nr\.?)?|rentenversicherungs(?:nummer|nr\.?)|svnr\.?|ahv(?:-?(?:nummer|nr\.?))?"
    r"|n[°ºo]\.? (?:de )?(?:sécurité sociale|ss|fiscal)|nir|numéro fiscal|dni|nie|nif|cif|nuss|cédula(?: de (?:identidad|ciudadanía))?|curp|rfc|nss|rut|run|cuil|cuit|cpf|cnpj|rg|pis|nis"
    r"|codice fiscale|c\.f\.|partita iva|carta d'identità|bsn|burgerservicenummer|rijksregisternummer|numéro national|pesel|regon|nip|dowód(?: osobisty)?"
    r"|rodné číslo|r\.\s?č\.|oib|jmbg|emšo|cnp|egn|afm|amka|adóazonosító(?: jel)?|taj(?:-?szám)?|személyi(?: szám)?|personnummer|samordningsnummer|henkilötunnus|hetu|cpr(?:-?(?:nr|nummer))?"
    r"|fødselsnummer|kennitala|isikukood|asmens kodas|personas kods|t\.?c\.? ?kimlik(?: no| numarası)?|teudat zehut|mispar zehut|תעודת זהות|ת\.ז\.|رقم الهوية|الرقم القومي|iqama|emirates id|cnic"
    r"|aadhaa?r|आधार|pan card|gstin|voter id|epic no|nid|nik|ktp|npwp|mykad|nric|fin no|hkid|rrn|주민등록번호|マイナンバー|my number|身份证(?:号码?)?|身分證(?:字號)?|เลข(?:ประจำตัว|บัตร)ประชาชน"
    r"|cccd|cmnd|căn cước|nin|bvn|ghana card|sa id|id number|tfn|tax file number|medicare(?: (?:card|no|number))?|abn|ird|nhi|sin|social insurance(?: number)?|nhs(?: (?:no|number))?|nino|ni number|national insurance(?: (?:no|number))?"
    r"|ppsn?|инн|снилс|паспорт(?: серия)?|рнокпп|егн|αμκα|αφμ"
)
"""Names of the numbers that states give to people, after which groups of digits are one value."""
_NUMBER_WORD = r"(?:\s?(?:no|nr|num|number|nummer|code|n°|nº|#)\.?)?"
_LINK = r"[\"')\]]?\s{0,2}(?:(?:is|ist|est|es|=|:|#|-|–)\s{0,2}){0,2}[\"'(\[]{0,2}"

RULES = (
    Rule(
        "national-number",
        _ID,
        rf"(?<![^\W_])(?:{_NATIONAL}){_NUMBER_WORD}{_LINK}(?P<v>[A-Z]{{0,4}}[ -]?\d[\dA-Z]*(?:[ ./-]{{1,3}}[A-Z]{{0,2}}\d[\dA-Z]*){{0,5}}(?:[ -]?[A-Z])?)(?![^\W_])",
        0.8,
        with_digits(5, 18),
    ),
)
