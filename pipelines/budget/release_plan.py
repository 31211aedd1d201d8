"""Everything of one release that draws noise: its plans, what they charge and what may be claimed."""

from dataclasses import dataclass

from pipelines.config import RunConfig
from schemas.privacy import Charge, Profile
from transforms.aggregate.expected_error import aggregate_charges
from transforms.aggregate.plan import AggregatePlan, plan_aggregates
from transforms.aggregate.statements import aggregate_statements, list_loosened_aggregates
from transforms.noise.charges import plan_charges
from transforms.noise.looser_settings import list_loosened
from transforms.noise.plan import NoisePlan, plan
from transforms.noise.settings import NoiseSettings
from transforms.noise.statements import ModelClaim, statements
from transforms.privacy.statement import NoiseStatement
from transforms.staging.settings import list_loosened_schedule

_TEXT = "Text was redacted by detectors with measured recall; redaction is not differential privacy."


@dataclass(frozen=True, slots=True)
class ReleasePlan:
    """The noise of the rows and of the tables."""

    noise: NoisePlan
    aggregates: AggregatePlan

    @property
    def has_events(self) -> bool:
        """Return whether rows are released at all."""
        return self.noise.settings.profile != Profile.AGGREGATES

    def charges(self) -> tuple[Charge, ...]:
        """Return the charges of everything that the release draws noise for."""
        rows = plan_charges(self.noise) if self.has_events else ()
        return (*rows, *aggregate_charges(self.aggregates))

    def statements(self, claim: ModelClaim | None) -> tuple[NoiseStatement, ...]:
        """Return the statements of everything that is released."""
        rows = statements(self.noise, claim) if self.has_events else ()
        return (*rows, *aggregate_statements(self.aggregates, self.noise.settings.run_key))

    def privacy_statement(self) -> str:
        """Return what every file says of itself."""
        return f"{_TEXT} {profile_statement(self.noise.settings)}"


def plan_release(config: RunConfig) -> ReleasePlan:
    """Return the calibrated plans of ``config``; launcher only, as it imports the accountant."""
    return ReleasePlan(plan(config.noise), plan_aggregates(config.aggregates, config.noise.window))


def looser_than_policy(config: RunConfig) -> tuple[str, ...]:
    """Return ``name=value (policy: default)`` for every setting that promises less than the policy does."""
    return (
        *list_loosened(config.noise),
        *list_loosened_aggregates(config.aggregates),
        *list_loosened_schedule(config.schedule),
    )


def profile_statement(settings: NoiseSettings) -> str:
    """Return what a profile is, in words."""
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
