from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pytest

from schemas.errors import FailedError
from schemas.safe import REDACTED_SCHEMA, SESSIONS_SCHEMA, TRACE_SOURCE, RedactedSessions
from transforms.beamkit.checkpoint import SessionHandles, checkpoint_sessions, resume_sessions
from transforms.beamkit.sealed_shuffle import Exchange, ExchangeSettings
from transforms.keys.key_set import KeyReference, create_key_set


@pytest.fixture(params=["spilled", "inline"])
def exchange(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Exchange]:
    create_key_set(tmp_path / "keys")
    (tmp_path / "spill").mkdir()
    spill = str(tmp_path / "spill") if request.param == "spilled" else None
    opened = Exchange(ExchangeSettings(KeyReference(f"file:{tmp_path / 'keys'}"), "run", spill))
    yield opened
    opened.close()


def _sessions() -> RedactedSessions:
    rows = [{"session": "s", "user": "u", "seq": seq, "kind": "focus", "app": "Ledger", "t_us": seq} for seq in (0, 1)]
    headers = [{"session": "s", "user": "u", "os": "Linux of a desk"}]
    return RedactedSessions(
        pa.Table.from_pylist(rows, schema=REDACTED_SCHEMA),
        pa.table([["raw", "raw"], [[0], [1]]], schema=TRACE_SOURCE),
        pa.Table.from_pylist(headers, schema=SESSIONS_SCHEMA),
    )


def test_what_is_taken_up_is_what_was_held(exchange: Exchange, tmp_path: Path) -> None:
    held = checkpoint_sessions(_sessions(), exchange)
    exchange.flush()
    assert resume_sessions(held, exchange) == _sessions()
    resting = [held.table, held.headers, *(path.read_bytes() for path in (tmp_path / "spill").iterdir())]
    assert not any(b"Ledger" in content or b"Linux of a desk" in content for content in resting)


def test_missing_parts_stay_missing(exchange: Exchange) -> None:
    held = checkpoint_sessions(RedactedSessions(_sessions().table), exchange)
    exchange.flush()
    taken = resume_sessions(held, exchange)
    assert (taken.trace, taken.headers) == (None, None)


def test_parts_that_were_exchanged_are_noticed(exchange: Exchange) -> None:
    held = checkpoint_sessions(_sessions(), exchange)
    exchange.flush()
    for wrong in (
        SessionHandles(held.headers, b"", b""),
        SessionHandles(held.table, held.table, b""),
        SessionHandles(b"", b"", b""),
    ):
        with pytest.raises(FailedError):
            resume_sessions(wrong, exchange)
