import json
from collections.abc import Callable
from pathlib import Path

from schemas.rejects import Reason
from transforms.ingest.formats.registry import recognise


def event(at: str, **data: object) -> dict[str, object]:
    return {"id": 1, "timestamp": at, "duration": 1.5, "data": data}


def test_windows_and_tabs_become_focus_without_repeats(tmp_path: Path, read_all: Callable[..., tuple]) -> None:
    windows = [
        event("2026-01-01T10:00:05.250+00:00", app="code", title="List"),
        event("2026-01-01T10:00:01+00:00", app="code", title="List"),
        event("2026-01-01T09:59:00", app="mail", title="Inbox"),
        event("noon", app="mail", title="Inbox"),
        {"timestamp": "2026-01-01T10:00:05+00:00"},
    ]
    tabs = [event("2026-01-01T12:01:00+02:00", url="https://a.example", title="Shop", incognito=True, audible=False)]
    buckets = {
        "aw-watcher-window_host": {"type": "currentwindow", "client": "c", "hostname": "h", "events": windows},
        "aw-watcher-web": {"type": "web.tab.current", "events": tabs},
        "aw-watcher-afk_host": {"type": "afkstatus", "events": [event("2026-01-01T10:00:00Z", status="afk")]},
        "broken": {"type": "currentwindow"},
    }
    path = tmp_path / "export.json"
    path.write_text(json.dumps({"buckets": buckets}))
    assert recognise(path) == "activitywatch"
    table, faults, count = read_all(path, "activitywatch", user="u")
    rows = table.to_pylist()
    assert [(row["app"], row["title"], row["private"]) for row in rows[1:]] == [
        ("mail", "Inbox", None), ("code", "List", None), ("browser", "Shop", True),
    ]  # fmt: skip
    assert [row["t_us"] // 1_000 % 3_600_000 for row in rows] == [3_540_000, 3_540_000, 1_000, 60_000]
    assert [fault.problem.reason for fault in faults] == [Reason.MISSING_FIELD] * 3
    assert count == len(rows) + 3 + 2


def test_a_window_may_record_its_address_and_privacy(tmp_path: Path, read_all: Callable[..., tuple]) -> None:
    windows = [
        event(
            "2026-01-01T10:00:01.123456789+00:00", app="Chrome", title="Shop", url="https://a.example", incognito=True
        ),
        event("2026-01-01T10:00:02+00:00", app="Safari"),
    ]
    path = tmp_path / "export.json"
    bucket = {"id": "w", "type": "currentwindow", "client": "aw-watcher-window", "hostname": "h", "data": {}}
    path.write_text(json.dumps({"buckets": {"aw-watcher-window_h": bucket | {"events": windows}}}))
    assert recognise(path) == "activitywatch"
    table, faults, _ = read_all(path, "activitywatch", user="u")
    told = [(row["app"], row["title"], row["url"], row["private"]) for row in table.to_pylist()[1:]]
    assert not faults
    assert told == [("Chrome", "Shop", "https://a.example", True), ("Safari", "", None, None)]
