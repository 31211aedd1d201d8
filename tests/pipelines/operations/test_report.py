"""Reports: ``keyveil report`` says of a release what its signed manifest says."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from pipelines.cli.main import main
from transforms.dataset.catalog import parse_catalog, sign_catalog
from transforms.keys.key_set import KeyReference, KeySet

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
    assert {item["purpose"] for item in told} == {"training"}
    assert main(["report", str(home / "out" / "other"), "--keys", str(home / keys)]) == 0
    card = (next((home / "out" / "other" / "releases").iterdir()) / "README.md").read_text()
    assert capsys.readouterr().out.strip() == card.strip()
    assert main(["report", str(home / "out"), "--keys", str(home / keys)]) == 0
    *lines, unread, undated, last = capsys.readouterr().out.splitlines()
    assert "files were not compared" in unread
    assert "keyveil audit show" in undated
    assert [line.split()[:2] for line in lines] == [[item["dataset"], item["release_id"]] for item in told]
    assert "no window" in lines[0]
    assert "for the card of one" in last
    assert "erasure" not in lines[0]


def test_a_line_of_a_release_counts_its_erasures(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, home: Path
) -> None:
    for name in ("out", "keys", "keyveil-state"):
        shutil.copytree(home / name, tmp_path / name)
    (tmp_path / "keys" / "state.json").unlink(missing_ok=True)
    words = ["--keys", str(tmp_path / "keys")]
    assert main(["erase", "--user", "user-a", str(tmp_path / "out"), *words]) == 0
    capsys.readouterr()
    assert main(["report", str(tmp_path / "out"), *words]) == 0
    listed = [line for line in capsys.readouterr().out.splitlines() if line.startswith(("office", "other"))]
    assert [line.split("  ")[-1] for line in listed] == ["1 erasure"] * 3


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
    assert main(["report", str(home / "out"), "--keys", str(tmp_path / "others")]) == 3
    assert "no signed rotation leads from the passed key" in capsys.readouterr().err
    shutil.copytree(home / "out" / "other", tmp_path / "other")
    manifest = next((tmp_path / "other" / "releases").glob("*/manifest.dsse.json"))
    manifest.write_bytes(manifest.read_bytes().replace(b"A", b"B", 1))
    assert main(["report", str(tmp_path / "other"), "--keys", str(home / "keys")]) == 4
    assert "keyveil: " in capsys.readouterr().err


def test_reports_follow_signed_rotations_as_verify_does(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    keys, release = tmp_path / "keys", next((home / "out" / "other" / "releases").iterdir())
    shutil.copytree(home / "keys", keys)
    shutil.copytree(home / "out" / "other", tmp_path / "other")
    shutil.copy(keys / "signing.public.pem", tmp_path / "old.pem")
    assert main(["keys", "rotate", "--role", "signing", str(keys)]) == 0
    new = ["--keys", str(keys / "signing.public.pem")]
    capsys.readouterr()
    for words in (["report"], ["dp-record", "-o", str(tmp_path / "record.yaml")], ["verify"]):
        assert main([words[0], str(release), *words[1:], *new]) == 3  # no catalog names the new key yet
        assert "pass the one of before the rotation until the next release" in capsys.readouterr().err
    announce_again(tmp_path / "other", keys)
    moved = tmp_path / "other" / "releases" / release.name
    for one in (new, ["--keys", str(tmp_path / "old.pem")], ["--keys", str(home / "reader.json")]):
        assert main(["report", str(tmp_path / "other"), *one]) == 0
        assert main(["dp-record", str(moved), "-o", str(tmp_path / "record.yaml"), *one]) == 0


def announce_again(dataset: Path, folder: Path) -> None:
    """Sign the catalog as the next release does: with the new key and the history of the set."""
    keys = KeySet.open(KeyReference.parse(str(folder)))
    content = (dataset / "catalog.json").read_bytes()
    listed = parse_catalog(content, "catalog.json", keys.verifying())
    listed = replace(listed, version=listed.version + 1, history=keys.history())
    (dataset / "catalog.json").write_bytes(sign_catalog(listed, keys.signing_private()))


def test_a_record_of_deployment_is_of_one_release_and_names_what_is_left_to_state(
    home: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    release = str(next((home / "out" / "other" / "releases").iterdir()))
    words = ["--keys", str(home / "reader.json"), "-o", str(tmp_path / "record.yaml")]
    capsys.readouterr()
    assert main(["dp-record", release, *words]) == 0
    assert "fill in: data_curators, registry_authors, data_product_region" in capsys.readouterr().out
    stated = ["--curator", "Example Ltd", "--region", "EU", "--published", "2026-11-30", "--sector", "Technology"]
    assert main(["dp-record", release, *words, *stated]) == 0
    assert "fill in" not in capsys.readouterr().out
    basic = yaml.safe_load((tmp_path / "record.yaml").read_text())["deployment"]["basic"]
    assert (basic["data_curators"], basic["publication_date"]) == (["Example Ltd"], "2026-11-30")
    assert main(["dp-record", str(home / "out" / "office"), *words]) == 2
    assert "2 lie there" in capsys.readouterr().err
    assert main(["dp-record", release, *words, "--published", "2026-13-01"]) == 2
    assert "must be a day" in capsys.readouterr().err
