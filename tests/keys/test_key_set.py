import os
import pickle
import shutil
import stat
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import RefusedError, UsageError
from tests.support.keysets import opened
from transforms.keys.key_set import KeyReference, KeyRole, KeySet, create_key_set, export_reader
from transforms.keys.pipeline_copy import export_pipeline
from transforms.keys.reader_keys import ReaderKeys
from transforms.keys.rotation import rotate
from transforms.keys.secret import Secret

SECRET_ROLES = (KeyRole.PSEUDONYM, KeyRole.SURROGATE, KeyRole.NOISE, KeyRole.DATA, KeyRole.TRANSIT)
PAIRS = (KeyRole.QUARANTINE, KeyRole.SIGNING)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_everything_is_for_the_owner_alone_whatever_the_umask(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        create_key_set(tmp_path / "keys")
    finally:
        os.umask(before)
    assert mode(tmp_path / "keys") == 0o700
    files = sorted(path.name for path in (tmp_path / "keys").iterdir())
    assert files == sorted(
        [f"{role}.json" for role in SECRET_ROLES]
        + [f"{role}.{side}.pem" for role in PAIRS for side in ("private", "public")]
    )
    assert {mode(path) for path in (tmp_path / "keys").iterdir()} == {0o600}
    assert [path.name for path in tmp_path.iterdir()] == ["keys"]


def test_an_existing_key_set_file_or_link_is_never_overwritten(folder: Path, tmp_path: Path) -> None:
    before = {path.name: path.read_bytes() for path in folder.iterdir()}
    (tmp_path / "link").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "file").write_text("mine")
    for taken in (folder, tmp_path / "link", tmp_path / "file"):
        with pytest.raises(RefusedError, match="not overwritten"):
            create_key_set(taken)
    assert {path.name: path.read_bytes() for path in folder.iterdir()} == before
    assert (tmp_path / "file").read_text() == "mine"


def test_an_empty_folder_takes_the_keys_and_becomes_private(tmp_path: Path) -> None:
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys").chmod(0o755)
    create_key_set(tmp_path / "keys")
    assert mode(tmp_path / "keys") == 0o700
    assert {mode(path) for path in (tmp_path / "keys").iterdir()} == {0o600}
    opened(tmp_path / "keys")


def test_each_role_each_purpose_and_each_key_set_has_a_key_of_its_own(folder: Path, tmp_path: Path) -> None:
    create_key_set(tmp_path / "other")
    one, again, other = opened(folder), opened(folder), opened(tmp_path / "other")
    purposes = [(), ("a",), ("a", "b"), ("ab",), ("", "ab"), ("a", "b", "")]
    keys = [keys.derive(role, *info) for keys in (one, other) for role in SECRET_ROLES for info in purposes]
    assert len(set(keys)) == len(keys)
    assert {len(key) for key in keys} == {32}
    assert one.derive(KeyRole.DATA, "a") == again.derive(KeyRole.DATA, "a")


@given(st.lists(st.text(max_size=4), max_size=4), st.lists(st.text(max_size=4), max_size=4))
def test_two_lists_of_words_derive_one_key_only_if_they_are_equal(left: list[str], right: list[str]) -> None:
    secret = Secret("data", bytes(32))
    assert (secret.derive(*left) == secret.derive(*right)) == (left == right)


@pytest.mark.parametrize("role", PAIRS)
def test_key_pairs_are_not_derived_from(folder: Path, role: KeyRole) -> None:
    with pytest.raises(UsageError):
        opened(folder).derive(role)


def test_private_halves_belong_to_public_halves(folder: Path) -> None:
    keys = opened(folder)
    assert keys.quarantine_private().public_key() == keys.quarantine_public()
    assert keys.signing_private().public_key() == keys.signing_public()


@pytest.mark.parametrize("role", PAIRS)
def test_a_pipeline_may_hold_the_public_half_alone(folder: Path, role: KeyRole) -> None:
    (folder / f"{role}.private.pem").unlink()
    keys = opened(folder)
    with pytest.raises(RefusedError, match="is missing"):
        keys.quarantine_private() if role is KeyRole.QUARANTINE else keys.signing_private()


@pytest.mark.parametrize("role", PAIRS)
def test_a_private_half_of_another_pair_is_refused(folder: Path, tmp_path: Path, role: KeyRole) -> None:
    create_key_set(tmp_path / "other")
    (tmp_path / "other" / f"{role}.private.pem").replace(folder / f"{role}.private.pem")
    keys = opened(folder)
    with pytest.raises(RefusedError, match="do not match"):
        keys.quarantine_private() if role is KeyRole.QUARANTINE else keys.signing_private()


@pytest.mark.parametrize("wider", [0o610, 0o640, 0o604, 0o601, 0o666])
def test_a_file_that_others_may_use_is_refused_with_the_command_that_fixes_it(folder: Path, wider: int) -> None:
    file = folder / "noise.json"
    file.chmod(wider)
    with pytest.raises(RefusedError, match=f"chmod 600 {file}"):
        opened(folder)
    file.chmod(0o600)
    opened(folder)


@pytest.mark.parametrize("wider", [0o710, 0o750, 0o705, 0o777])
def test_a_folder_that_others_may_enter_is_refused_with_the_command_that_fixes_it(folder: Path, wider: int) -> None:
    folder.chmod(wider)
    with pytest.raises(RefusedError, match=f"chmod 700 {folder}"):
        opened(folder)


def test_a_missing_folder_or_file_names_the_command_that_makes_it(folder: Path, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match=r"keyveil keys init .*nowhere"):
        opened(tmp_path / "nowhere")
    (folder / "data.json").unlink()
    with pytest.raises(RefusedError, match=r"data\.json is missing.*keyveil keys init"):
        opened(folder)


def test_links_folders_and_pipes_in_place_of_keys_are_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(folder)
    with pytest.raises(RefusedError, match="links are refused"):
        opened(tmp_path / "link")
    file = folder / "data.json"
    file.rename(folder / "kept.json")
    file.symlink_to(folder / "kept.json")
    with pytest.raises(RefusedError):
        opened(folder)
    file.unlink()
    file.mkdir(mode=0o700)
    with pytest.raises(RefusedError):
        opened(folder)
    file.rmdir()
    os.mkfifo(file, 0o600)
    with pytest.raises(RefusedError, match="not a plain file"):
        opened(folder)


def test_another_owner_is_refused(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mine = os.geteuid()
    monkeypatch.setattr(os, "geteuid", lambda: mine + 1)
    with pytest.raises(RefusedError, match="belongs to another user"):
        opened(folder)


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"null", b"\xff", b'{"secret": 3}', b'{"secret": "\xc3\xa9"}'])
def test_damaged_key_files_are_refused(folder: Path, content: bytes) -> None:
    (folder / "data.json").write_bytes(content)
    with pytest.raises(RefusedError, match="damaged"):
        opened(folder)


def test_a_key_under_another_roles_name_is_refused(folder: Path) -> None:
    (folder / "data.json").write_bytes((folder / "transit.json").read_bytes())
    with pytest.raises(RefusedError, match="damaged"):
        opened(folder)


def test_a_changed_character_of_the_secret_is_noticed(folder: Path) -> None:
    file = folder / "data.json"
    text = file.read_text()
    at = text.index('"secret": "') + len('"secret": "')
    file.write_text(text[:at] + ("A" if text[at] != "A" else "B") + text[at + 1 :])
    with pytest.raises(RefusedError, match="damaged"):
        opened(folder)


@pytest.mark.parametrize("content", [b"", b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"])
@pytest.mark.parametrize("name", ["quarantine.public.pem", "signing.public.pem"])
def test_damaged_public_keys_are_refused(folder: Path, name: str, content: bytes) -> None:
    (folder / name).write_bytes(content)
    with pytest.raises(RefusedError):
        opened(folder)


@pytest.mark.parametrize("name", ["quarantine.private.pem", "signing.private.pem"])
def test_damaged_private_keys_are_refused(folder: Path, name: str) -> None:
    (folder / name).write_bytes(b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n")
    keys = opened(folder)
    with pytest.raises(RefusedError):
        keys.quarantine_private() if name.startswith("quarantine") else keys.signing_private()


def test_no_repr_shows_a_secret_and_keys_are_not_pickled(folder: Path) -> None:
    keys = opened(folder)
    secrets = [keys._secrets[role][0] for role in SECRET_ROLES]
    shown = repr(keys) + repr(keys.reader()) + repr(secrets)
    assert all(secret.key_id in repr(keys) for secret in secrets)
    assert not any(secret.material.hex() in shown or repr(secret.material) in shown for secret in secrets)
    for holder in (keys, keys.reader()):
        with pytest.raises(RefusedError, match="do not travel"):
            pickle.dumps(holder)


def test_a_reader_gets_the_data_and_verifying_keys_and_nothing_else(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "reader.json"
    export_reader(folder, target)
    assert mode(target) == 0o600
    keys, reader = opened(folder), ReaderKeys.open(target)
    assert reader.data.derive("x") == keys.derive(KeyRole.DATA, "x")
    assert reader.verifying == (keys.signing_public(),)
    text = target.read_text()
    for role in SECRET_ROLES:
        secret = Secret.from_json((folder / f"{role}.json").read_bytes(), role)
        assert (secret.key_id in text) == (role is KeyRole.DATA)
    assert "PRIVATE" not in text
    with pytest.raises(RefusedError, match="not overwritten"):
        export_reader(folder, target)


@pytest.mark.parametrize(
    "content", [b"", b"[]", b"{}", b'{"data": [{}], "verifying": ["x"]}', b'{"data": 1, "verifying": 2}']
)
def test_damaged_reader_files_are_refused(tmp_path: Path, content: bytes) -> None:
    target = tmp_path / "reader.json"
    target.write_bytes(content)
    target.chmod(0o600)
    with pytest.raises(RefusedError, match="damaged"):
        ReaderKeys.open(target)


def test_a_reader_file_that_others_may_read_is_refused(folder: Path, tmp_path: Path) -> None:
    target = tmp_path / "reader.json"
    export_reader(folder, target)
    target.chmod(0o644)
    with pytest.raises(RefusedError, match="chmod 600"):
        ReaderKeys.open(target)


def test_references_name_folders_and_travel(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    wanted = KeyReference(f"file:{tmp_path}/keys")
    spellings = ("keys", "./keys", "file:keys", f"{tmp_path}/keys", f"file:{tmp_path}/keys", f"file://{tmp_path}/keys")
    for text in spellings:
        assert KeyReference.parse(text) == wanted
    assert pickle.loads(pickle.dumps(wanted)).folder == tmp_path / "keys"  # noqa: S301 - our own bytes


@pytest.mark.parametrize("text", ["", "file:", "gcp-kms://projects/p", "s3://bucket/keys", "vault:secret"])
def test_other_schemes_are_wrong_use(text: str) -> None:
    with pytest.raises(UsageError, match="file:FOLDER"):
        KeyReference.parse(text)


def test_a_hand_made_reference_of_another_scheme_is_wrong_use() -> None:
    with pytest.raises(UsageError):
        KeySet.open(KeyReference("gcp-kms://projects/p"))


@pytest.mark.parametrize("name", [".0a1b.part", "quarantine.private.pem.bak", "quarantine.0a1b.private.pem", "notes"])
def test_a_pipeline_gets_no_file_but_keys_by_their_names(folder: Path, tmp_path: Path, name: str) -> None:
    """A rotation that was killed leaves the next private key of the quarantine in an unfinished file."""
    (folder / name).write_bytes((folder / "quarantine.private.pem").read_bytes())
    (folder / name).chmod(0o600)
    rotate(folder, KeyRole.SIGNING)
    rotate(folder, KeyRole.DATA)
    export_pipeline(folder, tmp_path / "pipeline")
    gone = {path.name for path in folder.iterdir()} - {path.name for path in (tmp_path / "pipeline").iterdir()}
    assert gone == {name, "quarantine.private.pem"}


def test_a_pipeline_gets_every_key_but_those_that_open_the_quarantine(folder: Path, tmp_path: Path) -> None:
    rotate(folder, KeyRole.QUARANTINE)
    export_pipeline(folder, tmp_path / "pipeline")
    whole, part = opened(folder), opened(tmp_path / "pipeline")
    assert [part.derive(role) for role in SECRET_ROLES] == [whole.derive(role) for role in SECRET_ROLES]
    assert part.quarantine_public() == whole.quarantine_public()
    assert part.signing_private().public_key() == whole.signing_public()
    with pytest.raises(RefusedError, match="missing"):
        part.quarantine_privates()
    privates = [path.name for path in (tmp_path / "pipeline").glob("*private*")]
    assert privates == ["signing.private.pem"]
    with pytest.raises(RefusedError, match="new folder"):
        export_pipeline(folder, tmp_path / "pipeline")


def test_a_folder_and_a_verifying_key_in_place_of_a_readers_file_are_refused_by_name(
    folder: Path, tmp_path: Path
) -> None:
    with pytest.raises(RefusedError, match=r"is a folder; readers use a key file: .*keyveil keys export"):
        ReaderKeys.open(folder)
    shutil.copy(folder / "signing.public.pem", tmp_path / "reader.json")
    (tmp_path / "reader.json").chmod(0o600)
    with pytest.raises(RefusedError, match=r"verifying key alone .*keyveil keys export"):
        ReaderKeys.open(tmp_path / "reader.json")


def test_the_id_of_a_secret_stays_what_it_was_in_every_version() -> None:
    """Releases, exports and retired files name keys by it."""
    secret = Secret("data", bytes(range(32)))
    assert secret.key_id == "d6ef7e824b3abb3e"
    assert secret.key_id != replace(secret, role="noise").key_id
