from collections.abc import Iterator
from pathlib import Path
from typing import Any

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pytest
from apache_beam.testing.util import assert_that
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.safe import REDACTED_SCHEMA, TRACE_SOURCE, RedactedSessions
from transforms.beamkit.coders import register
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.chunk.chunks import ChunkBounds, chunk_sessions
from transforms.chunk.stage import ChunkSessions
from transforms.keys.key_set import KeyReference, KeyRole, KeySet, create_key_set

KEY = bytes(range(32))
DAY_US = 86_400_000_000


def sessions(*parts: tuple[str, str, int | None, list[str]]) -> RedactedSessions:
    """Sessions of (name, user, day, kinds of rows); each row holds its place in ``text``."""
    rows = [
        {
            "session": name,
            "user": user,
            "seq": seq,
            "kind": kind,
            "action": "down" if kind == "key" else None,
            "synthetic": False,
            "t_us": None if day is None else day * DAY_US + seq,
            "field": seq // 7 if kind == "key" else None,
            "text": f"{name} {seq}",
        }
        for name, user, day, kinds in parts
        for seq, kind in enumerate(kinds)
    ]
    columns = [
        pa.array([row.get(column.name) for row in rows], pa.string()).dictionary_encode().cast(column.type)
        if pa.types.is_dictionary(column.type)
        else pa.array([row.get(column.name) for row in rows], column.type)
        for column in REDACTED_SCHEMA
    ]
    trace = pa.table([["raw"] * len(rows), [[row["seq"]] for row in rows]], schema=TRACE_SOURCE)
    return RedactedSessions(pa.table(columns, schema=REDACTED_SCHEMA), trace)


def by_chunk(table: pa.Table) -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = {}
    for row in table.to_pylist():
        found.setdefault(row["session"], []).append(row)
    return found


def test_a_session_becomes_chunks_that_nothing_but_their_content_links() -> None:
    made = chunk_sessions(
        [sessions(("s", "u", 0, ["key"] * 120), ("t", "u", 0, ["focus"] * 3))], ChunkBounds(50, 1_000), KEY
    )
    table = made.sessions.table
    assert table.schema.equals(REDACTED_SCHEMA)
    assert table["user"].null_count == table.num_rows == 123
    chunks = by_chunk(table)
    assert sorted(map(len, chunks.values())) == [3, 20, 50, 50]
    for rows in chunks.values():
        assert [row["seq"] for row in rows] == list(range(len(rows)))
        places = [int(row["text"].split()[1]) for row in rows]
        assert places == list(range(places[0], places[0] + len(rows)))
        fields = [row["field"] for row in rows if row["field"] is not None]
        assert list(dict.fromkeys(fields)) == list(range(len(set(fields))))
    assert not any(name in {"s", "u"} for name in chunks)
    assert made.tally == ()
    assert made.sessions.headers is None
    assert made.sessions.trace is not None
    assert made.sessions.trace["source_seqs"].to_pylist() == [
        [int(text.split()[1])] for text in table["text"].to_pylist()
    ]


kinds = st.lists(st.sampled_from(["key", "key", "focus", "text_input"]), min_size=1, max_size=40)
parts = st.lists(st.tuples(st.sampled_from("uv"), st.sampled_from([0, 1, None]), kinds), min_size=1, max_size=8)


@settings(deadline=None, max_examples=60)
@given(parts, st.integers(1, 9), st.integers(1, 30))
def test_no_user_day_passes_its_key_events(
    found: list[tuple[str, int | None, list[str]]], size: int, most: int
) -> None:
    named = [(f"s{number}", user, day, rows) for number, (user, day, rows) in enumerate(found)]
    made = chunk_sessions([sessions(part) for part in named], ChunkBounds(size, most), KEY)
    owners = {name: (user, day) for name, user, day, _ in named}
    counts: dict[tuple[str, int | None], int] = {}
    for rows in by_chunk(made.sessions.table).values():
        assert len(rows) <= size
        owner = {owners[row["text"].split()[0]] for row in rows}
        assert len(owner) == 1
        counts[next(iter(owner))] = counts.get(next(iter(owner)), 0) + sum(row["kind"] == "key" for row in rows)
    assert max(counts.values(), default=0) <= most
    dropped = sum(len(rows) for *_, rows in named) - made.sessions.table.num_rows
    tally = dict(made.tally)
    assert tally.get("rows.released", 0) == -dropped
    assert tally.get("outcome.kept", 0) + tally.get("outcome.suppressed", 0) == 0
    again = chunk_sessions([sessions(part) for part in reversed(named)], ChunkBounds(size, most), KEY)
    assert by_chunk(again.sessions.table) == by_chunk(made.sessions.table)


def test_which_chunks_stay_does_not_depend_on_their_place() -> None:
    # 400 users with 20 chunks, half of which stay: each place is kept 200 times on average with a deviation of 10 at
    # most; 20 places within 6 deviations: false alarm 4e-8.
    many = [(f"s{number}", f"u{number}", 0, ["key"] * 100) for number in range(400)]
    made = chunk_sessions([sessions(*many)], ChunkBounds(5, 50), KEY)
    places = [int(text.split()[1]) // 5 for text in made.sessions.table["text"].to_pylist()]
    kept = np.bincount(places, minlength=20) / 5
    assert kept.sum() == 400 * 10
    assert (np.abs(kept - 200) < 60).all()


class _Give(beam.DoFn):
    def __init__(self, batches: list[RedactedSessions]) -> None:
        self._batches = batches

    def process(self, element: int) -> Iterator[RedactedSessions]:
        yield self._batches[element]


@pytest.mark.parametrize("buckets", [1, 3])
def test_beam_gives_what_the_function_gives(tmp_path: Path, buckets: int) -> None:
    create_key_set(tmp_path / "keys")
    (tmp_path / "spill").mkdir()
    exchange = ExchangeSettings(KeyReference(f"file:{tmp_path / 'keys'}"), "run", str(tmp_path / "spill"))
    batches = [
        sessions(*((f"s{part}{user}", f"u{user}", part % 2, ["key"] * 40) for user in range(5))) for part in range(4)
    ]
    bounds = ChunkBounds(7, 60)
    wanted = chunk_sessions(batches, bounds, KeySet.open(exchange.keys).derive(KeyRole.PSEUDONYM, "release", "chunks"))

    def check_sessions(found: list[list[Any]]) -> None:
        assert sorted(row for rows in found for row in rows) == sorted(_named(wanted.sessions))

    def check_tally(found: list[tuple[str, int]]) -> None:
        assert sum(count for name, count in found if name == "rows.released") == dict(wanted.tally)["rows.released"] < 0

    register()
    with beam.Pipeline("FnApiRunner") as pipeline:
        given_sessions = (
            pipeline | beam.Create(range(4)) | beam.ParDo(_Give(batches)).with_output_types(RedactedSessions)
        )
        made = given_sessions | ChunkSessions(bounds, exchange.keys, "release", exchange, buckets)
        assert_that(made.sessions | beam.Map(_named), check_sessions, label="sessions")
        assert_that(made.tally, check_tally, label="tally")


def _named(part: RedactedSessions) -> list[list[Any]]:
    columns = [part.table[name].to_pylist() for name in ("session", "seq", "text")]
    return [list(row) for row in zip(*columns, strict=True)]
