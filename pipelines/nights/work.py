"""What every step of runs by days works with."""

from dataclasses import dataclass

from rich.console import Console

from pipelines.nights.files import Inputs
from pipelines.nights.journal import Journal
from pipelines.options import BeamRun
from pipelines.preflight.watch import Watch
from pipelines.prepare import Opening


@dataclass(frozen=True, slots=True)
class Work:
    """Keys, state and consent of now, the journal of the dataset, its inputs, and how a graph is run and watched."""

    opening: Opening
    journal: Journal
    inputs: Inputs
    engine: BeamRun
    watch: Watch
    console: Console
