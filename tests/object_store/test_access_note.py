"""Every request of the client carries the purpose of the run into the audit log of the bucket."""

from collections.abc import Iterator
from typing import Any

import google.auth
import pytest
from google.auth.credentials import AnonymousCredentials

from tests.support.http_server import Request, answering
from transforms.object_store import gcs
from transforms.object_store.access_note import note_accesses


@pytest.fixture
def noted(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[dict[str, str]]]:
    """Collect the audit headers of each request to a stand-in for Cloud Storage."""
    found: list[dict[str, str]] = []

    def answer(request: Request) -> tuple[int, Any]:
        kept = {name.lower(): value for name, value in request.headers.items()}
        found.append({name: value for name, value in kept.items() if name.startswith("x-goog-custom-audit-")})
        return 200, {"items": [], "name": "b/n", "bucket": "b", "generation": "1", "size": "1", "crc32c": "AAAAAA=="}

    with answering(answer) as address:
        monkeypatch.setattr(google.auth, "default", lambda **_: (AnonymousCredentials(), "test"))
        # the library reads this variable; the check that refuses it, tested elsewhere, stands aside
        monkeypatch.setattr(gcs, "refuse_redirects", lambda: None)
        monkeypatch.setenv("API_ENDPOINT_OVERRIDE", address)
        gcs.client.cache_clear()
        yield found
    note_accesses({})
    gcs.client.cache_clear()


def test_reads_lists_writes_and_deletes_carry_what_was_noted_last(noted: list[dict[str, str]]) -> None:
    store = gcs.open_bucket("gs://b")
    note_accesses({"purpose": "training", "dataset": "sessions"})
    store.names()
    note_accesses({"purpose": "training", "night": "0f"})
    store.exists("n")
    store.put_if_absent("n", b"x")
    store.delete("n")
    first = {"x-goog-custom-audit-purpose": "training", "x-goog-custom-audit-dataset": "sessions"}
    later = {"x-goog-custom-audit-purpose": "training", "x-goog-custom-audit-night": "0f"}
    assert noted[0] == first
    assert noted.count(later) >= 3
    assert all(item in (first, later) for item in noted)
