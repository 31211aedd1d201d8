"""Words with and about customers, and a feed: notes, a support desk, a forum of the house.

Written by somebody who had not read the rule; trees from what is known of the programs, not recorded.
"""

from benchmarks.message_screens.desks.canvas import Canvas
from benchmarks.message_screens.desks.talks import ME, DeskTalk, first_name
from benchmarks.message_screens.screens import Made

_PREVIEW = 40


def customer_notes(talk: DeskTalk) -> Made:
    """Model the activities of a customer in a CRM (Salesforce): calls, mails and notes, the recorder as You."""
    at = Canvas(talk)
    title = "Quay & Sons | Account | Salesforce"
    at.add(0, "RootWebArea", title)
    at.add(1, "heading", "Quay & Sons")
    for name in ("Log a Call", "New Task", "New Event", "Email"):
        at.add(1, "button", at.control(name))
    at.add(1, "list", "Activity")
    you = talk.word("you")
    for place, (who, line, own) in enumerate(talk.said):
        kind = ("logged a call", "sent an email to", "posted a note on")[place % 3]
        at.add(2, "listitem")
        at.add(3, "button", f"Details for {kind}")
        at.add(3, "StaticText", f"{you if own else who} {kind} {who if own and place % 3 == 1 else 'Quay & Sons'}")
        at.add(3, "StaticText", f"{talk.clock()} | {talk.word('today')}")
        at.add(3, "generic")
        at.add(4, "StaticText", at.claim(line, own=own))
        if not own:
            at.add(3, "StaticText", f"Assigned to {ME}")
    who, line, own = talk.aside[0]
    at.add(2, "listitem")
    at.add(3, "StaticText", f"{who} sent an email to {you}")
    at.add(3, "StaticText", at.claim(line, own=False))
    at.write(1, "textbox", talk.word("note"))
    at.press(1, "save")
    return at.finish("chrome.exe", title, "https://harbour.lightning.force.com/lightning/r/Account/001/view")


def support_desk(talk: DeskTalk) -> Made:
    """Model a desk for customers (Intercom): their bubbles at the left, the recorder's at the right with a status."""
    at = Canvas(talk)
    title = f"{talk.other} | Inbox | Intercom"
    at.add(0, "RootWebArea", title)
    at.open_pane(60, 340)
    at.add(1, "list", at.control(talk.word("conversations")))
    for who, line, own in talk.aside:
        at.add(2, "link")
        at.add(3, "StaticText", who)
        at.add(3, "StaticText", at.preview(line, own=own, letters=_PREVIEW))
        at.add(3, "StaticText", talk.word("replied") if own else "1m")
        if own:
            at.add(3, "img", talk.word("reply"))
    at.open_pane(410, 700)
    at.add(1, "main")
    at.add(2, "heading", talk.other)
    for place, (who, line, own) in enumerate(talk.said):
        side = "right" if own else "left"
        at.add(2, "group")
        if not own:
            at.add(3, "img", who, side=side)
        at.add(3, "generic")
        at.add(4, "StaticText", at.claim(line, own=own), side=side)
        status = talk.word("seen" if place % 2 else "delivered")
        at.add(3, "StaticText", f"{talk.clock()}. {status}" if own else talk.clock(), side=side)
    at.write(2, "textbox", talk.word("compose"))
    at.press(2, "send")
    at.open_pane(1120, 310)
    at.add(1, "complementary")
    for name, value in (("Assignee", ME), ("Team", "Harbour"), ("Company", "Quay & Sons")):
        at.add(2, "term", at.control(name))
        at.add(2, "definition", value)
    return at.finish("chrome.exe", title, "https://app.intercom.com/a/inbox/hb/inbox/conversation/118")


def forum(talk: DeskTalk) -> Made:
    """Model a feed of the house (Viva Engage): posts of others have a name, only one's own can be edited."""
    at = Canvas(talk)
    title = "Home - Engage"
    at.add(0, "RootWebArea", title)
    at.add(1, "navigation")
    at.press(2, "search", "settings", role="link")
    at.add(1, "feed")
    for place, (who, line, own) in enumerate([*talk.said, *talk.aside[:2]]):
        is_post = place % 3 == 0
        at.add(2 if is_post else 3, "article")
        at.add(4, "img", "Profile picture" if own else f"Profile picture of {who}")
        if not own:
            at.add(4, "link", who)
        at.add(4, "StaticText", talk.day())
        at.add(4, "generic")
        if not own and place % 2:
            at.add(5, "StaticText", f"cc {ME}, {first_name(talk.other)}")
        at.add(5, "StaticText", at.claim(line, own=own))
        at.press(4, *(("edit", "delete") if own else ("like", "reply", "share")))
        if not own:
            at.add(4, "StaticText", f"{talk.word('seen')} 14. {ME}, {talk.other} + 3")
    at.write(1, "textbox", talk.word("comment"))
    return at.finish("msedge.exe", title, "https://engage.cloud.microsoft/main/feed")


CUSTOMERS = (customer_notes, support_desk, forum)
