"""Budgets, bounds and grids of the noise stage, with the defaults that are shipped as policy."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from schemas.errors import UsageError
from schemas.privacy import DayWindow, PrivacyUnit
from transforms.noise.policy_file import POLICY


class Timing(StrEnum):
    """What stands in ``t_ms``."""

    SYNTHESIZE = "synthesize"
    """Times drawn from a model; nothing of the recorded times."""

    NOISE = "noise"
    """Recorded intervals under event-level differential privacy."""

    DROP = "drop"
    """Null."""


class Profile(StrEnum):
    """What a release is for, and hence what is in it."""

    RESTRICTED = "restricted"
    """Whole sessions under a keyed user pseudonym, for training inside a restricted environment; and the tables."""

    EVENTS = "events"
    """Short chunks of sessions without session or user; and the tables."""

    AGGREGATES = "aggregates"
    """Tables only."""


PROFILE = Profile(POLICY["noise"]["profile"])
CHUNK_EVENTS: int = POLICY["noise"]["chunk_events"]
DAY_KEY_EVENTS: int = POLICY["noise"]["day_key_events"]
"""Of the profile ``events``: rows that share an id, and key events of one user on one day."""


class RunKey(StrEnum):
    """Where the secret behind the draws comes from."""

    EPHEMERAL = "ephemeral"
    """Minted per release and destroyed when the release is sealed."""

    DERIVED = "derived"
    """From the key set and the release: draws can be repeated for ever, for tests and audits."""


EVENT_EPSILON = 8.0
"""For one input event, replaced. Chosen, not derived: it hides what one event was (which digraph was typed) and does
not hide a person over many events (``docs/privacy-accounting.md``)."""

EVENT_DELTA = 1e-10
"""A tenth of one over the events of a very large release, 10**9."""

RELEASE_EPSILON = 1.0
RELEASE_DELTA = 1e-7
"""What one release may spend for one user: population statistics at this epsilon are a few ms off for some thousand
users. Delta is a tenth of one over a million users."""

LIFETIME_EPSILON = 8.0
LIFETIME_DELTA = 1e-6
"""What all releases of one key set may spend together for one user: some fifty at the defaults of one release."""

LEARN, PRIOR = "learn", "prior"
"""Words of ``noise.model``; anything else is the path of a model that an earlier release learned."""

MODEL_EPSILON = 0.5
MODEL_DELTA = 3e-8
"""What learning the population model spends of a release's budget for one privacy unit."""

MIN_UNITS = 1000
"""Below about this many contributing units a quantity keeps the published prior: at the defaults the rank of a released
quantile is then off by a tenth (standard error, ``population.rank_error``), and in proportion to one over the units."""

DWELL_CLIP_MS = 500
FLIGHT_CLIP_MS = 1000
"""Constants of the policy, never quantiles of the data: most key presses and intervals within a burst are shorter."""

POINTER_GRID_PX = 4
SCREEN_WIDTH_PX = 3840
SCREEN_HEIGHT_PX = 2160
"""Positions are clamped to this rectangle, whatever screens were recorded."""

_EPSILONS = (0.01, 32.0)
_DELTAS = (1e-16, 1e-3)
_CLIPS_MS = (1, 10_000)
_GRIDS_PX = (1, 256)
_SIDES_PX = (64, 16_384)
_RADII_PX = (8, 16_384)
_UNITS = (1, 10**9)
_CHUNKS = (1, 1_000)
_KEY_EVENTS = (1, 1_000_000)
_COUNTED_UNITS = (PrivacyUnit.USER, PrivacyUnit.USER_DAY)


@dataclass(frozen=True, slots=True)
class NoiseSettings:
    """Settings of the noise stage; anything but the defaults must be set by hand and shows in the manifest.

    ``pointer_radius_px`` narrows what is hidden of a position: not where on the screen it was, but where within that
    distance. ``first_day`` and ``last_day`` are the UTC days, inclusive, that a release by user-days may use; such a
    release must name them.

    Raises ``UsageError``, naming the setting, where a value is out of range.
    """

    profile: Profile = PROFILE
    chunk_events: int = CHUNK_EVENTS
    day_key_events: int = DAY_KEY_EVENTS
    timing: Timing = Timing.SYNTHESIZE
    timing_epsilon: float = EVENT_EPSILON
    timing_delta: float = EVENT_DELTA
    dwell_clip_ms: int = DWELL_CLIP_MS
    flight_clip_ms: int = FLIGHT_CLIP_MS
    pointer_epsilon: float = EVENT_EPSILON
    pointer_delta: float = EVENT_DELTA
    pointer_grid_px: int = POINTER_GRID_PX
    pointer_radius_px: int | None = None
    screen_width_px: int = SCREEN_WIDTH_PX
    screen_height_px: int = SCREEN_HEIGHT_PX
    run_key: RunKey = RunKey.EPHEMERAL
    privacy_unit: PrivacyUnit = PrivacyUnit.USER
    epsilon: float = RELEASE_EPSILON
    delta: float = RELEASE_DELTA
    lifetime_epsilon: float = LIFETIME_EPSILON
    lifetime_delta: float = LIFETIME_DELTA
    model: str = LEARN
    model_epsilon: float = MODEL_EPSILON
    model_delta: float = MODEL_DELTA
    min_units: int = MIN_UNITS
    first_day: date | None = None
    last_day: date | None = None

    def __post_init__(self) -> None:
        _among("profile", self.profile, tuple(Profile))
        _whole_within("chunk_events", self.chunk_events, _CHUNKS)
        _whole_within("day_key_events", self.day_key_events, _KEY_EVENTS)
        _among("timing", self.timing, tuple(Timing))
        _among("run_key", self.run_key, tuple(RunKey))
        _among("privacy_unit", self.privacy_unit, _COUNTED_UNITS)
        for name in ("timing_epsilon", "pointer_epsilon", "epsilon", "lifetime_epsilon", "model_epsilon"):
            _within(name, getattr(self, name), _EPSILONS)
        for name in ("timing_delta", "pointer_delta", "delta", "lifetime_delta", "model_delta"):
            _within(name, getattr(self, name), _DELTAS)
        _whole_within("min_units", self.min_units, _UNITS)
        if (self.privacy_unit == PrivacyUnit.USER_DAY) != (self.window is not None):
            raise UsageError(
                "noise.first_day and noise.last_day go with noise.privacy_unit=user-day, and both together"
            )
        if not isinstance(self.model, str) or not self.model:
            raise UsageError("noise.model must be learn, prior, or the path of a model")
        for name in ("dwell_clip_ms", "flight_clip_ms"):
            _whole_within(name, getattr(self, name), _CLIPS_MS)
        _whole_within("pointer_grid_px", self.pointer_grid_px, _GRIDS_PX)
        if self.pointer_radius_px is not None:
            _whole_within("pointer_radius_px", self.pointer_radius_px, _RADII_PX)
        for name in ("screen_width_px", "screen_height_px"):
            _whole_within(name, getattr(self, name), _SIDES_PX)
        if self.pointer_grid_px >= min(self.screen_width_px, self.screen_height_px):
            raise UsageError("noise.pointer_grid_px must be smaller than the screen; lower it")

    @property
    def window(self) -> DayWindow | None:
        """Return the days that a release by user-days may use, ``None`` where the unit is a user."""
        if self.first_day is None or self.last_day is None:
            return None
        return DayWindow(self.first_day, self.last_day)

    @property
    def learns(self) -> bool:
        """Return whether the release learns a population model of its own; tables need none."""
        return self.timing == Timing.SYNTHESIZE and self.model == LEARN and self.profile != Profile.AGGREGATES

    @property
    def reuses(self) -> bool:
        """Return whether ``model`` is the path of one that an earlier release learned."""
        return self.timing == Timing.SYNTHESIZE and self.model not in (LEARN, PRIOR)


def _among(name: str, value: str, words: tuple[str, ...]) -> None:
    if value not in words:
        raise UsageError(f"noise.{name} must be one of {', '.join(words)}")


def _within(name: str, value: float, bounds: tuple[float, float]) -> None:
    low, high = bounds
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise UsageError(f"noise.{name} must be a number from {low:g} to {high:g}")


def _whole_within(name: str, value: int, bounds: tuple[int, int]) -> None:
    low, high = bounds
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise UsageError(f"noise.{name} must be a whole number from {low} to {high}")
