"""One step of an agent, and the choice of which steps are read and in which form."""

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from keyveil.training.action import Action, Size
from keyveil.training.formats import FORMATS, FormatName, Situation, find_format
from keyveil.training.places import Places
from keyveil.training.screen import DEFAULT_SIZE, Screen, outline, outline_by
from keyveil.training.session_steps import NO_TASK, SessionSteps
from keyveil.training.split import SPLITS, Split
from keyveil.wireframe import SIDES, render
from schemas.errors import UsageError

Observation = Literal["nodes", "text", "image"]
OBSERVATIONS: tuple[Observation, ...] = get_args(Observation)
PlacesName = Literal["learned", "released"]
PLACES: tuple[PlacesName, ...] = get_args(PlacesName)


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One decision: what was on the screen, what had been done, and what was done next.

    ``task`` is what the person was asked to do, ``goal`` the part of it at hand, ``outcome`` how it ended.
    ``next_action`` and ``history`` are in the format that was asked for, ``action`` is typed. ``observation`` is the
    screen's nodes, its text or its picture, null where no screen came before; a screen without nodes has no picture.
    ``fresh`` is false where another window came to the front since, so that the action may not fit the screen.
    ``number`` counts the session's steps from 0.
    """

    session: str
    user: str | None
    number: int
    task: str | None = field(repr=False)
    goal: str | None = field(repr=False)
    outcome: str | None = field(repr=False)
    screen: Screen | None
    fresh: bool
    observation: Any = field(repr=False)
    history: tuple[Any, ...] = field(repr=False)
    next_action: Any = field(repr=False)
    action: Action = field(repr=False)


@dataclass(frozen=True, slots=True)
class StepPlan:
    """Choice of the steps to read and of their form; ``actions`` is the most that a history holds.

    ``places`` says where nodes stand that the release laid out again: as ``released``, as ``learned`` from its other
    screens, or as places that were learned elsewhere have them.
    """

    observation: Observation = "nodes"
    format: FormatName = "tool"
    split: Split | None = None
    seed: int = 0
    actions: int = 8
    size: Size | None = None
    font: str | None = None
    places: Places | PlacesName = field(default="learned", repr=False)

    def __post_init__(self) -> None:
        """Raise ``UsageError`` where a word is unknown or a number out of range."""
        if self.observation not in OBSERVATIONS:
            raise UsageError(f"observation must be one of {', '.join(OBSERVATIONS)}; pass one of these")
        if self.format not in FORMATS:
            raise UsageError(f"format must be one of {', '.join(FORMATS)}; pass one of these")
        if self.split is not None and self.split not in SPLITS:
            raise UsageError(f"split must be one of {', '.join(SPLITS)}; pass one of these, or None for all sessions")
        if not isinstance(self.places, Places) and self.places not in PLACES:
            raise UsageError(f"places must be one of {', '.join(PLACES)}, or what keyveil.learn_places returned")
        if self.actions < 0:
            raise UsageError("history must be 0 or more actions; pass 0 for none")
        if self.size is not None and not all(side in SIDES for side in self.size):
            raise UsageError(
                f"size must be a width and a height of {SIDES.start} to {SIDES.stop - 1} pixels; pass two such numbers"
            )


def list_steps(session: SessionSteps, plan: StepPlan) -> list[int]:
    """List the places, among the moments of a session, of the actions that the plan's format can write."""
    written = find_format(plan.format)
    return [
        place for place, moment in enumerate(session.moments) if written.action(moment.action, DEFAULT_SIZE) is not None
    ]


def build_step(session: SessionSteps, place: int, plan: StepPlan, seed: int) -> dict[str, Any]:
    """Build the fields of the step at ``place`` among the moments of a session that follow from the session alone.

    ``seed`` chooses the theme of a picture.
    """
    written = find_format(plan.format)
    moment = session.moments[place]
    screen = None if moment.screen is None else session.screen(moment.screen)
    size = plan.size or (DEFAULT_SIZE if screen is None else screen.size)
    observation = None if screen is None else _observe(screen, plan, size, seed)
    task = NO_TASK if moment.task is None else session.task(moment.task)
    begin = max(0, place - plan.actions)
    past = tuple(session.place(earlier.action) for earlier in session.moments[begin:place])
    action = session.place(moment.action)
    shown = observation
    if plan.observation == "nodes" and screen is not None:
        shown = outline_by(screen, lambda place: written.corner(place, size))
    return {
        "task": task.instruction,
        "goal": task.goal,
        "outcome": task.outcome,
        "screen": screen,
        "fresh": moment.fresh,
        "observation": observation,
        "history": written.history(Situation(task.instruction, past, shown, size, screen)),
        "next_action": written.action(action, size),
        "action": action,
    }


def _observe(screen: Screen, plan: StepPlan, size: Size, seed: int) -> Any:
    if plan.observation == "nodes":
        return screen.nodes
    if plan.observation == "text":
        return screen.text or outline(screen)
    return None if not screen.nodes else render(screen, size=size, seed=seed, font=plan.font)
