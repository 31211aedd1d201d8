"""Vocabulary of the privacy account: units, mechanisms, charges."""

import math
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from schemas.errors import UsageError


class PrivacyUnit(StrEnum):
    """Unit whose contribution a guarantee hides."""

    USER = "user"
    """Everything of one user, in all recordings."""

    USER_DAY = "user-day"
    """Everything of one user on one UTC day."""

    EVENT = "event"
    """One input event. Says nothing of people: such a charge is recorded and never counted for a user."""


class Adjacency(StrEnum):
    """Relation of neighbouring inputs: the way in which one unit differs."""

    ADD_REMOVE = "add-remove"
    """One has the unit, the other lacks it."""

    REPLACE = "replace"
    """The unit is replaced by any other *or by nothing*, so that ``add-remove`` is a special case."""


@dataclass(frozen=True, slots=True)
class Gaussian:
    """``times`` releases by (discrete) Gaussians with sigma ``noise_multiplier`` times the unit's L2 sensitivity.

    Below a ``sample_rate`` of 1 each release sees a Poisson sample of the units (DP-SGD); such a step holds for
    ``add-remove`` only. Raises ``UsageError`` for what Opacus would accept or loop on for ever: values that are no
    number, not positive, or a sample rate above 1.
    """

    noise_multiplier: float
    times: int = 1
    sample_rate: float = 1.0

    def __post_init__(self) -> None:
        _check(_finite(self.noise_multiplier), "a noise multiplier is a finite number above 0")
        _check(_count(self.times), "a count of releases is a whole number above 0")
        _check(_finite(self.sample_rate) and self.sample_rate <= 1, "a sample rate is above 0 and at most 1")


@dataclass(frozen=True, slots=True)
class Pure:
    """``times`` releases, each ``epsilon``-differentially private for the unit (Laplace, geometric, selection)."""

    epsilon: float
    times: int = 1

    def __post_init__(self) -> None:
        _check(_finite(self.epsilon), "the epsilon of a step is a finite number above 0")
        _check(_count(self.times), "a count of releases is a whole number above 0")


Step = Gaussian | Pure


@dataclass(frozen=True, slots=True)
class DayWindow:
    """UTC days, both inclusive, outside which a ``user-day`` release used nothing."""

    first: date
    last: date

    def __post_init__(self) -> None:
        _check(self.first <= self.last, "a window of days ends on or after its first day")

    @property
    def days(self) -> int:
        """Return the number of days: a user has at most as many user-days in the window."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True)
class Charge:
    """Cost of one released quantity for one unit.

    The mechanism is, but for a chance of ``delta``, the composition of ``steps`` (thresholds, truncated tables: what
    is not covered by the steps). ``window`` is required for ``user-day``. ``expected_error`` is a phrase for people,
    known before the run, such as ``mean absolute error 3.1 users a cell``.
    """

    label: str
    columns: tuple[str, ...]
    mechanism: str
    unit: PrivacyUnit
    adjacency: Adjacency
    steps: tuple[Step, ...]
    delta: float = 0.0
    window: DayWindow | None = None
    expected_error: str = ""

    def __post_init__(self) -> None:
        _check(bool(self.label), "a charge has a label")
        _check(0 <= self.delta < 1, "the delta of a charge is a number from 0 to below 1")
        _check((self.unit == PrivacyUnit.USER_DAY) == (self.window is not None), "user-day charges name their days")
        sampled = any(isinstance(step, Gaussian) and step.sample_rate < 1 for step in self.steps)
        _check(not sampled or self.adjacency == Adjacency.ADD_REMOVE, "sampled steps hold for add-remove only")


def _finite(value: float) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < math.inf


def _count(value: int) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _check(holds: bool, rule: str) -> None:
    """Raise ``UsageError`` with ``rule`` unless it holds; a comparison with what is not a number never holds."""
    if not holds:
        raise UsageError(f"the privacy account refuses its input: {rule}")


class Profile(StrEnum):
    """Purpose of a release, which decides its content."""

    RESTRICTED = "restricted"
    """Whole sessions under a keyed user pseudonym, for training inside a restricted environment; and the tables."""

    EVENTS = "events"
    """Short chunks of sessions without session or user; and the tables."""

    AGGREGATES = "aggregates"
    """Tables only."""


class Pointer(StrEnum):
    """Form of the pointer rows of a release."""

    TARGETS = "targets"
    """One row an action, its position drawn in the box of what it was done on; nothing of the motion."""

    NOISE = "noise"
    """One row an event, positions and scrolls under event-level noise that hides them on the whole screen."""

    RADIUS = "radius"
    """As ``noise``, hidden within a radius alone."""


class RunKey(StrEnum):
    """Source of the secret behind the draws."""

    EPHEMERAL = "ephemeral"
    """Minted per release and destroyed when the release is sealed."""

    DERIVED = "derived"
    """From the key set and the release: draws can be repeated for ever, for tests and audits."""


POSITIONS, SCROLLS = "pointer positions", "scrolls"
"""Labels of charges of which one event pays for one alone."""
POPULATION_MODEL = "population model"
"""Label of the charge for learning how people type."""
