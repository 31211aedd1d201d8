"""The pause switch of an output: while it is on, no run begins, and none that is under way publishes anything.

It is one small object at the output, which every machine that runs sees. What cannot be read counts as on.
"""

import json
from dataclasses import dataclass
from datetime import datetime

from pipelines.output import Output
from schemas.errors import FailedError, RefusedError, UsageError
from transforms.dataset.layout import CATALOG

SWITCH = "pause.json"


@dataclass(frozen=True, slots=True)
class Pause:
    """A pause: its reason, and its start (RFC 3339)."""

    reason: str
    at: str


def check_not_paused(output: Output) -> None:
    """Raise ``RefusedError`` if runs into an output are paused, or the switch cannot be read."""
    paused = _read_pause(output)
    if paused is not None:
        raise RefusedError(
            f"runs into {output.uri} are paused since {paused.at} ({paused.reason}); nothing is read or published "
            f"before keyveil resume {output.uri}"
        )


def pause(output: Output, reason: str, now: datetime) -> Pause:
    """Turn the switch on, unless it is on; return the pause that holds now.

    Raises ``RefusedError`` if the switch cannot be read: runs are paused for an unknown reason.
    """
    if not reason.strip() or not reason.isprintable():
        raise UsageError("--reason is one line that says to others why runs are paused")
    made = Pause(reason, now.isoformat(timespec="seconds"))
    output.store.put_if_absent(SWITCH, json.dumps({"reason": made.reason, "at": made.at}).encode())
    return _read_pause(output) or made


def resume(output: Output) -> bool:
    """Turn the switch off; return whether it was on."""
    on = output.store.exists(SWITCH)
    output.store.delete(SWITCH)
    return on


def holds_dataset(output: Output) -> bool:
    """Check whether anything was released into an output: nothing was into a misspelt one, or a dataset's folder."""
    return any(name.count("/") == 1 and name.endswith(f"/{CATALOG}") for name in output.store.names())


def _read_pause(output: Output) -> Pause | None:
    try:
        seen = output.store.get(SWITCH)
        return None if seen is None else Pause(**json.loads(seen.content))
    except (FailedError, TypeError, ValueError):
        raise RefusedError(
            f"whether runs into {output.uri} are paused cannot be read, so they stay paused; fix access to {SWITCH} "
            f"there, or turn it off with keyveil resume {output.uri}"
        ) from None
