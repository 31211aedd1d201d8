"""Chats, meetings and transcripts of family ``senders``, written before the rule for senders was.

Some name the recorder, some say ``You``, some show the recorder's own messages without a sender at one side.
"""

from textwrap import wrap

from benchmarks.message_screens.office_talks import OfficeTalk, name_writer, show
from benchmarks.message_screens.screens import Made, Node, node
from benchmarks.message_screens.senders.talks import LOGIN, ME, NAMESAKE

_WIDE, _LEFT, _RIGHT, _BUBBLE = 9, 320.0, 1240.0, 38


def slack_thread(talk: OfficeTalk) -> Made:
    """Show a thread; who writes twice in a row is named once, reactions say who reacted (a page)."""
    nodes = [node(0, "RootWebArea", "Thread - pumps - Slack"), node(1, "button", f"User menu: {ME}")]
    nodes += [node(1, "tree", "Channels"), node(2, "treeitem", NAMESAKE), node(2, "treeitem", f"{ME} (you)")]
    nodes.append(node(1, "list", "Thread"))
    before = ""
    for who, line, own in talk.said:
        writer = name_writer(who, own=own, me=ME)
        nodes += [node(2, "listitem"), node(3, "document")]
        nodes += [node(4, "button", writer)] if writer != before else []
        nodes += [node(4, "link", talk.clock()), node(5, "StaticText", "10:42"), node(4, "generic")]
        nodes += [
            node(5, "StaticText", line),
            node(4, "button", f"2 reactions, react with thumbs up, {who} and 1 other"),
        ]
        before = writer
    nodes += [node(1, "textbox", "Reply to thread in pumps", talk.own[-1] if talk.own else None)]
    nodes += [node(1, "checkbox", "Also send to pumps"), node(1, "button", "Send now")]
    return show(talk, nodes, "chrome.exe", "Thread - pumps - Slack", "https://app.slack.com/client/T1/C2/thread/7")


def discord(talk: OfficeTalk) -> Made:
    """Show a channel in which answers stand below a line of what they answer."""
    nodes = [node(0, "RootWebArea", "Discord | #pumps | Acme"), node(1, "region", "User area")]
    nodes += [node(2, "button", f"Set Status: {LOGIN}"), node(1, "main", "pumps (channel)"), node(2, "list")]
    last: tuple[str, str] | None = None
    for number, (who, line, own) in enumerate(talk.said):
        writer = name_writer(who, own=own, me=LOGIN)
        nodes += [node(3, "listitem"), node(4, "article")]
        if last and number % 2:
            nodes += [node(5, "generic"), node(6, "StaticText", f"@{last[0]}"), node(6, "StaticText", last[1])]
        nodes += [node(5, "heading"), node(6, "button", writer), node(6, "time", talk.clock())]
        nodes += [node(5, "generic"), node(6, "StaticText", line)]
        last = (writer, line)
    nodes += [node(1, "textbox", "Message #pumps", talk.own[-1] if talk.own else None)]
    return show(talk, nodes, "Discord.exe", "Discord | #pumps | Acme", "https://discord.com/channels/1/2")


def _box(x: float, y: int, text: str) -> dict[str, float]:
    """Lay out a bubble that is as wide as its text."""
    return {"x": x, "y": float(y), "width": float(_WIDE * min(len(text), _BUBBLE)), "height": 24.0}


def signal(talk: OfficeTalk) -> Made:
    """Show bubbles with boxes: own ones stand at the right without a sender; a quote of them names ``You``."""
    nodes = [node(0, "window", "Signal"), node(1, "button", "New chat"), node(1, "list")]
    mine = ""
    for number, (who, line, own) in enumerate(talk.said):
        top, width = 80 + 60 * number, float(_WIDE * min(len(line), _BUBBLE))
        nodes += [node(2, "listitem"), *([] if own else [node(3, "StaticText", who)])]
        if mine and not own:
            nodes += [node(3, "button"), node(4, "StaticText", "You"), node(4, "StaticText", mine)]
        if own and number % 3 == 0:
            other = talk.others[0]
            nodes += [node(3, "button"), node(4, "StaticText", other[0]), node(4, "StaticText", other[1])]
        left = _RIGHT - width if own else _LEFT
        nodes += [{**node(3, "StaticText", line), "bounds": _box(left, top, line)}]
        nodes += [{**node(3, "StaticText", "10:42"), "bounds": _box(left, top + 30, "10:42")}]
        nodes += [node(3, "image", "Read")] if own else []
        mine = line if own else mine
    nodes += [node(1, "textbox", "Message", talk.own[-1] if talk.own else None)]
    return show(talk, nodes, "Signal.exe", "Signal")


def google_chat(talk: OfficeTalk) -> Made:
    """Show a space: ``You`` before own messages, what is quoted in a part with its sender."""
    nodes = [node(0, "RootWebArea", "Pumps - Chat"), node(1, "main"), node(2, "list")]
    last: tuple[str, str] | None = None
    for number, (who, line, own) in enumerate(talk.said):
        writer = name_writer(who, own=own, me="You")
        nodes += [node(3, "listitem"), node(4, "heading"), node(5, "StaticText", f"{writer}, {talk.clock()}, ")]
        nodes += [node(4, "generic"), node(5, "StaticText", writer), node(4, "StaticText", "Now")]
        if last and number % 2:
            nodes += [node(4, "generic", f"Quoting {last[0]}"), node(5, "StaticText", last[0])]
            nodes += [node(5, "StaticText", last[1])]
        nodes += [node(4, "generic"), node(5, "StaticText", line), node(4, "button", "Add reaction")]
        last = (writer, line)
    nodes += [node(2, "textbox", "History is on", talk.own[-1] if talk.own else None)]
    return show(talk, nodes, "chrome.exe", "Pumps - Chat", "https://chat.google.com/room/AAA")


def meeting_transcript(talk: OfficeTalk) -> Made:
    """Show who said what when in a meeting, each entry with its sender read out (UI Automation)."""
    nodes = [node(0, "Window", "Recap | Pumps | Microsoft Teams"), node(1, "List", "Transcript")]
    for number, (who, line, own) in enumerate(talk.said):
        writer = name_writer(who, own=own, me=ME)
        nodes += [node(2, "ListItem", f"{writer} {number} minutes 4 seconds"), node(3, "Text", writer)]
        nodes += [node(3, "Text", f"{number}:04"), node(3, "Text", line)]
    nodes += [node(1, "Edit", "Write a note", "\n".join(talk.own)), node(1, "Button", "Download")]
    return show(talk, nodes, "ms-teams.exe", "Recap | Pumps | Microsoft Teams")


def teams_replies(talk: OfficeTalk) -> Made:
    """Show a chat read out whole: ``by You``, and what is quoted before what is said (UI Automation)."""
    nodes = [node(0, "Window", "Chat | Pumps | Microsoft Teams"), node(1, "Group", "Chat")]
    last: tuple[str, str] | None = None
    for number, (who, line, own) in enumerate(talk.said):
        writer = name_writer(who, own=own, me="You")
        quoted = f"Begin Reference, {last[1]} by {last[0]}, End Reference, " if last and number % 2 else ""
        nodes += [node(2, "Group", f"{quoted}{line} by {writer} {talk.clock()}. Has 1 reaction")]
        nodes += [node(3, "Text", writer), node(3, "Text", talk.clock())]
        if last and number % 2:
            nodes += [node(3, "Group"), node(4, "Text", last[0]), node(4, "Text", "Nov 4"), node(4, "Text", last[1])]
        nodes += [node(3, "Group"), node(4, "Text", line)]
        last = (writer, line)
    nodes += [node(1, "Edit", "Type a message", talk.own[-1] if talk.own else None), node(1, "Button", "Send")]
    return show(talk, nodes, "ms-teams.exe", "Chat | Pumps | Microsoft Teams")


def linkedin(talk: OfficeTalk) -> Made:
    """Show a conversation whose parts are headed by a sentence about who sent what follows."""
    nodes = [node(0, "RootWebArea", "Messaging"), node(1, "button", "Me"), node(1, "main"), node(2, "list")]
    for who, line, own in talk.said:
        writer = name_writer(who, own=own, me=ME)
        nodes += [node(3, "listitem"), node(4, "time", talk.clock())]
        nodes += [
            node(4, "StaticText", f"{writer} sent the following message at 10:42"),
            node(4, "link", "View profile"),
        ]
        nodes += [
            node(4, "generic"),
            node(5, "link", writer),
            node(5, "StaticText", "10:42"),
            node(4, "paragraph", line),
        ]
    nodes += [
        node(2, "textbox", "Write a message\u2026", talk.own[-1] if talk.own else None),
        node(2, "button", "Send"),
    ]
    return show(talk, nodes, "firefox", "Messaging", "https://www.linkedin.com/messaging/thread/2/")


def mattermost(talk: OfficeTalk) -> Made:
    """Show posts whose heads say on whose message they comment."""
    nodes = [node(0, "document web", "pumps - Acme Mattermost"), node(1, "list")]
    last: tuple[str, str] | None = None
    for number, (who, line, own) in enumerate(talk.said):
        writer = name_writer(who, own=own, me=LOGIN)
        told = f"At 10:42 AM Thursday, {writer} wrote, {line}, 1 reaction"
        nodes += [node(2, "list item", told), node(3, "push button", writer), node(3, "link", talk.clock())]
        if last and number % 2:
            nodes += [node(3, "section"), node(4, "static", f"Commented on {last[0]}'s message:")]
            nodes += [node(4, "link", last[1])]
        nodes += [node(3, "paragraph"), node(4, "static", line)]
        last = (writer, line)
    nodes += [node(1, "entry", "Write to pumps", talk.own[-1] if talk.own else None)]
    return show(
        talk, nodes, "firefox", "pumps - Acme Mattermost", "https://mattermost.acme.example/acme/channels/pumps"
    )


def irc(talk: OfficeTalk) -> Made:
    """Show a channel as one text with nicks before the lines (AT-SPI)."""
    rows = ["* Topic for #pumps is: valves"]
    rows += [
        f"[10:4{number}] <{name_writer(who, own=own, me=LOGIN)}> {line}"
        for number, (who, line, own) in enumerate(talk.said)
    ]
    nodes: list[Node] = [node(0, "frame", "#pumps - HexChat"), node(1, "text", None, "\n".join(rows))]
    nodes += [node(1, "label", LOGIN), node(1, "text", None, talk.own[-1] if talk.own else "")]
    return show(talk, nodes, "hexchat", "#pumps - HexChat")


def captions(talk: OfficeTalk) -> Made:
    """Show what was said as it is read off a picture: the name of who speaks, then the words in lines."""
    lines, incoming, own, earlier = ["Leave", "Mute", "Captions (English)"], list[str](), list[str](), list[str]()
    for who, line, mine in talk.said:
        pieces = wrap(line, _BUBBLE)
        lines += [name_writer(who, own=mine, me="You"), *pieces]
        (incoming if not mine else earlier if line in talk.past else own).extend(pieces)
    return show(talk, (), "zoom.us", "Zoom Meeting", lines=lines, incoming=incoming, own=own, earlier=earlier)


def chat_picture(talk: OfficeTalk) -> Made:
    """Show a chat as it is read off a picture: a name and a time above each message."""
    lines, incoming, own, earlier = ["Chats", "Calls", "pumps"], list[str](), list[str](), list[str]()
    for number, (who, line, mine) in enumerate(talk.said):
        pieces = wrap(line, _BUBBLE)
        lines += [f"{name_writer(who, own=mine, me=ME)} 10:{number + 10}", *pieces]
        (incoming if not mine else earlier if line in talk.past else own).extend(pieces)
    lines += ["Type a message"]
    return show(
        talk, (), "ms-teams.exe", "pumps | Microsoft Teams", lines=lines, incoming=incoming, own=own, earlier=earlier
    )


SENDER_CHATS = (
    slack_thread, discord, signal, google_chat, meeting_transcript, teams_replies, linkedin, mattermost, irc, captions,
    chat_picture,
)  # fmt: skip
