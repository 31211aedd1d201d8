"""Mail readers, chats and meetings of offices as screens, written before the rule was read.

Trees follow what the platform shows: UI Automation of Windows, AX of macOS (words stand in values), AT-SPI, and pages.
"""

from textwrap import wrap

from benchmarks.message_screens.office_talks import ME, OfficeTalk, name_writer, show
from benchmarks.message_screens.screens import Made, Node, node

_PREVIEW, _BUBBLE, _QUOTED = 32, 38, 0.5


def outlook(talk: OfficeTalk) -> Made:
    """Show a list of mails beside the opened one, which is answered in the same document (UI Automation)."""
    nodes = [node(0, "Window", "Inbox - Sanne Terhorst - Outlook"), node(1, "Pane", "Ribbon")]
    nodes += [node(2, "TabItem", name) for name in ("Home", "Send / Receive", "View")]
    nodes += [node(2, "Button", name) for name in ("New Email", "Reply", "Reply All", "Forward", "Archive")]
    nodes += [node(1, "Tree", "Mail Folders"), node(2, "TreeItem", "Inbox 3 unread"), node(2, "TreeItem", "Sent Items")]
    nodes.append(node(1, "Table", "Table View"))
    nodes += [
        node(2, "DataItem", f"Unread, From {who}, Subject {line}, Received {talk.clock()}, Size 41 KB")
        for who, line in talk.others[1:]
    ]  # fmt: skip
    who, first = talk.others[0]
    body = [
        *talk.own,
        "",
        f"From: {who}",
        f"Sent: {talk.clock()}",
        f"To: {ME}",
        "Subject: RE: open points",
        "",
        first,
    ]
    body += ["", f"From: {ME}", "Sent: Monday", *talk.past] if talk.past else []
    nodes += [node(1, "Pane", "Reading Pane"), node(2, "Document", "RE: open points - Message", "\n".join(body))]
    return show(talk, nodes, "OUTLOOK.EXE", "Inbox - Sanne Terhorst - Outlook")


def apple_mail(talk: OfficeTalk) -> Made:
    """Show mails in rows with previews, and the mails of one subject (AX)."""
    nodes = [node(0, "AXWindow", "Inbox \u2013 Work"), node(1, "AXToolbar")]
    nodes += [node(2, "AXButton", name) for name in ("Get new mail", "New Message", "Reply", "Move to Trash")]
    nodes.append(node(1, "AXTable", "messages"))
    cut = []
    for who, line in talk.others:
        cut.append(line[:_PREVIEW])
        nodes += [node(2, "AXRow"), node(3, "AXCell"), node(4, "AXStaticText", None, who)]
        nodes += [
            node(4, "AXStaticText", None, talk.clock()),
            node(4, "AXStaticText", None, f"{line[:_PREVIEW]}\u2026"),
        ]
    nodes.append(node(1, "AXScrollArea"))
    for who, line, own in talk.said:
        nodes += [node(2, "AXGroup", "message"), node(3, "AXStaticText", None, name_writer(who, own=own))]
        nodes += [node(3, "AXStaticText", None, talk.clock()), node(3, "AXWebArea"), node(4, "AXGroup")]
        nodes.append(node(5, "AXStaticText", None, line))
    return show(talk, nodes, "Mail", "Inbox \u2013 Work", incoming=[*(line for _, line in talk.others), *cut])


def thunderbird(talk: OfficeTalk) -> Made:
    """Show an answer being written below what it quotes (AT-SPI)."""
    nodes = [node(0, "frame", "Write: Re: open points - Thunderbird"), node(1, "tool bar")]
    nodes += [node(2, "push button", name) for name in ("Send", "Encrypt", "Spelling", "Save", "Attach")]
    who = talk.others[0][0]
    nodes += [node(1, "entry", "To", f"{who} <h.v@acme.example>"), node(1, "entry", "Subject", "Re: open points")]
    nodes += [node(1, "document web", "Message body"), node(2, "paragraph", f"On 12.11.26 10:42, {who} wrote:")]
    nodes.append(node(2, "block quote"))
    nodes += [node(3, "paragraph", line) for _, line in talk.others]
    nodes.append(node(3, "block quote"))
    nodes += [node(4, "paragraph", line) for line in talk.past]
    nodes += [node(2, "paragraph", line) for line in talk.own]
    return show(talk, nodes, "thunderbird", "Write: Re: open points - Thunderbird")


def roundcube(talk: OfficeTalk) -> Made:
    """Show a mail on a page with its list, the text as one block with marks of quotation."""
    nodes = [node(0, "RootWebArea", "Roundcube Webmail :: Inbox"), node(1, "navigation")]
    nodes += [node(2, "button", name) for name in ("Compose", "Reply", "Reply all", "Delete", "Mark", "More")]
    nodes.append(node(1, "table", "Message list"))
    for who, line in talk.others[1:]:
        nodes += [
            node(2, "row"),
            node(3, "gridcell", f"{line}"),
            node(3, "gridcell", who),
            node(3, "gridcell", talk.clock()),
        ]
    text = [
        *(line for _, line in talk.others[:1]),
        "",
        f"{ME} wrote on 2026-11-11:",
        *(f"> {line}" for line in talk.past),
    ]
    text += [f"> {line}" for line in talk.own]
    nodes += [
        node(1, "main"),
        node(2, "heading", "open points"),
        node(2, "generic", f"From {talk.others[0][0]} on {talk.clock()}"),
    ]
    nodes.append(node(2, "StaticText", "\n".join(text)))
    return show(talk, nodes, "firefox", "Roundcube Webmail :: Inbox", "https://webmail.acme.example/?_task=mail")


def notes_client(talk: OfficeTalk) -> Made:
    """Show a memo of an old client: one field of text for all."""
    said = [f"{name_writer(who, own=own)} {talk.clock()}\n{line}" for who, line, own in talk.said]
    nodes = [node(0, "Window", "open points - IBM Notes"), node(1, "Pane")]
    nodes += [node(2, "Button", name) for name in ("Reply", "Reply to All", "Forward", "Follow Up")]
    nodes.append(node(1, "Edit", "Body", "\n\n".join(said)))
    return show(talk, nodes, "notes2.exe", "open points - IBM Notes")


def teams(talk: OfficeTalk) -> Made:
    """Show a chat whose groups read out all; a smile of two signs is shown as a picture (UI Automation)."""
    nodes = [node(0, "Window", "Chat | Pumps | Microsoft Teams"), node(1, "Group", "Chat list")]
    for who, line in talk.others[:2]:
        nodes.append(node(2, "TreeItem", f"{who} {line[:_PREVIEW]}\u2026 Last message {talk.clock()}"))
    nodes.append(node(1, "List", "Message list"))
    own = []
    for who, line, mine in talk.said:
        told = f"{line} \U0001f642" if mine and line not in talk.earlier else line
        own += [told] if mine and line not in talk.earlier else []
        writer = name_writer(who, own=mine, me="You")
        nodes += [
            node(2, "Group", f"{told} by {writer} {talk.clock()}"),
            node(3, "Text", writer),
            node(3, "Text", talk.clock()),
        ]
        nodes += [node(3, "Text", told), node(3, "Button", "1 Like reaction.")]
    nodes += [node(1, "Edit", "Type a message", talk.own[-1][:20] if talk.own else None)]
    nodes += [node(1, "Button", name) for name in ("Format", "Emoji, GIFs and Stickers", "Send")]
    incoming = [*(line for _, line in talk.others), *(line[:_PREVIEW] for _, line in talk.others[:2])]
    return show(
        talk, nodes, "ms-teams.exe", "Chat | Pumps | Microsoft Teams",
        incoming=incoming, own=own, typed=[f"{line} :)" for line in talk.own],
    )  # fmt: skip


def slack(talk: OfficeTalk) -> Made:
    """Show a channel: groups with everything in their descriptions, words in pieces below (AX)."""
    nodes = [
        node(0, "AXWindow", "pumps (Channel) - Acme - Slack"),
        node(1, "AXOutline", "Channels and direct messages"),
    ]
    nodes += [node(2, "AXStaticText", None, name) for name in ("general", "pumps", "random")]
    nodes.append(node(1, "AXList", "pumps (channel)"))
    pieces = []
    for who, line, own in talk.said:
        nodes += [
            node(2, "AXGroup", f"{name_writer(who, own=own)}: {line}. Today at 10:42 AM."),
            node(3, "AXButton", name_writer(who, own=own)),
        ]
        nodes.append(node(3, "AXLink", "10:42 AM"))
        middle = line.find(" ", len(line) // 2) + 1
        for piece in (line[:middle].strip(), line[middle:].strip()):
            nodes += [node(3, "AXStaticText", None, piece)] if piece else []
            pieces += [piece] if piece and not own else []
    nodes += [
        node(1, "AXTextArea", "Message to pumps", talk.own[-1] if talk.own else ""),
        node(1, "AXButton", "Send now"),
    ]
    return show(
        talk, nodes, "Slack", "pumps (Channel) - Acme - Slack", incoming=[*(line for _, line in talk.others), *pieces]
    )


def telegram(talk: OfficeTalk) -> Made:
    """Show a chat as it is read off a picture: the list of chats, then bubbles with times."""
    lines, incoming, own, earlier = ["Search", "All chats", "Pumps Acme"], list[str](), list[str](), list[str]()
    for who, line in talk.others[:2]:
        lines += [f"{who} {talk.clock()}", f"{line[:_PREVIEW]}..."]
        incoming.append(line[:_PREVIEW])
    for who, line, mine in talk.said:
        pieces = wrap(line, _BUBBLE)
        lines += [*([] if mine else [who]), *pieces[:-1], f"{pieces[-1]} 10:4{len(lines) % 10}{' vv' if mine else ''}"]
        (incoming if not mine else earlier if line in talk.earlier else own).extend(pieces)
    lines.append("Write a message...")
    return show(talk, (), "Telegram.exe", "Pumps Acme", lines=lines, incoming=incoming, own=own, earlier=earlier)


def whatsapp(talk: OfficeTalk) -> Made:
    """Show a chat of a page, where answers quote what they answer."""
    nodes = [node(0, "RootWebArea", "(2) WhatsApp"), node(1, "button", "Menu"), node(1, "grid", "Chat list")]
    nodes += [node(2, "row", f"{talk.others[0][0]} {talk.others[0][1]} {talk.clock()} 2 unread messages")]
    nodes.append(node(1, "application", "Message list"))
    last = ""
    for who, line, own in talk.said:
        nodes += [node(2, "row"), node(3, "generic", f"[10:42, 11/12/2026] {name_writer(who, own=own)}:")]
        nodes += (
            [node(3, "button", "Quoted message"), node(4, "StaticText", last)]
            if last and talk.draw.random() < _QUOTED
            else []
        )
        nodes += [node(3, "StaticText", line), node(3, "StaticText", "10:42"), node(3, "image", "Read")]
        last = line
    nodes += [
        node(1, "textbox", "Type a message", talk.own[0] if talk.own else None),
        node(1, "button", "Voice message"),
    ]
    return show(talk, nodes, "chrome.exe", "(2) WhatsApp", "https://web.whatsapp.com/")


def zoom_chat(talk: OfficeTalk) -> Made:
    """Show the chat of a meeting in one line each (UI Automation)."""
    nodes = [node(0, "Window", "Zoom Meeting"), node(1, "ToolBar")]
    nodes += [node(2, "Button", name) for name in ("Mute, currently unmuted", "Stop Video", "Participants, 5", "Leave")]
    nodes += [node(1, "Pane", "Meeting Chat"), node(2, "List", "chat list")]
    for who, line, own in talk.said:
        head = "You to Everyone" if own else f"{who} to Everyone"
        nodes.append(node(3, "ListItem", f"{head}, {line}, 10:42 AM"))
    nodes.append(node(2, "Edit", "Type message here...", talk.own[-1] if talk.own else None))
    return show(talk, nodes, "Zoom.exe", "Zoom Meeting")


def meet_captions(talk: OfficeTalk) -> Made:
    """Show what is spoken, without a box, beside a note that the recorder types."""
    nodes = [node(0, "RootWebArea", "Meet \u2013 pumps"), node(1, "main")]
    nodes += [
        node(2, "button", name)
        for name in ("Turn off microphone", "Turn off camera", "Turn off captions", "Leave call")
    ]
    nodes.append(node(2, "region", "Captions"))
    for who, line in talk.others:
        nodes += [node(3, "generic"), node(4, "image"), node(4, "StaticText", who), node(4, "StaticText", line)]
    nodes.append(node(2, "complementary", "In-call messages"))
    for line in [*talk.past, *talk.own]:
        nodes += [node(3, "StaticText", "You"), node(3, "StaticText", "10:42"), node(3, "StaticText", line)]
    return show(talk, nodes, "chrome.exe", "Meet \u2013 pumps", "https://meet.google.com/abc-defg-hij")


def element(talk: OfficeTalk) -> Made:
    """Show a room of a server of the organisation (AT-SPI of a page)."""
    nodes = [node(0, "document web", "Element | pumps"), node(1, "landmark", "Room"), node(2, "list")]
    for who, line, own in talk.said:
        nodes += [node(3, "list item"), node(4, "section", name_writer(who, own=own)), node(4, "static", talk.clock())]
        nodes += (
            [node(4, "block quote"), node(5, "link", "In reply to"), node(5, "section", talk.others[0][1])]
            if own
            else []
        )
        nodes += [node(4, "section"), node(5, "static", line)]
    nodes += [node(2, "entry", "Send a message\u2026", None), node(2, "push button", "Attachment")]
    return show(talk, nodes, "firefox", "Element | pumps", "https://chat.acme.example/#/room/pumps")


def terminal_mail(talk: OfficeTalk) -> Made:
    """Show a mail in a terminal, the whole screen one value (AT-SPI)."""
    rows = [
        "q:Exit -:PrevPg <Space>:NextPg v:View Attachm. d:Del r:Reply",
        f"From: {talk.others[0][0]}",
        f"To: {ME}",
        "Subject: open points",
        "",
    ]
    rows += [
        *(line for _, line in talk.others),
        "",
        f"{ME} wrote:",
        *(f"> {line}" for line in [*talk.past, *talk.own]),
    ]
    nodes: list[Node] = [
        node(0, "frame", "mutt"),
        node(1, "terminal", "Terminal", "\n".join([*rows, "- N - 4/12: -- (all)"])),
    ]
    return show(talk, nodes, "gnome-terminal-server", "mutt")


OFFICE_MESSAGES = (
    outlook, apple_mail, thunderbird, roundcube, notes_client, teams, slack, telegram, whatsapp, zoom_chat,
    meet_captions, element, terminal_mail,
)  # fmt: skip
