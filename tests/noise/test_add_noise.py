from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from schemas.errors import FailedError
from schemas.privacy import Pointer
from schemas.safe import EVENTS_SCHEMA, REDACTED_SCHEMA, TRACE_SCHEMA, TRACE_SOURCE, RedactedSessions
from transforms.keys.secret import keystream
from transforms.noise.add_noise import _stays, add_noise, add_noise_with_order, trace_rows
from transforms.noise.plan import NoisePlan
from transforms.noise.population.model import PRIOR
from transforms.noise.settings import NoiseSettings, Timing
from transforms.privacy import uniform_words as words

Row = dict[str, Any]
Build = Callable[..., pa.Table]
KEY = bytes(range(32))


@pytest.fixture
def overlapping(stroke: Callable[..., Row]) -> list[Row]:
    """Ten presses, all held until the end: no clock would release them so late."""
    downs = [stroke("down", letter, index * 200_000) for index, letter in enumerate("abcdefghij")]
    ups = [stroke("up", letter, 3_000_000) for letter in "abcdefghij"]
    end = {"kind": "text_input", "text": "abcdefghij", "field": 0, "role": "textbox"}
    return [{"kind": "focus", "app": "Mail", "title": "Inbox", "t_us": 0}, *downs, *ups, end]


def test_the_result_is_a_table_of_the_released_schema(
    overlapping: list[Row], build: Build, make_plan: Callable[..., NoisePlan]
) -> None:
    table = add_noise(RedactedSessions(build(overlapping, overlapping)), make_plan(), PRIOR, KEY).table
    assert table.schema.equals(EVENTS_SCHEMA, check_metadata=True)
    table.validate(full=True)
    rows = table.to_pylist()
    assert [row["seq"] for row in rows] == [*range(22), *range(22)]
    assert [row["text"] for row in rows if row["kind"] == "text_input"] == ["abcdefghij"] * 2
    assert [row["title"] for row in rows if row["kind"] == "focus"] == ["Inbox"] * 2


def test_the_order_says_where_each_released_row_came_from(
    overlapping: list[Row], build: Build, make_plan: Callable[..., NoisePlan]
) -> None:
    source = build(overlapping)
    safe, order = add_noise_with_order(RedactedSessions(source), make_plan(), PRIOR, KEY)
    assert order.tolist() != list(range(22))
    for column in ("kind", "action", "code", "app", "field", "synthetic"):
        assert safe.table[column].to_pylist() == source[column].take(pa.array(order)).to_pylist()


@pytest.mark.parametrize("timing", list(Timing))
def test_no_two_draws_of_a_release_share_their_random_words(
    timing: Timing,
    overlapping: list[Row],
    build: Build,
    make_plan: Callable[..., NoisePlan],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Draws of one word are the same draw: what they hide could be solved for."""
    streams: list[bytes] = []

    def recorded(key: bytes, label: bytes, count: int) -> bytes:
        streams.append(label)
        return keystream(key, label, count)

    monkeypatch.setattr(words, "keystream", recorded)
    moves = [
        {"kind": "pointer", "action": action, "x": 1.0 * place, "y": 2.0, "dx": 1.0, "dy": 1.0, "t_us": place}
        for place, action in enumerate(["move", "scroll", "click", "drag"] * 3)
    ]
    table = build([*moves, *overlapping], [*overlapping, *moves])
    add_noise(RedactedSessions(table), make_plan(NoiseSettings(pointer=Pointer.NOISE, timing=timing)), PRIOR, KEY)
    purposes = {"position", "scroll", "synthetic", "duration"} | (
        {"interval", "dwell"} if timing is Timing.NOISE else set()
    )
    assert len(set(streams)) == len(streams) == 2 * len(purposes)  # one of each for each session


def test_the_trace_follows_the_released_order(
    overlapping: list[Row], build: Build, make_plan: Callable[..., NoisePlan]
) -> None:
    sources = [("raw", [100 + index]) for index in range(22)]
    trace = pa.table(list(map(list, zip(*sources, strict=True))), schema=TRACE_SOURCE)
    redacted = RedactedSessions(build(overlapping), trace)
    safe, order = add_noise_with_order(redacted, make_plan(), PRIOR, KEY)
    rows = trace_rows(redacted, safe, order).table
    assert rows.schema == TRACE_SCHEMA
    assert rows["source_seqs"].to_pylist() == [[100 + row] for row in order.tolist()]
    assert rows["seq"].to_pylist() == list(range(22))
    with pytest.raises(FailedError, match="a trace was asked for"):
        trace_rows(RedactedSessions(redacted.table), safe, order)


def test_dictionaries_hold_released_words_alone(
    build: Build, make_plan: Callable[..., NoisePlan], stroke: Callable[..., Row]
) -> None:
    table = build([stroke("down", "a", 0), stroke("up", "a", 1)], [stroke("down", "q", 0), stroke("up", "q", 1)]).slice(
        0, 2
    )
    released = add_noise(RedactedSessions(table), make_plan(), PRIOR, KEY).table
    for name in ("key", "code", "action", "kind"):
        assert "q" not in str(released[name].combine_chunks().dictionary.to_pylist()).lower()


def test_chunks_and_batches_change_nothing(
    overlapping: list[Row], build: Build, make_plan: Callable[..., NoisePlan]
) -> None:
    first, second = build(overlapping, names=("alpha",)), build(overlapping[:12], names=("beta",))
    together = pa.concat_tables([first, second])
    assert together["kind"].num_chunks == 2
    apart = [add_noise(RedactedSessions(table), make_plan(), PRIOR, KEY).table.to_pylist() for table in (first, second)]
    assert add_noise(RedactedSessions(together), make_plan(), PRIOR, KEY).table.to_pylist() == [*apart[0], *apart[1]]


def test_an_empty_batch(make_plan: Callable[..., NoisePlan]) -> None:
    table = add_noise(RedactedSessions(REDACTED_SCHEMA.empty_table()), make_plan(), PRIOR, KEY).table
    assert table.schema.equals(EVENTS_SCHEMA)
    assert table.num_rows == 0


def test_a_text_column_keeps_its_order_only_where_no_moved_row_has_a_text() -> None:
    column = pa.chunked_array([["a", None, None, "b"]])
    assert _stays(column, np.array([1, 2]))
    assert _stays(column, np.array([], dtype=np.int64))
    assert not _stays(column, np.array([2, 3]))
