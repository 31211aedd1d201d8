"""CPU time of a piece of a test, for what must not stall on a hostile text."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def under_cpu_seconds(most: float) -> Iterator[None]:
    """Fail where the body takes more CPU time than it may; a body that tries all ways of splitting takes years."""
    begun = time.process_time()
    yield
    assert time.process_time() - begun < most
