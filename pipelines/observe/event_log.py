"""Event log of a run: JSON lines of event names and numbers, without content of records.

Cloud Logging reads such lines from standard error as they are (``severity``, ``time``, ``message``). Events are told by
``release.run``, ``release.attempt``, ``runner.graph_run``, ``nightly.stage_day``, ``cli.commands.release_runs`` and
``observe.otlp_metrics``, warnings by ``nightly.attention`` and ``release.doubts``. The option is called ``--journal``;
the journal of nights (``nightly.journal``) is another thing.
"""

import json
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final, TextIO

from schemas.errors import KeyveilError, UsageError

_STANDARD_ERROR: Final = "-"
_MODE: Final = 0o600
_WORDS: Final = frozenset(
    {"release_id", "dataset", "runner", "profile", "error", "reason", "charge_id", "day", "window"}
)
"""Facts that may be words: ids that a run made, names of settings, days, and the one sentence of an error."""


@dataclass(frozen=True, slots=True)
class EventLog:
    """Writes one line an event."""

    stream: TextIO

    def tell(self, event: str, facts: Mapping[str, str | float], *, severity: str = "INFO") -> None:
        """Write a line; raise ``TypeError`` for a fact that is a word and not one of the known ones."""
        for name, value in facts.items():
            if isinstance(value, str) and name not in _WORDS:
                raise TypeError(f"{name} may not be a word in an event log")
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        line = {"time": now, "severity": severity, "message": event, **facts}
        self.stream.write(json.dumps(line) + "\n")
        self.stream.flush()


_CURRENT: ContextVar[EventLog | None] = ContextVar("event_log", default=None)


def tell(event: str, facts: Mapping[str, str | float]) -> None:
    """Write a line into the event log of this run, where it keeps one."""
    log = _CURRENT.get()
    if log is not None:
        log.tell(event, facts)


def warn(event: str, facts: Mapping[str, str | float]) -> None:
    """Write a line that somebody is to look at: alerts wait for its severity."""
    log = _CURRENT.get()
    if log is not None:
        log.tell(event, facts, severity="WARNING")


def on_standard_error(target: str | None) -> bool:
    """Return whether an event log is kept on standard error, which then is a log with other readers than a terminal."""
    return target == _STANDARD_ERROR


@contextmanager
def keep_event_log(target: str | None) -> Iterator[None]:
    """Keep an event log while the block runs: in a file, for its owner alone, or for ``-`` on standard error.

    A file is appended to. Of an error that ends the block, kind, exit code and sentence are the last line.
    """
    if target is None:
        yield
        return
    with _open_log(target) as stream:
        log = EventLog(stream)
        token = _CURRENT.set(log)
        try:
            yield
        except BaseException as error:
            log.tell("run failed", _facts(error), severity="ERROR")
            raise
        finally:
            _CURRENT.reset(token)


def _facts(error: BaseException) -> dict[str, str | float]:
    if isinstance(error, KeyveilError):
        return {"error": type(error).__name__, "exit_code": error.exit_code, "reason": str(error)}
    return {"error": type(error).__name__, "exit_code": 4}


@contextmanager
def _open_log(target: str) -> Iterator[TextIO]:
    if on_standard_error(target):
        yield sys.stderr
        return
    path = Path(target)
    try:
        stream = path.open("a", encoding="utf-8")
        path.chmod(_MODE)
    except OSError as error:
        raise UsageError(f"--journal {target} cannot be written ({error.strerror}); name another file, or -") from None
    with stream:
        yield stream
