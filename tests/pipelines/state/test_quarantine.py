"""``keyveil quarantine`` by the command line."""

import json
import stat
from pathlib import Path

import pytest

from pipelines.cli.main import main

_EXAMPLES = Path(__file__).parents[3] / "examples"
_LOG = _EXAMPLES / "recordings" / "synthetic-office.jsonl"
_BAD = (
    '{"kind":"focus","session_id":"s9","user_id":"user-a","seq":0,"t_us":1720000000000000,"app":"a","title":"",'
    '"extra":"hunter2"}'
)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    assert main(["keys", "init", str(home / "keys")]) == 0
    (home / "log.jsonl").write_text(
        _LOG.read_text() + _BAD + '\n{not json, "user_id":"user-b","t_us":1720000000000000\n{nobody\n'
    )
    words = ["run", "--input", str(home / "log.jsonl"), "--consent", str(_EXAMPLES / "consent.csv")]
    assert main([*words, "--keys", str(home / "keys"), "--output", str(home / "data")]) == 1
    return home


def quarantine(home: Path, capsys: pytest.CaptureFixture[str], *words: str) -> tuple[int, str, str]:
    capsys.readouterr()
    code = main(["quarantine", *words, "--keys", str(home / "keys")])
    shown = capsys.readouterr()
    return code, shown.out, shown.err


def listed(home: Path, capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, object]]:
    code, out, _ = quarantine(home, capsys, "list", "--json")
    assert code == 0
    return {record["reason"]: record for record in json.loads(out)}


def test_records_say_why_and_where_and_nothing_of_their_content(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    records = listed(home, capsys)
    lines = len(_LOG.read_text().splitlines())
    assert records["unknown_field"]["line"] == lines + 1
    assert records["bad_json"]["line"] == lines + 2  # the line after names nobody: it is counted and not kept
    assert {record["source"] for record in records.values()} == {str(home / "log.jsonl")}
    state = [path.read_bytes() for path in (home / "keyveil-state").rglob("*") if path.is_file()]
    assert not any(b"hunter2" in content for content in state)


def test_a_record_is_revealed_with_the_private_key_alone(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    locator = str(listed(home, capsys)["unknown_field"]["locator"])
    code, out, _ = quarantine(home, capsys, "show", locator)
    assert code == 0
    assert "hunter2" not in out
    code, out, _ = quarantine(home, capsys, "show", locator[:16], "--reveal")
    assert (code, "hunter2" in out) == (0, True)
    private = home / "keys" / "quarantine.private.pem"
    private.rename(home / "kept.pem")
    code, out, errors = quarantine(home, capsys, "show", locator, "--reveal")
    (home / "kept.pem").rename(private)
    assert (code, out) == (3, "")
    assert "private key" in errors


@pytest.mark.parametrize("locator", ["", "0" * 64, "abc"])
def test_a_locator_names_one_record(locator: str, home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert quarantine(home, capsys, "show", locator)[0] == 2


def test_what_can_be_read_after_a_repair_is_replayed_and_run(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert quarantine(home, capsys, "replay", "-o", str(tmp_path / "none.jsonl"))[0] == 1
    assert (tmp_path / "none.jsonl").read_text() == ""
    target = tmp_path / "again.jsonl"
    code, out, _ = quarantine(home, capsys, "replay", "-o", str(target), "--without", "extra", "--json")
    assert code == 1
    assert json.loads(out)["events"] == 1
    assert json.loads(out)["still_bad"] == [listed(home, capsys)["bad_json"]["locator"]]
    assert stat.S_IMODE(target.stat().st_mode) == 0o600
    assert "hunter2" not in target.read_text()
    assert quarantine(home, capsys, "replay", "-o", str(target))[0] == 2
    words = ["run", "--input", str(target), "--consent", str(_EXAMPLES / "consent.csv"), "--keys", str(home / "keys")]
    assert main([*words, "--output", str(tmp_path / "data")]) == 0
    locator = str(listed(home, capsys)["unknown_field"]["locator"])
    removing = ("replay", locator, "-o", str(tmp_path / "last.jsonl"), "--without", "extra", "--remove")
    assert quarantine(home, capsys, *removing)[0] == 0
    assert set(listed(home, capsys)) == {"bad_json"}
