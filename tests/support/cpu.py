"""CPU time of a piece of a test, for what must not stall on a hostile text."""

import gc
import time
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def under_cpu_seconds(most: float) -> Iterator[None]:
    """Fail where the body takes more CPU time than it may; a body that tries all ways of splitting takes years.

    Its own thread counts alone, and garbage is collected later: what earlier tests left behind is not its work.
    """
    gc.disable()
    try:
        begun = time.thread_time()
        yield
        took = time.thread_time() - begun
    finally:
        gc.enable()
    assert took < most
