"""Lists in the tree of a screen: children of one parent that are alike, and what each of them shows."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from transforms.redact.bystanders.message_texts import NOTHING_SHOWN, Shown, TextReader
from transforms.redact.bystanders.message_words import is_talk
from transforms.redact.bystanders.own_text.own_words import CONTROLS
from transforms.redact.screens.trees import WINDOW, build_tree

RawNode = Mapping[str, Any]

BOXES = frozenset("textbox searchbox combobox textarea edit entry textfield spinbutton".split())
TABLES = frozenset("table grid treegrid".split())
CELLS = frozenset({"cell", "gridcell"})
LISTS = TABLES | frozenset("list listbox outline tree treetable".split())
_FIRM = frozenset("listitem article row option treeitem comment dataitem".split())
_ALONE = frozenset("group panel cell gridcell none pane custom note section region".split())
"""Roles of items that may have all of their words in their name."""
_MENUS = frozenset("menu menubar menuitem tablist toolbar tab code".split())
"""Roles below which nothing is a message."""
_PARTS = frozenset(
    """list listbox tree table grid treegrid main navigation banner contentinfo complementary dialog form search
    document application window""".split()
)
"""Roles of parts of a page, which are no items."""
_SAME = {"pushbutton": "button", "togglebutton": "button", "pagetab": "tab", "tabitem": "tab"}
"""Roles of Windows and Linux by the words of pages."""
_MOST_TEXTS = 12
"""Most texts of an item whose role says little."""


class Kind(Enum):
    """Kind of children of one parent: items by their role or by what is in them, texts, or buttons."""

    ITEM = auto()
    GROUP = auto()
    TEXT = auto()
    CONTROL = auto()
    NONE = auto()


@dataclass(frozen=True, slots=True)
class NodeList:
    """Children of one parent that are alike, with the role of the first and of the parent, '' where it has none."""

    kind: Kind
    kids: Sequence[int]
    role: str = field(repr=False)
    place: str = field(repr=False)


@dataclass(slots=True)
class NodeTree:
    """Nodes of a screen with what each shows together with those below it; built in one pass over them."""

    nodes: Sequence[RawNode] = field(repr=False)
    reader: TextReader
    roles: list[str] = field(init=False, repr=False)
    parents: list[int] = field(init=False)
    ends: list[int] = field(init=False)
    shown: list[Shown] = field(init=False)
    _children: dict[int, list[int]] = field(init=False)
    _kinds: list[Kind] = field(init=False)
    _lists_below: list[bool] = field(init=False)
    _in_menu: list[bool] = field(init=False)

    def __post_init__(self) -> None:
        self.roles = [role_of_node(node) for node in self.nodes]
        self.parents = build_tree([node["depth"] or 0 for node in self.nodes]).parents
        self._children = {}
        self._in_menu = []
        for number, parent in enumerate(self.parents):
            self._children.setdefault(parent, []).append(number)
            self._in_menu.append(parent != WINDOW and (self.roles[parent] in _MENUS or self._in_menu[parent]))
        self._kinds = [self._kind_of(number) for number in range(len(self.nodes))]
        self.ends = list(range(1, len(self.nodes) + 1))
        self.shown = [self._read(number) for number in range(len(self.nodes))]
        self._lists_below = [False] * len(self.nodes)
        for number in range(len(self.nodes) - 1, -1, -1):  # what is below a node has been joined to it before
            self._lists_below[number] |= self._is_list(number)
            if (parent := self.parents[number]) != WINDOW:
                self.ends[parent] = max(self.ends[parent], self.ends[number])
                self.shown[parent] = self.shown[parent].join(self.shown[number])
                self._lists_below[parent] |= self._lists_below[number]

    def lists(self) -> Iterator[NodeList]:
        """Yield the lists of items, texts and buttons outside of menus."""
        for parent, kids in self._children.items():
            alike: dict[Kind, list[int]] = {}
            for kid in kids:
                alike.setdefault(self._kinds[kid], []).append(kid)
            alike.pop(Kind.NONE, None)
            place = self.roles[parent] if parent != WINDOW else ""
            if not self._in_menu[kids[0]]:
                yield from (NodeList(kind, listed, self.roles[listed[0]], place) for kind, listed in alike.items())

    def are_parts(self, kids: Sequence[int]) -> bool:
        """Return whether groups are parts of a page rather than messages: they are long, or hold lists themselves."""
        return any(self.shown[kid].texts > _MOST_TEXTS or self._lists_below[kid] for kid in kids)

    def _is_list(self, parent: int) -> bool:
        kids = self._children.get(parent, ())
        return sum(self._kinds[kid] in {Kind.ITEM, Kind.GROUP} and self.shown[kid].says for kid in kids) > 1

    def _kind_of(self, number: int) -> Kind:
        role, parent = self.roles[number], self.parents[number]
        if role in _FIRM or (role in CELLS and parent != WINDOW and self.roles[parent] in TABLES):
            return Kind.ITEM
        if role in CONTROLS:
            return Kind.CONTROL if role == "button" else Kind.NONE
        if role in BOXES | _MENUS | _PARTS:
            return Kind.NONE
        return Kind.GROUP if number in self._children or role in _ALONE else Kind.TEXT

    def _read(self, number: int) -> Shown:
        """Read a node alone."""
        node, role = self.nodes[number], self.roles[number]
        if role in CONTROLS:
            return Shown(answers=bool(node["name"]) and is_talk(node["name"]))
        shown = NOTHING_SHOWN
        for text in texts_of(node) if role not in BOXES else ():
            shown = shown.join(self.reader.read(text))
        return shown


def texts_of(node: RawNode) -> list[str]:
    """List the name and the value of a node, where it has them."""
    return [text for text in (node["name"], node.get("value")) if text]


def role_of_node(node: RawNode) -> str:
    """Return the role of a node as one plain word: ``listitem`` for ``AXListItem``, ``button`` for ``push button``."""
    plain = re.sub(r"[\s_-]", "", (node["role"] or "").casefold()).removeprefix("ax")
    return _SAME.get(plain, plain)


def find_inside(tree: NodeTree, tops: Collection[int]) -> list[bool]:
    """Tell of each node whether it is below one of some nodes."""
    found, end = list[bool](), 0
    for node, own_end in enumerate(tree.ends):
        found.append(node < end)
        if node in tops:
            end = max(end, own_end)
    return found
