"""``keyveil retain``: old releases go, with proof, and do not come back."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from pipelines.cli.main import main
from pipelines.operations.retain import RetainRequest, read_agreed_days, read_stated_days, retain
from pipelines.state.private_state import PrivateState
from pipelines.state.quarantine import list_records, open_quarantine
from transforms.dataset.catalog import Catalog, parse_catalog
from transforms.dataset.retire import Retirer
from transforms.keys.key_set import KeyReference, KeySet
from transforms.object_store.interface import put

_EXAMPLES = Path(__file__).parents[3] / "examples"


def run(home: Path, *extra: str) -> int:
    words = ["run", "--input", str(_EXAMPLES / "recordings" / "synthetic-office.jsonl"), "--output", str(home / "data")]
    return main([*words, "--consent", str(_EXAMPLES / "consent.csv"), "--keys", str(home / "keys"), *extra])


def request(home: Path, days: int = 30, *, dry_run: bool = False) -> RetainRequest:
    return RetainRequest(str(home / "data"), days, dry_run)


def private(home: Path) -> PrivateState:
    return PrivateState.of(KeyReference.parse(str(home / "keys")), None)


def catalog(home: Path) -> Catalog:
    keys = KeySet.open(KeyReference.parse(str(home / "keys")))
    return parse_catalog((home / "data" / "sessions" / "catalog.json").read_bytes(), "it", keys.verifying())


def test_old_releases_go_with_proof_and_do_not_come_back(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    assert run(tmp_path) == 0
    now = datetime.now(UTC)
    (listed,) = catalog(tmp_path).releases
    assert retain(request(tmp_path), private(tmp_path), now).removed == ()
    ((kept, sealed, until),) = (
        (item.address, item.sealed, item.until) for item in retain(request(tmp_path), private(tmp_path), now).kept
    )
    assert (kept.rpartition("/")[2], sealed) == (listed.release_id, now.date().isoformat())
    assert until == (now.date() + timedelta(days=30)).isoformat()
    capsys.readouterr()
    words = ["retain", str(tmp_path / "data"), "--days", "30", "--keys", str(tmp_path / "keys")]
    assert main([*words, "--dry-run"]) == 0
    assert f"{kept} was sealed on {sealed} and may stay until {until}\n" in capsys.readouterr().out
    assert main(words) == 0
    assert "may stay" not in capsys.readouterr().out
    later = now + timedelta(days=31)
    assert retain(request(tmp_path, dry_run=True), private(tmp_path), later).kept == ()
    (planned,) = retain(request(tmp_path, dry_run=True), private(tmp_path), later).removed
    assert planned.endswith(listed.release_id)
    assert catalog(tmp_path).releases == (listed,)

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr(Retirer, "_delete_files", crash)
        with pytest.raises(KeyboardInterrupt):
            retain(request(tmp_path), private(tmp_path), later)
    assert (catalog(tmp_path).releases, catalog(tmp_path).removed, catalog(tmp_path).current) == ((), (listed,), "")
    assert run(tmp_path) == 3
    assert "not created again" in capsys.readouterr().err
    assert run(tmp_path, "--set", "store.compression_level=4") == 0
    assert retain(request(tmp_path), private(tmp_path), now).removed == ()
    folders = [path.name for path in (tmp_path / "data" / "sessions" / "releases").iterdir() if any(path.rglob("*.*"))]
    assert folders == [catalog(tmp_path).current]
    assert main(["verify", str(tmp_path / "data"), "--keys", str(tmp_path / "keys")]) == 0


def test_the_agreement_about_a_bucket_of_s3_states_the_days_too(tmp_path: Path) -> None:
    page = (_EXAMPLES.parent / "docs" / "preflight.md").read_text()
    example = page[page.index("## A bucket of S3") :].partition("```yaml\n")[2].partition("```")[0]
    (tmp_path / "s3.yaml").write_text(example.replace("retention_days: 90", "retention_days: 9"))
    assert read_agreed_days(str(tmp_path / "s3.yaml"), "s3://acme-keyveil") == 9


def test_wrong_use_is_said(tmp_path: Path) -> None:
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    for uri, days in ((tmp_path, "30"), (tmp_path / "data", "0")):
        assert main(["retain", str(uri), "--days", days, "--keys", str(tmp_path / "keys")]) == 2


def test_the_settings_of_a_run_tell_how_long(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    assert run(tmp_path) == 0
    settings = tmp_path / "settings.yaml"
    settings.write_text("basis: {releases_days: 9}\n")
    assert read_stated_days(str(settings)) == (9, None)
    words = ["retain", str(tmp_path / "data"), "--keys", str(tmp_path / "keys"), "--config", str(settings)]
    capsys.readouterr()
    assert main(words) == 0
    assert "0 releases removed" in capsys.readouterr().out
    place = open_quarantine(private(tmp_path).uri)
    put(place, "release/locator.about.json", b'{"since": "2026-01-01"}')
    put(place, "release/locator.sealed", b"sealed")
    assert main(words) == 0
    assert "0 quarantined records" in capsys.readouterr().out
    settings.write_text("basis: {releases_days: 9, quarantine_days: 3}\n")
    assert read_stated_days(str(settings)) == (9, 3)
    assert main([*words, "--dry-run"]) == 0
    assert "1 quarantined record" in capsys.readouterr().out
    assert len(list(list_records(place))) == 1
    assert main(words) == 0
    assert "1 quarantined record" in capsys.readouterr().out
    assert list(list_records(place)) == []
    settings.write_text("purpose: training\n")
    assert main(words) == 2
    assert "does not set basis.releases_days" in capsys.readouterr().err
    assert main([*words, "--days", "7"]) == 2


def test_the_agreement_tells_how_long(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    assert run(tmp_path) == 0
    agreement = tmp_path / "policy.yaml"
    shorter = (_EXAMPLES.parent / "tests" / "preflight" / "policy.yaml").read_text() + "\nretention_days: 7\n"
    agreement.write_text(shorter)
    assert read_agreed_days(str(agreement), "data") == 7
    words = ["retain", str(tmp_path / "data"), "--keys", str(tmp_path / "keys")]
    capsys.readouterr()
    assert main([*words, "--policy", str(agreement)]) == 0
    assert "0 releases removed" in capsys.readouterr().out
    agreement.write_text(shorter.replace("days: 7", "days: 0"))
    assert main([*words, "--policy", str(agreement)]) == 2
    assert "retention_days" in capsys.readouterr().err
    assert main([*words, "--policy", str(agreement), "--days", "7"]) == 2
