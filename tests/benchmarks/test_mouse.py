"""The attack on pointers: it finds a hand that is there, and what is released of made-up clicks has none."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from benchmarks import mouse
from benchmarks.mouse import mean_and_error, mix, name_matched, name_matched_runs, name_sessions, number_ways
from benchmarks.other_hands import count_changes, replace_hand
from benchmarks.pointer_clicks import (
    HAND,
    STRUCTURE,
    Clicks,
    measure_raw,
    measure_released,
    read_log,
    release_log,
    split,
)
from benchmarks.trees import Forest

USERS, SESSIONS, CLICKS = 2, 3, 40


@pytest.fixture(scope="module")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Write a synthetic log: the second user moves in more samples and presses longer; both click anywhere."""
    draw, rows = np.random.default_rng(3), []
    for user in range(USERS):
        for session in range(SESSIONS):
            t_us, x, y = 0, 100.0, 100.0
            for _ in range(CLICKS):
                to_x, to_y = draw.integers(200, 1700), draw.integers(200, 900)
                samples = 4 + 8 * user
                path = [(x + (to_x - x) * part, y + (to_y - y) * part) for part in np.linspace(0.1, 1, samples)]
                events = [("move", *point) for point in path] + [("down", to_x, to_y), ("up", to_x, to_y)]
                for action, at_x, at_y in events:
                    t_us += 10_000 + (80_000 * user if action == "up" else 0)
                    button = "left" if action != "move" else None
                    rows.append((f"u{user}-{session}", f"u{user}", t_us, action, at_x, at_y, None, button))
                x, y = float(to_x), float(to_y)
    columns = zip(*rows, strict=True)
    names = ("session", "user", "t_us", "action", "x", "y", "dy", "button")
    types = (pa.string(), pa.string(), pa.int64(), pa.string(), pa.float32(), pa.float32(), pa.float32(), pa.string())
    arrays = [
        pa.array(list(map(float, c)) if n in ("x", "y") else c, t)
        for n, c, t in zip(names, columns, types, strict=True)
    ]
    path = tmp_path_factory.mktemp("mouse") / "log.parquet"
    pq.write_table(pa.table(dict(zip(names, arrays, strict=True))), path)
    return path


def test_the_hand_names_users_in_the_clear_and_the_form_of_released_rows_is_the_same_for_all(log: Path) -> None:
    parts = split(read_log(log))
    raw = measure_raw(parts)
    assert len(raw.rows) == USERS * SESSIONS * CLICKS
    assert np.nanmean(name_matched(raw, count=5)) == 1
    assert name_sessions(raw).tolist() == [1.0] * USERS * SESSIONS
    released = measure_released(parts, release_log(parts, bytes(32)))
    assert len(released.rows) > USERS * SESSIONS * (CLICKS - 1) * 0.9
    assert len(np.unique(released.of(STRUCTURE).rows[:, [0, 2, 3]], axis=0)) == 1
    assert np.nanmean(name_matched(released.of(STRUCTURE[:1]), count=5)) == 0.5


def test_another_hand_on_the_same_targets_changes_the_recording_and_no_row_of_its_release(log: Path) -> None:
    parts = split(read_log(log))
    other = [(user, name, replace_hand(rows, seed)) for seed, (user, name, rows) in enumerate(parts)]
    for (_, _, rows), (_, _, made) in zip(parts, other, strict=True):
        done, done_by_it = (table.filter(pc.not_equal(table["action"], "move")) for table in (rows, made))
        assert done["action"].to_pylist() == done_by_it["action"].to_pylist()
        assert done["x"].to_pylist() != done_by_it["x"].to_pylist()
        assert made.num_rows - done.num_rows != rows.num_rows - done.num_rows
    released, by_it = release_log(parts, bytes(32)), release_log(other, bytes(32))
    assert count_changes(released, by_it) == (USERS * SESSIONS * CLICKS, 0)
    assert count_changes(released, release_log(parts, b"k" * 32))[1] > 0
    assert count_changes(released, [[], *released[1:]])[1] == CLICKS


def test_ends_of_drags_stay_and_a_press_without_a_beginning_too() -> None:
    events = [("down", 1, 1), ("up", 200, 1), ("drag", 5, 5), ("up", 90, 5), ("down", 10, 10), ("up", 12, 10)]
    rows = [
        {
            "session": "s",
            "user": "u",
            "t_us": at,
            "action": action,
            "x": float(x),
            "y": float(y),
            "dy": None,
            "button": "left",
        }
        for at, (action, x, y) in enumerate(events)
    ]
    made = replace_hand(pa.Table.from_pylist(rows), 0)
    done = [(row["action"], row["x"], row["y"]) for row in made.to_pylist() if row["action"] != "move"]
    assert done[:4] == [(action, float(x), float(y)) for action, x, y in events[:4]]
    assert all(one != two for one, two in zip(done[4:], events[4:], strict=True))
    assert all(x < 63 and y < 63 for _, x, y in done[4:])


def test_each_user_has_sessions_in_each_fold() -> None:
    sessions = np.repeat(np.arange(6), [5, 3, 1, 2, 2, 9])
    folds = Clicks(np.zeros((22, 1)), sessions // 3, sessions, np.zeros((22, 2))).folds()
    assert [sorted({*folds[sessions // 3 == user].tolist()}) for user in range(2)] == [[0, 1, 2]] * 2


def test_mixed_hands_are_those_of_other_clicks_and_the_rest_stays() -> None:
    rows = np.arange(18.0 * 50).reshape(50, 18)
    mixed = mix(Clicks(rows, np.zeros(50), np.zeros(50), np.zeros((50, 2))), seed=1).rows
    rest = sorted({*range(18)} - {*HAND})
    assert (mixed[:, rest] == rows[:, rest]).all()
    assert (np.sort(mixed[:, HAND], axis=0) == rows[:, HAND]).all()
    assert (mixed[:, HAND] != rows[:, HAND]).any()
    assert (np.diff(mixed[:, HAND], axis=1) == np.diff(rows[:, HAND], axis=1)).all()


def test_trees_learn_a_threshold() -> None:
    rows = np.random.default_rng(0).normal(size=(300, 3))
    labels = (rows[:, 1] > 0).astype(np.int64)
    guess = Forest.fit(rows[:200], labels[:200], 2).log_shares(rows[200:]).argmax(axis=1)
    assert (guess == labels[200:]).mean() > 0.85


def test_unknown_shares_are_left_out_of_the_mean() -> None:
    assert mean_and_error(np.array([0.0, 1.0, np.nan])) == pytest.approx((0.5, 0.5))


def test_a_missing_file_is_skipped_with_a_word(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.argv", ["mouse", "/nowhere/log.parquet"])
    assert mouse.main() == 0
    assert "skipped" in capsys.readouterr().err


def test_ways_are_of_half_octaves_and_four_directions_from_48_px_on() -> None:
    ways = np.array([[47.9, 0], [48, 0], [63.9, 0], [64, 0], [65, 64], [64, 65], [-64, 0], [0, -64]])
    assert number_ways(ways).tolist() == [-1, 44, 44, 48, 52, 53, 50, 51]


def test_the_network_learns_an_order_that_single_clicks_do_not_show(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mouse, "EPOCHS", 8)
    size, sessions = 80, 3
    rhythms = (np.tile([1.0, -1.0], size // 2), np.tile([1.0, 1.0, -1.0, -1.0], size // 4))
    rows = np.concatenate([np.tile(rhythm, sessions) for rhythm in rhythms])[:, None]
    users = np.repeat([0, 1], size * sessions)
    clicks = Clicks(rows, users, np.repeat(np.arange(2 * sessions), size), np.tile([64.0, 0.0], (len(users), 1)))
    assert np.nanmean(name_matched_runs(clicks, count=40)) > 0.95
    assert np.nanmean(name_matched(clicks, count=40)) < 0.7
