import json
from collections.abc import Callable, Sequence

import numpy as np
import pyarrow as pa
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.raw import RAW_SCHEMA
from schemas.rejects import Reason
from schemas.tally import SESSIONS_CUT, TIMES_DROPPED
from transforms.ingest.parsing.block import ROW_SCHEMA
from transforms.ingest.partition import buckets_for, partition
from transforms.ingest.session_group import elements, group
from transforms.ingest.split_sessions import cut

Make = Callable[..., dict[str, object]]


def rows(*events: dict[str, object], file: int = 0) -> pa.Table:
    placed = [event | {"source_file": file, "source_line": line} for line, event in enumerate(events, start=1)]
    return pa.Table.from_pylist(placed, schema=ROW_SCHEMA)


def sessions(tables: Sequence[pa.Table]) -> list[list[dict[str, object]]]:
    """Everything but where it stood."""
    found: list[list[dict[str, object]]] = []
    for bucket in range(4):
        parts = [part for table in tables for place, part in partition(table, 4) if place == bucket]
        if parts:
            grouped = group(parts, 5)
            plain = (table.drop(["source_file", "source_line"]) for table in elements(grouped, 3, 1 << 20))
            found.extend(table.to_pylist() for table in plain)
            found.append([{"faults": sorted(f.problem.reason for f in grouped.faults)}, {"counts": grouped.counts}])
    return found


@st.composite
def logs(draw: st.DrawFn) -> list[dict[str, object]]:
    common = {"kind": "key", "action": "down", "code": "KeyA", "modifiers": ["Shift"]}
    return draw(
        st.lists(
            st.builds(
                lambda session, seq, user, timed, key: (
                    common
                    | {"session_id": session, "user_id": user, "seq": seq, "t_us": seq if timed else None, "key": key}
                ),
                st.sampled_from(["s1", "s2", "s3", "ü"]),
                st.integers(0, 12),
                st.sampled_from(["u"] * 12 + ["v", None]),
                st.sampled_from([True] * 9 + [False]),
                st.sampled_from(["a"] * 9 + ["b"]),
            ),
            min_size=1,
            max_size=40,
        )
    )


@settings(max_examples=60, deadline=None)
@given(logs(), st.randoms(use_true_random=False), st.integers(1, 4))
def test_any_shuffle_of_lines_over_files_gives_the_same_sessions(log: list, chance: object, files: int) -> None:
    shuffled = sorted(log, key=lambda _: chance.random())
    parts = [rows(*shuffled[file::files], file=file) for file in range(files) if shuffled[file::files]]
    assert sessions(parts) == sessions([rows(*log)])


def test_rows_come_in_order_with_every_column(key_event: Make) -> None:
    grouped = group([rows(key_event(2), key_event(1)), rows(key_event(0, session_id="r"), file=1)], 9)
    assert grouped.table.schema.equals(RAW_SCHEMA)
    assert grouped.table.select(["session_id", "seq"]).to_pylist() == [
        {"session_id": "r", "seq": 0},
        {"session_id": "s", "seq": 1},
        {"session_id": "s", "seq": 2},
    ]
    assert (grouped.starts.tolist(), grouped.faults, grouped.counts) == ([0, 1], (), ())


def test_an_event_that_came_twice_is_merged(key_event: Make) -> None:
    grouped = group([rows(key_event(0), key_event(1)), rows(key_event(1, t_us=1_001), file=1)], 9)
    assert grouped.table["seq"].to_pylist() == [0, 1]
    assert grouped.counts == (("outcome.merged", 1), ("merged.duplicate", 1))


def test_sessions_that_contradict_themselves_are_rejected_whole(key_event: Make) -> None:
    good = [key_event(seq, session_id="good") for seq in range(2)]
    torn = [key_event(0), key_event(1), key_event(1, modifiers=["Alt"]), key_event(1)]
    shared = [key_event(0, session_id="t"), key_event(1, session_id="t", user_id="v")]
    nobody = [key_event(0, session_id="x"), key_event(1, session_id="x", user_id=None)]
    grouped = group([rows(*good, *torn, *shared), rows(*nobody, file=1)], 9)
    assert set(grouped.table["session_id"].to_pylist()) == {"good"}
    assert [(f.problem.reason, f.problem.field_name, f.source, f.events) for f in grouped.faults] == [
        (Reason.SESSION_CONFLICT, "seq", 0, 4),
        (Reason.SESSION_CONFLICT, "user_id", 0, 2),
        (Reason.NO_USER, "user_id", 1, 2),
    ]
    assert grouped.counts == ()
    kept = [json.loads(line) for line in grouped.faults[1].content.split(b"\n")]
    assert kept == [key_event(0, session_id="t"), key_event(1, session_id="t", user_id="v")]


def test_all_sessions_rejected_leaves_an_empty_table(key_event: Make) -> None:
    grouped = group([rows(key_event(0, user_id=None))], 9)
    assert grouped.table.schema.equals(RAW_SCHEMA)
    assert list(elements(grouped, 4, 1 << 20)) == []


def test_times_are_whole_or_absent(key_event: Make) -> None:
    grouped = group([rows(key_event(0, t_us=None), key_event(1), key_event(0, session_id="t"))], 9)
    assert grouped.table["t_us"].to_pylist() == [None, None, 1_000]
    assert grouped.counts == ((TIMES_DROPPED, 1),)


def test_a_large_session_is_cut_where_nothing_happened(key_event: Make) -> None:
    times = [0, 1, 2, 3, 90, 91, 92, 93, 94, 95]
    grouped = group([rows(*(key_event(seq, t_us=at) for seq, at in enumerate(times)))], 6)
    assert grouped.table["episode"].to_pylist() == [0] * 4 + [1] * 6
    assert (grouped.starts.tolist(), grouped.counts) == ([0, 4], ((SESSIONS_CUT, 1),))


@given(st.lists(st.integers(0, 50), min_size=1, max_size=60), st.integers(1, 20))
def test_parts_are_whole_and_small_enough(gaps: list[int], limit: int) -> None:
    starts = cut(np.array(gaps), limit)
    lengths = np.diff([*starts, len(gaps)])
    assert starts[0] == 0
    assert lengths.min() >= 1
    assert lengths.max() <= limit


def test_elements_hold_whole_sessions(key_event: Make) -> None:
    events = [key_event(seq, session_id=f"s{session}") for session in range(7) for seq in range(3)]
    grouped = group([rows(*events)], 9)
    assert [table.num_rows for table in elements(grouped, 5, 1 << 20)] == [6, 6, 6, 3]
    assert [table.num_rows for table in elements(grouped, 100, grouped.table.nbytes // 2)] == [12, 9]
    assert [table.num_rows for table in elements(grouped, 100, 1)] == [3] * 7


def test_buckets_follow_the_input_alone() -> None:
    assert [buckets_for(size) for size in (0, 4 << 26, (4 << 26) + 1, 4096 << 26, 1 << 50)] == [4, 4, 5, 4096, 4096]
    assert buckets_for((256 << 26) + 1) == 257
