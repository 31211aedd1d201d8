import pytest

from tests.redact.detect.recognizers.conftest import Find

FOUND = [
    ("Steuer-ID 47 036 892 816", "47 036 892 816"),
    ("Steuernummer: 181/815/08155", "181/815/08155"),
    ("Nº de sécurité sociale : 2 85 05 78 006 084 41", "2 85 05 78 006 084 41"),
    ("PESEL 83071945269", "83071945269"),
    ("Aadhaar: 2345 6789 1234", "2345 6789 1234"),
    ("CPF 529.982.247-25", "529.982.247-25"),
    ("CURP: GOMC850101HDFRRL09", "GOMC850101HDFRRL09"),
    ("RUT 12.345.678-5", "12.345.678-5"),
    ("CUIT 20-12345678-6", "20-12345678-6"),
    ("Personnummer: 850709-9805", "850709-9805"),
    ("Rodné číslo 850709/1235", "850709/1235"),
    ("T.C. Kimlik No: 10000000146", "10000000146"),
    ("OIB: 69435151530", "69435151530"),
    ("CNP 1850709123456", "1850709123456"),
    ("ИНН 500100732259", "500100732259"),
    ("СНИЛС: 112-233-445 95", "112-233-445 95"),
    ("주민등록번호: 850709-1234567", "850709-1234567"),
    ("マイナンバー: 1234 5678 9018", "1234 5678 9018"),
    ("身份证号码: 11010519491231002X", "11010519491231002X"),
    ("เลขประจำตัวประชาชน 1 1017 00203 45 1", "1 1017 00203 45 1"),
    ("תעודת זהות: 123456782", "123456782"),
    ("TFN 123 456 782", "123 456 782"),
    ("Medicare 2123 45670 1", "2123 45670 1"),
    ("SIN: 046 454 286", "046 454 286"),
    ("PPS 1234567FA", "1234567FA"),
    ("NINO JK 41 72 96 B", "JK 41 72 96 B"),
    ("NHS number 943 476 5919", "943 476 5919"),
    ("HKID: A123456", "A123456"),
    ("CNIC 35202-1234567-1", "35202-1234567-1"),
    ("BVN 22123456789", "22123456789"),
]


@pytest.mark.parametrize(("text", "value"), FOUND)
def test_a_number_goes_in_groups_or_whole_and_its_label_stays(find: Find, text: str, value: str) -> None:
    found = [surface for _, surface in find(text)]
    assert any(value in surface or surface in value for surface in found), found
    left = text
    for surface in found:
        left = left.replace(surface, "")
    assert not any(character.isdigit() for character in left)
    assert left.strip().startswith(text[:3])


@pytest.mark.parametrize("text", ["PESEL 12", "Aadhaar is required", "rut 12 cm deep", "IRD in 2024", "pis aller 300"])
def test_labels_and_small_numbers_are_left(find: Find, text: str) -> None:
    assert not [surface for entity, surface in find(text) if entity == "ID_NUMBER"]
