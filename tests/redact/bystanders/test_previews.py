"""Last words in a list of conversations, and texts behind a name and a comma: the recorder's stay (all synthetic)."""

import pytest

from tests.redact.bystanders.test_senders import LISTED, ME, OWN, SAID, TYPED, Row, chat, item, left, node

OTHERS = [item("Bela Toth", "10:40", SAID), item("Carl Vogt", "10:39", "no key for me, I fear")]


def test_the_last_words_of_a_conversation_stay_where_they_are_marked() -> None:
    shown = left(chat(*OTHERS, item("Dana Roth", "10:42", f"You: {OWN}")))
    assert OWN in shown
    assert SAID not in shown


@pytest.mark.parametrize(
    "items",
    [
        [*OTHERS, item("Bela Toth", "10:42", f"You: {SAID}")],  # a name twice: messages
        [OTHERS[1], item("Dana Roth", "10:42", f"You: {SAID}")],
        [*OTHERS, item("You", "10:42", OWN), item("Dana Roth", "10:42", f"You: {SAID}")],
        [*OTHERS, item("Dana Roth", "10:40", OWN), item("Bela Toth", "10:42", f"You: {SAID}")],
        [*OTHERS, item("Dana Roth", "10:42", f"You: {OWN}", SAID)],
        [*OTHERS, item("Dana Roth", "10:42", f"You: {SAID}", OWN)],
        [*OTHERS, item("Dana Roth", "10:42", f"You: forwarded, {SAID}")],
        [*OTHERS, item("Dana Roth", "10:42", f"Ben: {SAID}")],
        [*OTHERS, item("Rig 4", "10:42", f"Ty: {SAID}")],
        [*OTHERS, item("Rig 4", "10:42", f"Tu: {SAID}")],
        [*OTHERS, item("Dana Roth", "10:42", f"You said that {SAID}")],
    ],
)
def test_what_may_be_a_message_of_another_goes(items: list[list[Row]]) -> None:
    assert SAID not in left(chat(*items))


def told(*texts: str) -> list[Row]:
    return chat(*([node(2, "listitem", text)] for text in texts))


NEWS = (f"Bela Toth, {SAID}, 10:40", "Carl Vogt, no key for me, I fear")


@pytest.mark.parametrize("you", ["You", "Usted", "Sie", "Du", "Vous"])
def test_the_last_words_stay_where_an_item_is_read_out_whole(you: str) -> None:
    shown = left(told(*NEWS, f"Dana Roth, {you}: {OWN}, 8:38"))
    assert OWN in shown
    assert SAID not in shown
    row = [node(2, "treeitem", f"Chat Dana Roth, {you}: {OWN}, 8:38"), node(3, "text", "Dana Roth")]
    others = [item("Bela Toth", SAID), item("Carl Vogt", "no key for me, I fear")]
    assert OWN in left(chat(*others, [*row, node(3, "text", f"{you}: {OWN}")]))


@pytest.mark.parametrize(
    "texts",
    [
        [NEWS[1], f"Dana Roth, You: {SAID}, 8:38"],
        [*NEWS, f"Bela Toth, You: {SAID}, 8:38"],
        [*NEWS, f"Dana, you: {SAID}"],
        [*NEWS, f"Dana Roth, Ben: {SAID}, 8:38"],
        [*NEWS, f"Dana Roth, you said: {SAID}, 8:38"],
        [*NEWS, f"Dana Roth, You: forwarded, {SAID}, 8:38"],
        [*NEWS, f"You, Dana Roth: {SAID}, 8:38", f"Dana Roth, {OWN}"],
        ["so no key", "and no rig", f"Dana Roth, you: {SAID}"],
    ],
)
def test_what_is_read_out_and_may_be_of_another_goes(texts: list[str]) -> None:
    assert SAID not in left(told(*texts))


def test_names_may_stand_twice_where_two_conversations_end_in_words_of_you() -> None:
    twice = [*OTHERS, item("Bela Toth", "10:30", "we can drop the last rig then")]
    one, other = item("Dana Roth", "10:42", f"You: {OWN}"), item("Edda Kern", "10:43", "You: the key is in the archive")
    assert OWN in left(chat(*twice, one, other))
    assert OWN not in left(chat(*twice, one))
    assert OWN not in left(chat(*twice, one, item("Dana Roth", "10:43", "You: the key is in the archive")))


@pytest.mark.parametrize(("nodes", "stays"), [(40, True), (41, False)])
def test_an_item_of_more_nodes_than_a_preview_is_none(nodes: int, *, stays: bool) -> None:
    last = item("Dana Roth", "10:42", f"You: {OWN}", *(node(3, "image") for _ in range(nodes - 4)))
    assert (OWN in left(chat(*OTHERS, last))) is stays


def test_you_is_nobody_where_typed_words_stand_beside_a_name() -> None:
    shown = chat(*OTHERS, item("Dana Roth", "10:42", f"You: {OWN}"))
    assert OWN in left(shown, typed=TYPED)
    assert OWN not in left([*shown, *chat(item(ME, "10:50", TYPED))], typed=TYPED)


def spoken(*texts: str | None) -> list[Row]:
    return chat(*([node(2, "treeitem", text)] for text in texts))


def test_texts_that_all_begin_with_who_wrote_them_are_told() -> None:
    shown = left(spoken(f"Bela Toth, {SAID}", f"{ME}, {OWN}", "btoth, no key for me, I fear"), LISTED)
    assert OWN in shown
    assert SAID not in shown


@pytest.mark.parametrize(
    "texts",
    [
        [f"{ME}, {SAID}", "we can drop the last rig", "Bela Toth, no key for me, I fear"],
        [f"{ME}, {SAID}", f"{ME}, no key for me, I fear", f"{ME}, nor for me"],
        [f"{ME}, {SAID}", "Bela Toth, no key for me, I fear"],
        [f"{ME}, {SAID}", "Bela Toth, no key for me, I fear", "Carl Vogt"],
        [f"{ME}, {SAID}", "Bela Toth, no key for me, I fear", "We all, nor for me"],
        [f"{ME}, {SAID}", "Bela Toth, no key for me, I fear", "Carl Vogt From The Red Hall, nor for me"],
        [f"{ME}, {SAID}", "Bela Toth, no key for me, I fear", None],
        [f"You, {SAID}", "Bela Toth, no key for me, I fear", "Carl Vogt, nor for me"],
        [f"Nora, {SAID}", "Bela Toth, no key for me, I fear", "Carl Vogt, nor for me"],
        [f"{ME}, quoting Bela, {SAID}", "Bela Toth, no key for me, I fear", "Carl Vogt, nor for me"],
    ],
)
def test_texts_that_may_speak_to_the_recorder_go(texts: list[str | None]) -> None:
    assert SAID not in left(spoken(*texts), LISTED)


def test_two_writers_of_three_texts_are_enough() -> None:
    assert OWN in left(spoken(f"{ME}, {OWN}", "Bela Toth, no key for me, I fear", "Bela Toth, it is so"), LISTED)


def test_a_text_with_parts_below_it_is_not_all_that_its_item_says() -> None:
    texts = (f"{ME}, {OWN}", "Bela Toth, no key for me, I fear", "Carl Vogt, nor for me")
    items = [[node(2, "treeitem", text)] for text in texts]
    assert OWN in left(chat(*items), LISTED)
    assert OWN not in left(chat(*items, [node(3, "image")]), LISTED)


@pytest.mark.parametrize(
    ("role", "stays"), [("treeitem", True), ("comment", True), ("listitem", False), ("row", False)]
)
def test_items_of_minutes_begin_with_whom_they_are_for(role: str, *, stays: bool) -> None:
    texts = (f"{ME}, {OWN}", f"Bela Toth, {SAID}", "Carl Vogt, please bring the key today")
    assert (OWN in left(chat(*([node(2, role, text)] for text in texts)), LISTED)) is stays


def test_work_notes_are_a_way_to_answer() -> None:
    notes = chat(item("Bela Toth", "10:40", SAID), item(ME, "10:42", OWN), box="Work notes")
    assert OWN in left(notes, LISTED, app="acmedesk")
    assert SAID not in left(notes, LISTED, app="acmedesk")


def read_out(*texts: str, role: str = "genericelement") -> list[Row]:
    parts = [node(0, "window", "Talk"), node(1, "group", "Talks"), node(1, "group", "Message: Bela Toth")]
    return [*parts, *(node(2, role, text) for text in texts), node(1, "textbox", "Write a message")]


GOT = f"Message, {SAID}, 10:40, received from Bela Toth"


@pytest.mark.parametrize("role", ["genericelement", "button"])
@pytest.mark.parametrize("yours", ["Your message", "Je bericht", "Votre message", "Twoja wiadomo\u015b\u0107"])
def test_a_message_that_is_read_out_as_yours_stays(yours: str, role: str) -> None:
    shown = left(read_out(GOT, f"{yours}, {OWN}, 10:42, sent to Bela Toth, Seen", role=role))
    assert OWN in shown
    assert SAID not in shown


@pytest.mark.parametrize(
    "texts",
    [
        [GOT, f"Your message, as I said, {SAID}, 10:42"],
        [GOT, f"Your message, as I said, {SAID}, Seen"],
        ["Bela Toth", f"Your message, {SAID}, 10:42, Seen"],
        [f"Your message, {SAID}, 10:42, Seen"],
        [GOT, f"Your message, in reply to: {SAID}, see you there, 10:42, Seen"],
        [GOT, f"Your message, with regard to: {SAID}, see you there, 10:42, Seen"],
        [GOT, f"Deine Nachricht, als Antwort an Bela Toth, {SAID}, bis dann, 10:42, Gesehen"],
    ],
)
def test_what_only_begins_like_a_message_that_is_read_out_goes(texts: list[str]) -> None:
    assert SAID not in left(read_out(*texts))
