"""DoFns whose errors quote no record.

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
    """A DoFn of ours: what its methods raise leaves them as a sentence with the kind and the place, nothing more.

    Every element that a step takes is counted among Beam's metrics.
    """

    def __init_subclass__(cls, **words: Any) -> None:
        super().__init_subclass__(**words)
        for name in _CALLED:
            if name in vars(cls):
                setattr(cls, name, _hide_errors(vars(cls)[name]))


def _hide_errors(method: Callable[..., Any]) -> Callable[..., Any]:
    """Return ``method`` with its signature, which Beam reads, and with errors that quote nothing."""
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
        "report it where it stays"
    )


def _place(traceback: TracebackType | None) -> str:
    """Return where in our code an error was raised last, as ', FILE:LINE'."""
    found = ""
    while traceback is not None:
        path = Path(traceback.tb_frame.f_code.co_filename)
        if path.is_relative_to(_HOME) and path != Path(__file__):
            found = f", {path.relative_to(_HOME)}:{traceback.tb_lineno}"
        traceback = traceback.tb_next
    return found
