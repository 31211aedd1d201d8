"""``keyveil verify --config``: the settings of a release are known by the fingerprint in its manifest."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from pipelines.cli.main import main
from pipelines.config import RunConfig, load_config
from pipelines.operations.disclosure.settings_proof import SettingsProof, prove_settings
from pipelines.origin import code_digest
from pipelines.release.prepare import digest_settings
from pipelines.state.private_state import PrivateState
from schemas.errors import UsageError
from tests.dataset.test_manifest import MANIFEST
from transforms.keys.key_set import KeyReference, KeyRole, create_key_set
from transforms.keys.rotation import rotate

_EXAMPLES = Path(__file__).parents[4] / "examples"


@pytest.fixture
def private(tmp_path: Path) -> PrivateState:
    create_key_set(tmp_path / "keys")
    return PrivateState.of(KeyReference.parse(str(tmp_path / "keys")), None)


def test_releases_are_told_apart_by_settings_and_by_code(private: PrivateState) -> None:
    (digest,) = digest_settings(private.keys, RunConfig())
    made = replace(MANIFEST, release_id="made", config_fingerprint=digest, code_digest="older")
    other = replace(MANIFEST, release_id="other", code_digest=code_digest())
    unknown = replace(MANIFEST, release_id="unknown", code_digest="older")
    assert prove_settings(RunConfig(), private, [made, other, unknown]) == SettingsProof(
        ("made",), ("other",), ("unknown",)
    )
    changed = load_config(None, ["noise.lifetime_epsilon=7"], None)
    assert prove_settings(changed, private, [made]).made == ()
    with pytest.raises(UsageError, match=r"--config takes the key set"):
        prove_settings(RunConfig(), None, [made])


def test_a_fingerprint_of_before_a_rotation_is_known_and_that_of_another_key_set_is_not(
    private: PrivateState, tmp_path: Path
) -> None:
    before = digest_settings(private.keys, RunConfig())
    rotate(tmp_path / "keys", KeyRole.TRANSIT)
    after = digest_settings(PrivateState.of(KeyReference.parse(str(tmp_path / "keys")), None).keys, RunConfig())
    assert before < after
    assert len(after) == 2
    create_key_set(tmp_path / "other")
    other = PrivateState.of(KeyReference.parse(str(tmp_path / "other")), str(tmp_path / "state"))
    assert digest_settings(other.keys, RunConfig()).isdisjoint(after)


def test_the_settings_of_a_release_are_proven_and_no_value_of_them_is_shown(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["keys", "init", str(tmp_path / "keys")]) == 0
    config = tmp_path / "keyveil.yaml"
    config.write_text("redact: {profile: fast, denied: [Plevosti]}\nnoise: {model: prior}\n")
    log = str(_EXAMPLES / "recordings" / "synthetic-office.jsonl")
    run = ["run", "--input", log, "--consent", str(_EXAMPLES / "consent.csv"), "--output", str(tmp_path / "out")]
    assert main([*run, "--keys", str(tmp_path / "keys"), "--config", str(config)]) == 0
    (release,) = (path.name for path in (tmp_path / "out").glob("*/releases/*"))
    words = ["verify", str(tmp_path / "out"), "--keys", str(tmp_path / "keys"), "--config", str(config)]
    capsys.readouterr()
    assert main(words) == 0
    shown = capsys.readouterr().out
    assert f"made with these settings (all but consent and basis): {release}" in shown
    assert "lawful basis" not in shown
    assert main([*words, "--set", "basis.releases_days=30", "--set", "basis.ground=consent"]) == 0
    shown = capsys.readouterr().out
    assert f"made with these settings (all but consent and basis): {release}" in shown
    assert f"stating another lawful basis than these settings (basis.*): {release}" in shown
    assert "Plevosti" not in shown
    assert main([*words, "--set", "redact.denied=[Quillonsedge]", "--json"]) == 4
    told = capsys.readouterr()
    assert json.loads(told.out)["settings"] == {
        "made": [],
        "other": [release],
        "unknown": [],
        "other_basis": [],
    }
    assert "no release was made with these settings" in told.err
    assert "Quillonsedge" not in told.out + told.err
    assert main([*words[:3], str(tmp_path / "keys" / "signing.public.pem"), *words[4:]]) == 2
