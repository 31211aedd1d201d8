"""Memory settings of a process.

By default Python looks for garbage in cycles after every 700 new objects, and again and again among all that modules
and models are made of: 1.6 of 25 CPU seconds of a run. A run makes few cycles; what it drops is freed by reference
counts. Arrow's own allocators return what is freed and take it again, page by page; the system's keeps some of it,
which saves a third of the time in the kernel, 2 % of all CPU time, and 40 to 60 MiB at the peak of a run.
"""

import gc
import os

_THRESHOLDS = (50_000, 20, 50)


def settle_memory() -> None:
    """Set a rare garbage collection and one allocator, for this process and its children; before Arrow is loaded."""
    gc.set_threshold(*_THRESHOLDS)
    os.environ.setdefault("ARROW_DEFAULT_MEMORY_POOL", "system")
