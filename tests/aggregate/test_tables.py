import dataclasses
import math
from itertools import product
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from schemas.aggregates import AdmittedValues, ExactAggregate, NoisyAggregate
from schemas.errors import UsageError
from schemas.privacy import RunKey
from transforms.aggregate.bounding import CONTRIBUTIONS, SUMS, Bound, bound_contributions
from transforms.aggregate.charges import aggregate_charges, estimate_table
from transforms.aggregate.plan import AggregatePlan, plan_aggregates
from transforms.aggregate.queries import ACTIONS, QUERIES
from transforms.aggregate.settings import AggregateSettings
from transforms.aggregate.statements import aggregate_statements, table_facts
from transforms.aggregate.tables import BY_NAME, add_noise, admit, exact, on_cells, quantiles
from transforms.aggregate.worth import people_for_tables
from transforms.privacy.accountant import epsilon_of

KEY = bytes(range(32))
ADMITTED = AdmittedValues({"app": frozenset({("Mail",)}), "shortcut": frozenset({("Control+c",)})})


def _settings(**changes: Any) -> AggregateSettings:
    return AggregateSettings(**({"naming": True, "counting": True} | changes))


@pytest.fixture(scope="module")
def plan() -> AggregatePlan:
    return plan_aggregates(_settings())


def contributed(*rows: tuple[str, str, str, str | None, int]) -> pa.Table:
    listed = [
        {"query": query, "unit": unit, "key_0": first, "key_1": second, "key_2": None, "count": count}
        for query, unit, first, second, count in rows
    ]
    return pa.Table.from_pylist(listed, schema=CONTRIBUTIONS)


def test_what_was_not_admitted_is_counted_as_other() -> None:
    table = contributed(
        ("actions_per_app", "u", "Mail", "key", 2),
        ("actions_per_app", "u", "Rare A", "key", 3),
        ("actions_per_app", "u", "Rare B", "key", 4),
        ("actions_per_app", "u", "", "key", 1),
        ("actions_per_app", "u", "private", "paste", 1),
        ("shortcuts", "u", "Control+q", None, 1),
        ("field_roles", "u", "textbox", None, 1),
        ("field_roles", "u", "treegrid", None, 1),
        ("rare/app", "u", "Rare A", None, 1),
    )
    found = {
        (row["query"], row["key_0"], row["key_1"]): row["count"]
        for row in on_cells(table, ADMITTED, ["textbox"]).to_pylist()
    }
    assert found == {
        ("actions_per_app", "Mail", "key"): 2,
        ("actions_per_app", "other", "key"): 8,
        ("actions_per_app", "private", "paste"): 1,
        ("shortcuts", "other", None): 1,
        ("field_roles", "textbox", None): 1,
        ("field_roles", "other", None): 1,
    }


def test_every_cell_is_released_whether_anybody_counts_in_it_or_not() -> None:
    for query in QUERIES:
        table = exact(query, SUMS.empty_table(), ADMITTED, ["textbox"]).table
        assert table.column_names == [*(name for name, _ in query.keys), "count"]
        assert set(table["count"].to_pylist()) == {0}
    apps = exact(BY_NAME["actions_per_app"], SUMS.empty_table(), ADMITTED, []).table
    pairs = list(zip(apps["app"].to_pylist(), apps["action"].to_pylist(), strict=True))
    assert pairs == list(product(["Mail", "private", "other"], ACTIONS))


def test_sums_stand_in_their_cells() -> None:
    table = contributed(("session_minutes", "u", "30", None, 1), ("session_minutes", "v", "30", None, 1))
    sums = bound_contributions(table, {"session_minutes": Bound(3, 1)}, KEY)
    found = exact(BY_NAME["session_minutes"], sums, ADMITTED, []).table
    assert found.schema.field("minutes").type == pa.int32()
    assert {row["minutes"]: row["count"] for row in found.to_pylist() if row["count"]} == {30: 2}


def test_noise_is_the_same_for_the_same_table_and_independent_for_another(plan: AggregatePlan) -> None:
    query = BY_NAME["action_transitions"]
    zero = exact(query, SUMS.empty_table(), ADMITTED, [])
    one = ExactAggregate(query.name, zero.table.set_column(2, "count", pa.array([1] + [0] * 99)))
    first = add_noise(zero, plan, KEY).table["count"].to_numpy()
    assert (add_noise(zero, plan, KEY).table["count"].to_numpy() == first).all()
    other = add_noise(one, plan, KEY).table["count"].to_numpy()
    another_key = add_noise(zero, plan, bytes(32)).table["count"].to_numpy()
    renamed = ExactAggregate("shortcuts", zero.table)
    assert np.mean(other == first) < 0.1  # noise of sigma above 1,000: equal in one cell of a hundred has chance 0.03
    assert np.mean(another_key == first) < 0.1
    assert np.mean(add_noise(renamed, plan, KEY).table["count"].to_numpy() == first) < 0.1


def test_the_error_is_the_one_that_was_announced(plan: AggregatePlan) -> None:
    # 60 tables of 100 cells: the mean absolute noise of 6,000 draws is within 6 standard errors of E|X| (false alarm
    # 2e-9); the share beyond ``within_95`` is binomial, 6 standard deviations as well.
    query = BY_NAME["action_transitions"]
    zero = exact(query, SUMS.empty_table(), ADMITTED, [])
    noise = np.concatenate([add_noise(zero, plan, bytes([n]) * 32).table["count"].to_numpy() for n in range(60)])
    told = estimate_table(query, plan)
    spread = told.mean_absolute_error * math.sqrt(math.pi / 2 - 1)
    assert abs(np.abs(noise).mean() - told.mean_absolute_error) < 6 * spread / math.sqrt(len(noise))
    beyond = np.mean(np.abs(noise) > told.within_95)
    assert abs(beyond - 0.05) < 6 * math.sqrt(0.05 * 0.95 / len(noise))


def test_all_tables_together_spend_their_budget_and_not_more(plan: AggregatePlan) -> None:
    settings = plan.settings
    tables = [charge for charge in aggregate_charges(plan) if charge.label.startswith("aggregates/")]
    assert {charge.label for charge in tables} == {f"aggregates/{query.name}" for query in QUERIES}
    delta = settings.tables_delta - sum(charge.delta for charge in tables)
    spent = epsilon_of([step for charge in tables for step in charge.steps], delta)
    assert 0.99 * settings.tables_epsilon < spent <= settings.tables_epsilon
    for query in QUERIES:
        assert estimate_table(query, plan).epsilon < settings.tables_epsilon


def test_admission_spends_its_budget_and_not_more(plan: AggregatePlan) -> None:
    (charge,) = (charge for charge in aggregate_charges(plan) if charge.label == "admitted values")
    spent = epsilon_of(charge.steps, plan.settings.rare_delta - charge.delta)
    assert 0.99 * plan.settings.rare_epsilon < spent <= plan.settings.rare_epsilon


def test_with_few_values_a_user_the_geometric_rule_is_taken() -> None:
    few = _settings(rare_partitions={"app": 1, "host": 1, "role": 0, "session": 0, "shortcut": 0})
    assert "geometric" in aggregate_charges(plan_aggregates(few))[0].mechanism
    assert "Gaussian" in aggregate_charges(plan_aggregates(_settings()))[0].mechanism


def sums_of(**users: int) -> pa.Table:
    rows = [
        {"query": "rare/app", "key_0": name, "key_1": None, "key_2": None, "count": n, "units": n}
        for name, n in users.items()
    ]
    rows.append({"query": "rare/session", "key_0": "Linux", "key_1": None, "key_2": "r", "count": 900, "units": 900})
    return pa.Table.from_pylist(rows, schema=SUMS)


def test_common_values_are_named_and_rare_ones_are_not(plan: AggregatePlan) -> None:
    found = admit(sums_of(Common=5_000, Rare=plan.settings.rare_fewest_users - 1), plan, KEY)
    assert found.of("app") == {("Common",)}
    assert found.of("session") == {("Linux", None, "r")}
    assert found.of("host") == frozenset()


def test_no_population_below_the_floor_names_anything(plan: AggregatePlan) -> None:
    # exactly: tests that release the recordings of fewer people under random keys depend on no luck
    fewest = plan.settings.rare_fewest_users
    assert fewest == 20
    assert {plan.admission.probability(users) for users in range(fewest)} == {0}
    assert plan.admission.probability(fewest) > 0
    for number in range(20):
        key = number.to_bytes(32, "big")
        assert admit(sums_of(A=fewest - 1).slice(0, 1), plan, key).of("app") == frozenset()


def test_the_charge_of_names_says_how_many_users_are_enough(plan: AggregatePlan) -> None:
    assert plan.admission.units_for(0.5) < plan.admission.units_for(0.99)
    (charge,) = (charge for charge in aggregate_charges(plan) if charge.label == "admitted values")
    assert charge.expected_error is not None
    assert f"a value that {plan.admission.units_for(0.5)} users contribute is named with" in charge.expected_error
    assert f"{plan.admission.units_for(0.99)} with 0.99" in charge.expected_error


def test_the_order_of_sums_does_not_decide(plan: AggregatePlan) -> None:
    half = plan.admission.units_for(0.5)
    sums = sums_of(**{f"app{n}": half for n in range(40)})
    backwards = sums.take(list(range(sums.num_rows))[::-1])
    assert admit(backwards, plan, KEY) == admit(sums, plan, KEY)
    assert 0 < len(admit(sums, plan, KEY).of("app")) < 40


def test_quantiles_follow_from_the_histogram() -> None:
    edges = [0, 10, 20, 40]
    table = pa.table({"minutes": pa.array(edges, pa.int32()), "count": pa.array([-7, 50, 50, 0])})
    found = quantiles(NoisyAggregate("session_minutes", table))
    assert found.query == "session_minutes_quantiles"
    assert found.table.to_pydict() == {
        "quantile": [0.1, 0.25, 0.5, 0.75, 0.9],
        "minutes": [12.0, 15.0, 20.0, 30.0, 36.0],
    }
    nothing = pa.table({"minutes": pa.array(edges, pa.int32()), "count": pa.array([-7, -1, 0, 0])})
    assert quantiles(NoisyAggregate("session_minutes", nothing)).table["minutes"].null_count == 5


def test_another_policy_draws_other_noise(plan: AggregatePlan) -> None:
    other = plan_aggregates(_settings(rare_fewest_users=21))
    assert other.digest != plan.digest
    assert plan_aggregates(_settings()).digest == plan.digest
    turned = dict(reversed(plan.tables.items()))
    assert dataclasses.replace(plan, tables=turned).digest == plan.digest


def test_parts_that_are_off_charge_nothing_and_say_so() -> None:
    named = plan_aggregates(_settings(counting=False))
    assert [charge.label for charge in aggregate_charges(named)] == ["admitted values"]
    assert table_facts(named) == {}
    assert [item.epsilon for item in aggregate_statements(named, RunKey.EPHEMERAL)] == [0.48]
    counted = plan_aggregates(_settings(naming=False))
    assert all(charge.label.startswith("aggregates/") for charge in aggregate_charges(counted))
    public, tables = aggregate_statements(counted, RunKey.EPHEMERAL)
    assert (public.epsilon, public.delta, tables.epsilon) == (0.0, 0.0, 0.5)
    assert "no value is admitted" in public.mechanism
    for query in QUERIES:
        assert f"{float(counted.tables[query.name].sigma):,.0f} ({query.name})" in tables.mechanism
    assert f"useful from some {people_for_tables(counted):,} people on" in tables.mechanism
    with pytest.raises(UsageError, match="naming is off"):
        _ = counted.admission
    neither = plan_aggregates(AggregateSettings(naming=False, counting=False))
    assert aggregate_charges(neither) == ()
    assert len({item.digest for item in (named, counted, neither)}) == 3
