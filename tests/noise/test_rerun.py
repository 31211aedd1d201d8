"""Two releases of one recording under one run secret: what their difference gives away."""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pytest

from transforms.noise.batch import Batch
from transforms.noise.plan import NoisePlan
from transforms.noise.pointer import cells, released_pointer
from transforms.privacy.mechanisms import Sigma
from transforms.privacy.run_key import noise_key

Build = Callable[..., pa.Table]
SECRET = bytes(range(32))
WIDE, WIDER = 40, 73
CLICKS = 2000


def table_of(build: Build, shift_px: float) -> pa.Table:
    """Clicks around the middle of the screen, far from where clamping would tell something."""
    drawn = np.random.default_rng(7).normal(0, 120, (CLICKS, 2)) + np.array([1900 + shift_px, 1080])
    return build([{"kind": "pointer", "action": "click", "x": x, "y": y} for x, y in drawn.tolist()])


def noise(table: pa.Table, plan: NoisePlan) -> npt.NDArray[np.int64]:
    """The horizontal noise in cells, which nobody outside can see: the release less what was recorded."""
    batch = Batch.of(table)
    grid = plan.settings.pointer_grid_px
    assert plan.pointer is not None
    released = released_pointer(batch, plan, plan.pointer, noise_key(SECRET, plan.digest)).x.to_numpy() // grid
    exact = cells(batch.table["x"].to_numpy(), batch.table["y"].to_numpy(), plan)[:, 0]
    return np.asarray(released - exact)


def test_another_sigma_does_not_let_the_noise_be_solved_for(build: Build, make_plan: Callable[..., NoisePlan]) -> None:
    """With shared draws the noise would scale with sigma, and two equations would give the place to a cell."""
    table = table_of(build, 0.0)
    first, second = (noise(table, make_plan(position=Sigma(sigma, 1))) for sigma in (WIDE, WIDER))
    solved = (WIDER * first - WIDE * second) / (WIDER - WIDE)
    spread = WIDE * WIDER * 2**0.5 / (WIDER - WIDE)
    # independent draws: the error is normal with that spread, its median 0.67 of it; 2,000 draws, ten standard errors
    assert np.median(np.abs(solved)) == pytest.approx(0.6745 * spread, rel=0.28)
    # a correlation of 2,000 independent pairs has a standard error of 0.022: six of them, false alarm 2e-9
    assert abs(np.corrcoef(first, second)[0, 1]) < 6 / CLICKS**0.5


def test_a_corrected_place_shows_neither_itself_nor_how_far_it_moved(
    build: Build, make_plan: Callable[..., NoisePlan]
) -> None:
    plan = make_plan(position=Sigma(WIDE, 1))
    first, second = (noise(table_of(build, shift), plan) for shift in (0.0, 8.0))
    assert abs(np.corrcoef(first, second)[0, 1]) < 6 / CLICKS**0.5


def test_the_same_release_again_is_the_same_draw(build: Build, make_plan: Callable[..., NoisePlan]) -> None:
    plan = make_plan(position=Sigma(WIDE, 1))
    assert noise(table_of(build, 0.0), plan).tolist() == noise(table_of(build, 0.0), plan).tolist()
