"""Texts that say in words whose message it is, in several languages, and texts that only sound so (all synthetic)."""

import pytest

from tests.redact.bystanders.test_senders import HERS, LISTED, ME, OWN, SAID, Row, chat, item, left, node
from transforms.redact.bystanders.senders.heads import RecorderNames

NAMES = RecorderNames(lambda name: name == ME.casefold())


@pytest.mark.parametrize(
    "text",
    [
        f"You sent: {OWN}",
        f"You said: {OWN}",
        f"Message sent by You at 10:42: {OWN}",
        f"Enter, Message sent Today at 3:04 PM by You: {OWN}",
        f"Your iMessage, {OWN}, 10:42 AM",
        f"Deine Nachricht: {OWN}",
        f"Your message, {OWN}, 10:42, sent to Bela Toth, Seen",
        f"Je bericht, {OWN}, 10:42, verzonden naar Bela Toth, Bezorgd",
        f"Uw bericht, {OWN}, 10:42, Gezien",
        f"Ton message, {OWN}, 10:42, envoy\u00e9 \u00e0 Bela Toth, Vu",
        f"Tu mensaje, {OWN}, 10:42, Visto",
        f"Ditt meddelande, {OWN}, 10:42, skickat till Bela Toth, L\u00e4st",
        f"Vous avez envoy\u00e9 : {OWN}",
        f"Hai scritto: {OWN}",
        f"\u0412\u044b \u043d\u0430\u043f\u0438\u0441\u0430\u043b\u0438: {OWN}",
        f"\u4f60\u7684\u6d88\u606f\uff1a{OWN}",
        f"{OWN}, 10:00 to 11:00, Organizer: {ME}, Busy",
    ],
)
def test_a_text_that_says_it_is_the_recorders_has_its_head(text: str) -> None:
    head = NAMES.find_head(text)
    assert head is not None
    assert head.rest.startswith(OWN)
    assert SAID not in left(chat(HERS, [node(2, "listitem", text)]))


@pytest.mark.parametrize(
    "text",
    [
        f"You sent me the wrong file, {SAID}, 10:42",
        f"You said that {SAID}",
        f"Your message was lost, {SAID}",
        f"Your message, {SAID}",
        f"Your message, as I said, {SAID}",
        f"Je bericht, zei hij, {SAID}, 10:42",
        f"Tu mensaje, Visto, {SAID}",
        f"Your message, in reply to Bela Toth: {SAID}, see you, 10:42, Seen",
        f"Message, {SAID}, 10:42, received from Bela Toth",
        f"Message sent by Bela Toth at 10:42: {SAID}",
        f"Enter, Message sent Today at 3:04 PM by Bela Toth: {SAID}",
        f"{SAID}, 10:00 to 11:00, Organizer: Bela Toth, Busy",
        f"{SAID}, Organizer: Bela Toth, {ME}",
        f"Youssef sent: {SAID}",
    ],
)
def test_a_text_that_only_speaks_to_the_recorder_goes(text: str) -> None:
    assert NAMES.find_head(text) is None
    assert SAID not in left(chat(HERS, [node(2, "listitem", text)]), LISTED)
    assert SAID not in left(chat(HERS, item(text, "10:42")), LISTED)


def test_a_colleague_may_say_what_the_recorder_wrote_where_items_name_no_sender() -> None:
    theirs = [node(2, "listitem", f"You wrote: {SAID}, 10:42")]
    bare = [node(2, "listitem", "it was not in the hall, 10:40")]
    assert SAID not in left(chat(bare, theirs))
    assert SAID not in left(chat(item("it was not in the hall", "10:40"), item(f"You wrote: {SAID}", "10:42")))
    told = [
        [node(2, "listitem", f"Message sent by {who} at 10:42: {words}")]
        for who, words in (("You", OWN), ("Bela Toth", SAID))
    ]
    assert OWN in left(chat(*told))
    assert SAID not in left(chat(*told))


@pytest.mark.parametrize("words", [f"{ME} 9:05\n{SAID}", f"[9:05] You: {SAID}\n[9:06] Carl Vogt: no key for me"])
def test_a_chat_that_a_colleague_put_into_a_message_goes(words: str) -> None:
    assert SAID not in left(chat(item("Bela Toth", "10:42", words)), LISTED)


@pytest.mark.parametrize("label", ["Organizer", "Erstellt von", "Auteur", "Reporter", "Created by"])
def test_an_entry_whose_author_is_the_recorder_stays(label: str) -> None:
    shown = left(chat(HERS, item(OWN, "Thursday", "10:00", f"{label}: {ME}", "Room 4")), LISTED)
    assert OWN in shown
    assert SAID not in shown


@pytest.mark.parametrize(
    "parts",
    [
        item(SAID, "10:00", "Organizer: Bela Toth"),
        item(SAID, "10:00", f"Attendee: {ME}"),
        item(SAID, "10:00", f"Organizer: {ME}", "Bela Toth 10:42"),
        item(SAID, "10:00", f"Organizer: {ME}", "Author: Bela Toth"),
        item(f"> {SAID}", "10:00", f"Organizer: {ME}"),
        item("On 4 Nov, Bela Toth wrote:", SAID, f"Organizer: {ME}"),
        [node(2, "group"), *item(SAID, "10:00", f"Organizer: {ME}")[1:]],
        item(SAID, *["10:00"] * 11, f"Organizer: {ME}"),
        item("Printer", "10:00", f"Reporter: {ME}", "Latest comment", SAID),
        item("Printer", "10:00", f"Reporter: {ME}", "Updated by Bela Toth", SAID),
        item("the printer of the hall is broken", SAID, "10:00", f"Reporter: {ME}"),
    ],
)
def test_an_entry_that_others_may_have_written_goes(parts: list[Row]) -> None:
    assert SAID not in left(chat(HERS, parts), LISTED)


def test_an_entry_has_at_most_twelve_lines() -> None:
    assert OWN in left(chat(HERS, item(OWN, *["10:00"] * 10, f"Organizer: {ME}")), LISTED)
