"""A run of which nothing is kept publishes nothing and costs nothing, whatever the reason and the profile."""

import json
from pathlib import Path

import pytest

from pipelines.cli.main import main

_EXAMPLES = Path(__file__).parents[3] / "examples"
_LOG = _EXAMPLES / "recordings" / "synthetic-office.jsonl"
_HEADER = "user_id,purpose,version,granted_at,withdrawn_at\n"
_QUICK = ("--set", "redact.profile=fast", "--set", "noise.model=prior")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    (tmp_path / "nobody.csv").write_text(f"{_HEADER}somebody,training,1,2024-01-01T00:00:00Z,\n")
    (tmp_path / "bad.jsonl").write_text('{"kind":"key","jane_doe":1,"user_id":"user-a","t_us":1720000000000000}\n')
    return tmp_path


def run(home: Path, log: Path, consent: Path, *more: str) -> int:
    words = ["run", "--input", str(log), "--consent", str(consent), "--keys", str(home / "keys"), *_QUICK]
    return main([*words, "--output", str(home / "out"), *more])


def charges(home: Path, capsys: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    capsys.readouterr()
    assert main(["ledger", "show", "--keys", str(home / "keys"), "--json"]) == 0
    shown: list[dict[str, object]] = json.loads(capsys.readouterr().out)["charges"]
    return shown


@pytest.mark.parametrize("profile", ["restricted", "events", "aggregates"])
def test_where_nobody_agreed_nothing_is_published_and_nothing_charged(
    profile: str, home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = ("--set", f"noise.profile={profile}")
    for _ in range(2):  # and again, as often as it is tried
        assert run(home, _LOG, home / "nobody.csv", *settings) == 3
        errors = capsys.readouterr().err
        assert "no_consent" in errors
        assert "nothing charged" in errors
        assert charges(home, capsys) == []
        assert not [path for path in (home / "out").rglob("*") if path.is_file()]
        assert not list((home / "keyveil-state" / "run-keys").iterdir())
    assert run(home, _LOG, _EXAMPLES / "consent.csv", *settings) == 0
    assert [charge["sealed"] is not None for charge in charges(home, capsys)] == [True]
    assert main(["verify", str(home / "out"), "--keys", str(home / "keys")]) == 0


def test_where_every_line_is_bad_each_is_named_before_the_refusal(
    home: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    capsys.readouterr()
    assert run(home, home / "bad.jsonl", _EXAMPLES / "consent.csv") == 3
    *lines, last = capsys.readouterr().err.splitlines()
    assert "bad.jsonl, line 1, field #2" in "".join(lines)
    assert "jane_doe" not in "".join(lines) + last
    assert "unknown_field" in last
    assert charges(home, capsys) == []
    assert len(list((home / "keyveil-state" / "quarantine").rglob("*.sealed"))) == 1


def test_a_log_without_an_event_is_refused_too(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (home / "empty.jsonl").write_text("\n")
    assert run(home, home / "empty.jsonl", _EXAMPLES / "consent.csv") == 3
    assert charges(home, capsys) == []
