"""A job whose launcher is gone is cancelled and waited for; one that goes on stops the run."""

from typing import Any

import pytest
from apache_beam.runners.runner import PipelineState

from pipelines.runner.orphaned_job import JobUnderWayError, end_job
from schemas.errors import RefusedError


class _Job:
    """A job that is over when it was asked for its state ``asked`` times after it was cancelled."""

    def __init__(self, asked: int, *, obeys: bool = True) -> None:
        self._left, self._obeys, self.was_cancelled = asked, obeys, False

    def cancel(self) -> None:
        if not self._obeys:
            raise PermissionError
        self.was_cancelled = True

    @property
    def state(self) -> str:
        self._left -= self.was_cancelled
        return PipelineState.RUNNING if self._left > 0 else PipelineState.CANCELLED


@pytest.mark.parametrize("asked", [1, 180])
def test_a_job_is_cancelled_and_waited_for(asked: int) -> None:
    job: Any = _Job(asked)
    waited: list[float] = []
    end_job(job, waited.append)
    assert job.was_cancelled
    assert waited == [10.0] * (asked - 1)


@pytest.mark.parametrize("job", [None, _Job(181), _Job(1, obeys=False)])
def test_a_job_that_goes_on_is_told_of(job: Any) -> None:
    with pytest.raises(RefusedError, match="could not be cancelled"):
        end_job(job, lambda _: None)
    assert str(JobUnderWayError(job)).startswith("a job of this night or window is under way")
