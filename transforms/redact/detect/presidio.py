"""Presidio's own recognizers, evaluated by our engine: no network, no silent time-outs, no log line with a value.

Presidio's ``PatternRecognizer`` skips a pattern that times out with a warning, its e-mail recognizer fetches the public
suffix list on first use, and its IBAN recognizer logs text that it cannot validate. So we take its patterns, scores,
checks and context words as data and evaluate them ourselves. Only the packages that hold them are imported: the others
import spaCy and torch.
"""

import logging

import regex
import tldextract

from schemas.entities import EntityType
from transforms.lazy_imports import lazy_packages
from transforms.redact.detect.recognizers.check_digits import ip_value
from transforms.redact.detect.recognizers.network import VERSION, mail_value
from transforms.redact.detect.recognizers.rule import Rule, Validator

_OFFLINE = tldextract.TLDExtract(suffix_list_urls=(), cache_dir=None, fallback_to_snapshot=True)
"""The suffix list that comes with tldextract, and no other."""

_ID = EntityType.ID_NUMBER

_CHOSEN: tuple[tuple[str, EntityType, bool], ...] = (
    ("CreditCardRecognizer", EntityType.CREDIT_CARD, False),
    ("CryptoRecognizer", EntityType.CRYPTO, False),
    ("EmailRecognizer", EntityType.EMAIL_ADDRESS, False),
    ("IbanRecognizer", EntityType.IBAN_CODE, False),
    ("IpRecognizer", EntityType.IP_ADDRESS, False),
    ("MacAddressRecognizer", EntityType.MAC_ADDRESS, False),
    ("UsSsnRecognizer", EntityType.US_SSN, True),
    ("UsItinRecognizer", EntityType.US_SSN, True),
    ("UsMbiRecognizer", _ID, True),
    ("UsNpiRecognizer", _ID, True),
    ("MedicalLicenseRecognizer", _ID, True),
    ("AbaRoutingRecognizer", EntityType.BANK_ACCOUNT, True),
    ("NhsRecognizer", _ID, True),
    ("UkNinoRecognizer", _ID, False),
    ("DeTaxIdRecognizer", _ID, True),
    ("DeSocialSecurityRecognizer", _ID, True),
    ("DeIdCardRecognizer", _ID, True),
    ("EsNifRecognizer", _ID, False),
    ("EsNieRecognizer", _ID, False),
    ("ItFiscalCodeRecognizer", _ID, False),
    ("ItIdentityCardRecognizer", _ID, True),
    ("PlPeselRecognizer", _ID, True),
    ("SePersonnummerRecognizer", _ID, False),
    ("FiPersonalIdentityCodeRecognizer", _ID, False),
    ("TrNationalIdRecognizer", _ID, True),
    ("InAadhaarRecognizer", _ID, True),
    ("InPanRecognizer", _ID, True),
    ("AuTfnRecognizer", _ID, True),
    ("AuMedicareRecognizer", _ID, True),
    ("CaSinRecognizer", _ID, True),
    ("SgFinRecognizer", _ID, True),
    ("KrRrnRecognizer", _ID, True),
    ("ThTninRecognizer", _ID, True),
    ("ZaIdNumberRecognizer", _ID, True),
    ("NgNinRecognizer", _ID, True),
)
"""Recognizer, entity, and whether it needs one of its context words: a check digit alone fits one number in ten."""

with lazy_packages("presidio_analyzer", {"presidio_analyzer.nlp_engine": {"NlpArtifacts": object}}):
    from presidio_analyzer import PatternRecognizer
    from presidio_analyzer import predefined_recognizers as predefined

    _RECOGNIZERS: dict[str, type[PatternRecognizer]] = {name: getattr(predefined, name) for name, _, _ in _CHOSEN}

_AHEAD, _BOUNDED = ".*?", ".{0,99}?"
"""An unbounded look-ahead, quadratic in the length of a line, and its bounded replacement."""

_WITHOUT_CUE = 0.05
"""Score of a match whose context word is missing: below every threshold."""

_CHECKED_BOOST, _BOOST = 0.8, 0.35
"""Score that a context word adds: to a check digit that proves little by itself, and to Presidio's own score."""


def _mail_value(value: str) -> bool | None:
    return mail_value(value) if _OFFLINE(value).fqdn else False


_OWN_CHECKS: dict[str, Validator] = {"EmailRecognizer": _mail_value, "IpRecognizer": ip_value}
"""Checks that replace Presidio's: no suffix list from the network, no loop-back addresses."""


def _validator(recognizer: PatternRecognizer, *, needs_cue: bool) -> Validator:
    def judge(value: str) -> bool | None:
        if recognizer.invalidate_result(value):
            return False
        verdict = recognizer.validate_result(value)
        if verdict is None or (verdict and needs_cue):
            return None
        return bool(verdict)

    return judge


def _build(name: str, entity: EntityType, *, needs_cue: bool) -> list[Rule]:
    recognizer = _RECOGNIZERS[name]()
    validate = _OWN_CHECKS.get(name) or _validator(recognizer, needs_cue=needs_cue)
    cues = "|".join(regex.escape(word) for word in recognizer.context or ())
    return [
        Rule(
            name=f"presidio-{name}-{number}",
            entity=entity,
            pattern=pattern.regex.replace(_AHEAD, _BOUNDED),
            score=min(pattern.score, _WITHOUT_CUE) if needs_cue else pattern.score,
            validate=validate,
            cues=cues,
            boost=_CHECKED_BOOST if needs_cue else _BOOST,
            needs_cue=needs_cue,
            unless=VERSION if entity is EntityType.IP_ADDRESS else "",
            flags=int(recognizer.global_regex_flags),
        )
        for number, pattern in enumerate(recognizer.patterns)
    ]


def presidio_rules() -> tuple[Rule, ...]:
    """Convert Presidio's recognizers to rules, in a fixed order."""
    logging.getLogger("presidio-analyzer").setLevel(logging.CRITICAL + 1)  # it logs values
    rules = [_build(name, entity, needs_cue=needs_cue) for name, entity, needs_cue in _CHOSEN]
    return tuple(rule for built in rules for rule in built)
