"""Messages that the recorder wrote before the session and that are shown again, told by their sender.

A session knows names of the recorder from the directory, from words as ``You``, from the account that a window says is
signed in, and from a message whose words were all typed in the session: who stands beside it is the recorder.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain
from typing import Any

from transforms.redact.bystanders.known_windows import WindowKind
from transforms.redact.bystanders.message_screens import shows_ways_to_answer
from transforms.redact.bystanders.message_texts import TextReader
from transforms.redact.bystanders.message_windows import Window
from transforms.redact.bystanders.message_words import is_box, is_sentence, is_sure_box, is_talk
from transforms.redact.bystanders.node_lists import (
    BOXES,
    CELLS,
    Kind,
    NodeList,
    NodeTree,
    RawNode,
    find_inside,
    texts_of,
)
from transforms.redact.bystanders.own_text.own_words import CONTROLS, OwnWords, squash
from transforms.redact.bystanders.recorder_names import NO_OWNERS, ListedNames
from transforms.redact.bystanders.remarks import find_remarks, shows_mail
from transforms.redact.bystanders.senders.accounts import marked_name, names_of_account, share_accounts
from transforms.redact.bystanders.senders.bare_messages import BareReader
from transforms.redact.bystanders.senders.edits import list_editable
from transforms.redact.bystanders.senders.heads import YOURS, RecorderNames, find_any_head, plain_name
from transforms.redact.bystanders.senders.items import ItemReader
from transforms.redact.bystanders.senders.learned_names import Evidence, learn_names
from transforms.redact.bystanders.senders.messages import Message, list_senders
from transforms.redact.bystanders.senders.pictures import list_captions, list_ticked
from transforms.redact.bystanders.senders.previews import list_previews, list_read_out, list_spoken
from transforms.redact.bystanders.senders.runs import Anybody, list_runs
from transforms.redact.bystanders.senders.sent_folders import SentFolder, list_filed
from transforms.redact.bystanders.senders.sides import list_own_side
from transforms.redact.bystanders.senders.words import is_shared, is_titled, tells_moment
from transforms.redact.screens.trees import WINDOW

_BODIES = frozenset({"document", "paragraph"})
"""Roles of what somebody wrote: a list in it is a part of the words."""
_ROWS = frozenset({"row", "dataitem", *CELLS})
_LEAST_LETTERS, _LEAST_NAMED, _TAIL, _LONGEST_LABEL = 15, 2, 40, 200
"""Fewest letters of typed words that tell a sender, items with one in a list of groups; letters at an end, of a box."""


@dataclass(frozen=True, slots=True)
class Screen:
    """Screen of a session with its window."""

    window: Window = field(repr=False)
    kind: WindowKind
    nodes: Sequence[RawNode] = field(repr=False)
    text: str = field(repr=False)
    row: int = 0


NOBODY = ListedNames(NO_OWNERS, "")


def find_own_messages(screens: Sequence[Screen], own: OwnWords, listed: ListedNames = NOBODY) -> list[tuple[str, ...]]:
    """List the lines of messages whose sender is the recorder, those of one text or of texts side by side together."""
    reader = TextReader(own)
    read = [_ReadScreen(screen, NodeTree(screen.nodes, reader), own) for screen in screens]
    names = _learn_names(read, listed)
    return list(dict.fromkeys(group for screen in read for group in screen.list_own(names[screen.screen.window])))


@dataclass(slots=True)
class _ReadScreen:
    screen: Screen
    tree: NodeTree = field(repr=False)
    own: OwnWords = field(repr=False)
    talks: bool = field(init=False)
    _others: list[tuple[NodeList, int, Message]] = field(init=False, repr=False)
    _named: Counter[int] = field(init=False, repr=False)
    _has_box: bool = field(init=False)
    _sent: SentFolder | None = field(init=False, repr=False)
    _in_items: list[bool] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        nodes, messenger = self.screen.nodes, self.screen.kind is WindowKind.MESSENGER
        self.talks = messenger or shows_ways_to_answer(nodes) or bool(find_remarks(nodes))
        self._others = list(self._read_all()) if self.talks else []
        boxes = [node for node, role in zip(nodes, self.tree.roles, strict=True) if role in BOXES] if self.talks else []
        is_any = is_box if messenger else is_sure_box
        self._has_box = any(is_any(label[:_LONGEST_LABEL]) for box in boxes for label in texts_of(box))
        self._named = Counter(item.kids[0] for item, _, _ in self._others)
        lists = list(self.tree.lists()) if self.talks else []
        self._sent = SentFolder(self.tree, lists) if lists else None
        self._in_items = find_inside(self.tree, {kid for item in lists if _holds_items(item) for kid in item.kids})

    def _read_all(self) -> Iterator[tuple[NodeList, int, Message]]:
        """Yield the items of lists that name a sender, whoever it is."""
        reader = ItemReader(self.tree, find_any_head, own=False)
        for item in self.tree.lists():
            if item.kind is Kind.TEXT or self._is_body(item.kids[0]):
                continue
            for kid in item.kids:
                if (message := reader.read(kid, self.tree.ends[kid])) is not None and (message.timed or message.sure):
                    yield item, kid, message

    def _is_body(self, node: int) -> bool:
        """Return whether a node is a part of what somebody wrote."""
        above = self.tree.parents[node]
        while above != WINDOW:
            if self.tree.roles[above] in _BODIES:
                return True
            above = self.tree.parents[above]
        return False

    def list_learned(self) -> Iterator[Evidence]:
        """Yield who stands beside what was typed in the session, and nothing else, and whether it was typed before."""
        told = [(message, [" ".join(group) for group in message.groups]) for _, _, message in self._others]
        boxed = {message.name for message, texts in told if message.boxed and not all(map(self._is_typed, texts))}
        found = [
            (message, {*map(squash, texts)})
            for message, texts in told
            if message.whole and texts and all(map(self._is_typed, texts)) and not is_shared(message.name)
            if not message.boxed or boxed - {message.name}  # a box that shows the words of others, not one to answer in
        ]
        bare = self._list_bare() if found else frozenset()
        for message, words in found:
            if not words & bare:
                was_typed = all(self.own.rows.get(text, -1) < self.screen.row for text in words)
                yield Evidence(tuple(list_senders(message)), was_typed)

    def list_learned_of_runs(self) -> Iterator[Evidence]:
        """Yield who stands above or before typed words in lines of text, where these stand nowhere else there."""
        for lines in self._list_texts() if self.own.rows or self.own.typed else ():
            runs = [(name, run) for name, run in list_runs(lines, Anybody()) if run]
            bare = Counter(map(squash, lines))
            bare.subtract(squash(line) for _, run in runs for line in run)
            for name, run in runs:
                alone = not any(bare[squash(line)] > 0 for line in run)
                if alone and self._is_typed(" ".join(run)) and not is_shared(name):
                    was_typed = self.own.rows.get(squash("".join(run)), -1) < self.screen.row
                    yield Evidence((plain_name(name),), was_typed)

    def list_editable(self) -> Iterator[tuple[str, bool | None]]:
        """Yield the senders of messages, and whether a control edits the message, where that is known."""
        listed = {kid for item, kid, _ in self._others if self._named[item.kids[0]] >= _LEAST_NAMED}
        return list_editable(self.tree, [(kid, told) for _, kid, told in self._others], listed)

    # ``| see you then |``, typed, and ``Carl Vogt | 10:43 | see you then``: he said the same.
    def _list_bare(self) -> frozenset[str]:
        """List the texts that stand in no message with a sender, and in no box."""
        kids = {kid for _, kid, _ in self._others}
        inside = find_inside(self.tree, kids)
        return frozenset(
            squash(text)
            for number, node in enumerate(self.tree.nodes)
            if not (inside[number] or number in kids or self.tree.roles[number] in BOXES)
            for text in texts_of(node)
        )

    def _is_typed(self, text: str) -> bool:
        return is_sentence(text) and len(squash(text)) >= _LEAST_LETTERS and self.own.is_whole(text)

    def list_accounts(self) -> Iterator[frozenset[str]]:
        """Yield names that the window marks as the recorder's: of the account, or with ``(you)`` behind them.

        What stands in a message is what its sender made of it.
        """
        inside = find_inside(self.tree, {kid for _, kid, _ in self._others})
        in_list = find_inside(self.tree, {kid for item, kid, _ in self._others if not self._is_page(item)})
        for number, node in enumerate(self.tree.nodes):
            for text in texts_of(node):
                names = frozenset[str]() if inside[number] else marked_name(text)
                if self.tree.roles[number] in CONTROLS and not in_list[number] and not self._is_body(number):
                    names |= names_of_account(text)
                if names:
                    yield names
        yield from (frozenset({name}) for name in (self._sent.list_owners() if self._sent else ()))

    def _is_page(self, item: NodeList) -> bool:
        """Return whether parts of which one alone names a sender are those of a page, around its messages."""
        return item.kind is Kind.GROUP and self._named[item.kids[0]] < _LEAST_NAMED

    def list_own(self, names: RecorderNames) -> Iterator[tuple[str, ...]]:
        """Yield the lines of messages of the recorder, those of one text or of texts side by side together."""
        for lines in self._list_texts():
            yield from (tuple(run) for _, run in list_runs(lines, names))
            yield from map(tuple, list_ticked(lines))
            yield from map(tuple, list_captions(lines, names))
        if not self.talks:
            return
        yield from ((text,) for text in self._list_bare_own(names))
        if self._sent and all(map(names.hold, [*self._sent.list_owners()] or ["you"])):
            yield from ((text,) for text in self._sent.list_words())
        mail = ItemReader(self.tree, names.find_head, own=True).read_mail()
        yield from mail.groups if mail else ()
        yield from self._list_items(names)

    def _list_texts(self) -> Iterator[list[str]]:
        """Yield the lines of texts in which several may write: the screen's, a node's, those of nodes beside items."""
        lines = self.screen.text.split("\n")
        if self.talks or shows_mail(self.screen.text) or any(is_talk(line) or is_sure_box(line) for line in lines):
            yield lines
        if not self.talks:
            return
        inside = find_inside(self.tree, {kid for item, kid, _ in self._others if not self._is_page(item)})
        for number, node in enumerate(self.tree.nodes):  # a chat in a message was put into it
            yield from (text.split("\n") for text in texts_of(node) if "\n" in text and not inside[number])
        for item in self.tree.lists():
            is_text = item.kind is Kind.TEXT and item.role not in CELLS
            if is_text and not self._is_body(item.kids[0]) and not self._in_items[item.kids[0]]:
                yield [text for kid in item.kids for text in texts_of(self.tree.nodes[kid])]

    def _list_bare_own(self, names: RecorderNames) -> Iterator[str]:
        """Yield the words of the recorder's messages that show no sender: told by side, state or the one before."""
        senders = {
            kid: plain_name(message.name)
            for item, kid, message in self._others
            if not self._is_page(item) and (message.groups or is_titled(message.name))  # ``I come on Monday``
        }
        own = {name for name in senders.values() if names.hold(name)}
        reader = BareReader(self.tree, senders, self._is_typed)
        for item in self.tree.lists():
            if self._is_body(item.kids[0]):
                continue
            yield from list_read_out(self.tree, item.kids, names)
            if not _holds_items(item):
                continue
            yield from list_filed(self.tree, item.kids, names)
            yield from list_own_side(self.tree, item.kids, self._is_typed)
            yield from list_previews(self.tree, item.kids, senders, names)
            yield from list_spoken(self.tree, item.kids, names)
            if not reader.lack(item.kids):
                continue
            if self._has_box:
                yield from reader.list_sent(item.kids)
            if own:
                yield from reader.list_following(item.kids, own)

    # ``You wrote: we pay on Friday`` may be a message of somebody else where the others do not say whose they are.
    def _names_all(self, item: NodeList) -> bool:
        """Return whether all items of a list that say something name their sender."""
        return self._named[item.kids[0]] >= sum(self.tree.shown[kid].says for kid in item.kids)

    def _list_items(self, names: RecorderNames) -> Iterator[tuple[str, ...]]:
        reader = ItemReader(self.tree, names.find_head, own=True)
        told = {kid for item, kid, _ in self._others if self._named[item.kids[0]] >= _LEAST_NAMED}
        inside = find_inside(self.tree, told)
        for item, kid, _ in self._others:
            end = self.tree.ends[kid]
            message = reader.read(kid, end)
            if message is None or not (message.timed or message.sure):
                continue
            nested = inside[kid]
            single = end == kid + 1
            if nested and (item.kind is not Kind.ITEM or single or not message.timed):
                continue
            if (self._is_page(item) and not message.sure) or (message.name == YOURS and not self._names_all(item)):
                continue
            if item.role in _ROWS and self.screen.kind is not WindowKind.MESSENGER:
                continue
            if single and not message.timed and not any(tells_moment(line[-_TAIL:]) for line in chain(*message.groups)):
                continue
            yield from message.groups


def _holds_items(item: NodeList) -> bool:
    """Return whether a list holds items, not the one part of a page."""
    return item.kind is Kind.ITEM or (item.kind is Kind.GROUP and len(item.kids) >= _LEAST_NAMED)


def _learn_names(read: Sequence[_ReadScreen], listed: ListedNames) -> Mapping[Window, RecorderNames]:
    """Learn the names of the recorder in each window."""
    windows: dict[Window, list[_ReadScreen]] = {}
    for screen in read:
        windows.setdefault(screen.screen.window, []).append(screen)
    accounts = {key: {names for screen in shown for names in screen.list_accounts()} for key, shown in windows.items()}
    shared = share_accounts(names for of_window in accounts.values() for names in of_window)
    return {
        window: learn_names(
            [told for screen in screens for told in (*screen.list_learned(), *screen.list_learned_of_runs())],
            accounts[window] | shared,
            [told for screen in screens for told in screen.list_editable()],
            listed,
        )
        for window, screens in windows.items()
    }


def collect_screens(rows: Sequence[Mapping[str, Any]], windows: Iterable[tuple[Window, WindowKind]]) -> list[Screen]:
    """Collect the screens of the rows of a session."""
    return [
        Screen(*told, row["nodes"] or (), row["text"] or "", row.get("row", 0))
        for row, told in zip(rows, windows, strict=True)
        if row["kind"] == "screen"
    ]
