"""``kill -9`` of a child of this process just before one of its own changes to the disk."""

import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

_CHANGES = frozenset({"open", "os.link", "os.rename", "os.remove", "os.mkdir", "os.rmdir"})
KILLED = -signal.SIGKILL


def in_child(act: Callable[[], int]) -> int:
    """Run ``act`` in a fork of this process; return its result as an exit code, -9 where it was killed."""
    child = os.fork()
    if child == 0:
        code = 99
        try:
            code = act()
        finally:
            os._exit(code)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def kill_before(folder: Path, at: int) -> None:
    """Kill this process before its ``at``-th change below ``folder``: a file made, linked, renamed or removed."""
    _watch(folder, lambda made: os.kill(os.getpid(), signal.SIGKILL) if made == at else None)


def changes(folder: Path, act: Callable[[], int], count: Path) -> int:
    """Return how many changes below ``folder`` a whole ``act`` makes; ``count`` is a scratch file elsewhere."""

    def counted() -> int:
        made = [0]
        _watch(folder, lambda number: made.__setitem__(0, number))
        code = act()
        count.write_text(str(made[0]), encoding="utf-8")
        return code

    code = in_child(counted)
    if code:
        raise AssertionError(f"the command that is to be killed fails by itself ({code})")
    return int(count.read_text(encoding="utf-8"))


def _watch(folder: Path, told: Callable[[int], None]) -> None:
    inside, made = str(folder), 0

    def hook(event: str, arguments: tuple[object, ...]) -> None:
        nonlocal made
        if event not in _CHANGES or not str(arguments[0]).startswith(inside):
            return
        if event == "open" and not int(str(arguments[2] or 0)) & (os.O_WRONLY | os.O_RDWR):
            return
        made += 1
        told(made)

    sys.addaudithook(hook)
