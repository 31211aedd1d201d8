# ruff: noqa: E501, RUF001 - tables of words and screens; a name says what is shown
"""Layouts of family B, inside one another or beside other things: written before the rule was tried on them, then read where it failed."""

from benchmarks.message_screens.screens import (
    COMPOSE,
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

ASIDE = dict(
    zip(
        LANGUAGES,
        (
            "Type a message|Schreibe eine Nachricht…|Écrivez un message|Escribe un mensaje|Scrivi un messaggio|Wpisz wiadomość…"
            "|Typ een bericht|Skriv ett svar…|Bir mesaj yazın|Введите сообщение|メッセージを入力|输入消息…|Escreva uma mensagem"
        ).split("|"),
        strict=True,
    )
)
COMMENT = dict(
    zip(
        LANGUAGES,
        (
            "Add a comment…|Kommentar hinzufügen|Ajouter un commentaire|Añadir un comentario|Aggiungi un commento|Dodaj komentarz"
            "|Reactie toevoegen|Lägg till en kommentar|Yorum ekle|Добавить комментарий|コメントを追加|添加评论|Adicionar um comentário"
        ).split("|"),
        strict=True,
    )
)


def bubbles(talk: Talk) -> Made:
    nodes = [*frame("Call", "Info"), node(1, "scroll pane"), node(2, "panel")]
    for who, line, own in talk.said:
        nodes += [
            node(3, "panel"),
            node(4, "label", name_author(who, own=own)),
            node(4, "label", line),
            node(4, "label", talk.draw.choice(TIMES)),
        ]
    return label(talk, [*nodes, node(1, "entry", ASIDE[talk.language]), node(1, "push button", "Emoji")])


def lines_in_names(talk: Talk) -> Made:
    nodes = [*frame("Minimize"), node(1, "group"), node(2, "List")]
    nodes += [
        node(3, "ListItem", f"{name_author(who, own=own)}\n{talk.draw.choice(TIMES)}\n{line}")
        for who, line, own in talk.said
    ]
    return label(talk, [*nodes, node(1, "Edit", ASIDE[talk.language])])


def nested_comments(talk: Talk) -> Made:
    nodes = [*frame("Save", "Share"), node(1, "main"), node(2, "heading", "Ticket"), node(2, "complementary")]
    for number, (who, line, own) in enumerate(talk.said):
        depth = 3 + number % 2
        nodes += [
            node(depth, "article"),
            node(depth + 1, "heading", name_author(who, own=own)),
            node(depth + 1, "paragraph", line),
        ]
    return label(talk, [*nodes, node(3, "textbox", COMMENT[talk.language])])


def mail_options(talk: Talk) -> Made:
    nodes = [*frame(COMPOSE[talk.language]), node(1, "listbox")]
    nodes += [node(2, "option", f"Unread, {who}, {line}, {talk.draw.choice(TIMES)}") for who, line, _ in talk.said]
    return label(talk, nodes, mine=False)


def own_answers(talk: Talk) -> Made:
    nodes = [*frame("Back"), node(1, "group")]
    nodes += [node(2, "group", f"{name_author(who, own=own)} · {line}") for who, line, own in talk.said]
    return label(talk, [*nodes, node(1, "AXTextArea", ASIDE[talk.language])])


def captions(talk: Talk) -> Made:
    nodes = [*frame("Camera", "Leave call"), node(1, "region", "Captions")]
    for who, line, own in talk.said:
        nodes += [node(2, "generic"), node(3, "text", name_author(who, own=own)), node(3, "text", line)]
    return label(talk, [*nodes, node(1, "textbox", ASIDE[talk.language])])


def chat_beside_plan(talk: Talk) -> Made:
    nodes = [
        *frame("File", "Edit"),
        node(1, "main"),
        node(2, "heading", "Plan"),
        node(2, "paragraph", "Chapter one"),
    ]
    nodes += [node(1, "complementary", "Chat"), node(2, "list")]
    for who, line, own in talk.said:
        nodes += [node(3, "listitem"), node(4, "strong", name_author(who, own=own)), node(4, "generic", line)]
    return label(talk, [*nodes, node(2, "textbox", "", ASIDE[talk.language])])


def forum(talk: Talk) -> Made:
    nodes = [*frame("Log out", "Search"), node(1, "main"), node(2, "heading", "Topic")]
    for who, line, own in talk.said:
        nodes += [
            node(2, "section"),
            node(3, "link", name_author(who, own=own)),
            node(3, "link", talk.draw.choice(TIMES)),
        ]
        nodes += [
            node(3, "generic"),
            node(4, "paragraph", line),
            node(3, "button", "Like"),
            node(3, "button", REPLY[talk.language]),
        ]
    return label(talk, nodes)


def soup(talk: Talk) -> Made:
    nodes = [node(0, "generic"), node(1, "generic"), node(2, "generic")]
    for who, line, own in talk.said:
        nodes += [
            node(3, "generic"),
            node(4, "generic"),
            node(5, "generic", name_author(who, own=own)),
            node(5, "generic", talk.draw.choice(TIMES)),
        ]
        nodes += [node(4, "generic"), node(5, "paragraph", line)]
    return label(talk, [*nodes, node(2, "generic"), node(3, "textbox", ASIDE[talk.language]), node(3, "button", "")])


def agenda(talk: Talk) -> Made:
    nodes = [
        *frame("New event"),
        *(node(1, "radio", view) for view in VIEWS[talk.language].split()),
        node(1, "list"),
    ]
    for number, (_, line, _) in enumerate(talk.said):
        nodes += [node(2, "listitem"), node(3, "text", f"{number + 9}:15"), node(3, "text", line)]
    return label(talk, nodes)


def tasks(talk: Talk) -> Made:
    nodes = [
        *frame("Sort", "Share"),
        node(1, "list"),
        *(node(2, "listitem", line) for _, line, _ in talk.said),
    ]
    return label(talk, [*nodes, node(1, "textbox", "Add a task")], other=True)


def sheet(talk: Talk) -> Made:
    nodes = [*frame("Sum", "Sort"), node(1, "grid")]
    for who, line, _ in talk.said:
        nodes += [
            node(2, "row"),
            node(3, "gridcell", who),
            node(3, "gridcell", line),
            node(3, "gridcell", "12.11."),
            node(3, "gridcell", "140.00"),
        ]
    return label(talk, nodes, other=True)


def commits(talk: Talk) -> Made:
    nodes = [*frame("Code", "Fork"), node(1, "list")]
    for who, line, _ in talk.said:
        nodes += [
            node(2, "listitem"),
            node(3, "link", line),
            node(3, "link", who),
            node(3, "text", "2 days ago"),
            node(3, "button", "Copy"),
        ]
    return label(talk, nodes, other=True)


def news(talk: Talk) -> Made:
    nodes = [*frame("Subscribe", "Share"), node(1, "main")]
    for who, line, _ in talk.said:
        nodes += [
            node(2, "article"),
            node(3, "heading", line),
            node(3, "text", who),
            node(3, "text", talk.draw.choice(TIMES)),
            node(3, "link", "Comments (4)"),
        ]
    return label(talk, nodes, other=True)


def bugs(talk: Talk) -> Made:
    nodes = [*frame("New issue", "Filter"), node(1, "table")]
    for who, line, _ in talk.said:
        nodes += [
            node(2, "row"),
            node(3, "cell", "#12"),
            node(3, "cell", line),
            node(3, "cell", who),
            node(3, "cell", talk.draw.choice(TIMES)),
        ]
    return label(talk, nodes, other=True)


def playlist(talk: Talk) -> Made:
    nodes = [*frame("Play", "Mute"), node(1, "list")]
    for who, line, _ in talk.said:
        nodes += [node(2, "listitem"), node(3, "text", line), node(3, "link", who), node(3, "text", "3:42")]
    return label(talk, nodes, other=True)


def help_page(talk: Talk) -> Made:
    nodes = [*frame("Home"), node(1, "main"), node(2, "heading", "How to"), node(2, "list")]
    nodes += [node(3, "listitem", line) for _, line, _ in talk.said]
    return label(
        talk,
        [*nodes, node(2, "text", "Was this helpful?"), node(2, "button", "Yes"), node(2, "button", "Send feedback")],
        other=True,
    )


def log_view(talk: Talk) -> Made:
    nodes = [*frame("Clear", "Filter"), node(1, "list")]
    return label(
        talk, [*nodes, *(node(2, "listitem", f"10:42:07 ERROR {line}") for _, line, _ in talk.said)], other=True
    )


def editor(talk: Talk) -> Made:
    nodes = [*frame("Bold", "Insert", "Comment"), node(1, "document"), node(2, "heading", "Report")]
    return label(talk, [*nodes, *(node(2, "paragraph", line) for _, line, _ in talk.said)], other=True)


def survey(talk: Talk) -> Made:
    nodes = [*frame("Next"), node(1, "form")]
    for _, line, _ in talk.said:
        nodes += [node(2, "group", line), node(3, "radio", "Yes"), node(3, "radio", "No")]
    return label(talk, [*nodes, node(2, "textbox", "Comment"), node(2, "button", "Send")], other=True)


FAMILY_B: tuple[Layout, ...] = (
    bubbles, lines_in_names, nested_comments, mail_options, own_answers, captions, chat_beside_plan, forum, soup, agenda,
    tasks, sheet, commits, news, bugs, playlist, help_page, log_view, editor, survey,
)  # fmt: skip
