"""The formats in which steps give their actions."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol, get_args

from keyveil.training.action import Action, Point, Size
from keyveil.training.adp import adp_actions, adp_text
from keyveil.training.messages import assistant_turn, describe_window, user_turn
from keyveil.training.pyautogui import pyautogui_code
from keyveil.training.screen import Screen, write_pixels, write_shares
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
    screen: Screen | None = None


class Format(Protocol):
    """A way to write actions."""

    def action(self, action: Action, size: Size) -> Any | None:
        """Write the next action; null where it happened at no known place."""

    def history(self, situation: Situation) -> tuple[Any, ...]:
        """Write what came before the action."""

    def corner(self, place: Point, size: Size) -> str:
        """Write a corner of a box in the unit of the format's positions."""


class _Tool:
    def action(self, action: Action, size: Size) -> Any | None:
        return tool_call(action, size)

    def history(self, situation: Situation) -> tuple[Any, ...]:
        calls = (self.action(action, situation.size) for action in situation.past)
        return tuple(call for call in calls if call is not None)

    def corner(self, place: Point, size: Size) -> str:
        return write_pixels(place, size)


class _Shares:
    def corner(self, place: Point, size: Size) -> str:  # noqa: ARG002 - shares need no size
        return write_shares(place)


class _OpenCua(_Shares, _Tool):
    def action(self, action: Action, size: Size) -> Any | None:  # noqa: ARG002 - shares need no size
        return pyautogui_code(action)


class _Adp(_Shares):
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
        window = describe_window(situation.screen, situation.size)
        return (user_turn(situation.task, situation.past, window, situation.observation),)

    def corner(self, place: Point, size: Size) -> str:
        return write_pixels(place, size)


_FORMATS: dict[str, Format] = {"tool": _Tool(), "opencua": _OpenCua(), "adp": _Adp(), "messages": _Messages()}


def find_format(name: FormatName) -> Format:
    """Find a format by its name."""
    return _FORMATS[name]
