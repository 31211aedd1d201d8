"""One message as a screen shows it: whose it is, its words, and how that is told."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from transforms.redact.bystanders.senders.heads import plain_name


class Line(NamedTuple):
    """Line of a text of a node."""

    node: int
    text: str

    def __repr__(self) -> str:
        """Hide the text."""
        return f"Line(node={self.node})"


class Message(NamedTuple):
    """Message with its sender: groups of lines that are the sender's, other names beside the head, how it is told.

    ``whole`` says that the item shows nothing but them and what is marked as a quote; ``timed`` that a time stands in
    it, ``sure`` that a verb, a colon or the word ``by`` tells the sender; ``boxed`` that its words stand in a box.
    """

    name: str
    groups: tuple[tuple[str, ...], ...]
    aliases: tuple[str, ...]
    whole: bool
    timed: bool
    sure: bool
    boxed: bool

    def __repr__(self) -> str:
        """Hide names and words."""
        return f"Message(timed={self.timed}, sure={self.sure}, whole={self.whole})"


@dataclass(slots=True)
class Body:
    """Words and signs that are read of a message behind its head, which stands in the node ``head``."""

    head: int
    timed: bool
    sure: bool
    whole: bool = True
    boxed: bool = False
    groups: dict[int, list[str]] = field(default_factory=dict, repr=False)
    aliases: list[str] = field(default_factory=list, repr=False)

    def add(self, place: int, text: str) -> None:
        """Add a line of the sender, by the part of the screen that holds it."""
        self.groups.setdefault(place, []).append(text)


def list_senders(message: Message) -> Iterator[str]:
    """Yield the name of the sender of a message and what else names it."""
    yield plain_name(message.name)
    yield from message.aliases
