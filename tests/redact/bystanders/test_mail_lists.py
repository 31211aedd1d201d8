"""Rows of mails and the mail opened beside them: the recorder's words stay, subjects of others go (all synthetic)."""

import pytest

from tests.redact.bystanders.test_senders import HERS, LISTED, ME, OWN, SAID, Row, chat, item, left, node


def row(who: str, subject: str, snippet: str, *, read_out: str = "", day: str = "12.11.2026") -> list[Row]:
    """Make a row of a list of mails, its sender, subject and time in cells."""
    cells = [node(3, "gridcell"), node(4, "text", who), node(3, "gridcell"), node(4, "link")]
    cells += [node(5, "text", subject), node(5, "text", f" - {snippet}"), node(3, "gridcell", day)]
    return [node(2, "row", read_out or None), *cells]


def inbox(*rows: list[Row]) -> list[Row]:
    return [node(0, "window", "Mail"), node(1, "table"), *(part for parts in rows for part in parts)]


OTHERS = row("Bela Toth", "Open points", SAID)


@pytest.mark.parametrize("who", ["me", ME, "Quist, Nora"])
def test_a_row_whose_sender_is_the_recorder_alone_stays(who: str) -> None:
    shown = left(inbox(OTHERS, row(who, "Open points", OWN)), LISTED, app="thunderbird")
    assert OWN in shown
    assert SAID not in shown


@pytest.mark.parametrize(
    "parts",
    [
        row("Bela Toth, me", "Open points", SAID),
        row("me, Bela Toth 2", "Open points", SAID),
        row("Bela Toth", "me", SAID),
        row("me", f"Re: {SAID}", "thanks"),
        row("me", f"WG: {SAID}", "see below"),
        [node(2, "row"), node(3, "gridcell", "me"), node(3, "gridcell", "Bela Toth"), node(3, "gridcell", SAID)],
        [node(2, "row"), node(3, "text", "me"), node(3, "link"), node(4, "text", "Bela Toth"), node(4, "text", SAID)],
        [
            *(node(2, "row"), node(3, "gridcell"), node(4, "text", "me"), node(4, "group")),
            *(node(5, "text", "Bela Toth"), node(5, "text", SAID), node(3, "gridcell", "10:42")),
        ],
    ],
)
def test_a_row_of_others_or_that_passes_words_on_goes(parts: list[Row]) -> None:
    assert SAID not in left(inbox(OTHERS, parts), LISTED, app="thunderbird")


def test_a_row_without_a_time_goes() -> None:
    assert OWN in left(inbox(OTHERS, row("me", "Open points", OWN, day="4 Nov")), LISTED, app="thunderbird")
    assert OWN not in left(inbox(OTHERS, row("me", "Open points", OWN, day="x")), LISTED, app="thunderbird")


def opened(*body: Row, beside: tuple[Row, ...] = ()) -> list[Row]:
    """Make a mail of the recorder in a pane beside a list of mails."""
    listed = [node(1, "table"), node(2, "dataitem", f"To Bela Toth, Subject {SAID}, Sent 4 Nov"), *beside]
    heads = [node(1, "pane"), node(2, "text", ME), node(2, "text", "To: Bela Toth"), node(2, "text", "12.11.2026")]
    return [node(0, "window", "Mail"), *listed, *heads, *body]


def test_the_mail_opened_beside_a_list_stays_up_to_what_it_quotes() -> None:
    body = f"{OWN}\n\nFrom: Bela Toth\nSent: Tuesday\n\n{SAID}"
    shown = left(opened(node(2, "document", "Message", body)), LISTED, app="thunderbird")
    assert OWN in shown
    assert SAID not in shown


def test_a_head_below_words_of_the_same_pane_opens_no_mail() -> None:
    quoted = opened(node(2, "document", "Message", SAID), beside=(node(1, "text", "thank you for this long mail"),))
    assert SAID not in left(quoted, LISTED, app="thunderbird")


def test_what_an_item_reads_out_of_a_quote_does_not_hide_its_sender() -> None:
    told = f"Begin Reference, {SAID} by Bela Toth, End Reference, {OWN} by You 10:42"
    quote = [node(3, "group"), node(4, "text", "Bela Toth"), node(4, "text", SAID)]
    parts = [node(2, "group", told), node(3, "text", "You"), node(3, "text", "10:42"), *quote, node(3, "text", OWN)]
    shown = left(chat([node(2, "group"), *HERS[1:]], parts, item("x")))
    assert OWN in shown
    assert SAID not in shown
    other = [{**part, "name": "Carl Vogt"} if part["name"] == "You" else part for part in parts]
    assert OWN not in left(chat([node(2, "group"), *HERS[1:]], other, item("x")))
