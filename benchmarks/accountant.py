"""Epsilon of record against the exact figure: 1,000 random histories, by privacy loss distributions (dp-accounting).

Run: python benchmarks/accountant.py [--histories 1000] [--seed 1]

A history is one to three kinds of discrete Gaussian, 1 to 20 releases each, whose epsilon is about 0.1 to 20; the
sensitivity of each is 100 to 200 grid steps. The run fails where the epsilon of record is below a pessimistic exact
figure or more than 12 % above an optimistic one. The pessimistic figure rounds every loss up by at most one interval;
the optimistic one takes all of these off again, a thousandth at most. Sensitivities of 1 to 50 steps, and histories
with pure steps among them, are reported: never below is asserted, the price is not.
"""

import argparse
import math
import random
import sys
from collections.abc import Callable
from typing import NamedTuple

from dp_accounting.pld import privacy_loss_distribution as pld
from dp_accounting.pld.common import DifferentialPrivacyParameters

from schemas.privacy import Gaussian, Pure, Step
from transforms.privacy.accountant import epsilon_of

BAR = 1.12
ROUNDING = 1e-3
"""Part of epsilon that the rounding of losses may cost over all releases."""

COARSEST = 1e-4
WIDE = (100, 200)
DELTAS = (1e-6, 1e-7, 1e-8, 1e-10)


class HistoryStep(NamedTuple):
    """A step and, for a Gaussian, its sensitivity in grid steps."""

    step: Step
    grid_steps: int


class Comparison(NamedTuple):
    """Record over exact: from a pessimistic figure (must be at least 1) and from an optimistic one."""

    at_least: float
    at_most: float


def history(drawn: random.Random, grid_steps: tuple[int, int], pure: bool) -> list[HistoryStep]:
    parts = drawn.randint(1, 3)
    total = math.exp(drawn.uniform(math.log(0.35), math.log(30)))
    made = []
    for _ in range(parts):
        times = drawn.randint(1, 20)
        made.append(HistoryStep(Gaussian(total * math.sqrt(parts * times), times), drawn.randint(*grid_steps)))
    if pure:
        made.append(HistoryStep(Pure(drawn.uniform(0.02, 1.5), drawn.randint(1, 5)), 0))
    return made


def loss(item: HistoryStep, interval: float) -> pld.PrivacyLossDistribution:
    if isinstance(item.step, Pure):
        return pld.from_privacy_parameters(
            DifferentialPrivacyParameters(item.step.epsilon), value_discretization_interval=interval
        )
    return pld.from_discrete_gaussian_mechanism(
        item.step.noise_multiplier * item.grid_steps,
        sensitivity=item.grid_steps,
        value_discretization_interval=interval,
    )


def compare(items: list[HistoryStep], delta: float) -> Comparison:
    record = epsilon_of([item.step for item in items], delta)
    releases = sum(item.step.times for item in items)
    interval = min(COARSEST, ROUNDING / 2 * record / releases)
    total, *others = (loss(item, interval).self_compose(item.step.times) for item in items)
    for other in others:
        total = total.compose(other)
    above = float(total.get_epsilon_for_delta(delta))
    return Comparison(record / above, record / (above - releases * interval))


def report(name: str, compared: list[Comparison]) -> None:
    ratios = sorted(item.at_most for item in compared)
    lowest, middle, worst = min(item.at_least for item in compared), ratios[len(ratios) // 2], ratios[-1]
    figures = f"least {lowest:.4f}, median {middle:.4f}, most {worst:.4f}"
    print(f"{name}: {len(compared)} histories, record over exact: {figures}", flush=True)
    if lowest < 1:
        sys.exit("FAILED: the epsilon of record is below the exact figure")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--histories", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    drawn = random.Random(chosen.seed)  # noqa: S311 - examples

    def compare_many(number: int, draw: Callable[[], list[HistoryStep]]) -> list[Comparison]:
        return [compare(draw(), drawn.choice(DELTAS)) for _ in range(number)]

    wide = compare_many(chosen.histories, lambda: history(drawn, WIDE, pure=False))
    report("sensitivity 100 to 200 grid steps", wide)
    few = max(1, chosen.histories // 10)
    for steps in (1, 2, 5, 10, 50):
        report(f"sensitivity {steps}", compare_many(few, lambda: history(drawn, (steps, steps), pure=False)))  # noqa: B023
    report("with pure steps among them", compare_many(few, lambda: history(drawn, WIDE, pure=True)))
    if max(item.at_most for item in wide) > BAR:
        sys.exit(f"FAILED: the epsilon of record is more than {BAR - 1:.0%} above the exact figure")


if __name__ == "__main__":
    main()
