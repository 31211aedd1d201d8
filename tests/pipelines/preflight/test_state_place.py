"""A key set records where its private state lies, and no command begins or reads another by default."""

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from pipelines.operations.key_exports import describe_export, write_export
from pipelines.preflight.state import claim_state, open_state
from pipelines.preflight.state_place import STATE_PLACE
from pipelines.state.private_state import PrivateState
from schemas.errors import RefusedError
from tests.support.nights import keyveil
from transforms.keys.key_set import EXPORTS, KeyReference, create_key_set


@pytest.fixture
def keys(tmp_path: Path) -> Path:
    create_key_set(tmp_path / "home" / "keys")
    return tmp_path / "home" / "keys"


def claim(keys: Path, state: Path | None = None) -> PrivateState:
    private = open_state(KeyReference.parse(str(keys)), None if state is None else str(state))
    claim_state(private)
    return private


def export(keys: Path, role: str, target: Path) -> None:
    write_export(keys, describe_export(keys, role, "a team", None, None, today=date(2026, 11, 30)), target)


def recorded(keys: Path) -> str:
    place: str = json.loads((keys / STATE_PLACE).read_bytes())["state"]
    return place


def test_a_state_elsewhere_is_recorded_and_no_other_is_taken_without_it(keys: Path, tmp_path: Path) -> None:
    claim(keys, tmp_path / "state")
    assert recorded(keys) == str(tmp_path / "state")
    with pytest.raises(RefusedError, match=f"Pass --state {tmp_path}/state"):
        open_state(KeyReference.parse(str(keys)), None)
    assert not (keys.parent / "keyveil-state").exists()
    assert claim(keys, tmp_path / "state").folder == tmp_path / "state"


def test_no_second_state_begins_and_one_that_exists_may_be_named(keys: Path, tmp_path: Path) -> None:
    claim(keys, tmp_path / "state")
    with pytest.raises(RefusedError, match="a second one would begin"):
        claim(keys, tmp_path / "typo")
    assert not (tmp_path / "typo").exists()
    shutil.copytree(tmp_path / "state", tmp_path / "copy")
    claim(keys, tmp_path / "copy")
    assert recorded(keys) == str(tmp_path / "state")  # which is still there


def test_a_state_that_was_moved_is_recorded_again(keys: Path, tmp_path: Path) -> None:
    claim(keys, tmp_path / "state")
    (tmp_path / "state").rename(tmp_path / "moved")
    claim(keys, tmp_path / "moved")
    assert recorded(keys) == str(tmp_path / "moved")


def test_key_set_and_state_in_one_folder_may_be_moved_together(keys: Path, tmp_path: Path) -> None:
    claim(keys)
    assert recorded(keys) == "keyveil-state"
    (tmp_path / "home").rename(tmp_path / "other")
    moved = tmp_path / "other" / "keys"
    assert open_state(KeyReference.parse(str(moved)), None).folder == tmp_path / "other" / "keyveil-state"
    with pytest.raises(RefusedError, match="a second one would begin"):
        claim(moved, tmp_path / "typo")


@pytest.mark.parametrize("role", ["pipeline", "bundle"])
def test_the_original_of_a_copy_begins_no_second_state(keys: Path, tmp_path: Path, role: str) -> None:
    export(keys, role, tmp_path / "copy")
    with pytest.raises(RefusedError, match="Pass the --state of those runs"):
        open_state(KeyReference.parse(str(keys)), None)
    assert not (keys.parent / "keyveil-state").exists()
    claim(keys, tmp_path / "state")
    with pytest.raises(RefusedError, match=f"Pass --state {tmp_path}/state"):
        open_state(KeyReference.parse(str(keys)), None)


def test_a_state_beside_the_original_of_a_copy_is_taken(keys: Path, tmp_path: Path) -> None:
    claim(keys)
    export(keys, "pipeline", tmp_path / "copy")
    assert open_state(KeyReference.parse(str(keys)), None).folder == keys.parent / "keyveil-state"
    (keys / STATE_PLACE).unlink()
    assert open_state(KeyReference.parse(str(keys)), None).folder == keys.parent / "keyveil-state"


def test_an_export_to_a_reader_leaves_the_state_beside_the_key_set(keys: Path, tmp_path: Path) -> None:
    export(keys, "reader", tmp_path / "reader.json")
    assert claim(keys).folder == keys.parent / "keyveil-state"


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"exports": 1}', '{"exports": [{}]}'])
def test_a_damaged_record_of_exports_is_refused(keys: Path, content: str) -> None:
    (keys / EXPORTS).write_text(content)
    (keys / EXPORTS).chmod(0o600)
    with pytest.raises(RefusedError, match="is damaged"):
        open_state(KeyReference.parse(str(keys)), None)


@pytest.mark.parametrize("content", ["{", "[]", "{}", '{"state": 1}'])
def test_a_damaged_record_is_named(content: str, keys: Path) -> None:
    claim(keys)
    (keys / STATE_PLACE).write_text(content)
    with pytest.raises(RefusedError, match=r"state\.json is damaged"):
        open_state(KeyReference.parse(str(keys)), None)


def test_a_state_in_a_bucket_is_named_too(keys: Path) -> None:
    (keys / STATE_PLACE).write_text('{"state": "gs://acme/state"}')
    (keys / STATE_PLACE).chmod(0o600)
    with pytest.raises(RefusedError, match="Pass --state gs://acme/state"):
        open_state(KeyReference.parse(str(keys)), None)


@pytest.mark.parametrize(
    "words",
    [
        ("ledger", "show"),
        ("ledger", "charge", "--label", "x", "--epsilon", "1", "--delta", "1e-7"),
        ("quarantine", "list"),
        ("audit", "verify"),
    ],
)
def test_commands_without_the_state_of_the_key_set_are_refused(
    words: tuple[str, ...], keys: Path, tmp_path: Path
) -> None:
    charge = ("ledger", "charge", "--label", "first", "--epsilon", "1", "--delta", "1e-7", "--keys", keys)
    assert keyveil(*charge, "--state", tmp_path / "state").code == 0
    told = keyveil(*words, "--keys", keys)
    assert (told.code, told.out) == (3, "")
    assert f"--state {tmp_path}/state" in told.err
    assert not (keys.parent / "keyveil-state").exists()
