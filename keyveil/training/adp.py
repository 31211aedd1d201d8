"""Actions and sessions in the Agent Data Protocol, schema version 1.2.0 (arXiv 2510.24702).

A trajectory is one line: the task as the user's text, then a screen as text of the environment wherever it changed, and
each action as a call of a PyAutoGUI function.
"""

import ast
from typing import Any

from keyveil.training.action import Action
from keyveil.training.describe import describe
from keyveil.training.pyautogui import pyautogui_code

SCHEMA_VERSION = "1.2.0"


def adp_actions(action: Action) -> list[dict[str, Any]] | None:
    """Write an action as calls, one for each PyAutoGUI statement; null where it happened at no known place."""
    code = pyautogui_code(action)
    if code is None:
        return None
    calls = [_call(line) for line in code.split("\n")]
    calls[0]["description"] = describe(action)
    return calls


def adp_text(content: str, source: str) -> dict[str, Any]:
    """Write a text that the agent sees; ``source`` is ``user`` or ``environment``."""
    return {"class_": "text_observation", "content": content, "source": source}


def adp_trajectory(name: str, content: list[dict[str, Any]], dataset: str) -> dict[str, Any]:
    """Write a session; ``content`` are texts and actions in order."""
    return {"schema_version": SCHEMA_VERSION, "id": name, "content": content, "details": {"dataset": dataset}}


def _call(statement: str) -> dict[str, Any]:
    """Read a statement of ``pyautogui_code`` as a function and its arguments by name."""
    call = ast.parse(statement, mode="eval").body
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
        raise TypeError("a statement of PyAutoGUI is a call")
    arguments = {word.arg: ast.literal_eval(word.value) for word in call.keywords if word.arg}
    if call.args:
        arguments["clicks"] = ast.literal_eval(call.args[0])
    return {"class_": "api_action", "function": call.func.attr, "kwargs": arguments, "description": None}
