"""The main job into a bucket of a real fake-gcs-server, behind a preflight that the test scripts."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from google.cloud import storage

from pipelines.cli.main import main
from pipelines.release import run as running
from tests.support.basis import SETTINGS, WORDS
from tests.support.gcs import client_of, fake_gcs
from tests.support.release_parts import ALL_PARTS_OPTIONS
from tests.support.scripted_preflight import Scripted
from transforms.dataset.layout import release_layout
from transforms.dataset.manifest import BasisRecord
from transforms.dataset.publish import sealed_release
from transforms.keys.key_set import KeyReference, KeySet
from transforms.object_store import gcs as bucket
from transforms.object_store.addresses import open_store
from transforms.preflight.verdict import BucketState

_EXAMPLES = Path(__file__).parents[2] / "examples"
_LOG = _EXAMPLES / "recordings" / "synthetic-office.jsonl"


_SAME = BucketState("7", "etag")


@pytest.fixture(scope="module")
def client() -> Iterator[storage.Client]:
    with fake_gcs() as url:
        yield client_of(url)


@pytest.fixture
def words(tmp_path: Path, client: storage.Client, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    monkeypatch.setattr(bucket, "client", lambda: client)
    name = f"b-{tmp_path.name.replace('_', '-')[:50]}"
    client.create_bucket(name)
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    inputs = ["--input", str(_LOG), "--consent", str(_EXAMPLES / "consent.csv")]
    return [
        "run",
        *inputs,
        "--keys",
        str(tmp_path / "keys"),
        "--output",
        f"gs://{name}/data",
        "--json",
        *WORDS,
        *ALL_PARTS_OPTIONS,
    ]


def test_a_run_writes_sealed_shards_once_and_a_re_run_does_nothing(
    words: list[str],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(running, "open_preflight", lambda *_: Scripted(_SAME, _SAME))
    assert main(words) == 0
    result = json.loads(capsys.readouterr().out.splitlines()[-1])
    output = words[words.index("--output") + 1]
    keys = KeySet.open(KeyReference.parse(str(tmp_path / "keys")))
    layout = release_layout(output, "sessions", result["release_id"])
    sealed = sealed_release(open_store(layout.home), layout, keys.verifying())
    assert sealed is not None
    assert sealed.preflight is not None
    assert sealed.basis == BasisRecord(
        "legitimate_interests",
        "DPIA-12",
        "WA-7",
        "2026-01-15",
        "data protection officer",
        "9999-12-31",
        "privacy@example.com",
    )
    assert BucketState(str(sealed.preflight.metageneration), str(sealed.preflight.policy_etag)) == _SAME
    store = open_store(output)
    before = store.names()
    assert all(seen.content[:4] == b"PARE" for name in before if name.endswith("parquet") if (seen := store.get(name)))
    assert main(words) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[-1])["repeated"] is True
    assert store.names() == before
    assert main(["verify", output, "--keys", str(tmp_path / "keys")]) == 0
    files = [path for path in (tmp_path / "keyveil-state" / "runs").rglob("*") if path.is_file()]
    assert files == []


@pytest.mark.parametrize(
    "answers", [(), (_SAME,), (_SAME, BucketState("8", "etag")), (_SAME, BucketState("7", "other"))]
)
def test_without_a_lasting_clearance_no_manifest_is_written(
    answers: tuple[BucketState, ...],
    words: list[str],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr(running, "open_preflight", lambda *_: Scripted(*answers))
    assert main(words) == 3
    names = open_store(words[words.index("--output") + 1]).names()
    assert not [name for name in names if name.endswith("json")]
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize("setting", ["store.encryption=none", "noise.run_key=derived"])
def test_settings_for_evaluation_are_refused(
    setting: str, words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(running, "open_preflight", lambda *_: Scripted(_SAME, _SAME))
    assert main([*words, "--set", setting]) == 3
    assert setting.partition("=")[0] in capsys.readouterr().err


@pytest.mark.parametrize("number", range(len(SETTINGS)))
def test_a_bucket_needs_the_whole_record_of_the_lawful_basis(
    number: int, words: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(running, "open_preflight", lambda *_: Scripted(_SAME, _SAME))
    at = words.index(WORDS[0]) + 2 * number
    assert main([*words[:at], *words[at + 2 :]]) == 3
    assert SETTINGS[number].partition("=")[0] in capsys.readouterr().err
