"""How often Python looks for garbage in cycles.

By default after every 700 new objects, and again and again among all that modules and models are made of: 1.6 of 25 CPU
seconds of a run. A run makes few cycles; what it drops is freed by reference counts.
"""

import gc

_THRESHOLDS = (50_000, 20, 50)


def collect_seldom() -> None:
    """Make this process look for cycles seldom."""
    gc.set_threshold(*_THRESHOLDS)
