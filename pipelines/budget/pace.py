"""Pace at which releases spend the lifetime budget: the cost of one, and the days from one to the next."""

from dataclasses import dataclass

from pipelines.budget.release_plan import plan_release
from pipelines.config import RunConfig
from transforms.noise.looser_settings import budget_of
from transforms.privacy.composition import Cost, LifetimeFilter, compose_user_cost
from transforms.privacy.ledger import Ledger

_DAYS_A_WEEK = 7


@dataclass(frozen=True, slots=True)
class Pace:
    """Cost of one release for one user, and the days of its window."""

    cost: Cost
    window_days: int

    @classmethod
    def of(cls, config: RunConfig) -> "Pace":
        """Compute the pace of a configuration."""
        return cls(compose_user_cost(plan_release(config).charges()), config.schedule.window_days)

    def weeks(self, releases: int) -> int:
        """Return the whole weeks that so many releases last."""
        return releases * self.window_days // _DAYS_A_WEEK


def count_weeks_left(ledger: Ledger, config: RunConfig) -> int | None:
    """Count the weeks for which a ledger has budget at these settings; ``None`` where they cost no user anything."""
    budget, pace = budget_of(config.noise), Pace.of(config)
    limit = LifetimeFilter.of(budget.lifetime_epsilon, budget.lifetime_delta)
    left = limit.releases_left(compose_user_cost(ledger.charges()), pace.cost)
    return None if left is None else pace.weeks(left)
