from dataclasses import replace
from typing import Any
from unittest import mock

import pytest

from keyveil.records import Box
from keyveil.training import session_steps
from keyveil.training.places import Places, learn_places
from keyveil.training.screen import DEFAULT_SIZE, Screen, outline
from keyveil.training.session_steps import NO_TASK, SessionSteps, Task
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


def test_a_task_tells_its_goal_and_how_it_ended_where_it_does() -> None:
    told = {"kind": "task", "text": "Send it", "title": "It is sent", "name": "sent"}
    session = SessionSteps(recordings.as_session([told, {"kind": "task", "text": "Go on"}], "s", "u"))
    assert session.task(0) == Task("Send it", "It is sent", "sent")
    assert session.task(1) == Task("Go on", None, None)
    assert session.task(7) == NO_TASK


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


def test_a_screen_tells_which_of_its_nodes_hold_replacements_also_where_it_repeats_another() -> None:
    session = SessionSteps(recordings.replaced_session("s", "u", 0, 1))
    shown = [session.screen(seq) for seq in (1, 2)]
    assert [(screen.replaced, screen.is_replaced) for screen in shown] == [(frozenset({1}), True)] * 2
    text = {"column": "text", "start": 0, "end": 2, "entity": "PERSON"}
    session = SessionSteps(recordings.as_session([SCREEN, SCREEN | {"redactions": [text]}], "s", "u"))
    shown = [session.screen(seq) for seq in (0, 1)]
    assert [(screen.replaced, screen.is_replaced) for screen in shown] == [(frozenset(), False), (frozenset(), True)]


def test_screens_are_listed_as_released_and_without_repeats() -> None:
    kept, replaced = (recordings.replaced_session("s", "u", 0, seed) for seed in (0, 1))
    places = learn_places(SessionSteps(kept).screens())
    assert [screen.seq for screen in SessionSteps(kept).screens()] == [2]
    assert [screen.seq for screen in SessionSteps(replaced, lambda: places).screens()] == [1]
    assert list(SessionSteps(replaced, lambda: places).screens()) == list(SessionSteps(replaced).screens())


def test_places_are_learned_at_the_first_screen_with_nodes_that_holds_a_replacement() -> None:
    learn = mock.Mock(return_value=Places())
    mark = {"column": "text", "start": 0, "end": 2, "entity": "PERSON"}
    bare = {"kind": "screen", "text": "words", "redactions": [mark]}
    click = recordings.placed("click", screen=1)
    session = SessionSteps(
        recordings.as_session([FOCUS, SCREEN, bare, SCREEN | {"redactions": [mark]}, click], "s", "u"), learn
    )
    assert session.place(session.moments[0].action) is session.moments[0].action
    assert [session.screen(seq).is_replaced for seq in (1, 2)] == [False, True]
    assert learn.call_count == 0
    assert session.screen(3) == session.screen(3)
    assert learn.call_count == 1


def test_a_target_has_a_box_where_the_similar_screen_does_not_show_it() -> None:
    kept, replaced = (recordings.replaced_session("s", "u", 0, seed) for seed in (0, 1))
    (shown,) = SessionSteps(kept).screens()
    hidden = replace(shown, nodes=(*shown.nodes[:2], *(replace(node, box=None) for node in shown.nodes[2:])))
    session = SessionSteps(replaced, lambda: learn_places([hidden]))
    placed = session.screen(1)
    assert [node.box is None for node in placed.nodes] == [False, False, True, False]
    action = session.place(session.moments[0].action)
    assert action.box == placed.nodes[3].box == Box(0, 800, 600, 1_100)


def test_few_screens_stay_placed_and_others_are_placed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_steps, "_SCREENS_AT_HAND", 1)
    kept, replaced = (recordings.replaced_session("s", "u", 0, seed) for seed in (0, 1))
    places = learn_places(SessionSteps(kept).screens())
    read = mock.Mock(wraps=places.place)
    monkeypatch.setattr(places, "place", read)
    session = SessionSteps(replaced, lambda: places)
    assert read.call_count == 0
    placed = [session.place(session.moments[number].action).at for number in (0, 0, 1, 0)]
    assert placed == [(8_750, 9_233)] * 4
    assert [call.args[0].seq for call in read.call_args_list] == [1, 2, 1]
