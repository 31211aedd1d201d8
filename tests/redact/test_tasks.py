"""A task is one row with its instruction, goal and outcome, redacted."""

from collections.abc import Callable

from schemas.entities import EntityType
from transforms.redact.results import RedactionResult


def test_a_task_is_released_without_what_was_found_in_it(redact: Callable[..., RedactionResult]) -> None:
    task = {
        "kind": "task",
        "instruction": "Write to Ada Marwick",
        "outcome": "Ada Marwick wrote",
        "goal": "Mail to Ada Marwick is sent",
    }
    result = redact([{"kind": "focus", "app": "mail", "title": "t"}, task], {"Ada Marwick": EntityType.PERSON})
    row = result.sessions.table.to_pylist()[1]
    assert row["kind"] == "task"
    assert row["text"].startswith("Write to ")
    assert row["title"].startswith("Mail to ")
    assert row["title"].endswith(" is sent")
    assert row["name"].endswith(" wrote")
    assert row["text"].removeprefix("Write to ") == row["name"].removesuffix(" wrote")
    assert {(span["column"], span["entity"]) for span in row["redactions"]} == {
        ("text", "PERSON"),
        ("title", "PERSON"),
        ("name", "PERSON"),
    }
    assert "Marwick" not in str(result.sessions.table.to_pylist())
    assert dict(result.tally)["outcome.kept"] == 2
