"""Beam's own flags: which are passed on, which are refused because they lose data, and the runner of a local run."""

import shlex
import sys
from collections.abc import Sequence
from dataclasses import dataclass

from apache_beam.options.pipeline_options import DirectOptions, PipelineOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.transforms.environments import SubprocessSDKEnvironment

from schemas.errors import UsageError

_LOCAL_NAMES = frozenset({"", "DirectRunner", "FnApiRunner"})
_LOSING_MODE = "multi_threading"
_LOSING_EXPERIMENT = "data_buffer_time_limit_ms"
_PROCESSES = "multi_processing"
_ONE_PROCESS = "in_memory"


@dataclass(frozen=True, slots=True)
class LocalRun:
    """How Beam runs a graph on this machine."""

    options: PipelineOptions
    processes: bool

    def runner(self) -> FnApiRunner:
        """Return Beam's in-process runner by name: ``DirectRunner`` may pick an engine that ignores ``direct_*`` flags.

        Its worker processes, if any, are ours (``pipelines/worker.py``).
        """
        if not self.processes:
            return FnApiRunner()
        command = f"{shlex.quote(sys.executable)} -m pipelines.worker"
        return FnApiRunner(default_environment=SubprocessSDKEnvironment.from_command_string(command_string=command))


def local_run(runner: str, flags: Sequence[str]) -> LocalRun:
    """Return how Beam runs locally; raise ``UsageError`` for a flag that is known to lose events."""
    if runner not in _LOCAL_NAMES:
        raise UsageError("this version runs locally; use --runner DirectRunner")
    joined = " ".join(flags)
    if _LOSING_MODE in joined:
        raise UsageError(
            "--direct_running_mode=multi_threading loses events in Beam 2.77; use in_memory or multi_processing"
        )
    if _LOSING_EXPERIMENT in joined:
        raise UsageError("--experiments=data_buffer_time_limit_ms loses events in Beam 2.77; leave it out")
    if any(flag.startswith("--runner") for flag in flags):
        raise UsageError("name the runner with keyveil's own --runner, before the double dash")
    known = PipelineOptions().get_all_options()
    for flag in flags:
        name = flag.removeprefix("--").split("=", 1)[0]
        if flag.startswith("--") and name not in known:
            raise UsageError(f"Beam does not know the flag --{name}; see the flags of apache_beam.options")
    try:
        options = PipelineOptions(list(flags))
        direct = options.view_as(DirectOptions)
        processes = direct.direct_running_mode == _PROCESSES
    except SystemExit:
        raise UsageError("Beam does not accept the flags behind the double dash; see apache_beam.options") from None
    direct.direct_running_mode = _ONE_PROCESS  # the runner itself names the workers
    return LocalRun(options, processes)
