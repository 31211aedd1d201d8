"""Remarks on work: comments on a document, a review of code, a ticket, a page of a wiki.

Written by somebody who had not read the rule; trees from what is known of the programs, not recorded.
"""

from benchmarks.message_screens.desks.canvas import Canvas
from benchmarks.message_screens.desks.talks import LOGIN, ME, DeskTalk, address_of, first_name
from benchmarks.message_screens.screens import Made

_CODE = ("def berth(ship):", "    return [pier for pier in PIERS if pier.length > ship.length]")
_FIELDS = (("Status", "In Progress"), ("Priority", "High"), ("Sprint", "Harbour 12"))


def word_comments(talk: DeskTalk) -> Made:
    """Model comments in Word on Windows: names on the cards, answers below, beside the recorder's own document."""
    at = Canvas(talk)
    at.add(0, "dialog", "Harbour move.docx - Word")
    for name in ("Home", "Insert", "Review"):
        at.add(1, "tab", at.control(name))
    at.add(1, "button", ME)
    at.open_pane(200, 760)
    at.add(1, "document", "Harbour move.docx")
    at.add(2, "group", "Page 1", states="editable focused")
    if talk.pending:
        at.add(3, "paragraph", at.claim(talk.pending, own=True))
    at.open_pane(980, 440)
    at.add(1, "list", "Comments")
    for place, (who, line, own) in enumerate([*talk.said, *talk.aside[:2]]):
        name = ME if own else who
        is_answer = place % 3
        at.add(3 if is_answer else 2, "listitem", f"{'Reply' if is_answer else 'Comment thread started'} by {name}")
        at.add(4, "paragraph", name)
        at.add(4, "paragraph", f"{talk.day()} {talk.clock()}")
        at.add(
            4, "paragraph", f"@{first_name(ME)} {at.claim(line, own=own)}" if place == 1 else at.claim(line, own=own)
        )
        if not is_answer:
            at.press(4, "resolve", "reply")
    return at.finish("WINWORD.EXE", "Harbour move.docx - Word")


def pull_request(talk: DeskTalk) -> Made:
    """Model a review on GitHub in Chrome: logins, quotes of earlier remarks, remarks on lines, and events."""
    at = Canvas(talk)
    title = f"Sort piers by length by {LOGIN} \u00b7 Pull Request #118 \u00b7 harbour/berths"
    at.add(0, "RootWebArea", title)
    at.add(1, "main")
    at.add(2, "heading", "Sort piers by length #118")
    at.add(2, "StaticText", f"{LOGIN} wants to merge 2 commits into main from piers")
    for name in ("Conversation", "Commits", "Files changed"):
        at.add(2, "tab", at.control(name))
    for place, (who, line, own) in enumerate(talk.said):
        login = _login_of(who)
        at.add(2, "group", f"{login}'s comment")
        at.add(3, "heading", f"{login} commented {place + 1} hours ago")
        at.add(4, "link", login)
        at.add(4, "StaticText", " commented ")
        at.add(4, "link", f"{place + 1} hours ago")
        at.add(3, "StaticText", "Author" if own else "Reviewer")
        if not own and place % 2:
            at.add(3, "table")
            for code in _CODE:
                at.add(4, "cell", code)
        at.add(3, "generic")
        if place and place % 3 == 0:
            _, old, was_own = talk.said[place - 1]
            at.add(4, "blockquote")
            at.add(5, "StaticText", at.claim(old, own=was_own))
        if not own and place % 3 == 1:
            at.add(4, "link", f"@{LOGIN}")
        at.add(4, "StaticText", at.claim(line, own=own))
        at.add(3, "button", f"{LOGIN} reacted with thumbs up emoji" if not own else "Add your reaction")
        at.add(2, "StaticText", f"{LOGIN} requested a review from {_login_of(talk.other)} 2 days ago")
    at.write(2, "textbox", "Add a comment")
    at.press(2, "comment")
    return at.finish("chrome.exe", title, "https://github.com/harbour/berths/pull/118")


def ticket(talk: DeskTalk) -> Made:
    """Model a ticket in Jira: the reporter's description, comments with names, fields that name the recorder."""
    at = Canvas(talk)
    title = "[HAR-118] Berth plan - Jira"
    (reporter, line), *_ = talk.incoming
    at.add(0, "RootWebArea", title)
    at.add(1, "banner")
    at.add(2, "button", "Your profile and settings")
    at.open_pane(240, 800)
    at.add(1, "main")
    at.add(2, "heading", "Berth plan")
    at.add(2, "heading", at.control(talk.word("description")))
    at.add(2, "generic")
    at.add(3, "StaticText", at.claim(line, own=False))
    at.add(2, "heading", "Activity")
    for name in ("All", "Comments", "History"):
        at.add(2, "button", at.control(name))
    at.add(2, "list")
    for place, (who, words, own) in enumerate(talk.said):
        if words == line:
            continue
        at.add(3, "listitem")
        at.add(4, "img", who)
        at.add(4, "StaticText", who)
        at.add(4, "StaticText", f"{talk.day()} {talk.clock()}")
        at.add(4, "generic")
        if not own and place % 2:
            at.add(5, "link", f"@{ME}")
        at.add(5, "StaticText", at.claim(words, own=own))
        at.press(4, "reply", *(("edit", "delete") if own else ()))
        if not own:
            at.add(3, "StaticText", f"{ME} changed the Assignee")
    at.write(2, "textbox", "Add a comment\u2026")
    at.press(2, "save")
    at.open_pane(1060, 360)
    at.add(1, "complementary", "Details")
    for name, value in (*_FIELDS, ("Assignee", ME), ("Reporter", reporter)):
        at.add(2, "term", at.control(name))
        at.add(2, "definition", value)
    return at.finish("firefox", title, "https://harbour.atlassian.net/browse/HAR-118")


def wiki_page(talk: DeskTalk) -> Made:
    """Model a page of Confluence that the recorder wrote, as rrweb mirrors it, with comments below."""
    at = Canvas(talk)
    title = "Harbour move - Facility - Confluence"
    own_text, *more = talk.answers
    at.add(0, "generic")
    at.add(1, "heading", "Harbour move")
    at.add(1, "generic", f"By {ME}, last updated {talk.day()}")
    at.add(1, "button", at.control(talk.word("edit")))
    at.add(1, "button", at.control(talk.word("share")))
    at.add(1, "generic")
    at.add(2, "paragraph", at.claim(own_text, own=True))
    at.add(1, "heading", f"{len(talk.said) - 1} comments")
    at.add(1, "list")
    for who, line, own in talk.said:
        if line == own_text:
            continue
        at.add(2, "listitem")
        at.add(3, "link", who)
        at.add(3, "generic", talk.day())
        at.add(3, "paragraph", at.claim(line, own=own))
        at.press(3, "reply", "like", *(("edit",) if own and more else ()))
    at.write(1, "textbox", talk.word("comment"))
    return at.finish("chrome.exe", title, "https://harbour.atlassian.net/wiki/spaces/FAC/pages/9", text=True)


def _login_of(who: str) -> str:
    return LOGIN if who == ME else address_of(who).partition("@")[0].replace(".", "")


DOCUMENTS = (word_comments, pull_request, ticket, wiki_page)
