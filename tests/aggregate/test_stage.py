"""The stages on Beam, against the functions that they wire."""

from collections.abc import Callable, Iterator
from pathlib import Path

import apache_beam as beam
import pyarrow as pa
import pyarrow.compute as pc
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.util import assert_that

from schemas.aggregates import AdmittedValues, NoisyAggregate
from schemas.safe import SESSIONS_SCHEMA, RedactedSessions
from transforms.aggregate.bounding import add_sums, bound_contributions, merge_contributions
from transforms.aggregate.contributions import contributions
from transforms.aggregate.naming.hide_rare import hide_rare
from transforms.aggregate.partition_selection import Geometric
from transforms.aggregate.plan import AggregatePlan, plan_aggregates
from transforms.aggregate.queries import QUERIES, RARE_PREFIX
from transforms.aggregate.settings import AggregateSettings
from transforms.aggregate.stage import (
    AddTableNoise,
    AdmitValues,
    AggregateKeys,
    BoundAndSum,
    CountActions,
    GroupUnits,
    HideRare,
)
from transforms.aggregate.tables import add_noise, admit, exact, on_cells, quantiles
from transforms.beamkit.coders import register
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.keys.key_set import KeyReference, KeySet, create_key_set
from transforms.privacy.run_key import RunKeyReference, noise_key, run_secret

Build = Callable[..., pa.Table]
RUN_KEY = RunKeyReference("release-1", None)
ROLES = frozenset(AggregateSettings().public_roles)


@pytest.fixture(scope="module")
def plan() -> AggregatePlan:
    """A rule that admits at about 20 users, never below 5: what is tested does not depend on the budget."""
    made = plan_aggregates(AggregateSettings(naming=True, counting=True, rare_fewest_users=5))
    return AggregatePlan(made.settings, None, Geometric(1.0, 1e-6), made.tables)


@pytest.fixture
def exchange(tmp_path: Path) -> ExchangeSettings:
    create_key_set(tmp_path / "keys")
    (tmp_path / "spill").mkdir()
    return ExchangeSettings(KeyReference(f"file:{tmp_path / 'keys'}"), "run", str(tmp_path / "spill"))


@pytest.fixture
def batches(build: Build) -> list[RedactedSessions]:
    """60 people: all use Mail, a third the Ledger, each a tool of their own; two sessions a person in two batches."""

    def rows(number: int) -> list[dict[str, object]]:
        second = "Ledger" if number % 3 == 0 else f"Tool of person {number}"
        keys = [
            {"kind": "key", "action": "down", "key": "a", "t_us": 200_000 * at, "modifiers": []} for at in range(30)
        ]
        copies = [{"kind": "key", "action": "down", "key": "c", "modifiers": ["Control"]}] * (number % 7)
        return [
            {"kind": "focus", "app": "Mail", "url": "https://mail.example/x"},
            *keys,
            {"kind": "focus", "app": second},
            {"kind": "field", "role": "textbox"},
            *copies,
        ]

    def batch(part: int) -> RedactedSessions:
        names = [(f"session-{number}-{part}", f"user-{number}", rows(number)) for number in range(60)]
        headers = [
            {"session": name, "user": user, "os": "Linux" if int(user[5:]) % 2 else user, "recorder": "r"}
            for name, user, _ in names
        ]
        return RedactedSessions(build(*names), None, pa.Table.from_pylist(headers, schema=SESSIONS_SCHEMA))

    return [batch(0), batch(1)]


def by_functions(
    batches: list[RedactedSessions], plan: AggregatePlan, exchange: ExchangeSettings
) -> tuple[AdmittedValues, dict[str, NoisyAggregate]]:
    key = noise_key(run_secret(KeySet.open(exchange.keys), RUN_KEY), plan.digest)
    whole = merge_contributions([contributions(batch, None, plan.settings.public_roles) for batch in batches])
    rare = whole.filter(pc.starts_with(whole["query"], RARE_PREFIX))
    admitted = admit(bound_contributions(rare, plan.rare_bounds, key), plan, key)
    sums = add_sums(
        [bound_contributions(on_cells(whole, admitted, plan.settings.public_roles), plan.table_bounds, key)]
    )
    noisy = {}
    for query in QUERIES:
        noisy[query.name] = add_noise(exact(query, sums, admitted, plan.settings.public_roles), plan, key)
        if query.bins:
            derived = quantiles(noisy[query.name])
            noisy[derived.query] = derived
    return admitted, noisy


class _Give(beam.DoFn):
    """Stands where the redaction does: its output is not encoded."""

    def __init__(self, batches: list[RedactedSessions]) -> None:
        self._batches = batches

    def process(self, element: int) -> Iterator[RedactedSessions]:
        yield self._batches[element]


def graph(
    pipeline: beam.Pipeline, batches: list[RedactedSessions], plan: AggregatePlan, exchange: ExchangeSettings
) -> tuple[beam.PCollection[AdmittedValues], beam.PCollection[NoisyAggregate]]:
    keys = AggregateKeys(exchange.keys, RUN_KEY)
    numbers = pipeline | beam.Create(range(len(batches)))
    sessions = numbers | beam.ParDo(_Give(batches)).with_output_types(RedactedSessions)
    units = sessions | CountActions(plan) | GroupUnits(exchange, 4)
    admitted = units | AdmitValues(plan, keys, exchange)
    tables = units | BoundAndSum(plan, keys, exchange, admitted) | AddTableNoise(plan, keys)
    return admitted, tables


@pytest.mark.parametrize(
    "flags",
    [
        (),
        ("--direct_runner_bundle_repeat=2",),
        ("--direct_num_workers=2", "--direct_running_mode=multi_processing"),
    ],
)
def test_beam_gives_what_the_functions_give(
    flags: tuple[str, ...], batches: list[RedactedSessions], plan: AggregatePlan, exchange: ExchangeSettings
) -> None:
    # one person's tool is named with probability 0, what all 60 use with 1: no luck, whatever the key
    assert (plan.admission.probability(1), plan.admission.probability(60)) == (0, 1)
    expected_values, expected_tables = by_functions(batches, plan, exchange)
    assert expected_values.of("app") >= {("Mail",)}
    assert not any("Tool" in str(value) for value in expected_values.of("app"))

    def check_values(found: list[AdmittedValues]) -> None:
        assert found == [expected_values]

    def check_tables(found: list[NoisyAggregate]) -> None:
        assert sorted(item.query for item in found) == sorted(expected_tables)
        assert all(item.table.equals(expected_tables[item.query].table) for item in found)

    register()
    with beam.Pipeline("FnApiRunner", PipelineOptions(list(flags), pipeline_type_check=True)) as pipeline:
        values, tables = graph(pipeline, batches, plan, exchange)
        assert_that(values, check_values, label="values")
        assert_that(tables, check_tables, label="tables")
    resting = b"".join(path.read_bytes() for path in Path(str(exchange.spill)).iterdir())
    # four bytes alone, such as Mail, are met by chance in one of 30,000 runs
    assert not any(word in resting for word in (b"mail.example", b"Tool of person", b"user-11"))


def test_without_any_session_there_are_still_all_tables(plan: AggregatePlan, exchange: ExchangeSettings) -> None:
    def check_values(found: list[AdmittedValues]) -> None:
        assert [value for item in found for value in item.values.values()] == [frozenset()] * 5

    def check_tables(found: list[NoisyAggregate]) -> None:
        assert {item.query for item in found} >= {query.name for query in QUERIES}
        assert all(item.table.num_rows for item in found)

    register()
    with beam.Pipeline("FnApiRunner") as pipeline:
        values, tables = graph(pipeline, [], plan, exchange)
        assert_that(values, check_values, label="values")
        assert_that(tables, check_tables, label="tables")


def test_sessions_come_out_with_admitted_values_alone(batches: list[RedactedSessions], plan: AggregatePlan) -> None:
    admitted = AdmittedValues({"app": frozenset({("Mail",)})})
    expected = [hide_rare(batch, admitted, ROLES) for batch in batches]
    assert {word for batch in expected for word in batch.table["app"].to_pylist()} == {"Mail", "other", None}

    def check(found: list[list[object]]) -> None:
        columns = [[batch.table["app"].to_pylist(), batch.table["url"].to_pylist()] for batch in expected]
        assert sorted(found, key=str) == sorted(columns, key=str)

    register()
    with beam.Pipeline("FnApiRunner") as pipeline:
        values = pipeline | "Values" >> beam.Create([admitted])
        sessions = pipeline | beam.Create(range(2)) | beam.ParDo(_Give(batches)).with_output_types(RedactedSessions)
        shown = sessions | HideRare(plan.settings.public_roles, values) | beam.Map(_shown)
        assert_that(shown, check)


def _shown(sessions: RedactedSessions) -> list[object]:
    return [sessions.table["app"].to_pylist(), sessions.table["url"].to_pylist()]
