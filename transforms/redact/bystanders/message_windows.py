"""Windows in which other people write: told by name, and by what their screens in the session show."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from transforms.redact.bystanders.message_screens import NOTHING, Messages, find_messages
from transforms.redact.bystanders.message_texts import TextReader
from transforms.redact.bystanders.messengers import MessengerList, host_of
from transforms.redact.bystanders.own_words import OwnWords

_BROWSER = re.compile(
    r"chrom(?:e|ium)|firefox|safari|edge|msedge|brave|opera|vivaldi|arc|librewolf|epiphany|falkon|duckduckgo",
    re.IGNORECASE,
)
"""Applications that show all kinds of sites; one is judged by its site, or else by each of its windows."""
_HALF = 2

Window = tuple[str, str]
"""A window judged as one: an application, or an application and a site, or a row of a browser without a site."""


class Judged(NamedTuple):
    """Judgement of a row: whether its window is one in which other people write, and messages that it shows anyway."""

    inside: bool
    messages: Messages


def read_windows(rows: Sequence[dict[str, Any]], messengers: MessengerList, own: OwnWords) -> Iterator[Judged]:
    """Yield for each row of a session whether its window is one in which other people write.

    A window that no name tells is one if half of its screens with nodes, or more, are mostly messages.
    """
    reader = TextReader(own)
    windows, named = list(_windows(rows)), dict[Window, bool]()
    shown: dict[Window, list[bool]] = {}
    found: list[Messages] = []
    for row, window in zip(rows, windows, strict=True):
        if row["kind"] == "focus":
            named[window] = messengers.names(row["app"] or "", row["title"] or "", row["url"] or "")
        judged = row["kind"] == "screen" and row["nodes"] and not named.get(window)
        found.append(find_messages(row["nodes"], reader) if judged else NOTHING)
        if judged:
            shown.setdefault(window, []).append(found[-1].mostly)
    learned = {window for window, mostly in shown.items() if sum(mostly) * _HALF >= len(mostly)}
    inside = False
    for row, window, messages in zip(rows, windows, found, strict=True):
        if row["kind"] == "focus":
            inside = messengers.names(row["app"] or "", row["title"] or "", row["url"] or "") or window in learned
        yield Judged(inside or window in learned, messages)


def _windows(rows: Sequence[dict[str, Any]]) -> Iterator[Window]:
    """Yield the window of each row."""
    window: Window = ("", "")
    for number, row in enumerate(rows):
        if row["kind"] == "focus":
            app, host = row["app"] or "", host_of(row["url"] or "")
            alone = not host and _BROWSER.search(app) is not None
            window = app, f"#{number}" if alone else host
        yield window
