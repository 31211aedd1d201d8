"""Re-identification: linking raw and released typing to people, and the remaining utility.

Run: KEYVEIL_TIMING=FOLDER python -m benchmarks.reidentification, FOLDER with aalto2329_part*.parquet (2,329 people, 15
sentences each; Dhakal, Feit, Kristensson, Oulasvirta 2018, Observations on Typing from 136 Million Keystrokes). The
data is not part of this repository. The attacker has sentences 1-8 in the clear and links the released sentences 9-15,
about 338 keystrokes a person. ``--quick`` skips the actual release of 10,000 keystrokes.

Exposure. 10,000 keystrokes: every sentence is released thirty times, under sessions of its own, by the real code.
1,000,000: the mean that releases tend to is taken from a release whose every draw is its distribution's mean, and the
error that is left at that many keystrokes is added; for event-level noise the habit stays that of the sentences typed,
and the noise alone is averaged further.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.linking import Gallery
from benchmarks.plot import lines_svg
from benchmarks.rhythm import (
    DIGRAPHS,
    FEATURES,
    HOLD_KEYS,
    Floats,
    Measurements,
    Probe,
    Recordings,
    Scale,
    key_value,
    load,
    sessions,
)
from benchmarks.usefulness import report_prediction, report_usefulness
from schemas.safe import RedactedSessions
from transforms.noise.add_noise import add_noise
from transforms.noise.plan import NoisePlan, plan
from transforms.noise.population.learn import add_noise_to, bounded_sum, exact, model_of
from transforms.noise.population.model import PRIOR, PopulationModel
from transforms.noise.population.observed_times import counts, merge_counts
from transforms.noise.population.quantiles import Quantiles
from transforms.noise.population.quantities import Quantity
from transforms.noise.settings import NoiseSettings, Timing

KEY = bytes(range(32))
GALLERY_SENTENCES = 8
KEYSTROKES = 338
RAW_BAND = (0.70, 0.80)
MOST_HITS = 9
"""Of 2,329 people: at chance hits are Poisson with mean 1, and ten or more have a probability of 1.1e-7."""

SIMULATED = " (simulated)"
CODES = {key_value(code): code for code in range(256)}
Release = Callable[[pa.Table], pa.Table]


def observe(
    people: Recordings, probe: Probe, scale: Scale, release: Release | None = None, copies: int = 1
) -> Measurements:
    """Measure people like an attacker, in the clear or through ``release``."""
    seen = Measurements.nothing(people.people)
    for table in sessions(people, copies):
        shown = release(table) if release else table
        t_ms = shown["t_ms"].to_numpy() if release else shown["t_us"].to_numpy() // 1000
        probe.measure(shown, t_ms, seen, CODES, scale)
    return seen


def learn(people: Recordings, noise: NoisePlan) -> PopulationModel:
    """Learn the population model from the released sentences with the real code."""
    if noise.learning is None:
        return PRIOR
    total = bounded_sum(merge_counts([counts(table, noise.learning.unit) for table in sessions(people)]))
    return model_of(add_noise_to(exact([total]), noise.learning, KEY), noise.learning.min_units)


def through(noise: NoisePlan, model: PopulationModel) -> Release:
    """Build the release of the real code."""
    return lambda table: add_noise(RedactedSessions(table), noise, model, KEY).table


def expect(model: PopulationModel) -> PopulationModel:
    """Replace each distribution of ``model`` by its mean, the average of many releases."""
    words = np.arange(1 << 16, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)
    means = {}
    for quantity in Quantity:
        if quantity != Quantity.SPEED:
            mean = round(float(model.draw(np.full(len(words), quantity, dtype=np.uint8), words).mean()))
            means[quantity] = Quantiles.of([mean, mean + 1], [1])
    return PopulationModel(means)


def event_noise(epsilon: float) -> Floats:
    """Compute the variance that ``timing: noise`` adds to one value of each feature."""
    noisy = plan(NoiseSettings(timing=Timing.NOISE, timing_epsilon=epsilon))
    scales = [noisy.dwell_sigma] * (HOLD_KEYS + 1) + [noisy.interval_sigma] * (DIGRAPHS + 1)
    return np.array([float(sigma) ** 2 for sigma in scales if sigma is not None])


def spread(seen: Measurements) -> Floats:
    """Compute the variance of one released value of each feature, over all people."""
    number = seen.counts.sum(axis=0).clip(1)
    return np.asarray(seen.squares.sum(axis=0) / number - (seen.sums.sum(axis=0) / number) ** 2)


def average(mean: Floats, counted: Floats, variance: Floats, exposure: float) -> Floats:
    """Add to the means the remaining error of an average over ``exposure`` times as many values."""
    error = np.random.default_rng(5).normal(size=mean.shape)
    return np.asarray(mean + error * np.sqrt(variance / (exposure * counted.clip(1))))


class Table:
    """A table of hits, printed row by row, that records a missed bar."""

    def __init__(self, people: int) -> None:
        self.people, self.missed = people, False
        self.lines: dict[str, list[tuple[float, float]]] = {}
        print(f"{'release':44} {'keystrokes':>11} {'hits':>5} {'top-1':>7} {'CPU s':>6}   chance {1 / people:.3%}")
        self._begun = time.process_time()

    def row(self, name: str, keystrokes: int, hits: int, low: float = 0.0, high: float = 1.0) -> None:
        now = time.process_time()
        holds = low <= hits / self.people <= high
        self.missed |= not holds
        self.lines.setdefault(name.removesuffix(SIMULATED), []).append((keystrokes, hits / self.people))
        share = f"{hits / self.people:.2%}"
        took = now - self._begun
        print(
            f"{name:44} {keystrokes:>11,} {hits:>5} {share:>7} {took:>6.1f}{'' if holds else '   BAR MISSED'}",
            flush=True,
        )
        self._begun = now

    def svg(self) -> str:
        lines = {name: sorted(line) for name, line in self.lines.items()}
        xs = (KEYSTROKES, 10_000, 1_000_000)
        return lines_svg("Who typed this? 2,329 people", lines, xs, ("chance", 1 / self.people))


def attack(everybody: Recordings, *, quick: bool) -> Table:
    """Run all attacks and return their outcome."""
    probe = Probe.of(everybody)
    known, typed = (
        everybody.where(part)
        for part in (everybody.sentence < GALLERY_SENTENCES, everybody.sentence >= GALLERY_SENTENCES)
    )
    table, clean = Table(everybody.people), np.zeros(FEATURES)
    logs = Scale(logarithmic=True)
    raw = observe(typed, probe, logs)
    table.row("raw", KEYSTROKES, Gallery.of(observe(known, probe, logs)).hits(raw.means, raw.counts, clean), *RAW_BAND)
    linear = Scale(logarithmic=False)
    gallery, raw = Gallery.of(observe(known, probe, linear)), observe(typed, probe, linear)
    for epsilon in (32.0, 8.0, 1.0):
        variance = event_noise(epsilon)
        name = f"noise, one event at epsilon {epsilon:g}"
        for total in (KEYSTROKES, 10_000, 1_000_000):
            exposure = total / KEYSTROKES
            means = average(raw.means, raw.counts, variance, exposure)
            table.row(name + SIMULATED, total, gallery.hits(means, raw.counts, variance, exposure))
    synthetic = plan(NoiseSettings(model="learn"))
    bar = (0.0, MOST_HITS / everybody.people)
    for name, model in (("synthesize, learned", learn(typed, synthetic)), ("synthesize, prior", PRIOR)):
        shown = observe(typed, probe, linear, through(synthetic, model))
        variance = spread(shown)
        table.row(name, KEYSTROKES, gallery.hits(shown.means, shown.counts, variance), *bar)
        if not quick:
            copies = -(-10_000 // KEYSTROKES)
            more = observe(typed, probe, linear, through(synthetic, model), copies)
            hits = gallery.hits(more.means, more.counts / copies, variance, copies)
            table.row(name, KEYSTROKES * copies, hits, *bar)
        limit = observe(typed, probe, linear, through(synthetic, expect(model)))
        for total in (10_000, 1_000_000):
            exposure = total / KEYSTROKES
            means = average(limit.means, limit.counts, variance, exposure)
            table.row(name + SIMULATED, total, gallery.hits(means, limit.counts, variance, exposure), *bar)
    return table


def main() -> None:
    parser = argparse.ArgumentParser(description="Re-identification from typing rhythm.")
    parser.add_argument("folder", nargs="?", default=os.environ.get("KEYVEIL_TIMING"), type=Path)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--plot", type=Path, metavar="FILE", help="also write a chart (SVG)")
    arguments = parser.parse_args()
    if arguments.folder is None or not Path(arguments.folder).is_dir():
        print("skipped: name the folder of the timing data as an argument or in KEYVEIL_TIMING")
        return
    everybody = load(Path(arguments.folder))
    first = everybody.sentence < GALLERY_SENTENCES
    missed = report_usefulness(everybody.where(~first))
    report_prediction(everybody.where(first), everybody.where(~first))
    table = attack(everybody, quick=arguments.quick)
    if arguments.plot:
        arguments.plot.write_text(table.svg())
    if missed or table.missed:
        sys.exit("a bar was missed")


if __name__ == "__main__":
    main()
