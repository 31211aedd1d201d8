from collections.abc import Callable
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from schemas.privacy import Pointer
from transforms.noise.batch import Batch
from transforms.noise.plan import NoisePlan, PointerNoise
from transforms.noise.pointer import NOTCH_PX, PointerColumns, released_pointer
from transforms.noise.settings import NoiseSettings
from transforms.privacy.mechanisms import Sigma

Row = dict[str, Any]
Build = Callable[..., pa.Table]
KEY = bytes(range(32))
EXACT = NoisePlan(NoiseSettings(), None, None, PointerNoise(Sigma(1, 20), Sigma(1, 50)))
"""Noise that is 0 but once in 10**80 (positions) and 10**21 (scrolls) draws."""


def move(
    x: float | None, y: float | None, dx: float | None = None, dy: float | None = None, action: str = "move"
) -> Row:
    return {"kind": "pointer", "action": action, "x": x, "y": y, "dx": dx, "dy": dy}


def released(table: pa.Table, plan: NoisePlan, key: bytes = KEY) -> PointerColumns:
    assert plan.pointer is not None
    return released_pointer(Batch.of(table), plan, plan.pointer, key)


def rows_of(columns: PointerColumns) -> list[tuple[int | None, ...]]:
    return list(zip(*(getattr(columns, name).to_pylist() for name in ("x", "y", "dx", "dy")), strict=True))


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        (move(101.5, 50.0, 30.0, -20.0), (100, 48, 32, -20)),
        (move(101.5, 50.0), (100, 48, None, None)),
        (move(None, None, 5.0, 5.0), (None, None, None, None)),
        (move(-300.0, 9999.0, 0.0, 0.0), (0, 2156, 0, 0)),
        (move(10.0, 10.0, -1e300, 1e300), (8, 8, -3828, 8)),
        (move(float("nan"), 1.0), (None, 0, None, None)),
        (move(float("inf"), 1.0), (None, 0, None, None)),
        (move(7.0, 7.0, 3.0, 3.0, "click"), (4, 4, None, None)),
        (move(7.0, 7.0, 3.0, 3.0, "drag"), (4, 4, None, None)),
        (move(7.0, 7.0, 0.0, 53.0, "scroll"), (4, 4, 0, NOTCH_PX)),
        (move(7.0, 7.0, -2.0, None, "scroll"), (4, 4, -NOTCH_PX, None)),
        (move(None, None, 0.0, 0.0, "scroll"), (None, None, 0, 0)),
        ({"kind": "focus", "x": 5.0, "y": 5.0, "dx": 5.0, "dy": 5.0}, (None, None, None, None)),
    ],
)
def test_what_is_released_of_a_pointer_row(row: Row, expected: tuple[int | None, ...], build: Build) -> None:
    assert rows_of(released(build([row]), EXACT)) == [expected]


def test_values_are_on_the_grid_inside_the_screen(build: Build, make_plan: Callable[..., NoisePlan]) -> None:
    small = NoiseSettings(pointer=Pointer.NOISE, pointer_grid_px=7, screen_width_px=100, screen_height_px=64)
    plan = make_plan(small, position=Sigma(40, 1))
    columns = released(build([move(50.0, 30.0, 10.0, 10.0)] * 500 + [move(1.0, 1.0, 0.0, -1.0, "scroll")] * 200), plan)
    x, y, dx, dy = (np.array(getattr(columns, name).to_pylist()) for name in ("x", "y", "dx", "dy"))
    assert columns.x.type == pa.int32()
    assert set(x.tolist()) == set(range(0, 100, 7))
    assert set(y.tolist()) == set(range(0, 64, 7))
    start = x[:500] - dx[:500]
    assert np.all((start >= 0) & (start < 100) & (start % 7 == 0))
    assert set(dx[500:].tolist()) | set(dy[500:].tolist()) == {-NOTCH_PX, 0, NOTCH_PX}


def test_a_session_draws_the_same_noise_in_any_batch(build: Build, make_plan: Callable[..., NoisePlan]) -> None:
    plan = make_plan()
    path = [move(5.0 * step, 7.0 * step, 1.0, 1.0) for step in range(50)]
    alone = rows_of(released(build(path, names=("beta",)), plan))
    among = rows_of(released(build([move(1.0, 2.0)], path, [{"kind": "focus"}]), plan))
    assert among[1:51] == alone


@pytest.mark.parametrize("change", ["content", "session", "kind", "key"])
def test_anything_else_draws_independent_noise(change: str, build: Build, make_plan: Callable[..., NoisePlan]) -> None:
    plan = make_plan(position=Sigma(100, 1))
    path = [move(1900.0, 1000.0, action="click") for _ in range(300)]
    first = released(build(path), plan)
    names, key, other = ("alpha",), KEY, list(path)
    if change == "content":
        other[-1] = move(1904.0, 1000.0, action="click")
    if change == "kind":
        other[-1] = move(1900.0, 1000.0)
    if change == "session":
        names = ("other",)
    if change == "key":
        key = bytes(32)
    second = released(build(other, names=names), plan, key)
    same = np.count_nonzero(np.array(first.x.to_pylist()[:-1]) == np.array(second.x.to_pylist()[:-1]))
    assert same < 20  # 299 pairs agree with probability 1 / (2 sigma sqrt(pi)) = 0.3 % each


def test_values_in_one_cell_are_one_value(build: Build, make_plan: Callable[..., NoisePlan]) -> None:
    plan = make_plan()
    assert rows_of(released(build([move(100.2, 8.0)]), plan)) == rows_of(released(build([move(103.9, 11.0)]), plan))


def test_a_batch_without_pointer_rows(build: Build, make_plan: Callable[..., NoisePlan]) -> None:
    assert rows_of(released(build([{"kind": "focus"}]), make_plan())) == [(None, None, None, None)]
