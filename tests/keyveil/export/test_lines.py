import ast
import json
from typing import Any

import keyveil
from keyveil import export
from tests.keyveil.conftest import Published

SOURCES = {"user", "agent", "environment"}
TEXT = {"class_", "content", "source"}
CALL = {"class_", "function", "kwargs", "description"}


def check_trajectory(line: Any) -> None:
    """Check a line by the rules that schema version 1.2.0 of the protocol states: no other field, no other class."""
    assert set(line) <= {"schema_version", "id", "content", "available_apis", "details"}
    assert line["schema_version"] == "1.2.0"
    assert isinstance(line["id"], str)
    assert isinstance(line["details"], dict)
    for item in line["content"]:
        if item["class_"] == "text_observation":
            assert set(item) == TEXT
            assert isinstance(item["content"], str)
            assert item["source"] in SOURCES
        else:
            assert item["class_"] == "api_action"
            assert set(item) == CALL
            assert isinstance(item["function"], str)
            assert all(isinstance(name, str) for name in item["kwargs"])
            assert item["description"] is None or isinstance(item["description"], str)


def check_task(line: Any) -> None:
    """Check a line by the fields of AgentNet's task files."""
    assert set(line) == {"task_id", "instruction", "traj"}
    assert isinstance(line["task_id"], str)
    assert isinstance(line["instruction"], str)
    for index, step in enumerate(line["traj"]):
        assert set(step) == {"index", "image", "value"}
        assert step["index"] == index
        assert step["image"] is None or step["image"].endswith(".png")
        assert set(step["value"]) == {"code"}
        for statement in ast.parse(step["value"]["code"]).body:
            assert isinstance(statement, ast.Expr)
            assert isinstance(statement.value, ast.Call)
            assert ast.unparse(statement.value.func).startswith(("pyautogui.", "computer."))


def test_a_session_is_one_trajectory_of_the_agent_data_protocol(mails: Published) -> None:
    lines = [json.loads(json.dumps(line)) for line in export.adp(keyveil.steps(str(mails.home), keys=mails.reader))]
    assert [line["id"] for line in lines] == mails.sessions
    for line in lines:
        check_trajectory(line)
        told = [item.get("function") or item["source"] for item in line["content"]]
        assert told == [
            *("user", "environment", "write", "moveTo", "scroll"),
            *("moveTo", "dragTo", "hotkey", "keyDown", "click", "keyUp"),
        ]
        assert line["content"][2]["kwargs"] == {"message": "Hi!"}
        assert line["content"][4]["kwargs"] == {"clicks": -3}
        assert line["content"][9]["kwargs"] == {"x": 0.85, "y": 0.92}


def test_a_session_is_one_task_of_opencua(mails: Published) -> None:
    for observation, named in (("text", False), ("image", True)):
        found = keyveil.steps(str(mails.home), keys=mails.reader, observation=observation)  # type: ignore[arg-type]
        lines = [json.loads(json.dumps(line)) for line in export.opencua(found)]
        assert [line["task_id"] for line in lines] == mails.sessions
        for line in lines:
            check_task(line)
            assert line["instruction"] == "Tell Plevosti Quillonsedge that the room has changed"
            assert [step["image"] is not None for step in line["traj"]] == [named] * 5
        assert lines[0]["traj"][2]["value"]["code"] == (
            "pyautogui.moveTo(x=0.85, y=0.92)\npyautogui.dragTo(x=0.03, y=0.13, button='left')"
        )


def test_sessions_without_a_step_give_no_line(release: Published) -> None:
    found = keyveil.steps(str(release.home), keys=release.reader)
    assert [line["id"] for line in export.adp(found)] == list(dict.fromkeys(step.session for step in found))
