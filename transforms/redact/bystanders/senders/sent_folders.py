"""Folders of mails that the recorder sent: rows name to whom a mail went, and no row from whom it came."""

import re
from collections.abc import Iterator, Sequence
from itertools import takewhile

from transforms.redact.bystanders.message_words import COLON, head_of, is_sentence
from transforms.redact.bystanders.messengers import is_application
from transforms.redact.bystanders.node_lists import NodeList, NodeTree, texts_of
from transforms.redact.bystanders.own_text.own_words import CONTROLS
from transforms.redact.bystanders.senders.heads import (
    RecorderNames,
    find_any_head,
    is_address,
    names_sender,
    plain_name,
    resembles,
)
from transforms.redact.bystanders.senders.words import (
    is_again,
    is_bare_time,
    is_receiver,
    is_sent_folder,
    is_shared,
    is_titled,
    may_name,
    mentions_quote,
    opens_quote,
    tells_clock,
)
from transforms.redact.bystanders.window_labels import is_addressee
from transforms.redact.screens.trees import WINDOW

_TITLES = frozenset({"window", "frame", "rootwebarea", "documentweb", "heading"})
_ROWS = frozenset("dataitem listitem option row treeitem".split())
_MARK = re.compile(r"[_=*-]{3,}|(?<!\S)(?:>|&gt;)")
_WORD = re.compile(r"(?<!\S)[^\W\d_]")
_LONGEST_HEAD, _LONGEST_OPENING, _MOST_HEADS = 30, 80, 5
"""Most characters of the head of a mail with its colon, and of what says that a quote follows; most lines of heads."""
_SEPARATOR = re.compile(r"\s[-\u2013\u2014|]\s|\s\(")


class SentFolder:
    """Folder of sent mails in the tree of a screen: the rows of its list, and the mail that is opened beside it."""

    def __init__(self, tree: NodeTree, lists: Sequence[NodeList]) -> None:
        self._tree = tree
        self._titles = [text for number in self._find_titles() for text in texts_of(tree.nodes[number])]
        listed = [item.kids for item in lists if item.role in _ROWS] if self._is_titled() else []
        sent = [kids for kids in listed if all(map(self._is_sent, kids))]
        self._rows: Sequence[int] = max(sent, key=len, default=())

    def list_words(self) -> Iterator[str]:
        """Yield what rows show of mails in parts of their own: a subject and the first words, quotes aside."""
        for row in self._rows:
            texts = [text for number in range(row + 1, self._tree.ends[row]) for text in self._texts(number)]
            lines = [text for text in texts if head_of(text) != "receiver" and not is_receiver(text)]
            if not any(opens_quote(line) or is_again(line) or _holds_quote(line) for line in lines):
                yield from filter(is_sentence, lines)

    def list_owners(self) -> Iterator[str]:
        """Yield the names that tell whose folder it is: in its title, and of who sent the mail that is opened."""
        if self._rows:
            yield from map(plain_name, self._list_accounts())
            yield from self._list_senders()

    # ``Open points | Ann Lee | To: Bo``: the name right before a receiver outside of rows. A thread may show answers,
    # and what went to nobody of the rows may have come from one of them.
    def _list_senders(self) -> Iterator[str]:
        """Yield the name of who sent the mail that is opened; nothing where several names may be, or a shared one."""
        last = self._tree.ends[self._rows[-1]]
        texts = [text for number in range(last, len(self._tree.nodes)) for text in self._texts(number)]
        places = [place for place, text in enumerate(texts) if head_of(text) == "receiver"]
        heads = [head for place in places if (head := find_any_head(texts[place - 1] if place else ""))]
        names = {plain_name(head.name) for head in heads if not head.rest and is_titled(head.name)}
        receiver = COLON.split(texts[places[0]], maxsplit=1)[1] if places else ""
        went = any(resembles(text, receiver) for row in self._rows for text in self._texts_of(row)[:1])
        if len(names) == 1 and went and plain_name(heads[0].name) in names and not any(map(is_shared, names)):
            yield from names

    # ``Sent Items - Ann Lee - Mail``, ``Sent Items - ann@acme.example``
    def _list_accounts(self) -> Iterator[str]:
        """Yield the names of people and the addresses in the title of the folder."""
        for title in self._titles:
            first, *parts = _SEPARATOR.split(title)
            if is_sent_folder(first):
                parts = [part.strip(" )") for part in parts]
                yield from (part for part in parts if is_address(part) or (" " in part and _may_be_person(part)))

    def _is_titled(self) -> bool:
        """Return whether a title or a heading is the name of a folder of sent mails, and no account is shared."""
        is_titled = any(is_sent_folder(_SEPARATOR.split(title, maxsplit=1)[0]) for title in self._titles)
        return is_titled and not any(map(is_shared, self._titles))

    def _find_titles(self) -> list[int]:
        roles = self._tree.roles
        return [at for at, role in enumerate(roles) if role in _TITLES or self._tree.parents[at] == WINDOW]

    # ``To Bo, Subject Open points``, ``To: Bo``
    def _is_sent(self, row: int) -> bool:
        """Return whether the first words of a row tell to whom a mail went, and none from whom."""
        texts = [part for text in self._texts_of(row) for part in text.split(", ")]
        first = next((text for text in texts if not mentions_quote(text)), "")
        return (is_receiver(first) or head_of(first) == "receiver") and not any(
            head_of(text) == "sender" for text in texts
        )

    def _texts_of(self, row: int) -> list[str]:
        return [text for number in range(row, self._tree.ends[row]) for text in self._texts(number)]

    def _texts(self, number: int) -> list[str]:
        return _list_lines(self._tree, number)


# ``Ann Lee | Open points | To: Bo | Sent Items - Acme 10:42 | see you then``, each a line of a mail in a conversation
def list_filed(tree: NodeTree, kids: Sequence[int], names: RecorderNames) -> Iterator[str]:
    """Yield the words of mails that name the recorder, to whom they went and a folder of sent mails, up to a quote."""
    for kid in kids:
        lines = [line for number in range(kid, tree.ends[kid]) for line in _list_lines(tree, number)]
        place = next((at for at, line in enumerate(lines[:_MOST_HEADS]) if _is_filed(line)), 0)
        if place and _is_own_head(lines[:place], names):
            yield from filter(is_sentence, takewhile(_goes_on, lines[place + 1 :]))


def _is_filed(line: str) -> bool:
    """Return whether a line is a folder of sent mails with a time: ``Sent - Acme 10:42``."""
    return len(line) <= _LONGEST_OPENING and tells_clock(line) and is_sent_folder(_SEPARATOR.split(line, maxsplit=1)[0])


def _is_own_head(lines: Sequence[str], names: RecorderNames) -> bool:
    """Return whether lines are the recorder's name, to whom it went, and at most a subject that is no answer."""
    if not names.hold(plain_name(lines[0])):
        return False
    to = [line for line in lines[1:] if head_of(line) == "receiver"]
    rest = [line for line in lines[1:] if line not in to and not is_bare_time(line)]
    if len(to) != 1 or len(rest) > 1 or names.hold(plain_name(COLON.split(to[0], maxsplit=1)[-1])):
        return False
    return not any(is_again(line) or mentions_quote(line) or head_of(line) for line in rest)


def _goes_on(line: str) -> bool:
    """Return whether a line goes on with the words of the one before, and with no name, head or quote."""
    return not (opens_quote(line) or _holds_quote(line) or may_name(line) or names_sender(line))


# ``Thanks! ____ From: Bo Lee Sent: 4 Nov``: the first words of an answer go on with the mail that it answers.
def _holds_quote(text: str) -> bool:
    """Return whether a mark, a head of another mail or the words before a quote stand somewhere in a text."""
    if _MARK.search(text):
        return True
    if any(head_of(text[word.start() :][:_LONGEST_HEAD]) for word in _WORD.finditer(text)):
        return True
    ends = [colon.end() for colon in COLON.finditer(text)]
    return any(opens_quote(text[max(end - _LONGEST_OPENING, 0) : end]) for end in ends)


def _list_lines(tree: NodeTree, number: int) -> list[str]:
    """List the lines of a node that is no control."""
    if tree.roles[number] in CONTROLS:
        return []
    return [line for text in dict.fromkeys(texts_of(tree.nodes[number])) for line in text.split("\n") if line.strip()]


def _may_be_person(part: str) -> bool:
    return is_addressee(part) and not is_application(part)
