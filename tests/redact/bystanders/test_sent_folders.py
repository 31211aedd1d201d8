"""A folder of sent mails holds the recorder's words, and its opened mail her name; others do not (all synthetic)."""

from collections.abc import Sequence

import pytest

from tests.redact.bystanders.test_senders import LISTED, ME, OWN, SAID, Row, chat, item, left, node
from transforms.redact.bystanders.recorder_names import NO_OWNERS, ListedNames

EARLIER = "we can drop the last rig if the audit moves"


def sent(subject: str = "Open points", first: str = EARLIER, receiver: str = "To: Bela Toth") -> list[Row]:
    """Make a row of a sent mail: to whom, what about, its first words, and when."""
    return [node(2, "row"), *(node(3, "cell", text) for text in (receiver, subject, first, "4 Nov"))]


def folder(
    *rows: list[Row], title: str = "Sent Items - Mail", sender: str = ME, words: str = OWN, label: str = "To: Bela Toth"
) -> list[Row]:
    """Make a folder with a mail that is opened beside the list."""
    pane = [node(1, "pane"), *(node(2, "text", text) for text in (sender, label, "12.11.2026"))]
    listed = [node(0, "window", title), node(1, "table"), *(part for row in rows for part in row)]
    return [*listed, *pane, node(2, "document", "Message", words)]


@pytest.mark.parametrize(
    "title",
    [
        "Sent Items - Mail", "Sent \u2013 Mail", "Sent \u2014 Mail", "Gesendete Objekte (12)", "Envoy\u00e9s | Acme",
        "Outbox 2", "\u5df2\u53d1\u9001",
    ],
)  # fmt: skip
def test_rows_and_the_opened_mail_of_a_folder_of_sent_mails_stay(title: str) -> None:
    shown = left(folder(sent(), sent(), title=title), app="thunderbird")
    assert EARLIER in shown
    assert OWN in shown


@pytest.mark.parametrize(
    ("role", "counts"),
    [
        *((role, True) for role in ("window", "frame", "root web area", "document web", "heading")),
        *((role, False) for role in ("text", "tree item", "link", "button")),
    ],
)
def test_the_name_of_a_folder_is_a_title_or_a_heading_in_a_window(role: str, *, counts: bool) -> None:
    window = [node(0, "window", "Mail"), node(1, role, "Sent Items")]
    assert (EARLIER in left([*window, *folder(sent(), sent())[1:]], app="thunderbird")) is counts
    assert EARLIER in left([node(0, role, "Sent Items"), *folder(sent(), sent())[1:]], app="thunderbird")  # the top


@pytest.mark.parametrize(
    ("role", "counts"),
    [
        *((role, True) for role in ("row", "list item", "option", "tree item", "data item")),
        *((role, False) for role in ("article", "comment", "group")),
    ],
)
def test_a_folder_lists_its_mails_as_rows_or_items(role: str, *, counts: bool) -> None:
    rows = [[node(2, role), *sent()[1:]], [node(2, role), *sent(first=f"{EARLIER} again")[1:]]]
    assert (EARLIER in left(folder(*rows), app="thunderbird")) is counts


def test_of_two_lists_of_receivers_the_longer_one_holds_the_mails() -> None:
    chosen = [node(1, "list"), node(2, "listitem", "To: Bela Toth")]
    window, *rest = folder(sent(), sent())
    assert EARLIER in left([window, *chosen, *rest], app="thunderbird")


def test_of_a_row_its_words_alone_stay() -> None:
    read_out = [node(2, "row", f"To Bela Toth, Re: {SAID}"), *sent()[1:]]
    both = [sent(receiver="To: Carl Vogt, Dana Roth"), sent(receiver="to Carl Vogt and Dana Roth")]
    shown = left(folder(read_out, *both, sent(subject="Emil Brandt")), app="thunderbird")
    assert EARLIER in shown
    assert not any(text in shown for text in (SAID, "Dana Roth", "Emil Brandt"))


@pytest.mark.parametrize(
    "quote",
    [
        "____ Bela Toth", "---", "=== ", "***", "Bela Toth wrote\uff1a", f"{'From'.ljust(29)}:",
        f"Bela wrote {'x' * 73}:", "From: Bela Toth Sent: 4 Nov", "\u53d1\u4ef6\u4eba\uff1aBela Toth",
        "Od: Bela Toth Wys\u0142ano: 4 Nov", "> ", "&gt; ", "On 4 Nov, Bela Toth wrote:",
        "Am 4. Nov schrieb Bela Toth:",
    ],
)  # fmt: skip
def test_first_words_that_go_on_with_the_mail_that_is_answered_go(quote: str) -> None:
    row = sent(first=f"Thanks a lot for that, see you there. Nora {quote} {SAID}")
    assert SAID not in left(folder(sent(), row), app="thunderbird")


@pytest.mark.parametrize(
    "first",
    [
        f"two reasons: {SAID}",
        f"at 10:42 then, {SAID} -- Nora",
        f"{SAID}, 3>2",
        f"on auto: {SAID}",
        f"then {'From'.ljust(30)}: {SAID}",
        f"it wrote {'x' * 74}: {SAID}",
    ],
)
def test_first_words_with_a_colon_of_their_own_stay(first: str) -> None:
    assert first in left(folder(sent(), sent(first=first)), app="thunderbird")


def test_a_subject_that_is_a_sentence_stays() -> None:
    assert EARLIER in left(folder(sent(subject=EARLIER, first="ok")), app="thunderbird")


@pytest.mark.parametrize(
    "row",
    [
        sent(subject=f"Re: {SAID}"),
        sent(subject="WG: Termin", first=SAID),
        sent(first=f"On 4 Nov, Bela Toth wrote: {SAID}", subject="On 4 Nov, Bela Toth wrote:"),
        sent(first=f"> {SAID}"),
        sent(first=f"wrote: {SAID}"),
        sent(first=SAID, receiver="From: Bela Toth"),
        sent(first=SAID, receiver="Bela Toth"),
        [*sent(first=SAID), node(3, "cell", "From: Bela Toth")],
        [*sent(first=SAID), node(3, "cell", "In reply to Bela Toth")],
    ],
)
def test_what_a_sent_mail_passes_on_goes_and_so_do_rows_of_others(row: list[Row]) -> None:
    assert SAID not in left(folder(sent(), row), app="thunderbird")


@pytest.mark.parametrize(
    ("title", "label"),
    [
        ("Inbox - Mail", "To: Bela Toth"),
        ("Sent by Bela - Mail", "To: Bela Toth"),
        ("Sent Items - Support Team - Mail", "To: Bela Toth"),
        ("Sent Items - Mail", "Bela Toth"),
    ],
)
def test_another_folder_or_a_shared_one_tells_nothing(title: str, label: str) -> None:
    shown = left(folder(sent(first=SAID, receiver=label), title=title, words=SAID, label=label), app="thunderbird")
    assert SAID not in shown


def test_a_list_with_a_mail_from_somebody_is_no_folder_of_sent_ones() -> None:
    passed_on = [node(2, "row"), node(3, "cell", "Forwarded"), *sent(first=SAID)[1:]]
    shown = left(folder(sent(), passed_on), app="thunderbird")
    assert EARLIER in shown
    assert SAID not in shown
    received = [*sent(first="see you then at the hall"), node(3, "cell", "From: Bela Toth")]
    assert EARLIER not in left(folder(sent(), received), app="thunderbird")


def test_a_folder_of_somebody_else_tells_nothing() -> None:
    theirs = folder(sent(first=SAID), sender="Bela Toth", words=SAID)
    assert SAID not in left(theirs, LISTED, app="thunderbird")
    assert SAID not in left([*theirs, node(1, "button", f"Signed in as {ME}")], app="thunderbird")
    assert SAID not in left(folder(sent(first=SAID), sender="Support Team", words=SAID), LISTED, app="x")
    assert SAID in left(theirs, app="thunderbird")  # price: nothing tells the folder of another from her own


def test_a_folder_in_a_window_without_a_way_to_answer_tells_nothing() -> None:
    assert EARLIER not in left(folder(sent()), app="acmeapp")
    assert EARLIER in left([*folder(sent()), node(1, "button", "Reply")], app="acmeapp")


KNOWN = ListedNames(NO_OWNERS, "nora.quist@acme.example")
ANSWER = [*(node(2, "text", text) for text in ("Bela Toth", f"To: {ME}", "13.11.2026")), node(2, "document", "", SAID)]


# A delegate opens the folder of somebody else, and a thread shows what came back.
@pytest.mark.parametrize("owner", ["Bela Toth", "b.toth@acme.example"])
def test_a_folder_with_the_name_of_somebody_else_tells_nothing(owner: str) -> None:
    for title in (f"Sent Items - {owner} - Mail", f"Sent ({owner})", f"Sent \u2014 {owner}"):
        assert SAID not in left(folder(sent(first=SAID), title=title)[:7], KNOWN, app="thunderbird")
        assert SAID not in left(folder(sent(first=SAID), title=title), KNOWN, app="thunderbird")
    own = folder(sent(), title=f"Sent Items - {ME} - Mail")
    assert EARLIER in left(own[:7], KNOWN, app="thunderbird")
    assert EARLIER in left(own, app="thunderbird")


HERS, MINE = item("Bela Toth", "10:40", SAID), item(ME, "10:41", OWN)


def opened(
    *texts: str, title: str = "Sent Items - Mail", rows: Sequence[Row] = (), talk: Sequence[Row] = (*HERS, *MINE)
) -> str:
    """Return the rest of a folder beside messages of two, its opened mail below some texts."""
    pane = [node(1, "pane"), *(node(2, "text", text) for text in texts)]
    table = [node(1, "table"), *(rows or sent())]
    return left([node(0, "window", title), node(1, "list"), *talk, *table, *pane], app="thunderbird")


@pytest.mark.parametrize(
    "texts", [(ME, "To: Bela Toth"), ("Open points", ME, "To: Bela Toth"), (ME, "To: Bela Toth", "Dana Roth: Fine")]
)
def test_the_name_right_above_the_receiver_of_an_opened_mail_is_the_recorder(texts: tuple[str, ...]) -> None:
    shown = opened(*texts)
    assert OWN in shown
    assert SAID not in shown
    assert OWN in opened(*texts, rows=[*sent(), node(3, "cell", "Carl Vogt")] * 3)


@pytest.mark.parametrize(
    "texts",
    [
        ("To: Bela Toth", "12.11.2026", ME),
        (f"{ME}: Open points", "To: Bela Toth"),
        ("Emil Brandt: Open points", "To: Bela Toth", ME, "To: Carl Vogt"),
        (ME, "Open points", "To: Bela Toth"),
        (ME, "To: Dana Roth"),
        (ME, "To: Bela Toth", "Carl Vogt", f"To: {ME}"),
    ],
)
def test_a_name_elsewhere_beside_an_opened_mail_tells_nothing(texts: tuple[str, ...]) -> None:
    assert OWN not in opened(*texts, rows=sent(subject="Dana and the rig"))


def test_a_shared_name_above_the_receiver_tells_nothing() -> None:
    for name, stays in (("Emil Brandt", True), ("Support Team", False)):
        assert (OWN in opened(name, "To: Bela Toth", talk=[*HERS, *item(name, "10:41", OWN)])) is stays


@pytest.mark.parametrize(
    "rest",
    [ME, f"{ME} - Mail", f"Mail - {ME}", f"Acme - {ME} (2)", f"{ME} - Mozilla Thunderbird", f"{ME} - 3 unread mails"],
)
def test_the_title_of_a_folder_tells_whose_it_is(rest: str) -> None:
    shown = opened("Open points", "To: Bela Toth", title=f"Sent Items - {rest}")
    assert OWN in shown
    assert SAID not in shown
    assert OWN not in opened(title=f"Inbox - {rest}")
    assert OWN not in left(
        [node(0, "window", f"Sent Items - {rest}"), node(1, "list"), *HERS, *MINE], app="thunderbird"
    )


@pytest.mark.parametrize("name", ["Nora", "Mozilla Thunderbird"])
def test_a_given_name_or_a_program_in_a_title_tells_nothing(name: str) -> None:
    assert OWN not in opened(title=f"Sent Items - {name}", talk=[*HERS, *item(name, "10:41", OWN)])


def test_a_name_in_another_heading_beside_a_folder_tells_nothing() -> None:
    heading = [node(1, "heading", f"Inbox - {ME}"), node(1, "list")]
    assert OWN not in opened(talk=[*heading, *HERS, *MINE])
    assert OWN not in opened(title=f"Sent Items: {ME}")


def test_an_answer_that_a_thread_shows_does_not_name_the_recorder() -> None:
    mail = [node(1, "list"), *chat(item("Bela Toth", "10:40", SAID))[2:]]
    thread = folder(sent(), sender="Bela Toth", label=f"To: {ME}", words=SAID)
    for screen in (
        thread,
        [*thread, *folder()[-4:]],
        [*folder(sent()), *ANSWER],
        folder(sent(), sender="Bela Toth", label="To: me"),
    ):
        assert SAID not in left([*screen, *mail], app="thunderbird")


def test_a_thread_of_two_senders_says_nothing_against_the_rows_of_the_folder() -> None:
    assert EARLIER in left([*folder(sent()), *ANSWER], app="thunderbird")


def filed(*lines: str, words: tuple[str, ...] = (OWN,)) -> list[Row]:
    return [node(2, "group"), *(node(3, "text", line) for line in lines), node(3, "webarea"), *_below(words)]


def _below(words: tuple[str, ...]) -> list[Row]:
    return [node(4, "text", line) for line in words]


def conversation(*mails: list[Row]) -> list[Row]:
    parts = [node(0, "window", "Inbox"), node(1, "toolbar"), node(2, "button", "Reply"), node(2, "button", "Forward")]
    return [*parts, node(1, "scrollarea", "messages"), *(part for mail in mails for part in mail)]


GOT = filed("Bela Toth", "Open points", f"To: {ME}", "Inbox - Acme 10:40", words=("so no rig for us then", "Bela"))


@pytest.mark.parametrize(
    "folder", ["Sent Items - Acme 10:42", "Gesendet - Acme 10:42", "\u00c9l\u00e9ments envoy\u00e9s - Acme 10:42"]
)
def test_a_mail_of_the_recorder_that_lies_in_a_folder_of_sent_ones_stays_up_to_a_quote(folder: str) -> None:
    quoted = (OWN, "Nora", "> On 4 Nov, Bela Toth wrote:", f"> {SAID}")
    shown = left(conversation(GOT, filed(ME, "Open points", "To: Bela Toth", folder, words=quoted)), LISTED, app="mail")
    assert OWN in shown
    assert SAID not in shown


SENT = "Sent - Acme 10:42"


@pytest.mark.parametrize(
    "head",
    [
        (ME, "To: Bela Toth", SENT),
        (ME, "Open points", "To: Bela Toth", "10:41", SENT),
        (ME, "To\uff1aBela Toth", "10:41", SENT),
        (ME, "Open points", "To: Bela Toth", f"Sent - {'x' * 67} 10:42"),
    ],
)
def test_a_mail_names_the_recorder_one_receiver_and_a_subject_at_most(head: tuple[str, ...]) -> None:
    assert OWN in left(conversation(GOT, filed(*head, words=(OWN, "see you"))), LISTED, app="mail")


@pytest.mark.parametrize("blank", ["", "\n"])
def test_lines_of_one_text_and_a_text_that_is_told_twice_are_read_as_lines(blank: str) -> None:
    lines = "\n".join([ME + blank, "Open points", "To: Bela Toth", SENT])
    assert OWN in left(conversation(GOT, filed(lines, words=(OWN, "see you"))), LISTED, app="mail")
    twice = filed(ME, "Open points", "To: Bela Toth", SENT, words=(OWN, "see you"))
    twice[1]["value"] = ME
    assert OWN in left(conversation(GOT, twice), LISTED, app="mail")


def test_a_control_between_a_name_and_the_receiver_is_no_name() -> None:
    rows = [node(1, "table"), *sent()]
    pane = [node(1, "pane"), node(2, "text", ME), node(2, "button", "More"), node(2, "text", "To: Bela Toth")]
    window = [node(0, "window", "Sent Items - Mail"), node(1, "list"), *HERS, *MINE]
    assert OWN in left([*window, *rows, *pane], app="thunderbird")


@pytest.mark.parametrize(
    "mail",
    [
        filed("Bela Toth", "Open points", "To: Carl Vogt", SENT, words=(SAID,)),
        filed(ME, "Bela Toth", f"To: {ME}", SENT, words=(SAID,)),
        filed(ME, "Bela Toth", "Open points", "To: Carl Vogt", SENT, words=(SAID,)),
        filed(ME, "Open points", SENT, words=(SAID,)),
        filed(ME, "Open points", "To: Bela Toth", "Inbox - Acme 10:42", words=(SAID,)),
        filed(ME, "Open points", "To: Bela Toth", "Sent - Acme", words=(SAID,)),
        filed(ME, "Fwd: Open points", "To: Bela Toth", SENT, words=(SAID,)),
        filed(ME, "From: Carl Vogt", "To: Bela Toth", SENT, words=(SAID,)),
        filed(ME, "Open points", "To: Bela Toth", SENT, words=(OWN, "Carl Vogt 10:30", SAID)),
        filed(ME, "Open points", "To: Bela Toth", SENT, words=(OWN, "From: Carl Vogt", SAID)),
        filed(ME, "Open points", "To: Bela Toth", SENT, words=(OWN, "Carl Vogt", SAID)),
        filed(ME, "Open points", "To: Bela Toth", SENT, words=(OWN, "\u53d1\u4ef6\u4eba\uff1aCarl Vogt", SAID)),
        filed(ME, "Open points", "To: Bela Toth", SENT, words=(OWN, "Carl Vogt wrote:", SAID)),
        filed(ME, "Open points", "To: Bela Toth", SENT, words=(OWN, "--- Carl Vogt", SAID)),
        filed(ME, "Open points", "To: Bela Toth", SENT, words=("in reply to Carl Vogt", SAID)),
        filed(ME, "Open points", "To: Bela Toth", SENT, words=(f"see you then --- {SAID}",)),
        filed(ME, "Open points", "To: Bela Toth", SENT, words=(OWN, f"Carl Vogt 10:30 {SAID}")),
        filed(ME, "Re: Open points", "To: Bela Toth", SENT, words=(SAID,)),
        filed(ME, "Subject: Open points", SENT, words=(SAID,)),
        filed(ME, "Open points", f"To: {ME}", SENT, words=(SAID,)),
        filed(ME, "Open points", "To: Bela Toth", "To: Carl Vogt", SENT, words=(SAID,)),
        filed(ME, "Quoting Carl Vogt", "To: Bela Toth", SENT, words=(SAID,)),
        filed(ME, "Open points", "To: Bela Toth", "10:41", "10:42", SENT, words=(SAID,)),
        filed(ME, "Open points", "To: Bela Toth", SENT.ljust(81, "x"), words=(SAID,)),
        filed(SENT, words=(SAID,)),
    ],
)
def test_a_mail_that_may_hold_words_of_another_goes_from_there(mail: list[Row]) -> None:
    assert SAID not in left(conversation(GOT, mail), LISTED, app="mail")
