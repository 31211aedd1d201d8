import json
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.rejects import Reason
from transforms.ingest.formats.registry import recognise


def log(name: str | None, at: object = "1790000000000000000", **attributes: object) -> dict[str, object]:
    told = [{"key": key.replace("__", "."), "value": value} for key, value in attributes.items()]
    return {"timeUnixNano": at, "eventName": name, "attributes": told, "body": {"stringValue": "jane wrote this"}}


RECORDS = [
    log(
        "browser.page_view",
        url__full={"stringValue": "https://a.example"},
        browser__page_view__title={"stringValue": "Shop"},
        session__id={"stringValue": "1"},
    ),
    log(
        "app.widget.click",
        app__screen__coordinate__x={"intValue": "3"},
        app__screen__coordinate__y={"doubleValue": 4.5},
        app__widget__name={"stringValue": "Pay"},
        session__id={"stringValue": "1"},
    ),
    log("app.screen.click", session__id={"stringValue": "2"}),
    log("app.screen.view", app__screen__name={"stringValue": "Cart"}, session__id={"stringValue": "2"}),
    log(None, session__id={"stringValue": "2"}),
    log("app.screen.click", at="soon", session__id={"stringValue": "2"}),
]


@pytest.mark.parametrize("form", ["pretty", "lines"])
def test_clicks_and_pages_become_events_by_session(form: str, tmp_path: Path, read_all: Callable[..., tuple]) -> None:
    documents = [{"resourceLogs": [{"scopeLogs": [{"logRecords": [record]}]}]} for record in RECORDS]
    whole = {"resourceLogs": [{"scopeLogs": [{"logRecords": RECORDS}]}]}
    path = tmp_path / "logs.json"
    path.write_text(json.dumps(whole, indent=1) if form == "pretty" else "\n".join(map(json.dumps, documents)))
    assert recognise(path) == "otlp"
    table, faults, count = read_all(path, "otlp", user="u")
    rows = table.to_pylist()
    assert [row["kind"] for row in rows] == ["session", "focus", "pointer", "session", "pointer", "focus"]
    assert (rows[2]["x"], rows[2]["y"], rows[2]["target"]["name"]) == (3, 4.5, "Pay")
    assert (rows[1]["url"], rows[1]["title"], rows[1]["app"]) == ("https://a.example", "Shop", "browser")
    assert (rows[5]["title"], rows[5]["app"]) == ("Cart", "")
    assert len(set(table["session_id"].to_pylist())) == 2
    assert [fault.problem.reason for fault in faults] == [Reason.MISSING_FIELD]
    assert count == len(rows) + 2
    assert "jane" not in str(rows)
