"""Steps as turns of a chat, for chat templates of vision and text models."""

import json
from collections.abc import Sequence
from typing import Any

from keyveil.training.action import Action, Size
from keyveil.training.describe import describe
from keyveil.training.screen import Screen
from keyveil.training.tool import tool_call

Turn = dict[str, Any]

_ASK = "What is the next action?"


def describe_window(screen: Screen | None, size: Size) -> str:
    """Describe the window in front, and the size in pixels of its picture, in which coordinates are.

    >>> describe_window(Screen(seq=0, app="mail", title="New message"), (1_280, 720))
    'Window: mail "New message", 1280 by 720 pixels'
    """
    if screen is None:
        return f"Window: not known, {size[0]} by {size[1]} pixels"
    words = [screen.app, f'"{screen.title}"' if screen.title else None, screen.url]
    return f"Window: {' '.join(word for word in words if word) or 'not known'}, {size[0]} by {size[1]} pixels"


def user_turn(task: str | None, past: Sequence[Action], window: str, observation: Any) -> Turn:
    """Write what the agent knows: the task, what was done, the window, and the screen as text or picture."""
    lines = [f"Task: {task}"] if task else []
    lines += ["Done so far:", *(f"{place}. {describe(action)}" for place, action in enumerate(past, 1))] if past else []
    content: list[dict[str, Any]] = [{"type": "text", "text": "\n".join([*lines, window, _ASK])}]
    if isinstance(observation, str):
        content.insert(0, {"type": "text", "text": observation})
    elif observation is not None:
        content.insert(0, {"type": "image", "image": observation})
    return {"role": "user", "content": content}


def assistant_turn(action: Action, size: Size) -> Turn | None:
    """Write an action as the answer: the tool call as JSON; null where it happened at no known place."""
    call = tool_call(action, size)
    if call is None:
        return None
    return {"role": "assistant", "content": [{"type": "text", "text": json.dumps(call, ensure_ascii=False)}]}
