"""Ids of tickets go; standards, ciphers, versions and steps stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from transforms.redact.detect.business.tickets import find_tickets


def found(line: str, *prefixes: str) -> list[str]:
    places = sorted({(start, end) for start, end, *_ in find_tickets(line, prefixes)})
    return [line[start:end] for start, end in places]


@pytest.mark.parametrize(
    ("line", "ids"),
    [
        ("fix PAY-123 and QZRT-7", ["PAY-123", "QZRT-7"]),
        ("feature/PAY-123-fix-totals", ["PAY-123"]),
        ("https://acme.atlassian.example/browse/OPS-4", ["OPS-4"]),
        ("[PAY-123] Totals are wrong", ["PAY-123"]),
        ("PAY-123, PAY-124.", ["PAY-123", "PAY-124"]),
        ("DATA-999", ["DATA-999"]),
        ("P2P-100", ["P2P-100"]),
        ("ticket DATA-99", ["DATA-99"]),
    ],
)
def test_ids_are_found(line: str, ids: list[str]) -> None:
    assert found(line) == ids


@pytest.mark.parametrize(
    "line",
    [
        "UTF-8 UTF-16 ISO-8859-1 ISO-27001 IEC-61508 SHA-256 SHA3-512 AES-256 MD-5 CP-1252 RFC-2119 COVID-19 GPT-4",
        "CVE-2021-44228 PEP-8 IEEE-754 RS-232 EN-50128 DIN-5008 TLS-13 HTTP-2 BASE-64 X-12 F-16 Q-3 FIPS-140 PKCS-11",
        "PHASE-2 STEP-12 LEVEL-99",
        "pay-123 QZRT-0 QZRT-01 QZRT-1234567 QZRT-1.2 QZRT-1-2 aQZRT-12 x-QZRT-12 QZRT-12a ABCDEFGHIJK-1",
    ],
)
def test_technical_words_stay(line: str) -> None:
    assert found(line) == []


@pytest.mark.parametrize(("gap", "ids"), [(" " * 18, ["STEP-12"]), (" " * 19, [])])
def test_a_cue_counts_up_to_its_distance(gap: str, ids: list[str]) -> None:
    assert found(f"ticket{gap}STEP-12") == ids


def test_a_listed_prefix_counts_in_any_case() -> None:
    assert found("see zx-4, ZX-5, Zx-6 but not zx-0, azx-4 or ISO-9", "zx") == ["zx-4", "ZX-5", "Zx-6"]
    assert found("see iso-9", "iso") == ["iso-9"]


@given(st.from_regex(r"[A-Z][A-Z0-9]{1,9}-[1-9][0-9]{2,5}", fullmatch=True), st.sampled_from(["{}", "({})", "a {}: b"]))
def test_what_is_found_is_a_whole_id(identifier: str, frame: str) -> None:
    assert found(frame.format(identifier)) in ([], [identifier])
