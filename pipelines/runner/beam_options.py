"""Beam engine of a run: its runner and flags; flags that would lose data are refused."""

import shlex
import sys
from collections.abc import Mapping, Sequence
from contextlib import redirect_stderr
from dataclasses import dataclass
from enum import StrEnum
from io import StringIO
from typing import Any

import apache_beam as beam
from apache_beam.options.pipeline_options import DirectOptions, GoogleCloudOptions, PipelineOptions, PortableOptions
from apache_beam.runners.portability.fn_api_runner import FnApiRunner
from apache_beam.runners.runner import PipelineResult, PipelineRunner, create_runner
from apache_beam.transforms.environments import SubprocessSDKEnvironment

from pipelines.runner.dataflow import check_dataflow, set_defaults
from pipelines.runner.orphaned_job import JobUnderWayError, find_job
from schemas.errors import RefusedError, UsageError
from transforms.object_store.access_note import AUDIT_HEADER


class RunnerKind(StrEnum):
    """Kind of runner: this process and its children, a job service, or Google's service."""

    HERE = "FnApiRunner"
    JOB_SERVICE = "PortableRunner"
    DATAFLOW = "DataflowRunner"


_NAMES = {
    "": RunnerKind.HERE,
    "DirectRunner": RunnerKind.HERE,
    "FnApiRunner": RunnerKind.HERE,
    "PortableRunner": RunnerKind.JOB_SERVICE,
    "DataflowRunner": RunnerKind.DATAFLOW,
}
_THROUGH_JOB_SERVICE = frozenset({"FlinkRunner", "SparkRunner"})
_NAMED = 24
"""Digits of an id in the name of a job, which may not be long."""
_LOSING_MODE = "multi_threading"
_LOSING_EXPERIMENT = "data_buffer_time_limit_ms"
_PROCESSES = "multi_processing"
_ONE_PROCESS = "in_memory"
_UNDER_WAY_FINISHABLE = (
    "a job of this release is under way; wait for its end, then publish with the same command and --finish"
)


class _Options(PipelineOptions):
    """Beam options that cache their views: Beam asks for the same one at every step of a graph."""

    def view_as(self, cls: type[PipelineOptions]) -> Any:
        """Return the view; all views share their values."""
        views = self.__dict__.setdefault("_views", {})
        if cls not in views:
            views[cls] = super().view_as(cls)
        return views[cls]


@dataclass(frozen=True, slots=True)
class BeamEngine:
    """Runner and flags of Beam graphs; ``processes``: run in child processes."""

    flags: tuple[str, ...]
    where: RunnerKind
    processes: bool = False

    @property
    def options(self) -> PipelineOptions:
        """Return the flags as options, new for each graph, because a runner writes into them."""
        options = _Options(list(self.flags))
        options.view_as(DirectOptions).direct_running_mode = _ONE_PROCESS  # the runner itself names the workers
        if self.where is RunnerKind.DATAFLOW:
            set_defaults(options)
        return options

    @property
    def shares_disk(self) -> bool:
        """Return whether every worker surely sees the folders of this machine."""
        return self.where is RunnerKind.HERE

    @property
    def hands_over(self) -> bool:
        """Return whether only a template is written, whose job Dataflow starts later."""
        return bool(self.options.view_as(GoogleCloudOptions).template_location)

    def runner(self) -> PipelineRunner:
        """Create the runner by name: ``DirectRunner`` may pick an engine that ignores ``direct_*`` flags.

        Worker processes on this machine, if any, are ours (``pipelines/runner/worker.py``).
        """
        if self.where is not RunnerKind.HERE:
            return create_runner(self.where.value)
        if not self.processes:
            return FnApiRunner()
        command = f"{shlex.quote(sys.executable)} -m pipelines.runner.worker"
        return FnApiRunner(default_environment=SubprocessSDKEnvironment.from_command_string(command_string=command))

    def job_options(self, run_id: str, audit: Mapping[str, str]) -> PipelineOptions:
        """Build the options of a job: on Dataflow with its name, unless given, and its audit-log entries.

        A second job of one name is refused by the service while the first one runs.
        """
        options = self.options
        if self.where is RunnerKind.DATAFLOW:
            cloud = options.view_as(GoogleCloudOptions)
            cloud.job_name = cloud.job_name or f"keyveil-{run_id[:_NAMED]}"
            cloud.gcs_custom_audit_entries = (cloud.gcs_custom_audit_entries or {}) | {
                f"{AUDIT_HEADER}{name}": value for name, value in audit.items()
            }
        return options

    def start(self, pipeline: beam.Pipeline, *, finishable: bool) -> PipelineResult:
        """Start a graph; raise ``RefusedError`` where the service runs a job of the same name already.

        ``finishable``: what that job computes can be published with ``--finish``, which runs by days cannot do; for
        these the error is a ``JobUnderWayError``.
        """
        if self.where is not RunnerKind.DATAFLOW:
            return pipeline.run()
        from apache_beam.runners.dataflow.internal.apiclient import DataflowJobAlreadyExistsError  # noqa: PLC0415

        try:
            return pipeline.run()
        except DataflowJobAlreadyExistsError as exists:
            if finishable:
                raise RefusedError(_UNDER_WAY_FINISHABLE) from None
            raise JobUnderWayError(find_job(pipeline, exists)) from None


def select_engine(runner: str, flags: Sequence[str]) -> BeamEngine:
    """Select the Beam engine for a runner name and flags.

    Raises ``UsageError`` for a flag that is unknown or known to lose events, ``RefusedError`` for a runner or a job on
    Dataflow that would not keep what this pipeline promises.
    """
    where = _where(runner)
    _check_flags(flags)
    try:
        with redirect_stderr(StringIO()):  # its parser writes the flags of a whole class
            options = _Options(list(flags))
            options.get_all_options()
        processes = options.view_as(DirectOptions).direct_running_mode == _PROCESSES
    except SystemExit:
        raise UsageError("Beam does not accept the flags behind the double dash; see apache_beam.options") from None
    if where is RunnerKind.JOB_SERVICE and not options.view_as(PortableOptions).job_endpoint:
        raise UsageError("PortableRunner needs the job service: set --job_endpoint=HOST:PORT behind the double dash")
    if where is RunnerKind.DATAFLOW:
        check_dataflow(options)
    elif options.view_as(GoogleCloudOptions).template_location:
        raise UsageError(
            "--template_location hands the graph to Dataflow; leave it out, or set --runner DataflowRunner"
        )
    return BeamEngine(tuple(flags), where, processes)


def _where(runner: str) -> RunnerKind:
    if runner == "DaskRunner":
        raise RefusedError(
            "DaskRunner gives every tagged output the union of all of them, so what was rejected could be released; "
            "use DirectRunner, PortableRunner or DataflowRunner"
        )
    if runner in _THROUGH_JOB_SERVICE:
        raise UsageError(
            f"{runner} would fetch its job service; start one and use --runner PortableRunner with "
            "--job_endpoint=HOST:PORT (untested, see deploy/README.md)"
        )
    if runner not in _NAMES:
        raise UsageError("--runner is DirectRunner, PortableRunner or DataflowRunner; others were not looked at")
    return _NAMES[runner]


def _check_flags(flags: Sequence[str]) -> None:
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
        if flag.startswith("--") and name not in known and name not in _SPELLINGS:
            raise UsageError(f"Beam does not know the flag --{name}; see the flags of apache_beam.options")


_SPELLINGS = frozenset(
    "no_use_public_ips worker_machine_type label experiment extra_package dataflow_service_option "
    "gcs_custom_audit_entry".split()
)
"""Flags whose value has another name in Beam's options."""
