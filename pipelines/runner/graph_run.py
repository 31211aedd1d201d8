"""Run of a Beam graph: wired in a fresh local folder, checked, started, and waited for."""

from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import apache_beam as beam
from apache_beam.runners.runner import PipelineResult
from rich.console import Console

from pipelines.observe.event_log import tell
from pipelines.observe.otlp_metrics import step_counts
from pipelines.observe.progress_bar import show_progress
from pipelines.observe.summary import StepCount
from pipelines.runner.beam_options import BeamEngine
from pipelines.runner.orphaned_job import JobUnderWayError, end_job
from pipelines.runner.shuffle_check import check_graph
from pipelines.state.run_folders import SPILL, STAGING, open_run_folder, run_folder
from transforms.object_store.access_note import note_accesses


@dataclass(frozen=True, slots=True)
class GraphRun:
    """A graph to run: the id and audit-log entries of its job, and the local folder of private state.

    ``finishable``: what the job computes can be published by another command.
    """

    run_id: str
    state: Path
    audit: Mapping[str, str]
    finishable: bool = False

    @property
    def folder(self) -> Path:
        """Return the folder of the run alone."""
        return run_folder(self.state, self.run_id)

    @property
    def staging(self) -> Path:
        """Return the folder of the shards that workers on this machine write."""
        return self.folder / STAGING

    def spill(self, engine: BeamEngine) -> str | None:
        """Return the folder of sealed spill files; ``None`` where workers do not share this disk."""
        return str(self.folder / SPILL) if engine.shares_disk else None

    def execute(
        self, engine: BeamEngine, wire: Callable[[beam.Pipeline], None], console: Console
    ) -> tuple[StepCount, ...] | None:
        """Run the graph that ``wire`` makes and return Beam's counters; ``None``: it was handed over to the service.

        Raises ``FailedError`` where it would hand workers elsewhere anything clear. No spill is left, whatever happens.
        A job of a launcher that is gone is cancelled first, unless it is ``finishable``.
        """
        note_accesses(self.audit)
        with open_run_folder(self.state, self.run_id):
            pipeline = self._build(engine, wire)
            with show_progress(console):
                try:
                    started = engine.start(pipeline, finishable=self.finishable)
                except JobUnderWayError as orphan:
                    end_job(orphan.job)
                    tell("job cancelled", {})
                    started = engine.start(self._build(engine, wire), finishable=self.finishable)
                if engine.hands_over:
                    return None
                self._wait(started, engine)
            return step_counts(started)

    def _build(self, engine: BeamEngine, wire: Callable[[beam.Pipeline], None]) -> beam.Pipeline:
        pipeline = beam.Pipeline(runner=engine.runner(), options=engine.job_options(self.run_id, self.audit))
        wire(pipeline)
        if not engine.shares_disk:
            check_graph(pipeline)
        return pipeline

    def _wait(self, started: PipelineResult, engine: BeamEngine) -> None:
        """Wait for the end of a graph; cancel a job elsewhere whose results nobody could publish after this process."""
        try:
            started.wait_until_finish()
        except BaseException:
            if not engine.shares_disk and not self.finishable:
                with suppress(Exception):  # what stopped the wait is the error to tell
                    started.cancel()
            raise
