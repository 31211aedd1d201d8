import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.rejects import Reason
from transforms.ingest.formats.registry import recognise

SCHEMA = """
CREATE TABLE ui_events (id INTEGER PRIMARY KEY, timestamp TEXT, event_type TEXT, x REAL, y REAL, delta_x REAL,
  delta_y REAL, button INTEGER, click_count INTEGER, modifiers INTEGER, text_content TEXT, app_name TEXT,
  window_title TEXT,
  browser_url TEXT, element_role TEXT, element_name TEXT, element_bounds TEXT);
CREATE TABLE frames (id INTEGER PRIMARY KEY, timestamp TEXT, app_name TEXT, window_name TEXT, browser_url TEXT,
  full_text TEXT, accessibility_text TEXT);
CREATE TABLE audio_transcriptions (id INTEGER PRIMARY KEY, timestamp TEXT, transcription TEXT);
"""


def insert(base: sqlite3.Connection, events: list[dict[str, object]]) -> None:
    for place, event in enumerate(events):
        row = {"timestamp": f"2026-01-01T10:00:{place + 10}.5+00:00"} | event
        marks = ", ".join("?" * len(row))
        base.execute(f"INSERT INTO ui_events ({', '.join(row)}) VALUES ({marks})", list(row.values()))  # noqa: S608


def test_input_and_frames_become_events(tmp_path: Path, read_all: Callable[..., tuple]) -> None:
    path = tmp_path / "db.sqlite"
    base = sqlite3.connect(path)
    base.executescript(SCHEMA)
    events = [
        {"event_type": "window_focus", "app_name": "Notes", "window_title": "List", "browser_url": ""},
        {
            "event_type": "click",
            "x": 1,
            "y": 2,
            "button": 1,
            "click_count": 2,
            "element_role": "Button",
            "element_name": "Pay",
        },
        {"event_type": "click", "x": 1, "y": 2, "button": 9},
        {"event_type": "text", "text_content": "blue"},
        {"event_type": "text", "text_content": " lamp"},
        {"event_type": "key", "text_content": "c", "modifiers": 8},
        {"event_type": "key"},
        {"event_type": "scroll", "x": 1, "y": 2, "delta_y": -3},
        {"event_type": "move", "x": 4, "y": 5},
        {"event_type": "clipboard", "text_content": "copied"},
        {"event_type": "juggle"},
        {"event_type": "move"},
    ]
    insert(base, events)
    base.execute(
        "INSERT INTO frames VALUES (1, '2026-01-01 10:00:00', 'Mail', 'Inbox', 'https://a.example', 'seen', '')"
    )
    base.execute("INSERT INTO frames VALUES (2, '2026-01-01 10:00:01', 'Mail', 'Inbox', NULL, 'seen', 'read')")
    base.execute("INSERT INTO audio_transcriptions VALUES (1, '2026-01-01', 'said')")
    base.commit()
    base.close()
    assert recognise(path) == "screenpipe"
    table, faults, count = read_all(path, "screenpipe", user="u")
    rows = table.to_pylist()
    assert [row["kind"] for row in rows] == [
        "session",
        "focus",
        "screen",
        "focus",
        "screen",
        "focus",
        "pointer",
        "pointer",
        "field",
        "input_value",
        "input_value",
        "key",
        "key",
        "pointer",
        "pointer",
        "clipboard",
    ]
    assert [(row["source"], row["text"]) for row in rows if row["kind"] == "screen"] == [
        ("ocr", "seen"),
        ("a11y", "read"),
    ]
    assert (rows[6]["action"], rows[6]["button"], rows[6]["target"]["name"]) == ("double_click", "right", "Pay")
    assert (rows[7]["button"], rows[7]["target"]) == ("other", None)
    assert [(row["key"], row["modifiers"]) for row in rows if row["kind"] == "key"] == [
        ("c", ["Meta"]),
        ("Unidentified", []),
    ]
    assert [row["value"] for row in rows if row["kind"] == "input_value"] == ["blue", "blue lamp"]
    assert [fault.problem.reason for fault in faults] == [Reason.UNKNOWN_KIND, Reason.MISSING_FIELD]
    assert "said" not in str(rows)
    assert count == len(rows) + 2 + 2


@pytest.mark.parametrize(
    ("role", "bounds", "told"),
    [
        ("AXTextField", '{"x": 1, "y": 2, "width": 3, "height": 4}', ("textbox", "textbox")),
        ("AXSecureTextField", '{"x": 1}', ("textbox", "password")),
        ("Edit", "[7]", ("textbox", "textbox")),
        ("PasswordBox", None, ("passwordbox", "password")),
        ("AXButton", "", ("button", "textbox")),
    ],
)
def test_the_element_of_a_click_has_a_role_a_box_and_a_field(
    role: str, bounds: str | None, told: tuple[str, str], tmp_path: Path, read_all: Callable[..., tuple]
) -> None:
    path = tmp_path / "db.sqlite"
    base = sqlite3.connect(path)
    base.executescript(SCHEMA)
    front = {"app_name": "Shop", "window_title": "Sign in", "browser_url": "https://a.example"}
    click = {"event_type": "click", "x": 1, "y": 2, "element_role": role, "element_name": "Box"}
    insert(
        base, [front | click | {"element_bounds": bounds}, front | {"event_type": "text", "text_content": "hunter2"}]
    )
    base.commit()
    base.close()
    rows = read_all(path, "screenpipe", user="u")[0].to_pylist()
    assert [row["kind"] for row in rows] == ["session", "focus", "pointer", "field", "input_value"]
    assert (rows[1]["app"], rows[1]["title"], rows[1]["url"]) == tuple(front.values())
    assert (rows[2]["target"]["role"], rows[3]["role"]) == told
    box = rows[2]["target"]["bounds"]
    assert box == ({"x": 1, "y": 2, "width": 3, "height": 4} if role == "AXTextField" else None)


def test_the_text_table_of_earlier_versions_becomes_screens(tmp_path: Path, read_all: Callable[..., tuple]) -> None:
    path = tmp_path / "db.sqlite"
    base = sqlite3.connect(path)
    base.executescript(SCHEMA + "CREATE TABLE ocr_text (frame_id INTEGER, text TEXT, text_json TEXT);")
    base.execute("INSERT INTO frames VALUES (1, '2026-01-01 10:00:00', 'Mail', 'Inbox', NULL, NULL, NULL)")
    base.executemany("INSERT INTO ocr_text VALUES (?, ?, '[]')", [(1, "Blue"), (1, "lamp"), (7, "stray")])
    base.commit()
    base.close()
    table, faults, count = read_all(path, "screenpipe", user="u")
    assert [row["text"] for row in table.to_pylist() if row["kind"] == "screen"] == ["Blue\nlamp"]
    assert not faults
    assert count == table.num_rows + 1
