"""Messages without a sender stay where a state or the one before tells whose they are; else they go (all synthetic)."""

import pytest

from tests.redact.bystanders.test_senders import LISTED, ME, OWN, SAID, TYPED, Row, chat, item, left, node
from transforms.redact.bystanders.senders.own_messages import NOBODY

THIRD = "we can drop the last rig if the audit moves"
HERS, HIS = item("Bela Toth", "10:40", SAID), item("Carl Vogt", "10:41", "nobody has the key to the archive")


def _named_by_a_button(depth: int) -> list[Row]:
    return [node(depth, "button", "Bela Toth"), node(depth, "text", "10:41"), node(depth, "text", SAID)]


@pytest.mark.parametrize(
    "state",
    ["Delivered", "Read", "Seen 10:43", "Gelesen", "\u2713\u2713", "10:43 \u2714", "Envoy\u00e9", "Gesehen", "Visto"],
)
def test_a_message_that_is_marked_as_sent_stays(state: str) -> None:
    shown = left(chat(HERS, item(OWN, "10:42", state)))
    assert OWN in shown
    assert SAID not in shown
    assert OWN in left(chat(item(SAID, "10:40"), item(OWN, "10:42", node(3, "image", state))))
    assert SAID not in left(chat(item(SAID, "10:40"), item(OWN, "10:42", state)))


@pytest.mark.parametrize(
    "items",
    [
        [item("10:39"), item(SAID, "10:40", "Read")],
        [item("Bela Toth", "10:40", THIRD, "Read"), item("Carl Vogt", "10:41", OWN), item(SAID, "10:42", "Read")],
        [item(OWN, "10:40"), item(THIRD, "Unread", "10:41"), item(SAID, "10:42", "Read")],
        [HERS, item(node(3, "listitem"), *_named_by_a_button(4), "10:42", "Read")],
        [HERS, item(node(3, "list"), node(4, "listitem"), *_named_by_a_button(5), "10:42", "Read")],
        [HERS, item(f"hanneke\n{SAID}", "10:42", "Read")],
        [HERS, item(f"Bela van Toth: {SAID}", "10:42", "Read")],
        [HERS, item(f"@bela {SAID}", "10:42", "Read")],
        [HERS, item(f" @bela {SAID}", "10:42", "Read")],
        [item(SAID, "10:40", "Read")],
        [item(SAID, "10:40", "Read"), item(OWN, "10:42", "Read")],
        [item("Bela Toth", "10:40", SAID, "Read"), item(OWN, "10:42", "Read")],
        [item(SAID, "10:40", "Read"), item(OWN, "10:42", "Unread")],
        [item(SAID, "10:40", "Seen"), item(OWN, "10:42", "Received")],
        [HERS, item(SAID, "10:42", "Read more")],
        [HERS, item(f"@bela: {SAID}", "10:42", "Read")],
        [HERS, item(f"Bela Toth: {SAID}", "10:42", "Read")],
        [HERS, item("Bela Toth", SAID, "10:42", "Read")],
        [HERS, item(SAID, THIRD, "10:42", "Read")],
        [HERS, item(f"> {SAID}", "10:42", "Read")],
        [HERS, item(node(3, "list"), node(4, "listitem"), node(5, "text", "Bela Toth"), SAID, "10:42", "Read")],
        [HERS, item(SAID, "10:42", "Edited")],
        [item("+49 555 0100 33", "10:40", SAID, "Read"), item("10:41", THIRD)],
        [item("this chat is closed for others"), item(SAID, "Sent 10:40"), item(THIRD, "Sent 10:41")],
    ],
)
def test_what_is_not_marked_apart_from_others_goes(items: list[list[Row]]) -> None:
    assert SAID not in left(chat(*items))


@pytest.mark.parametrize(
    "others",
    [
        [item("10:40", SAID)],
        [[node(2, "listitem", f"Bela Toth: {SAID}")]],
        [item(SAID, "10:40"), item("New")],
    ],
)
def test_messages_of_others_without_a_state_have_a_sender_or_a_time(others: list[list[Row]]) -> None:
    shown = left(chat(*others, item(OWN, "10:42", "Read")))
    assert OWN in shown
    assert SAID not in shown


@pytest.mark.parametrize(
    "mine",
    [
        item("Read", "10:42", OWN),
        item(OWN, "12.11.2026, 10:42", "Read"),
        item(OWN, "10:42", "Read", "3"),
        item(OWN, "10:42", "Read", "Bela Toth likes this"),
        item(OWN, "10:42", "Read", "Settings"),
        item(OWN, "10:42", "Read", node(3, "button", "Add this message to favourites")),
    ],
)
def test_times_counts_reactions_and_controls_beside_a_message_that_is_marked_as_sent_are_no_name(
    mine: list[Row],
) -> None:
    assert OWN in left(chat(HERS, mine))


# A short sentence, one of words written large and one with a number are no names.
@pytest.mark.parametrize(
    "words",
    ["We meet at noon", "Please Bring All Drawings Down Here", "I bring 555 0100 33 on Monday", "It is done on Monday"],
)
def test_words_that_are_like_a_name_stay_where_they_are_none(words: str) -> None:
    assert words in left(chat(HERS, item(words, "10:42", "Read")))


def test_without_a_box_for_messages_a_state_tells_nothing() -> None:
    assert OWN not in left(chat(HERS, item(OWN, "10:42", "Read"), box="Search"))
    assert OWN in left(chat(HERS, item(OWN, "10:42", "Read"), box="Message"))
    assert OWN not in left([*chat(HERS, item(OWN, "10:42", "Read"), box="Message"), node(1, "button", "Send")], app="x")


def test_who_writes_twice_in_a_row_is_named_once() -> None:
    shown = left(chat(HERS, item(ME, "10:42", TYPED), item("10:43", OWN), HIS, item("10:44", SAID)), LISTED)
    assert OWN in shown
    assert SAID not in shown


FIRST = item(ME, "10:42", TYPED)


@pytest.mark.parametrize(
    "items",
    [
        [FIRST, item("10:43", SAID)],
        [HERS, item("10:43", SAID), FIRST],
        [HERS, HERS, FIRST, item("10:43", SAID)],
        [HERS, FIRST, item("10:43", "Carl joined"), item("10:44", SAID)],
        [HERS, FIRST, item("Carl Vogt"), item("10:44", SAID)],
        [HERS, FIRST, item("Today"), item("10:44", SAID)],
        [HERS, FIRST, item("10:43", node(3, "image"), THIRD), item("10:44", SAID)],
        [HERS, FIRST, item("10:43", SAID, "Edited")],  # as many parts as one with a name
        [HERS, FIRST, item("10:43", f"hanneke\n{SAID}")],
        [HERS, FIRST, item("10:43", f"Bela Toth 10:43 {SAID}")],
        [HERS, FIRST, item("10:43", f"Bela van Toth: {SAID}")],
        [HERS, FIRST, item("10:43", "> see below"), item("10:44", SAID)],
        [HERS, FIRST, item("10:43", node(3, "image"), SAID)],
        [HERS, FIRST, item("10:43", SAID, THIRD)],
        [HERS, item(ME, "10:42", "1", "2", TYPED), item("10:43", SAID, THIRD)],
        [HERS, FIRST, item("10:43", f"@bela: {SAID}")],
        [HERS, FIRST, item("10:43", f"Bela Toth: {SAID}")],
        [HERS, FIRST, item("10:43", f"Bela changed the topic to {SAID}")],
        [HERS, item(node(3, "image", "NQ"), *FIRST[1:]), item(node(3, "image", "BT"), "10:43", SAID)],
        [HERS, item(node(3, "image", "N"), *FIRST[1:]), item(node(3, "image", "B"), "10:43", SAID)],
        [HERS, item(node(3, "image", "NQ"), *FIRST[1:]), item(node(3, "image", " BT"), "10:43", SAID)],
        [HERS, [node(2, "listitem", f"You: {TYPED}")], [node(2, "listitem", SAID)]],
    ],
)
def test_an_item_without_a_name_goes_where_it_may_be_of_another(items: list[list[Row]]) -> None:
    assert SAID not in left(chat(*items), LISTED)


def test_the_initials_of_the_recorder_stand_beside_her_next_message_too() -> None:
    mine = [item(node(3, "image", "NQ"), *FIRST[1:]), item(node(3, "image", "NQ"), "10:43", OWN)]
    assert OWN in left(chat(HERS, *mine), LISTED)
    assert OWN in left(chat(HERS, mine[0], item("10:43", OWN)), LISTED)
    assert OWN in left(chat(HERS, mine[0], item(node(3, "image", " NQ"), "10:43", OWN)), LISTED)


def test_all_items_without_a_name_that_follow_one_of_the_recorder_stay() -> None:
    shown = left(chat(HERS, FIRST, item("10:43", OWN), item("10:44", THIRD), HIS), LISTED)
    assert OWN in shown
    assert THIRD in shown
    assert SAID not in shown


@pytest.mark.parametrize(
    ("number", "stays"),
    [("55 01 0", True), ("55 01 00", False), ("(555) 010", False), ("055 / 010", False), ("55  / 0100", True)],
)
def test_a_number_of_six_digits_may_be_the_sender_of_an_item(number: str, *, stays: bool) -> None:
    first = item(ME, "10:42", node(3, "text"), TYPED)
    assert (OWN in left(chat(HERS, first, item(number, "10:43", OWN)), LISTED)) is stays
    assert OWN in left(chat(HERS, item(ME, number, "10:42", TYPED), item("10:43", OWN)), LISTED)


def test_typed_words_behind_another_name_tell_that_no_name_is_left_out() -> None:
    items = chat(HERS, item("10:41", THIRD), item("You", "10:42", TYPED), item("10:43", OWN))
    assert OWN in left(items)
    assert OWN not in left(items, typed=THIRD)
    two = chat(
        HERS, item("10:41", THIRD, "and nobody has the other one"), item("You", "10:42", TYPED), item("10:43", OWN)
    )
    assert OWN in left(two)
    assert OWN not in left(two, typed=THIRD)
    later = chat(HERS, item("You", "10:42", TYPED), item("10:43", OWN), HIS, item("10:44", THIRD))
    assert OWN in left(later)
    assert OWN not in left(later, typed=THIRD)


@pytest.mark.parametrize(("nodes", "stays"), [(100, True), (101, False)])
def test_an_item_of_more_nodes_than_a_message_is_none(nodes: int, *, stays: bool) -> None:
    parts = item(OWN, "10:42", "Read", *(node(3, "image") for _ in range(nodes - 4)))
    assert (OWN in left(chat(HERS, parts), NOBODY)) is stays


@pytest.mark.parametrize(
    "name", ["van Dijk, Hanneke", "hanneke", "the Dijks", "\u2605 hd \u2605", "H.", "Bela Toth", "Dr. Bela Toth, Legal"]
)
def test_an_item_that_shows_what_may_be_a_name_of_any_form_follows_nobody(name: str) -> None:
    hers = item(ME, "10:40", "1", "2", THIRD)
    assert SAID in left(chat(HERS, hers, item(SAID, "10:42")), LISTED)
    assert SAID not in left(chat(HERS, hers, item(name, SAID, "10:42")), LISTED)
