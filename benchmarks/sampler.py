"""Draws per CPU second of the keyed discrete Gaussian, compared to numpy's normal, which protects nobody.

Run: python benchmarks/sampler.py
"""

import time
from collections.abc import Callable

import numpy as np

from transforms.privacy.mechanisms import Sigma, discrete_gaussian
from transforms.privacy.uniform_words import words

DRAWS = 1 << 21
ROUNDS = 7
BAR_SIGMA, BAR = 660, 40.0
"""Million draws a CPU second that this sigma must reach, keystream included."""


def measure(draw: Callable[[], object], rates: list[float]) -> None:
    begin = time.process_time()
    draw()
    rates.append(DRAWS / (time.process_time() - begin) / 1e6)


def main() -> None:
    generator = np.random.default_rng(1)
    print("M draws / CPU s, keystream included")
    print(f"{'sigma':>7}  {'keyed, exact':>12}  {'numpy normal':>12}  {'ratio':>5}  {'total variation':>15}")
    for sigma in (10, 100, BAR_SIGMA, 1502, 5000):
        sampler = discrete_gaussian(Sigma(sigma, 1))
        keyed: list[float] = []
        numpy: list[float] = []
        for number in range(ROUNDS):
            label = number.to_bytes(4, "big")
            measure(lambda: sampler.draw(words(bytes(32), [label], [DRAWS])), keyed)  # noqa: B023 - called at once
            measure(lambda: generator.normal(0, sigma, DRAWS), numpy)  # noqa: B023 - called at once
        ours, theirs = max(keyed), max(numpy)
        print(
            f"{sigma:>7}  {ours:>12.1f}  {theirs:>12.1f}  {ours / theirs:>5.2f}  {sampler.table.total_variation:>15.2e}"
        )
        if sigma == BAR_SIGMA and ours < BAR:
            raise SystemExit(f"below the bar of {BAR:g} million draws a CPU second at sigma {BAR_SIGMA}")


if __name__ == "__main__":
    main()
