"""The journal: written once a number, sealed, readable after a rotation, and what it adds up to."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from io import BufferedIOBase
from pathlib import Path
from typing import cast

import pytest

from pipelines.nightly.journal import READERS, Journal
from pipelines.nightly.journal_state import fold_journal
from pipelines.nightly.records import (
    FilesReplaced,
    NightStaged,
    OutputStarted,
    Record,
    ReleaseRefused,
    ReleaseStarted,
    SeenFile,
    WindowReleased,
    record_from_json,
    record_to_json,
)
from pipelines.state.private_state import PrivateState
from schemas.errors import FailedError, RefusedError
from transforms.keys.key_set import KeyReference, KeyRole, create_key_set
from transforms.keys.rotation import rotate
from transforms.object_store.interface import ObjectStore
from transforms.object_store.local import FolderStore
from transforms.staging.sealed_files import SealedFile

WEEK, NEXT = "2026-11-02..2026-11-08", "2026-11-09..2026-11-15"


def file(name: str) -> SealedFile:
    return SealedFile(name, 3, (name[-1] * 32,))


def night(day: str, window: str, number: int, held: str = "") -> NightStaged:
    return NightStaged(
        day=day,
        window=window,
        files=(SeenFile(f"stamp {number}", f"content {number}"),),
        late=0,
        duplicates=0,
        log_bytes=10,
        staged=(file(f"staged/{number}"),),
        held=(file(held),) if held else (),
        closed=(file(f"closed/{number}"),),
        aside={"outcome.rejected": number},
        redaction="how",
    )


RECORDS: tuple[Record, ...] = (
    night("2026-11-07", WEEK, 1, "held/1"),
    night("2026-11-08", WEEK, 2, "held/2"),
    FilesReplaced({"staged/1": file("staged/3"), "staged/2": None, "held/2": None}),
    ReleaseStarted(WEEK, "r1"),
    OutputStarted(WEEK, "r1", "r0"),
    ReleaseRefused(WEEK, "2026-11-09"),
    WindowReleased(WEEK, "r1"),
    night("2026-11-09", NEXT, 4),
)


@pytest.fixture
def keys(tmp_path: Path) -> KeyReference:
    create_key_set(tmp_path / "keys")
    return KeyReference.parse(str(tmp_path / "keys"))


def journal(keys: KeyReference, tmp_path: Path) -> Journal:
    return Journal.of(PrivateState.of(keys, str(tmp_path / "state")), "sessions")


def test_a_record_whose_first_answer_was_lost_counts(
    keys: KeyReference, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = FolderStore.put_if_absent
    monkeypatch.setattr(FolderStore, "put_if_absent", lambda *words: write(*words) and write(*words))
    for number, record in enumerate(RECORDS[:2]):
        journal(keys, tmp_path).append(number, record)
    assert journal(keys, tmp_path).read() == RECORDS[:2]
    with pytest.raises(RefusedError, match="recorded this step first"):
        journal(keys, tmp_path).append(1, RECORDS[1])


def test_records_come_back_in_order_and_say_nothing_in_the_clear(keys: KeyReference, tmp_path: Path) -> None:
    for number, record in enumerate(RECORDS):
        journal(keys, tmp_path).append(number, record)
    assert journal(keys, tmp_path).read() == RECORDS
    content = b"".join(path.read_bytes() for path in (tmp_path / "state").rglob("*.sealed"))
    assert b"2026-11-" not in content  # four digits alone are met by chance
    rotate(tmp_path / "keys", KeyRole.TRANSIT)
    assert journal(keys, tmp_path).read() == RECORDS


def test_a_record_is_opened_once_however_often_the_journal_is_read(keys: KeyReference, tmp_path: Path) -> None:
    written = journal(keys, tmp_path)
    written.append(0, RECORDS[0])
    assert written.read() == RECORDS[:1]
    (path,) = (tmp_path / "state").rglob("*.sealed")
    path.write_bytes(b"altered since")
    journal(keys, tmp_path).append(1, RECORDS[1])
    assert written.read() == RECORDS[:2]
    path.unlink()
    with pytest.raises(FailedError, match="lacks a record"):
        written.read()


def test_of_two_that_write_one_number_one_is_refused(keys: KeyReference, tmp_path: Path) -> None:
    first, second = journal(keys, tmp_path), journal(keys, tmp_path)
    first.append(0, RECORDS[0])
    with pytest.raises(RefusedError, match="run again"):
        second.append(0, RECORDS[1])
    assert second.read() == RECORDS[:1]


@pytest.mark.parametrize("damage", ["lost", "altered", "swapped"])
def test_a_damaged_journal_stops_the_run(keys: KeyReference, tmp_path: Path, damage: str) -> None:
    for number, record in enumerate(RECORDS):
        journal(keys, tmp_path).append(number, record)
    paths = sorted((tmp_path / "state").rglob("*.sealed"))
    if damage == "lost":
        paths[1].unlink()
    elif damage == "altered":
        content = paths[1].read_bytes()
        paths[1].write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    else:
        paths[1].write_bytes(paths[2].read_bytes())
    with pytest.raises(FailedError, match="restore private state"):
        journal(keys, tmp_path).read()


@pytest.mark.parametrize("record", RECORDS)
def test_every_record_has_a_json_form(record: Record) -> None:
    assert record_from_json(json.loads(json.dumps(record_to_json(record)))) == record


def test_what_the_journal_adds_up_to() -> None:
    before = fold_journal(RECORDS[:2])
    assert (before.first, before.last) == (date(2026, 11, 7), date(2026, 11, 8))
    assert set(before.held) == {"held/2"}
    assert before.staged[WEEK].aside == {"outcome.rejected": 3}
    assert before.pending() == [WEEK]
    rewritten = fold_journal(RECORDS[:4])
    assert set(rewritten.staged[WEEK].files) == {"staged/3"}
    assert rewritten.begun == {WEEK: ["r1"]}
    assert fold_journal([*RECORDS[:2], FilesReplaced({"closed/1": None})]).live() == {
        "staged/1",
        "staged/2",
        "held/2",
        "closed/2",
    }
    assert before.forgettable(date(2026, 11, 8)) == {"closed/1": None}
    again = fold_journal([*RECORDS[:2], night("2026-11-07", WEEK, 5)])
    assert again.forgettable(date(2026, 11, 8)) == {"closed/1": None}, "what a day brings late is remembered as long"
    after = fold_journal(RECORDS)
    assert after.showing == [RECORDS[4]]
    assert after.released == {WEEK: "r1"}
    assert after.pending() == [NEXT]
    assert after.live() == {"staged/4", "closed/1", "closed/2", "closed/4"}
    assert after.contents == {"content 1", "content 2", "content 4"}


def test_the_kinds_in_a_file_do_not_follow_the_names_of_classes() -> None:
    window = {"window": WEEK, "release_id": "r1"}
    assert [record_to_json(record)["kind"] for record in RECORDS[:7]] == [
        "night",
        "night",
        "rewritten",
        "begun",
        "showing",
        "refused",
        "released",
    ]
    assert record_from_json({"kind": "begun", **window}) == ReleaseStarted(WEEK, "r1")
    assert record_from_json({"kind": "showing", **window, "charge_id": "r0"}) == OutputStarted(WEEK, "r1", "r0")
    assert record_from_json({"kind": "released", **window}) == WindowReleased(WEEK, "r1")
    assert record_from_json({"kind": "rewritten", "files": {"a": None}}) == FilesReplaced({"a": None})


def test_files_of_open_windows_are_forgotten_where_consent_was_missing() -> None:
    dropped = replace(night("2026-11-09", NEXT, 2), aside={"suppressed.no_consent": 1})
    standing = fold_journal(
        [night("2026-11-08", WEEK, 1), WindowReleased(WEEK, ""), dropped, night("2026-11-10", NEXT, 3)]
    )
    standing.read_again()
    assert (standing.stamps, standing.contents) == ({"stamp 1"}, {"content 1"})
    kept = fold_journal(RECORDS)
    kept.read_again()
    assert kept.stamps == {"stamp 1", "stamp 2", "stamp 4"}


def test_records_are_read_at_once_up_to_a_bound_and_each_of_them_once(keys: KeyReference, tmp_path: Path) -> None:
    written, many = journal(keys, tmp_path), 3 * READERS
    for number in range(many):
        written.append(number, ReleaseStarted(WEEK, f"r{number}"))
    store = _Counting(written.store)
    later = replace(written, store=cast("ObjectStore", store))
    assert later.read() == tuple(ReleaseStarted(WEEK, f"r{number}") for number in range(many))
    assert (store.most, store.opened) == (READERS, many)
    written.append(many, ReleaseStarted(WEEK, "last"))
    assert len(later.read()) == store.opened == many + 1


class _Counting:
    """A store that answers once as many ask as are to be read at once."""

    def __init__(self, store: ObjectStore) -> None:
        self.store, self.uri, self.names = store, store.uri, store.names
        self.now = self.most = self.opened = 0
        self.full, self.lock = threading.Event(), threading.Lock()

    @contextmanager
    def open(self, name: str) -> Iterator[BufferedIOBase]:
        with self.lock:
            self.now, self.opened = self.now + 1, self.opened + 1
            self.most = max(self.most, self.now)
            if self.now == READERS:
                self.full.set()
        assert self.full.wait(300), "fewer are read at once"
        with self.store.open(name) as file:
            yield file
        with self.lock:
            self.now -= 1
