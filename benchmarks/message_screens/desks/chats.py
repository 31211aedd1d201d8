"""Chats of teams: Teams with a chat and a channel, Slack with a thread, Google Chat.

Written by somebody who had not read the rule; trees from what is known of the programs, not recorded.
"""

from itertools import groupby

from benchmarks.message_screens.desks.canvas import Canvas
from benchmarks.message_screens.desks.talks import ME, DeskTalk, first_name
from benchmarks.message_screens.screens import Made

_PREVIEW = 40
_OFTEN = 0.3


def teams_chat(talk: DeskTalk) -> Made:
    """Model a chat in Teams on Windows: the recorder's messages stand at the right and have no name."""
    at = Canvas(talk)
    title = f"{talk.word('chat')} | {talk.other} | Microsoft Teams"
    at.add(0, "dialog", title)
    at.add(1, "toolbar")
    at.press(2, "chat", "calendar", "settings")
    at.open_pane(70, 330)
    at.add(1, "tree", talk.word("chat"))
    for who, line, own in talk.aside:
        shown = at.preview(line, own=own, letters=_PREVIEW)
        said = f"{talk.word('formal')}: {shown}" if own else shown
        at.add(2, "treeitem", f"{talk.word('chat')} {who}, {said}, {talk.clock()}")
        at.add(3, "paragraph", who)
        at.add(3, "paragraph", said)
    at.open_pane(410, 1020)
    at.add(1, "region", "Message list")
    shown_before: list[tuple[str, str, bool]] = []
    for who, group in groupby(talk.said, key=lambda said: said[0]):
        messages = list(group)
        for place, (_, line, own) in enumerate(messages):
            side = "right" if own else "left"
            at.add(2, "group")
            if not own and not place:
                at.add(3, "paragraph", who, side=side)
            at.add(3, "paragraph", talk.clock(), side=side)
            if shown_before and talk.draw.random() < _OFTEN:
                before, old, was_own = talk.draw.choice(shown_before)
                at.add(3, "group", "Begin Reference", side=side)
                at.add(4, "paragraph", before, side=side)
                at.add(4, "paragraph", at.claim(old, own=was_own), side=side)
            at.add(3, "group")
            at.add(4, "paragraph", at.claim(line, own=own), side=side)
            shown_before.append((who, line, own))
            if own and place == len(messages) - 1:
                at.add(3, "img", talk.word("seen"), side=side)
            elif not own and talk.draw.random() < _OFTEN:
                at.add(3, "button", f"1 {talk.word('like')}", side=side)
    at.write_named(1, "textbox", talk.word("compose"))
    at.press(1, "send")
    return at.finish("ms-teams.exe", title)


def teams_channel(talk: DeskTalk) -> Made:
    """Model a channel of Teams in Edge: posts and answers with names, mentions, reactions, one pinned post."""
    at = Canvas(talk)
    title = "General (Harbour move) | Microsoft Teams"
    at.add(0, "RootWebArea", title)
    at.add(1, "navigation")
    at.press(2, "chat", "calendar")
    at.add(2, "button", f"Your profile, {ME}, Available")
    at.open_pane(380, 1050)
    at.add(1, "heading", "General")
    who, line = talk.incoming[0]
    at.add(1, "region", f"{talk.word('pinned')} ({ME})")
    at.add(2, "StaticText", who)
    at.add(2, "StaticText", at.claim(line, own=False))
    at.add(1, "list")
    for place, (who, line, own) in enumerate(talk.said):
        depth = 2 if place % 3 == 0 else 4
        shown = at.claim(line, own=own)
        at.add(depth, "listitem", f"{'Post' if place % 3 == 0 else 'Reply'} {who} {talk.clock()}")
        at.add(depth + 1, "img", f"Profile picture of {who}.")
        at.add(depth + 1, "StaticText", who)
        at.add(depth + 1, "StaticText", talk.clock())
        if place % 4 == 1:
            at.add(depth + 1, "StaticText", at.control(talk.word("edited")))
        at.add(depth + 1, "generic")
        if not own and place % 2:
            at.add(depth + 2, "generic", ME)
            at.add(depth + 3, "StaticText", ME)
        at.add(depth + 2, "StaticText", shown)
        if place % 2 == 0:
            at.add(depth + 1, "button", f"2 {talk.word('like')}. {ME}, {talk.other}" if not own else talk.other)
        at.press(depth + 1, "reply")
    at.add(1, "textbox", at.control(talk.word("compose")), states="editable")
    return at.finish("msedge.exe", title, "https://teams.microsoft.com/v2/")


def slack_channel(talk: DeskTalk) -> Made:
    """Model Slack on macOS: a channel whose messages have a name where the writer changes, and a thread beside it."""
    at = Canvas(talk)
    title = "harbour-move (Channel) - Harbour - Slack"
    at.add(0, "AXWindow", title)
    at.add(1, "AXWebArea")
    at.add(2, "AXOutline", "Channels and direct messages")
    for name in ("harbour-move", "random", f"{ME} (you)", talk.other):
        at.add(3, "AXRow", name)
    at.open_pane(260, 760)
    at.add(2, "AXList", "harbour-move (Channel)")
    middle = len(talk.said) // 2 + 1
    _draw_slack(at, 3, talk.said[:middle])
    who, line, own = talk.said[0]
    at.add(3, "AXGroup", "Thread")
    at.add(4, "AXButton", f"{len(talk.said) - middle} replies from {ME} and {talk.other}")
    at.add(2, "AXTextArea", at.control("Message to harbour-move"), states="editable")
    at.open_pane(1030, 400)
    at.add(2, "AXGroup", "Thread in harbour-move")
    _draw_slack(at, 3, [(who, line, own), *talk.said[middle:]])
    for who, line, own in talk.aside[:2]:
        at.add(3, "AXGroup")
        at.add(4, "AXStaticText", value=f"{talk.word('pinned')}: {ME}")
        at.add(4, "AXButton", ME if own else who)
        at.add(4, "AXStaticText", value=at.claim(line, own=own))
    at.write(3, "AXTextArea", f"{talk.word('reply')}\u2026")
    at.add(3, "AXCheckBox", at.control("Also send to harbour-move"))
    return at.finish("Slack", title)


def google_chat(talk: DeskTalk) -> Made:
    """Model a space of Google Chat in Chrome: the recorder is called You, quotes and reactions stand by messages."""
    at = Canvas(talk)
    title = "Harbour move - Chat"
    at.add(0, "RootWebArea", title)
    at.add(1, "banner")
    at.add(2, "button", f"Google Account: {ME}")
    at.open_pane(0, 300)
    at.add(1, "list", talk.word("chat"))
    for who, line, own in talk.aside:
        shown = at.preview(line, own=own, letters=_PREVIEW)
        at.add(2, "listitem")
        at.add(3, "link", who)
        at.add(3, "StaticText", f"{talk.word('you')}: {shown}" if own else f"{first_name(who)}: {shown}")
    at.open_pane(310, 1100)
    at.add(1, "main", "Harbour move")
    at.add(2, "StaticText", at.control(talk.word("today")))
    for place, (who, line, own) in enumerate(talk.said):
        name = talk.word("you") if own else who
        at.add(2, "group")
        at.add(3, "heading", f"{name}, {talk.clock()}")
        at.add(3, "StaticText", name)
        at.add(3, "StaticText", talk.clock())
        if place % 3 == 1:
            at.add(3, "StaticText", at.control(talk.word("edited")))
        if place and talk.draw.random() < _OFTEN:
            before, old, was_own = talk.said[place - 1]
            at.add(3, "blockquote")
            at.add(4, "StaticText", talk.word("you") if was_own else before)
            at.add(4, "StaticText", at.claim(old, own=was_own))
        at.add(3, "generic")
        if not own and place % 2:
            at.add(4, "button", f"@{ME}")
        at.add(4, "StaticText", at.claim(line, own=own))
        at.press(3, "reply")
        if place % 2 == 0:
            at.add(3, "button", f"\U0001f44d 1: {talk.word('you') if not own else talk.other}")
    at.write(1, "textbox", talk.word("compose"))
    at.press(1, "send")
    return at.finish("chrome.exe", title, "https://chat.google.com/room/AAAA")


def _draw_slack(at: Canvas, depth: int, said: list[tuple[str, str, bool]]) -> None:
    last = ""
    for place, (who, line, own) in enumerate(said):
        time = at.talk.clock()
        at.add(depth, "AXGroup")
        if who != last:
            at.add(depth + 1, "AXButton", who)
            at.add(depth + 1, "AXLink", f"{at.talk.word('today')} {time}", time)
        else:
            at.add(depth + 1, "AXLink", time)
        at.add(depth + 1, "AXGroup")
        if not own and place % 3 == 2:  # noqa: PLR2004 - every third
            at.add(depth + 2, "AXLink", f"@{ME}")
        at.add(depth + 2, "AXStaticText", value=at.claim(line, own=own))
        if place % 4 == 1:
            at.add(depth + 2, "AXStaticText", value=f"({at.talk.word('edited').lower()})")
        if place % 2:
            at.add(depth + 1, "AXCheckBox", "1 reaction, react with eyes emoji")
        last = who


CHATS = (teams_chat, teams_channel, slack_channel, google_chat)
