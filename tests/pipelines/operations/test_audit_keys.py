"""A release is checked with a key set, a reader's file or a verifying key; only a key set opens private state."""

from pathlib import Path

import pytest

from pipelines.operations.audit_keys import AuditKeys
from schemas.errors import RefusedError
from transforms.keys.key_set import create_key_set, export_reader


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    create_key_set(home / "keys")
    export_reader(home / "keys", home / "reader.json")
    return home


@pytest.mark.parametrize(
    ("name", "reads", "has_state"),
    [("keys", True, True), ("reader.json", True, False), ("keys/signing.public.pem", False, False)],
)
def test_each_kind_of_key_opens_what_it_may(home: Path, name: str, reads: bool, has_state: bool) -> None:
    keys = AuditKeys.open(str(home / name))
    assert (keys.reader is not None, keys.private is not None) == (reads, has_state)
    assert keys.verifying == AuditKeys.open(str(home / "keys")).verifying


def test_state_that_others_could_change_is_refused_before_anything_is_read(home: Path, tmp_path: Path) -> None:
    (tmp_path / "state").mkdir()
    (tmp_path / "state").chmod(0o777)
    with pytest.raises(RefusedError):
        AuditKeys.open(str(home / "keys"), str(tmp_path / "state"))


@pytest.mark.parametrize(("name", "says"), [("nowhere", "keyveil keys init"), ("reader.json", "keyveil keys export")])
def test_missing_keys_are_refused_with_the_command_that_makes_them(name: str, says: str, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=says):
        AuditKeys.open(str(tmp_path / name))
