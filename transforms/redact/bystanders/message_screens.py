"""Messages told by the structure of a screen, where no name of an application tells them.

Items that repeat, with who wrote, when and what, beside a box or a control for an answer; the opened mail; the entries
of a calendar. Lists, tables, forms, results and logs lack the answer, the sender or the time.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from transforms.redact.bystanders.message_texts import Shown, TextReader, is_entry
from transforms.redact.bystanders.message_words import (
    head_of,
    is_author,
    is_box,
    is_message_box,
    is_sentence,
    is_sure_box,
    is_talk,
    is_time,
    view_of,
)
from transforms.redact.bystanders.node_lists import (
    BOXES,
    CELLS,
    TABLES,
    Kind,
    NodeList,
    NodeTree,
    RawNode,
    role_of_node,
    texts_of,
)
from transforms.redact.bystanders.own_text.own_words import CONTROLS

_ROWS = frozenset({"row", "dataitem"})
_MANY, _MOST, _SOME = 0.8, 0.5, 0.3
"""Shares of the items of a list that show something."""
_LEAST_HEADS, _LEAST_VIEWS, _LEAST_TEXTS = 2, 2, 3
_LONGEST_LABEL = 200
_LABELLED = CONTROLS | {"link", "generic"}


class Messages(NamedTuple):
    """Ranges of nodes that hold messages, and whether the screen is mostly that."""

    ranges: tuple[tuple[int, int], ...]
    mostly: bool


NOTHING = Messages((), mostly=False)


class _Shares(NamedTuple):
    """Shares of the items of a list that show a part of a message."""

    says: float
    author: float
    time: float
    own: float
    answers: float

    @classmethod
    def of(cls, items: Sequence[Shown]) -> "_Shares":
        return cls(*(sum(getattr(item, part) for item in items) / len(items) for part in cls._fields))


@dataclass(frozen=True, slots=True)
class _Signs:
    """Signs of messages around all lists of a screen."""

    box: bool
    sure_box: bool
    message_box: int  # number of the node of a box for messages and nothing else, -1 where there is none
    talk: bool
    mail: bool
    calendar: bool


def find_messages(nodes: Sequence[RawNode], reader: TextReader) -> Messages:
    """Find the messages among the ``nodes`` of a screen, in the order of their beginnings with their depths."""
    signs = _read_signs(nodes)
    if not (signs.box or signs.talk or signs.calendar):
        return NOTHING
    if signs.mail:
        return Messages(((0, len(nodes)),), mostly=True)
    tree = NodeTree(nodes, reader)
    near = _find_nearest(tree, signs.message_box)
    found = [item.kids for item in tree.lists() if _holds_messages(tree, item, signs, near=item.kids == near)]
    ranges = _join_ranges((kids[0], tree.ends[kids[-1]]) for kids in found)
    return Messages(ranges, mostly=bool(ranges) and _is_most_inside(nodes, reader, ranges))


def shows_ways_to_answer(nodes: Sequence[RawNode]) -> bool:
    """Return whether a screen shows a box for messages or comments, or a control to write or answer."""
    signs = _read_signs(nodes)
    return signs.box or signs.talk


def _join_ranges(ranges: Iterable[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Join ranges that overlap or touch.

    >>> _join_ranges([(4, 6), (0, 2), (1, 3)])
    ((0, 3), (4, 6))
    """
    joined: list[tuple[int, int]] = []
    for start, end in sorted(ranges):
        if joined and start <= joined[-1][1]:
            joined[-1] = joined[-1][0], max(joined[-1][1], end)
        else:
            joined.append((start, end))
    return tuple(joined)


def _is_most_inside(nodes: Sequence[RawNode], reader: TextReader, ranges: Sequence[tuple[int, int]]) -> bool:
    """Return whether half of the nodes that say something, or more, are in the ``ranges``."""
    says = [any(reader.read(text).says for text in texts_of(node)) for node in nodes]
    return sum(sum(says[start:end]) for start, end in ranges) * 2 >= sum(says)


def _read_signs(nodes: Sequence[RawNode]) -> _Signs:
    roles = [role_of_node(node) for node in nodes]
    boxes = [number for number, role in enumerate(roles) if role in BOXES and role != "searchbox"]
    labels = [(number, label[:_LONGEST_LABEL]) for number in boxes for label in texts_of(nodes[number])]
    controls = [node["name"] for node, role in zip(nodes, roles, strict=True) if node["name"] and role in _LABELLED]
    talk = any(map(is_talk, controls))
    views = {view_of(label) for label in controls} - {None}
    sure = [(number, label) for number, label in labels if is_sure_box(label)]
    box = next((number for number, label in sure if is_message_box(label)), -1)
    either = any(is_box(label) for _, label in labels)
    mail = talk and _shows_mail([node for node, role in zip(nodes, roles, strict=True) if role not in BOXES])
    return _Signs(either, bool(sure), box, talk, mail, len(views) >= _LEAST_VIEWS)


def _shows_mail(nodes: Sequence[RawNode]) -> bool:
    """Return whether two heads of a mail stand on a screen, one of them its sender or its date."""
    heads = {kind for node in nodes for text in texts_of(node) if (kind := head_of(text))}
    return len(heads) >= _LEAST_HEADS and bool(heads & {"sender", "date"})


def _find_nearest(tree: NodeTree, box: int) -> Sequence[int]:
    """Find the items of the last list that says something above the node ``box``."""
    lists = [item.kids for item in tree.lists() if item.kind is Kind.ITEM and tree.ends[item.kids[-1]] <= box]
    above = [kids for kids in lists if any(tree.shown[kid].says for kid in kids)]
    return max(above, key=lambda kids: (tree.ends[kids[-1]], -kids[0]), default=())


def _holds_messages(tree: NodeTree, item: NodeList, signs: _Signs, *, near: bool) -> bool:
    """Judge the items of one list, texts that stand in turn, or entries of a calendar."""
    if item.kind is Kind.CONTROL:
        entries = sum(is_entry(tree.nodes[kid]["name"] or "") for kid in item.kids)
        return signs.calendar and entries >= len(item.kids) * _MOST
    if item.kind is Kind.TEXT and len(item.kids) >= _LEAST_TEXTS:
        return (signs.sure_box or signs.talk) and _is_flat_talk(tree, item.kids)
    return _are_messages(tree, item, signs, near=near)


def _are_messages(tree: NodeTree, item: NodeList, signs: _Signs, *, near: bool) -> bool:
    """Judge items by the shares of them that show a sender, a time, words, an answer."""
    shown = [tree.shown[kid] for kid in item.kids if tree.shown[kid].texts]
    if not shown or (item.kind is not Kind.ITEM and tree.are_parts(item.kids)):
        return False
    shares = _Shares.of(shown)
    if signs.calendar and shares.time >= _MOST:
        return True
    if item.role in _ROWS or (item.place in TABLES and item.role not in CELLS):
        strict = signs.talk and min(shares.author, shares.time) >= _MANY and shares.says >= _SOME
        return strict or (near and shares.says > 0 and (shares.time >= _MOST or shares.own > 0))
    return shares.says > 0 and _is_talk_list(shares, signs, many=len(shown) > 1, near=near)


def _is_talk_list(shares: _Shares, signs: _Signs, *, many: bool, near: bool) -> bool:
    """Judge a list that says something: the less it shows of sender and time, the more the screen must show."""
    if signs.box and many and (min(shares.time, shares.author) >= _SOME or shares.own > 0):
        return True
    if (
        signs.sure_box
        and (many or signs.message_box >= 0)
        and (shares.time >= _SOME or shares.author >= _MOST or (near and shares.says >= _MOST))
    ):
        return True
    if many and shares.answers >= _MOST and shares.author >= _MOST:
        return True
    named = min(shares.author, shares.time) >= _MOST
    return signs.talk and (many or shares.answers > 0) and shares.says >= _SOME and (named or shares.own > 0)


def _is_flat_talk(tree: NodeTree, kids: Sequence[int]) -> bool:
    """Judge texts without items: sentences, most of them right behind a name or a time: ``Anna 10:42``."""
    texts = [text for kid in kids for text in texts_of(tree.nodes[kid])]
    said = sum(map(is_sentence, texts))
    if said and any(tree.shown[kid].own for kid in kids):
        return True
    told = sum(is_sentence(text) and (is_time(before) or is_author(before)) for before, text in pairwise(texts))
    return told > said * _MOST and (said > 1 or any(map(is_time, texts)))
