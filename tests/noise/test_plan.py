import math
import pickle
import subprocess
import sys
from dataclasses import replace
from typing import Any

import pytest

from schemas.errors import UsageError
from schemas.privacy import Gaussian, Pointer
from transforms.noise.plan import NoisePlan, PointerNoise, plan
from transforms.noise.sensitivity import SCROLL_L1, position_l2, timing_l2
from transforms.noise.settings import NoiseSettings, Timing
from transforms.privacy.accountant import epsilon_of
from transforms.privacy.mechanisms import Sigma

EVENTS = NoiseSettings(pointer=Pointer.NOISE)
DEFAULT = plan(EVENTS)
NOISE = DEFAULT.pointer or PointerNoise(Sigma(1, 1), Sigma(1, 1))


def test_one_pointer_event_spends_its_budget() -> None:
    l2 = position_l2(3840, 2160, 4)
    spent = epsilon_of([Gaussian(float(NOISE.position_sigma) / l2, 1)], 1e-10)
    assert 7.99 < spent <= 8.0


def test_a_scroll_spends_what_its_single_position_leaves() -> None:
    once = epsilon_of([Gaussian(float(NOISE.position_sigma) / position_l2(3840, 2160, 4, positions=1), 1)], 1e-10)
    assert 7.98 < once + SCROLL_L1 / float(NOISE.scroll_scale) <= 8.0


def test_a_radius_keeps_places_to_about_that_distance() -> None:
    near = plan(NoiseSettings(pointer=Pointer.RADIUS, pointer_radius_px=64)).pointer
    assert near is not None
    spent = epsilon_of([Gaussian(float(near.position_sigma) / position_l2(3840, 2160, 4, radius_px=64))], 1e-10)
    assert 7.99 < spent <= 8.0
    assert 80 < float(near.position_sigma) * 4 < 95


def test_positions_in_targets_have_no_noise() -> None:
    assert plan(NoiseSettings()).pointer is None


def test_times_have_a_sigma_only_where_they_are_noised() -> None:
    assert (DEFAULT.interval_sigma, DEFAULT.dwell_sigma) == (None, None)
    noisy = plan(NoiseSettings(timing=Timing.NOISE))
    assert noisy.interval_sigma is not None
    assert noisy.dwell_sigma is not None
    cost = 2 * (1000 / float(noisy.interval_sigma)) ** 2 + (500 / float(noisy.dwell_sigma)) ** 2
    assert 7.99 < epsilon_of([Gaussian(1 / math.sqrt(cost), 1)], 1e-10) <= 8.0
    assert float(noisy.interval_sigma) == pytest.approx(0.867 * timing_l2(1000), rel=1e-3)


def test_a_plain_word_from_a_file_is_the_same_setting() -> None:
    words: Any = "noise"
    assert plan(NoiseSettings(timing=words)) == plan(NoiseSettings(timing=Timing.NOISE))
    assert plan(NoiseSettings(timing=words)).digest == plan(NoiseSettings(timing=Timing.NOISE)).digest


def test_every_plan_has_its_own_digest_and_the_same_one_everywhere() -> None:
    others = [
        replace(DEFAULT, pointer=replace(NOISE, position_sigma=Sigma(1, 1))),
        replace(DEFAULT, pointer=replace(NOISE, scroll_scale=Sigma(1, 1))),
        replace(DEFAULT, settings=replace(EVENTS, pointer_grid_px=8)),
        replace(DEFAULT, settings=replace(EVENTS, dwell_clip_ms=400)),
        replace(DEFAULT, interval_sigma=Sigma(5, 1)),
    ]
    assert len({DEFAULT.digest, *(other.digest for other in others)}) == 6
    copy: NoisePlan = pickle.loads(pickle.dumps(DEFAULT))  # noqa: S301 - our own bytes
    assert copy.digest == DEFAULT.digest


def test_a_budget_beyond_the_tables_is_refused() -> None:
    with pytest.raises(UsageError, match="tables are too coarse"):
        plan(replace(EVENTS, pointer_epsilon=32.0, pointer_delta=1e-16))
    with pytest.raises(UsageError, match="noise scale"):
        plan(replace(EVENTS, pointer_epsilon=0.01, pointer_grid_px=1))


def test_workers_import_no_torch() -> None:
    code = "import sys, transforms.noise.stage; sys.exit('torch' in sys.modules or 'opacus' in sys.modules)"
    subprocess.run([sys.executable, "-W", "ignore", "-c", code], check=True)
