"""Plan of admission and tables: integer parameters, calibrated once in the launcher."""

import hashlib
import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date

from schemas.errors import UsageError
from schemas.privacy import DayWindow, Gaussian, PrivacyUnit
from transforms.aggregate.bounding import Bound
from transforms.aggregate.partition_selection import (
    COIN_BITS,
    GaussianThreshold,
    Geometric,
    Rule,
    Thresholds,
    thresholds,
)
from transforms.aggregate.queries import QUERIES, rare_query
from transforms.aggregate.settings import AggregateSettings, Space, TableBound
from transforms.privacy.accountant import TABLE_SHARE
from transforms.privacy.mechanisms import Sigma, discrete_gaussian

_FORM = "keyveil/aggregate/1"


@dataclass(frozen=True, slots=True)
class TableNoise:
    """Noise of one table, the L2 sensitivity that it covers, and the cost of the table for one unit."""

    sigma: Sigma
    l2_sensitivity: float
    epsilon: float
    delta: float

    @property
    def mean_absolute_error(self) -> float:
        """Return E|noise| of a cell; the discrete Gaussian's differs by less than a thousandth from sigma 2 on."""
        return float(self.sigma) * math.sqrt(2 / math.pi)


@dataclass(frozen=True, slots=True)
class AggregatePlan:
    """Integer parameters of every decision and draw; contains no secret and may be sent to workers.

    ``rule`` is ``None`` where no value is admitted, ``tables`` empty where none is released. With a ``window`` the
    unit of the tables is a user-day inside it, else a user. That of the admission is a user.
    """

    settings: AggregateSettings
    window: DayWindow | None
    rule: Rule | None
    tables: Mapping[str, TableNoise]

    @property
    def unit(self) -> PrivacyUnit:
        """Return the privacy unit of the tables."""
        return PrivacyUnit.USER if self.window is None else PrivacyUnit.USER_DAY

    @property
    def digest(self) -> bytes:
        """Return a digest (32 bytes) that differs for every plan: each plan draws its own coins and noise."""
        parts = [_FORM, type(self.rule).__name__, asdict(self)]
        form = json.dumps(parts, sort_keys=True, separators=(",", ":"), default=date.isoformat)
        return hashlib.sha256(form.encode()).digest()

    @property
    def admission(self) -> Thresholds:
        """Return the probability that a value is named, by the number of its users; a rule must be set."""
        if self.rule is None:
            raise UsageError("aggregates.naming is off: no value is admitted by a number of users")
        return thresholds(self.rule, self.settings.rare_fewest_users)

    @property
    def rare_bounds(self) -> dict[str, Bound]:
        """Return the most values of each kind that a user contributes to; each counts once."""
        return {rare_query(Space(space)): Bound(most, 1) for space, most in self.settings.rare_partitions.items()}

    @property
    def table_bounds(self) -> dict[str, Bound]:
        """Return the contribution bound of a unit for each table."""
        return {name: Bound(item.partitions, item.per_partition) for name, item in self.settings.tables.items()}


def plan_aggregates(settings: AggregateSettings, window: DayWindow | None = None) -> AggregatePlan:
    """Calibrate the plan that spends the budgets of ``settings``; launcher only, as it imports the accountant.

    A part whose setting is null is planned as off. Callers use ``worth.plan_worth``, which turns it on unless
    ``aggregates.people`` states too few people.

    Raises ``UsageError`` where the tables of the noise cannot be exact enough for it.
    """
    rule = _rule(settings) if settings.naming else None
    made = AggregatePlan(settings, window, rule, _tables(settings) if settings.counting else {})
    _check_tables(made)
    return made


def l2_sensitivity(bound: TableBound) -> float:
    """Compute how far one unit, added or removed, moves a table: ``per_partition`` in each of ``partitions`` cells."""
    return bound.per_partition * math.sqrt(bound.partitions)


def _rule(settings: AggregateSettings) -> Rule:
    """Choose the rule that names values of fewer users for the same budget.

    A user stands behind at most ``sum(rare_partitions)`` values of all kinds together. Half of delta is for the noise
    of a thresholded Gaussian and half for values of a single user.
    """
    from transforms.privacy.accountant import calibrate  # noqa: PLC0415 - imports Opacus and SciPy

    values = sum(settings.rare_partitions.values())
    delta = settings.rare_delta * (1 - TABLE_SHARE)
    geometric = Geometric(settings.rare_epsilon / values, delta / values)
    sigma = calibrate(settings.rare_epsilon, delta / 2, math.sqrt(values))
    rules: tuple[Rule, Rule] = (geometric, GaussianThreshold(sigma, delta / 2 / values))
    return min(rules, key=_users_needed)


def _users_needed(rule: Rule) -> int:
    return thresholds(rule).units_for(0.5)


def _tables(settings: AggregateSettings) -> dict[str, TableNoise]:
    """Calibrate noise in proportion to sensitivity and share: ``sum (l2 / sigma)**2`` is that of the whole budget.

    With ``sigma_i = z l2_i sqrt(sum(share) / share_i)`` all tables together are one Gaussian with multiplier ``z``.
    """
    from transforms.privacy.accountant import calibrate, epsilon_of  # noqa: PLC0415 - imports Opacus and SciPy

    delta = settings.tables_delta * (1 - TABLE_SHARE)
    total = sum(settings.tables[query.name].share for query in QUERIES)
    together = calibrate(settings.tables_epsilon, delta, 1.0)
    made = {}
    for query in QUERIES:
        bound = settings.tables[query.name]
        l2 = l2_sensitivity(bound)
        scale = float(together) * l2 * math.sqrt(total / bound.share)
        sigma = Sigma(math.ceil(scale * together.den) + 1, together.den)
        alone = epsilon_of([Gaussian(float(sigma) / l2)], delta)
        made[query.name] = TableNoise(sigma, l2, alone, settings.tables_delta)
    return made


def _check_tables(made: AggregatePlan) -> None:
    settings = made.settings
    if made.tables:
        cells = sum(bound.partitions for bound in settings.tables.values())
        error = max(discrete_gaussian(noise.sigma).table.total_variation for noise in made.tables.values())
        _check_share(cells * error, settings.tables_epsilon, settings.tables_delta)
    if made.rule is None:
        return
    values = sum(settings.rare_partitions.values())
    coin = 2.0**-COIN_BITS
    if isinstance(made.rule, GaussianThreshold):
        coin += discrete_gaussian(made.rule.sigma).table.total_variation
    _check_share(values * coin, settings.rare_epsilon, settings.rare_delta)


def _check_share(error: float, epsilon: float, delta: float) -> None:
    """Raise ``UsageError`` unless ``error`` in total variation costs at most its share of delta."""
    if not (1 + math.exp(epsilon)) * error <= TABLE_SHARE * delta:
        raise UsageError("the noise tables are too coarse for the aggregates' budgets; lower epsilon or raise delta")
