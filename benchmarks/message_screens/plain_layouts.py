# ruff: noqa: E501 - tables of words and screens; a name says what is shown
"""Layouts of family A: lists of nodes as chats, mails and comments have them; at hand when the rule was written."""

from benchmarks.message_screens.screens import (
    COMPOSE,
    HEADS,
    LANGUAGES,
    REPLY,
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

NAMED = dict(
    zip(
        LANGUAGES,
        (
            "Message #team|Nachricht an Ilse|Envoyer un message|Enviar un mensaje|Scrivi un messaggio a Ilse|Napisz wiadomość"
            "|Bericht sturen|Skriv ett meddelande|Mesaj gönder|Написать сообщение|メッセージを送信|发送消息|Enviar uma mensagem"
        ).split("|"),
        strict=True,
    )
)
"""Labels of the box below a chat."""


def chat(talk: Talk) -> Made:
    nodes = [*frame("Search", "Settings"), node(1, "list")]
    for who, line, own in talk.said:
        nodes += [
            node(2, "listitem"),
            node(3, "link", name_author(who, own=own)),
            node(3, "time", talk.draw.choice(TIMES)),
        ]
        nodes.append(node(3, "paragraph", line))
    return label(talk, [*nodes, node(1, "textbox", NAMED[talk.language]), node(1, "button", "Send")])


def chat_in_names(talk: Talk) -> Made:
    nodes = [*frame("Search"), node(1, "list")]
    nodes += [
        node(2, "listitem", f"{name_author(who, own=own)}, {line}, {talk.draw.choice(TIMES)}")
        for who, line, own in talk.said
    ]
    return label(talk, [*nodes, node(1, "textbox", NAMED[talk.language])])


def mail_list(talk: Talk) -> Made:
    nodes = [*frame(COMPOSE[talk.language], "Archive"), node(1, "table")]
    for who, line, _ in talk.said:
        nodes += [
            node(2, "row"),
            node(3, "cell", who),
            node(3, "cell", line),
            node(3, "cell", talk.draw.choice(TIMES)),
        ]
    return label(talk, nodes, mine=False)


def mail_opened(talk: Talk) -> Made:
    sender, subject, sent = HEADS[talk.language].split()
    nodes = [
        *frame(REPLY[talk.language]),
        node(1, "article"),
        node(2, "text", f"{sender}: {talk.said[0][0]}"),
    ]
    nodes += [node(2, "text", f"{subject}: x"), node(2, "text", f"{sent}: {talk.draw.choice(TIMES)}")]
    return label(talk, [*nodes, *(node(2, "paragraph", line) for _, line, _ in talk.said)])


def comments(talk: Talk) -> Made:
    nodes = [*frame("Share"), node(1, "region", "Comments")]
    for who, line, own in talk.said:
        nodes += [
            node(2, "article"),
            node(3, "link", name_author(who, own=own)),
            node(3, "text", talk.draw.choice(TIMES)),
        ]
        nodes += [node(3, "paragraph", line), node(3, "button", REPLY[talk.language])]
    return label(talk, nodes)


def flat_chat(talk: Talk) -> Made:
    nodes = [*frame("Search"), node(1, "main")]
    for who, line, own in talk.said:
        nodes += [
            node(2, "text", name_author(who, own=own)),
            node(2, "text", talk.draw.choice(TIMES)),
            node(2, "text", line),
        ]
    return label(talk, [*nodes, node(1, "textbox", NAMED[talk.language])])


def calendar(talk: Talk) -> Made:
    nodes = [*frame(*VIEWS[talk.language].split()), node(1, "grid")]
    return label(
        talk,
        [*nodes, *(node(2, "gridcell", f"{number + 8}:30, {line}") for number, (_, line, _) in enumerate(talk.said))],
    )


def contact_form(talk: Talk) -> Made:
    nodes = [*frame("Back"), node(1, "form"), *(node(2, "paragraph", line) for _, line, _ in talk.said)]
    nodes += [node(2, "textbox", "Your name"), node(2, "textbox", "Message"), node(2, "button", "Send")]
    return label(talk, nodes, other=True)


def files(talk: Talk) -> Made:
    nodes = [*frame("New folder", "Upload"), node(1, "table"), node(2, "columnheader", "Name")]
    for who, line, _ in talk.said:
        nodes += [node(2, "row"), node(3, "cell", line.rstrip(".?") + ".docx"), node(3, "cell", who)]
        nodes += [node(3, "cell", talk.draw.choice(TIMES)), node(3, "cell", "14 KB")]
    return label(talk, nodes, other=True)


def results(talk: Talk) -> Made:
    nodes = [*frame("Images", "News"), node(1, "searchbox", "Search"), node(1, "list")]
    for who, line, _ in talk.said:
        nodes += [
            node(2, "listitem"),
            node(3, "link", f"{who} - Example"),
            node(3, "text", talk.draw.choice(TIMES)),
            node(3, "paragraph", line),
        ]
    return label(talk, nodes, other=True)


def problems(talk: Talk) -> Made:
    nodes = [*frame("Run", "Debug"), node(1, "tree", "Problems")]
    nodes += [
        node(2, "treeitem", f"'{who}' is declared but its value is never read. ts(6133) [Ln 4, Col 7]")
        for who, _, _ in talk.said
    ]
    return label(talk, nodes, other=True)


def menus(talk: Talk) -> Made:
    nodes = [*frame(), node(1, "menu"), *(node(2, "menuitem", line) for _, line, _ in talk.said)]
    return label(talk, [*nodes, node(2, "menuitem", "Send feedback")], other=True)


FAMILY_A: tuple[Layout, ...] = (
    chat, chat_in_names, mail_list, mail_opened, comments, flat_chat, calendar, contact_form, files, results, problems, menus,
)  # fmt: skip
