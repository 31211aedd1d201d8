"""Mail readers and calendars of family ``senders``: the recorder's earlier lines have a sender, as programs show one.

Written before the rule for senders was; trees from what is known of the programs, not recorded.
"""

from benchmarks.message_screens.office_talks import OfficeTalk, name_writer, show
from benchmarks.message_screens.screens import Made, Node, node
from benchmarks.message_screens.senders.talks import ACCOUNT, ADDRESS, LOGIN, ME

_SNIPPET = 34


def gmail_thread(talk: OfficeTalk) -> Made:
    """Show the mails of one subject, each with what it quotes, below the button of the account."""
    nodes = [node(0, "RootWebArea", "Open points - Acme Mail"), node(1, "banner"), node(2, "button", ACCOUNT)]
    nodes += [node(1, "button", name) for name in ("Archive", "Delete", "Mark as unread", "Snooze")]
    nodes += [node(1, "main"), node(2, "heading", "Open points"), node(2, "list")]
    last: tuple[str, str] | None = None
    for who, line, own in talk.said:
        nodes += [node(3, "listitem"), node(4, "heading", name_writer(who, own=own, me=ME))]
        nodes += [node(5, "StaticText", f"<{ADDRESS if own else 'x.y@acme.example'}>")]
        nodes += [node(4, "StaticText", talk.clock()), node(4, "button", "Not starred"), node(4, "button", "Reply")]
        nodes += [node(4, "StaticText", "to me" if not own else f"to {talk.others[0][0]}"), node(4, "generic")]
        nodes += [node(5, "generic"), node(6, "StaticText", line)]
        if last:
            nodes += [node(5, "generic"), node(6, "StaticText", f"On Tue, Nov 10, 2026 at 10:42 {last[0]} wrote:")]
            nodes += [node(6, "blockquote"), node(7, "StaticText", last[1])]
        last = (name_writer(who, own=own, me=ME), line)
    nodes += [node(2, "button", "Reply all"), node(2, "button", "Forward")]
    return show(talk, nodes, "chrome.exe", "Open points - Acme Mail", "https://mail.google.com/mail/u/0/#inbox/Fm")


def gmail_rows(talk: OfficeTalk) -> Made:
    """Show an inbox: the senders of a row are all who took part, its words those of the last."""
    nodes = [node(0, "RootWebArea", "Inbox (4) - Acme Mail"), node(1, "button", ACCOUNT), node(1, "button", "Compose")]
    nodes += [node(1, "main"), node(2, "table")]
    incoming, earlier = list[str](), list[str]()
    for number, (who, line, own) in enumerate(talk.said):
        if own and line not in talk.past:
            continue
        names = "me" if own else (who, f"{who}, me 2", f"me, {who} 3")[number % 3]
        (earlier if own else incoming).append(line)
        nodes += [node(3, "row", f"unread, {names}, Open points, {talk.clock()}, {line}."), node(4, "checkbox")]
        nodes += [node(4, "gridcell"), node(5, "StaticText", names), node(4, "gridcell"), node(5, "link")]
        nodes += [node(6, "StaticText", "Open points"), node(6, "StaticText", f" - {line}")]
        nodes += [node(4, "gridcell", talk.clock())]
    nodes += [node(1, "dialog", "New Message"), node(2, "combobox", "From", f"{ME} <{ADDRESS}>")]
    nodes += [node(2, "textbox", "Message Body", "\n".join(talk.own))]
    return show(
        talk, nodes, "firefox", "Inbox (4) - Acme Mail", "https://mail.google.com/mail/u/0/#inbox",
        incoming=incoming, earlier=earlier,
    )  # fmt: skip


def outlook_thread(talk: OfficeTalk) -> Made:
    """Show a conversation of a page, the mails that are quoted below in the text of each (UI Automation)."""
    nodes = [node(0, "Pane", f"Mail - {ME} - Outlook"), node(1, "Button", f"Account manager for {ME}")]
    nodes += [node(1, "MenuItem", name) for name in ("Reply", "Reply all", "Forward", "Report")]
    nodes.append(node(1, "List", "Reading Pane"))
    last: tuple[str, str] | None = None
    for who, line, own in talk.said:
        writer = name_writer(who, own=own, me=ME)
        nodes += [node(2, "ListItem"), node(3, "Image", writer[:2].upper()), node(3, "Button", f"From: {writer}")]
        nodes += [node(3, "Group", "To: You" if not own else f"To: {talk.others[0][0]}; You")]
        nodes += [node(3, "Text", talk.clock()), node(3, "Document", "Message body"), node(4, "Text", line)]
        if last:
            nodes += [node(4, "Text", f"From: {last[0]}"), node(4, "Text", "Sent: Tuesday 10:42")]
            nodes += [node(4, "Text", "Subject: Open points"), node(4, "Text", last[1])]
        last = (writer, line)
    return show(talk, nodes, "msedge.exe", f"Mail - {ME} - Outlook", "https://outlook.office.com/mail/inbox/id/AA")


def sent_mail(talk: OfficeTalk) -> Made:
    """Show a mail that the recorder sent, its answer quoted in the same text (AT-SPI)."""
    nodes = [node(0, "frame", "Re: Open points - KMail"), node(1, "tool bar")]
    nodes += [node(2, "push button", name) for name in ("Reply", "Forward", "Trash")]
    nodes += [node(1, "panel"), node(2, "label", "From:"), node(2, "link", f"{ME} <{ADDRESS}>")]
    nodes += [node(2, "label", "To:"), node(2, "link", talk.others[0][0]), node(2, "label", "Date:")]
    nodes += [node(2, "label", "12.11.2026 09:05"), node(1, "document web")]
    nodes += [node(2, "paragraph", line) for line in [*talk.past, *talk.own]]
    nodes.append(node(2, "paragraph", f"{talk.others[0][0]} wrote on 2026-11-11:"))
    nodes += [node(2, "paragraph", f"> {line}") for _, line in talk.others]
    return show(talk, nodes, "kmail", "Re: Open points - KMail")


def mail_text(talk: OfficeTalk) -> Made:
    """Show an answer as one text: inside of what it quotes of the recorder somebody wrote remarks of his own."""
    text = [f"From: {talk.others[0][0]}", f"To: {ME} <{ADDRESS}>", "Subject: Re: Open points", ""]
    text += [f"On Tue 10 Nov 2026, {ME} wrote:"]
    rest = [line for _, line in talk.others]
    for line in [*talk.past, *talk.own]:
        text += [f"> {line}", ""]
        text += [rest.pop(), ""] if rest else []
    nodes: list[Node] = [node(0, "AXWindow", "Re: Open points"), node(1, "AXTextArea", None, "\n".join([*text, *rest]))]
    return show(talk, nodes, "MailMate", "Re: Open points")


def sent_items(talk: OfficeTalk) -> Made:
    """Show what was sent: rows name whom it went to, and the columns say so (UI Automation)."""
    nodes = [node(0, "Window", f"Sent Items - {ADDRESS} - Outlook"), node(1, "Button", "New Email")]
    nodes += [node(1, "Table", "Table View"), *(node(2, "Header", name) for name in ("To", "Subject", "Sent"))]
    for who, _, own in talk.said:
        if own:
            nodes += [node(2, "DataItem", f"To {who}, Subject Open points, Sent {talk.clock()}, Size 12 KB")]
    nodes += [node(1, "Pane", "Reading Pane"), node(2, "Text", "Open points"), node(2, "Text", ME)]
    nodes += [node(2, "Text", f"To: {talk.others[0][0]}"), node(2, "Text", talk.clock())]
    body = [*talk.past, *talk.own, "", "_" * 32, f"From: {talk.others[0][0]}", f"Sent: {talk.clock()}", f"To: {ME}"]
    nodes += [node(2, "Document", "Message", "\n".join([*body, "", *(line for _, line in talk.others)]))]
    return show(talk, nodes, "OUTLOOK.EXE", f"Sent Items - {ADDRESS} - Outlook")


def agenda(talk: OfficeTalk) -> Made:
    """Show a week of meetings whose organisers are read out, with the note of one that is open (UI Automation)."""
    nodes = [node(0, "Pane", "Calendar - Outlook"), node(1, "Button", "Today"), node(1, "RadioButton", "Work week")]
    nodes += [node(1, "RadioButton", "Month"), node(1, "Group", "Calendar view")]
    for who, line, own in talk.said:
        by = "You" if own else who
        nodes += [node(2, "Button", f"{line}, 10:00 to 11:00, Thursday, November 12, 2026, By {by}, Busy")]
    nodes += [node(1, "Dialog", talk.others[0][1]), node(2, "Text", f"{talk.others[0][0]} invited you")]
    nodes += [node(2, "Button", name) for name in ("Accept", "Decline", "Propose new time")]
    return show(talk, nodes, "msedge.exe", "Calendar - Outlook", "https://outlook.office.com/calendar/view/week")


def board_of_shifts(talk: OfficeTalk) -> Made:
    """Show what a lead noted beside the names of the people of a team, the recorder among them: all is another's."""
    nodes = [node(0, "RootWebArea", "Reviews 2026 - Staffbase"), node(1, "main"), node(2, "list", "Team")]
    for who, line in talk.others:
        nodes += [node(3, "listitem"), node(4, "heading", talk.draw.choice((ME, who))), node(4, "StaticText", "Nov 4")]
        nodes += [node(4, "paragraph", line), node(4, "button", "Edit")]
    nodes += [node(1, "textbox", "Goal", "\n".join(talk.own))]
    return show(talk, nodes, "chrome.exe", "Reviews 2026", "https://reviews.acme.example/team/7", earlier=())


def inbox_of_notices(talk: OfficeTalk) -> Made:
    """Show notices: who named the recorder and answered to which words, read out and in parts."""
    nodes = [node(0, "RootWebArea", "Notifications"), node(1, "main"), node(2, "list")]
    kinds = ("{0} mentioned you: {1}", "You were mentioned by {0}: {1}", "{0} replied to {2}: {1}", "{2}, {0}: {1}")
    for number, (who, line) in enumerate(talk.others):
        text = kinds[number % 4].format(who, line, LOGIN if number % 2 else ME)
        nodes += [node(3, "listitem"), node(4, "link", text), node(4, "StaticText", talk.clock())]
        nodes += [node(4, "StaticText", "You"), node(4, "StaticText", f"received a message from {who}")]
        nodes += [node(4, "StaticText", line[:_SNIPPET])]
    nodes += [node(1, "textbox", "Quick reply", "\n".join(talk.own)), node(1, "button", "Mark all as read")]
    return show(
        talk, nodes, "firefox", "Notifications", "https://hub.acme.example/inbox",
        incoming=[*(line for _, line in talk.others), *(line[:_SNIPPET] for _, line in talk.others)], earlier=(),
    )  # fmt: skip


SENDER_MAIL = (
    gmail_thread, gmail_rows, outlook_thread, sent_mail, mail_text, sent_items, agenda, board_of_shifts,
    inbox_of_notices,
)  # fmt: skip
