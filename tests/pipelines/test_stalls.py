"""A session that would keep a worker busy holds up nobody: one text of it is a marker, all others are released."""

import json
import random
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from pipelines.cli.main import main

_EXAMPLES = Path(__file__).parents[2] / "examples"
_LOG = _EXAMPLES / "recordings" / "synthetic-office.jsonl"
_ENOUGH_CPU_SECONDS = 120.0
"""A run on these recordings takes five; one of the texts took a quarter of an hour."""


def _poison() -> list[str]:
    draw = random.Random(1)
    ideographs = "".join(chr(draw.randint(0x4E00, 0x9FA5)) for _ in range(60_000))
    return [ideographs, "1-" * 30_000, "a@" * 30_000, "x" * 200_001, "Ask Quentin Zorvald"]


def _released(folder: Path, log: Path, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """Return the released texts of a run."""
    keys = folder / "keys"
    if not keys.exists():
        assert main(["keys", "init", str(keys)]) == 0
    capsys.readouterr()
    consent, out = str(_EXAMPLES / "consent.csv"), str(folder / log.stem)
    clear = ("--set", "store.encryption=none", "--set", "noise.run_key=derived", "--json")
    assert main(["run", "--input", str(log), "--consent", consent, "--keys", str(keys), "--output", out, *clear]) == 0
    release = Path(str(json.loads(capsys.readouterr().out)["release"]))
    tables = [pq.read_table(path, columns=["text"]) for path in sorted((release / "events").glob("*.parquet"))]
    return [text for table in tables for text in table["text"].to_pylist() if text]


def test_a_poisoned_session_holds_up_nobody(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shared = {"session_id": "poison", "user_id": "user-a", "device_id": "desk-a"}
    events = [{"kind": "session", "purpose": "training", "os": "Linux"}]
    events += [{"kind": "screen", "source": "ocr", "text": text} for text in _poison()]
    lines = [
        json.dumps(shared | {"seq": at, "t_us": 1_767_600_000_000_000 + at} | item) for at, item in enumerate(events)
    ]
    log = tmp_path / "poisoned.jsonl"
    log.write_text("\n".join(lines) + "\n" + _LOG.read_text())
    alone = _released(tmp_path, _LOG, capsys)
    begin = time.process_time()
    beside = _released(tmp_path, log, capsys)
    assert time.process_time() - begin < _ENOUGH_CPU_SECONDS
    assert len(beside) == len(alone) + len(_poison())
    assert sum("<UNSCANNED>" in text for text in beside) == 1, "too long a text"
    assert "<UNSCANNED>" in beside
    assert not any("Zorvald" in text for text in beside)
    assert any(text.startswith("1-1-") for text in beside)
