"""Charges of a noise plan for the ledger: pointer events, noised times, learned population model."""

import math

from schemas.privacy import POPULATION_MODEL, POSITIONS, SCROLLS, Adjacency, Charge, Gaussian, PrivacyUnit, Pure
from transforms.noise.plan import NoisePlan, PointerNoise, pointer_l2
from transforms.noise.population.learn import Learning, rank_error
from transforms.noise.population.quantities import BINS, Quantity
from transforms.noise.sensitivity import DWELLS_PER_EVENT, INTERVALS_PER_EVENT, SCROLL_L1
from transforms.privacy.accountant import TABLE_SHARE
from transforms.privacy.mechanisms import Sigma


def plan_charges(plan: NoisePlan) -> tuple[Charge, ...]:
    """List the charges of a plan, one per group of columns.

    What is for one event never counts for a user; what learning the population model costs does. A pointer event is
    either a scroll or not: it pays for positions or for scrolls, never for both.
    """
    charges = [] if plan.pointer is None else [_positions(plan, plan.pointer), _scrolls(plan, plan.pointer)]
    if plan.interval_sigma is not None and plan.dwell_sigma is not None:
        charges.append(_times(plan, plan.interval_sigma, plan.dwell_sigma))
    if plan.learning is not None:
        charges.append(_population(plan, plan.learning))
    return tuple(charges)


def _positions(plan: NoisePlan, noise: PointerNoise) -> Charge:
    multiplier = float(noise.position_sigma) / pointer_l2(plan.settings)
    error = _mean_absolute(noise.position_sigma) * plan.settings.pointer_grid_px
    return Charge(
        label=POSITIONS,
        columns=("x", "y", "dx and dy of moves"),
        mechanism="discrete Gaussian",
        unit=PrivacyUnit.EVENT,
        adjacency=Adjacency.REPLACE,
        steps=(Gaussian(multiplier),),
        delta=plan.settings.pointer_delta * TABLE_SHARE,
        expected_error=f"mean absolute error {error:,.0f} px a coordinate before the screen clamps it",
    )


def _scrolls(plan: NoisePlan, noise: PointerNoise) -> Charge:
    multiplier = float(noise.position_sigma) / pointer_l2(plan.settings, positions=1)
    pure = SCROLL_L1 / float(noise.scroll_scale)
    stays = _stays(noise.scroll_scale)
    return Charge(
        label=SCROLLS,
        columns=("x and y of scrolls", "dx and dy of scrolls"),
        mechanism="discrete Gaussian on the position, discrete Laplace on the direction",
        unit=PrivacyUnit.EVENT,
        adjacency=Adjacency.REPLACE,
        steps=(Gaussian(multiplier), Pure(pure)),
        delta=plan.settings.pointer_delta * TABLE_SHARE,
        expected_error=f"the noise leaves a coordinate of the direction alone with probability {stays:.2f}",
    )


def _times(plan: NoisePlan, interval: Sigma, dwell: Sigma) -> Charge:
    settings = plan.settings
    cost = INTERVALS_PER_EVENT * (settings.flight_clip_ms / float(interval)) ** 2
    cost += DWELLS_PER_EVENT * (settings.dwell_clip_ms / float(dwell)) ** 2
    errors = f"{_mean_absolute(interval):,.0f} ms an interval, {_mean_absolute(dwell):,.0f} ms a dwell"
    return Charge(
        label="times",
        columns=("t_ms", "order of key-up rows"),
        mechanism="discrete Gaussian on intervals and dwells",
        unit=PrivacyUnit.EVENT,
        adjacency=Adjacency.REPLACE,
        steps=(Gaussian(1 / math.sqrt(cost)),),
        delta=settings.timing_delta * TABLE_SHARE,
        expected_error=f"mean absolute error {errors}",
    )


def _population(plan: NoisePlan, learning: Learning) -> Charge:
    worst = max(
        rank_error(sigma, BINS[quantity], learning.min_units)
        for quantity, sigma in zip(Quantity, learning.sigmas, strict=True)
    )
    return Charge(
        label=POPULATION_MODEL,
        columns=("t_ms", "order of key-up rows"),
        mechanism=f"discrete Gaussian on bounded histograms of {len(Quantity)} quantities",
        unit=learning.unit,
        adjacency=Adjacency.ADD_REMOVE,
        steps=(Gaussian(learning.noise_multiplier),),
        delta=plan.settings.model_delta * TABLE_SHARE,
        window=learning.window,
        expected_error=(
            f"at {learning.min_units:,} units the rank of a quantile is {worst:.1%} off (standard error), at others in "
            "proportion to one over the units"
        ),
    )


def _mean_absolute(sigma: Sigma) -> float:
    """Compute E|X| of a Gaussian; the discrete one differs by less than a thousandth from sigma 2 on."""
    return float(sigma) * math.sqrt(2 / math.pi)


def _stays(scale: Sigma) -> float:
    """Compute P[X = 0] of a discrete Laplace: tanh(1 / (2 scale))."""
    return math.tanh(1 / (2 * float(scale)))
