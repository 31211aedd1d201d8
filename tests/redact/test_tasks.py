"""A task is one row with its instruction, redacted."""

from collections.abc import Callable

from schemas.entities import EntityType
from transforms.redact.results import Redacted


def test_an_instruction_is_released_without_what_was_found_in_it(redact: Callable[..., Redacted]) -> None:
    task = {
        "kind": "task",
        "instruction": "Write to Ada Marwick",
        "outcome": "Ada Marwick wrote",
        "goal": "Ada Marwick",
    }
    result = redact([{"kind": "focus", "app": "mail", "title": "t"}, task], {"Ada Marwick": EntityType.PERSON})
    row = result.sessions.table.to_pylist()[1]
    assert row["kind"] == "task"
    assert row["text"].startswith("Write to ")
    assert [span["entity"] for span in row["redactions"]] == ["PERSON"]
    assert "Marwick" not in str(result.sessions.table.to_pylist())
    assert dict(result.tally)["outcome.kept"] == 2
