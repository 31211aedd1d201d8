"""Plan of the noise on rows: integer parameters of every draw, calibrated once in the launcher."""

import hashlib
import json
import math
from dataclasses import asdict, dataclass
from datetime import date

from schemas.errors import UsageError
from schemas.privacy import Gaussian, Pointer
from transforms.noise.population.contribution import BOUND
from transforms.noise.population.learn import Learning
from transforms.noise.population.quantities import BINS, SHARE, Quantity
from transforms.noise.sensitivity import (
    POINTER_VALUES_PER_EVENT,
    POSITIONS_PER_EVENT,
    SCROLL_L1,
    TIMING_VALUES_PER_EVENT,
    position_l2,
    timing_l2,
)
from transforms.noise.settings import NoiseSettings, Timing
from transforms.privacy.accountant import TABLE_SHARE
from transforms.privacy.mechanisms import Sigma, discrete_gaussian, discrete_laplace

_FORM = "keyveil/noise/1"


_DENOMINATOR = 1000


@dataclass(frozen=True, slots=True)
class PointerNoise:
    """Noise of pointer events: Gaussian, in cells, on each coordinate; Laplace on the direction of a scroll."""

    position_sigma: Sigma
    scroll_scale: Sigma


@dataclass(frozen=True, slots=True)
class NoisePlan:
    """Integer parameters of every draw; contains no secret and may be sent to workers.

    ``None``: the column has no noise of its own, or no population model is learned.
    """

    settings: NoiseSettings
    interval_sigma: Sigma | None
    dwell_sigma: Sigma | None
    pointer: PointerNoise | None
    learning: Learning | None = None

    @property
    def digest(self) -> bytes:
        """Return a digest (32 bytes) that differs for every plan: each plan draws its own noise."""
        form = json.dumps([_FORM, asdict(self)], sort_keys=True, separators=(",", ":"), default=date.isoformat)
        return hashlib.sha256(form.encode()).digest()


def plan(settings: NoiseSettings) -> NoisePlan:
    """Calibrate the plan that spends the budgets of ``settings``; launcher only, as it imports the accountant.

    A millionth of delta is kept for truncation and rounding of the tables. Raises ``UsageError`` where that does not
    suffice or a scale passes what a table can hold.
    """
    from transforms.privacy.accountant import calibrate  # noqa: PLC0415 - imports Opacus and SciPy

    interval, dwell = None, None
    if settings.timing == Timing.NOISE:
        timing_delta = settings.timing_delta * (1 - TABLE_SHARE)
        interval = calibrate(settings.timing_epsilon, timing_delta, timing_l2(settings.flight_clip_ms))
        dwell = calibrate(settings.timing_epsilon, timing_delta, timing_l2(settings.dwell_clip_ms))
    learning = plan_learning(settings) if settings.learns else None
    pointer = None if settings.pointer == Pointer.TARGETS else _plan_pointer(settings)
    made = NoisePlan(settings, interval, dwell, pointer, learning)
    _check_tables(made)
    return made


def _plan_pointer(settings: NoiseSettings) -> PointerNoise:
    from transforms.privacy.accountant import calibrate, epsilon_of  # noqa: PLC0415 - imports Opacus and SciPy

    pointer_delta = settings.pointer_delta * (1 - TABLE_SHARE)
    position = calibrate(settings.pointer_epsilon, pointer_delta, pointer_l2(settings))
    once = epsilon_of([Gaussian(float(position) / pointer_l2(settings, positions=1))], pointer_delta)
    return PointerNoise(position, _above(SCROLL_L1 / (settings.pointer_epsilon - once)))


def pointer_l2(settings: NoiseSettings, positions: int = POSITIONS_PER_EVENT) -> float:
    """Compute the L2 sensitivity, in cells, of the positions that one pointer event moves under ``settings``."""
    sides = (settings.screen_width_px, settings.screen_height_px, settings.pointer_grid_px)
    return position_l2(*sides, positions, settings.pointer_radius_px)


def plan_learning(settings: NoiseSettings) -> Learning:
    """Calibrate the noise of a population model to its budget; launcher only."""
    from transforms.privacy.accountant import calibrate  # noqa: PLC0415 - imports Opacus and SciPy

    whole = float(calibrate(settings.model_epsilon, settings.model_delta * (1 - TABLE_SHARE), 1.0))
    shares = sum(SHARE.values())
    sigmas = tuple(_above(BOUND * whole * math.sqrt(shares / SHARE[quantity])) for quantity in Quantity)
    return Learning(settings.privacy_unit, sigmas, settings.min_units, settings.window)


def _above(scale: float) -> Sigma:
    return Sigma(math.ceil(scale * _DENOMINATOR) + 1, _DENOMINATOR)


def _check_tables(made: NoisePlan) -> None:
    settings = made.settings
    if made.pointer is not None:
        position = discrete_gaussian(made.pointer.position_sigma).table.total_variation
        position = max(position, _laplace_error(made.pointer.scroll_scale))
        _check_share(POINTER_VALUES_PER_EVENT * position, settings.pointer_epsilon, settings.pointer_delta)
    for sigma in (made.interval_sigma, made.dwell_sigma):
        if sigma is not None:
            error = TIMING_VALUES_PER_EVENT * discrete_gaussian(sigma).table.total_variation
            _check_share(error, settings.timing_epsilon, settings.timing_delta)
    if made.learning is not None:
        error = sum(
            BINS[quantity] * discrete_gaussian(sigma).table.total_variation
            for quantity, sigma in zip(Quantity, made.learning.sigmas, strict=True)
        )
        _check_share(error, settings.model_epsilon, settings.model_delta)


def _laplace_error(scale: Sigma) -> float:
    return discrete_laplace(scale).table.total_variation


def _check_share(error: float, epsilon: float, delta: float) -> None:
    """Raise ``UsageError`` unless ``error`` in total variation costs at most its share of delta."""
    if not (1 + math.exp(epsilon)) * error <= TABLE_SHARE * delta:
        raise UsageError("the noise tables are too coarse for this epsilon and delta; lower epsilon or raise delta")
