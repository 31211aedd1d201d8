import pickle
from pathlib import Path

import pytest

from schemas.errors import FailedError, RefusedError
from transforms.keys.key_set import KeyReference, KeySet, create_key_set
from transforms.privacy.run_key import RunKeyReference, destroy, mint, noise_key, run_secret


@pytest.fixture
def keys(tmp_path: Path) -> KeySet:
    create_key_set(tmp_path / "keys")
    return KeySet.open(KeyReference(f"file:{tmp_path / 'keys'}"))


@pytest.fixture
def reference(tmp_path: Path) -> RunKeyReference:
    return RunKeyReference("release-1", str(tmp_path / "run.key"))


def test_a_retry_before_the_seal_finds_the_same_secret(keys: KeySet, reference: RunKeyReference) -> None:
    mint(keys, reference)
    first = run_secret(keys, reference)
    mint(keys, reference)
    assert run_secret(keys, reference) == first
    assert len(first) == 32


def test_the_secret_rests_wrapped_and_owner_only(keys: KeySet, reference: RunKeyReference, tmp_path: Path) -> None:
    mint(keys, reference)
    path = tmp_path / "run.key"
    assert run_secret(keys, reference) not in path.read_bytes()
    assert path.stat().st_mode & 0o777 == 0o600
    assert pickle.loads(pickle.dumps(reference)) == reference  # noqa: S301 - our own bytes
    path.chmod(0o644)
    with pytest.raises(RefusedError, match="others may use"):
        run_secret(keys, reference)


def test_a_destroyed_secret_is_gone_and_overwritten(keys: KeySet, reference: RunKeyReference, tmp_path: Path) -> None:
    mint(keys, reference)
    path = tmp_path / "run.key"
    wrapped = path.read_bytes()
    (tmp_path / "second-name").hardlink_to(path)
    destroy(reference)
    assert not path.exists()
    assert (tmp_path / "second-name").read_bytes() != wrapped
    with pytest.raises(RefusedError, match="cannot come back"):
        run_secret(keys, reference)
    destroy(reference)


def test_another_release_or_a_changed_file_does_not_unwrap(
    keys: KeySet, reference: RunKeyReference, tmp_path: Path
) -> None:
    mint(keys, reference)
    with pytest.raises(FailedError, match="does not open"):
        run_secret(keys, RunKeyReference("release-2", reference.wrapped))
    path = tmp_path / "run.key"
    content = path.read_bytes()
    path.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    with pytest.raises(FailedError, match="does not open"):
        mint(keys, reference)


def test_a_derived_secret_is_one_a_release(keys: KeySet, reference: RunKeyReference) -> None:
    derived = RunKeyReference("release-1", None)
    mint(keys, derived)
    destroy(derived)
    assert run_secret(keys, derived) == run_secret(keys, derived)
    assert run_secret(keys, derived) != run_secret(keys, RunKeyReference("release-2", None))
    mint(keys, reference)
    assert run_secret(keys, derived) != run_secret(keys, reference)


def test_every_plan_and_secret_has_its_own_noise_key() -> None:
    made = {noise_key(secret, digest) for secret in (bytes(32), bytes([1] * 32)) for digest in (b"a", b"b")}
    assert len(made) == 4
