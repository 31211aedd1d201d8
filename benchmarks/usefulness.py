"""Error of the quantiles of a learned population model against those of its people."""

from collections import defaultdict

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from benchmarks.rhythm import Recordings, sessions
from schemas.privacy import Gaussian, PrivacyUnit
from transforms.noise.batch import Batch
from transforms.noise.key_presses import strokes
from transforms.noise.plan import plan
from transforms.noise.population.contribution import BOUND
from transforms.noise.population.learn import Learning, add_noise_to, bounded_sum, exact, model_of
from transforms.noise.population.observed_times import counts, merge_counts, observe
from transforms.noise.population.prior import PRIOR_MS, prior
from transforms.noise.population.quantities import Quantity
from transforms.noise.settings import NoiseSettings
from transforms.privacy.accountant import calibrate, epsilon_of
from transforms.privacy.mechanisms import Sigma

DELTA = 1e-7
DRAWS = 25
MEDIAN_MS, P90_MS = 5, 20
"""Bars: the error that half of the draws stay within, each quantity at user-level epsilon 1."""

FRACTIONS = ((1, 2), (9, 10))
Values = dict[Quantity, tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]]


def record_values(people: Recordings) -> Values:
    """Collect person and value of all that the model counts, by quantity."""
    parts = defaultdict(list)
    for table in sessions(people):
        batch = Batch.of(table)
        seen = observe(batch, strokes(batch))
        person = table["user"].take(pa.array(batch.begins)).cast(pa.int64()).to_numpy()[seen.session]
        for number in np.unique(seen.quantity):
            rows = seen.quantity == number
            parts[Quantity(int(number))].append((person[rows], np.maximum(seen.value[rows], 0)))
    return {quantity: tuple(map(np.concatenate, zip(*found, strict=True))) for quantity, found in sorted(parts.items())}  # type: ignore[misc]


def true_quantiles(person: npt.NDArray[np.int64], value: npt.NDArray[np.int64]) -> tuple[int, ...]:
    """Compute the quantiles in whole ms of the mixture that gives every person the same weight."""
    weight = 1 / np.bincount(person)[person]
    order = np.argsort(value, kind="stable")
    reached = np.cumsum(weight[order]) / weight.sum()
    return tuple(int(value[order][np.searchsorted(reached, top / bottom)]) for top, bottom in FRACTIONS)


def errors(
    total: pa.Table, learning: Learning, truth: dict[Quantity, tuple[int, ...]]
) -> dict[Quantity, list[list[int]]]:
    """Measure the error of each quantile in ``DRAWS`` independent draws, by quantity."""
    found = defaultdict(list)
    for draw in range(DRAWS):
        model = model_of(add_noise_to(exact([total]), learning, bytes([draw]) * 32), learning.min_units)
        for quantity, quantiles in model.learned.items():
            if quantity in truth:
                made = (quantiles.at(*fraction) for fraction in FRACTIONS)
                found[quantity].append([abs(a - b) for a, b in zip(made, truth[quantity], strict=True)])
    return found


def learnings() -> list[tuple[str, Learning | None]]:
    """List the budgets to compare; the bars apply to the first."""
    each = calibrate(1.0, DELTA, 1.0)
    alone = Learning(PrivacyUnit.USER, (Sigma(each.num * BOUND, each.den),) * len(Quantity), NoiseSettings().min_units)
    return [
        ("each quantity at user-level epsilon 1", alone),
        (
            "all quantities together at user-level epsilon 1",
            plan(NoiseSettings(model="learn", model_epsilon=1.0, model_delta=DELTA)).learning,
        ),
        ("all quantities together at the default", plan(NoiseSettings(model="learn")).learning),
    ]


def report_usefulness(people: Recordings) -> bool:
    """Print the errors at three budgets; return whether the first missed a bar."""
    values = record_values(people)
    truth = {quantity: true_quantiles(*found) for quantity, found in values.items()}
    users = {quantity: len(np.unique(person)) for quantity, (person, _) in values.items()}
    total = bounded_sum(merge_counts([counts(table, PrivacyUnit.USER) for table in sessions(people)]))
    missed = []
    for name, learning in learnings():
        if learning is not None:
            composed = epsilon_of([Gaussian(learning.noise_multiplier)], DELTA)
            print(f"{name} (all {len(Quantity)} together: epsilon {composed:.2f} at delta {DELTA:g})")
            found = errors(total, learning, truth)
            missed.append([_row(quantity, users[quantity], truth[quantity], found[quantity]) for quantity in values])
    return any(missed[0])


def report_prediction(known: Recordings, released: Recordings) -> None:
    """Print the error on unreleased recordings of a predictor that uses the median of each quantity."""
    learning = plan(NoiseSettings(model="learn")).learning
    if learning is None:
        return
    total = bounded_sum(merge_counts([counts(table, PrivacyUnit.USER) for table in sessions(released)]))
    model = model_of(add_noise_to(exact([total]), learning, bytes(32)), learning.min_units)
    own = {quantity: int(np.median(value)) for quantity, (_, value) in record_values(released).items()}
    constant = {quantity: prior(table).at(1, 2) for quantity, table in PRIOR_MS.items()}
    learned = constant | {quantity: quantiles.at(1, 2) for quantity, quantiles in model.learned.items()}
    print("mean absolute error of predicting a time in unreleased sentences by the median of its kind, ms")
    for name, medians in (("raw", own), ("learned (default budget)", learned), ("prior", constant)):
        errors_ms: dict[str, list[npt.NDArray[np.int64]]] = defaultdict(list)
        for quantity, (_, value) in record_values(known).items():
            errors_ms[quantity.name.split("_")[0].lower()].append(np.abs(value - medians[quantity]))
        shown = (f"{kind} {np.concatenate(parts).mean():.1f}" for kind, parts in errors_ms.items() if kind != "repeat")
        print(f"  medians from {name:25}: {', '.join(shown)}")


def _row(quantity: Quantity, users: int, truth: tuple[int, ...], found: list[list[int]]) -> bool:
    """Print one quantity; return whether it missed the bar."""
    start = f"  {quantity.name.lower():18} {users:>6} people"
    if len(found) < DRAWS:
        print(f"{start}: too few, the prior in {DRAWS - len(found)} of {DRAWS} draws")
        return False
    half, most = (np.quantile(np.array(found), share, axis=0, method="higher") for share in (0.5, 0.9))
    missed = bool(half[0] > MEDIAN_MS or half[1] > P90_MS)
    parts = (
        f"{name} {exact:>4} ms, half of the draws within {inner:>3.0f}, nine of ten within {outer:>3.0f}"
        for name, exact, inner, outer in zip(("median", "p90"), truth, half, most, strict=True)
    )
    print(f"{start}: {'; '.join(parts)}{'   above the bar' if missed else ''}")
    return missed
