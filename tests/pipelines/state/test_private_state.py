"""Addresses of private state, for this machine and for others."""

from pathlib import Path

import pytest

from pipelines.preflight.state import open_state
from pipelines.state.private_state import PrivateState
from schemas.errors import RefusedError
from tests.support.keysets import make_reference
from transforms.keys.key_set import KeyReference


@pytest.fixture
def reference(tmp_path: Path) -> KeyReference:
    return make_reference(tmp_path / "keys")


@pytest.mark.parametrize("named", [None, "elsewhere"])
def test_local_state_has_one_address_for_spill_and_for_what_outlives_the_machine(
    named: str | None, tmp_path: Path, reference: KeyReference
) -> None:
    private = PrivateState.of(reference, None if named is None else str(tmp_path / named))
    folder = tmp_path / (named or "keyveil-state")
    assert (private.folder, private.uri) == (folder, str(folder))
    assert private.address("run-keys/r1") == f"{folder}/run-keys/r1"
    assert private.part("erasures").uri == str(folder / "erasures")
    assert private.open_ledger().name == str(folder / "ledger" / "ledger.jsonl")


def test_of_state_in_a_bucket_only_spill_and_locks_lie_on_this_machine(tmp_path: Path, reference: KeyReference) -> None:
    private = PrivateState.of(reference, "gs://bucket/private/")
    assert (private.folder, private.uri) == (tmp_path / "keyveil-state", "gs://bucket/private")
    assert private.address("run-keys/r1") == "gs://bucket/private/run-keys/r1"


def test_state_that_others_can_change_is_not_opened(tmp_path: Path, reference: KeyReference) -> None:
    state = tmp_path / "keyveil-state"
    state.mkdir(mode=0o700)
    assert open_state(reference, None).folder == state
    state.chmod(0o777)
    with pytest.raises(RefusedError):
        open_state(reference, None)
