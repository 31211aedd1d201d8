"""Windows in which other people write: told by name, and by what their screens in the session show."""

import re
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from transforms.redact.bystanders.known_windows import KnownWindows, WindowKind
from transforms.redact.bystanders.message_screens import NOTHING, Messages, find_messages
from transforms.redact.bystanders.message_texts import TextReader
from transforms.redact.bystanders.own_text.own_words import OwnWords
from transforms.sites.addresses import host_of_page

_BROWSER = re.compile(
    r"chrom(?:e|ium)|firefox|safari|edge|msedge|brave|opera|vivaldi|arc|librewolf|epiphany|falkon|duckduckgo",
    re.IGNORECASE,
)
"""Applications that show all kinds of sites; one is judged by its site, or else by each of its windows."""
_HALF = 2

Window = tuple[str, str]
"""A window judged as one: an application, or an application and a site, or a row of a browser without a site."""


class Judged(NamedTuple):
    """Judgement of a row: the kind of its window, its application, and messages that it shows in any window."""

    kind: WindowKind
    app: str
    messages: Messages

    def __repr__(self) -> str:
        """Hide the application."""
        return f"Judged({self.kind})"


def read_windows(rows: Sequence[dict[str, Any]], known: KnownWindows, own: OwnWords) -> Iterator[Judged]:
    """Yield the judgement of each row of a session; rows before the first focus are of a window without a name.

    A window that no name tells is a messenger if half of its screens with nodes, or more, are mostly messages.
    """
    reader = TextReader(own)
    windows, named = list(_windows(rows)), list(_judge_names(rows, known))
    shown: dict[Window, list[bool]] = {}
    found: list[Messages] = []
    for row, window, kind in zip(rows, windows, named, strict=True):
        judged = row["kind"] == "screen" and row["nodes"] and kind is not WindowKind.MESSENGER
        found.append(find_messages(row["nodes"], reader) if judged else NOTHING)
        if judged:
            shown.setdefault(window, []).append(found[-1].mostly)
    learned = {window for window, mostly in shown.items() if sum(mostly) * _HALF >= len(mostly)}
    for window, kind, messages in zip(windows, named, found, strict=True):
        yield Judged(WindowKind.MESSENGER if window in learned else kind, window[0], messages)


def name_windows(rows: Sequence[dict[str, Any]], known: KnownWindows) -> Iterator[tuple[Window, WindowKind]]:
    """Yield the window of each row and what its names tell of it."""
    return zip(_windows(rows), _judge_names(rows, known), strict=True)


def _judge_names(rows: Sequence[dict[str, Any]], known: KnownWindows) -> Iterator[WindowKind]:
    """Yield what the names of each row's window tell of it."""
    kind = known.judge("", "", "")
    for row in rows:
        if row["kind"] == "focus":
            kind = known.judge(row["app"] or "", row["title"] or "", row["url"] or "")
        yield kind


def _windows(rows: Sequence[dict[str, Any]]) -> Iterator[Window]:
    """Yield the window of each row."""
    window: Window = ("", "")
    for number, row in enumerate(rows):
        if row["kind"] == "focus":
            app, host = row["app"] or "", host_of_page(row["url"] or "")
            alone = not host and _BROWSER.search(app) is not None
            window = app, f"#{number}" if alone else host
        yield window
