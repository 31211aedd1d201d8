"""Screens of family E that are text alone, as read off a picture: messages, and other windows."""

from collections.abc import Sequence
from dataclasses import replace
from textwrap import wrap

from benchmarks.message_screens.screens import Layout, Made, Talk, name_author

_WIDTH = 44
FIELDS = (
    "Policy holder",
    "Valid from",
    "Net amount",
    "Cost centre",
    "Branch",
    "Delivery date",
    "Approved by",
    "Status",
)
VALUES = ("4711-08", "2026-11-02", "1,240.00", "K 310", "Lyon", "Week 48", "Purchasing", "open")


def as_text(
    talk: Talk,
    before: Sequence[str],
    shown: Sequence[tuple[str, bool]],
    after: Sequence[str],
    app: str,
    *,
    other: bool = False,
) -> Made:
    """Show lines of a picture, cut where the window ends; each piece of a line is labelled as the line is."""
    pieces = [(piece, own) for line, own in shown for piece in wrap(line, _WIDTH)]
    incoming = [] if other else [piece for piece, own in pieces if not own]
    lines = [*before, *(piece for piece, _ in pieces), *after]
    own = [piece for piece, own in pieces if own]
    return Made(talk.language, (), incoming, own, lines, app, typed=[line for _, line, own in talk.said if own])


def mine(talk: Talk) -> list[tuple[str, bool]]:
    return [(line, own) for _, line, own in talk.said]


def chat_text(talk: Talk) -> Made:
    """Show a chat as lines, and nothing but what was written."""
    return as_text(talk, ["Search", "Vialink"], mine(talk), ["Aa"], "Vialink")


def named_text(talk: Talk) -> Made:
    """Show lines that begin with who wrote."""
    return as_text(
        talk,
        ["# team"],
        [(f"{name_author(who, own=own)}: {line}", own) for who, line, own in talk.said],
        ["Send"],
        "plauder.exe",
    )


def letter_text(talk: Talk) -> Made:
    """Show a mail as lines; all of it is of somebody else."""
    told = Talk(talk.language, [(who, line, False) for who, line, _ in talk.said], talk.draw)
    return as_text(told, ["Correo", "Archive", "Delete", "10:42"], mine(told), ["Reply"], "correo")


def plan_text(talk: Talk) -> Made:
    """Show a day of a calendar as lines."""
    return as_text(
        talk,
        ["November 2026", "Mo Di Mi Do Fr"],
        [(f"{number + 8}:00 {line}", own) for number, (_, line, own) in enumerate(talk.said)],
        ["+"],
        "planner",
    )


def subtitle_text(talk: Talk) -> Made:
    """Show the captions of a call as lines."""
    return as_text(talk, ["00:41:07", "Hand", "Share"], mine(talk), ["CC"], "runde")


def site_text(talk: Talk) -> Made:
    """Show a forum of the organisation as lines."""
    made = as_text(talk, ["Intranet", "Canteen"], mine(talk), ["Home", "Help"], "firefox")
    return replace(made, app="firefox", url="https://intranet.acme.example/canteen")


def remote_text(talk: Talk) -> Made:
    """Show a chat in the window of another computer."""
    return as_text(talk, ["10.0.0.7"], mine(talk), ["10:42"], "mstsc.exe")


def draft_text(talk: Talk) -> Made:
    """Show such a document as lines."""
    return as_text(talk, ["File", "Edit", "Page 1 of 3"], mine(talk), [], "schreiber", other=True)


def form_text(talk: Talk) -> Made:
    """Show a form as lines."""
    lines = [part for pair in zip(FIELDS, VALUES, strict=True) for part in pair]
    return as_text(talk, lines, [(talk.said[0][1], False)], ["Save", "Cancel"], "polia.exe", other=True)


def log_text(talk: Talk) -> Made:
    """Show the messages of a machine."""
    lines = [f"2026-11-02 10:4{number} pump{number} WARN pressure {number}.2 bar below limit" for number in range(6)]
    return as_text(talk, [*lines], [], ["Refresh"], "pumpenwart", other=True)


def code(talk: Talk) -> Made:
    """Show a program with remarks, in an editor that everybody knows."""
    lines = [f"    # {line}" for _, line, _ in talk.said]
    return as_text(talk, ["import os", *lines, "    return total"], [], ["Ln 4, Col 7"], "code.exe", other=True)


def shell(talk: Talk) -> Made:
    """Show a terminal."""
    return as_text(
        talk, ["$ make test", *(line for _, line, _ in talk.said)], [], ["$"], "gnome-terminal-server", other=True
    )


UNKNOWN_TEXTS: tuple[Layout, ...] = (
    chat_text, named_text, letter_text, plan_text, subtitle_text, site_text, remote_text,
    draft_text, form_text, log_text, code, shell,
)  # fmt: skip
