"""A last-resort limit on the CPU time of one text, checked between pieces of work.

The cost of a text is bounded by character counts (``markup.LONGEST_UNIT``, ``word_pieces.MOST_PIECES``), so results
do not depend on the speed of a machine: 200,000 characters take 2 CPU seconds, a tenth of this limit.
"""

import time
from collections.abc import Callable

CPU_SECONDS = 20.0
"""Most CPU seconds of one source of a detector on one text."""


class Deadline:
    """The remaining CPU time of one text; waiting does not count."""

    def __init__(self, seconds: float | None = None, clock: Callable[[], float] = time.thread_time) -> None:
        """Start the clock; ``seconds`` defaults to ``CPU_SECONDS``."""
        self._clock = clock
        self._end = clock() + (CPU_SECONDS if seconds is None else seconds)

    def check(self) -> None:
        """Raise ``TimeoutError`` when the time is used up."""
        if self._clock() > self._end:
            raise TimeoutError
