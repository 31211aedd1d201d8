"""Owner of a private state: two key sets in one folder get two states, and a wrong pair is refused before it reads."""

from pathlib import Path

import pytest

from pipelines.preflight.state import open_state
from pipelines.state.private_state import state_folder
from pipelines.state.state_owner import OWNER, record_owner
from schemas.errors import FailedError, RefusedError
from transforms.keys.key_set import KeyReference, KeyRole, create_key_set
from transforms.keys.rotation import rotate
from transforms.object_store.atomic_files import make_folders


def make(folder: Path, name: str) -> KeyReference:
    create_key_set(folder / name)
    return KeyReference.parse(str(folder / name))


def take(reference: KeyReference, state: Path | None = None) -> Path:
    private = open_state(reference, None if state is None else str(state))
    make_folders(private.folder)
    record_owner(private.store, private.keys)
    return private.folder


def test_two_key_sets_in_one_folder_get_two_states(tmp_path: Path) -> None:
    first, second = make(tmp_path, "keys"), make(tmp_path, "others")
    assert take(first) == tmp_path / "keyveil-state"
    assert take(second) == state_folder(None, second) == tmp_path / "keyveil-state-others"
    assert take(first) == tmp_path / "keyveil-state"


def test_a_state_without_an_owner_is_taken_as_it_was_before(tmp_path: Path) -> None:
    reference = make(tmp_path, "keys")
    make_folders(tmp_path / "keyveil-state")
    assert open_state(reference, None).folder == tmp_path / "keyveil-state"


def test_the_state_of_another_key_set_is_refused_and_left_as_it_is(tmp_path: Path) -> None:
    first, second = make(tmp_path, "keys"), make(tmp_path, "others")
    state = take(first)
    before = (state / OWNER).read_bytes()
    with pytest.raises(RefusedError, match="belongs to another key set; nothing was read or changed"):
        open_state(second, str(state))
    assert (state / OWNER).read_bytes() == before


def test_a_rotation_keeps_the_state(tmp_path: Path) -> None:
    state = take(make(tmp_path, "keys"))
    rotate(tmp_path / "keys", KeyRole.TRANSIT)
    assert open_state(KeyReference.parse(str(tmp_path / "keys")), None).folder == state


@pytest.mark.parametrize("content", [b"{", b"[]", b"{}"])
def test_a_damaged_record_is_named(content: bytes, tmp_path: Path) -> None:
    reference = make(tmp_path, "keys")
    (take(reference) / OWNER).write_bytes(content)
    with pytest.raises(FailedError, match=r"owner\.json is damaged"):
        open_state(reference, None)
