"""Budget of a release and of a lifetime, per privacy unit."""

from dataclasses import dataclass

from schemas.privacy import PrivacyUnit


@dataclass(frozen=True, slots=True)
class Budget:
    """Limits of one release (``epsilon`` at ``delta`` for one ``unit``) and of all releases together for one user."""

    unit: PrivacyUnit
    epsilon: float
    delta: float
    lifetime_epsilon: float
    lifetime_delta: float


@dataclass(frozen=True, slots=True)
class EventBudget:
    """Limit for one event over all releases that may contain it."""

    epsilon: float
    delta: float
