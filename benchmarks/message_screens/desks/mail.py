"""Other mail readers of offices: Gmail, Apple Mail, Thunderbird, and a picture of one that was read by OCR.

Written by somebody who had not read the rule; trees from what is known of the programs, not recorded.
"""

from benchmarks.message_screens.desks.canvas import Canvas
from benchmarks.message_screens.desks.talks import ADDRESS, ME, PRIVATE, DeskTalk, address_of, first_name
from benchmarks.message_screens.screens import Made

_SNIPPET, _PAGE = 56, 62
_SUBJECTS = ("Harbour office", "Q4 planning", "Tender 118", "Site visit")


def gmail_rows(talk: DeskTalk) -> Made:
    """Model the inbox of Gmail in Chrome: a row for each conversation, its writers, and how its last mail begins."""
    at = Canvas(talk)
    title = f"{talk.word('inbox')} (12) - {ADDRESS} - Harbour Mail"
    at.add(0, "RootWebArea", title)
    at.add(1, "button", f"Google Account: {ME} ({ADDRESS})")
    at.add(1, "searchbox", at.control(talk.word("search")))
    at.add(1, "navigation")
    at.press(2, "inbox", "sent", "drafts", role="link")
    at.open_pane(256, 1180)
    at.add(1, "main")
    at.press(2, "archive", "delete")
    at.add(2, "table")
    for place, (who, line, own) in enumerate([*talk.said, *talk.aside]):
        shown, subject, time = at.preview(line, own=own, letters=_SNIPPET), talk.draw.choice(_SUBJECTS), talk.clock()
        writers = first_name(talk.other if own else who)
        if own:
            writers += f", {talk.word('me')}"
        elif place % 3 == 0:
            writers = f"{talk.word('me')}, {writers}"
        read = "" if own else f"{talk.word('Unread')}, "
        at.add(3, "row", f"{read}{writers} , {subject}, {time}, {shown}.")
        at.add(4, "gridcell")
        at.add(5, "checkbox")
        at.add(4, "gridcell", writers)
        at.add(4, "gridcell", f"{subject} - {shown}")
        at.add(5, "link")
        at.add(6, "StaticText", subject)
        at.add(6, "StaticText", f" - {shown}")
        at.add(4, "gridcell", time)
    if talk.pending:
        at.add(3, "row")
        at.add(4, "gridcell", talk.word("draft"))
        at.add(4, "gridcell", at.preview(talk.pending, own=True, letters=_SNIPPET))
    return at.finish("chrome.exe", title, "https://mail.google.com/mail/u/0/#inbox")


def gmail_conversation(talk: DeskTalk) -> Made:
    """Model a conversation of Gmail as rrweb mirrors it: closed mails by a line, open ones with what they quote."""
    at, subject = Canvas(talk), talk.draw.choice(_SUBJECTS)
    at.add(0, "generic")
    at.add(1, "heading", subject)
    at.add(1, "button", talk.word("inbox"))
    at.add(1, "list")
    for place, (who, line, own) in enumerate(talk.said):
        at.add(2, "listitem")
        if place < len(talk.said) // 2:
            at.add(3, "generic", talk.word("me") if own else who)
            at.add(3, "generic", at.preview(line, own=own, letters=_SNIPPET))
            at.add(3, "generic", talk.day())
            continue
        at.add(3, "heading", f"{who} <{address_of(who)}>")
        at.add(3, "generic", talk.word("to me") if not own else f"{talk.word('to')} {first_name(talk.other)}")
        at.add(3, "generic", f"{talk.day()}, {talk.clock()}")
        at.press(3, "reply")
        at.add(3, "generic", talk.greet(talk.other if own else ME))
        at.add(3, "paragraph", at.claim(line, own=own))
        if place:
            before, old, was_own = talk.said[place - 1]
            at.add(3, "generic", talk.attribute(f"{before} <{address_of(before)}>"))
            at.add(3, "blockquote")
            at.add(4, "generic", at.claim(old, own=was_own))
    who, line, own = talk.aside[0]
    at.add(2, "listitem")
    at.add(3, "heading", talk.word("me"))
    at.add(3, "generic", f"---------- {talk.word('forwarded')} ---------")
    at.add(3, "generic", f"{talk.word('From')}: {who} <{address_of(who)}>")
    at.add(3, "generic", f"{talk.word('Subject')}: Fwd: {subject}")
    at.add(3, "paragraph", at.claim(line, own=False))
    at.write(1, "textbox", talk.word("message"))
    at.press(1, "send", "reply all", "forward")
    return at.finish(
        "chrome.exe", f"{subject} - {ADDRESS}", "https://mail.google.com/mail/u/1/#inbox/FMfcgz", text=True
    )


def apple_mail(talk: DeskTalk) -> Made:
    """Model Mail on macOS: a list of mails, and a conversation whose mails quote one another with marks."""
    at, subject = Canvas(talk), talk.draw.choice(_SUBJECTS)
    title = f"{talk.word('inbox')} \u2013 Harbour"
    at.add(0, "AXWindow", title)
    at.add(1, "AXToolbar")
    at.press(2, "archive", "delete", "reply", "reply all", "forward", role="AXButton")
    at.add(1, "AXOutline", "mailboxes")
    for name in ("Harbour", "iCloud"):
        at.add(2, "AXRow")
        at.add(3, "AXStaticText", value=at.control(name))
    at.open_pane(220, 380)
    at.add(1, "AXTable", talk.word("message"))
    for who, line, own in talk.aside:
        at.add(2, "AXRow")
        at.add(3, "AXCell")
        at.add(4, "AXStaticText", value=ME if own else who)
        at.add(4, "AXStaticText", value=talk.clock())
        at.add(4, "AXStaticText", value=talk.draw.choice(_SUBJECTS))
        at.add(4, "AXStaticText", value=at.claim(line, own=own))
    at.open_pane(610, 820)
    at.add(1, "AXScrollArea", "messages")
    for place, (who, line, own) in reversed(list(enumerate(talk.said))):
        at.add(2, "AXGroup")
        at.add(3, "AXStaticText", value=who)
        at.add(3, "AXStaticText", value=subject)
        at.add(3, "AXStaticText", value=f"{talk.word('To')}: {talk.other if own else ME}")
        at.add(3, "AXStaticText", value=f"{talk.word('sent' if own else 'inbox')} - Harbour  {talk.clock()}")
        at.add(3, "AXWebArea")
        at.add(4, "AXStaticText", value=at.claim(line, own=own))
        at.add(4, "AXStaticText", value=first_name(who))
        if place:
            before, old, was_own = talk.said[place - 1]
            at.add(4, "AXStaticText", value=f"> {talk.attribute(before)}")
            at.add(4, "AXStaticText", value=f"> {at.claim(old, own=was_own)}")
    return at.finish("Mail", title)


def thunderbird(talk: DeskTalk) -> Made:
    """Model Thunderbird on Linux: the recorder's mail is open and quotes the earlier ones, each a mark deeper."""
    at, subject = Canvas(talk), talk.draw.choice(_SUBJECTS)
    title = f"Re: {subject} - Mozilla Thunderbird"
    at.add(0, "frame", title)
    at.add(1, "tool bar")
    at.press(2, "new mail", "search", role="push button")
    at.add(1, "tree table", "Account")
    for account in (ADDRESS, PRIVATE):
        at.add(2, "tree item", account)
        at.press(3, "inbox", "sent", "drafts", role="tree item")
    at.open_pane(260, 1170)
    at.add(1, "tree table")
    at.press(2, "Subject", "From", "Date", role="table column header")
    for who, _, own in [*talk.said, *talk.aside]:
        at.add(2, "table row")
        at.add(3, "table cell", f"Re: {subject}")
        at.add(3, "table cell", ME if own else who)
        at.add(3, "table cell", f"{talk.day()}, {talk.clock()}")
    at.add(1, "document web", subject)
    at.press(2, "reply", "forward", "archive", "delete", role="push button")
    at.add(2, "label", talk.word("From"))
    at.add(2, "text", f"{talk.word('Me')} <{ADDRESS}>")
    at.add(2, "label", talk.word("To"))
    at.add(2, "text", f"{talk.other} <{address_of(talk.other)}>")
    at.add(2, "section")
    last = max(place for place, said in enumerate(talk.said) if said[2])
    for level, (who, line, own) in enumerate(reversed(talk.said[: last + 1])):
        if level:
            marks = ">" * (level - 1)
            at.add(3, "paragraph", f"{marks} {talk.attribute(who)}".strip())
        shown = at.claim(line, own=own)
        at.add(3, "paragraph", f"{'>' * level} {shown}" if level else shown)
    if last + 1 < len(talk.said):
        who, line, _ = talk.said[last + 1]
        at.add(0, "alert", who)
        at.add(1, "label", at.claim(line, own=False))
    return at.finish("thunderbird", title)


def mail_picture(talk: DeskTalk) -> Made:
    """Model a picture of a mail and its history, read by OCR: lines are broken, the folders stand before them."""
    at, subject = Canvas(talk), talk.draw.choice(_SUBJECTS)
    at.lines += [f"{talk.word('new mail')}   {talk.word('reply')}   {talk.word('forward')}", f"RE: {subject}"]
    at.controls += [talk.word("new mail"), talk.word("forward")]
    folders = [talk.word(key) for key in ("inbox", "drafts", "sent", "trash")]
    for place, (who, line, own) in enumerate(reversed(talk.said)):
        to = talk.other if own else ME
        if place:
            at.lines += [f"{talk.word('From')}: {who} <{address_of(who)}>", f"{talk.word('Sent')}: {talk.day()}"]
            at.lines += [f"{talk.word('To')}: {to}", f"{talk.word('Subject')}: RE: {subject}"]
        else:
            at.lines += [f"{''.join(word[0] for word in who.split()[:2])}  {who}   {talk.clock()}"]
            at.lines += [f"{talk.word('To')}: {to}"]
        at.lines.append(talk.greet(to))
        for piece in at.break_up(line, own=own, letters=_PAGE):
            before = f"{at.control(folders.pop(0))}    " if folders else ""
            at.lines.append(before + piece)
        at.lines += [talk.word("regards"), first_name(who)]
    return at.finish("OUTLOOK.EXE", f"RE: {subject}")


MAIL = (gmail_rows, gmail_conversation, apple_mail, thunderbird, mail_picture)
