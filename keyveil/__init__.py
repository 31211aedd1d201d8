"""Read signed releases as datasets, as whole sessions and as steps, on pyarrow and cryptography alone.

In: the address of a dataset and a reader's keys. Out: episodes, Arrow datasets, actions, steps.
Start reading in ``api``. Modules that need an extra, or that few need, load when they are first asked for.
"""

import importlib
from types import ModuleType
from typing import TYPE_CHECKING

from keyveil.api import describe, episodes, open_dataset, open_release
from keyveil.episodes import Episodes
from keyveil.records import Box, Episode, Event, Node, Redaction
from keyveil.release import Release, WithheldColumnsWarning
from keyveil.several_releases import EpisodesOfReleases, ReleaseFacts
from keyveil.training.action import Action
from keyveil.training.places import Places, learn_places
from keyveil.training.screen import Screen, outline
from keyveil.training.step import Step
from keyveil.training.step_sequence import Steps, steps
from keyveil.training.tool import TOOL, match_call
from keyveil.wireframe import render
from schemas.errors import FailedError, KeyveilError, RefusedError, UsageError

if TYPE_CHECKING:
    from keyveil import actions, export, huggingface, motion, tensors, torch

__all__ = [
    "TOOL",
    "Action",
    "Box",
    "Episode",
    "Episodes",
    "EpisodesOfReleases",
    "Event",
    "FailedError",
    "KeyveilError",
    "Node",
    "Places",
    "Redaction",
    "RefusedError",
    "Release",
    "ReleaseFacts",
    "Screen",
    "Step",
    "Steps",
    "UsageError",
    "WithheldColumnsWarning",
    "actions",
    "describe",
    "episodes",
    "export",
    "huggingface",
    "learn_places",
    "match_call",
    "motion",
    "open_dataset",
    "open_release",
    "outline",
    "render",
    "steps",
    "tensors",
    "torch",
]

# Module to the extra that installs what it imports; none: the base install is enough.
_ON_DEMAND = {
    "actions": None,
    "export": None,
    "huggingface": "huggingface",
    "motion": None,
    "tensors": "torch",
    "torch": "torch",
}


def __getattr__(name: str) -> ModuleType:
    """Load a module at its first use, so that ``keyveil.torch`` works after ``import keyveil`` alone (PEP 562)."""
    if name not in _ON_DEMAND:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    try:
        return importlib.import_module(f"{__name__}.{name}")
    except ModuleNotFoundError as error:
        if (extra := _ON_DEMAND[name]) is None or (error.name or "").startswith(__name__):
            raise
        raise ImportError(f"keyveil.{name} needs an extra: pip install 'keyveil[{extra}]'") from error


def __dir__() -> list[str]:
    """List the names that people use, loaded or not."""
    return sorted(__all__)
