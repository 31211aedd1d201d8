"""Fingerprints of staged events: what is kept of an event, and when another one may not be the same."""

from typing import Any

import pyarrow as pa
import pytest

from schemas.raw import RAW_SCHEMA
from transforms.staging.event_fingerprints import Part

KEY = b"k" * 32
ROW = {"seq": 1, "t_us": 5, "kind": "key", "action": "down", "key": "a"}


def rows(*listed: dict[str, Any]) -> pa.Table:
    return pa.Table.from_pylist(list(listed), schema=RAW_SCHEMA)


def part(*listed: dict[str, Any], key: bytes = KEY) -> Part:
    return Part.of(key, rows(*listed))


def test_a_part_is_written_as_runs_of_numbers_with_both_ends() -> None:
    written = part(*(ROW | {"seq": seq} for seq in (1, 2, 3, 7, 9, 10))).as_row()
    assert (written["first"], written["last"]) == ([1, 7, 9], [3, 7, 10])
    assert part(ROW | {"seq": 4}).as_row()["first"] == part(ROW | {"seq": 4}).as_row()["last"] == [4]


def test_what_is_written_reads_as_the_same_part() -> None:
    events = rows(*(ROW | {"seq": seq, "t_us": seq * 7} for seq in (1, 2, 5)))
    again = Part.from_row(KEY, Part.of(KEY, events).as_row())
    assert again.as_row() == Part.of(KEY, events).as_row()
    assert not again.contradicts(events)


def test_an_event_without_a_time_has_the_print_0_and_may_always_be_another() -> None:
    timeless = ROW | {"t_us": None}
    assert part(timeless, ROW | {"seq": 2}).as_row()["times"][0] == 0
    assert 0 not in part(ROW, ROW | {"seq": 2, "t_us": 0}).as_row()["times"]
    assert part(timeless).contradicts(rows(timeless))
    assert part(timeless).contradicts(rows(ROW))
    assert not part(ROW, timeless | {"seq": 2}).contradicts(rows(ROW))


@pytest.mark.parametrize(
    "other",
    [
        {"t_us": 6},
        {"t_us": None},
        {"kind": "pointer"},
        {"action": "up"},
        {"device_id": "d"},
        {"repeat": True},
        {"button": "left"},
        {"resumed": True},
        {"multiline": False},
        {"private": True},
        {"source_masked": True},
    ],
)
def test_an_event_of_another_time_or_shape_is_another(other: dict[str, Any]) -> None:
    assert part(ROW).contradicts(rows(ROW | other))
    assert part(ROW | {"seq": 0}, ROW, ROW | {"seq": 2}).contradicts(rows(ROW | other))
    assert not part(ROW | {"seq": 2}).contradicts(rows(ROW | other))


def test_of_what_was_typed_nothing_is_kept() -> None:
    for name in ("key", "code", "text", "value", "title", "url", "label", "field_id"):
        assert part(ROW | {name: "x"}).as_row() == part(ROW | {name: "y"}).as_row()


def test_prints_are_keyed() -> None:
    one, other = part(ROW).as_row(), part(ROW, key=b"l" * 32).as_row()
    assert one["shapes"] != other["shapes"]
    assert one["times"] != other["times"]
