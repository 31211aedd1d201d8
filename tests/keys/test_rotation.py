from pathlib import Path

import pytest

from schemas.errors import FailedError, RefusedError
from tests.support.keysets import opened
from transforms.keys import rotation
from transforms.keys.envelope import seal, unseal
from transforms.keys.key_history import follow
from transforms.keys.key_set import SECRET_ROLES, KeyRole, export_reader
from transforms.keys.reader_keys import ReaderKeys
from transforms.keys.rotation import rotate

ROLES = tuple(KeyRole)


def test_a_rotated_role_derives_new_values_and_still_knows_what_it_derived_before(folder: Path) -> None:
    for role in SECRET_ROLES:
        before = opened(folder)
        rotate(folder, role)
        rotate(folder, role)
        after = opened(folder)
        assert len(set(after.derivations(role, "a"))) == 3
        assert after.derive(role, "a") != before.derive(role, "a")
        assert before.derive(role, "a") in after.derivations(role, "a")
        others = [other for other in SECRET_ROLES if other is not role]
        assert [after.derive(other, "a") for other in others] == [before.derive(other, "a") for other in others]


def test_a_retired_signing_key_verifies_and_cannot_sign(folder: Path) -> None:
    before = opened(folder)
    old = before.signing_private()
    rotate(folder, KeyRole.SIGNING)
    after = opened(folder)
    raw = [public.public_bytes_raw() for public in after.verifying()]
    assert before.signing_public().public_bytes_raw() in raw
    assert after.signing_private().public_key() == after.signing_public() != old.public_key()
    assert not any("PRIVATE" in path.read_text() for path in folder.glob("signing.*.retired.*"))


def test_each_retired_signing_key_leads_to_the_present_one(folder: Path) -> None:
    first = opened(folder).signing_public()
    assert opened(folder).history() == ()
    rotate(folder, KeyRole.SIGNING)
    second = opened(folder).signing_public()
    rotate(folder, KeyRole.SIGNING)
    after = opened(folder)
    assert len(after.history()) == 2
    assert follow([first], after.history()) == (first, second, after.signing_public())


@pytest.mark.parametrize("damage", ["", "{}", '{"at": "", "old": "", "new": "", "sig": ""}'])
def test_a_damaged_statement_of_a_retired_key_is_refused(folder: Path, damage: str) -> None:
    rotate(folder, KeyRole.SIGNING)
    (statement,) = folder.glob("signing.*.retired.json")
    statement.write_text(damage)
    with pytest.raises(RefusedError, match="restore"):
        opened(folder).history()


def test_old_quarantine_records_open_after_a_rotation(folder: Path) -> None:
    sealed = seal(opened(folder).quarantine_public(), b"record", b"x")
    rotate(folder, KeyRole.QUARANTINE)
    new, old = opened(folder).quarantine_privates()
    assert unseal(old, sealed, b"x") == b"record"
    with pytest.raises(FailedError):
        unseal(new, sealed, b"x")


def test_a_reader_exported_after_a_rotation_holds_both_data_keys(folder: Path, tmp_path: Path) -> None:
    old = opened(folder).reader().data.key_id
    new = rotate(folder, KeyRole.DATA)
    export_reader(folder, tmp_path / "reader.json")
    held = ReaderKeys.open(tmp_path / "reader.json")
    assert held.data.key_id == new
    assert [held.data_key(name) is not None for name in (old, new, "0" * 16, None)] == [True, True, False, False]


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("writes", range(4))
def test_a_crash_at_any_write_loses_no_key_and_the_next_rotation_completes(
    folder: Path, role: KeyRole, writes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = opened(folder)
    sealed = seal(before.quarantine_public(), b"record", b"x")
    left, real = [writes], rotation.replace_secret

    def failing(path: Path, content: bytes) -> None:
        if not left[0]:
            raise KeyboardInterrupt
        left[0] -= 1
        real(path, content)

    monkeypatch.setattr(rotation, "replace_secret", failing)
    try:
        rotate(folder, role)
    except KeyboardInterrupt:
        opened(folder)
    monkeypatch.setattr(rotation, "replace_secret", real)
    rotate(folder, role)
    after = opened(folder)
    if role in SECRET_ROLES:
        assert before.derive(role, "a") in after.derivations(role, "a")
    assert before.signing_public().public_bytes_raw() in [public.public_bytes_raw() for public in after.verifying()]
    assert after.signing_private().public_key() == after.signing_public()
    assert after.signing_public() in follow([before.signing_public()], after.history())
    assert b"record" in [_opened(private, sealed) for private in after.quarantine_privates()]


def _opened(private: object, sealed: bytes) -> bytes | None:
    try:
        return unseal(private, sealed, b"x")  # type: ignore[arg-type]
    except FailedError:
        return None


def test_a_key_set_that_others_may_read_is_not_rotated(folder: Path) -> None:
    (folder / "data.json").chmod(0o644)
    with pytest.raises(RefusedError, match="chmod 600"):
        rotate(folder, KeyRole.DATA)
