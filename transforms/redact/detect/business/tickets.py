"""Ids of tickets: ``PAY-123``, but not ``ISO-8859``, ``SHA-256`` or ``Phase-2``."""

import re
from collections.abc import Collection, Iterator

from schemas.entities import EntityType, Span
from transforms.redact.surrogates.learned_values import in_any_case
from transforms.redact.text.word_lists import WordClass, word_class

_SCORE = 0.8
_ID = re.compile(r"(?<![\w-])(?P<prefix>[A-Z][A-Z0-9]{1,9})-(?P<number>[1-9]\d{0,5})(?![\w]|[.,]\d|-\d)")
_STANDARDS = frozenset(
    """AAC ABI ADR AES AMD ANSI API7 ARC4 ARIA ARM ASCII ASTM BASE BCP BIG5 BLAKE BOM BS CAT CFA CIS CJK CO2 COM
    CORE COVID CP CRC CSS CUDA CVE CWE DB DDR DES DIN DOS DSA DVD EAN EBCDIC ECDSA ECMA EIA EN ES ETSI EUC FIPS
    FP GB GCC GDPR GPL GPT GSM H264 HD HDMI HIPAA HRESULT HS HTML HTTP I18N IBM IEC IEEE IMAP INT IP IPV ISBN
    ISO ISSN ITU JDK JEP JIS JPEG JSR JVM KB KOI LGPL LINUX LLVM LTS MD MIL MIT MP MPEG MPL MS NAT NFPA NIST
    OAUTH OEM OID OS PBKDF PCI PEP PGP PKCS PNG POSIX PROC PYTHON QPS RFC RIPEMD ROT RS RSA SAE SARS SHA SHAKE
    SIP SMTP SOC SQL SSH SSL STD SUS TCP TIS TLS UCS UDP UL UNICODE US USB UTC UTF UUID VGA VISCII WCAG WIN
    WINDOWS WPA XEP XHTML XML XTS ZIP""".split()
)
"""Letters before a number that are a standard, a cipher, a character set or a version, never a project."""
_DICTIONARY = frozenset({WordClass.INTERFACE, WordClass.EVERYDAY, WordClass.KNOWN, WordClass.TECHNICAL})
_SURE_DIGITS = 3
"""Digits from which an ordinary word before a number is a project: ``PHASE-2`` and ``STEP-12`` are none."""
_CUE = re.compile(
    r"(?i:/browse/|\b(?:jira|tickets?|issues?|story|stories|epic|bug|task|subtask|sprint|blocks|blocked by"
    r"|fix(?:e[sd])?|close[sd]?|resolve[sd]?|refs?|backlog|vorgang|incident|case|feature|hotfix|bugfix)\b)"
)
_CUE_CHARS = 24


def find_tickets(line: str, prefixes: Collection[str]) -> Iterator[Span]:
    """Yield the ids in ``line``; one of the listed ``prefixes``, in lower case, counts in any case.

    >>> [line[start:end] for line in ("see PAY-123", "use SHA-256") for start, end, *_ in find_tickets(line, ())]
    ['PAY-123']
    """
    if "-" not in line:
        return
    for found in _ID.finditer(line):
        if _is_ticket(found["prefix"], found["number"], line[max(found.start() - _CUE_CHARS, 0) : found.start()]):
            yield Span(found.start(), found.end(), EntityType.TICKET, _SCORE)
    if prefixes:
        for found in in_any_case(prefixes).finditer(line):
            yield Span(found.start(), found.end(), EntityType.TICKET, _SCORE)


def _is_ticket(prefix: str, number: str, before: str) -> bool:
    if prefix in _STANDARDS or prefix.rstrip("0123456789") in _STANDARDS:
        return False
    letters = prefix.rstrip("0123456789")
    ordinary = word_class(letters) in _DICTIONARY
    return not ordinary or len(number) >= _SURE_DIGITS or _CUE.search(before) is not None
