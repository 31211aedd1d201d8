"""What every step of runs by days works with."""

from dataclasses import dataclass

from rich.console import Console

from pipelines.nightly.journal import Journal
from pipelines.nightly.new_files import Inputs
from pipelines.preflight.guard import Watch
from pipelines.release.prepare import Opening
from pipelines.runner.beam_options import BeamRun


@dataclass(frozen=True, slots=True)
class Work:
    """Keys, state and consent of now, the journal of the dataset, its inputs, and how a graph is run and watched."""

    opening: Opening
    journal: Journal
    inputs: Inputs
    engine: BeamRun
    watch: Watch
    console: Console
