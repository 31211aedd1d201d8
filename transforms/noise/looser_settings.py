"""Budgets named by the settings of a run, and the settings that are looser than the policy."""

from dataclasses import fields

from schemas.privacy import PrivacyUnit, RunKey
from transforms.noise.settings import NoiseSettings, Timing
from transforms.privacy.budget import Budget, EventBudget

_LOOSER_WORDS = {"timing": Timing.NOISE, "run_key": RunKey.DERIVED, "privacy_unit": PrivacyUnit.USER_DAY}


_LOOSER_WHEN_LARGER = ("epsilon", "delta", "_events")


_LOOSER_WHEN_SET = ("pointer_radius_px", "public_names")


_PATHS = ("public_names",)
"""Settings whose value is a path, which says where somebody keeps files and is no part of a promise."""


def event_budget_of(settings: NoiseSettings) -> EventBudget:
    """Build the lifetime budget of one event from the settings of a run."""
    return EventBudget(settings.lifetime_event_epsilon, settings.lifetime_event_delta)


def budget_of(settings: NoiseSettings) -> Budget:
    """Build the budget of a release and of a user's lifetime from the settings of a run."""
    return Budget(
        PrivacyUnit(settings.privacy_unit),
        settings.epsilon,
        settings.delta,
        settings.lifetime_epsilon,
        settings.lifetime_delta,
    )


def list_loosened(settings: NoiseSettings) -> tuple[str, ...]:
    """List ``name=value (policy: default)`` for every setting that promises less than the policy does.

    An epsilon or a delta promises less when it is larger, as do longer chunks and more key events of a day. Other
    bounds and grids are not listed: noise is calibrated to them, so that they change the error and not the promise.
    """
    policy = NoiseSettings()
    found = []
    for field in fields(NoiseSettings):
        value, default = getattr(settings, field.name), getattr(policy, field.name)
        larger = field.name.endswith(_LOOSER_WHEN_LARGER) and value > default
        chosen = field.name in _LOOSER_WHEN_SET and value is not None
        if larger or chosen or (field.name in _LOOSER_WORDS and value == _LOOSER_WORDS[field.name]):
            shown = "FILE" if field.name in _PATHS else value
            found.append(f"noise.{field.name}={shown} (policy: {default})")
    return tuple(found)
