"""The pause switch: no run begins while it is on, none that is under way publishes, and what cannot be read is on."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from google.cloud.storage import Client

from pipelines.cli.main import main
from pipelines.output import Output
from pipelines.release import run as running
from pipelines.release.results import RunResults
from pipelines.state.pause import SWITCH, check_not_paused, pause, resume
from schemas.errors import RefusedError, UsageError
from tests.support.gcs import client_of, fake_gcs
from transforms.object_store import gcs as bucket

NOW = datetime(2026, 11, 24, 1, 2, 3, tzinfo=UTC)
_EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with fake_gcs() as address:
        yield client_of(address)


@pytest.fixture(params=["folder", "bucket"])
def output(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Output:
    if request.param == "folder":
        return Output.at(str(tmp_path / "out"))
    client: Client = request.getfixturevalue("client")
    monkeypatch.setattr(bucket, "client", lambda: client)
    client.create_bucket("pausing")
    return Output.at("gs://pausing/out")


def test_paused_until_resumed(output: Output) -> None:
    check_not_paused(output)
    assert pause(output, "leak in screen texts", NOW).reason == "leak in screen texts"
    assert pause(output, "another", NOW).reason == "leak in screen texts"
    with pytest.raises(RefusedError, match=r"paused since 2026-11-24T01:02:03\+00:00 \(leak in screen texts\)"):
        check_not_paused(output)
    assert resume(output)
    check_not_paused(output)
    assert not resume(output)


@pytest.mark.parametrize("content", [b"", b"{}", b"[]", b'{"reason": "x"}', b"\xff"])
def test_a_switch_that_cannot_be_read_is_on(tmp_path: Path, content: bytes) -> None:
    (tmp_path / SWITCH).write_bytes(content)
    with pytest.raises(RefusedError, match="keyveil resume"):
        check_not_paused(Output.at(str(tmp_path)))


def test_a_switch_that_leads_nowhere_is_on_and_is_not_said_to_be_put_up(tmp_path: Path) -> None:
    (tmp_path / SWITCH).symlink_to(tmp_path / "gone")
    with pytest.raises(RefusedError, match="keyveil resume"):
        check_not_paused(Output.at(str(tmp_path)))
    with pytest.raises(RefusedError, match="keyveil resume"):
        pause(Output.at(str(tmp_path)), "leak", NOW)
    resume(Output.at(str(tmp_path)))
    check_not_paused(Output.at(str(tmp_path)))


def test_a_reason_is_one_line() -> None:
    for reason in ("", " ", "two\nlines"):
        with pytest.raises(UsageError):
            pause(Output.at("out"), reason, NOW)


def test_an_output_is_known_by_its_datasets_and_the_address_is_shown_in_full(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "data" / "office").mkdir(parents=True)
    (tmp_path / "data" / "office" / "catalog.json").write_text("{}")
    monkeypatch.chdir(tmp_path)
    for word, is_known in (("data", True), ("dta", False), ("data/office", False)):
        assert main(["pause", word, "--reason", "x"]) == 0
        said = capsys.readouterr()
        assert f"runs into {tmp_path / word} are paused since" in said.out
        assert ("check that it is the --output of the runs" in said.err) is not is_known
    assert main(["resume", "daat"]) == 0
    assert f"there was no pause of {tmp_path / 'daat'}" in capsys.readouterr().out


def _run(home: Path) -> int:
    words = ["run", "--input", _EXAMPLES / "recordings" / "synthetic-office.jsonl", "--keys", home / "keys"]
    words += ["--consent", _EXAMPLES / "consent.csv", "--output", home / "out", "--set", "redact.profile=fast"]
    return main([str(word) for word in words])


def test_a_run_is_refused_before_it_asks_for_anything_else(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["pause", str(tmp_path / "out"), "--reason", "incident 7", "--json"]) == 0
    said = capsys.readouterr()
    assert json.loads(said.out)["output"] == str(tmp_path / "out")
    assert f"nothing was released into {tmp_path / 'out'} yet" in said.err
    assert _run(tmp_path) == 3
    assert "incident 7" in capsys.readouterr().err
    assert main(["resume", str(tmp_path / "out")]) == 0
    assert f"runs into {tmp_path / 'out'} go on" in capsys.readouterr().out
    assert _run(tmp_path) == 3
    assert "keyveil keys init" in capsys.readouterr().err


def test_a_pause_during_a_run_keeps_it_from_publishing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    reconcile = running.reconcile

    def paused_meanwhile(results: RunResults) -> None:
        reconcile(results)
        pause(Output.at(str(tmp_path / "out")), "stop", NOW)

    monkeypatch.setattr(running, "reconcile", paused_meanwhile)
    assert _run(tmp_path) == 3
    assert "paused" in capsys.readouterr().err
    assert not list((tmp_path / "out").rglob("manifest.dsse.json"))
    monkeypatch.undo()
    assert main(["resume", str(tmp_path / "out")]) == 0
    assert _run(tmp_path) == 0
