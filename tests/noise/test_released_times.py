"""The released clock: what it keeps, what it hides, what it may not depend on."""

import random
from collections.abc import Callable
from typing import Any, cast

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.privacy import Pointer
from schemas.safe import RedactedSessions
from transforms.noise.add_noise import add_noise_with_order
from transforms.noise.batch import Batch
from transforms.noise.key_presses import strokes
from transforms.noise.plan import NoisePlan, PointerNoise
from transforms.noise.population.model import PRIOR, PopulationModel
from transforms.noise.released_times import synthetic
from transforms.noise.settings import NoiseSettings, Timing
from transforms.privacy.mechanisms import Sigma

Row = dict[str, Any]
KEY = bytes(range(32))
LETTERS = "abc"
OTHERS = [
    {"kind": "pointer", "action": "move", "x": 10.0, "y": 20.0, "dx": 1.0, "dy": 2.0},
    {"kind": "pointer", "action": "click", "x": 10.0, "y": 20.0},
    {"kind": "pointer", "action": "scroll", "x": 1.0, "y": 2.0, "dx": 0.0, "dy": -3.0},
    {"kind": "focus", "app": "Mail"},
    {"kind": "screen", "text": "words"},
]


def key_row(action: str, letter: str) -> Row:
    return {"kind": "key", "action": action, "key": letter, "code": f"Key{letter.upper()}", "modifiers": []}


KEYS = [key_row(action, letter) for action in ("down", "up") for letter in LETTERS]


@st.composite
def sessions(draw: st.DrawFn) -> list[Row]:
    """Any sequence of key events and others: overlaps, repeats, lost presses and releases, equal times."""
    rows = draw(st.lists(st.sampled_from([*KEYS, *KEYS, *OTHERS]), min_size=1, max_size=40))
    # a draw a time would take longer than the release that is tested
    drawn, longest = random.Random(draw(st.integers(0, 2**32))), draw(st.sampled_from([0, len(rows), 10**8]))
    times = sorted(drawn.randint(0, longest) for _ in rows)
    return [{**row, "t_us": t_us} for row, t_us in zip(rows, times, strict=True)]


def release(table: pa.Table, plan: NoisePlan, key: bytes = KEY) -> tuple[pa.Table, np.ndarray]:
    safe, order = add_noise_with_order(RedactedSessions(table), plan, PRIOR, key)
    return safe.table, order


POINTER = PointerNoise(Sigma(5, 1), Sigma(1, 1))
PLANS = {
    Timing.SYNTHESIZE: NoisePlan(NoiseSettings(pointer=Pointer.NOISE), None, None, POINTER),
    Timing.NOISE: NoisePlan(
        NoiseSettings(pointer=Pointer.NOISE, timing=Timing.NOISE), Sigma(300, 1), Sigma(150, 1), POINTER
    ),
    Timing.DROP: NoisePlan(NoiseSettings(pointer=Pointer.NOISE, timing=Timing.DROP), None, None, POINTER),
}


@pytest.mark.parametrize("timing", [Timing.SYNTHESIZE, Timing.NOISE])
@given(first=sessions(), second=sessions())
def test_times_start_at_zero_and_never_fall(
    timing: Timing, first: list[Row], second: list[Row], build: Callable[..., pa.Table]
) -> None:
    table, _ = release(build(first, second), PLANS[timing])
    for name in ("alpha", "beta"):
        t_ms = [row["t_ms"] for row in table.to_pylist() if row["session"] == name]
        assert t_ms[0] == 0
        assert t_ms == sorted(t_ms)


@pytest.mark.parametrize("timing", list(Timing))
@given(first=sessions(), second=sessions())
def test_only_key_ups_move_and_only_after_their_press_within_their_run(
    timing: Timing, first: list[Row], second: list[Row], build: Callable[..., pa.Table]
) -> None:
    source = build(first, second)
    table, order = release(source, PLANS[timing])
    rows = source.to_pylist()
    assert sorted(order.tolist()) == list(range(len(rows)))
    paired = own_presses(rows)
    fixed = [row for row in order.tolist() if row not in paired]
    assert fixed == sorted(fixed)
    place = {row: position for position, row in enumerate(order.tolist())}
    run = np.cumsum([row["kind"] != "key" or row["seq"] == 0 for row in rows])
    for up, down in paired.items():
        assert place[down] < place[up]
        assert run[up] == run[order[place[up]]]
    assert sorted(run[order].tolist()) == run[order].tolist()
    assert table["seq"].to_pylist() == [*range(len(first)), *range(len(second))]
    for letter in LETTERS:  # the downs and ups of one key alternate as they did; two ups of one press are alike
        actions = [
            [rows[row]["action"] for row in of if rows[row]["key"] == letter] for of in (order, range(len(rows)))
        ]
        assert actions[0] == actions[1]


def own_presses(rows: list[Row]) -> dict[int, int]:
    last: dict[tuple[str, str], int] = {}
    paired = {}
    for index, row in enumerate(rows):
        name = (row["session"], row["code"])
        if row["action"] == "down" and row["kind"] == "key":
            last[name] = index
        elif row["action"] == "up" and name in last:
            paired[index] = last[name]
    return paired


@given(rows=sessions(), seed=st.integers(0, 2**32))
def test_synthetic_times_know_nothing_of_recorded_ones(
    rows: list[Row], seed: int, build: Callable[..., pa.Table]
) -> None:
    drawn = random.Random(seed)
    other = [{**row, "t_us": drawn.randint(0, 10**12)} for row in rows]
    first, order = release(build(rows), PLANS[Timing.SYNTHESIZE])
    second, other_order = release(build(other), PLANS[Timing.SYNTHESIZE])
    assert first.equals(second)
    assert order.tolist() == other_order.tolist()


@pytest.mark.parametrize("timing", [Timing.SYNTHESIZE, Timing.DROP])
@given(rows=sessions(), seed=st.integers(0, 2**32))
def test_where_a_key_up_was_recorded_in_its_run_shows_nowhere(
    timing: Timing, rows: list[Row], seed: int, build: Callable[..., pa.Table]
) -> None:
    moved = shuffled_ups(rows, random.Random(seed))
    first, _ = release(build(rows), PLANS[timing])
    second, _ = release(build(moved), PLANS[timing])
    assert first.equals(second)


def shuffled_ups(rows: list[Row], drawn: random.Random) -> list[Row]:
    """Swap neighbours of a run, one of them a paired key-up, where that keeps each key's downs and ups in order."""
    rows = list(rows)
    for _ in range(3 * len(rows)):
        at = drawn.randrange(max(len(rows) - 1, 1))
        pair = rows[at : at + 2]
        if len(pair) < 2 or any(row["kind"] != "key" for row in pair) or pair[0]["key"] == pair[1]["key"]:
            continue
        loose = [{"session": "", "action": None, "code": None, **row} for row in rows]
        presses = own_presses(loose)
        if at in presses or at + 1 in presses:
            rows[at], rows[at + 1] = rows[at + 1], rows[at]
    return rows


def test_key_ups_take_key_and_modifiers_from_their_press(
    build: Callable[..., pa.Table], stroke: Callable[..., Row]
) -> None:
    rows = [
        stroke("down", "Shift", 0),
        stroke("down", "A", 100_000, held=("Shift",)),
        stroke("up", "Shift", 150_000),
        stroke("up", "a", 200_000),
    ]
    table, _ = release(build(rows), PLANS[Timing.SYNTHESIZE])
    letter_up = next(row for row in table.to_pylist() if row["action"] == "up" and row["code"] == "KeyA")
    assert (letter_up["key"], letter_up["modifiers"]) == ("A", ["Shift"])
    assert "a" not in table["key"].combine_chunks().dictionary.to_pylist()


@pytest.mark.parametrize("session", [f"s{number}" for number in range(20)])
def test_a_modifier_is_held_over_the_presses_that_list_it(
    session: str, build: Callable[..., pa.Table], stroke: Callable[..., Row]
) -> None:
    held = [stroke(action, key, None, held=("Shift",)) for key in "QWERTZ" for action in ("down", "up")]
    rows = [stroke("down", "Shift", 0), *held, stroke("up", "Shift", 9), stroke("down", "x", 10), stroke("up", "x", 11)]
    table, _ = release(build(rows, names=(session,)), PLANS[Timing.SYNTHESIZE])
    downs = [
        (row["action"], row["key"]) for row in table.to_pylist() if row["action"] == "down" or row["key"] == "Shift"
    ]
    assert downs == [*(("down", key) for key in ["Shift", *"QWERTZ"]), ("up", "Shift"), ("down", "x")]


def test_held_keys_repeat_quickly_and_recorders_without_key_ups_do_not(
    build: Callable[..., pa.Table], stroke: Callable[..., Row]
) -> None:
    repeated, _ = release(
        build([stroke("down", "a", 0), stroke("down", "a", 1), stroke("up", "a", 2)]), PLANS[Timing.SYNTHESIZE]
    )
    typed, _ = release(build([stroke("down", "a", 0), stroke("down", "a", 1)]), PLANS[Timing.SYNTHESIZE])
    assert 29 <= repeated["t_ms"].to_pylist()[1] <= 37
    assert typed["t_ms"].to_pylist()[1] >= 65


@pytest.mark.parametrize("timing", list(Timing))
def test_a_session_without_recorded_times_gets_none(
    timing: Timing, build: Callable[..., pa.Table], stroke: Callable[..., Row]
) -> None:
    table, _ = release(build([stroke("down", "a"), stroke("up", "a")], [stroke("down", "a", 5)]), PLANS[timing])
    assert table["t_ms"].to_pylist()[:2] == [None, None]
    assert table["t_ms"].to_pylist()[2] == (None if timing is Timing.DROP else 0)


def test_a_plain_word_from_a_file_drops_times_too(build: Callable[..., pa.Table], stroke: Callable[..., Row]) -> None:
    word: Any = "drop"
    plan = NoisePlan(NoiseSettings(pointer=Pointer.NOISE, timing=word), None, None, POINTER)
    assert release(build([stroke("down", "a", 0)]), plan)[0]["t_ms"].to_pylist() == [None]


def test_recorded_intervals_come_through_where_the_noise_is_small(
    build: Callable[..., pa.Table], stroke: Callable[..., Row]
) -> None:
    plan = NoisePlan(NoiseSettings(pointer=Pointer.NOISE, timing=Timing.NOISE), Sigma(1, 10), Sigma(1, 10), POINTER)
    rows = [
        stroke("down", "a", 1_000_000),
        stroke("down", "b", 1_200_000),
        stroke("up", "a", 1_290_000),
        stroke("up", "b", 1_950_000),
        stroke("down", "c", 1_900_000),
        {"kind": "focus", "t_us": 9_900_000},
    ]
    table, _ = release(build(rows), plan)
    found = [(row["kind"], row["action"], row["key"], row["t_ms"]) for row in table.to_pylist()]
    assert found == [
        ("key", "down", "a", 0),
        ("key", "down", "b", 200),
        ("key", "up", "a", 290),
        ("key", "up", "b", 700),
        ("key", "down", "c", 900),
        ("focus", None, None, 1900),
    ]


def test_synthetic_rows_of_a_noised_session_take_the_prior(
    build: Callable[..., pa.Table], stroke: Callable[..., Row]
) -> None:
    plan = NoisePlan(NoiseSettings(pointer=Pointer.NOISE, timing=Timing.NOISE), Sigma(1, 10), Sigma(1, 10), POINTER)
    added = [{**stroke(action, "z"), "synthetic": True} for action in ("down", "up")]
    table, _ = release(build([stroke("down", "a", 0), *added, stroke("down", "b", 700_000)]), plan)
    t_ms = {(row["key"], row["action"]): row["t_ms"] for row in table.to_pylist()}
    assert 65 <= t_ms["z", "down"] <= 616
    assert t_ms["b", "down"] == t_ms["z", "down"] + 700


def test_a_second_key_up_of_a_press_has_no_recorded_dwell(
    build: Callable[..., pa.Table], stroke: Callable[..., Row]
) -> None:
    """One event moves two intervals and one dwell: sigma is for three values, a fourth would not be paid for."""
    plan = NoisePlan(NoiseSettings(pointer=Pointer.NOISE, timing=Timing.NOISE), Sigma(1, 10), Sigma(1, 10), POINTER)
    released = []
    for second_us in (250_000, 650_000):
        ups = [stroke("up", "a", 100_000), stroke("up", "a", second_us)]
        end = {"kind": "focus", "t_us": 900_000}
        table, _ = release(build([stroke("down", "a", 0), *ups, end]), plan)
        released.append(table["t_ms"].to_pylist())
    assert released[0] == released[1]
    assert 100 in released[0]


def test_intervals_dwells_and_the_rows_beside_them_draw_independent_noise(
    build: Callable[..., pa.Table], stroke: Callable[..., Row]
) -> None:
    presses = 2_000
    plan = NoisePlan(NoiseSettings(pointer=Pointer.NOISE, timing=Timing.NOISE), Sigma(20, 1), Sigma(20, 1), POINTER)
    rows = [
        stroke(action, letter, 1_000_000 * number + after_us)
        for number in range(presses)
        for letter in (LETTERS[number % len(LETTERS)],)
        for action, after_us in (("down", 0), ("up", 400_000))
    ]
    table, _ = release(build(rows), plan)
    t_ms, up = table["t_ms"].to_numpy(), np.array(table["action"].to_pylist()) == "up"
    gaps, dwells = np.diff(t_ms[~up]) - 1_000, t_ms[up] - t_ms[~up] - 400
    assert gaps.std() == pytest.approx(20, rel=0.2)
    assert dwells.std() == pytest.approx(20, rel=0.2)
    for shift in (0, 1, 2):
        # a correlation of n independent pairs has a standard error of 1 / sqrt(n): six of them, false alarm 2e-9
        pairs = presses - 3
        assert abs(np.corrcoef(gaps[:pairs], dwells[shift : shift + pairs])[0, 1]) < 6 / pairs**0.5


def test_corrected_times_draw_independent_noise(build: Callable[..., pa.Table], stroke: Callable[..., Row]) -> None:
    plan = NoisePlan(NoiseSettings(pointer=Pointer.NOISE, timing=Timing.NOISE), Sigma(300, 1), Sigma(150, 1), POINTER)
    base = [stroke("down", "a", 100_000_000 * index) for index in range(400)]
    first, second = ({**base[3], "t_us": base[3]["t_us"] + shift} for shift in (0, -99_500_000))
    released = [
        np.diff(release(build([*base[:3], row, *base[4:]]), plan)[0]["t_ms"].to_numpy()) for row in (first, second)
    ]
    same = np.count_nonzero(released[0][10:] == released[1][10:]) / len(released[0][10:])
    assert same < 0.1


@given(first=sessions(), second=sessions())
def test_every_synthetic_interval_and_dwell_has_a_word_of_its_own(
    first: list[Row], second: list[Row], build: Callable[..., pa.Table]
) -> None:
    """A word that draws two of them would let one be read off the other."""
    batch = Batch.of(build(first, second))
    paired = strokes(batch)
    model = _Recorder()
    synthetic(batch, paired, cast(PopulationModel, model), KEY)
    gaps, durations, dwells = model.words
    assert len(gaps) + len(dwells) == batch.rows
    assert len({*gaps, *durations, *dwells}) == len(gaps) + len(durations) + len(dwells)


class _Recorder:
    """A model that remembers the words that it was asked with."""

    def __init__(self) -> None:
        self.words: list[list[int]] = []

    def draw(self, classes: np.ndarray, words: np.ndarray) -> np.ndarray:
        self.words.append(words.tolist())
        return np.zeros(len(classes), dtype=np.int64)
