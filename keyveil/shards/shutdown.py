"""Lets a process end while a scan is half read.

Threads of pyarrow read ahead and call back into Python to open the next shard. A call that comes when the interpreter
is already shutting down never returns, and the process would wait for it for ever. So from the moment of leaving no
shard is opened any more, and the process ends once no such call has come for a moment: longer on a busy machine, which
runs threads late.
"""

import atexit
import time

from schemas.errors import FailedError

_QUIET_S = 0.3
_RECENT_S = 5.0
_LONGEST_S = 10.0
_STEP_S = 0.02
_LAGS = 20
"""The moment in multiples of the longest delay with which this thread was run."""


class _Calls:
    """Time of the last opening of a shard (``time.monotonic``), and a flag that the process is leaving."""

    last = float("-inf")
    leaving = False


def note_call() -> None:
    """Remember that a scan opens a shard; raise ``FailedError`` where the process is ending."""
    _Calls.last = time.monotonic()
    if _Calls.leaving:
        raise FailedError("the process is ending; the scan was stopped")


@atexit.register
def _leave() -> None:
    _Calls.leaving = True
    begun = now = time.monotonic()
    if begun - _Calls.last >= _RECENT_S:
        return
    quiet = _QUIET_S
    while now - max(_Calls.last, begun) < quiet and now - begun < _LONGEST_S:
        time.sleep(_STEP_S)
        before, now = now, time.monotonic()
        quiet = max(quiet, _LAGS * (now - before - _STEP_S))
