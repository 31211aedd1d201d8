"""Motor identification: telling people by their pointer, in the clear and in what is released of actions.

    python -m benchmarks.mouse FILE

FILE is a Parquet table of pointer events (session, user, t_us, action, x, y, dy, button), for example of the Balabit
Mouse Dynamics Challenge. The data is not part of this repository. The real code releases it: every second column of a
constant grid of 64 px is an element that the recorder names, the rest has no target and becomes cells.

The attack: randomised trees on clicks of other sessions, log-probabilities added over clicks; and a small recurrent
network on runs of consecutive clicks, log-probabilities added over runs. *Matched ways* gives
every user the same mixture of distances (half octaves) and directions: what is left is the hand and not the work.

*Sessions* are named by what was done, too. Two controls tell the hand from that: the release of the same actions on the
same targets by a made-up hand, which must not differ in any row, and targets and actions in their order, taken by
themselves. The difference to targets alone is content by these controls; its bar is shown and does not count.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa

from benchmarks.clear_release import Row
from benchmarks.other_hands import count_changes, replace_hand
from benchmarks.pointer_clicks import (
    BEFORE,
    CLOCK,
    EVERYTHING,
    FOLDS,
    HAND,
    ORDER,
    POINT,
    STRUCTURE,
    TARGET,
    WAY,
    Clicks,
    measure_raw,
    measure_released,
    read_log,
    release_log,
    split,
)
from benchmarks.sequence_model import SequenceModel
from benchmarks.trees import Floats, Forest, Ints

CLICKS = 100
"""Clicks of one user that are added up."""

FEWEST_WAY_PX = 48
FEWEST_RAW = 0.6
"""Share named in the clear below which an attack is too weak to say anything."""

MOST_TRAINED = 400
"""Clicks a user that a forest for sessions is grown on."""

RUN, EPOCHS = 20, 60
"""Consecutive clicks that the network sees at once, and its passes over the clicks of other sessions."""

KEYS = 5


def number_ways(ways: Floats) -> Ints:
    """Number ways by half octaves of distance and four directions; -1 stands for one that is too short.

    >>> number_ways(np.array([[64.0, 0.0], [0.0, 64.0], [30.0, 30.0]])).tolist()
    [48, 49, -1]
    """
    far = np.hypot(*ways.T)
    octave = (2 * np.log2(far.clip(1))).astype(np.int64)
    quarters = (np.arctan2(ways[:, 1], ways[:, 0]) / (np.pi / 2) + 0.5) % 4
    return np.where(far < FEWEST_WAY_PX, -1, octave * 4 + quarters.astype(np.int64))


def _draw_evenly(users: Ints, ways: Ints, draw: np.random.Generator) -> Ints:
    """Draw as many clicks of each user as of any other of each way."""
    chosen = [np.zeros(0, dtype=np.int64)]
    for way in np.unique(ways[ways >= 0]):
        groups = [np.flatnonzero((users == user) & (ways == way)) for user in range(int(users.max()) + 1)]
        fewest = min(map(len, groups))
        chosen += [draw.choice(group, fewest, replace=False) for group in groups]
    return np.concatenate(chosen)


def name_matched(clicks: Clicks, count: int = CLICKS, repeats: int = 3) -> Floats:
    """Measure by folds and users the share of groups of ``count`` clicks that are named right; ways matched.

    A fold whose matched clicks make no group is NaN.
    """
    ways, folds = number_ways(clicks.ways), clicks.folds()
    people, draw = int(clicks.users.max()) + 1, np.random.default_rng(1)
    shares = np.full((FOLDS, people), np.nan)
    for fold in range(FOLDS):
        known = _draw_evenly(clicks.users, np.where(folds != fold, ways, -1), draw)
        if not len(known):
            continue
        forest = Forest.fit(clicks.rows[known], clicks.users[known], people)
        hits = np.full((repeats, people), np.nan)
        for repeat in range(repeats):
            asked = _draw_evenly(clicks.users, np.where(folds == fold, ways, -1), draw)
            logs = forest.log_shares(clicks.rows[asked])
            for user in range(people):
                own = draw.permutation(logs[clicks.users[asked] == user])
                groups = len(own) // count
                if groups:
                    named = own[: groups * count].reshape(groups, count, -1).sum(axis=1).argmax(axis=1)
                    hits[repeat, user] = (named == user).mean()
        shares[fold] = hits.mean(axis=0)
    return shares.ravel()


def name_matched_runs(clicks: Clicks, count: int = CLICKS, repeats: int = 3) -> Floats:
    """Measure as ``name_matched`` does, by a network on runs of consecutive clicks in place of trees on single ones."""
    ways, folds = number_ways(clicks.ways), clicks.folds()
    people, draw = int(clicks.users.max()) + 1, np.random.default_rng(3)
    shares = np.full((FOLDS, people), np.nan)
    for fold in range(FOLDS):

        def draw_runs(fold: int = fold, *, known: bool = True) -> tuple[Floats, Ints]:
            """Draw matched clicks and cut those of each user, in the order of the log, into runs."""
            chosen = np.sort(_draw_evenly(clicks.users, np.where((folds != fold) == known, ways, -1), draw))
            runs, labels = [np.zeros((0, RUN, clicks.rows.shape[1]))], []
            for user in range(people):
                own = chosen[clicks.users[chosen] == user]
                own = own[: len(own) // RUN * RUN]
                runs.append(clicks.rows[own].reshape(-1, RUN, clicks.rows.shape[1]))
                labels += [user] * len(runs[-1])
            return np.concatenate(runs), np.array(labels, dtype=np.int64)

        if not len(draw_runs()[0]):
            continue
        model = SequenceModel.fit(draw_runs, people, EPOCHS)
        hits = np.full((repeats, people), np.nan)
        for repeat in range(repeats):
            runs, labels = draw_runs(known=False)
            logs = model.log_shares(runs) if len(runs) else np.zeros((0, people))
            for user in range(people):
                own = draw.permutation(logs[labels == user])
                if groups := len(own) // (count // RUN):
                    named = own[: groups * (count // RUN)].reshape(groups, count // RUN, -1).sum(axis=1).argmax(axis=1)
                    hits[repeat, user] = (named == user).mean()
        shares[fold] = hits.mean(axis=0)
    return shares.ravel()


def mix(clicks: Clicks, seed: int, features: Sequence[int] = HAND) -> Clicks:
    """Give each click these features of another click, drawn from all: the same columns, which say nothing of it."""
    rows = clicks.rows.copy()
    rows[:, features] = rows[np.random.default_rng(seed).permutation(len(rows))][:, features]
    return Clicks(rows, clicks.users, clicks.sessions, clicks.ways)


def name_sessions(clicks: Clicks) -> Floats:
    """Tell for each session, in order, whether its user is named right by all of its clicks."""
    folds, people, draw = clicks.folds(), int(clicks.users.max()) + 1, np.random.default_rng(2)
    named: dict[int, float] = {}
    for fold in range(FOLDS):
        known = np.concatenate([
            draw.permutation(np.flatnonzero((folds != fold) & (clicks.users == user)))[:MOST_TRAINED]
            for user in range(people)
        ])  # fmt: skip
        forest = Forest.fit(clicks.rows[known], clicks.users[known], people)
        for session in np.unique(clicks.sessions[folds == fold]).tolist():
            own = clicks.sessions == session
            guess = forest.log_shares(clicks.rows[own]).sum(axis=0).argmax()
            named[session] = float(guess == clicks.users[own][0])
    return np.array([named[session] for session in sorted(named)])


def mean_and_error(shares: Floats) -> tuple[float, float]:
    """Compute the mean of the shares that are known and its standard error."""
    shares = shares[~np.isnan(shares)]
    return float(shares.mean()), float(shares.std(ddof=1) / len(shares) ** 0.5)


def report(name: str, shares: Floats, bar: str, most: float | None = None, *, bound: bool = False) -> bool:
    """Print a row of the table and tell whether its bar is met; ``bound`` holds the upper 95 % bound to it."""
    if np.isnan(shares).sum() > len(shares) - 2:
        print(f"| {name} | too few clicks | {bar} |")
        return False
    mean, error = mean_and_error(shares)
    upper = mean + 1.645 * error
    is_met = most is None or (upper if bound else mean) <= most
    print(
        f"| {name} | {mean:.1%} ± {error:.1%}, at most {upper:.1%} | {bar}{'' if is_met else ' MISSED'} |", flush=True
    )
    return is_met


def compare_hands(parts: Sequence[tuple[int, str, pa.Table]], log: Sequence[Sequence[Row]]) -> bool:
    """Print how many rows of the release ``log`` (key 1) another hand changes; tell whether there is none."""
    other = [(user, name, replace_hand(rows, number)) for number, (user, name, rows) in enumerate(parts)]
    total, changed = count_changes(log, release_log(other, bytes([1]) * 32))
    print(f"| rows that another hand changes | {changed} of {total} | 0{' MISSED' if changed else ''} |", flush=True)
    return changed == 0


def compare_sessions(draws: Sequence[Clicks]) -> bool:
    """Print how many sessions are named by parts of what is released; tell whether all of it adds to its content."""

    def name(features: Sequence[int], mixed: Sequence[int] = ()) -> Floats:
        made = [mix(clicks, key, mixed).of(features) for key, clicks in enumerate(draws)]
        return np.mean([name_sessions(clicks) for clicks in made], axis=0)

    targets, order, everything = name(TARGET), name(ORDER), name(EVERYTHING)
    for said, shares in (("targets alone", targets), ("targets and actions in order", order)):
        report(f"sessions, {said}", shares, "content, no bar")
    report("sessions, everything released", everything, "content, no bar")
    _, error = mean_and_error(targets)
    bar = f"<= {error:.1%} (1 s.e.)"
    report("everything minus targets", everything - targets, f"{bar}, not counted", error)
    parts = {"form of rows": STRUCTURE, "point in the box": POINT, "time": CLOCK, "way": WAY, "action before": BEFORE}
    for said, features in parts.items():
        more = name(TARGET + features)
        report(f"targets and {said} minus targets", more - targets, "no bar")
        report(f"... minus {said} of other clicks", more - name(TARGET + features, features), "no bar")
    others = {"targets and actions in order": order, "the same with hands of other clicks": name(EVERYTHING, HAND)}
    is_met = True
    for said, less in others.items():
        is_met &= report(f"everything minus {said}", everything - less, bar, error)
    return is_met


def main() -> int:
    """Print the table of a log."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path)
    parser.add_argument("--keys", type=int, default=KEYS)
    arguments = parser.parse_args()
    if not arguments.file.is_file():
        print("skipped: FILE does not exist", file=sys.stderr)
        return 0
    parts = split(read_log(arguments.file))
    raw = measure_raw(parts)
    clear = name_matched(raw)
    report(f"raw, matched ways, {CLICKS} clicks", clear, ">= 60 %")
    is_met = float(np.nanmean(clear)) >= FEWEST_RAW
    logs = [release_log(parts, bytes([key]) * 32) for key in range(1, arguments.keys + 1)]
    draws = [measure_released(parts, log) for log in logs]
    # keys draw the same recordings again: they are averaged before the error is taken
    motor = np.nanmean([name_matched(clicks.of(HAND)) for clicks in draws], axis=0)
    is_met &= report("released, hand alone, matched", motor, "upper bound <= 20 %", 0.2, bound=True)
    report(f"raw, matched ways, {CLICKS} clicks, network", name_matched_runs(raw), "")
    motor = np.nanmean([name_matched_runs(clicks.of(HAND)) for clicks in draws], axis=0)
    is_met &= report("released, hand alone, matched, network", motor, "upper bound <= 20 %", 0.2, bound=True)
    rows = np.nanmean([name_matched(clicks.of(STRUCTURE)) for clicks in draws], axis=0)
    is_met &= report("released, form of rows alone, matched", rows, "<= 15 %", 0.15)
    report("sessions, raw motion", name_sessions(raw), "")
    is_met &= compare_hands(parts, logs[0])
    is_met &= compare_sessions(draws)
    return 0 if is_met else 1


if __name__ == "__main__":
    sys.exit(main())
