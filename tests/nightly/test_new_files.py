"""The processed-files index: new, late, copied, grown and rotated, in folders and in a bucket."""

import dataclasses
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from google.cloud.storage import Client

from pipelines.nightly import new_files
from pipelines.nightly.journal_state import JournalState, fold_journal
from pipelines.nightly.new_files import Inputs, NewFiles, find_new_files
from pipelines.nightly.records import NightStaged, SeenFile
from schemas.errors import UsageError
from tests.support.gcs import client_of, fake_gcs
from transforms.object_store import gcs as bucket

KEYS = (bytes(32),)
FIRST, SECOND, THIRD = date(2026, 11, 2), date(2026, 11, 3), date(2026, 11, 4)


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    with fake_gcs() as address:
        yield client_of(address)


class Logs:
    """Logs by day at an address."""

    def __init__(self, root: str, client: Client | None) -> None:
        self.inputs = Inputs((f"{root}/{{day}}/*.jsonl",), None, "ada", {"named.jsonl": "bob"})
        self._root, self._client = root, client

    def put(self, day: date, name: str, content: str) -> None:
        if self._client is None:
            path = Path(self._root) / day.isoformat() / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content)
            os.utime(path, ns=(len(content), len(content)))
        else:
            self._client.bucket("index").blob(
                f"{self._root.removeprefix('gs://index/')}/{day}/{name}"
            ).upload_from_string(content)

    def night(self, day: date, standing: JournalState, keys: tuple[bytes, ...] = KEYS) -> NewFiles:
        return find_new_files(self.inputs, day, standing, keys)


@pytest.fixture(params=["folder", "bucket"])
def logs(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Logs:
    if request.param == "folder":
        return Logs(str(tmp_path), None)
    client: Client = request.getfixturevalue("client")
    monkeypatch.setattr(bucket, "client", lambda: client)
    if not client.bucket("index").exists():
        client.create_bucket("index")
    return Logs(f"gs://index/{request.node.name.partition('[')[0]}", client)


def after(*nights: tuple[date, NewFiles]) -> JournalState:
    return fold_journal(
        NightStaged(day.isoformat(), "w", found.seen, 0, 0, 0, (), (), (), {}, "how") for day, found in nights
    )


def named(found: NewFiles) -> list[str]:
    return [source.path.rpartition("/")[2] for source in found.sources]


def test_each_file_is_read_once_on_the_first_night_that_sees_it(logs: Logs) -> None:
    logs.put(FIRST, "a.jsonl", "1")
    logs.put(SECOND, "b.jsonl", "2")
    first = logs.night(FIRST, JournalState())
    assert (named(first), first.late, first.duplicates) == (["a.jsonl"], 0, 0)
    second = logs.night(SECOND, after((FIRST, first)))
    assert (named(second), second.late, [source.index for source in second.sources]) == (["b.jsonl"], 0, [0])
    both = after((FIRST, first), (SECOND, second))
    assert logs.night(SECOND, both).seen == ()
    logs.put(FIRST, "late.jsonl", "3")
    third = logs.night(THIRD, both)
    assert (named(third), third.late) == (["late.jsonl"], 1)


def test_a_copy_is_told_from_a_file_that_grew(logs: Logs) -> None:
    logs.put(FIRST, "a.jsonl", "1")
    first = logs.night(FIRST, JournalState())
    logs.put(SECOND, "copy.jsonl", "1")
    logs.put(FIRST, "a.jsonl", "1 and more")
    second = logs.night(SECOND, after((FIRST, first)))
    assert (named(second), second.late, second.duplicates) == (["a.jsonl"], 1, 1)
    assert logs.night(SECOND, after((FIRST, first), (SECOND, second))).seen == ()


def test_a_file_that_was_read_is_not_opened_again(logs: Logs, monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[str] = []

    def look(path: Path) -> str:
        looked.append(path.name)
        return "" if path.name == "unknown.jsonl" else "canonical"

    monkeypatch.setattr(new_files, "recognise", look)
    for name in ("a.jsonl", "unknown.jsonl"):
        logs.put(FIRST, name, name)
    first = logs.night(FIRST, JournalState())
    logs.put(SECOND, "b.jsonl", "2")
    second = logs.night(SECOND, after((FIRST, first)))
    assert looked == ["a.jsonl", "unknown.jsonl", "unknown.jsonl", "b.jsonl"]
    assert named(second) == ["b.jsonl"], "what was not recognised was rejected once, and is until it is recognised"
    monkeypatch.setattr(new_files, "recognise", lambda _: "canonical")
    third = logs.night(SECOND, after((FIRST, first), (SECOND, second)))
    assert (named(third), third.late) == (["unknown.jsonl"], 1)


def test_a_file_in_the_index_of_an_earlier_version_is_known(logs: Logs) -> None:
    logs.put(FIRST, "a.jsonl", "1")
    first = logs.night(FIRST, JournalState())
    (before,) = new_files._stamps(first.sources, KEYS[0]).values()
    standing = after((FIRST, dataclasses.replace(first, seen=(SeenFile(before, "other content"),))))
    assert logs.night(SECOND, standing).seen == ()


def test_a_file_whose_user_or_format_is_named_otherwise_is_read_again(logs: Logs) -> None:
    logs.put(FIRST, "a.jsonl", "1")
    standing = after((FIRST, logs.night(FIRST, JournalState())))
    for change in ({"user": "eve"}, {"format": "otlp"}):
        inputs = dataclasses.replace(logs.inputs, **change)
        assert len(find_new_files(inputs, FIRST, standing, KEYS).sources) == 1


def test_two_copies_that_come_together_are_read_once(logs: Logs) -> None:
    logs.put(FIRST, "a.jsonl", "1")
    logs.put(FIRST, "b.jsonl", "1")
    found = logs.night(FIRST, JournalState())
    assert (named(found), found.duplicates, len(found.seen)) == (["a.jsonl"], 1, 2)


def test_a_file_that_cannot_be_opened_is_tried_again_until_it_can(tmp_path: Path) -> None:
    logs, day = Logs(str(tmp_path), None), tmp_path / FIRST.isoformat()
    day.mkdir()
    for name in ("a.jsonl", "b.jsonl"):
        (day / name).symlink_to(tmp_path / f"unmounted-{name}")
    first = logs.night(FIRST, JournalState())
    assert (named(first), first.seen, first.duplicates) == (["a.jsonl", "b.jsonl"], (), 0)
    (tmp_path / "unmounted-a.jsonl").write_text("1")
    second = logs.night(SECOND, after((FIRST, first)))
    assert (named(second), len(second.seen), second.late) == (["a.jsonl", "b.jsonl"], 1, 2)
    assert named(logs.night(SECOND, after((FIRST, first), (SECOND, second)))) == ["b.jsonl"]


def test_after_a_rotation_files_are_still_known(logs: Logs) -> None:
    logs.put(FIRST, "a.jsonl", "1")
    before = after((FIRST, logs.night(FIRST, JournalState())))
    rotated = (bytes([7]) * 32, *KEYS)
    assert logs.night(FIRST, before, rotated).seen == ()
    logs.put(SECOND, "b.jsonl", "1")
    assert logs.night(SECOND, before, rotated).duplicates == 1


def test_a_day_without_logs_is_a_day(logs: Logs) -> None:
    assert logs.night(FIRST, JournalState()).seen == ()


def test_people_are_named_as_in_a_run_over_everything(logs: Logs) -> None:
    logs.put(FIRST, "a.jsonl", "1")
    logs.put(FIRST, "named.jsonl", "2")
    assert [source.user for source in logs.night(FIRST, JournalState()).sources] == ["ada", "bob"]


def test_the_index_holds_no_name(logs: Logs) -> None:
    logs.put(FIRST, "ada-lovelace.jsonl", "1")
    assert "lovelace" not in repr(logs.night(FIRST, JournalState()).seen)


def test_an_address_that_cannot_be_read_is_refused() -> None:
    with pytest.raises(UsageError):
        find_new_files(Inputs(("abfs://raw/{day}/*",), None, None, {}), FIRST, JournalState(), KEYS)
