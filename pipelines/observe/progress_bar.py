"""Progress on a terminal; silent in a pipe."""

import json
import os
import socket
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from transforms.beamkit.metrics import PORT_VARIABLE

_WAIT_S = 0.5


@contextmanager
def show_progress(console: Console) -> Iterator[None]:
    """Show sessions, events, redactions and rejects as workers report them, while the block runs."""
    if not console.is_terminal:
        yield
        return
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as channel:
        channel.bind(("127.0.0.1", 0))
        channel.settimeout(_WAIT_S)
        os.environ[PORT_VARIABLE] = str(channel.getsockname()[1])
        done = threading.Event()
        columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
        with Progress(*columns, console=console, transient=True) as progress:
            watcher = threading.Thread(target=_watch, args=(channel, progress, done), daemon=True)
            watcher.start()
            try:
                yield
            finally:
                done.set()
                watcher.join()
                os.environ.pop(PORT_VARIABLE, None)


def _watch(channel: socket.socket, progress: Progress, done: threading.Event) -> None:
    task = progress.add_task("reading", total=None)
    counts: Counter[str] = Counter()
    while not done.is_set():
        with suppress(TimeoutError):
            counts.update(json.loads(channel.recv(4096)))
        elapsed = progress.tasks[task].elapsed or 1.0
        progress.update(
            task,
            description=(
                f"{counts['events']:,} events read ({counts['events'] / max(elapsed, 1.0):,.0f}/s), "
                f"{counts['sessions']:,} sessions, {counts['redactions']:,} redactions, {counts['rejects']:,} rejects"
            ),
        )
