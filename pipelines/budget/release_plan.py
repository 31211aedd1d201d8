"""Noise plans of one release, their charges and their privacy statements."""

from dataclasses import dataclass, replace

from pipelines.config import RunConfig
from schemas.privacy import Charge, Profile
from transforms.aggregate.charges import aggregate_charges
from transforms.aggregate.plan import AggregatePlan
from transforms.aggregate.statements import aggregate_statements, list_loosened_aggregates
from transforms.aggregate.worth import LeftOutPart, plan_worth
from transforms.noise.charges import plan_charges
from transforms.noise.looser_settings import list_loosened
from transforms.noise.plan import NoisePlan, plan
from transforms.noise.settings import NoiseSettings
from transforms.noise.statements import ModelClaim, statements
from transforms.privacy.statement import Guarantee
from transforms.staging.settings import list_loosened_schedule

_TEXT = "Text was redacted by detectors with measured recall; redaction is not differential privacy."


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """Noise plans of the rows and of the tables; ``left_out``: the parts that are off."""

    noise: NoisePlan
    aggregates: AggregatePlan
    left_out: tuple[LeftOutPart, ...] = ()

    @property
    def has_events(self) -> bool:
        """Return whether rows are released, not tables alone."""
        return self.noise.settings.profile != Profile.AGGREGATES

    def charges(self) -> tuple[Charge, ...]:
        """List the charges of all noise that the release draws."""
        rows = plan_charges(self.noise) if self.has_events else ()
        return (*rows, *aggregate_charges(self.aggregates))

    def statements(self, claim: ModelClaim | None) -> tuple[Guarantee, ...]:
        """List the noise statements of rows and tables."""
        rows = statements(self.noise, claim) if self.has_events else ()
        settings = self.noise.settings
        own = settings.public_names is not None
        return (*rows, *aggregate_statements(self.aggregates, settings.run_key, own_names=own))

    def privacy_statement(self) -> str:
        """Render the privacy statement that every file carries."""
        return f"{_TEXT} {profile_statement(self.noise.settings)}"


def plan_release(config: RunConfig) -> ReleasePlan:
    """Calibrate the noise plans of ``config``; launcher only, because it imports the accountant."""
    aggregates = config.aggregates
    if config.noise.profile == Profile.AGGREGATES and aggregates.counting is None:  # there is nothing else to release
        aggregates = replace(aggregates, counting=True)
    return ReleasePlan(plan(config.noise), *plan_worth(aggregates, config.noise.window))


def looser_than_policy(config: RunConfig) -> tuple[str, ...]:
    """List ``name=value (policy: default)`` for every setting that promises less than the policy."""
    return (
        *list_loosened(config.noise),
        *list_loosened_aggregates(config.aggregates),
        *list_loosened_schedule(config.schedule),
    )


def profile_statement(settings: NoiseSettings) -> str:
    """Describe a release profile in words."""
    if settings.profile == Profile.AGGREGATES:
        return "Profile aggregates: tables of noisy counts only; no event of anybody is released."
    if settings.profile == Profile.EVENTS:
        return (
            f"Profile events: chunks of at most {settings.chunk_events} events without session or user, at most "
            f"{settings.day_key_events} key events of a user and day. Ids do not link chunks; what they hold may. "
            "Guarantees on numbers are for one event, not for people."
        )
    return (
        "Profile restricted: whole sessions under a keyed pseudonym of the user, for training inside a restricted "
        "environment that can bound and sample by user. No guarantee is claimed for rows but what is stated by column."
    )
