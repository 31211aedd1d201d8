"""Messages of a list that show no sender: marked as sent, or right behind one whose sender is the recorder."""

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import NamedTuple

from transforms.redact.bystanders.message_words import is_sentence
from transforms.redact.bystanders.node_lists import NodeTree, texts_of
from transforms.redact.bystanders.own_text.own_words import CONTROLS
from transforms.redact.bystanders.senders.heads import find_any_head
from transforms.redact.bystanders.senders.words import (
    is_bare_time,
    is_delivery,
    is_label,
    is_reaction,
    is_status,
    is_titled,
    is_unread,
    may_name,
    opens_quote,
)
from transforms.redact.bystanders.window_labels import is_addressee

_INITIALS = re.compile(r"[^\W\d_]{1,2}")
_NUMBER = re.compile(r"\d(?:[ ()/.-]{0,3}\d){5}")
"""Number of a telephone, which may stand for a name: ``0555 / 0100``."""
_MOST_NODES = 100
"""Most nodes of an item that is read; a larger one is a page."""


class _Item(NamedTuple):
    """Item of a list: its sender, '' where it shows none and None where it may show some; its words and its state."""

    sender: str | None
    said: tuple[str, ...]
    delivered: bool
    unread: bool
    timed: bool
    initials: frozenset[str]
    roles: Counter[str]

    def __repr__(self) -> str:
        """Hide the sender and the words."""
        return f"_Item(delivered={self.delivered}, unread={self.unread})"


@dataclass(frozen=True, slots=True)
class BareReader:
    """Reader of items that have no sender, among those of ``senders``, in a tree."""

    tree: NodeTree = field(repr=False)
    senders: Mapping[int, str] = field(repr=False)
    is_typed: Callable[[str], bool] = field(repr=False)
    _known: dict[int, _Item] = field(default_factory=dict, repr=False)

    def lack(self, kids: Sequence[int]) -> bool:
        """Return whether some items have no sender."""
        return not all(kid in self.senders for kid in kids)

    def list_sent(self, kids: Sequence[int]) -> Iterator[str]:
        """Yield the words of items that are marked as sent, if none with a sender is and other messages are not.

        ``Anna | 10:42 | lunch?`` and ``on my way | 10:43 | Delivered``.
        """
        items = [item for item in map(self._read, kids) if item.said]
        sent = [item for item in items if item.delivered]
        if (
            not any(item.sender or item.timed for item in items if not item.delivered)
            or any(item.sender for item in sent)
            or any(item.unread for item in items)
        ):
            return
        yield from (item.said[0] for item in sent if item.sender == "" and len(item.said) == 1)

    # ``Ann | 10:42 | lunch? | 10:43 | at noon``: who writes twice in a row is named once. Where somebody is named
    # twice in a row, or typed words follow another's, items without a name are not those of the one before.
    def list_following(self, kids: Sequence[int], own: Collection[str]) -> Iterator[str]:
        """Yield the words of items without a sender that follow one of the recorder, where lists name a sender once."""
        items = [self._read(kid) for kid in kids]
        if all(item.sender in own for item in items if item.sender):
            return
        if any(one.sender and one.sender == other.sender for one, other in pairwise(items)):
            return
        before: _Item | None = None
        found = list[str]()
        for item in items:
            follows = item.sender == "" and item.said
            if not follows:
                before = item if item.sender else None
            elif before is None or before.sender not in own:
                if any(map(self.is_typed, item.said)):
                    return
            elif item.roles < before.roles and item.initials <= before.initials and not any(map(_tells_of, item.said)):
                found.extend(item.said if len(item.said) == 1 else ())  # of two texts one may be quoted
            else:
                before = None
        yield from found

    def _read(self, kid: int) -> _Item:
        if kid not in self._known:
            self._known[kid] = self._read_item(kid)
        return self._known[kid]

    def _read_item(self, kid: int) -> _Item:
        """Read an item; one that holds an item with a sender, or what may be a name or a quote, may be anybody's."""
        end = self.tree.ends[kid]
        sender: str | None = self.senders.get(kid, "")
        said, initials = list[str](), set[str]()
        delivered = unread = timed = False
        if end - kid > _MOST_NODES or any(number in self.senders for number in range(kid + 1, end)):
            return _Item(None, (), delivered, unread, timed, frozenset(), Counter())
        for number in range(kid, end):
            lines = [line for text in texts_of(self.tree.nodes[number]) for line in text.split("\n")]
            for text in lines:
                is_state = is_delivery(text)
                delivered |= is_state
                unread |= is_unread(text)
                timed |= is_bare_time(text)
                if _INITIALS.fullmatch(text.strip()):
                    initials.add(text.strip())
                if sender == "" and _NUMBER.search(text) and is_status(text) and not is_bare_time(text):
                    sender = None
                is_known = is_state or is_status(text) or is_reaction(text) or is_label(text)
                if is_known or self.tree.roles[number] in CONTROLS:
                    continue
                is_said = is_sentence(text) and not opens_quote(text)
                if is_said:
                    said.append(text)
                # what is neither words nor a time may be a name of any form: ``van Dijk, Hanneke``
                if sender == "" and (not is_said or _names_somebody(text)):
                    sender = None
        roles = Counter(self.tree.roles[kid:end])
        return _Item(sender, tuple(said), delivered, unread, timed, frozenset(initials), roles)


# ``@bo: lunch``, ``Bo Lee 10:42``, ``Dr. Bo Lee, Legal``; not ``I will be there on Monday``
def _names_somebody(text: str) -> bool:
    """Return whether words may have their sender before them, or be one."""
    head = find_any_head(text)
    told = head is not None and (bool(head.rest) or is_titled(head.name))
    return told or text.lstrip().startswith("@") or (may_name(text) and is_titled(text))


# ``Bela changed the topic to wages`` is of the program and of Bela.
def _tells_of(text: str) -> bool:
    """Return whether words may begin with the name of who did something."""
    return is_addressee(text.split(maxsplit=1)[0])
