"""Private folders of runs: made for one run, removed with it, and swept by the next where its process is gone."""

import fcntl
import os
import shutil
import signal
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from transforms.object_store.atomic_files import LOCKS, make_folders

SPILL, STAGING, _TEMPORARY = "spill", "staging", "temp"
_RUNS = "runs"


def run_folder(state: Path, name: str) -> Path:
    """Return the folder of a run or a night in the local folder of private state."""
    return state / _RUNS / name


@contextmanager
def open_run_folder(state: Path, name: str) -> Iterator[Path]:
    """Make ``runs/NAME`` for the block, which holds the lock of that name; temporary files of this process lie in it.

    Spill and temporary files are gone after the block, and all of the folder where the block fails, or is stopped by
    hand or by SIGTERM.
    """
    remove_abandoned(state)
    folder = run_folder(state, name)
    shutil.rmtree(folder, ignore_errors=True)
    for part in (SPILL, STAGING, _TEMPORARY):
        make_folders(folder / part)
    try:
        with _stopping_at_termination(), _temporary_files_in(folder / _TEMPORARY):
            yield folder
    except BaseException:
        shutil.rmtree(folder, ignore_errors=True)
        raise
    for part in (SPILL, _TEMPORARY):
        shutil.rmtree(folder / part, ignore_errors=True)


def remove_abandoned(state: Path) -> None:
    """Remove what runs left that were killed: folders below ``runs`` whose lock nobody holds.

    Results of a job that was handed over stay: another command publishes them.
    """
    runs = state / _RUNS
    for folder in sorted(runs.iterdir()) if runs.is_dir() else ():
        with _lock_if_free(state / LOCKS / folder.name) as free:
            if free:
                for part in (SPILL, STAGING, _TEMPORARY):
                    shutil.rmtree(folder / part, ignore_errors=True)
                if not any(folder.iterdir()):
                    folder.rmdir()


@contextmanager
def _lock_if_free(lock: Path) -> Iterator[bool]:
    """Take a lock for the block unless a run holds it; yield whether it was free."""
    make_folders(lock)
    descriptor = os.open(lock, os.O_RDONLY | os.O_DIRECTORY)
    try:
        yield _take(descriptor)
    finally:
        os.close(descriptor)


def _take(descriptor: int) -> bool:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


@contextmanager
def _stopping_at_termination() -> Iterator[None]:
    """Let SIGTERM end the block like Ctrl+C, so that what stands behind it is done; only a main thread can."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    asked = threading.Event()

    def interrupt(_signal: int, _frame: object) -> None:
        asked.set()
        raise KeyboardInterrupt

    before = signal.signal(signal.SIGTERM, interrupt)
    try:
        yield
    except Exception:
        if asked.is_set():  # what was interrupted may fail in its own way
            raise KeyboardInterrupt from None
        raise
    finally:
        signal.signal(signal.SIGTERM, before)


@contextmanager
def _temporary_files_in(folder: Path) -> Iterator[None]:
    """Keep temporary files of this process and its children in ``folder``; Beam makes a folder there for each graph."""
    before, named = tempfile.tempdir, os.environ.get("TMPDIR")
    tempfile.tempdir = os.environ["TMPDIR"] = str(folder)
    try:
        yield
    finally:
        tempfile.tempdir = before
        if named is None:
            del os.environ["TMPDIR"]
        else:
            os.environ["TMPDIR"] = named
