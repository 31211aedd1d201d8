"""A graph runs in a fresh folder, leaves no spill, and is checked before workers elsewhere get it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
from rich.console import Console

from pipelines.runner.beam_options import BeamEngine, RunnerKind
from pipelines.runner.graph_run import GraphRun
from schemas.errors import FailedError

_HERE = BeamEngine((), RunnerKind.HERE)
_QUIET = Console(quiet=True)


@dataclass(frozen=True, slots=True)
class _Elsewhere(BeamEngine):
    """Workers that share no disk; what is started is handed over."""

    @property
    def shares_disk(self) -> bool:
        return False

    @property
    def hands_over(self) -> bool:
        return True

    def start(self, pipeline: beam.Pipeline, *, finishable: bool) -> Any:  # noqa: ARG002 - starts nothing
        return None


@pytest.fixture
def run(tmp_path: Path) -> GraphRun:
    return GraphRun("r1", tmp_path, {})


def test_a_run_begins_in_a_fresh_folder_and_leaves_no_spill(run: GraphRun) -> None:
    run.folder.mkdir(parents=True)
    (run.folder / "left").write_text("of an earlier attempt")
    found: list[list[str]] = []

    def wire(pipeline: beam.Pipeline) -> None:
        found.append(sorted(path.name for path in run.folder.iterdir()))
        assert run.spill(_HERE) == str(run.folder / "spill")
        _ = pipeline | beam.Create([1])

    assert run.execute(_HERE, wire, _QUIET) == ()
    assert found == [["spill", "staging", "temp"]]
    assert list(run.folder.iterdir()) == [run.staging]


def test_a_graph_that_fails_leaves_nothing(run: GraphRun) -> None:
    def wire(_: beam.Pipeline) -> None:
        (run.folder / "spill" / "sealed").write_text("x")
        raise FailedError("no graph")

    with pytest.raises(FailedError, match="no graph"):
        run.execute(_HERE, wire, _QUIET)
    assert not run.folder.exists()


class _Job:
    """A job whose launcher is stopped while it waits; ``told``: what the service was asked for."""

    def __init__(self, told: list[str], *, obeys: bool = True) -> None:
        self.told, self._obeys = told, obeys

    def wait_until_finish(self) -> None:
        raise KeyboardInterrupt

    def cancel(self) -> None:
        self.told.append("cancel")
        if not self._obeys:
            raise ConnectionError


@dataclass(frozen=True, slots=True)
class _Waiting(BeamEngine):
    """An engine that starts a job on this machine or elsewhere."""

    job: _Job = field(default_factory=lambda: _Job([]))
    here: bool = False

    @property
    def shares_disk(self) -> bool:
        return self.here

    def start(self, pipeline: beam.Pipeline, *, finishable: bool) -> Any:  # noqa: ARG002 - starts nothing
        return self.job


@pytest.mark.parametrize(
    ("here", "finishable", "obeys", "asked"),
    [
        (False, False, True, ["cancel"]),
        (False, False, False, ["cancel"]),
        (False, True, True, []),  # another command publishes what it computes
        (True, False, True, []),
    ],
)
def test_a_launcher_that_is_stopped_cancels_a_job_that_nobody_could_finish(
    here: bool, finishable: bool, obeys: bool, asked: list[str], tmp_path: Path
) -> None:
    job = _Job([], obeys=obeys)
    engine = _Waiting((), RunnerKind.HERE, job=job, here=here)
    with pytest.raises(KeyboardInterrupt):
        GraphRun("r1", tmp_path, {}, finishable).execute(engine, lambda pipeline: pipeline | beam.Create([1]), _QUIET)
    assert job.told == asked


def _group(pipeline: beam.Pipeline) -> None:
    _ = pipeline | beam.Create([("who", "what")]) | beam.GroupByKey()


def test_workers_elsewhere_get_no_graph_that_shuffles_clear_data_and_no_spill_folder(run: GraphRun) -> None:
    elsewhere = _Elsewhere((), RunnerKind.HERE)
    assert run.spill(elsewhere) is None
    with pytest.raises(FailedError, match="not sealed"):
        run.execute(elsewhere, _group, _QUIET)
    assert run.execute(_HERE, _group, _QUIET) == ()


def test_a_graph_that_is_handed_over_has_no_counters_yet(run: GraphRun) -> None:
    def wire(pipeline: beam.Pipeline) -> None:
        _ = pipeline | beam.Create([1])

    assert run.execute(_Elsewhere((), RunnerKind.HERE), wire, _QUIET) is None
