# ruff: noqa: E501, RUF001 - tables of words and screens; a name says what is shown
"""Layouts of family C, threads and panes: written before the rule was tried on them, then read where it failed."""

from benchmarks.message_screens.screens import (
    HEADS,
    LANGUAGES,
    REPLY,
    TIMES,
    VIEWS,
    Layout,
    Made,
    Node,
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
            "Leave a reply…|Gib eine Nachricht ein|Tapez votre message ici|Responder a Ilse|Rispondi nel thread|Skomentuj…"
            "|Plaats een reactie|Meddelande till #team|Yorum bırakın|Оставьте комментарий|#team へのメッセージ|说点什么…"
            "|Deixe um comentário"
        ).split("|"),
        strict=True,
    )
)


def rows_of_two(talk: Talk) -> Made:
    """Show a chat of two, which names nobody: rows of an application."""
    nodes = [*frame("Menu"), node(1, "application"), node(2, "grid")]
    for _, line, _ in talk.said:
        nodes += [node(3, "row"), node(4, "gridcell", f"{line} {talk.draw.choice(TIMES)}")]
    return label(talk, [*nodes, node(2, "textbox", BOX[talk.language])])


def thread(talk: Talk) -> Made:
    """Show a thread as a tree, sender and words in one name."""
    nodes = [*frame("Close"), node(1, "tree")]
    nodes += [node(2, "treeitem", f"{name_author(who, own=own)}: {line}") for who, line, own in talk.said]
    return label(talk, [*nodes, node(1, "textbox", None, BOX[talk.language])])


def transcript(talk: Talk) -> Made:
    """Show paragraphs of a page, each with its sender in bold."""
    nodes = [*frame("Record"), node(1, "document")]
    for who, line, own in talk.said:
        nodes += [node(2, "paragraph"), node(3, "strong", name_author(who, own=own)), node(3, "text", line)]
    return label(talk, [*nodes, node(1, "textbox", BOX[talk.language]), node(1, "button", "Send")])


def two_panes(talk: Talk) -> Made:
    """Show the conversations, with their last words, beside one of them."""
    middle = max(len(talk.said) // 2, 1)
    nodes = [*frame("Filter"), node(1, "navigation"), node(2, "list")]
    for who, line, own in talk.said[:middle]:
        nodes += [
            node(3, "listitem"),
            node(4, "heading", name_author(who, own=own)),
            node(4, "text", talk.draw.choice(TIMES)),
            node(4, "text", line),
        ]
    nodes += [node(1, "main"), node(2, "heading", "Ilse Brandhofer"), node(2, "group")]
    for _, line, _ in talk.said[middle:]:
        nodes += [node(3, "group"), node(4, "text", line), node(4, "text", talk.draw.choice(TIMES))]
    return label(talk, [*nodes, node(2, "textbox", BOX[talk.language])])


def mail_thread(talk: Talk) -> Made:
    """Show the mails of one subject, each with its own answer."""
    nodes = [*frame("Archive", "Delete"), node(1, "main"), node(2, "heading", "Re: offer"), node(2, "list")]
    for who, line, own in talk.said:
        nodes += [node(3, "listitem"), node(4, "heading", name_author(who, own=own)), node(4, "text", "to me")]
        nodes += [
            node(4, "text", talk.draw.choice(TIMES)),
            node(4, "paragraph", line),
            node(4, "button", REPLY[talk.language]),
        ]
    return label(talk, nodes)


def mail_window(talk: Talk) -> Made:
    """Show a mail in a window of its own, with the heads in pairs of cells."""
    nodes = [*frame(REPLY[talk.language], "Print"), node(1, "group")]
    nodes += [node(2, "text", f"{head}: {talk.said[0][0]}") for head in HEADS[talk.language].split()]
    return label(talk, [*nodes, node(1, "document"), *(node(2, "generic", line) for _, line, _ in talk.said)])


def review(talk: Talk) -> Made:
    """Show remarks about a change of code, between its lines."""
    nodes = [*frame("Approve"), node(1, "main"), node(2, "code", "return x")]
    for who, line, own in talk.said:
        nodes += [
            node(2, "group"),
            node(3, "link", name_author(who, own=own)),
            node(3, "time", talk.draw.choice(TIMES)),
            node(3, "paragraph", line),
        ]
        nodes += [node(3, "button", REPLY[talk.language]), node(3, "button", "Resolve")]
    return label(talk, nodes)


def day_plan(talk: Talk) -> Made:
    """Show a day of a calendar as buttons with times."""
    nodes = [*frame(), *(node(1, "tab", view) for view in VIEWS[talk.language].split()), node(1, "group")]
    nodes += [node(2, "button", f"{line}, {number + 8}:00") for number, (_, line, _) in enumerate(talk.said)]
    return label(talk, nodes)


def recipe(talk: Talk) -> Made:
    """Show steps above a box for comments."""
    nodes = [*frame("Print"), node(1, "main"), node(2, "heading", "Soup"), node(2, "list")]
    nodes += [node(3, "listitem", line) for _, line, _ in talk.said]
    return label(talk, [*nodes, node(2, "textbox", "Leave a comment"), node(2, "button", "Post")], other=True)


def wiki(talk: Talk) -> Made:
    """Show a page with its history in a line."""
    nodes = [*frame("Edit", "Watch"), node(1, "article"), node(2, "heading", "Holidays")]
    nodes += [node(2, "paragraph", line) for _, line, _ in talk.said]
    return label(
        talk, [*nodes, node(2, "text", "Edited by Ravi, yesterday"), node(1, "textbox", "Add a comment")], other=True
    )


def problems_beside_assistant(talk: Talk) -> Made:
    """Show problems of a program, and the empty box of an assistant."""
    nodes = [*frame("Run"), node(1, "tree", "Problems")]
    nodes += [node(2, "treeitem", f"main.c:{number} {line}") for number, (_, line, _) in enumerate(talk.said)]
    return label(talk, [*nodes, node(1, "complementary"), node(2, "textbox", "Ask or edit in context")], other=True)


def shop(talk: Talk) -> Made:
    """Show goods with prices and dates of delivery."""
    nodes = [*frame("Cart"), node(1, "list")]
    for who, line, _ in talk.said:
        nodes += [
            node(2, "listitem"),
            node(3, "heading", line),
            node(3, "link", who),
            node(3, "text", "14.99"),
            node(3, "text", "Mar 4"),
            node(3, "button", "Add"),
        ]
    return label(talk, nodes, other=True)


def board(talk: Talk) -> Made:
    """Show cards of work with who does them until when."""
    nodes = [*frame("New card", "Filter"), node(1, "region", "Doing"), node(2, "list")]
    for who, line, _ in talk.said:
        nodes += [node(3, "listitem"), node(4, "link", line), node(4, "img", who), node(4, "text", "Mar 4")]
    return label(talk, nodes, other=True)


def form_of_mail(talk: Talk) -> Made:
    """Show the form of a new mail beside phrases to choose from."""
    nodes: list[Node] = [
        *frame("Send", "Discard"),
        node(1, "textbox", "To"),
        node(1, "textbox", "Subject"),
        node(1, "list"),
    ]
    return label(
        talk, [*nodes, *(node(2, "listitem", line) for _, line, _ in talk.said), node(1, "textbox", "Body")], other=True
    )


def terms(talk: Talk) -> Made:
    """Show conditions to accept."""
    nodes = [*frame(), node(1, "dialog"), *(node(2, "paragraph", line) for _, line, _ in talk.said)]
    return label(talk, [*nodes, node(2, "checkbox", "I have read them"), node(2, "button", "Continue")], other=True)


def downloads(talk: Talk) -> Made:
    """Show files that were loaded, from where and when."""
    nodes = [*frame("Clear all"), node(1, "list")]
    for who, line, _ in talk.said:
        nodes += [
            node(2, "listitem"),
            node(3, "link", line + " v2.pdf"),
            node(3, "text", f"{who} - 2 MB"),
            node(3, "text", talk.draw.choice(TIMES)),
        ]
    return label(talk, nodes, other=True)


FAMILY_C: tuple[Layout, ...] = (
    rows_of_two, thread, transcript, two_panes, mail_thread, mail_window, review, day_plan,
    recipe, wiki, problems_beside_assistant, shop, board, form_of_mail, terms, downloads,
)  # fmt: skip
