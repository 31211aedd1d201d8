"""Parts of the aggregates are on unless fewer people are stated than they need, whatever is recorded."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import UsageError
from transforms.aggregate.charges import aggregate_charges
from transforms.aggregate.plan import plan_aggregates
from transforms.aggregate.settings import AggregateSettings, round_people
from transforms.aggregate.worth import (
    NAMES,
    TABLES,
    LeftOutPart,
    find_unweighed,
    people_for_names,
    people_for_tables,
    plan_worth,
    table_error,
)

_WHOLE = plan_aggregates(AggregateSettings(naming=True, counting=True))


def _off(**settings: object) -> dict[str, int | None]:
    return {part.name: part.from_people for part in plan_worth(AggregateSettings(**settings), None)[1]}  # type: ignore[arg-type]


def test_where_nobody_stated_how_many_people_there_are_all_is_on_and_said_to_be_unweighed() -> None:
    plan, left_out = plan_worth(AggregateSettings(), None)
    assert (replace(plan, settings=_WHOLE.settings), left_out) == (_WHOLE, ())
    assert find_unweighed(AggregateSettings(), plan) == {NAMES: 722, TABLES: 931}


@pytest.mark.parametrize(
    ("settings", "unweighed"),
    [
        (AggregateSettings(people=10), {}),
        (AggregateSettings(people=10**6), {}),
        (AggregateSettings(naming=True, counting=True), {}),
        (AggregateSettings(naming=True), {TABLES: 931}),
        (AggregateSettings(counting=False), {NAMES: 722}),
        (AggregateSettings(naming=False), {TABLES: 931}),
    ],
)
def test_parts_are_unweighed_that_no_number_and_no_setting_decides(
    settings: AggregateSettings, unweighed: dict[str, int]
) -> None:
    assert find_unweighed(settings, plan_worth(settings, None)[0]) == unweighed


def test_with_few_people_stated_nothing_is_charged() -> None:
    plan, left_out = plan_worth(AggregateSettings(people=10), None)
    assert left_out == (LeftOutPart(NAMES, 722), LeftOutPart(TABLES, 931))
    assert (plan.rule, plan.tables, aggregate_charges(plan)) == (None, {}, ())


@pytest.mark.parametrize(
    ("people", "off"),
    [
        (1, {NAMES: 722, TABLES: 931}),
        (720, {NAMES: 722, TABLES: 931}),
        (730, {TABLES: 931}),
        (930, {TABLES: 931}),
        (940, {}),
        (10**9, {}),
    ],
)
def test_a_part_is_on_from_the_people_that_it_needs(people: int, off: dict[str, int]) -> None:
    plan, _ = plan_worth(AggregateSettings(people=people), None)
    assert _off(people=people) == off
    assert (plan.rule is None, not plan.tables) == (NAMES in off, TABLES in off)
    assert bool(aggregate_charges(plan)) is (len(off) < 2)


def test_the_last_person_that_a_part_needs_turns_it_on() -> None:
    # the same budgets, changed until the least number is one that may be stated
    names = next(
        settings
        for epsilon in range(480, 800)
        if people_for_names(plan_aggregates(settings := AggregateSettings(naming=True, rare_epsilon=epsilon / 1000)))
        == round_people(people_for_names(plan_aggregates(settings)))
    )
    least = people_for_names(plan_aggregates(names))
    assert NAMES not in _off(people=least, rare_epsilon=names.rare_epsilon)
    assert _off(people=least - 10, rare_epsilon=names.rare_epsilon)[NAMES] == least


def test_a_setting_decides_whatever_number_is_stated() -> None:
    assert _off(naming=True, counting=True) == {}
    assert _off(naming=True, people=2) == {TABLES: 931}
    assert _off(naming=False, counting=False, people=10**6) == {NAMES: None, TABLES: None}
    plan, _ = plan_worth(AggregateSettings(naming=True, counting=True), None)
    assert plan == _WHOLE


def test_tables_help_from_the_number_at_which_their_median_error_is_a_quarter() -> None:
    least = people_for_tables(_WHOLE)
    assert table_error(_WHOLE, least) <= 0.25 < table_error(_WHOLE, least - 1)


@pytest.mark.parametrize(
    ("people", "stated"), [(1, 1), (99, 99), (100, 100), (101, 100), (1_237, 1_200), (9_999, 9_900)]
)
def test_a_number_of_people_is_a_rough_one(people: int, stated: int) -> None:
    assert round_people(people) == stated
    if people == stated:
        assert AggregateSettings(people=people).people == people
    else:
        with pytest.raises(UsageError, match=rf"aggregates\.people must be a rough number.*state {stated}$"):
            AggregateSettings(people=people)


@pytest.mark.parametrize("people", [0, -10, 10**9 + 10**8, True])
def test_a_number_out_of_range_is_refused_by_name(people: int) -> None:
    with pytest.raises(UsageError, match=r"aggregates\.people must be"):
        AggregateSettings(people=people)


@given(st.integers(1, 10**9))
def test_rounding_keeps_two_digits_and_never_says_more_people_than_there_are(people: int) -> None:
    stated = round_people(people)
    assert stated <= people < stated + 10 ** max(0, len(str(people)) - 2)
    assert round_people(stated) == stated
