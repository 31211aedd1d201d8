"""Reports: ``keyveil report`` says of a release what its signed manifest says."""

import json
from pathlib import Path

import pytest

from pipelines.cli.main import main

_EXAMPLES = Path(__file__).parents[3] / "examples"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make two releases of one dataset, and one of another."""
    home = tmp_path_factory.mktemp("home")
    assert main(["keys", "init", str(home / "keys")]) == 0
    common = ["--consent", str(_EXAMPLES / "consent.csv"), "--keys", str(home / "keys"), "--output", str(home / "out")]
    log = _EXAMPLES / "recordings" / "synthetic-office.jsonl"
    first = home / "first.jsonl"
    first.write_text("".join(log.read_text().splitlines(keepends=True)[:400]))
    for source, dataset in ((log, "office"), (first, "office"), (first, "other")):
        assert main(["run", "--input", str(source), "--dataset", dataset, *common]) == 0
    assert main(["keys", "export", "--role", "reader", str(home / "keys"), "-o", str(home / "reader.json")]) == 0
    return home


@pytest.mark.parametrize("keys", ["keys", "reader.json", "keys/signing.public.pem"])
def test_whoever_holds_a_verifying_key_reads_what_each_release_says(
    home: Path, capsys: pytest.CaptureFixture[str], keys: str
) -> None:
    capsys.readouterr()
    assert main(["report", str(home / "out"), "--keys", str(home / keys), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert [item["dataset"] for item in told] == ["office", "office", "other"]
    assert main(["report", str(home / "out" / "other"), "--keys", str(home / keys)]) == 0
    card = (next((home / "out" / "other" / "releases").iterdir()) / "README.md").read_text()
    assert capsys.readouterr().out.strip() == card.strip()


def test_the_page_is_that_of_one_release(home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    release = next((home / "out" / "other" / "releases").iterdir())
    words = ["--keys", str(home / "keys"), "--html", str(tmp_path / "page.html")]
    assert main(["report", str(release), *words]) == 0
    assert (tmp_path / "page.html").read_bytes() == (release / "report.html").read_bytes()
    assert main(["report", str(home / "out" / "office"), *words]) == 2
    assert "2 lie there" in capsys.readouterr().err


def test_an_altered_manifest_and_an_empty_place_are_told(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["report", str(tmp_path), "--keys", str(home / "keys")]) == 2
    assert main(["keys", "init", str(tmp_path / "others")]) == 0
    assert main(["report", str(home / "out"), "--keys", str(tmp_path / "others")]) == 4
    assert "keyveil: " in capsys.readouterr().err
