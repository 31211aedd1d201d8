"""Budgets, bounds and grids of the noise stage; the defaults are those of the policy file."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

from schemas.errors import UsageError
from schemas.privacy import DayWindow, Pointer, PrivacyUnit, Profile, RunKey
from schemas.ranges import check_number, check_whole
from transforms.privacy.default_policy import POLICY


class Timing(StrEnum):
    """Origin of the released times ``t_ms``."""

    SYNTHESIZE = "synthesize"
    """Times drawn from a model; nothing of the recorded times."""

    NOISE = "noise"
    """Recorded intervals under event-level differential privacy."""

    DROP = "drop"
    """Null."""


_POLICY: Mapping[str, Any] = POLICY["noise"]


EVENT_DELTA: float = _POLICY["pointer_delta"]
"""Delta of guarantees for one event."""


LEARN, PRIOR = "learn", "prior"
"""Words of ``noise.model``; anything else is the path of a model that an earlier release learned."""


"""Below about this many contributing units a quantity keeps the published prior."""


_PROFILE, _TIMING, _POINTER = Profile(_POLICY["profile"]), Timing(_POLICY["timing"]), Pointer(_POLICY["pointer"])


_RUN_KEY, _PRIVACY_UNIT = RunKey(_POLICY["run_key"]), PrivacyUnit(_POLICY["privacy_unit"])


_EPSILONS = (0.01, 32.0)


_EVENT_EPSILONS = (0.01, 1000.0)
"""Of all releases together: what the account can tell from nothing at all."""


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
    """Settings of the noise stage; other values than the defaults are listed in the signed manifest.

    Raises ``UsageError``, naming the setting, if a value is out of range.
    """

    profile: Profile = _PROFILE
    """Content of a release: whole sessions (``restricted``), short chunks without session or user (``events``), tables
    only (``aggregates``)."""

    chunk_events: int = _POLICY["chunk_events"]
    """Rows of a chunk in the profile ``events``, 1 to 1,000. Longer chunks teach more and are easier to link to a
    person."""

    day_key_events: int = _POLICY["day_key_events"]
    """Most key events of one user and day in the profile ``events``, 1 to 1,000,000; others are not released."""

    timing: Timing = _TIMING
    """Released times: drawn from the population model (``synthesize``), recorded with noise for each event (``noise``),
    or null (``drop``)."""

    timing_epsilon: float = _POLICY["timing_epsilon"]
    """Epsilon of recorded times for one event, 0.01 to 32. Smaller adds more noise. For ``timing=noise`` only."""

    timing_delta: float = _POLICY["timing_delta"]
    """Delta of recorded times for one event, 1e-16 to 1e-3."""

    dwell_clip_ms: int = _POLICY["dwell_clip_ms"]
    """Longest dwell in ms before noise, 1 to 10,000. Noise grows in proportion."""

    flight_clip_ms: int = _POLICY["flight_clip_ms"]
    """Longest interval in ms before noise, 1 to 10,000. Noise grows in proportion."""

    pointer: Pointer = _POINTER
    """Pointer rows: one an action, its position drawn in the box of its target (``targets``), or one an event with
    noise on its position (``noise``, or ``radius`` with ``pointer_radius_px``). Noise as wide as the screen leaves no
    position to learn from."""

    pointer_epsilon: float = _POLICY["pointer_epsilon"]
    """Epsilon of the pointer for one event, 0.01 to 32. Smaller adds more noise to positions and scrolls. Not for
    ``pointer=targets``, which has no noise."""

    pointer_delta: float = _POLICY["pointer_delta"]
    """Delta of the pointer for one event, 1e-16 to 1e-3."""

    pointer_grid_px: int = _POLICY["pointer_grid_px"]
    """Grid of released positions in pixels, 1 to 256 and smaller than the screen."""

    pointer_radius_px: int | None = _POLICY["pointer_radius_px"]
    """Distance in pixels within which a position is hidden, 8 to 16,384; none hides it on the whole screen. A radius
    needs less noise and hides less."""

    screen_width_px: int = _POLICY["screen_width_px"]
    """Width in pixels to which positions are clamped, 64 to 16,384. Noise grows in proportion."""

    screen_height_px: int = _POLICY["screen_height_px"]
    """Height in pixels to which positions are clamped, 64 to 16,384. Noise grows in proportion."""

    run_key: RunKey = _RUN_KEY
    """Secret of the draws: destroyed when the release is sealed (``ephemeral``), or derived from the key set
    (``derived``, tests and audits only: whoever holds the key set can remove the noise)."""

    privacy_unit: PrivacyUnit = _PRIVACY_UNIT
    """Unit of the population model and the tables: ``user``, or ``user-day`` with both days set. A user-day gives
    more units to learn from and protects a person less."""

    epsilon: float = _POLICY["epsilon"]
    """Epsilon that one release may spend for one user, 0.01 to 32: model, named values and tables together."""

    delta: float = _POLICY["delta"]
    """Delta that one release may spend for one user, 1e-16 to 1e-3."""

    lifetime_epsilon: float = _POLICY["lifetime_epsilon"]
    """Epsilon that all charges of a key set (releases, trainings, tables of opt-outs) may spend for one user, 0.01 to
    32. A larger one allows more releases and protects less."""

    lifetime_delta: float = _POLICY["lifetime_delta"]
    """Delta that all charges of a key set may spend for one user, 1e-16 to 1e-3."""

    lifetime_event_epsilon: float = _POLICY["lifetime_event_epsilon"]
    """Epsilon that all releases with the same event may spend on it, 0.01 to 1,000."""

    lifetime_event_delta: float = _POLICY["lifetime_event_delta"]
    """Delta that all releases with the same event may spend on it, 1e-16 to 1e-3."""

    model: str = _POLICY["model"]
    """Population model: ``learn`` a new one, the published ``prior`` (costs no budget, fits less), or the path of one
    that an earlier release learned (costs nothing again)."""

    model_epsilon: float = _POLICY["model_epsilon"]
    """Epsilon of learning the population model, 0.01 to 32. Smaller makes released times less like those of people."""

    model_delta: float = _POLICY["model_delta"]
    """Delta of learning the population model, 1e-16 to 1e-3."""

    min_units: int = _POLICY["min_units"]
    """Contributing units below which a quantity keeps the published prior, 1 to 10**9."""

    public_names: str | None = None
    """YAML file of the organisation's own software and sites, which are named without admission: ``applications``
    (spellings by name) and ``hosts``. A list made from recordings is not public, and one with health, faith, unions,
    dating or job search tells of people."""

    first_day: date | None = None
    """First UTC day of a release by user-days, inclusive. Required with ``privacy_unit=user-day``."""

    last_day: date | None = None
    """Last UTC day of a release by user-days, inclusive. More days of a user cost that user more."""

    def __post_init__(self) -> None:
        _among("profile", self.profile, tuple(Profile))
        check_whole("noise.chunk_events", self.chunk_events, _CHUNKS)
        check_whole("noise.day_key_events", self.day_key_events, _KEY_EVENTS)
        _among("timing", self.timing, tuple(Timing))
        _among("pointer", self.pointer, tuple(Pointer))
        _among("run_key", self.run_key, tuple(RunKey))
        _among("privacy_unit", self.privacy_unit, _COUNTED_UNITS)
        for name in ("timing_epsilon", "pointer_epsilon", "epsilon", "lifetime_epsilon", "model_epsilon"):
            check_number(f"noise.{name}", getattr(self, name), _EPSILONS)
        check_number("noise.lifetime_event_epsilon", self.lifetime_event_epsilon, _EVENT_EPSILONS)
        for name in ("timing_delta", "pointer_delta", "delta", "lifetime_delta", "lifetime_event_delta", "model_delta"):
            check_number(f"noise.{name}", getattr(self, name), _DELTAS)
        check_whole("noise.min_units", self.min_units, _UNITS)
        if (self.privacy_unit == PrivacyUnit.USER_DAY) != (self.window is not None):
            raise UsageError(
                "noise.first_day and noise.last_day go with noise.privacy_unit=user-day, and both together"
            )
        if not isinstance(self.model, str) or not self.model:
            raise UsageError("noise.model must be learn, prior, or the path of a model")
        if self.public_names == "":
            raise UsageError("noise.public_names must be the path of a file; leave it out to name no more")
        if self.timing != Timing.SYNTHESIZE and self.model not in (LEARN, PRIOR):
            raise UsageError("noise.model names a model, which noise.timing=synthesize alone draws from; leave one out")
        for name in ("dwell_clip_ms", "flight_clip_ms"):
            check_whole(f"noise.{name}", getattr(self, name), _CLIPS_MS)
        self._check_pointer()

    def _check_pointer(self) -> None:
        check_whole("noise.pointer_grid_px", self.pointer_grid_px, _GRIDS_PX)
        if (self.pointer == Pointer.RADIUS) != (self.pointer_radius_px is not None):
            raise UsageError("noise.pointer_radius_px goes with noise.pointer=radius; set both or neither")
        if self.pointer_radius_px is not None:
            check_whole("noise.pointer_radius_px", self.pointer_radius_px, _RADII_PX)
        for name in ("screen_width_px", "screen_height_px"):
            check_whole(f"noise.{name}", getattr(self, name), _SIDES_PX)
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
