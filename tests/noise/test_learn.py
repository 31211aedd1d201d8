"""Learning inside a pipeline: the same noise however the work is shared out, and nothing clear between workers."""

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.util import assert_that

from schemas.aggregates import ExactAggregate, NoisyAggregate
from schemas.privacy import PrivacyUnit
from schemas.safe import RedactedSessions, SafeSessions
from tests.support.false_alarms import bound_other_model
from transforms.beamkit.checkpoint import CheckpointSessions, ResumeSessions
from transforms.beamkit.coders import register
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.keys.key_set import KeyReference, KeySet, create_key_set
from transforms.noise.add_noise import add_noise
from transforms.noise.plan import NoisePlan
from transforms.noise.population.learn import Learning, add_noise_to, bounded_sum, exact, model_of
from transforms.noise.population.model import PopulationModel
from transforms.noise.population.observed_times import COUNTS_SCHEMA, counts, merge_counts
from transforms.noise.population.quantities import BINS, FIRST_CELL, Quantity
from transforms.noise.settings import NoiseSettings
from transforms.noise.stage import AddNoise, LearningPlan, LearnPopulation
from transforms.privacy.mechanisms import Sigma
from transforms.privacy.run_key import RunKeyReference, noise_key, run_secret

Row = dict[str, Any]
DERIVED = RunKeyReference("release-1", None)
USERS = 12


@pytest.fixture(autouse=True)
def _registered() -> None:
    register()


@pytest.fixture
def batches(build: Callable[..., pa.Table], stroke: Callable[..., Row]) -> list[RedactedSessions]:
    """Two sessions of each user, in different batches."""

    def session(seed: int) -> list[Row]:
        drawn, t_us, rows = random.Random(seed), 0, []
        for letter in drawn.choices("abcdefgh", k=60):
            t_us += drawn.randint(100_000, 300_000)
            rows += [stroke("down", letter, t_us), stroke("up", letter, t_us + drawn.randint(50_000, 99_000))]
        return rows

    names = tuple(f"person-{number}" for number in range(USERS))
    halves = [(names[: USERS // 2], 0), (names[USERS // 2 :], 1), (names[USERS // 3 :], 2), (names[: USERS // 3], 3)]
    return [
        RedactedSessions(build(*(session(100 * part + at) for at in range(len(some))), names=some))
        for some, part in halves
    ]


@pytest.fixture
def learning(make_plan: Callable[..., NoisePlan], tmp_path: Path) -> LearningPlan:
    create_key_set(tmp_path / "keys")
    (tmp_path / "spill").mkdir()
    keys = KeyReference(f"file:{tmp_path / 'keys'}")
    learned = Learning(PrivacyUnit.USER, (Sigma(20, 1),) * len(Quantity), 6)
    plan = make_plan(NoiseSettings(model="learn"), learning=learned)
    exchange = ExchangeSettings(keys, "run", str(tmp_path / "spill"))
    return LearningPlan(plan, learned, keys, DERIVED, exchange, 3)


def exact_sums(batches: list[RedactedSessions]) -> ExactAggregate:
    """Sum by the pure functions, in one piece."""
    seen = (counts(item.table, PrivacyUnit.USER) for item in batches)
    return exact([bounded_sum(merge_counts([COUNTS_SCHEMA.empty_table(), *seen]))])


def expected(batches: list[RedactedSessions], plan: LearningPlan) -> NoisyAggregate:
    """Add the noise of the plan to those sums."""
    key = noise_key(run_secret(KeySet.open(plan.keys), plan.run_key), plan.noise.digest)
    return add_noise_to(exact_sums(batches), plan.learning, key)


def pipeline(*flags: str) -> beam.Pipeline:
    return beam.Pipeline("FnApiRunner", PipelineOptions(list(flags), pipeline_type_check=True))


class _Give(beam.DoFn):
    """Makes batches inside the pipeline: they have no coder that would encode them."""

    def __init__(self, batches: list[RedactedSessions]) -> None:
        self._tables = [item.table for item in batches]

    def process(self, element: int) -> Any:
        yield RedactedSessions(self._tables[element])


def given(p: beam.Pipeline, batches: list[RedactedSessions]) -> beam.PCollection[RedactedSessions]:
    numbers = p | beam.Create(list(range(len(batches))))
    return numbers | beam.ParDo(_Give(batches)).with_output_types(RedactedSessions)


class _Record(beam.DoFn):
    """Write every attempt: Beam itself shows only the last."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def process(self, element: NoisyAggregate) -> None:
        taken = len(list(Path(self._folder).iterdir()))
        (Path(self._folder) / f"{taken}").write_text(str(element.table["value"].to_pylist()))


@pytest.mark.parametrize("flags", [(), ("--direct_runner_bundle_repeat=2",)])
def test_workers_buckets_and_repeats_give_the_noise_of_the_whole(
    flags: tuple[str, ...], batches: list[RedactedSessions], learning: LearningPlan, tmp_path: Path
) -> None:
    attempts = tmp_path / "attempts"
    attempts.mkdir()
    with pipeline(*flags) as p:
        learned = given(p, batches) | LearnPopulation(learning)
        learned.noisy | beam.ParDo(_Record(str(attempts)))
    wanted = expected(batches, learning)
    drawn = [path.read_text() for path in attempts.iterdir()]
    assert len(drawn) == (3 if flags else 1)
    assert set(drawn) == {str(wanted.table["value"].to_pylist())}
    values = exact_sums(batches).table["value"].to_pylist()
    masses = {item: sum(values[FIRST_CELL[item] : FIRST_CELL[item] + BINS[item]]) for item in Quantity}
    assert bound_other_model(learning.learning, masses) < 1e-12  # the false alarm of the next line, whatever the key
    assert set(model_of(wanted, 6).learned) == {Quantity.INTERVAL_LETTER, Quantity.DWELL_LETTER}


def test_nobody_gives_noise_too(learning: LearningPlan) -> None:
    assert bound_other_model(learning.learning, {}) < 1e-12  # the false alarm of this test

    def check(found: list[PopulationModel]) -> None:
        assert [item.learned for item in found] == [{}]

    with pipeline() as p:
        learned = given(p, []) | LearnPopulation(learning)
        assert_that(learned.model, check)


@pytest.mark.parametrize("flags", [(), ("--direct_num_workers=2", "--direct_running_mode=multi_processing")])
def test_sessions_wait_for_the_model_and_nothing_clear_rests_or_moves(
    flags: tuple[str, ...], batches: list[RedactedSessions], learning: LearningPlan, tmp_path: Path
) -> None:
    key = noise_key(run_secret(KeySet.open(learning.keys), DERIVED), learning.noise.digest)
    model = model_of(expected(batches, learning), 6)
    wanted = [add_noise(item, learning.noise, model, key).table.to_pylist() for item in batches]

    def check(found: list[SafeSessions]) -> None:
        assert sorted(str(item.table.to_pylist()) for item in found) == sorted(map(str, wanted))

    with pipeline(*flags) as p:
        sessions = given(p, batches)
        learned = sessions | LearnPopulation(learning)
        held = sessions | CheckpointSessions(learning.exchange) | ResumeSessions(learning.exchange)
        side = beam.pvalue.AsSingleton(learned.model)
        noised = held | AddNoise(learning.noise, learning.keys, DERIVED, side)
        assert_that(noised.sessions, check)
    resting = [path.read_bytes() for path in (tmp_path / "spill").iterdir()]
    assert resting
    assert not any(b"person-" in content for content in resting)
