"""Stretches that people take out after a session was staged."""

from typing import Any

import pyarrow as pa
import pytest

from schemas.safe import ORIGIN_SCHEMA
from transforms.consent.restriction_files import OPEN
from transforms.consent.restrictions import Restrictions
from transforms.staging.later_stretches import has_later_stretch, note_obeyed

_DAY = 86_400 * 1_000_000
FIRST, LAST = 10 * _DAY, 10 * _DAY + 60
SESSION = {"session": "name", "session_id": "s", "episode": 0, "user_id": "ada", "first_us": FIRST, "last_us": LAST}
SESSION |= {"last_seq": 9, "pauses": None, "removed": None, "tally": []}
SESSION |= {"typed_in": None, "typed_since_us": None, "removed_elsewhere": None}


def pause(*intervals: tuple[int, int], user: str = "ada") -> Restrictions:
    return Restrictions(pauses={user: intervals})


def remove(*intervals: tuple[int, int], user: str = "ada", session: str = "s") -> Restrictions:
    return Restrictions(removed={user: tuple((session, *interval) for interval in intervals)})


def stage(obeyed: Restrictions, **origin: Any) -> dict[str, Any]:
    table = pa.Table.from_pylist([SESSION | origin], schema=ORIGIN_SCHEMA)
    row: dict[str, Any] = note_obeyed(table, obeyed).to_pylist()[0]
    return row


@pytest.mark.parametrize(
    ("later", "touched"),
    [
        (pause((FIRST + 5, FIRST + 6)), True),
        (pause((FIRST + 5, FIRST + 6), user="bob"), False),
        (pause((LAST, LAST + 1)), True),
        (pause((LAST + 1, OPEN)), False),
        (pause((0, FIRST - _DAY)), False),
        (pause((0, FIRST - _DAY + 1)), True),  # what was opened in it may still be in use
        (remove((9, 10)), True),
        (remove((0, 1)), True),
        (remove((10, 11)), False),
        (remove((3, 4), session="other"), False),
        (remove((3, 4), user="bob"), False),
        (Restrictions(), False),
    ],
)
def test_a_stretch_that_comes_later_touches_the_session_that_it_lies_in(later: Restrictions, touched: bool) -> None:
    assert has_later_stretch(stage(Restrictions()), later) is touched
    assert has_later_stretch(SESSION, later) is touched  # of a session of which nothing is known


@pytest.mark.parametrize(
    ("obeyed", "later", "touched"),
    [
        (pause((FIRST + 5, FIRST + 20)), pause((FIRST + 5, FIRST + 20)), False),
        (pause((FIRST + 5, FIRST + 20)), pause((FIRST + 5, FIRST + 21)), True),
        (pause((FIRST + 5, FIRST + 20)), pause((FIRST + 4, FIRST + 20)), True),
        (pause((FIRST + 5, FIRST + 20)), pause((FIRST + 5, FIRST + 10), (FIRST + 12, FIRST + 20)), False),
        (pause((FIRST + 5, FIRST + 9), (FIRST + 9, FIRST + 20)), pause((FIRST + 5, FIRST + 20)), False),
        (pause((FIRST + 5, FIRST + 9), (FIRST + 10, FIRST + 20)), pause((FIRST + 5, FIRST + 20)), True),
        (pause((FIRST + 5, OPEN)), pause((FIRST + 5, LAST + 9)), False),  # an open pause that was ended
        (pause((FIRST + 5, LAST + 1)), pause((FIRST + 5, OPEN)), False),  # it grew behind the session
        (pause((FIRST - 9, FIRST - 5)), pause((FIRST - 9, FIRST - 5)), False),
        (pause((FIRST + 5, FIRST + 9)), Restrictions(), False),
        (remove((3, 6)), remove((3, 6), (4, 5)), False),
        (remove((3, 6)), remove((3, 7)), True),
    ],
)
def test_a_stretch_that_was_obeyed_when_the_session_was_staged_touches_nothing_more(
    obeyed: Restrictions, later: Restrictions, touched: bool
) -> None:
    assert has_later_stretch(stage(obeyed), later) is touched


def test_a_later_part_of_a_session_is_touched_by_any_pause_before_its_end() -> None:
    old = pause((5, 6))
    assert not has_later_stretch(stage(Restrictions()), old)
    assert has_later_stretch(stage(Restrictions(), episode=1), old)
    assert not has_later_stretch(stage(old, episode=1), old)


def test_any_pause_may_touch_a_session_without_times() -> None:
    timeless = stage(Restrictions(), first_us=None, last_us=None)
    assert has_later_stretch(timeless, pause((5, 6)))
    assert not has_later_stretch(timeless, pause((5, 6), user="bob"))
    assert has_later_stretch(timeless, remove((3, 4)))
    assert not has_later_stretch(timeless, remove((10, 11)))


SINCE = 5 * _DAY


@pytest.mark.parametrize(
    ("obeyed", "later", "touched"),
    [
        (Restrictions(), pause((SINCE, SINCE + 1)), True),  # what was typed in it may stand on a screen of the session
        (Restrictions(), pause((0, SINCE - _DAY + 1)), True),  # and what was opened in it may still be in use
        (Restrictions(), pause((0, SINCE - _DAY)), False),
        (pause((SINCE, SINCE + 1)), pause((SINCE, SINCE + 1)), False),
        (pause((SINCE, SINCE + 1)), pause((SINCE, SINCE + 2)), True),
        (Restrictions(), pause((LAST + 1, OPEN)), False),
        (Restrictions(), pause((SINCE, SINCE + 1), user="bob"), False),
        (Restrictions(), remove((3, 4), session="typed"), True),
        (remove((3, 4), session="typed"), remove((3, 4), session="typed"), False),
        (remove((3, 4), session="typed"), remove((3, 5), session="typed"), True),
        (remove((3, 4), session="typed"), Restrictions(), False),
        (Restrictions(), remove((3, 4), session="typed", user="bob"), False),
        (Restrictions(), remove((3, 4), session="of another night"), False),
        (Restrictions(), remove((10, 11)), False),
        (Restrictions(), remove((9, 10)), True),
    ],
)
def test_a_later_stretch_of_an_earlier_session_takes_along_what_knew_words_that_were_typed_in_it(
    obeyed: Restrictions, later: Restrictions, touched: bool
) -> None:
    assert has_later_stretch(stage(obeyed, typed_in=["typed"], typed_since_us=SINCE), later) is touched
