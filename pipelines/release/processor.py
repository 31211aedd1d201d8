"""The kind of processor, of which the last bits of floating point depend (ADR 8)."""

import platform
from pathlib import Path

_CPUINFO = Path("/proc/cpuinfo")
_TELLING = ("avx2", "fma", "avx512f", "avx512_vnni")
"""Extensions by which libraries choose their code."""


def name_processor(machine: str = platform.machine(), cpuinfo: Path = _CPUINFO) -> str:
    """Name architecture and telling extensions of this machine's processor: ``x86_64 avx2 fma``.

    The architecture alone where the system does not say more.
    """
    try:
        lines = cpuinfo.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return machine
    flags = next((line.partition(":")[2].split() for line in lines if line.startswith("flags")), [])
    return " ".join((machine, *(name for name in _TELLING if name in flags)))
