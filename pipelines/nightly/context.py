"""Context shared by the nightly steps."""

from dataclasses import dataclass

from rich.console import Console

from pipelines.nightly.journal import Journal
from pipelines.nightly.new_files import Inputs
from pipelines.preflight.watch import RunWatch
from pipelines.release.prepare import RunContext
from pipelines.runner.beam_options import BeamEngine


@dataclass(frozen=True, slots=True)
class NightlyContext:
    """Keys, state and consent of now, the journal of the dataset, its inputs, and how a graph is run and watched."""

    opening: RunContext
    journal: Journal
    inputs: Inputs
    engine: BeamEngine
    watch: RunWatch
    console: Console
