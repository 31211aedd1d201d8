"""Backups of private state: of one moment, in every kind of place, and back into an empty one."""

import hashlib
import json
import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from pipelines.backup import state_copy
from pipelines.backup.state_copy import CONTENTS, NEVER_COPIED, back_up_state, restore_state
from schemas.errors import FailedError, RefusedError, UsageError
from tests.support.days import days_from, make_sessions, write_days
from tests.support.nights import QUICK, Company, keyveil
from transforms.object_store.addresses import open_store
from transforms.object_store.interface import put
from transforms.object_store.local import FolderStore

AT = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEPT = {"owner.json": b"{}", "ledger/ledger.jsonl": b"1\n2\n", "erasures/a.json": b"a", "models/m": b"m"}


def fill(uri: str, files: dict[str, bytes]) -> None:
    for name, content in files.items():
        put(open_store(uri), name, content)


def contents(uri: str) -> dict[str, bytes]:
    store = open_store(uri)
    return {name: seen.content for name in store.names() if (seen := store.get(name)) is not None}


@pytest.fixture
def state(tmp_path: Path) -> str:
    uri = str(tmp_path / "state")
    fill(uri, KEPT)
    return uri


def test_what_is_kept_comes_back_between_a_folder_and_a_bucket(state: str, s3_bucket: str, tmp_path: Path) -> None:
    fill(state, {f"{name}/x": b"never" for name in NEVER_COPIED} | {".1.part": b"unfinished"})
    there = back_up_state(state, f"{s3_bucket}/backups", AT)
    assert (there.backup, there.files, there.bytes) == (f"{s3_bucket}/backups/20261124T120000Z", 4, 8)
    assert contents(there.backup).keys() == KEPT.keys() | {CONTENTS}
    moved = restore_state(there.backup, f"{s3_bucket}/state")
    assert (moved.files, moved.bytes, contents(moved.state)) == (4, 8, KEPT)
    again = back_up_state(moved.state, str(tmp_path / "backups"), AT)
    assert contents(restore_state(again.backup, str(tmp_path / "new")).state) == KEPT


def _change_while_copying(monkeypatch: pytest.MonkeyPatch, act: Callable[[str], object]) -> None:
    copy = state_copy._copy

    def act_and_copy(origin: Any, place: Any, name: str) -> str | None:
        digest = copy(origin, place, name)
        act(name)
        return digest

    monkeypatch.setattr(state_copy, "_copy", act_and_copy)


def test_a_backup_is_of_one_moment_whatever_is_written_meanwhile(
    state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, seen = open_store(state), []

    def change_once(name: str) -> None:
        seen.append(name)
        if name == "owner.json" and seen.count(name) == 1:
            put(store, "ledger/ledger.jsonl", b"1\n2\n3\n")
            put(store, "erasures/b.json", b"b")
            put(store, "owner.json", b"{ }")
            store.delete("models/m")

    _change_while_copying(monkeypatch, change_once)
    done = back_up_state(state, str(tmp_path / "backups"), AT)
    copy = contents(done.backup)
    del copy[CONTENTS]
    assert copy == contents(state)
    assert copy.keys() == {"owner.json", "ledger/ledger.jsonl", "erasures/a.json", "erasures/b.json"}
    assert seen.count("erasures/a.json") == 1
    assert restore_state(done.backup, str(tmp_path / "new")).files == len(copy)


def test_a_state_that_never_rests_is_given_up_and_the_copy_is_none(
    state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = iter(range(1000))
    _change_while_copying(monkeypatch, lambda _: put(open_store(state), "models/m", str(next(count)).encode()))
    with pytest.raises(FailedError, match="when no run is under way"):
        back_up_state(state, str(tmp_path / "backups"), AT)
    with pytest.raises(UsageError, match="no finished backup"):
        restore_state(str(tmp_path / "backups" / "20261124T120000Z"), str(tmp_path / "new"))


def test_a_file_that_is_gone_when_it_is_read_is_not_in_the_copy(
    state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    get = FolderStore.get

    def vanish(store: FolderStore, name: str) -> Any:
        if name == "models/m" and str(store.root) == state:
            store.delete(name)
        return get(store, name)

    monkeypatch.setattr(FolderStore, "get", vanish)
    done = back_up_state(state, str(tmp_path / "backups"), AT)
    assert contents(done.backup).keys() == KEPT.keys() - {"models/m"} | {CONTENTS}


def test_where_there_is_no_state_or_no_room_nothing_is_written(state: str, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "file").write_text("x")
    with pytest.raises(UsageError, match="holds no private state"):
        back_up_state(str(tmp_path / "other"), str(tmp_path / "backups"), AT)
    with pytest.raises(UsageError, match="lies inside of the state"):
        back_up_state(state, f"{state}/backups", AT)
    assert not (tmp_path / "backups").exists()
    back_up_state(state, str(tmp_path / "backups"), AT)
    with pytest.raises(UsageError, match="try again in a second"):
        back_up_state(state, str(tmp_path / "backups"), AT)


def test_a_restoration_that_was_stopped_goes_on_and_is_mixed_with_nothing(state: str, tmp_path: Path) -> None:
    backup = back_up_state(state, str(tmp_path / "backups"), AT).backup
    new = str(tmp_path / "new")
    fill(new, {"ledger/ledger.jsonl": KEPT["ledger/ledger.jsonl"]})
    assert contents(restore_state(backup, new).state) == KEPT
    for name, content in (("models/m", b"another"), ("models/n", b"n")):
        other = str(tmp_path / name)
        fill(other, {name: content})
        with pytest.raises(RefusedError, match="is not empty"):
            restore_state(backup, other)
        assert contents(other) == {name: content}


def test_the_ledger_is_put_back_before_all_else(state: str, tmp_path: Path) -> None:
    """A run into half a state must find the charges that were made."""
    backup = back_up_state(state, str(tmp_path / "backups"), AT).backup
    (Path(backup) / "ledger" / "ledger.jsonl").write_bytes(b"1\n")
    with pytest.raises(FailedError, match=r"ledger\.jsonl is missing or was altered"):
        restore_state(backup, str(tmp_path / "new"))
    assert contents(str(tmp_path / "new")) == {}


@pytest.mark.parametrize("damage", [b"", b"[]", b'{"form": "keyveil/backup/2", "files": {}}', b'{"form": 1}'])
def test_damaged_contents_are_named(state: str, tmp_path: Path, damage: bytes) -> None:
    backup = back_up_state(state, str(tmp_path / "backups"), AT).backup
    (Path(backup) / CONTENTS).write_bytes(damage)
    with pytest.raises(FailedError, match="is damaged; restore an earlier backup"):
        restore_state(backup, str(tmp_path / "new"))


@pytest.mark.parametrize("name", ["../out", "a/../../out", "/out", "./out", "a//out", "run-keys/a", "runs/a", "a.part"])
def test_a_backup_writes_nothing_outside_of_the_state(state: str, tmp_path: Path, name: str) -> None:
    backup = Path(back_up_state(state, str(tmp_path / "backups"), AT).backup)
    made = json.loads((backup / CONTENTS).read_bytes())
    made["files"][name] = hashlib.sha256(b"x").hexdigest()
    (backup / CONTENTS).write_text(json.dumps(made))
    with pytest.raises(FailedError, match="is damaged; restore an earlier backup"):
        restore_state(str(backup), str(tmp_path / "back" / "state"))
    assert not (tmp_path / "back").exists()


def test_a_restored_state_is_verified_and_an_erasure_since_is_missed(tmp_path: Path) -> None:
    """Back up, lose the state, restore it: all is there; erase somebody after the backup: verify and runs say so."""
    (tmp_path / "company").mkdir()
    company = Company(tmp_path / "company")
    write_days(company.logs, [*make_sessions(days_from(date(2026, 11, 2), 1), 2, 4)])
    log = next(company.logs.rglob("*.jsonl"))
    words = ("--keys", company.keys, "--output", company.output, *QUICK)
    run = ("run", "--input", log, "--consent", company.consent, *words, "--state")
    assert keyveil(*run, company.state).code == 0
    backup = keyveil("state", "backup", company.state, tmp_path / "backups", "--json").json["backup"]
    told = keyveil("state", "restore", backup, tmp_path / "restored")
    assert (told.code, "before anything runs" in told.err) == (0, True)
    look = ("verify", company.output, "--keys", company.keys, "--state")
    assert keyveil(*look, tmp_path / "restored").code == 0
    assert keyveil("audit", "verify", "--keys", company.keys, "--state", tmp_path / "restored").code == 0
    assert (
        keyveil("erase", company.output, "--user", "user-a", "--keys", company.keys, "--state", company.state).code == 0
    )
    restored = keyveil(*look, tmp_path / "restored")
    assert (restored.code, "state is older than the output" in restored.err) == (4, True)
    assert keyveil(*run, tmp_path / "restored").code == 3
    later = keyveil("state", "backup", company.state, tmp_path / "later", "--json").json["backup"]
    assert keyveil("state", "restore", later, tmp_path / "again").code == 0
    assert keyveil(*look, tmp_path / "again").code == 0


def test_nights_go_on_in_another_place_with_what_was_staged_before_the_loss(tmp_path: Path) -> None:
    company = Company(tmp_path)
    days = days_from(date(2026, 11, 2), 7)
    write_days(company.logs, [*make_sessions(days, 1, 5)])
    assert company.run("--days", f"{days[0]}..{days[3]}").code == 0
    backup = keyveil("state", "backup", company.state, tmp_path / "backups", "--json").json["backup"]
    shutil.rmtree(company.state)
    company.state = tmp_path / "restored"
    assert keyveil("state", "restore", backup, company.state).code == 0
    assert not company.releases()
    assert company.run("--days", f"{days[4]}..{days[6]}").code == 0
    (release,) = company.releases()
    assert sum(pq.read_metadata(path).num_rows for path in (release / "sessions").iterdir()) == len(days)


def test_the_record_of_a_backup_quotes_nothing(state: str, tmp_path: Path) -> None:
    done = back_up_state(state, str(tmp_path / "backups"), AT)
    made = json.loads((Path(done.backup) / CONTENTS).read_bytes())
    assert made.keys() == {"form", "state", "files"}
    assert replace(done, files=len(made["files"])) == done
