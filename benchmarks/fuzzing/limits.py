"""Time and memory that reading an input may cost, measured on Linux."""

import signal
import time
from collections.abc import Callable
from pathlib import Path

_MIB = 1 << 20
_STATUS, _RESET = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_FREE_BYTES, _MEMORY_RATIO = 64 * _MIB, 50
"""Bytes that reading any input may take, and further ones for each byte of it."""

_LONGEST_S = 20
"""CPU seconds after which the system ends the process: a hang in a library."""


def find_excess(size: int, work: Callable[[], str | None]) -> str | None:
    """Do some work on an input of ``size`` bytes; return what is wrong, ``None`` where nothing is.

    More than a second of CPU and one a mebibyte is slow; more than 64 MiB and fifty times the input is large.
    """
    _RESET.write_text("5")  # forget the highest use of memory so far (proc(5))
    before, began = _read_kib("VmRSS"), time.process_time()
    # not RLIMIT_CPU, which counts ticks since the process began: they are wrong by 20 s after some minutes of load
    signal.setitimer(signal.ITIMER_PROF, _LONGEST_S)
    flaw = work()
    signal.setitimer(signal.ITIMER_PROF, 0)
    if flaw is None and time.process_time() - began > 1 + size / _MIB:
        return "slow"
    if flaw is None and (_read_kib("VmHWM") - before) * 1024 > _FREE_BYTES + size * _MEMORY_RATIO:
        return "large"
    return flaw


def _read_kib(name: str) -> int:
    status = _STATUS.read_text(encoding="ascii")
    return int(status.partition(f"{name}:")[2].split(maxsplit=1)[0])
