"""The last resort against a text that takes too long: CPU time of this thread, looked at between pieces of work.

What a text may cost is bounded by counts of characters (``layout.LONGEST_UNIT``, ``union.MOST_PIECES``), so that
results do not depend on how fast a machine is: 200,000 characters take 2 CPU seconds, the limit is ten times that.
"""

import time
from collections.abc import Callable

CPU_SECONDS = 20.0
"""What one source of a detector may spend on one text."""


class Deadline:
    """The CPU time that is left for one text; time in which the thread waits does not count."""

    def __init__(self, seconds: float | None = None, clock: Callable[[], float] = time.thread_time) -> None:
        """Start the clock; ``seconds`` is ``CPU_SECONDS`` where it is left out."""
        self._clock = clock
        self._end = clock() + (CPU_SECONDS if seconds is None else seconds)

    def check(self) -> None:
        """Raise ``TimeoutError`` where the time is spent."""
        if self._clock() > self._end:
            raise TimeoutError
