import pytest

from tests.redact.detect.recognizers.conftest import Find
from transforms.redact.detect.recognizers.identifiers import _check_digit_rule, card_value, coded_value, iban_value

FOUND = [
    ("4111 1111 1111 1111", "CREDIT_CARD", "4111 1111 1111 1111"),
    ("5500-0000-0000-0004", "CREDIT_CARD", "5500-0000-0000-0004"),
    ("paid with 378282246310005 today", "CREDIT_CARD", "378282246310005"),
    ("my card number is 4111111111111112?", "CREDIT_CARD", "4111111111111112"),
    ("block card no 2131640000000", "CREDIT_CARD", "2131640000000"),
    ("CVC: 123", "CREDIT_CARD", "123"),
    ("4l1l 1111 11l1 1111", "CREDIT_CARD", "4l1l 1111 11l1 1111"),
    ("IBAN DE89 3704 0044 0532 0130 00", "IBAN_CODE", "DE89 3704 0044 0532 0130 00"),
    ("iban gb82west12345698765432 check", "IBAN_CODE", "gb82west12345698765432"),
    ("wire it to FR1420041010050500013M02606 please", "IBAN_CODE", "FR1420041010050500013M02606"),
    ("to NL91 ABNA 0417 1643 00 today", "IBAN_CODE", "NL91 ABNA 0417 1643 00"),
    ("deposit to DE893704004405", "IBAN_CODE", "DE893704004405"),
    ("please wire it to DE31900", "IBAN_CODE", "DE31900"),
    ("please mention your 7566772399 in the transfer", "ID_NUMBER", "7566772399"),
    ("it can be borrowed under 64998402.", "ID_NUMBER", "64998402"),
    ("isikukood: 49701309300", "ID_NUMBER", "49701309300"),
    ("NI number: AB 12 34 56 C", "ID_NUMBER", "AB 12 34 56 C"),
    ("my ssn is 536-90-4399", "US_SSN", "536-90-4399"),
    ("SSN 536904399", "US_SSN", "536904399"),
    ("Here's my 5SN: 536-9O-4399", "US_SSN", "536-9O-4399"),
    ("NINO AB 12 34 56 C", "ID_NUMBER", "AB 12 34 56 C"),
    ("NHS number 943 476 5919", "ID_NUMBER", "943 476 5919"),
    ("Steuer-ID 86095742719", "ID_NUMBER", "86095742719"),
    ("n° 1 84 12 76 451 089 46", "ID_NUMBER", "1 84 12 76 451 089 46"),
    ("DNI 12345678Z", "ID_NUMBER", "12345678Z"),
    ("codice fiscale RSSMRA85T10A562S", "ID_NUMBER", "RSSMRA85T10A562S"),
    ("BSN 111222333", "ID_NUMBER", "111222333"),
    ("AHV 756.9217.0769.85", "ID_NUMBER", "756.9217.0769.85"),
    ("CPF 529.982.247-25", "ID_NUMBER", "529.982.247-25"),
    ("passport no: C01X00T47", "ID_NUMBER", "C01X00T47"),
    ("MRN 00482913", "ID_NUMBER", "00482913"),
    ("customer no. 4471-882", "ID_NUMBER", "4471-882"),
    ("customer no: 4.123.456", "ID_NUMBER", "4.123.456"),
    ("her driver's license number is D9922413", "ID_NUMBER", "D9922413"),
    ("VIN 1HGCM82633A004352", "ID_NUMBER", "1HGCM82633A004352"),
    ("employee id KRB-40117", "EMPLOYEE_ID", "KRB-40117"),
    ("staff id ty1234", "EMPLOYEE_ID", "ty1234"),
    ("empAB1234", "EMPLOYEE_ID", "AB1234"),
    ("emp # 90211", "EMPLOYEE_ID", "90211"),
    ("Personalnr. 00471", "EMPLOYEE_ID", "00471"),
    ("account number 44718829", "BANK_ACCOUNT", "44718829"),
    ("sort code 20-00-00", "BANK_ACCOUNT", "20-00-00"),
    ("BIC: DEUTDEFF500", "BANK_ACCOUNT", "DEUTDEFF500"),
    ("badge 4.371.8842", "EMPLOYEE_ID", "4.371.8842"),
    ("it is ba38e78411b4 here", "IBAN_CODE", "ba38e78411b4"),
    ("1BoatSLRHtKNngkdXEeobR76b53LETtpyT", "CRYPTO", "1BoatSLRHtKNngkdXEeobR76b53LETtpyT"),
    ("0x" + "5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed", "CRYPTO", "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed"),
]
NOT_FOUND = [
    "(match_empty12, 3)",
    "(empty12, 3)",
    "your own implementation of RFC 6214",
    "http://www.apache.org/licenses/LICENSE-2.0",
    "Ticket #35790",
    "PROJ-1234 is in review",
    "1700000000000",
    "version 10.0.19041",
    "order 12 of 2024",
    "page 1234 of 5678",
    "member since 2019",
    "the case was closed on 12/05/2024",
    "policy: 30 days",
    "ISO 27001 certified",
    "I am sooooooooooooooooooo excited",
    "badge design review",
    "client side rendering",
    "ISBN 978-3-16-148410-0, 320 pages",
    "your 2 tickets",
    "under 30 minutes",
    "using 1024 threads",
    "model DE31900",
    "see https://badge.builds.example.com/68e22afcb2ea8f6dcc2 there",
    "https://x.example/en/0.37.1/?badge=0.37.1",
    "http://x.example/licenses/LICENSE-2.0.html",
    "'b18794e8-5d0d-417c-b361-ba38e78411b4'",
]


@pytest.mark.parametrize(("text", "entity", "value"), FOUND)
def test_identifiers_are_found(find: Find, text: str, entity: str, value: str) -> None:
    found = find(text)
    assert any(value in surface for _, surface in found), found
    assert entity in {name for name, _ in found}, found


@pytest.mark.parametrize("text", NOT_FOUND)
def test_other_numbers_are_left(find: Find, text: str) -> None:
    assert find(text) == []


def test_a_card_number_that_was_wrapped_is_found_in_both_lines(find: Find) -> None:
    assert find("pay with card 4111 1111\n1111 1111 now") == [("CREDIT_CARD", "4111 1111\n1111 1111")]


@pytest.mark.parametrize(
    ("value", "verdict"),
    [
        ("4111 1111 1111 1111", True),
        ("4111 1111 1111 1112", None),
        ("6011 0009 9013 9424", True),
        ("1111 1111 1111 1117", None),
        ("7992 7398 7130 0008", None),
        ("422222222222", None),  # twelve digits are never certain
        ("4222222222222", True),
        ("42222222222", False),
        ("4000000000000000006", True),
        ("40000000000000000006", False),
        ("4444444444444444", False),
    ],
)
def test_a_card_is_certain_with_its_check_digit_and_an_issuer_alone(value: str, *, verdict: bool | None) -> None:
    assert card_value(value) is verdict


def test_a_number_with_a_check_is_plausible_where_it_holds_and_never_where_it_does_not() -> None:
    judge = _check_digit_rule("name", "pattern", lambda value: value == "right").validate
    assert judge is not None
    assert judge("right") is None
    assert judge("wrong") is False


@pytest.mark.parametrize(
    ("value", "judged"),
    [
        ("DE89 3704 0044 0532 0130 00", True),
        ("DE00OOOO1234", None),  # six digits, ten with the letters that look like digits
        ("DE0OOOOO1234", False),  # five digits
        ("DE123456ll", None),  # eight with look-alikes
        ("DE123456lX", False),  # seven
        ("DE1234567890ACDEFGHJK", None),  # ten of 21 characters
        ("DE123456789ACDEFGHJKM", False),  # nine
    ],
)
def test_an_iban_with_wrong_check_digits_is_plausible_while_it_is_mostly_digits(
    value: str, judged: bool | None
) -> None:
    assert iban_value(value) is judged


@pytest.mark.parametrize("version", ["4.12.3", "4.12.456", "0.37.1", "4.123.45"])
def test_a_version_is_no_number_of_a_customer_and_groups_of_three_digits_are_one(version: str) -> None:
    assert coded_value(version) is False
    assert coded_value("4.123.456") is None
