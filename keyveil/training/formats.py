"""The formats in which steps give their actions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, get_args

from keyveil.training.action import Action, Size
from keyveil.training.adp import adp_actions, adp_text
from keyveil.training.messages import assistant_turn, user_turn
from keyveil.training.pyautogui import pyautogui_code
from keyveil.training.tool import tool_call

FormatName = Literal["tool", "opencua", "adp", "messages"]
FORMATS: tuple[FormatName, ...] = get_args(FormatName)


@dataclass(frozen=True, slots=True)
class Situation:
    """State before an action; ``observation`` is text, a picture or nothing."""

    task: str | None
    past: Sequence[Action]
    observation: Any
    size: Size


class Format(Protocol):
    """A way to write actions."""

    def action(self, action: Action, size: Size) -> Any | None:
        """Write the next action; null where it happened at no known place."""

    def history(self, situation: Situation) -> tuple[Any, ...]:
        """Write what came before the action."""


class _Tool:
    def action(self, action: Action, size: Size) -> Any | None:
        return tool_call(action, size)

    def history(self, situation: Situation) -> tuple[Any, ...]:
        calls = (self.action(action, situation.size) for action in situation.past)
        return tuple(call for call in calls if call is not None)


class _OpenCua(_Tool):
    def action(self, action: Action, size: Size) -> Any | None:  # noqa: ARG002 - shares need no size
        return pyautogui_code(action)


class _Adp:
    def action(self, action: Action, size: Size) -> Any | None:  # noqa: ARG002 - shares need no size
        return adp_actions(action)

    def history(self, situation: Situation) -> tuple[Any, ...]:
        content = [adp_text(situation.task, "user")] if situation.task else []
        for action in situation.past:
            content += adp_actions(action) or []
        if isinstance(situation.observation, str):
            content.append(adp_text(situation.observation, "environment"))
        return tuple(content)


class _Messages:
    def action(self, action: Action, size: Size) -> Any | None:
        return assistant_turn(action, size)

    def history(self, situation: Situation) -> tuple[Any, ...]:
        return (user_turn(situation.task, situation.past, situation.observation),)


_FORMATS: dict[str, Format] = {"tool": _Tool(), "opencua": _OpenCua(), "adp": _Adp(), "messages": _Messages()}


def find_format(name: FormatName) -> Format:
    """Find a format by its name."""
    return _FORMATS[name]
