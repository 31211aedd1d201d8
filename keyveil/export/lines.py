"""Sessions as lines of other projects' data sets: OpenCUA (AgentNet) and the Agent Data Protocol 1.2.0.

Each function yields one value for JSON a session; a session without a step gives none. Where steps show pictures, a
line names them as ``write_webdataset`` does.
"""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import Any

from keyveil.export.rows import name_step
from keyveil.training.adp import adp_actions, adp_text, adp_trajectory
from keyveil.training.pyautogui import pyautogui_code
from keyveil.training.screen import outline_by, write_shares
from keyveil.training.step import Step
from keyveil.training.step_sequence import Steps


def opencua(steps: Steps) -> Iterator[dict[str, Any]]:
    """Yield sessions as OpenCUA's tasks: an instruction, and PyAutoGUI code for each step."""
    pictures = steps.plan.observation == "image"
    for name, session in _sessions(steps):
        trajectory = [
            {
                "index": index,
                "image": f"{name_step(step)}.png" if pictures and step.observation is not None else None,
                "value": {"code": pyautogui_code(step.action)},
            }
            for index, step in enumerate(session)
        ]
        yield {"task_id": name, "instruction": _instruction(session), "traj": trajectory}


def adp(steps: Steps) -> Iterator[dict[str, Any]]:
    """Yield sessions as trajectories: the instruction, each screen where it changes, and the calls."""
    dataset = steps.release.manifest.dataset
    for name, session in _sessions(steps):
        instruction = _instruction(session)
        content = [adp_text(instruction, "user")] if instruction else []
        shown = None
        for step in session:
            screen = shown if step.screen is None else outline_by(step.screen, write_shares)
            if screen is not None and screen != shown:
                content.append(adp_text(screen, "environment"))
                shown = screen
            content += adp_actions(step.action) or []
        yield adp_trajectory(name, content, dataset)


def _sessions(steps: Steps) -> Iterator[tuple[str, list[Step]]]:
    for name, session in groupby(steps, attrgetter("session")):
        yield name, list(session)


def _instruction(session: list[Step]) -> str:
    """Return the first task of a session that its steps name, else nothing."""
    return next((step.task for step in session if step.task), "")
