"""Refusal of private state below the output, however its address is spelled."""

from pathlib import Path

import pytest

from pipelines.output import Output
from pipelines.release.prepare import RunRequest, open_private
from schemas.errors import UsageError
from transforms.keys.key_set import create_key_set
from transforms.object_store.local import FolderStore


def request(output: Output, keys: Path, state: str) -> RunRequest:
    return RunRequest(
        inputs=(),
        output=output,
        consent="all-for-evaluation",
        keys=str(keys),
        dataset="sessions",
        format=None,
        user=None,
        subjects=None,
        state=state,
        runner="DirectRunner",
        trace=None,
        trace_clear=False,
        beam_flags=(),
    )


@pytest.mark.parametrize("state", ["out", "out/", "out/private", "out/sessions/../private"])
def test_state_below_a_local_output_is_refused_and_state_beside_it_is_opened(state: str, tmp_path: Path) -> None:
    create_key_set(tmp_path / "keys")
    output = Output.at(f"{tmp_path}/out/")
    with pytest.raises(UsageError, match="below the output"):
        open_private(request(output, tmp_path / "keys", f"{tmp_path}/{state}"))
    assert not (tmp_path / "out").exists()
    beside = open_private(request(output, tmp_path / "keys", f"{tmp_path}/outside"))
    assert beside.folder == tmp_path / "outside"


@pytest.mark.parametrize("state", ["gs://acme/out", "gs://acme/out/", "gs://acme/out/private"])
def test_state_below_an_output_in_a_bucket_is_refused(state: str, tmp_path: Path) -> None:
    create_key_set(tmp_path / "keys")
    output = Output("gs://acme/out", FolderStore(tmp_path))
    with pytest.raises(UsageError, match="below the output"):
        open_private(request(output, tmp_path / "keys", state))


def test_an_output_has_one_address_however_it_is_spelled(tmp_path: Path) -> None:
    for spelled in (f"{tmp_path}/out", f"{tmp_path}/out/", f"file://{tmp_path}/out"):
        output = Output.at(spelled)
        assert (output.uri, output.is_bucket) == (f"{tmp_path}/out", False)
        assert output.dataset("sessions").uri == f"{tmp_path}/out/sessions"
