"""Positions are inside their boxes, and a function of released rows and the key alone."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.errors import FailedError
from schemas.privacy import Pointer
from schemas.safe import RedactedSessions
from transforms.noise.add_noise import add_noise
from transforms.noise.batch import Batch
from transforms.noise.places import check_form, draw_places, find_smallest
from transforms.noise.plan import NoisePlan
from transforms.noise.population.model import PRIOR
from transforms.noise.settings import NoiseSettings

Row = dict[str, Any]
Build = Callable[..., pa.Table]
KEY = bytes(range(32))
EDGES = ("left", "top", "right", "bottom")


def box(*edges: int) -> Row:
    return dict(zip(EDGES, edges, strict=True))


def click(edges: Row | None, **more: Any) -> Row:
    row = {"kind": "pointer", "action": "click", "place": "none" if edges is None else "element", "box": edges}
    return row | {"modifiers": [], **more}


def screen(*boxes: Row | None) -> Row:
    plain = {"role": "link", "name": None, "value": None, "depth": 0, "states": []}
    return {"kind": "screen", "nodes": [plain | (edges or dict.fromkeys(EDGES)) for edges in boxes]}


def points(table: pa.Table, key: bytes = KEY) -> list[tuple[int | None, ...]]:
    drawn = draw_places(Batch.of(table), key)
    return list(zip(*(getattr(drawn, name).to_pylist() for name in ("x", "y", "to_x", "to_y")), strict=True))


@st.composite
def boxes(draw: st.DrawFn) -> Row:
    left, top = draw(st.integers(0, 9_999)), draw(st.integers(0, 9_999))
    return box(left, top, draw(st.integers(left + 1, 10_000)), draw(st.integers(top + 1, 10_000)))


@given(st.lists(st.tuples(boxes(), st.none() | boxes()), min_size=1, max_size=5), st.binary(min_size=32, max_size=32))
def test_a_point_lies_in_its_box(build: Build, drawn: list[tuple[Row, Row | None]], key: bytes) -> None:
    table = build([click(begin, to_box=end) for begin, end in drawn])
    for (begin, end), (x, y, to_x, to_y) in zip(drawn, points(table, key), strict=True):
        assert x is not None
        assert y is not None
        assert begin["left"] <= x < begin["right"]
        assert begin["top"] <= y < begin["bottom"]
        assert (to_x is None, to_y is None) == (end is None, end is None)
        if end is not None and to_x is not None and to_y is not None:
            assert end["left"] <= to_x < end["right"]
            assert end["top"] <= to_y < end["bottom"]


def test_rows_without_a_box_have_no_position(build: Build) -> None:
    assert (
        points(build([{"kind": "focus"}, click(None), {"kind": "key", "action": "down", "key": "a"}]))
        == [(None,) * 4] * 3
    )


def test_points_gather_in_the_middle(build: Build) -> None:
    table = build([click(box(0, 0, 10_000, 10_000))] * 4_000)
    x, y = (np.array(values) for values in zip(*(point[:2] for point in points(table)), strict=True))
    for values in (x, y):
        # mean of 4,000: standard error 23; of the deviation: about 16. Six of them: false alarm 2e-9
        assert abs(values.mean() - 5_000) < 138
        assert abs(values.std() - 1_448) < 100
    assert abs(np.corrcoef(x, y)[0, 1]) < 0.1  # six standard errors


def test_draws_depend_on_key_session_and_boxes_alone(build: Build) -> None:
    rows = [click(box(0, 0, 9_000, 9_000)), click(box(0, 0, 8_000, 8_000))]
    first = points(build(rows))
    assert points(build(rows), bytes(32)) != first
    assert points(build(rows, names=("other",))) != first
    assert points(build([rows[0], click(box(0, 0, 8_000, 8_001))]))[0] != first[0]
    assert points(build([{"t_us": 7, "name": "x", **row} for row in rows])) == first
    assert points(build([{"kind": "focus"}], rows, names=("beta", "alpha")))[1:] == first


def test_a_node_is_the_smallest_one_at_its_point(build: Build) -> None:
    outer, inner = box(0, 0, 1_000, 1_000), box(300, 0, 700, 1_000)
    rows = [screen(outer, None, inner), *[click(outer, node=0)] * 200]
    covered = [300 <= (x or 0) < 700 for x, *_ in points(build(rows))[1:]]
    # about 0.83 of single draws are covered, 0.23 of eight in a row: mean 46, six standard errors 36
    assert sum(covered) < 82
    assert sum(300 <= (x or 0) < 700 for x, *_ in points(build([click(outer)] * 200))) > 120


def test_nodes_of_another_session_count_for_nothing(build: Build) -> None:
    rows = [click(box(0, 0, 1_000, 1_000), node=0)] * 20
    alone = points(build(rows))
    assert points(build([screen(box(0, 0, 1, 1))], rows, names=("beta", "alpha")))[1:] == alone


@given(st.lists(boxes(), max_size=5), st.lists(st.tuples(st.integers(0, 9_999), st.integers(0, 9_999)), min_size=1))
def test_the_smallest_box_is_found(drawn: list[Row], at: list[tuple[int, int]]) -> None:
    arrays = np.array([list(edges.values()) for edges in drawn], np.int64).reshape(-1, 4)
    for (x, y), found in zip(at, find_smallest(arrays, np.array(at, np.int64)).tolist(), strict=True):
        under = [
            ((b["right"] - b["left"]) * (b["bottom"] - b["top"]), -number)
            for number, b in enumerate(drawn)
            if b["left"] <= x < b["right"] and b["top"] <= y < b["bottom"]
        ]
        assert found == (-min(under)[1] if under else -1)


def test_rows_of_another_form_are_refused(build: Build, make_plan: Callable[..., NoisePlan]) -> None:
    move, placed = {"kind": "pointer", "action": "move"}, click(box(0, 0, 1, 1))
    scroll = {"kind": "pointer", "action": "scroll", "dx": 0.0, "dy": -1700.0}
    for row, pointer in ((move, Pointer.TARGETS), (scroll, Pointer.TARGETS), (placed, Pointer.NOISE)):
        with pytest.raises(FailedError, match=r"redacted for another noise\.pointer"):
            check_form(Batch.of(build([row])), pointer)
    check_form(Batch.of(build([placed])), Pointer.TARGETS)
    check_form(Batch.of(build([move])), Pointer.NOISE)
    with pytest.raises(FailedError):
        add_noise(RedactedSessions(build([move])), make_plan(NoiseSettings()), PRIOR, KEY)


def test_scrolls_are_released_in_notches(build: Build, make_plan: Callable[..., NoisePlan]) -> None:
    row = click(box(0, 0, 1, 1)) | {"action": "scroll", "dx": 0.0, "dy": -10.0}
    released = add_noise(RedactedSessions(build([row])), make_plan(NoiseSettings()), PRIOR, KEY).table.to_pylist()[0]
    assert (released["x"], released["y"], released["dx"], released["dy"]) == (0, 0, 0, -10)
