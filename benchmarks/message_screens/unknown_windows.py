"""Layouts of family E: windows with names and sites of their own, half of their screens as text alone.

Written before the rule for windows that nothing is known of. The rule for own words was changed where it failed here.
"""

from dataclasses import replace

from benchmarks.message_screens.screens import LANGUAGES, TIMES, Layout, Made, Talk, label, name_author, node
from benchmarks.message_screens.unknown_windows_text import FIELDS, UNKNOWN_TEXTS, VALUES

HINT = dict(
    zip(
        LANGUAGES,
        ("Aa|Tippen|Écrire|Texto|Testo|Treść|Tekst|Text|Metin|Текст|テキスト|文字|Texto".split("|")),
        strict=True,
    )
)
"""Words in boxes that do not say what they are for."""


def in_window(made: Made, app: str, url: str = "") -> Made:
    """Put a screen into a window."""
    return replace(made, app=app, url=url)


def ticket(talk: Talk) -> Made:
    """Show a customer's letters on a page of the organisation, without roles that say more than that they are parts."""
    nodes = [node(0, "RootWebArea", "Ticket 20418"), node(1, "generic"), node(2, "heading", "Ticket 20418")]
    for who, line, own in talk.said:
        nodes += [node(3, "generic"), node(4, "img", who[:2].upper()), node(4, "generic", line)]
        nodes.append(node(4, "generic", "Agent" if own else "Customer"))
    nodes += [node(2, "textbox", HINT[talk.language]), node(2, "combobox", "Open"), node(2, "button", "Save")]
    return in_window(label(talk, nodes), "firefox", "https://desk.acme.example/t/20418")


def bubbles(talk: Talk) -> Made:
    """Show a chat as plain texts of a toolkit that names nothing."""
    nodes = [node(0, "AXWindow", "Vialink"), node(1, "AXSplitGroup"), node(2, "AXScrollArea")]
    for _, line, _ in talk.said:
        nodes += [node(3, "AXGroup"), node(4, "AXStaticText", line)]
    return in_window(label(talk, [*nodes, node(2, "AXTextArea", None, HINT[talk.language])]), "Vialink")


def one_view(talk: Talk) -> Made:
    """Show a whole conversation as the value of one view of text."""
    said = "\n".join(f"{name_author(who, own=own)}: {line}" for who, line, own in talk.said)
    nodes = [node(0, "window", "Plauder"), node(1, "pane"), node(2, "document", None, said), node(2, "edit", None, "")]
    return in_window(label(talk, nodes), "plauder.exe")


def letter(talk: Talk) -> Made:
    """Show an opened mail whose buttons are pictures."""
    who = talk.said[0][0]
    nodes = [node(0, "frame", "Correo"), *(node(1, "push button", None) for _ in range(4)), node(1, "label", who)]
    nodes += [node(1, "label", "to me and 3 others"), node(1, "scroll pane"), node(2, "document web")]
    return in_window(
        label(talk, [*nodes, *(node(3, "paragraph", line) for _, line, _ in talk.said)], mine=False), "correo"
    )


def month(talk: Talk) -> Made:
    """Show a month, its entries as links below the numbers of days."""
    nodes = [node(0, "RootWebArea", "Planner"), node(1, "button", "<"), node(1, "button", ">"), node(1, "grid")]
    for number, (_, line, _) in enumerate(talk.said):
        nodes += [node(2, "row"), node(3, "gridcell", str(number + 3)), node(4, "link", line)]
    return in_window(label(talk, nodes), "chrome", "https://planner.acme.example/2026/11")


def subtitles(talk: Talk) -> Made:
    """Show what is said just now in a call."""
    nodes = [node(0, "window", "Runde"), node(1, "button", "Hand"), node(1, "status", talk.said[0][1])]
    return in_window(label(Talk(talk.language, talk.said[:1], talk.draw), nodes), "runde")


def toast(talk: Talk) -> Made:
    """Show what arrives in a corner of the desktop."""
    nodes = [node(0, "alert", f"{who}: {line}") for who, line, own in talk.said if not own]
    said = [item for item in talk.said if not item[2]]
    return in_window(label(Talk(talk.language, said, talk.draw), nodes), "acme-tray")


def remarks(talk: Talk) -> Made:
    """Show remarks on orders in a column of a table."""
    nodes = [
        node(0, "window", "Orders"),
        node(1, "table"),
        *(node(2, "columnheader", name) for name in ("No.", "By", "Remark")),
    ]
    for number, (who, line, own) in enumerate(talk.said):
        nodes += [
            node(2, "row"),
            node(3, "cell", str(4711 + number)),
            node(3, "cell", name_author(who, own=own)),
            node(3, "cell", line),
        ]
    return in_window(label(talk, nodes), "ordera")


def card(talk: Talk) -> Made:
    """Show a card of a board with what others say to it."""
    nodes = [node(0, "RootWebArea", "Board"), node(1, "dialog", "Card"), node(2, "heading", "Pump 3")]
    for who, line, own in talk.said:
        nodes += [
            node(2, "generic"),
            node(3, "strong", name_author(who, own=own)),
            node(3, "generic", line),
            node(3, "link", "..."),
        ]
    return in_window(label(talk, nodes), "chrome", "https://board.acme.example/c/3")


def spoken_rows(talk: Talk) -> Made:
    """Show conversations as buttons that read out all they hold."""
    nodes = [node(0, "window", "Funk"), node(1, "pane")]
    nodes += [
        node(2, "button", f"{name_author(who, own=own)}. {line} {talk.draw.choice(TIMES)}. Double tap to open")
        for who, line, own in talk.said
    ]
    return in_window(label(talk, nodes), "funk")


def policy_form(talk: Talk) -> Made:
    """Show a form of an application of the organisation, with a hint."""
    nodes = [
        node(0, "window", "Polia"),
        node(1, "menubar"),
        *(node(2, "menuitem", name) for name in ("File", "Edit", "Contracts")),
    ]
    for name, value in zip(FIELDS, VALUES, strict=True):
        nodes += [node(1, "label", name), node(1, "edit", name, value)]
    nodes += [node(1, "text", talk.said[0][1]), node(1, "button", "Save"), node(1, "button", "Cancel")]
    return in_window(label(talk, nodes, other=True), "polia.exe")


def stock(talk: Talk) -> Made:
    """Show goods in a table."""
    nodes = [
        node(0, "window", "Lager"),
        node(1, "table"),
        *(node(2, "columnheader", name) for name in ("Article", "Shelf", "Quantity", "Last delivery")),
    ]
    for number, (_, line, _) in enumerate(talk.said):
        nodes += [
            node(2, "row"),
            node(3, "cell", " ".join(line.split()[:3])),
            node(3, "cell", f"B {number}"),
            node(3, "cell", "14"),
            node(3, "cell", "2026-11-02"),
        ]
    return in_window(label(talk, nodes, other=True), "lager")


def pages(talk: Talk) -> Made:
    """Show a page that explains, on a site of no list."""
    nodes = [
        node(0, "RootWebArea", "Manual"),
        node(1, "navigation"),
        *(node(2, "link", name) for name in ("Start", "Install", "Pumps", "Filters")),
    ]
    nodes += [
        node(1, "main"),
        node(2, "heading", "Change the filter"),
        *(node(2, "paragraph", line) for _, line, _ in talk.said),
    ]
    return in_window(label(talk, nodes, other=True), "firefox", "https://manual.acme.example/filter")


def options(talk: Talk) -> Made:
    """Show settings of an application of no list."""
    nodes = [node(0, "window", "Options"), *(node(1, "tab", name) for name in ("General", "Printers", "Scanner"))]
    for name in ("Print labels", "Sound on error", "Open last order"):
        nodes += [node(1, "checkbox", name), node(1, "label", talk.said[0][1])]
    return in_window(label(talk, [*nodes, node(1, "button", "Apply")], other=True), "lager")


def draft(talk: Talk) -> Made:
    """Show a document of an editor of no list: what was typed now, and what stood there before."""
    nodes = [node(0, "window", "Schreiber"), node(1, "menubar"), node(2, "menuitem", "File"), node(1, "document")]
    made = label(talk, [*nodes, *(node(2, "paragraph", line) for _, line, _ in talk.said)], other=True)
    return replace(made, own=[line for _, line, own in talk.said if own], app="schreiber")


def sheet(talk: Talk) -> Made:
    """Show a table of numbers with remarks, in an application that everybody knows."""
    nodes = [node(0, "frame", "Budget.ods"), node(1, "menu bar"), node(2, "menu", "Insert"), node(1, "table")]
    nodes += [node(2, "table cell", line) for _, line, _ in talk.said]
    return in_window(label(talk, nodes, other=True), "libreoffice-calc")


def reference(talk: Talk) -> Made:
    """Show an article of an encyclopedia."""
    nodes = [node(0, "RootWebArea", "Pump"), node(1, "link", "Talk"), node(1, "searchbox", "Search")]
    nodes += [node(1, "paragraph", line) for _, line, _ in talk.said]
    return in_window(label(talk, nodes, other=True), "firefox", "https://en.wikipedia.org/wiki/Pump")


FAMILY_E: tuple[Layout, ...] = (
    ticket, bubbles, one_view, letter, month, subtitles, toast, remarks, card, spoken_rows,
    policy_form, stock, pages, options, draft, sheet, reference, *UNKNOWN_TEXTS,
)  # fmt: skip
