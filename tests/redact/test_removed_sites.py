"""Sites that the redaction removes from an address go beside it, for the naming of sites, and into no release."""

from collections.abc import Callable
from typing import Any

from schemas.entities import EntityType
from schemas.safe import EVENTS_SCHEMA, TEXT_COLUMNS
from transforms.redact.results import RedactionResult


def _removed(redact: Callable[..., RedactionResult], url: str, **finds: EntityType) -> Any:
    rows = [
        {"kind": "focus", "app": "browser", "title": "page", "url": url},
        {"kind": "screen", "source": "ocr", "text": url},
    ]
    table = redact(rows, finds).sessions.table
    assert not any("zebra" in (value or "") for column in TEXT_COLUMNS for value in table[column].to_pylist())
    return table["removed_sites"].to_pylist()


def test_a_host_that_is_gone_from_an_address_is_named_beside_it(redact: Callable[..., RedactionResult]) -> None:
    found = {"user:pw@docs.zebra.test": EntityType.SECRET}
    assert _removed(redact, "https://user:pw@docs.zebra.test/x", **found) == [["docs.zebra.test"], None]
    mail = {"me@zebra.test": EntityType.EMAIL_ADDRESS}
    assert _removed(redact, "mailto:me@zebra.test", **mail) == [["zebra.test"], None]
    share = {"//zebra/share": EntityType.SECRET}
    assert _removed(redact, "smb://zebra/share", **share) == [["smb://zebra", "zebra"], None]


def test_a_host_that_is_still_in_the_address_is_not(redact: Callable[..., RedactionResult]) -> None:
    assert _removed(redact, "https://lion.test/zebra-7", **{"zebra-7": EntityType.SECRET}) == [None, None]
    assert _removed(redact, "https://lion.test/x") == [None, None]


def test_no_release_has_a_column_for_them() -> None:
    assert "removed_sites" not in EVENTS_SCHEMA.names
