"""Tickets, reviews, boards and forums of family ``senders``, written before the rule for senders was."""

from benchmarks.message_screens.office_talks import OfficeTalk, name_writer, show
from benchmarks.message_screens.screens import Made, node
from benchmarks.message_screens.senders.talks import LOGIN, ME, TEAM


def gitlab(talk: OfficeTalk) -> Made:
    """Show notes on a change: what the system notes, answers below, blocks of quoted words."""
    nodes = [node(0, "RootWebArea", "Rates (!88) - GitLab"), node(1, "button", f"{ME} user\u2019s menu")]
    nodes += [node(1, "main"), node(2, "list")]
    last = ""
    for number, (who, line, own) in enumerate(talk.said):
        writer = name_writer(who, own=own, me=ME)
        nodes += [node(3, "listitem"), node(4, "link", writer), node(4, "link", f"@{LOGIN if own else 'other'}")]
        nodes += [node(4, "StaticText", "\u00b7"), node(4, "link", talk.clock()), node(4, "StaticText", "Developer")]
        if last and number % 2:
            nodes += [node(4, "blockquote"), node(5, "paragraph", last)]
        nodes += [node(4, "paragraph", line), node(4, "button", "Add reaction"), node(4, "button", "Reply to comment")]
        nodes += [node(3, "listitem"), node(4, "link", ME), node(4, "StaticText", f"assigned to @{LOGIN}")]
        last = line
    nodes += [node(2, "textbox", "Add a reply", talk.own[-1] if talk.own else None)]
    return show(talk, nodes, "firefox", "Rates (!88) - GitLab", "https://gitlab.acme.example/pumps/-/merge_requests/88")


def github_issue(talk: OfficeTalk) -> Made:
    """Show an issue: each comment under a heading in one sentence, with reactions and events between."""
    nodes = [node(0, "RootWebArea", "Valves stick - Issue #7 - acme/pumps"), node(1, "main")]
    for number, (who, line, own) in enumerate(talk.said):
        writer = name_writer(who, own=own, me=LOGIN)
        nodes += [node(2, "generic"), node(3, "heading", f"{writer} commented {talk.clock()}"), node(3, "link", writer)]
        nodes += [node(3, "StaticText", "Contributor"), node(3, "button", "Show options")]
        if number % 2:
            nodes += [node(3, "blockquote"), node(4, "StaticText", talk.said[number - 1][1])]
        nodes += [
            node(3, "paragraph"),
            node(4, "StaticText", line),
            node(3, "button", f"{who} reacted with heart emoji"),
        ]
        nodes += [node(2, "generic"), node(3, "link", LOGIN), node(3, "StaticText", "added the bug label")]
    nodes += [node(2, "textbox", "Add a comment", talk.own[-1] if talk.own else None), node(2, "button", "Comment")]
    return show(talk, nodes, "chrome.exe", "Valves stick - Issue #7", "https://github.com/acme/pumps/issues/7")


def trello(talk: OfficeTalk) -> Made:
    """Show a card: a description by nobody, members, and activity of all kinds."""
    nodes = [
        node(0, "RootWebArea", "Pump 3 on Acme | Trello"),
        node(1, "dialog", "Pump 3"),
        node(2, "heading", "Members"),
    ]
    nodes += [node(2, "button", f"{ME} ({LOGIN})"), node(2, "heading", "Description")]
    nodes += [node(2, "paragraph", talk.others[0][1]), node(2, "heading", "Activity"), node(2, "list")]
    for who, line, own in talk.said:
        writer = name_writer(who, own=own, me=ME)
        nodes += [node(3, "listitem"), node(4, "image", writer), node(4, "StaticText", writer)]
        nodes += [node(4, "link", talk.clock()), node(4, "generic"), node(5, "paragraph", line)]
        nodes += [node(4, "link", "Edit"), node(4, "link", "Delete")] if own else [node(4, "link", "Reply")]
        nodes += [
            node(3, "listitem"),
            node(4, "StaticText", writer),
            node(4, "StaticText", " added this card to Doing"),
        ]
    nodes += [node(2, "textbox", "Write a comment\u2026", talk.own[-1] if talk.own else None)]
    return show(talk, nodes, "chrome.exe", "Pump 3 on Acme | Trello", "https://trello.com/c/Ab/3-pump-3")


def help_desk(talk: OfficeTalk) -> Made:
    """Show a ticket that colleagues answer under one account, and the recorder under her name."""
    nodes = [
        node(0, "RootWebArea", "[#8831] Crate - Freshdesk"),
        node(1, "button", f"Profile of {ME}"),
        node(1, "main"),
    ]
    for who, line, own in talk.said:
        writer = name_writer(who if talk.draw.random() < 0.5 else TEAM, own=own, me=ME)  # noqa: PLR2004
        nodes += [node(2, "article"), node(3, "StaticText", writer), node(3, "StaticText", "replied")]
        nodes += [node(3, "StaticText", talk.clock()), node(3, "StaticText", f"To: {ME}"), node(3, "generic")]
        nodes += [node(4, "paragraph", line), node(4, "button", "Show quoted text")]
    nodes += [node(2, "combobox", "From", f"{TEAM} <desk@acme.example>")]
    nodes += [node(2, "textbox", "Reply", talk.own[-1] if talk.own else None), node(2, "button", "Send")]
    return show(talk, nodes, "msedge.exe", "[#8831] Crate", "https://acme.freshdesk.com/a/tickets/8831")


def shared_inbox(talk: OfficeTalk) -> Made:
    """Show a team's inbox in which everybody, the recorder too, writes under the name of the team."""
    nodes = [node(0, "RootWebArea", "Inbox - Missive"), node(1, "main"), node(2, "list")]
    for number, (who, line, own) in enumerate(talk.said):
        writer = TEAM if own or number % 2 else who
        nodes += [node(3, "listitem"), node(4, "StaticText", writer), node(4, "StaticText", talk.clock())]
        nodes += [node(4, "paragraph", line), node(4, "button", "Reply")]
    nodes += [node(2, "textbox", "Write a reply", talk.own[-1] if talk.own else None)]
    return show(talk, nodes, "Missive", "Inbox - Missive", "https://mail.missiveapp.com/#inbox", earlier=())


def wiki_comments(talk: OfficeTalk) -> Made:
    """Show remarks below a page; answers stand inside of the remark that they answer."""
    nodes = [node(0, "RootWebArea", "Rates - Confluence"), node(1, "button", "Your profile"), node(1, "main")]
    nodes += [node(2, "heading", "Rates"), node(2, "heading", "Comments"), node(2, "list")]
    for number, (who, line, own) in enumerate(talk.said):
        depth = 3 + 2 * (number % 2)
        nodes += [node(depth, "listitem"), node(depth + 1, "link", name_writer(who, own=own, me=ME))]
        nodes += [node(depth + 1, "paragraph", line), node(depth + 1, "StaticText", talk.clock())]
        nodes += [node(depth + 1, "button", "Reply"), node(depth + 1, "button", "Like"), node(depth + 1, "list")]
    nodes += [node(2, "textbox", "Write a comment", talk.own[-1] if talk.own else None)]
    return show(talk, nodes, "firefox", "Rates - Confluence", "https://acme.atlassian.net/wiki/spaces/P/pages/7")


def planner(talk: OfficeTalk) -> Made:
    """Show a task with who has it, its notes, and comments with the newest first (AX)."""
    nodes = [node(0, "AXWindow", "Pump 3"), node(1, "AXStaticText", None, "Assigned to"), node(1, "AXButton", ME)]
    nodes += [node(1, "AXTextArea", "Notes", talk.others[0][1]), node(1, "AXGroup", "Comments"), node(2, "AXList")]
    for who, line, own in reversed(talk.said):
        writer = name_writer(who, own=own, me=ME)
        nodes += [node(3, "AXGroup", f"{writer}, {talk.clock()}"), node(4, "AXStaticText", None, writer)]
        nodes += [node(4, "AXStaticText", None, talk.clock()), node(4, "AXTextArea", None, line)]
    nodes += [node(2, "AXTextField", "Type your comment here", talk.own[-1] if talk.own else None)]
    return show(talk, nodes, "Planboard", "Pump 3")


def drawing(talk: OfficeTalk) -> Made:
    """Show remarks as pins of a drawing, read out whole, answers counted."""
    nodes = [
        node(0, "RootWebArea", "Hall \u2013 Miro"),
        node(1, "button", f"{ME}, board owner"),
        node(1, "list", "Comments"),
    ]
    for number, (who, line, own) in enumerate(talk.said):
        nodes += [
            node(2, "listitem", f"{name_writer(who, own=own, me='You')}: {line} {talk.clock()}, {number} replies")
        ]
    nodes += [node(1, "textbox", "Reply\u2026", talk.own[-1] if talk.own else None)]
    return show(talk, nodes, "Miro", "Hall", "https://miro.com/app/board/uX/")


def forum(talk: OfficeTalk) -> Made:
    """Show a topic whose answers open with who is answered and quote them in boxes."""
    nodes = [node(0, "document web", "Valves - Operators"), node(1, "landmark")]
    last: tuple[str, str] | None = None
    for number, (who, line, own) in enumerate(talk.said):
        writer = name_writer(who, own=own, me=LOGIN)
        nodes += [node(2, "article"), node(3, "heading"), node(4, "link", writer), node(3, "link", talk.clock())]
        if last and number % 2:
            nodes += [node(3, "section", f"{last[0]} said:"), node(4, "paragraph", last[1])]
        nodes += [node(3, "paragraph", line), node(3, "static", f"{who} likes this"), node(3, "push button", "Quote")]
        last = (writer, line)
    nodes += [node(2, "entry", "Reply to topic", talk.own[-1] if talk.own else None)]
    return show(talk, nodes, "firefox", "Valves - Operators", "https://talk.acme.example/t/118")


SENDER_WORK = (
    gitlab, github_issue, trello, help_desk, shared_inbox, wiki_comments, planner, drawing, forum,
)  # fmt: skip
