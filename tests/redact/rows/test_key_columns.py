"""Pairs of key-down and key-up, against the rule read row by row."""

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.raw import RAW_SCHEMA, TypedField
from transforms.redact.rows.key_columns import KeyColumns

KEYS = st.sampled_from(
    [("a", "KeyA"), ("A", "KeyA"), ("b", None), ("B", ""), ("b", "Unidentified"), ("keya", ""), (None, None)]
)
EVENTS = st.lists(st.tuples(st.sampled_from(["down", "up"]), KEYS, st.integers(0, 3)), max_size=30)
"""Action, key and code, owner: two fields, and behind them two sessions' rows that belong to no field."""


def field(rows: list[int]) -> TypedField:
    none, few = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int32)
    numbers = np.array(rows, dtype=np.int64)
    return TypedField(0, "f", -1, "textbox", "", True, "", none, none, few, (), numbers, max(rows, default=-1), True)


def physical(key: str | None, code: str | None) -> str:
    return (key or "").lower() if code in {None, "", "Unidentified"} else code


def expected(rows: list[tuple[int, str, str]]) -> dict[int, int]:
    """The row of the key-down of each key-up: by turns the presses of its key since the key went down after an up."""
    waiting: dict[str, list[int]] = {}
    went_up: set[str] = set()
    found = {}
    for row, action, name in rows:
        if action == "down":
            if name in went_up:
                waiting[name] = []
            waiting.setdefault(name, []).append(row)
            went_up.discard(name)
        else:
            found[row] = waiting[name].pop(0) if waiting.get(name) else row
            went_up.add(name)
    return found


@pytest.mark.parametrize(
    ("key", "held", "walks"),
    [
        ("b", ["Control"], True),
        ("F", ["Alt"], True),
        ("n", ["Control", "Alt"], True),
        ("b", [], False),
        ("b", ["Shift"], False),
        ("c", ["Control"], False),
    ],
)
def test_a_letter_under_control_or_alt_that_moves_the_caret_in_some_editors_walks(
    key: str, held: list[str], walks: bool
) -> None:
    table = pa.Table.from_pylist([{"kind": "key", "action": "down", "key": key, "modifiers": held}], schema=RAW_SCHEMA)
    columns = KeyColumns.of(table, [field([0])], [0])
    assert columns.walks == ({int(columns.press[0])} if walks else set())


@given(EVENTS)
def test_key_ups_belong_by_turns_to_the_presses_since_the_last(events: list[tuple[str, tuple[str, str], int]]) -> None:
    events = sorted(events, key=lambda event: event[2] // 3)
    listed = [{"kind": "key", "action": action, "key": key, "code": code} for action, (key, code), _ in events]
    table = pa.Table.from_pylist(listed, schema=RAW_SCHEMA)
    owned = [[row for row, (_, _, owner) in enumerate(events) if owner == number] for number in range(4)]
    starts = [0, len(events) - len(owned[3])]
    columns = KeyColumns.of(table, [field(rows) for rows in owned[:2]], starts)
    pairs: dict[int, int] = {}
    for rows in owned:
        pairs |= expected([(row, events[row][0], physical(*events[row][1])) for row in rows])
    assert columns.down_of.tolist() == [pairs.get(row, row) for row in range(len(events))]
