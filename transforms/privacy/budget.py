"""Budget of a release and of a lifetime, per privacy unit."""

from dataclasses import dataclass

from schemas.privacy import PrivacyUnit


@dataclass(frozen=True, slots=True)
class Budget:
    """For one release and one ``unit``: ``epsilon``, ``delta``; for all releases and one user: the lifetime's."""

    unit: PrivacyUnit
    epsilon: float
    delta: float
    lifetime_epsilon: float
    lifetime_delta: float


@dataclass(frozen=True, slots=True)
class EventBudget:
    """What all releases that may hold one event may spend on it together."""

    epsilon: float
    delta: float
