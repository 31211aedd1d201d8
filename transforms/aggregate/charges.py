"""Charges of admission and tables under a plan, and the error to expect, computed before any record is read."""

import math
from dataclasses import dataclass

from schemas.privacy import Adjacency, Charge, Gaussian, PrivacyUnit, Pure, Step
from transforms.aggregate.partition_selection import Geometric, Rule
from transforms.aggregate.plan import AggregatePlan
from transforms.aggregate.queries import QUERIES, Query
from transforms.privacy.accountant import TABLE_SHARE

_CI = 1.96

NAMED = ("app", "host of url", "role", "os, keyboard_layout, recorder", "shortcut")
"""Columns whose values are named where enough people share them."""


@dataclass(frozen=True, slots=True)
class TableError:
    """Cost of one table for one privacy unit, and the error of each of its counts.

    ``within_95`` bounds the noise of a count with probability 0.95. What contribution bounding leaves out depends on
    the data and comes on top.
    """

    epsilon: float
    delta: float
    mean_absolute_error: float
    within_95: float


def estimate_table(query: Query, plan: AggregatePlan) -> TableError:
    """Compute cost and error of ``query`` under ``plan``, without data."""
    noise = plan.tables[query.name]
    return TableError(noise.epsilon, noise.delta, noise.mean_absolute_error, _CI * float(noise.sigma))


def aggregate_charges(plan: AggregatePlan) -> tuple[Charge, ...]:
    """List the charges: one for the admission of values and one per table, where there are any."""
    named = () if plan.rule is None else (admission_charge(plan, plan.rule),)
    return (*named, *(_table(query, plan) for query in QUERIES if query.name in plan.tables))


def admission_charge(plan: AggregatePlan, rule: Rule) -> Charge:
    """Compute the charge for a user of naming applications, sites, roles, session tuples and shortcuts."""
    settings = plan.settings
    values = sum(settings.rare_partitions.values())
    step: Step
    if isinstance(rule, Geometric):
        mechanism, step = "truncated geometric partition selection", Pure(rule.epsilon, values)
    else:
        step = Gaussian(float(rule.sigma) / math.sqrt(values))
        mechanism = "thresholded discrete Gaussian partition selection"
    half, sure = plan.admission.units_for(0.5), plan.admission.units_for(0.99)
    return Charge(
        label="admitted values",
        columns=NAMED,
        mechanism=mechanism,
        unit=PrivacyUnit.USER,
        adjacency=Adjacency.ADD_REMOVE,
        steps=(step,),
        delta=values * rule.delta + settings.rare_delta * TABLE_SHARE,
        expected_error=(
            f"a value that {half} users contribute is named with probability 0.5, {sure} with 0.99, "
            f"fewer than {settings.rare_fewest_users} never"
        ),
    )


def _table(query: Query, plan: AggregatePlan) -> Charge:
    noise, bound, error = plan.tables[query.name], plan.settings.tables[query.name], estimate_table(query, plan)
    return Charge(
        label=f"aggregates/{query.name}",
        columns=(*(name for name, _ in query.keys), "count"),
        mechanism=(
            f"discrete Gaussian, sigma {float(noise.sigma):,.1f}, on counts of at most {bound.partitions} cells a unit "
            f"and {bound.per_partition} a cell"
        ),
        unit=plan.unit,
        adjacency=Adjacency.ADD_REMOVE,
        steps=(Gaussian(float(noise.sigma) / noise.l2_sensitivity),),
        delta=noise.delta * TABLE_SHARE,
        window=plan.window,
        expected_error=(
            f"noise {error.mean_absolute_error:,.0f} a cell on average, within {error.within_95:,.0f} in 95 of 100"
        ),
    )
