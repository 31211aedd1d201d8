import json
from collections.abc import Callable
from pathlib import Path

from transforms.ingest.formats.registry import recognise


def test_a_flow_becomes_steps(tmp_path: Path, read_all: Callable[..., tuple]) -> None:
    steps = [
        {"type": "setViewport", "width": 800, "height": 600},
        {"type": "navigate", "url": "https://a.example", "title": "Shop", "assertedEvents": [{"url": "x"}]},
        {
            "type": "click",
            "selectors": [['aria/Search[role="searchbox"]'], ["#q"]],
            "offsetX": 4,
            "button": "secondary",
        },
        {"type": "change", "value": "lamp", "selectors": [["aria/Search"]]},
        {"type": "change", "value": "hunter2", "selectors": ["text/Password"]},
        {"type": "keyDown", "key": "Shift"},
        {"type": "keyDown", "key": "A"},
        {"type": "keyUp", "key": "A"},
        {"type": "scroll", "x": 0, "y": 100},
        {"type": "scroll", "x": 0, "y": 40},
        {"type": "waitForElement", "selectors": []},
        {"type": "doubleClick", "assertedEvents": [{"url": "https://b.example", "title": "Cart"}]},
        {"type": "juggle"},
        {"type": "change"},
    ]
    path = tmp_path / "flow.json"
    path.write_text(json.dumps({"title": "Buy a lamp", "steps": steps}))
    assert recognise(path) == "chrome-recorder"
    table, faults, count = read_all(path, "chrome-recorder", user="u")
    rows = table.to_pylist()
    assert [row["kind"] for row in rows] == [
        "session",
        "task",
        "focus",
        "pointer",
        "field",
        "input_value",
        "field",
        "input_value",
        "key",
        "key",
        "key",
        "pointer",
        "pointer",
        "pointer",
        "focus",
    ]
    assert (rows[3]["target"]["role"], rows[3]["target"]["name"], rows[3]["button"]) == ("searchbox", "Search", "right")
    assert [(row["role"], row["label"]) for row in rows if row["kind"] == "field"] == [
        ("textbox", "Search"),
        ("password", "Password"),
    ]
    assert [row["modifiers"] for row in rows if row["kind"] == "key"] == [[], ["Shift"], ["Shift"]]
    assert [row["dy"] for row in rows if row["action"] == "scroll"] == [100, -60]
    assert rows[-1]["url"] == "https://b.example"
    assert [(fault.line, fault.problem.field_name) for fault in faults] == [(13, ""), (14, "")]
    assert count == len(rows) + 3
