from typing import Any

import pytest

from keyveil.training.screen import DEFAULT_SIZE, Screen, outline
from keyveil.training.session_steps import SessionSteps
from tests.keyveil import recordings

FOCUS = {"kind": "focus", "app": "mail", "title": "Inbox"}
SCREEN = {"kind": "screen", "text": "words", "nodes": recordings.MAIL}
CLICK = recordings.placed("click", node=None, screen=None)


def moments(*rows: dict[str, Any]) -> list[tuple[int | None, int | None, bool]]:
    session = SessionSteps(recordings.as_session(list(rows), "s", "u"))
    return [(moment.screen, moment.task, moment.fresh) for moment in session.moments]


def test_an_action_is_done_on_the_last_screen_before_it_and_in_the_last_task() -> None:
    task = {"kind": "task", "text": "one"}
    assert moments(CLICK, SCREEN, CLICK, task, SCREEN, CLICK, SCREEN) == [
        (None, None, False),
        (1, None, True),
        (4, 3, True),
    ]


def test_a_screen_is_not_fresh_once_another_window_is_in_front() -> None:
    assert moments(FOCUS, SCREEN, CLICK, FOCUS, CLICK, SCREEN, CLICK) == [
        (1, None, True),
        (1, None, False),
        (5, None, True),
    ]


def test_a_target_names_the_screen_that_shows_it() -> None:
    named = recordings.placed("click", node=3, screen=0)
    again = {"kind": "screen", "same_as": 0}
    assert moments(SCREEN, FOCUS, again, named, FOCUS, named) == [(0, None, True), (0, None, False)]


def test_the_window_of_a_screen_is_the_one_in_front_of_it() -> None:
    sized = FOCUS | {"window": {"width": 800, "height": 600}}
    session = SessionSteps(recordings.as_session([SCREEN, sized, SCREEN, FOCUS, SCREEN], "s", "u"))
    assert [session.screen(seq).size for seq in (0, 2, 4)] == [DEFAULT_SIZE, (800, 600), DEFAULT_SIZE]
    assert [session.screen(seq).app for seq in (0, 2)] == [None, "mail"]


def test_a_screen_that_is_not_there_is_empty() -> None:
    session = SessionSteps(recordings.as_session([FOCUS, CLICK], "s", "u"))
    assert session.screen(7) == Screen(seq=7)


@pytest.mark.parametrize(("nodes", "expected"), [(None, "words"), (recordings.MAIL[3:], '  [0] button "Send" focused')])
def test_an_outline_names_nodes_by_index_or_is_the_text(nodes: Any, expected: str) -> None:
    session = SessionSteps(recordings.as_session([SCREEN | {"nodes": nodes}], "s", "u"))
    assert outline(session.screen(0)).startswith(expected)
