"""Remarks on documents, tables, code and drawings as screens, written before the rule was read.

They stand in programs that show the recorder's own work, beside it.
"""

from benchmarks.message_screens.office_talks import OfficeTalk, name_writer, show
from benchmarks.message_screens.screens import Made, node


def google_docs(talk: OfficeTalk) -> Made:
    """Show the recorder's document, with remarks of others in its margin."""
    nodes = [node(0, "RootWebArea", "Offer pumps - Google Docs"), node(1, "menubar")]
    nodes += [node(2, "menuitem", name) for name in ("File", "Edit", "View", "Insert")]
    nodes.append(node(1, "textbox", "Document content", "\n".join([*talk.past, *talk.own])))
    for who, line in talk.others:
        nodes += [
            node(1, "listitem", f"Comment by {who}"),
            node(2, "StaticText", who),
            node(2, "StaticText", talk.clock()),
        ]
        nodes += [node(2, "StaticText", line), node(2, "button", "Mark as resolved and hide discussion")]
        nodes.append(node(2, "textbox", "Reply or add others with @"))
    return show(talk, nodes, "chrome.exe", "Offer pumps - Google Docs", "https://docs.google.com/document/d/1AbC/edit")


def word_comments(talk: OfficeTalk) -> Made:
    """Show a document with a pane of remarks; the program writes a typed first letter large (UI Automation)."""
    own = [line[:1].upper() + line[1:] for line in talk.own]
    nodes = [node(0, "Window", "Offer pumps.docx - Word"), node(1, "TabItem", "Home"), node(1, "TabItem", "Review")]
    nodes += [node(1, "Document", "Page 1 content", "\n".join([*talk.past, *own])), node(1, "Pane", "Comments")]
    for who, line in talk.others:
        nodes += [node(2, "Group", f"Comment by {who}: {line}"), node(3, "Text", who), node(3, "Edit", "Comment", line)]
        nodes.append(node(3, "Button", "Reply"))
    return show(talk, nodes, "WINWORD.EXE", "Offer pumps.docx - Word", own=own)


def excel_threads(talk: OfficeTalk) -> Made:
    """Show a table that the recorder fills, with threads of remarks on its cells (UI Automation)."""
    nodes = [node(0, "Window", "rates.xlsx - Excel"), node(1, "Button", "Comments"), node(1, "Table", "Sheet1")]
    nodes += [node(2, "DataItem", f"D{number}", line) for number, line in enumerate([*talk.past, *talk.own], 3)]
    nodes.append(node(1, "Pane", "Comments"))
    for number, (who, line) in enumerate(talk.others):
        nodes += [node(2, "ListItem", f"Comment thread D{number + 3}, started by {who}"), node(3, "Text", line)]
        nodes += [node(3, "Text", talk.clock()), node(3, "Edit", "Reply")]
    return show(talk, nodes, "EXCEL.EXE", "rates.xlsx - Excel")


def powerpoint_notes(talk: OfficeTalk) -> Made:
    """Show slides with a remark on each, and notes that the recorder writes (AX)."""
    nodes = [node(0, "AXWindow", "kick-off.pptx"), node(1, "AXButton", "Present"), node(1, "AXGroup", "Comments")]
    for who, line in talk.others:
        nodes += [node(2, "AXGroup", f"{who}, {talk.clock()}"), node(3, "AXStaticText", None, line)]
    nodes.append(node(1, "AXTextArea", "Notes", "\n".join([*talk.past, *talk.own])))
    return show(talk, nodes, "Microsoft PowerPoint", "kick-off.pptx")


def editor_review(talk: OfficeTalk) -> Made:
    """Show a thread of a review inside an editor of code (UI Automation)."""
    nodes = [node(0, "Window", "rates.py - pumps - Visual Studio Code"), node(1, "TabItem", "rates.py")]
    nodes.append(
        node(
            1,
            "Edit",
            "rates.py, Editor Group 1",
            "\n".join(["def read_rate(cell):", *(f"    # {line}" for line in talk.own)]),
        )
    )
    nodes.append(node(1, "Tree", "Comment thread on line 41"))
    for who, line, own in talk.said:
        nodes += [node(2, "TreeItem", f"{name_writer(who, own=own)}, {line}")] if line not in talk.own else []
    nodes.append(node(1, "Button", "Add Review Comment"))
    return show(talk, nodes, "Code.exe", "rates.py - pumps - Visual Studio Code")


def acrobat(talk: OfficeTalk) -> Made:
    """Show a plan with remarks of several people, in a list beside it (UI Automation)."""
    nodes = [
        node(0, "Window", "plan-7.pdf - Adobe Acrobat Pro"),
        node(1, "Document", "Page 1", "Pump hall, section A-A, 1:50"),
    ]
    nodes.append(node(1, "List", "Comments"))
    for who, line, own in talk.said:
        nodes += [
            node(2, "ListItem", f"Sticky Note by {name_writer(who, own=own)}"),
            node(3, "Text", line),
            node(3, "Text", talk.clock()),
        ]
    return show(talk, nodes, "Acrobat.exe", "plan-7.pdf - Adobe Acrobat Pro")


def figma(talk: OfficeTalk) -> Made:
    """Show remarks on a drawing."""
    nodes = [node(0, "RootWebArea", "Leaflet \u2013 Figma"), node(1, "button", "Share"), node(1, "group", "Comments")]
    for who, line, own in talk.said:
        nodes.append(node(2, "button", f"{name_writer(who, own=own)} {talk.clock()} {line} 2 replies"))
    nodes.append(node(1, "textbox", "Add a comment", talk.own[-1] if talk.own else None))
    return show(talk, nodes, "Figma", "Leaflet \u2013 Figma", "https://www.figma.com/design/Ab12/Leaflet")


OFFICE_DOCUMENTS = (
    google_docs, word_comments, excel_threads, powerpoint_notes, editor_review, acrobat, figma,
)  # fmt: skip
