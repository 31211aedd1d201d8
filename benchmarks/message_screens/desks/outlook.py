"""Outlook, the mail reader that most offices use: the classic program, the new one, and its page.

Written by somebody who had not read the rule; trees from what is known of the program, not recorded.
"""

from benchmarks.message_screens.desks.canvas import Canvas
from benchmarks.message_screens.desks.talks import ADDRESS, ME, PRIVATE, DeskTalk, address_of, first_name
from benchmarks.message_screens.screens import Made

_PREVIEW, _OFTEN = 48, 0.5
_SUBJECTS = ("Harbour office", "Q4 planning", "Tender 118", "Site visit")


def outlook_inbox(talk: DeskTalk) -> Made:
    """Model classic Outlook on Windows: folders of two accounts, a list of mails, one with its history in the pane."""
    at, subject = Canvas(talk), talk.draw.choice(_SUBJECTS)
    title = f"{talk.word('inbox')} - {ADDRESS} - Outlook"
    at.add(0, "dialog", title)
    at.press(1, "new mail", "delete", "archive", "reply", "reply all", "forward")
    _draw_folders(at)
    at.open_pane(230, 420)
    at.add(1, "table", "Message List")
    at.add(2, "rowgroup", talk.word("today"))
    seen = talk.word("Unread")
    for place, (who, line) in enumerate([*talk.incoming, *_theirs(talk)]):
        name = (
            f"{seen + ', ' if place % 2 else ''}{who}, RE: {subject}, {talk.word('Received')} {talk.clock()}, 48 KB, "
        )
        at.add(2, "row", name + at.preview(line, own=False, letters=_PREVIEW))
    at.open_pane(660, 780)
    at.add(1, "region", "Reading Pane")
    who, line = talk.incoming[-1]
    at.add(2, "heading", f"RE: {subject}")
    at.add(2, "button", who)
    at.add(2, "paragraph", f"{talk.word('To')}  {ME}; {talk.other}")
    at.add(2, "paragraph", f"{talk.day()} {talk.clock()}")
    at.add(2, "document", talk.word("message"))
    for part in (talk.greet(ME), at.claim(line, own=False), talk.word("regards"), first_name(who)):
        at.add(3, "paragraph", part)
    for before, old, own in reversed([said for said in talk.said if said[1] != line]):
        _draw_history(at, 3, before, subject)
        at.add(3, "paragraph", at.claim(old, own=own))
    return at.finish("OUTLOOK.EXE", title)


def outlook_conversation(talk: DeskTalk) -> Made:
    """Model Outlook's page in Edge: a conversation with mails that are open, closed to a line, and one unsent."""
    at, subject = Canvas(talk), talk.draw.choice(_SUBJECTS)
    title = f"Mail - {ME} - Outlook"
    at.add(0, "RootWebArea", title)
    at.add(1, "banner")
    at.add(2, "button", f"Account manager for {ME}")
    at.add(2, "searchbox", at.control(talk.word("search")))
    at.add(1, "toolbar")
    at.press(2, "new mail", "delete", "archive")
    at.add(1, "tree")
    at.press(2, "inbox", "sent", "drafts", role="treeitem")
    at.open_pane(300, 380)
    at.add(1, "listbox", "Message list")
    for who, line, own in talk.aside:
        shown = at.preview(line, own=own, letters=_PREVIEW)
        at.add(2, "option", f"{talk.word('Unread')} {who} Re: lunch {talk.clock()} {shown}" if not own else "")
        at.add(3, "StaticText", who if not own else f"{who}; {ME}")
        at.add(3, "StaticText", shown)
    at.open_pane(690, 750)
    at.add(1, "main", "Reading pane")
    at.add(2, "heading", subject)
    for place, (who, line, own) in enumerate(talk.said):
        closed = place < len(talk.said) - 2 and place % 2 == 0
        at.add(2, "group", f"Email message from {who}" if not closed else "")
        at.add(3, "heading", who)
        at.add(3, "StaticText", f"{talk.day()} {talk.clock()}")
        if closed:
            at.add(3, "StaticText", at.preview(line, own=own, letters=_PREVIEW))
            continue
        to = talk.other if own else ME
        at.add(3, "StaticText", f"{talk.word('To')}: {to}")
        at.press(3, "reply", "reply all", "forward")
        at.add(3, "document", talk.word("message"))
        at.add(4, "StaticText", talk.greet(to))
        at.add(4, "paragraph")
        at.add(5, "StaticText", at.claim(line, own=own))
        at.add(4, "StaticText", f"{talk.word('regards')} {first_name(who)}")
        if not own:
            at.add(3, "button", f"1 {talk.word('like')}: {ME}")
    if talk.pending:
        at.add(2, "StaticText", f"[{talk.word('draft')}]")
        at.write(2, "textbox", talk.word("message"))
    return at.finish("msedge.exe", title, "https://outlook.office.com/mail/inbox/id/AAQk")


def outlook_sent(talk: DeskTalk) -> Made:
    """Model the folder of sent mails of new Outlook: to whom, and the first lines, some with what they answer."""
    at = Canvas(talk)
    at.add(0, "dialog", f"{talk.word('sent')} - Outlook")
    at.press(1, "new mail", "reply", "forward", "delete")
    _draw_folders(at)
    at.open_pane(230, 1200)
    at.add(1, "heading", talk.word("sent"))
    at.add(1, "list", talk.word("sent"), states="selected")
    answered = list(talk.incoming)
    for line in [*talk.answers, *(line for _, line, own in talk.aside if own)]:
        who, theirs = answered.pop() if answered else (talk.other, "")
        at.add(2, "listitem", states="selected" if line == talk.answers[0] else "")
        at.add(3, "paragraph", f"{talk.word('To')}: {who}")
        at.add(3, "paragraph", talk.draw.choice(_SUBJECTS))
        shown = f"{talk.greet(who)} {at.claim(line, own=True)}"
        if theirs:
            quoted = at.claim(theirs, own=False)
            head = f"{talk.word('From')}: {who} {talk.word('Sent')}: {talk.day()} {talk.word('To')}: {ME}"
            shown += f" {first_name(ME)} ________________________________ {head} {quoted}"
        at.add(3, "paragraph", shown)
        at.add(3, "paragraph", talk.clock())
    who, line, _ = next((said for said in talk.aside if not said[2]), talk.said[0])
    if line not in talk.answers:
        at.add(0, "dialog", "New notification")
        at.add(1, "paragraph", who)
        at.add(1, "paragraph", at.claim(line, own=False))
        at.press(1, "delete", "archive")
    return at.finish("olk.exe", f"{talk.word('sent')} - {ADDRESS} - Outlook")


def outlook_search(talk: DeskTalk) -> Made:
    """Model results of a search in new Outlook: received and sent mails of all folders, some of them forwarded."""
    at = Canvas(talk)
    title = f"{talk.word('search')} - Outlook"
    at.add(0, "dialog", title)
    at.add(1, "textbox", at.control(talk.word("search")))
    at.add(1, "tablist")
    for name in ("All", "Mail", "Files", "People"):
        at.add(2, "tab", at.control(name))
    at.open_pane(230, 560)
    at.add(1, "list", "Search results")
    for who, line, own in [*talk.said, *talk.aside]:
        shown, folder = at.claim(line, own=own), talk.word("sent" if own else "inbox")
        begins = "RE" if own or talk.draw.random() < _OFTEN else "FW"
        to = talk.other if own else ""
        head = f"{talk.word('To')}: {to}" if own else who
        at.add(2, "listitem", f"{head}, {begins}: {talk.draw.choice(_SUBJECTS)}, {talk.day()}, {shown}, {folder}")
        at.add(3, "paragraph", head)
        at.add(3, "paragraph", talk.day())
        at.add(3, "paragraph", shown)
        at.add(3, "paragraph", at.control(folder))
    at.open_pane(800, 640)
    at.add(1, "region", "Select an item to read")
    return at.finish("olk.exe", title)


def outlook_draft(talk: DeskTalk) -> Made:
    """Model a draft in classic Outlook: the recorder's own text above the mails that it answers."""
    at, subject = Canvas(talk), talk.draw.choice(_SUBJECTS)
    title = f"RE: {subject} - {talk.word('message')} (HTML)"
    at.add(0, "dialog", title)
    at.add(1, "toolbar")
    at.press(2, "send", "discard")
    at.add(1, "combobox", ADDRESS)
    who, line = talk.incoming[-1]
    at.add(1, "textbox", talk.word("To"))
    at.add(2, "button", who)
    at.add(1, "textbox", talk.word("Subject"))
    at.add(2, "paragraph", f"RE: {subject}")
    at.add(1, "document", talk.word("message"), states="editable focused")
    at.add(2, "paragraph", talk.greet(who))
    for own in [*talk.answers, *filter(None, [talk.pending])]:
        at.add(2, "paragraph", at.claim(own, own=True))
    at.add(2, "paragraph", f"{talk.word('regards')},")
    at.add(2, "paragraph", first_name(ME))
    for before, old in reversed(talk.incoming):
        _draw_history(at, 2, before, subject)
        at.add(2, "paragraph", talk.greet(ME))
        at.add(2, "paragraph", at.claim(old, own=False))
        if old == line:
            at.add(2, "paragraph", f"{first_name(before)} | Harbour Ltd. | +44 20 5550 0142")
    return at.finish("OUTLOOK.EXE", title)


def _theirs(talk: DeskTalk) -> list[tuple[str, str]]:
    return [(who, line) for who, line, own in talk.aside if not own]


def _draw_folders(at: Canvas) -> None:
    at.open_pane(0, 230)
    at.add(1, "tree", "Folder Pane")
    for account in (ADDRESS, PRIVATE):
        at.add(2, "treeitem", account)
        at.press(3, "inbox", "drafts", "sent", "trash", role="treeitem")


def _draw_history(at: Canvas, depth: int, who: str, subject: str) -> None:
    """Draw the head of an older mail as Outlook puts it below the newer one."""
    talk = at.talk
    to = talk.other if who == ME else ME
    at.add(depth, "paragraph", f"{talk.word('From')}: {who} <{address_of(who)}>")
    at.add(depth, "paragraph", f"{talk.word('Sent')}: {talk.day()} {talk.clock()}")
    at.add(depth, "paragraph", f"{talk.word('To')}: {to} <{address_of(to)}>")
    at.add(depth, "paragraph", f"{talk.word('Subject')}: RE: {subject}")


OUTLOOK = (outlook_inbox, outlook_conversation, outlook_sent, outlook_search, outlook_draft)
