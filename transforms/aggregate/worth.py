"""Choice of the parts of the aggregates (names, tables) that are on, by the number of people that is stated."""

import math
from dataclasses import dataclass, replace
from statistics import median

from schemas.privacy import DayWindow
from transforms.aggregate.charges import estimate_table
from transforms.aggregate.plan import AggregatePlan, plan_aggregates
from transforms.aggregate.queries import QUERIES
from transforms.aggregate.settings import AggregateSettings

NAMES, TABLES = "names", "tables"
_GOOD_ERROR = 0.25
"""Largest error of a table that is worth its price, in parts of a count to which half of the people add all."""


@dataclass(frozen=True, slots=True)
class LeftOutPart:
    """Part that is off; ``from_people``: the number from which it helps, ``None`` where a setting leaves it out."""

    name: str
    from_people: int | None


def plan_worth(settings: AggregateSettings, window: DayWindow | None) -> tuple[AggregatePlan, tuple[LeftOutPart, ...]]:
    """Plan the parts that settings ask for, and those that null leaves to the stated people and that help so many.

    Returns with the plan the parts that are off. Nobody is counted: where no number is stated, null is on.
    """
    asked = replace(settings, naming=settings.naming is not False, counting=settings.counting is not False)
    whole, people = plan_aggregates(asked, window), settings.people
    found = ((NAMES, settings.naming, people_for_names), (TABLES, settings.counting, people_for_tables))
    left_out = []
    for name, wanted, people_for in found:
        if wanted is False:
            left_out.append(LeftOutPart(name, None))
        elif wanted is None and people is not None and people < (fewest := people_for(whole)):
            left_out.append(LeftOutPart(name, fewest))
    off = {part.name for part in left_out}
    chosen = replace(settings, naming=NAMES not in off, counting=TABLES not in off)
    rule, tables = whole.rule if chosen.naming else None, whole.tables if chosen.counting else {}
    return replace(whole, settings=chosen, rule=rule, tables=tables), tuple(left_out)


def find_unweighed(settings: AggregateSettings, plan: AggregatePlan) -> dict[str, int]:
    """Find the parts that are on although nobody stated how many people there are, and from how many people they help.

    Empty where a number is stated, or settings ask for each part.
    """
    if settings.people is not None:
        return {}
    named = settings.naming is None and plan.settings.naming
    counted = settings.counting is None and plan.settings.counting
    found = {NAMES: people_for_names(plan)} if named else {}
    return found | ({TABLES: people_for_tables(plan)} if counted else {})


def people_for_names(plan: AggregatePlan) -> int:
    """Compute from how many people on names help: half of them are enough for even odds of a value."""
    return 2 * plan.admission.units_for(0.5)


def people_for_tables(plan: AggregatePlan) -> int:
    """Compute from how many people on tables help: the error of the median table is small enough.

    A table with per_partition 20 and an error (95 of 100) of 2,900 is off by 2,900 / (1,160 / 2 * 20) = a quarter.
    """
    return math.ceil(table_error(plan, 1) / _GOOD_ERROR)


def table_error(plan: AggregatePlan, people: int) -> float:
    """Compute the error (95 of 100) of the median table, in parts of a count to which half of the people add all."""
    bounds = plan.settings.tables
    errors = [
        estimate_table(query, plan).within_95 / (people / 2 * bounds[query.name].per_partition) for query in QUERIES
    ]
    return median(errors)
