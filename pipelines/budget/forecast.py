"""Forecast of a lifetime budget: what fits for so many people, part by part, and the settings to keep.

The number of people is what their owner says, roughly; it is never counted in the recordings.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from pipelines.budget.pace import Pace
from pipelines.budget.release_plan import ReleasePlan, plan_release
from pipelines.budget.remedies import Setting, apply_settings
from pipelines.config import RunConfig
from schemas.errors import UsageError
from transforms.aggregate.worth import NAMES, TABLES, people_for_names, people_for_tables, table_error
from transforms.noise.looser_settings import budget_of
from transforms.noise.settings import LEARN, PRIOR, NoiseSettings
from transforms.privacy.composition import Cost, LifetimeFilter, add_costs

_DAYS_A_WEEK = 7
_MOST_PEOPLE, _MOST_WEEKS = 10**9, 5200
_SCALES = tuple(tenth / 20 for tenth in range(20, 1, -1))
_LEAST_DELTA = 1e-12
_ROUNDING = 1.45 / 1.5
_OFF = "off by its setting"
_NO_ROOM = (
    "what is left of the budget does not last for so many weeks with the parts that aggregates.naming and "
    "aggregates.counting switch on; ask for fewer weeks, or leave these settings out"
)
_TOO_LITTLE = "what is left of the budget does not last for so many weeks"

RHYTHM = "rhythm"
_PARTS = (NAMES, TABLES, RHYTHM)


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a release: the columns that it fills, whether it is worth its price, and what it gives."""

    name: str
    columns: str
    is_on: bool
    gives: str


@dataclass(frozen=True, slots=True)
class Forecast:
    """Releases and weeks that fit (``None``: no end), what runs out first, and the settings; epsilon of one."""

    people: int
    weeks: int
    epsilon: float
    delta: float
    releases_fit: int | None
    weeks_fit: int | None
    ends_first: tuple[str, ...]
    parts: tuple[Part, ...]
    settings: Mapping[str, Mapping[str, Any]]


def forecast(config: RunConfig, people: int, weeks: int, spent: Cost = Cost()) -> Forecast:  # noqa: B008 - immutable
    """Find the parts that are worth their price with so many people, and budgets at which so many weeks fit.

    Starts with every part at the budgets of ``config``; those are scaled down until the weeks fit, then what is not
    worth that price is left out, and what remains is scaled again. ``aggregates.naming`` and ``aggregates.counting``
    switch a part on or off whatever it is worth. ``spent`` is what a ledger holds already; where it
    leaves too little for so many weeks, every other part is left out. Raises ``UsageError`` for numbers out of range,
    and where the parts that are switched on do not last so long.
    """
    for name, number, most in (("people", people, _MOST_PEOPLE), ("weeks", weeks, _MOST_WEEKS)):
        if not 1 <= number <= most:
            raise UsageError(f"--{name} is a whole number from 1 to {most:,}")
    stated = {NAMES: config.aggregates.naming, TABLES: config.aggregates.counting}
    on = frozenset(name for name in _PARTS if stated.get(name) is not False)
    wanted = frozenset(name for name in on if stated.get(name))
    found = {name: (False, _OFF) for name in _PARTS if name not in on}
    while True:
        settings = _scale(config, on, weeks, spent)
        if settings is None:
            _check_spent(spent, weeks)
            if on == wanted:
                raise UsageError(_NO_ROOM)
            found |= dict.fromkeys(on - wanted, (False, _TOO_LITTLE))
            on = wanted
            continue
        plan = plan_release(apply_settings(config, settings))
        found |= {name: (name in on, _describe(name, plan, people)) for name in on}
        kept = frozenset(name for name in on if name in wanted or _is_worth(name, plan, people))
        if kept == on:
            break
        found |= {name: (False, found[name][1]) for name in on - kept}
        on = kept
    return _build(apply_settings(config, settings), settings, (people, weeks), found, spent)


def _scale(config: RunConfig, on: frozenset[str], weeks: int, spent: Cost) -> tuple[Setting, ...] | None:
    """Find the largest budgets of the parts, none above those of ``config``, at which the weeks fit; or none."""
    releases = math.ceil(weeks * _DAYS_A_WEEK / config.schedule.window_days)
    delta = max(0.0, _limit(config).delta_for_charges - spent.delta) / releases
    if NAMES in on and 2 * delta < _LEAST_DELTA:
        return None
    for scale in _SCALES:
        settings = _settings(config, on, delta, scale)
        try:
            left = _count_releases(apply_settings(config, settings), spent)
        except UsageError:  # so little budget that a mechanism cannot be built
            return None
        if left is None or left >= releases:
            return settings
    return None


def _check_spent(spent: Cost, weeks: int) -> None:
    """Raise ``UsageError`` where nothing was spent and so many weeks fit at no budget all the same."""
    if spent == Cost():
        raise UsageError(
            f"no budget of names, tables and rhythm lasts {weeks:,} weeks; ask for fewer, raise schedule.window_days, "
            "or set aggregates.naming=false and aggregates.counting=false, which lasts for ever"
        )


def _settings(config: RunConfig, on: frozenset[str], delta: float, scale: float) -> tuple[Setting, ...]:
    """Return the settings of the parts that are on, at a share of their budgets, ``delta`` for each release.

    Half of ``rare_delta`` is charged; a little is left over for rounding.
    """
    noise, aggregates = config.noise, config.aggregates
    affordable = 2 * delta * _ROUNDING
    settings: list[Setting] = [("noise", "model", LEARN if RHYTHM in on else PRIOR)]
    settings += [("aggregates", "naming", NAMES in on), ("aggregates", "counting", TABLES in on)]
    if RHYTHM in on:
        settings.append(("noise", "model_epsilon", _round(noise.model_epsilon * scale)))
    if NAMES in on:
        settings.append(("aggregates", "rare_epsilon", _round(aggregates.rare_epsilon * scale)))
        settings.append(("aggregates", "rare_delta", float(f"{min(aggregates.rare_delta, affordable):.1e}")))
    if TABLES in on:
        settings.append(("aggregates", "tables_epsilon", _round(aggregates.tables_epsilon * scale)))
    return tuple(settings)


def _round(epsilon: float) -> float:
    return max(0.01, math.floor(epsilon * 1000) / 1000)


def _count_releases(config: RunConfig, spent: Cost) -> int | None:
    return _limit(config).releases_left(spent, Pace.of(config).cost)


def _limit(config: RunConfig) -> LifetimeFilter:
    budget = budget_of(config.noise)
    return LifetimeFilter.of(budget.lifetime_epsilon, budget.lifetime_delta)


def _is_worth(name: str, plan: ReleasePlan, people: int) -> bool:
    """Decide whether a part gives something: a name that half of the people share, a count that is off by a quarter."""
    if name == NAMES:
        return people >= people_for_names(plan.aggregates)
    if name == TABLES:
        return people >= people_for_tables(plan.aggregates)
    return people >= _people_to_learn(plan)


def _people_to_learn(plan: ReleasePlan) -> int:
    """Compute how many people learning needs: ``min_units`` at the policy's budget, more at a smaller one."""
    settings = plan.noise.settings
    return math.ceil(settings.min_units * max(1.0, NoiseSettings().model_epsilon / settings.model_epsilon))


def _describe(name: str, plan: ReleasePlan, people: int) -> str:
    if name == NAMES:
        half = plan.aggregates.admission.units_for(0.5)
        enough = f"of {people:,} people" if half <= people else f"people, more than the {people:,},"
        return f"a value beyond the public lists is named at even odds where {half:,} {enough} share it"
    if name == TABLES:
        share = table_error(plan.aggregates, people)
        return f"a count to which half of the people add all they may is off by up to {share:.0%}"
    return f"learning how people type needs some {_people_to_learn(plan):,} people at this budget"


_COLUMNS = {
    NAMES: "app, host of url, role, session tuple, shortcut",
    TABLES: "aggregates/*",
    RHYTHM: "t_ms",
}
_WITHOUT = {
    NAMES: "public names only, at no cost",
    TABLES: "no tables, at no cost",
    RHYTHM: "times from the published prior, at no cost",
}


def _build(
    config: RunConfig,
    settings: Sequence[Setting],
    asked: tuple[int, int],
    found: Mapping[str, tuple[bool, str]],
    spent: Cost,
) -> Forecast:
    pace, limit = Pace.of(config), _limit(config)
    left = limit.releases_left(spent, pace.cost)
    parts = []
    for name in _PARTS:
        is_on, gives = found[name]
        parts.append(Part(name, _COLUMNS[name], is_on, gives if is_on else f"{gives}: {_WITHOUT[name]}"))
    return Forecast(
        *asked,
        pace.cost.epsilon(config.noise.delta),
        config.noise.delta,
        left,
        None if left is None else pace.weeks(left),
        () if left is None else limit.shortages(add_costs([spent, pace.cost.multiply(left + 1)])),
        tuple(parts),
        _nest(settings),
    )


def _nest(settings: Sequence[Setting]) -> dict[str, dict[str, Any]]:
    """Nest settings as a YAML file has them: ``{"noise": {"model": "prior"}}``."""
    nested: dict[str, dict[str, Any]] = {}
    for section, name, value in settings:
        nested.setdefault(section, {})[name] = value
    return nested
