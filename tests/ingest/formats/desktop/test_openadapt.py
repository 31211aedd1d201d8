import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.rejects import Reason

SAMPLE = Path(__file__).parents[1] / "samples" / "openadapt-capture.db"
Read = Callable[..., tuple]


@pytest.fixture
def database(tmp_path: Path) -> Path:
    path = tmp_path / "recording.db"
    path.write_bytes(SAMPLE.read_bytes())
    return path


def change(path: Path, *statements: str) -> None:
    connection = sqlite3.connect(path)
    for statement in statements:
        connection.execute(statement)
    connection.commit()
    connection.close()


def test_keys_pointers_and_windows_are_in_order_of_time(database: Path, read_all: Read) -> None:
    table, faults, _ = read_all(database, "openadapt", user="u")
    rows = table.to_pylist()
    assert faults == []
    assert [row["t_us"] for row in rows] == sorted(row["t_us"] for row in rows)
    typed = "".join(
        row["key"] for row in rows if row["action"] == "down" and row["kind"] == "key" and len(row["key"]) == 1
    )
    assert typed.startswith("my ssn is ")
    assert rows[0]["os"] == "linux"
    assert next(row for row in rows if row["kind"] == "focus")["window"]["width"] == 1280


def test_targets_screenshots_and_unusable_rows(database: Path, read_all: Read) -> None:
    change(
        database,
        'UPDATE action_event SET structural_observation = \'{"element": {"role": "Button", "name": "Pay"}}\''
        " WHERE name = 'click' AND mouse_pressed",
        "UPDATE action_event SET disabled = 1 WHERE id = 1",
        "UPDATE action_event SET name = 'juggle' WHERE id = 2",
        "UPDATE action_event SET mouse_x = 'left' WHERE id = 3",
        "INSERT INTO screenshot (id, recording_id, timestamp, png_data) VALUES (1, 1, 5, zeroblob(100))",
        "INSERT INTO action_event (id, name, timestamp, recording_id, key_char)"
        " VALUES (900, 'press', 1767225700, 2, 'x')",
    )
    table, faults, count = read_all(database, "openadapt", user="u")
    rows = table.to_pylist()
    assert [row["target"] for row in rows if row["action"] == "down" and row["kind"] == "pointer"] == [
        {"role": "button", "name": "Pay", "bounds": None, "states": None}
    ]
    assert [(fault.line, fault.problem.reason) for fault in faults] == [
        (2, Reason.UNKNOWN_KIND),
        (3, Reason.MISSING_FIELD),
    ]
    assert len(set(table["session_id"].to_pylist())) == 2
    assert count == len(rows) + 2 + 2


@pytest.mark.parametrize(
    "statements",
    [
        (
            "DROP TABLE action_event",
            "CREATE VIEW action_event AS SELECT randomblob(9) name, 1 timestamp, 1 recording_id, 1 id",
        ),
        ("DROP TABLE action_event", "CREATE VIRTUAL TABLE action_event USING fts5(name, timestamp, recording_id, id)"),
        ("DROP TABLE window_event", "DROP TABLE action_event"),
        ("ALTER TABLE action_event DROP COLUMN timestamp",),
    ],
    ids=["view", "virtual", "gone", "column"],
)
def test_a_table_that_is_none_is_not_read(statements: tuple[str, ...], database: Path, read_all: Read) -> None:
    change(database, *statements)
    table, _, _ = read_all(database, "openadapt", user="u")
    assert set(table["kind"].to_pylist()) <= {"session", "task", "focus"}


def test_a_computed_column_is_not_read(database: Path, read_all: Read) -> None:
    change(
        database,
        "ALTER TABLE action_event DROP COLUMN key_char",
        "ALTER TABLE action_event ADD COLUMN key_char AS (hex(zeroblob(1000000))) VIRTUAL",
    )
    table, faults, _ = read_all(database, "openadapt", user="u")
    assert all(len(row["key"] or "") < 64 for row in table.to_pylist())
    assert faults == []


def box(left: int, right: int) -> dict[str, object]:
    return {"bounds": {"left": left, "top": 2, "right": right, "bottom": 9}}


@pytest.mark.parametrize(
    ("element", "role", "width"),
    [
        ({"role": "edit", "control_type": "Edit", **box(1, 4)}, "textbox", 3),
        ({"role": "Toggle", "control_type": "Knob", **box(4, 4)}, "toggle", None),
        ({"control_type": "Knob", "bounds": {"left": 1}}, "knob", None),
        ({"name": "x"}, "generic", None),
    ],
)
def test_the_element_that_was_observed_has_a_role_of_aria_and_its_box(
    element: dict[str, object], role: str, width: float | None, database: Path, read_all: Read
) -> None:
    told = json.dumps({"schema_version": "1", "element": element})
    where = "name = 'click' AND mouse_pressed"
    change(database, f"UPDATE action_event SET structural_observation = '{told}' WHERE {where}")  # noqa: S608
    (target,) = (row["target"] for row in read_all(database, "openadapt", user="u")[0].to_pylist() if row["target"])
    assert (target["role"], target["bounds"] and target["bounds"]["width"]) == (role, width)
