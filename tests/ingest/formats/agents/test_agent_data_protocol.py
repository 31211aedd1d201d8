import json
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.rejects import Reason
from transforms.ingest.formats.registry import recognise

PARTS = [
    {"class_": "text_observation", "content": "Buy a lamp", "source": "user"},
    {"class_": "web_observation", "url": "https://a.example", "axtree": "[1] button 'Pay'", "html": "<p>"},
    {"class_": "api_action", "function": "click", "kwargs": {"coordinate": [3, 4]}},
    {"class_": "api_action", "function": "type", "kwargs": {"text": "lamp"}},
    {"class_": "api_action", "function": "press", "kwargs": {"key": "ctrl+c"}},
    {"class_": "api_action", "function": "scroll", "kwargs": {"dy": 30, "x": 1, "y": 2}},
    {"class_": "api_action", "function": "goto", "kwargs": {"url": "https://b.example"}},
    {"class_": "api_action", "function": "think", "kwargs": {}},
    {"class_": "code_action", "language": "python", "content": "pyautogui.click(5, 6)"},
    {"class_": "code_action", "language": "bash", "content": "ls"},
    {"class_": "message_action", "content": "done"},
    {"class_": "text_observation", "content": "a file", "source": "environment"},
    {"class_": "image_observation", "content": "1.png"},
    {"class_": "other"},
    {"class_": "text_observation"},
]


@pytest.mark.parametrize("lines", [False, True])
def test_a_trajectory_becomes_a_session(lines: bool, tmp_path: Path, read_all: Callable[..., tuple]) -> None:
    task = {"id": "t", "content": PARTS, "details": {}}
    path = tmp_path / "adp.jsonl"
    path.write_text("\n".join([json.dumps(task)] * 2) if lines else json.dumps(task))
    assert recognise(path) == "adp"
    table, faults, count = read_all(path, "adp", user="u")
    times = 2 if lines else 1
    assert len(set(table["session_id"].to_pylist())) == times
    rows = table.to_pylist()[: table.num_rows // times]
    assert [row["kind"] for row in rows] == [
        "session",
        "task",
        "focus",
        "screen",
        "pointer",
        "field",
        "input_value",
        *["key"] * 4,
        "pointer",
        "focus",
        "pointer",
        "screen",
    ]
    assert (rows[4]["x"], rows[4]["y"], rows[11]["dy"]) == (3, 4, 30)
    assert [fault.problem.reason for fault in faults] == [Reason.UNKNOWN_KIND, Reason.MISSING_FIELD] * times
    assert count == table.num_rows + 7 * times


def test_observations_are_read_by_their_source_with_their_elements(
    tmp_path: Path, read_all: Callable[..., tuple]
) -> None:
    box = {"x": 1, "y": 2, "width": 3, "height": 4}
    elements = [
        {"element_type": "Button", "bounding_box": box, "text": "Pay", "content_description": None},
        {"element_type": "Icon", "bounding_box": box, "text": None, "content_description": "Cart"},
    ]
    image = {"class_": "image_observation", "content": "1.png", "source": "environment", "annotations": elements}
    parts = [
        {"class_": "text_observation", "content": "I think", "source": "assistant"},
        {"class_": "json_observation", "content": {"price": "24.90"}, "source": "environment"},
        {"class_": "web_observation", "url": None, "axtree": None, "html": None, "image_observation": image},
        {"class_": "web_observation", "url": None, "axtree": None, "html": None, "image_observation": None},
        {"class_": "api_action", "function": "goto", "kwargs": {"url": '"https://a.example"'}},
        {"class_": "api_action", "function": "type", "kwargs": {"xpath": "//input", "value": '"New York"'}},
        {"class_": "api_action", "function": "type", "kwargs": {"value": '"New'}},
        {"class_": "api_action", "function": "press", "kwargs": {"key": "+"}},
    ]
    path = tmp_path / "adp.json"
    path.write_text(json.dumps([{"schema_version": "1.3.1", "id": "t", "content": parts}], indent=1))
    table, faults, count = read_all(path, "adp", user="u")
    rows = table.to_pylist()
    assert not faults
    assert [row["text"] for row in rows if row["kind"] == "screen"] == ['{"price": "24.90"}', "Pay\nCart"]
    nodes = [(node["role"], node["name"], node["bounds"]) for row in rows for node in row["nodes"] or ()]
    assert nodes == [("button", "Pay", box), ("icon", "Cart", box)]
    assert [row["url"] for row in rows if row["kind"] == "focus"] == ["https://a.example"]
    assert [row["value"] for row in rows if row["kind"] == "input_value"] == ["New York", 'New York"New']
    assert [row["key"] for row in rows if row["kind"] == "key"] == ["+", "+"]
    assert count == len(rows) + 3
