"""Calendars and meetings: a day, an invitation, an entry of one's own, captions, a side chat.

Written by somebody who had not read the rule; trees from what is known of the programs, not recorded.
"""

from benchmarks.message_screens.desks.canvas import Canvas
from benchmarks.message_screens.desks.talks import ADDRESS, ME, DeskTalk, address_of
from benchmarks.message_screens.screens import Made

_PLACES = ("Pier 3", "Microsoft Teams Meeting", "Room 2.14", "https://zoom.example/j/88231")
_TITLES = ("Weekly", "Harbour move", "Budget round", "1:1")


def calendar_day(talk: DeskTalk) -> Made:
    """Model a day in Outlook's calendar: entries with their titles, places and organisers, some of the recorder."""
    at = Canvas(talk)
    title = f"{talk.word('calendar')} - {ADDRESS} - Outlook"
    at.add(0, "dialog", title)
    at.press(1, "today", "new mail", "delete", "forward")
    at.open_pane(0, 230)
    at.add(1, "tree", "My Calendars")
    for name in (talk.word("calendar"), f"{talk.word('calendar')} - {talk.other}"):
        at.add(2, "treeitem", name)
    at.open_pane(240, 1190)
    at.add(1, "grid", f"{talk.word('calendar')}, {talk.day()}")
    at.add(2, "listitem", f"{talk.word('all day')}, {at.claim(talk.aside[0][1], own=False)}, {talk.aside[0][0]}")
    for hour, (who, line, own) in enumerate(talk.said):
        place = talk.draw.choice(_PLACES)
        times = f"{8 + hour}:00 - {8 + hour}:45"
        shown = f"{at.claim(line, own=own)}, {times}, {place}, {talk.word('organizer')} {who}, {talk.word('busy')}"
        at.add(2, "listitem", shown)
    who, line, _ = talk.aside[1]
    at.add(0, "dialog", "1 Reminder")
    at.add(1, "listitem", f"{at.claim(line, own=False)}, 15 min, {who}")
    at.add(1, "button", at.control("Snooze"))
    at.add(1, "button", at.control("Dismiss"))
    return at.finish("OUTLOOK.EXE", title)


def invitation(talk: DeskTalk) -> Made:
    """Model an invitation in Google Calendar: organiser, description, notes of guests, and the recorder as You."""
    at, title = Canvas(talk), talk.draw.choice(_TITLES)
    at.add(0, "RootWebArea", f"Harbour - {talk.word('calendar')} - {title}")
    at.add(1, "button", f"Google Account: {ME} ({ADDRESS})")
    at.add(1, "dialog", title)
    at.add(2, "heading", title)
    at.add(2, "StaticText", f"{talk.day()} {talk.clock()}")
    (organizer, words), *more = talk.incoming
    at.add(2, "heading", talk.word("guests"))
    at.add(2, "list")
    at.add(3, "treeitem", f"{organizer}, {talk.word('organizer')}")
    notes = [*((who, line, False) for who, line in more), *((ME, line, True) for line in talk.answers)]
    for who, line, own in notes:
        at.add(3, "treeitem")
        at.add(4, "StaticText", talk.word("you") if own else who)
        at.add(4, "StaticText", at.claim(line, own=own))
    at.add(2, "StaticText", talk.word("description"))
    at.add(2, "generic")
    at.add(3, "StaticText", f"{talk.greet(ME)}")
    at.add(3, "StaticText", at.claim(words, own=False))
    at.press(2, "accept", "decline", "tentative")
    at.write(2, "textbox", talk.word("note"))
    at.press(2, "send")
    return at.finish("chrome.exe", f"Harbour - {title}", "https://calendar.google.com/calendar/u/0/r/day")


def own_entry(talk: DeskTalk) -> Made:
    """Model an entry of the recorder that is open to be edited, as rrweb mirrors it: her words, answers of guests."""
    at, title = Canvas(talk), talk.draw.choice(_TITLES)
    at.add(0, "generic")
    at.press(1, "save", "discard", "delete")
    at.add(1, "textbox", value=title, states="editable")
    at.add(1, "textbox", value=f"{talk.day()} {talk.clock()}", states="editable")
    at.add(1, "textbox", value=talk.draw.choice(_PLACES), states="editable")
    at.add(1, "textbox", talk.word("description"), "\n".join(at.claim(line, own=True) for line in talk.answers))
    at.nodes[-1]["states"] = ["editable", "focused"]
    at.open_pane(900, 500)
    at.add(1, "heading", talk.word("guests"))
    at.add(1, "list")
    for who, line in talk.incoming:
        at.add(2, "listitem")
        at.add(3, "generic", who)
        at.add(3, "generic", f"{talk.word('decline')}: {at.claim(line, own=False)}")
        at.add(3, "button", at.control(f"{talk.word('delete')} {address_of(who)}"))
    return at.finish("firefox", title, "https://calendar.google.com/calendar/u/0/r/eventedit/N2x", text=True)


def meet_captions(talk: DeskTalk) -> Made:
    """Model a call in Google Meet: captions with the speaker above them, the recorder as You, a chat beside them."""
    at = Canvas(talk)
    at.add(0, "RootWebArea", "Meet - Harbour move")
    at.press(1, "mute", "leave", "settings")
    at.add(1, "region", "Captions")
    middle = len(talk.said) // 2 + 1
    for who, line, own in talk.said[:middle]:
        at.add(2, "generic")
        at.add(3, "img")
        at.add(3, "StaticText", talk.word("you") if own else who)
        at.add(3, "generic")
        at.add(4, "StaticText", at.claim(line, own=own))
    at.open_pane(1080, 350)
    at.add(1, "complementary", "In-call messages")
    at.add(2, "list")
    for who, line, own in [*talk.said[middle:], *talk.aside[:2]]:
        at.add(3, "listitem")
        at.add(4, "StaticText", talk.word("you") if own else who)
        at.add(4, "StaticText", talk.clock())
        at.add(4, "StaticText", at.claim(line, own=own))
    at.write(2, "textbox", talk.word("compose"))
    at.press(2, "send")
    at.add(1, "list", "Participants")
    for who in (f"{ME} ({talk.word('you')})", talk.other):
        at.add(2, "listitem", who)
    return at.finish("chrome.exe", "Meet - Harbour move", "https://meet.google.com/abc-defg-hij")


def zoom_chat(talk: DeskTalk) -> Made:
    """Model the chat of a meeting in Zoom: from whom to whom, the recorder as Me on either side."""
    at = Canvas(talk)
    at.add(0, "dialog", "Zoom Meeting")
    at.press(1, "mute", "leave", "share")
    at.add(1, "list", f"{ME} (Host, me), {talk.other}")
    at.open_pane(1000, 430)
    at.add(1, "list", talk.word("chat"))
    me, to = talk.word("Me"), talk.word("to")
    for place, (who, line, own) in enumerate(talk.said):
        sender = me if own else who
        receiver = talk.word("everyone") if place % 3 else (talk.other if own else f"{me} (Direct Message)")
        shown, time = at.claim(line, own=own), talk.clock()
        at.add(2, "listitem", f"{sender} {to} {receiver}, {shown}, {time}")
        at.add(3, "paragraph", f"{sender} {to} {receiver}")
        at.add(3, "paragraph", time)
        at.add(3, "paragraph", shown)
    at.write_named(1, "textbox", talk.word("compose"))
    return at.finish("Zoom.exe", "Zoom Meeting")


MEETINGS = (calendar_day, invitation, own_entry, meet_captions, zoom_chat)
