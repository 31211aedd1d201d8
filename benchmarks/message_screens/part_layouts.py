# ruff: noqa: E501, RUF001 - tables of words and screens; a name says what is shown
"""Layouts of family D, messages in a small part of a page: written before the rule was tried on them, then read where it failed."""

from benchmarks.message_screens.screens import (
    LANGUAGES,
    TIMES,
    VIEWS,
    Layout,
    Made,
    Talk,
    frame,
    label,
    name_author,
    node,
)

BOX = dict(
    zip(
        LANGUAGES,
        (
            "Type your message here|Schreiben Sie uns eine Nachricht|Répondre…|Añade una respuesta|Commenta…|Twoja wiadomość…"
            "|Stuur een bericht naar Ravi|Svara i tråden|Mesajınızı yazın|Ваш ответ|返信を入力|发送给 Ravi|Mensagem para #equipa"
        ).split("|"),
        strict=True,
    )
)


def support(talk: Talk) -> Made:
    """Show the small window of a support chat on a page."""
    nodes = [
        *frame("Cart"),
        node(1, "main"),
        node(2, "heading", "Lamps"),
        node(1, "dialog", "Chat"),
        node(2, "list"),
    ]
    for who, line, own in talk.said:
        nodes += [node(3, "listitem"), node(4, "img", name_author(who, own=own)), node(4, "paragraph", line)]
        nodes.append(node(4, "generic", talk.draw.choice(TIMES)))
    return label(talk, [*nodes, node(2, "textbox", BOX[talk.language]), node(2, "button", "Close")])


def phone(talk: Talk) -> Made:
    """Show texts of a phone in cells, with times between them."""
    nodes = [*frame("Back"), node(1, "AXTable")]
    for number, (_, line, _) in enumerate(talk.said):
        if number % 3 == 0:
            nodes.append(node(2, "AXStaticText", "Today 10:42"))
        nodes += [node(2, "AXCell"), node(3, "AXStaticText", line)]
    return label(talk, [*nodes, node(1, "AXTextField", BOX[talk.language])])


def mail_rows(talk: Talk) -> Made:
    """Show mails in a table with the heads of its columns, each in one name."""
    nodes = [
        *frame("Reply", "Junk"),
        node(1, "treegrid"),
        node(2, "columnheader", "From"),
        node(2, "columnheader", "Subject"),
    ]
    for who, line, _ in talk.said:
        nodes.append(node(2, "row", f"Unread, {who}, {line}, {talk.draw.choice(TIMES)}"))
    return label(talk, nodes, mine=False)


def post(talk: Talk) -> Made:
    """Show a post with what others say to it."""
    nodes = [*frame("Home"), node(1, "main"), node(2, "article")]
    for number, (who, line, own) in enumerate(talk.said):
        depth = 3 if number == 0 else 4
        nodes += [
            node(depth, "group"),
            node(depth + 1, "link", name_author(who, own=own)),
            node(depth + 1, "generic", line),
        ]
        nodes += [node(depth + 1, "link", talk.draw.choice(TIMES)), node(depth + 1, "button", "React")]
    return label(talk, [*nodes, node(3, "textbox", BOX[talk.language])])


def margin(talk: Talk) -> Made:
    """Show notes in the margin of a document."""
    nodes = [
        *frame("Save"),
        node(1, "document"),
        node(2, "paragraph", "Chapter one"),
        node(1, "complementary", "Comments"),
    ]
    nodes += [
        node(2, "note", f"{name_author(who, own=own)}, {talk.draw.choice(TIMES)}: {line}")
        for who, line, own in talk.said
    ]
    return label(talk, [*nodes, node(2, "textbox", BOX[talk.language])])


def minutes(talk: Talk) -> Made:
    """Show what is said in a call, without a box to answer."""
    nodes = [*frame("Leave call", "Share screen"), node(1, "region", "Transcript")]
    for who, line, own in talk.said:
        nodes += [node(2, "text", f"{name_author(who, own=own)} 10:42"), node(2, "text", line)]
    return label(talk, nodes)


def week(talk: Talk) -> Made:
    """Show a week with entries in the cells of its days."""
    nodes = [
        *frame(),
        *(node(1, "link", view) for view in VIEWS[talk.language].split()),
        node(1, "grid"),
        node(2, "row"),
    ]
    for number, (_, line, _) in enumerate(talk.said):
        nodes += [node(3, "gridcell"), node(4, "button", f"{line}, {number + 8}:00 - {number + 9}:00")]
    return label(talk, nodes)


def toggles(talk: Talk) -> Made:
    """Show settings with what they do."""
    nodes = [*frame("Search"), node(1, "list")]
    for _, line, _ in talk.said:
        nodes += [
            node(2, "listitem"),
            node(3, "heading", "Privacy"),
            node(3, "paragraph", line),
            node(3, "switch", "On"),
        ]
    return label(talk, [*nodes, node(1, "button", "Send report")], other=True)


def jobs(talk: Talk) -> Made:
    """Show offers of work, with who offers them since when."""
    nodes = [*frame("Save search"), node(1, "list")]
    for who, line, _ in talk.said:
        nodes += [
            node(2, "listitem"),
            node(3, "link", line),
            node(3, "text", who),
            node(3, "text", talk.draw.choice(TIMES)),
            node(3, "button", "Apply"),
        ]
    return label(talk, nodes, other=True)


def invoices(talk: Talk) -> Made:
    """Show a table of invoices, which can be sent."""
    nodes = [*frame("Send", "Print"), node(1, "table"), node(2, "columnheader", "No.")]
    for _, line, _ in talk.said:
        nodes += [
            node(2, "row"),
            node(3, "cell", "2024-17"),
            node(3, "cell", line),
            node(3, "cell", "12.11."),
            node(3, "cell", "119.00"),
        ]
    return label(talk, nodes, other=True)


def examples(talk: Talk) -> Made:
    """Show a translation with examples below."""
    nodes = [*frame("Swap"), node(1, "textbox", "Enter text"), node(1, "list")]
    return label(talk, [*nodes, *(node(2, "listitem", line) for _, line, _ in talk.said)], other=True)


def questions(talk: Talk) -> Made:
    """Show questions with answers, above the form of a contact."""
    nodes = [*frame("Home"), node(1, "main")]
    for _, line, _ in talk.said:
        nodes += [node(2, "group"), node(3, "heading", "Delivery"), node(3, "paragraph", line)]
    nodes += [
        node(2, "form"),
        node(3, "textbox", "E-mail"),
        node(3, "textbox", "Your message"),
        node(3, "button", "Send"),
    ]
    return label(talk, nodes, other=True)


def timetable(talk: Talk) -> Made:
    """Show departures with their places."""
    nodes = [*frame("Earlier", "Later"), node(1, "list")]
    for who, line, _ in talk.said:
        nodes += [node(2, "listitem"), node(3, "text", "10:42"), node(3, "text", who), node(3, "text", line)]
    return label(talk, nodes, other=True)


def album(talk: Talk) -> Made:
    """Show pictures with what is on them."""
    nodes = [*frame("Upload", "Share"), node(1, "list")]
    for _, line, _ in talk.said:
        nodes += [node(2, "listitem"), node(3, "img", line), node(3, "text", talk.draw.choice(TIMES))]
    return label(talk, nodes, other=True)


def changes(talk: Talk) -> Made:
    """Show the versions of a program."""
    nodes = [*frame("Compare"), node(1, "main")]
    for _, line, _ in talk.said:
        nodes += [node(2, "heading", "2.4.1"), node(2, "text", "Mar 4"), node(2, "paragraph", line)]
    return label(talk, [*nodes, node(1, "textbox", "Search")], other=True)


FAMILY_D: tuple[Layout, ...] = (
    support, phone, mail_rows, post, margin, minutes, week,
    toggles, jobs, invoices, examples, questions, timetable, album, changes,
)  # fmt: skip
