"""Work software and sites of the public vocabulary are named, whoever uses them."""

from typing import Any

import pyarrow as pa
import pytest

from schemas.aggregates import AdmittedValues
from schemas.safe import REDACTED_SCHEMA, RedactedSessions
from transforms.aggregate.naming.hide_rare import hide_rare
from transforms.vocabulary import NO_NAMES, OwnNames

PLAIN = pa.schema([f.with_type(f.type.value_type) if pa.types.is_dictionary(f.type) else f for f in REDACTED_SCHEMA])
NOTHING = AdmittedValues({})


def named(*rows: dict[str, Any], admitted: AdmittedValues = NOTHING, own: OwnNames = NO_NAMES) -> list[dict[str, Any]]:
    filled = [{"session": "s", "user": "u", "seq": seq, "kind": "focus"} | row for seq, row in enumerate(rows)]
    table = pa.Table.from_pylist(filled, PLAIN).cast(REDACTED_SCHEMA)
    return hide_rare(RedactedSessions(table), admitted, frozenset(), own=own).table.to_pylist()


@pytest.mark.parametrize(
    ("recorded", "released"),
    [
        (r"C:\Users\ada\bin\WINWORD.EXE", "Microsoft Word"),
        ("com.google.Chrome", "Google Chrome"),
        ("acme-crm", "other"),
        ("Microsoft Word for Ada Marwick", "other"),
        ("private", "private"),
    ],
)
def test_an_application_has_its_public_name_or_none(recorded: str, released: str) -> None:
    assert named({"app": recorded})[0]["app"] == released


def test_a_name_with_a_surrogate_in_it_is_not_public() -> None:
    mark = [{"column": "app", "start": 0, "end": 6, "entity": "PERSON", "node": None}]
    assert named({"app": "Google Chrome", "redactions": mark})[0]["app"] == "other"


def test_a_public_site_is_named_and_what_may_name_a_company_is_not() -> None:
    addresses = [
        "https://github.com/",
        "https://www.github.com/",
        "https://acme.github.com/",
        "https://github.com.evil.test/",
    ]
    shown = [row["url"] for row in named(*({"url": address} for address in addresses))]
    assert shown[:2] == addresses[:2]
    assert all("other" in address and "acme" not in address and "evil" not in address for address in shown[2:])


def test_titles_keep_public_names_and_lose_others() -> None:
    rows = named(
        {"app": "winword.exe", "title": "Report - Microsoft Word"},
        {"app": "Zebracorp", "title": "Sheet - Zebracorp"},
    )
    assert rows[0]["title"] == "Report - Microsoft Word"
    assert "Zebracorp" not in rows[1]["title"]


def test_the_organisations_own_software_and_sites_are_named_in_rows_and_titles() -> None:
    own = OwnNames({"Acme CRM": ("acmecrm",)}, ("crm.acme.example",))
    rows = named(
        {"app": "AcmeCRM.exe", "title": "Orders - Acme CRM", "url": "https://crm.acme.example/orders"},
        {"app": "winword.exe", "url": "https://www.crm.acme.example/"},
        {"app": "Zebracorp", "url": "https://x.crm.acme.example/"},
        own=own,
    )
    assert [row["app"] for row in rows] == ["Acme CRM", "Microsoft Word", "other"]
    assert rows[0]["title"] == "Orders - Acme CRM"
    assert [row["url"] for row in rows[:2]] == ["https://crm.acme.example/orders", "https://www.crm.acme.example/"]
    assert "acme" not in rows[2]["url"]


def test_an_own_name_with_a_surrogate_in_it_is_not_released() -> None:
    mark = [{"column": "app", "start": 0, "end": 4, "entity": "PERSON", "node": None}]
    own = OwnNames({"Marlow Desk": ()})
    assert named({"app": "Marlow Desk", "redactions": mark}, own=own)[0]["app"] == "other"
