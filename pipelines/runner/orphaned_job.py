"""Job on Dataflow that outlived its launcher: the next launcher cancels it and starts its own."""

import re
import time
from collections.abc import Callable
from contextlib import suppress

from apache_beam.pipeline import Pipeline
from apache_beam.runners.runner import PipelineResult, PipelineState

from schemas.errors import RefusedError

_POLL_S = 10.0
_POLLS = 180
"""Half an hour in all: cancelling takes the service minutes."""
_NAMED = re.compile(r"with id: (\S+)\. ")
"""Id of the job in the error of Beam 2.77, which has no field for it."""
_STAYS = (
    "a job of this night or window is under way and could not be cancelled; wait for its end or cancel it "
    "(gcloud dataflow jobs cancel), then give the same command again"
)


class JobUnderWayError(RefusedError):
    """Error of a launch for which a job of the same name runs already; ``job``: that job, ``None`` if it is unknown."""

    def __init__(self, job: PipelineResult | None) -> None:
        super().__init__(_STAYS)
        self.job = job


def find_job(pipeline: Pipeline, error: Exception) -> PipelineResult | None:
    """Find the job that an error of Beam's Dataflow runner names; ``None`` if the service does not show it."""
    from apache_beam.runners.dataflow.dataflow_runner import DataflowPipelineResult  # noqa: PLC0415 - only on Dataflow

    named = _NAMED.search(str(error))
    with suppress(Exception):  # without the job the launch is refused
        if named is not None:
            return DataflowPipelineResult(pipeline.runner.dataflow_client.get_job(named[1]), pipeline.runner)
    return None


def end_job(job: PipelineResult | None, sleep: Callable[[float], None] = time.sleep) -> None:
    """Cancel a job and wait until it is over; raise ``RefusedError`` if that fails or takes over half an hour.

    Nothing of it is lost that could be published: each attempt at a night has results of its own. If its launcher is
    alive after all, that one ends with exit code 4 and has recorded nothing.
    """
    if job is not None:
        with suppress(Exception):  # whatever stands against it: the job stays
            job.cancel()
            for _ in range(_POLLS):
                if PipelineState.is_terminal(job.state):
                    return
                sleep(_POLL_S)
    raise RefusedError(_STAYS)
