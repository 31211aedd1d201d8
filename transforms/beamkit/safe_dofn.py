"""Base DoFn whose errors quote no record.

A runner sends the text of an error to its log: on Dataflow to a place with other readers than the restricted bucket.
"""

import functools
import inspect
from collections.abc import Callable, Iterator
from pathlib import Path
from types import TracebackType
from typing import Any

import apache_beam as beam
from apache_beam.metrics import Metrics

from schemas.errors import FailedError, KeyveilError
from transforms.beamkit.metrics import METRICS

_HOME = Path(__file__).resolve().parents[2]
_ELEMENTS = Metrics.counter(METRICS, "elements")
_CALLED = ("setup", "start_bundle", "process", "finish_bundle", "teardown")


class SafeErrorDoFn(beam.DoFn):
    """DoFn that replaces every unexpected error by its type and the line of our code that raised it.

    Counts the elements that each step processes among Beam's metrics.
    """

    def __init_subclass__(cls, **words: Any) -> None:
        super().__init_subclass__(**words)
        for name in _CALLED:
            if name in vars(cls):
                setattr(cls, name, _hide_errors(vars(cls)[name]))


def _hide_errors(method: Callable[..., Any]) -> Callable[..., Any]:
    """Wrap ``method`` to replace unexpected errors; keep its signature, which Beam inspects."""
    counted = method.__name__ == "process"
    if inspect.isgeneratorfunction(method):

        @functools.wraps(method)
        def yields(*values: Any, **words: Any) -> Iterator[Any]:
            try:
                if counted:
                    _ELEMENTS.inc()
                yield from method(*values, **words)
            except KeyveilError:
                raise
            except Exception as error:  # noqa: BLE001 - a message may quote a record
                raise _defect(error) from None

        return yields

    @functools.wraps(method)
    def returns(*values: Any, **words: Any) -> Any:
        try:
            return method(*values, **words)
        except KeyveilError:
            raise
        except Exception as error:  # noqa: BLE001 - a message may quote a record
            raise _defect(error) from None

    return returns


def _defect(error: Exception) -> FailedError:
    return FailedError(
        f"a step failed ({type(error).__name__}{_place(error.__traceback__)}); nothing was published: run again, and "
        "report it if it happens again"
    )


def _place(traceback: TracebackType | None) -> str:
    """Find the innermost line of our code in a traceback, as ', FILE:LINE'; empty if there is none."""
    found = ""
    while traceback is not None:
        path = Path(traceback.tb_frame.f_code.co_filename)
        if path.is_relative_to(_HOME) and path != Path(__file__):
            found = f", {path.relative_to(_HOME)}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return found
