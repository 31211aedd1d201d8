"""Guarantees of admitted values and tables, for the manifest and the card."""

from dataclasses import replace

from schemas.privacy import RunKey
from transforms.aggregate.charges import NAMED, admission_charge
from transforms.aggregate.partition_selection import Rule
from transforms.aggregate.plan import AggregatePlan
from transforms.aggregate.queries import QUERIES
from transforms.aggregate.settings import AggregateSettings
from transforms.aggregate.worth import people_for_tables
from transforms.privacy.statement import ACCOUNTANT, Guarantee, assumption

_UNIT = {"user": "one user: all recordings of a person in the release", "user-day": "one user on one UTC day"}


_NAMES_ONLY = (
    "The guarantee is for which values are named anywhere in the release. Which rows of a user hold an admitted value, "
    "and how often, is released without noise outside the tables."
)


_IN_TEXTS = (
    "Where an application or a host is not admitted, other stands also in titles, labels, screen texts, copies and "
    "addresses of its session, for whole words of its name; for an everyday word as a part of a title alone. What "
    "was typed or pasted, other spellings, and other sessions (profile events: other chunks) keep it."
)


_PUBLIC = "ARIA roles, and work software and sites of a public vocabulary, are named without admission."


_PUBLIC_ONLY = Guarantee(
    columns=NAMED,
    mechanism="no value is admitted: what no public list names is released as other, a session tuple as nulls",
    privacy_unit=_UNIT["user"],
    adjacency="one user is added or removed",
    bounds="none needed",
    epsilon=0.0,
    delta=0.0,
    accountant="none: which values may be named depends on no recording",
    assumption="none",
    not_covered=(_NAMES_ONLY, _IN_TEXTS, _PUBLIC),
)


_BY_DAY = " (a session counts to the day on which it begins)"


_OWN = (
    "So are the software and sites of a list that the operator gave (noise.public_names): no guarantee covers how that "
    "list was made."
)


def aggregate_statements(plan: AggregatePlan, run_key: RunKey, *, own_names: bool = False) -> tuple[Guarantee, ...]:
    """List the statements of a plan: names, and tables where there are any.

    ``own_names``: the operator gave a list of public names.
    """
    public = f"{_PUBLIC} {_OWN}" if own_names else _PUBLIC
    if plan.rule is None:
        named = replace(_PUBLIC_ONLY, not_covered=(_NAMES_ONLY, _IN_TEXTS, public))
    else:
        named = _admission(plan, plan.rule, run_key, public)
    return (named, _tables(plan, run_key)) if plan.tables else (named,)


def _admission(plan: AggregatePlan, rule: Rule, run_key: RunKey, public: str) -> Guarantee:
    settings, charge = plan.settings, admission_charge(plan, rule)
    bounds = ", ".join(f"{most} {space}" for space, most in settings.rare_partitions.items())
    return Guarantee(
        columns=charge.columns,
        mechanism=f"{charge.mechanism}; what is not admitted is released as other, a session tuple as nulls",
        privacy_unit=_UNIT["user"],
        adjacency="one user is added or removed",
        bounds=f"a user stands behind at most so many values of each kind: {bounds}; a keyed digest chooses them",
        epsilon=settings.rare_epsilon,
        delta=settings.rare_delta,
        accountant=ACCOUNTANT,
        assumption=assumption(run_key),
        not_covered=(
            _NAMES_ONLY,
            f"Below {settings.rare_fewest_users} users nothing is admitted at all, whatever is common among them.",
            _IN_TEXTS,
            public,
        ),
    )


def _tables(plan: AggregatePlan, run_key: RunKey) -> Guarantee:
    settings = plan.settings
    listed = ((query.name, settings.tables[query.name]) for query in QUERIES)
    bounds = "; ".join(f"{name}: {bound.partitions} cells, {bound.per_partition} each" for name, bound in listed)
    by_day = plan.window is not None
    return Guarantee(
        columns=tuple(f"aggregates/{query.name}" for query in QUERIES),
        mechanism=(
            "discrete Gaussian on every count of every table, zero or not, of the standard deviation (sigma) "
            f"{_list_sigmas(plan)}; quantiles follow from noisy counts; useful from some {people_for_tables(plan):,} "
            "people on"
        ),
        privacy_unit=_UNIT[plan.unit] + (_BY_DAY if by_day else ""),
        adjacency="one user-day is added or removed" if by_day else "one user is added or removed",
        bounds=f"what one unit adds at most: {bounds}",
        epsilon=settings.tables_epsilon,
        delta=settings.tables_delta,
        accountant=f"{ACCOUNTANT}; the figure is for all tables together",
        assumption=assumption(run_key),
        not_covered=(
            "Which applications, roles and shortcuts have rows was decided by admission, a charge of its own.",
            "What a unit did beyond its bounds is not counted: tables are of bounded contributions, not of everything.",
        ),
    )


def _list_sigmas(plan: AggregatePlan) -> str:
    found = ((query.name, float(plan.tables[query.name].sigma)) for query in QUERIES)
    return ", ".join(f"{sigma:,.0f} ({name})" for name, sigma in found)


def table_facts(plan: AggregatePlan) -> dict[str, dict[str, str]]:
    """Describe each table for the metadata of its file; derived quantiles cost nothing beyond their table."""
    found = {}
    for query in (query for query in QUERIES if query.name in plan.tables):
        noise, bound = plan.tables[query.name], plan.settings.tables[query.name]
        facts = {
            "epsilon": f"{noise.epsilon:.6g}",
            "delta": f"{noise.delta:g}",
            "privacy_unit": plan.unit.value,
        }
        facts |= {f"keyveil.{name}": value for name, value in facts.items()}
        facts |= {
            "keyveil.adjacency": "add-remove",
            "keyveil.bounds": f"{bound.partitions} cells a unit, {bound.per_partition} a cell",
            "keyveil.counts": query.meaning,
            "keyveil.sigma": f"{float(noise.sigma):.3f}",
        }
        found[query.name] = facts
        if query.bins:
            derived = f"quantiles of the noisy {query.name}: nothing beyond what that table spent"
            found[f"{query.name}_quantiles"] = facts | {"keyveil.counts": derived}
    return found


def list_loosened_aggregates(settings: AggregateSettings) -> tuple[str, ...]:
    """List ``name=value (policy: default)`` for every setting that promises less than the policy does."""
    policy = AggregateSettings()
    names = ("rare_epsilon", "rare_delta", "tables_epsilon", "tables_delta")
    looser = [name for name in names if getattr(settings, name) > getattr(policy, name)]
    if settings.rare_fewest_users < policy.rare_fewest_users:
        looser.append("rare_fewest_users")
    found = [f"aggregates.{name}={getattr(settings, name)} (policy: {getattr(policy, name)})" for name in looser]
    added = sorted(set(settings.public_roles) - set(policy.public_roles))
    if added:
        found.append(f"aggregates.public_roles with {', '.join(added)} (policy: without)")
    return tuple(found)
