"""Sessions, physical keys and modifier bits of raw events."""

from itertools import groupby

import pyarrow as pa
from hypothesis import given
from hypothesis import strategies as st

from schemas.raw import RAW_SCHEMA
from transforms.editor.event_columns import held_bits, join_bits, map_words, physical_keys, run_starts, session_starts
from transforms.editor.keymap import ALT, META, SHIFT


@given(st.lists(st.tuples(st.sampled_from("st"), st.integers(0, 1))))
def test_sessions_start_where_the_id_or_the_episode_changes(sessions: list[tuple[str, int]]) -> None:
    rows = [{"session_id": name, "episode": episode} for name, episode in sessions]
    starts = [next(run)[0] for _, run in groupby(enumerate(sessions), key=lambda item: item[1])]
    assert session_starts(pa.Table.from_pylist(rows, schema=RAW_SCHEMA)) == starts


@given(st.lists(st.sampled_from(["s", "t", "", None])), st.integers(0, 5))
def test_a_run_starts_where_the_value_changes_whether_null_or_split_into_chunks(
    values: list[str | None], cut: int
) -> None:
    column = pa.chunked_array([pa.array(part, pa.string()) for part in (values[:cut], values[cut:])])
    assert run_starts(column).tolist() == [next(run)[0] for _, run in groupby(enumerate(values), lambda item: item[1])]


def test_words_are_mapped_once_each_and_null_stays_null() -> None:
    asked: list[str] = []

    def change(word: str) -> str | None:
        asked.append(word)
        return None if word == "b" else word.upper()

    column = pa.array(["a", None, "b", "a"])
    assert map_words(column, change).to_pylist() == ["A", None, None, "A"]
    assert asked == ["a", "b"]


def test_a_key_is_its_code_or_without_one_its_value_in_lower_case() -> None:
    codes = ["KeyQ", None, "", "Unidentified", "KeyQ", None]
    events = pa.table({"code": pa.array(codes, pa.string()), "key": ["a", "A", "a", "a", "q", None]})
    assert physical_keys(events).to_pylist() == ["KeyQ", "a", "a", "a", "KeyQ", ""]


def test_modifiers_join_their_bits_and_null_and_unknown_ones_have_none() -> None:
    rows = [["Shift", "Alt"], None, [], ["CapsLock"], ["Meta", "Super", "Meta"], [None]]
    column = pa.chunked_array([pa.array(rows[:2], pa.list_(pa.string())), pa.array(rows[2:], pa.list_(pa.string()))])
    assert held_bits(column).tolist() == [SHIFT | ALT, 0, 0, 0, META, 0]
    assert join_bits(column.combine_chunks(), {"CapsLock": 1}).tolist() == [0, 0, 0, 1, 0, 0]


def test_an_episode_that_is_not_told_is_the_first() -> None:
    rows = [{"session_id": "s", "episode": episode} for episode in (None, 0, 1, None)]
    assert session_starts(pa.Table.from_pylist(rows, schema=RAW_SCHEMA)) == [0, 2, 3]
