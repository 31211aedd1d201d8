"""Tickets, reviews, calendars and forums as screens, written before the rule was read."""

from benchmarks.message_screens.office_talks import ME, OfficeTalk, name_writer, show
from benchmarks.message_screens.screens import Made, node


def zendesk(talk: OfficeTalk) -> Made:
    """Show a ticket of a customer with public replies and internal notes."""
    nodes = [node(0, "RootWebArea", "Ticket #8831 - Acme - Zendesk"), node(1, "region", "Conversation log")]
    for who, line, own in talk.said:
        nodes += [
            node(2, "article"),
            node(3, "generic", name_writer(who, own=own)),
            node(3, "StaticText", talk.clock()),
        ]
        nodes += [
            node(3, "StaticText", talk.draw.choice(("Internal note", "via email", "Public reply"))),
            node(3, "paragraph", line),
        ]
    nodes += [node(1, "textbox", "Public reply composer", talk.own[-1] if talk.own else None)]
    nodes += [node(1, "button", name) for name in ("Apply macro", "Submit as Open", "Stay on ticket")]
    return show(
        talk, nodes, "chrome.exe", "Ticket #8831 - Acme - Zendesk", "https://acme.zendesk.com/agent/tickets/8831"
    )


def github_review(talk: OfficeTalk) -> Made:
    """Show a change of code, with remarks between its lines."""
    nodes = [
        node(0, "RootWebArea", "Read rates from D7 by sterhorst - Pull Request #412 - acme/pumps"),
        node(1, "main"),
    ]
    nodes += [node(2, "link", name) for name in ("Conversation 7", "Commits 2", "Files changed 3")]
    for number, (who, line, own) in enumerate(talk.said):
        nodes += [
            node(2, "table"),
            node(3, "row"),
            node(4, "cell", str(40 + number)),
            node(4, "cell", f"+    rate = read_cell({number})"),
        ]
        nodes += [node(3, "group"), node(4, "heading", f"{'sterhorst' if own else who} commented {talk.clock()}")]
        nodes += [node(4, "link", "sterhorst" if own else who), node(4, "paragraph"), node(5, "StaticText", line)]
        nodes += [node(4, "button", "Add or remove reactions"), node(4, "button", "Resolve conversation")]
    nodes += [
        node(2, "textbox", "Leave a comment", talk.own[-1] if talk.own else None),
        node(2, "button", "Submit review"),
    ]
    return show(
        talk, nodes, "chrome.exe", "Read rates from D7 - acme/pumps", "https://github.com/acme/pumps/pull/412/files"
    )


def google_calendar(talk: OfficeTalk) -> Made:
    """Show a week whose entries are read out whole, and the description of an opened one."""
    nodes = [
        node(0, "RootWebArea", "Acme - Calendar - Week of 9 November 2026"),
        node(1, "button", "Today"),
        node(1, "grid"),
    ]
    for who, line, own in talk.said:
        nodes += [
            node(2, "gridcell"),
            node(
                3,
                "button",
                f"10am to 11am, {line}, {name_writer(who, own=own)}, Accepted, Location: Room 4, 12 November 2026",
            ),
        ]
    who, line = talk.others[-1]
    nodes += [
        node(1, "dialog", line),
        node(2, "StaticText", f"Organiser: {who}"),
        node(2, "StaticText", talk.others[0][1]),
    ]
    nodes += [node(2, "button", name) for name in ("Yes", "No", "Maybe")]
    return show(talk, nodes, "chrome.exe", "Acme - Calendar", "https://calendar.google.com/calendar/u/0/r/week")


def evolution(talk: OfficeTalk) -> Made:
    """Show invitations with what their senders wrote (AT-SPI)."""
    nodes = [node(0, "frame", "Calendar - Evolution"), node(1, "tree table")]
    for who, line, own in talk.said:
        nodes += [
            node(2, "table cell", line),
            node(2, "table cell", name_writer(who, own=own)),
            node(2, "table cell", "12/11/26 10:00"),
        ]
    nodes += [
        node(1, "text", "Description", "\n".join(line for _, line in talk.others)),
        node(1, "push button", "Accept"),
        node(1, "push button", "Decline"),
    ]
    return show(talk, nodes, "evolution", "Calendar - Evolution")


def salesforce(talk: OfficeTalk) -> Made:
    """Show what colleagues noted about a customer."""
    nodes = [
        node(0, "RootWebArea", "Vellmer Hydraulik | Account | Salesforce"),
        node(1, "tab", "Activity"),
        node(1, "tab", "Details"),
    ]
    nodes += [node(1, "StaticText", "Account Owner"), node(1, "StaticText", ME), node(1, "list", "Past Activities")]
    for who, line, own in talk.said:
        nodes += [node(2, "listitem"), node(3, "link", talk.draw.choice(("Call", "Email: offer", "Note")))]
        nodes += [
            node(3, "StaticText", f"{name_writer(who, own=own)} logged a call"),
            node(3, "StaticText", talk.clock()),
            node(3, "StaticText", line),
        ]
    nodes += [node(1, "textbox", "Comments", talk.own[-1] if talk.own else None), node(1, "button", "Save")]
    return show(
        talk,
        nodes,
        "msedge.exe",
        "Vellmer Hydraulik | Salesforce",
        "https://acme.lightning.force.com/lightning/r/Account/1/view",
    )


def service_desk(talk: OfficeTalk) -> Made:
    """Show a fault with the notes of those who work on it."""
    nodes = [
        node(0, "RootWebArea", "INC0042117 | Incident | ServiceNow"),
        node(1, "textbox", "Short description", talk.others[0][1]),
    ]
    nodes += [
        node(1, "combobox", "State", "In Progress"),
        node(1, "textbox", "Work notes", talk.own[-1] if talk.own else None),
    ]
    for who, line, own in talk.said:
        nodes += [
            node(1, "listitem"),
            node(2, "StaticText", name_writer(who, own=own)),
            node(2, "StaticText", f"Work notes \u2022 {talk.clock()}"),
        ]
        nodes.append(node(2, "StaticText", line))
    nodes.append(node(1, "button", "Update"))
    return show(
        talk, nodes, "msedge.exe", "INC0042117 | ServiceNow", "https://acme.service-now.com/incident.do?sys_id=42117"
    )


def jira(talk: OfficeTalk) -> Made:
    """Show a task whose description and remarks are by several people."""
    nodes = [
        node(0, "RootWebArea", "[PUMP-88] Rates - Jira"),
        node(1, "heading", talk.others[0][1]),
        node(1, "button", "Add a child issue"),
    ]
    nodes += [
        node(1, "heading", "Activity"),
        node(1, "tab", "All"),
        node(1, "tab", "Comments"),
        node(1, "tab", "History"),
    ]
    for who, line, own in talk.said:
        nodes += [
            node(2, "generic"),
            node(3, "heading", name_writer(who, own=own)),
            node(3, "button", talk.clock()),
            node(3, "paragraph", line),
        ]
        nodes += [node(3, "button", "Edit"), node(3, "button", "Delete")] if own else [node(3, "button", "Reply")]
    nodes.append(node(1, "textbox", "Add a comment\u2026"))
    return show(talk, nodes, "firefox", "[PUMP-88] Rates - Jira", "https://acme.atlassian.net/browse/PUMP-88")


def discourse(talk: OfficeTalk) -> Made:
    """Show a thread of a forum in which answers quote the recorder."""
    nodes = [
        node(0, "RootWebArea", "Valves stick in winter - Operators Forum"),
        node(1, "main"),
        node(2, "heading", "Valves stick in winter"),
    ]
    mine = ""
    for number, (who, line, own) in enumerate(talk.said, 1):
        nodes += [
            node(2, "article", f"post #{number} by @{name_writer(who, own=own, me='sterhorst')}"),
            node(3, "link", talk.clock()),
        ]
        nodes += [node(3, "blockquote", "sterhorst:"), node(4, "paragraph", mine)] if mine and not own else []
        nodes += [node(3, "paragraph", line), node(3, "button", "like this post"), node(3, "button", "Reply")]
        mine = line if own else mine
    return show(talk, nodes, "firefox", "Valves stick in winter", "https://forum.acme.example/t/valves/118")


def time_sheet(talk: OfficeTalk) -> Made:
    """Show hours that the recorder enters, and no word of anybody else."""
    nodes = [node(0, "Window", "Zeitwerk 4 - week 46"), node(1, "Button", "Book"), node(1, "Button", "Previous week")]
    for line in [*talk.past, *talk.own]:
        nodes += [
            node(1, "Edit", "Project", "4711-08"),
            node(1, "Edit", "Hours", "1.5"),
            node(1, "Edit", "Remark", line),
        ]
    return show(talk, nodes, "zeitwerk.exe", "Zeitwerk 4 - week 46", incoming=())


def file_list(talk: OfficeTalk) -> Made:
    """Show files by name."""
    names = ("minutes-04.docx", "rates 2026.xlsx", "plan-7.pdf", "old")
    nodes = [node(0, "Window", "pumps - File Explorer"), node(1, "Button", "New"), node(1, "List", "Items View")]
    nodes += [node(2, "ListItem", name) for name in names]
    return show(talk, nodes, "explorer.exe", "pumps - File Explorer", incoming=(), own=(), earlier=())


OFFICE_REMARKS = (
    zendesk, github_review, google_calendar, evolution, salesforce, service_desk, jira, discourse,
    time_sheet, file_list,
)  # fmt: skip
