"""Layouts of family F: words in pieces, beside other words, cut off, quoted and misread.

Written after the rule for own words was changed for family E; broken lines were joined after the first trial.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from random import Random
from textwrap import wrap

from benchmarks.message_screens.screens import TIMES, Layout, Made, Talk, label, name_author, node

_MISREAD = {"l": "1", "o": "0", "m": "rn", "e": "c", "\u00fc": "u", "S": "5"}
_RARELY, _WIDTH, _PREVIEW = 0.02, 50, 28


def show_pieces(line: str, draw: Random) -> Iterator[str]:
    """Yield the pieces of a line that a page sets apart: what is bold, a link, the rest."""
    words = line.split()
    while words:
        size = draw.randint(2, 5)
        yield " ".join(words[:size])
        words = words[size:]


def misread(line: str, draw: Random) -> str:
    """Read a line off a picture, one letter of fifty wrongly."""
    return "".join(_MISREAD.get(sign, sign) if draw.random() < _RARELY else sign for sign in line)


def as_lines(talk: Talk, shown: Sequence[tuple[str, bool]], app: str, *, other: bool = False) -> Made:
    """Show lines as text alone."""
    incoming = [] if other else [line for line, own in shown if not own]
    typed = [line for _, line, own in talk.said if own]
    own = [line for line, own in shown if own]
    return Made(talk.language, (), incoming, own, [line for line, _ in shown], app, typed=typed)


def spans(talk: Talk) -> Made:
    """Show messages of a page in pieces."""
    nodes, told = [node(0, "RootWebArea", "Room")], list[tuple[str, bool]]()
    for who, line, own in talk.said:
        nodes += [node(1, "generic"), node(2, "generic", name_author(who, own=own))]
        for piece in show_pieces(line, talk.draw):
            nodes.append(node(2, "text", piece))
            told.append((piece, own))
    made = as_lines(talk, told, "chrome")
    return replace(made, nodes=nodes, lines=(), url="https://room.acme.example/")


def mail_answer(talk: Talk) -> Made:
    """Show an answer above the mail that it answers."""
    shown = [(line if own else f"> {line}", own) for _, line, own in sorted(talk.said, key=lambda said: not said[2])]
    made = as_lines(talk, shown, "briefe")
    view = node(1, "document", None, "\n".join([line for line, _ in shown]))
    return replace(
        made,
        nodes=[node(0, "window", "Briefe"), view],
        lines=(),
        incoming=[line for _, line, own in talk.said if not own],
    )


def agenda(talk: Talk) -> Made:
    """Show meetings with who comes."""
    nodes = [node(0, "window", "Termine"), node(1, "list")]
    nodes += [node(2, "listitem", f"9:30 {line} ({who}, Ilse)") for who, line, _ in talk.said]
    return replace(label(talk, nodes), app="termine")


def protocol(talk: Talk) -> Made:
    """Show what was said with the time since the beginning."""
    nodes = [node(0, "window", "Mitschrift"), node(1, "document")]
    nodes += [
        node(2, "text", f"[00:1{number}] {name_author(who, own=own)}  {line}")
        for number, (who, line, own) in enumerate(talk.said)
    ]
    return replace(label(talk, nodes), app="mitschrift")


def posts(talk: Talk) -> Made:
    """Show news of colleagues, each read out as a whole."""
    nodes = [node(0, "RootWebArea", "News")]
    nodes += [
        node(1, "article", f"{name_author(who, own=own)} posted {talk.draw.choice(TIMES)}. {line} 3 likes, 2 comments")
        for who, line, own in talk.said
    ]
    return replace(label(talk, nodes), app="firefox", url="https://news.acme.example/")


def columns(talk: Talk) -> Made:
    """Show a chat beside the list of chats, read across both."""
    others = ("Ilse Brandhofer", "Team", "Yesterday", "Ravi", "3")
    shown = [(f"{talk.draw.choice(others)} {piece}", own) for _, line, own in talk.said for piece in wrap(line, _WIDTH)]
    return as_lines(talk, shown, "zweispalt")


def picture_of_chat(talk: Talk) -> Made:
    """Show a chat whose letters are partly misread."""
    shown = [(misread(piece, talk.draw), own) for _, line, own in talk.said for piece in wrap(line, _WIDTH)]
    return as_lines(talk, shown, "bildchat")


def previews(talk: Talk) -> Made:
    """Show the beginnings of the last messages."""
    shown = [(line[:_PREVIEW] + "\u2026", own) for _, line, own in talk.said]
    return as_lines(talk, shown, "kurzchat")


def wiki(talk: Talk) -> Made:
    """Show a page of the organisation while it is written."""
    nodes = [node(0, "RootWebArea", "Page"), node(1, "button", "Save"), node(1, "textbox", "Title", "Pumps")]
    nodes.append(node(1, "textbox", "Body", "\n".join(line for _, line, _ in talk.said)))
    made = label(talk, nodes, other=True)
    return replace(
        made, own=[line for _, line, own in talk.said if own], app="firefox", url="https://know.acme.example/e"
    )


def figures(talk: Talk) -> Made:
    """Show numbers with their names."""
    shown = [
        (f"{name} {number * 37}", False)
        for number, name in enumerate(("Orders today", "Late", "Returns", "Open tickets", "Stock value"))
    ]
    return as_lines(talk, shown, "tafel", other=True)


def cells(talk: Talk) -> Made:
    """Show a table in an application that everybody knows."""
    nodes = [node(0, "window", "Book1 - Excel"), node(1, "table"), *(node(2, "cell", line) for _, line, _ in talk.said)]
    return replace(label(talk, nodes, other=True), app="EXCEL.EXE")


FAMILY_F: tuple[Layout, ...] = (
    spans, mail_answer, agenda, protocol, posts, columns, picture_of_chat, previews, wiki, figures, cells,
)  # fmt: skip
