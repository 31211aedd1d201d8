"""A run that is terminated leaves neither files, nor a run key, nor a second charge."""

import os
import signal
import tempfile
from pathlib import Path
from typing import Any

import pytest

from pipelines.cli.main import main
from pipelines.runner.beam_options import BeamEngine

_EXAMPLES = Path(__file__).parents[3] / "examples"


def _files(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def test_a_terminated_run_leaves_nothing_and_is_charged_once_when_it_is_run_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    keys, state, temporary = tmp_path / "keys", tmp_path / "state", tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    assert main(["keys", "init", str(keys)]) == 0
    words = ["run", "--input", str(_EXAMPLES / "recordings" / "synthetic-office.jsonl"), "--keys", str(keys)]
    words += ["--consent", str(_EXAMPLES / "consent.csv"), "--state", str(state), "--output", str(tmp_path / "out")]
    left: list[str] = []

    def be_terminated(*_: Any, **__: Any) -> None:
        left.extend(_files(state / "run-keys"))
        os.kill(os.getpid(), signal.SIGTERM)

    with monkeypatch.context() as patch:
        patch.setattr(BeamEngine, "start", be_terminated)
        assert main(words) == 4
    assert "stopped" in capsys.readouterr().err
    assert len(left) == 1, "the run had a key"
    assert _files(state / "runs") == _files(state / "run-keys") == []
    assert list(temporary.iterdir()) == []
    assert main([*words, "--json"]) == 0
    ledger = (state / "ledger" / "ledger.jsonl").read_text()
    assert (ledger.count("reserve"), ledger.count("commit")) == (1, 1), ledger
    assert list(temporary.iterdir()) == []


def test_a_run_that_fails_keeps_a_key_from_which_an_earlier_attempt_may_have_shown_draws(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The earlier attempt was killed while it published: the key that it left is neither new nor destroyed."""
    keys, state = tmp_path / "keys", tmp_path / "state"
    assert main(["keys", "init", str(keys)]) == 0
    words = ["run", "--input", str(_EXAMPLES / "recordings" / "synthetic-office.jsonl"), "--keys", str(keys)]
    words += ["--consent", str(_EXAMPLES / "consent.csv"), "--state", str(state), "--output", str(tmp_path / "out")]

    def fail(*_: Any, **__: Any) -> None:
        raise OSError

    with monkeypatch.context() as patch:
        patch.setattr("pipelines.release.attempt.publish", fail)
        assert main(words) == 4
    kept = _files(state / "run-keys")
    assert len(kept) == 1
    with monkeypatch.context() as patch:
        patch.setattr(BeamEngine, "start", fail)
        assert main(words) == 4
    assert _files(state / "run-keys") == kept
    assert _files(state / "runs") == []
