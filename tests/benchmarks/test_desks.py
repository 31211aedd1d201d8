"""Screens of family ``desks``: every line stands on the screen that says so, and is one person's."""

from random import Random

import pytest

from benchmarks.message_screens.desks.canvas import Canvas
from benchmarks.message_screens.desks.chats import CHATS
from benchmarks.message_screens.desks.customers import CUSTOMERS
from benchmarks.message_screens.desks.documents import DOCUMENTS
from benchmarks.message_screens.desks.mail import MAIL
from benchmarks.message_screens.desks.meetings import MEETINGS
from benchmarks.message_screens.desks.messengers import MESSENGERS
from benchmarks.message_screens.desks.outlook import OUTLOOK
from benchmarks.message_screens.desks.talks import ME, SENTENCES, WORDS, draw_desk_talk
from benchmarks.message_screens.screens import Layout

DESKS = (*OUTLOOK, *MAIL, *CHATS, *MESSENGERS, *MEETINGS, *DOCUMENTS, *CUSTOMERS)
DRAWS = 40


def test_a_desk_has_thirty_screens_of_names_of_their_own() -> None:
    assert len({layout.__name__ for layout in DESKS}) == len(DESKS) == 30


@pytest.mark.parametrize("layout", DESKS, ids=lambda layout: layout.__name__)
def test_every_line_stands_on_its_screen_and_is_one_persons(layout: Layout) -> None:
    kinds = {"incoming": 0, "own": 0, "earlier": 0, "controls": 0}
    for turn in range(DRAWS):
        made = layout(draw_desk_talk(Random(turn)))
        texts = [text for node in made.nodes for text in (node["name"], node["value"]) if text]
        shown = "\n".join([*made.lines, *texts])
        for kind in kinds:
            lines = getattr(made, kind)
            assert [line for line in lines if line not in shown] == []
            kinds[kind] += len(lines)
        assert not {*made.incoming} & {*made.own, *made.earlier}
        assert not {*made.earlier} & {*made.typed}
    assert all(kinds.values())


@pytest.mark.parametrize("layout", DESKS, ids=lambda layout: layout.__name__)
def test_a_screen_is_drawn_again_from_its_seed(layout: Layout) -> None:
    assert layout(draw_desk_talk(Random(7))) == layout(draw_desk_talk(Random(7)))


def test_a_talk_has_a_line_of_somebody_else_and_one_of_the_recorder() -> None:
    for turn in range(DRAWS):
        talk = draw_desk_talk(Random(turn))
        assert talk.incoming
        assert talk.answers
        assert all((who == ME) is own for who, _, own in talk.said)
        assert talk.typed <= {*talk.answers, talk.pending}


def test_no_sentence_is_a_part_of_another_and_every_language_has_its_words() -> None:
    every = [line for lines in SENTENCES.values() for line in lines]
    assert [(one, other) for one in every for other in every if one != other and one in other] == []
    assert len(every) == len(set(every))
    assert all(set(SENTENCES) == set(words) for words in WORDS.values())


def test_a_box_encloses_what_is_drawn_in_it_and_own_bubbles_end_at_the_right() -> None:
    at = Canvas(draw_desk_talk(Random(1)))
    at.add(0, "list")
    at.add(1, "listitem", "left one", side="left")
    at.add(1, "listitem", "right one", side="right")
    made = at.finish("acmeapp", "Chat")
    around, left, right = (node["bounds"] for node in made.nodes)
    assert left["x"] == around["x"]
    assert right["x"] + right["width"] == around["x"] + around["width"]
    assert right["y"] + right["height"] == around["y"] + around["height"]
    assert left["y"] + left["height"] < right["y"]
