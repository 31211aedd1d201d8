from collections.abc import Callable
from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from schemas.privacy import DayWindow
from schemas.safe import SESSIONS_SCHEMA, RedactedSessions
from transforms.aggregate.bounding import CONTRIBUTIONS
from transforms.aggregate.contributions import contributions
from transforms.aggregate.queries import QUANTILES, SESSION_MINUTES, TYPING_SPEED

Build = Callable[..., pa.Table]
Row = dict[str, Any]
DAY_US = 86_400_000_000


def press(key: str, t_us: int | None = None, held: list[str] | None = None, **more: Any) -> Row:
    return {"kind": "key", "action": "down", "key": key, "t_us": t_us, "modifiers": held or [], **more}


def counted(sessions: RedactedSessions, query: str, window: DayWindow | None = None) -> dict[tuple[Any, ...], int]:
    table = contributions(sessions, window, ("textbox",))
    assert table.schema.equals(CONTRIBUTIONS)
    return {
        (row["unit"], *(row[name] for name in ("key_0", "key_1", "key_2") if row[name] is not None)): row["count"]
        for row in table.to_pylist()
        if row["query"] == query
    }


def test_actions_belong_to_the_window_that_has_the_focus(build: Build) -> None:
    rows = [
        press("a"),
        {"kind": "focus", "app": "Mail"},
        press("a"),
        press("a", synthetic=True),
        {**press("a"), "action": "up"},
        press("c", held=["Control"]),
        {"kind": "pointer", "action": "move"},
        {"kind": "pointer", "action": "click"},
        {"kind": "focus", "app": "private"},
        {"kind": "clipboard", "action": "paste"},
        {
            "kind": "focus",
            "app": "Chat Anna",
            "redactions": [{"column": "app", "start": 5, "end": 9, "entity": "PERSON"}],
        },
        {"kind": "screen", "text": "x"},
    ]
    sessions = RedactedSessions(build(("s", "u", rows), ("t", "v", [press("b")])))
    assert counted(sessions, "actions_per_app") == {
        ("u", "", "key"): 1,
        ("u", "Mail", "switch"): 1,
        ("u", "Mail", "key"): 1,
        ("u", "Mail", "shortcut"): 1,
        ("u", "Mail", "click"): 1,
        ("u", "private", "switch"): 1,
        ("u", "private", "paste"): 1,
        ("u", "", "switch"): 1,
        ("v", "", "key"): 1,
    }
    assert counted(sessions, "action_transitions") == {
        ("u", "key", "switch"): 1,
        ("u", "switch", "key"): 1,
        ("u", "key", "shortcut"): 1,
        ("u", "shortcut", "click"): 1,
        ("u", "click", "switch"): 1,
        ("u", "switch", "paste"): 1,
        ("u", "paste", "switch"): 1,
    }
    assert counted(sessions, "shortcuts") == {("u", "Control+c"): 1}
    assert counted(sessions, "rare/app") == {("u", "Mail"): 1}


def test_speed_and_length_are_those_of_a_session(build: Build) -> None:
    rows = [press("a", 300_000 * at) for at in range(30)]
    rows += [press("a", 60_000_000 + 300_000 * at) for at in range(3)]
    slow = [press("a", 3_000_000 * at) for at in range(30)]
    few = [press("a", 100_000 * at) for at in range(20)]
    sessions = RedactedSessions(build(("s", "u", rows), ("t", "v", slow), ("w", "w", few), ("x", "x", [press("a")])))
    assert counted(sessions, "typing_speed") == {("u", "200"): 1}
    assert counted(sessions, "session_minutes") == {("u", "1"): 1, ("v", "1"): 1, ("w", "0"): 1}


@pytest.mark.parametrize(
    ("gap_us", "presses", "speed"),
    [
        (2_000_000, 21, "0"),
        (2_000_001, 21, None),
        (1_000_000, 21, "40"),
        (1_000_000, 20, None),
        (90_000, 30, "600"),
        (0, 30, None),
    ],
)
def test_a_speed_is_told_of_twenty_gaps_of_two_seconds_at_most(
    build: Build, gap_us: int, presses: int, speed: str | None
) -> None:
    sessions = RedactedSessions(build(("s", "u", [press("a", gap_us * at) for at in range(presses)])))
    assert counted(sessions, "typing_speed") == ({} if speed is None else {("u", speed): 1})


@pytest.mark.parametrize(
    ("length_us", "minutes"),
    [(0, "0"), (60_000_000 - 1, "0"), (60_000_000, "1"), (240 * 60_000_000 - 1, "180"), (240 * 60_000_000, "240")],
)
def test_a_session_counts_by_its_whole_minutes(build: Build, length_us: int, minutes: str) -> None:
    sessions = RedactedSessions(build(("s", "u", [press("a", 5), press("b", 5 + length_us)])))
    assert counted(sessions, "session_minutes") == {("u", minutes): 1}


def test_bins_are_those_of_the_policy() -> None:
    assert tuple("0 40 80 120 160 200 240 280 320 360 400 440 480 520 560 600".split()) == TYPING_SPEED
    assert tuple("0 1 2 5 10 15 20 30 45 60 90 120 180 240".split()) == SESSION_MINUTES
    assert QUANTILES == (0.1, 0.25, 0.5, 0.75, 0.9)


def test_values_for_admission_are_counted_by_user(build: Build) -> None:
    rows = [
        {"kind": "focus", "app": "Mail", "url": "https://a.example/x"},
        {"kind": "field", "role": "textbox"},
        {"kind": "field", "role": "treegrid"},
        press("s", held=["Meta"]),
    ]
    headers = [
        {"session": "s", "user": "u", "os": "Linux", "keyboard_layout": None, "recorder": "r"},
        {"session": "t", "user": "u"},
    ]
    headers_table = pa.Table.from_pylist(headers, schema=SESSIONS_SCHEMA)
    sessions = RedactedSessions(build(("s", "u", rows), ("t", "u", rows)), None, headers_table)
    assert counted(sessions, "rare/app") == {("u", "Mail"): 2}
    assert counted(sessions, "rare/host") == {("u", "a.example"): 2}
    assert counted(sessions, "rare/role") == {("u", "treegrid"): 2}
    assert counted(sessions, "rare/session") == {("u", "Linux", "r"): 1}
    assert counted(sessions, "rare/shortcut") == {("u", "Meta+s"): 2}
    assert counted(sessions, "field_roles") == {("u", "textbox"): 2, ("u", "treegrid"): 2}


def test_by_day_a_session_belongs_to_the_day_it_begins(build: Build) -> None:
    over_midnight = [press("a", None), press("a", DAY_US - 1), press("a", DAY_US + 1)]
    sessions = RedactedSessions(
        build(
            ("s", "u", over_midnight),
            ("t", "u", [press("a", DAY_US)] * 2),
            ("v", "u", [press("a", 2 * DAY_US)] * 2),
            ("w", "u", [press("a"), press("a")]),
        )
    )
    window = DayWindow(date(1970, 1, 1), date(1970, 1, 2))
    transitions = counted(sessions, "action_transitions", window)
    assert transitions == {("u 0", "key", "key"): 2, ("u 1", "key", "key"): 1}


def test_sessions_count_alone(build: Build) -> None:
    rows = [{"kind": "focus", "app": "Mail"}, press("a", 1_000), press("c", 2_000, ["Control"])]
    whole = contributions(RedactedSessions(build(("s", "u", rows), ("t", "v", rows))), None, ())
    parts = [contributions(RedactedSessions(build((name, user, rows))), None, ()) for name, user in ("su", "tv")]
    order = [(name, "ascending") for name in CONTRIBUTIONS.names]
    assert whole.sort_by(order).equals(pa.concat_tables(parts).sort_by(order))


def test_an_empty_batch_counts_nothing(build: Build) -> None:
    assert contributions(RedactedSessions(build()), None, ()).num_rows == 0
