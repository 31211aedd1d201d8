"""Everything of one release that draws noise: its plans, what they charge and what may be claimed."""

from dataclasses import dataclass

from pipelines.config import RunConfig
from schemas.privacy import Charge
from transforms.aggregate.account import aggregate_charges
from transforms.aggregate.plan import AggregatePlan, plan_aggregates
from transforms.aggregate.statements import aggregate_statements, loosened_aggregates, profile_statement
from transforms.noise.budget import loosened
from transforms.noise.charges import plan_charges
from transforms.noise.plan import NoisePlan, plan
from transforms.noise.policy import Profile
from transforms.noise.statements import ModelClaim, NoiseStatement, statements
from transforms.staging.settings import loosened_schedule

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
        return (*rows, *aggregate_statements(self.aggregates, self.noise.settings))

    def privacy_statement(self) -> str:
        """Return what every file says of itself."""
        return f"{_TEXT} {profile_statement(self.noise.settings)}"


def plan_release(config: RunConfig) -> ReleasePlan:
    """Return the calibrated plans of ``config``; launcher only, as it imports the accountant."""
    return ReleasePlan(plan(config.noise), plan_aggregates(config.aggregates, config.noise.window))


def looser_than_policy(config: RunConfig) -> tuple[str, ...]:
    """Return ``name=value (policy: default)`` for every setting that promises less than the policy does."""
    return (*loosened(config.noise), *loosened_aggregates(config.aggregates), *loosened_schedule(config.schedule))
