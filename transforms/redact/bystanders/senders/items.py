"""One message of a list on a screen: its head, its words, and what it shows of others, which is quoted or answers.

Words count as long as nothing speaks against them: a name, a mark of quoting or a head of a mail ends them, up to the
end of the part of the screen in which it stands.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

from transforms.redact.bystanders.message_words import head_of, is_sentence, time_pattern
from transforms.redact.bystanders.node_lists import BOXES, CELLS, LISTS, NodeTree, texts_of
from transforms.redact.bystanders.own_text.own_words import CONTROLS, squash
from transforms.redact.bystanders.senders.accounts import names_of_account
from transforms.redact.bystanders.senders.heads import (
    Head,
    find_any_head,
    is_address,
    names_author,
    names_sender,
    plain_name,
    resembles,
)
from transforms.redact.bystanders.senders.messages import Body, Line, Message
from transforms.redact.bystanders.senders.words import (
    is_again,
    is_bare_time,
    is_label,
    is_reaction,
    is_receiver,
    is_status,
    is_verb,
    may_name,
    mentions_quote,
    opens_quote,
    tells_moment,
)
from transforms.redact.screens.trees import WINDOW

VIEWS = frozenset("document documentweb webarea rootwebarea scrollarea".split())
"""Roles of parts that hold words to read; their names are those of a window or a file."""
_ENTRIES = frozenset("article dataitem listitem option row treeitem".split())
_MOST_OF_ENTRY = 12
"""Most lines of an entry of a calendar or of a list of tasks."""
_QUOTES = frozenset({"blockquote", "quote"})

_HEADS_WITHIN = 7
"""Most lines from the sender of an opened mail to its other heads."""
_MOST_LINES = 400
"""Most lines of an item that is read; a longer one is a page."""
_LINES_A_NODE = 20
"""Lines that may be read for each node of a screen, all items taken together."""
_MOST_BEHIND = 30
"""Most letters that an item reads out behind its words."""

FindHead = Callable[[str], Head | None]


@dataclass(slots=True)
class ItemReader:
    """Reader of items of one tree; ``find_head`` says whose heads count, ``own`` that they are all of the recorder."""

    tree: NodeTree = field(repr=False)
    find_head: FindHead = field(repr=False)
    own: bool
    _left: int = field(init=False)

    def __post_init__(self) -> None:
        self._left = _LINES_A_NODE * len(self.tree.nodes) + _MOST_LINES

    def read(self, start: int, end: int) -> Message | None:
        """Read the item of the nodes from ``start`` to ``end``; nothing where another or no sender is told.

        Of what the item reads out of all that is below it only the head is read: the parts below tell more.
        """
        lines, span = list(islice(self._iter_lines(start, end), _MOST_LINES + 1)), (start, end)
        if len(lines) > min(_MOST_LINES, self._left):
            return None
        if end - start == 1:
            found = self._find_head(lines, span)
            return self._read_body(lines, *found, span) if found else None
        below = [line for line in lines if line.node != start]
        read_out = [line for line in lines if line.node == start and not mentions_quote(line.text)]
        for line in read_out:
            if (head := self.find_head(line.text)) and (self.own or head.timed or head.sure):
                return self._read_body(below, -1, head._replace(rest=""), span, squash(head.rest))
            if (other := find_any_head(line.text)) and (other.timed or other.sure):
                return None
        found = self._find_head(below, span)
        return self._read_body(below, *found, span) if found else self._read_authored(below, start)

    # ``Move of the archive | Thursday, 10:00 | Organizer: Ann Lee``
    def _read_authored(self, lines: list[Line], start: int) -> Message | None:
        """Read the title of an entry that names its author behind it, if it holds nobody else's words or quotes."""
        if self.tree.roles[start] not in _ENTRIES or len(lines) > _MOST_OF_ENTRY:
            return None
        told = [line for line in lines if names_sender(line.text)]
        head = self.find_head(told[0].text) if len(told) == 1 and names_author(told[0].text) else None
        if head is None or head.rest or any(opens_quote(line.text) for line in lines if line not in told):
            return None
        said = [line for line in lines if is_sentence(line.text) and line not in told]
        if len(said) > 1 or any(line.node > told[0].node for line in said):  # the last answer to a ticket
            return None
        groups = tuple((line.text,) for line in said)
        return Message(head.name, groups, (), whole=False, timed=head.timed, sure=True, boxed=False)

    def _iter_lines(self, start: int, end: int) -> Iterator[Line]:
        """Yield the lines of an item; of a box what is written in it."""
        for number in range(start, end):
            for text in self._texts(number):
                yield from (Line(number, line) for line in text.split("\n") if line.strip())

    # ``From: | Ann Lee <a.lee@acme.example> | To: | Bo | Date: | 4 Nov``, and the words in the next part of the window
    def read_mail(self) -> Message | None:
        """Read an opened mail: the head of its sender among others, and the part that holds its words."""
        lines = list(self._iter_lines(0, len(self.tree.nodes)))
        for place, (node, text) in enumerate(lines):
            before = lines[place - 1].text if place else ""
            behind = [line.text for line in lines[place + 1 : place + _HEADS_WITHIN]]
            named = head_of(text) or head_of(before if before.rstrip().endswith((":", "\uff1a")) else "")
            told = {head_of(line) for line in behind} & {"receiver", "date", "subject"}
            bare = named is None and {head_of(line) for line in behind[:1]} == {"receiver"}
            head = self.find_head(text) if named == "sender" or bare else None
            if head is None or head.rest or not told or self._is_below_words(node) or not self._is_single(node):
                continue
            first = next((line.node for line in lines[place + 1 :] if self._says(line)), None)
            if first is not None:
                return self._read_part(node, first, head)
        return None

    def _is_single(self, node: int) -> bool:
        return not any("\n" in text for text in texts_of(self.tree.nodes[node]))

    # ``me | Open points | can you send it``: in the second cell of a row of mails stands a subject, no name.
    def _is_subject(self, line: Line, span: tuple[int, int], head: int) -> bool:
        """Return whether what may be a name stands before words in one cell, behind the cell of the sender."""
        if not may_name(line.text):
            return False
        cell = self._cell_of(line.node, span[0])
        if cell is None or head >= cell or self._cell_of(head, span[0]) in {None, cell}:
            return False
        end = self.tree.ends[self.tree.parents[line.node]]
        return any(is_sentence(text) for _, text in self._iter_lines(line.node + 1, end))

    def _cell_of(self, node: int, start: int) -> int | None:
        """Return the cell of a row that holds a node."""
        while node > start and self.tree.roles[node] not in CELLS:
            node = self.tree.parents[node]
        return node if node > start else None

    # ``Thanks, see below | From: Ann Lee | Sent: ...`` is a mail in which another one is quoted.
    def _is_below_words(self, node: int) -> bool:
        """Return whether words stand before a head in the part that holds it or in the part around that."""
        above = self.tree.parents[node]
        around = self.tree.parents[above] if above != WINDOW else WINDOW
        start = around if around != WINDOW else above
        beside = (at for at in range(start + 1, node) if self.tree.ends[at] <= node and self.tree.roles[at] in LISTS)
        skipped = {number for at in beside for number in range(at, self.tree.ends[at])}  # of other mails
        lines = (line for line in self._iter_lines(start + 1, node) if line.node not in skipped)
        return any(is_sentence(line.text) for line in lines)

    def _says(self, line: Line) -> bool:
        return is_sentence(line.text) and head_of(line.text) is None and self.tree.roles[line.node] not in CONTROLS

    def _read_part(self, node: int, first: int, head: Head) -> Message:
        """Read the words of an opened mail in the largest part of the window that does not hold its head."""
        top = first
        while (above := self.tree.parents[top]) != WINDOW and above > node:
            top = above
        span = top, self.tree.ends[top]
        return self._read_body(list(self._iter_lines(*span)), -1, head, span)

    def _texts(self, number: int) -> Iterable[str]:
        node = self.tree.nodes[number]
        return [node.get("value") or ""] if self.tree.roles[number] in BOXES else dict.fromkeys(texts_of(node))

    def _find_head(self, lines: list[Line], span: tuple[int, int]) -> tuple[int, Head] | None:
        """Find the head among the first lines, before which stand times, states and labels of the window alone."""
        skipped = -1
        for place, (node, text) in enumerate(lines):
            if node < skipped:
                continue
            if self.tree.roles[node] in _QUOTES:
                skipped = self.tree.ends[node]
                continue
            is_bare = self._is_label(node, text) or is_status(text) or self._is_account(node, text)
            if (head := self.find_head(text)) and not text.startswith("@") and (self.own or not is_bare):
                return place, head
            if is_bare:
                continue
            if not (text.startswith("@") or opens_quote(text)):
                return None
            skipped = self._find_end_of_words(node, span)
        return None

    def _is_account(self, node: int, text: str) -> bool:
        return self.tree.roles[node] in CONTROLS and bool(names_of_account(text))

    # ``(Ann Lee | see you there) | not before noon``: a head with words in a part of its own heads no more than these.
    def _read_body(self, lines: list[Line], place: int, head: Head, span: tuple[int, int], told: str = "") -> Message:
        """Read what stands behind a head; words that the item also reads out, ``told``, are no name."""
        self._left -= len(lines)  # items inside of items are read with each of them
        timed = head.timed or any(self._tells_time(line) for line in lines[: max(place, 0)])
        body = Body(lines[place].node if place >= 0 else span[0], timed, head.sure)
        if head.rest and place >= 0:
            body.add(lines[place].node, head.rest)
        last = span[1] if place < 0 or head.rest else self._find_end_of_words(lines[place].node, span)
        beyond = [line for line in lines if line.node >= last]
        body.whole = not any(is_sentence(line.text) for line in beyond)
        body.timed |= any(self._tells_time(line) for line in beyond if not is_sentence(line.text))
        skipped = -1
        for line in lines[place + 1 :]:
            if skipped <= line.node < last:
                skipped = self._read_line(line, head, body, span, told)
        groups = tuple(tuple(group) for group in body.groups.values())
        whole = body.whole and self._is_read_out(told, squash("".join(map("".join, groups))))
        return Message(head.name, groups, tuple(body.aliases), whole, body.timed, body.sure, body.boxed)

    # ``Ravi: nobody tells the board`` above a part with other words holds more than that part.
    def _is_read_out(self, told: str, words: str) -> bool:
        """Return whether what an item reads out is its words, with a time or a count behind them at most."""
        return not told or (told.startswith(words) and len(told) - len(words) <= _MOST_BEHIND)

    def _read_line(self, line: Line, head: Head, body: Body, span: tuple[int, int], told: str) -> int:
        """Read a line behind a head and return the first node that is to be read after it."""
        node, text = line
        role, after = self.tree.roles[node], node
        if self._is_label(node, text) or is_status(text):
            body.timed |= self._tells_time(line, body=bool(body.groups) and role not in CELLS)
        elif not body.groups and self._is_of_head(text, head, body):
            body.timed |= self._tells_time(line)
        elif role in CONTROLS and span[1] > span[0] + 1:
            if self._is_sender(line, span[1]):
                body.whole, after = False, self._find_end_of_words(node, span)
            else:
                after = self.tree.ends[node]
        elif (quote := self._top_quote(node, span[0])) is not None:
            after = self.tree.ends[quote]
        elif is_reaction(text) or is_again(text) or (not body.groups and self._is_subject(line, span, body.head)):
            after = node
        elif opens_quote(text) or (may_name(text) and squash(text) not in told and not (head.rest and body.groups)):
            after = self._find_end_of_words(node, span)
            body.whole &= after < span[1]
        else:
            body.boxed |= role in BOXES
            body.whole &= body.boxed is (role in BOXES)  # an answer that is typed below the words of another
            body.add(self.tree.parents[node], text)
        return after

    def _is_sender(self, line: Line, end: int) -> bool:
        """Return whether the name of a control is a sender of others: a time stands right behind it."""
        below = islice(self._iter_lines(line.node + 1, end), 1)
        return may_name(line.text) and any(is_bare_time(text) for _, text in below)

    def _is_of_head(self, text: str, head: Head, body: Body) -> bool:
        """Return whether a line before the words belongs to the head: the name again, an address, to whom it went."""
        again = self.find_head(text)
        if again is not None and not again.rest and (self.own or plain_name(again.name) == plain_name(head.name)):
            return True
        if is_verb(text):
            body.sure = True
            return True
        if text.startswith("@") or is_address(text):
            if not body.timed and resembles(text, head.name):
                body.aliases.append(plain_name(text.strip("<>() ")))
            return True
        return is_receiver(text) or head_of(text) in {"receiver", "subject", "date"}

    def _top_quote(self, node: int, start: int) -> int | None:
        """Return the outermost block of a quote around a node inside of an item."""
        top, above = None, node
        while above != WINDOW and above >= start:
            if self.tree.roles[above] in _QUOTES:
                top = above
            above = self.tree.parents[above]
        return top

    # A name in a part of its own, with words behind it there, is of what is quoted or answered in that part; a name
    # that stands alone may head all that follows in the item.
    def _find_end_of_words(self, node: int, span: tuple[int, int]) -> int:
        """Find the end of the smallest part around a node that holds words behind it, else of the item."""
        tree, start, end = self.tree, *span
        top = node if tree.ends[node] > node + 1 else tree.parents[node]
        while top != WINDOW and top > start:
            if any(line.node > node and is_sentence(line.text) for line in self._iter_lines(node, tree.ends[top])):
                return tree.ends[top]
            top = tree.parents[top]
        return end

    def _tells_time(self, line: Line, *, body: bool = False) -> bool:
        """Return whether a line is a time beside the head; behind the words it must be a moment."""
        found = time_pattern().search(line.text)
        return found is not None and (not body or tells_moment(line.text))

    def _is_label(self, node: int, text: str) -> bool:
        """Return whether a line is the label of a control or of a part, of words of interfaces alone."""
        is_part = self.tree.ends[node] > node + 1 or text not in (self.tree.nodes[node].get("value") or text)
        if is_part and self.tree.roles[node] in VIEWS and not opens_quote(text):
            return True
        return (is_part or self.tree.roles[node] in CONTROLS | {"link"}) and is_label(text)
