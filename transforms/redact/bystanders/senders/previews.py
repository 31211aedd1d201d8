"""Lists that show of each conversation its last words, and lists of texts that all begin with who wrote them."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from transforms.redact.bystanders.message_words import is_sentence
from transforms.redact.bystanders.node_lists import NodeTree, texts_of
from transforms.redact.bystanders.own_text.own_words import CONTROLS, squash
from transforms.redact.bystanders.senders.heads import RecorderNames, plain_name
from transforms.redact.bystanders.senders.words import is_bare_time, is_titled, may_name, mentions_quote, says_you
from transforms.redact.text.word_lists import is_given_name

_REMARKS = frozenset("article comment treeitem".split())
_LEAST_ITEMS, _LEAST_READ_OUT, _LEAST_OWN, _LEAST_PART, _MOST_NODES = 3, 2, 2, 6, 40
"""Fewest items of such a list, fewest that are read out or of ``You``, letters of a part, and most nodes of one."""
_SHORT = 2
"""Most letters of a word for the recorder that may be somebody's name."""
_TOLD = re.compile(r"(?P<name>[^:]{2,60}), (?P<you>[^,:]{1,12}):\s(?P<rest>.+)", re.DOTALL)


class _Preview(NamedTuple):
    """Item of a list of conversations: with whom, and its last words where these are marked as the recorder's."""

    name: str
    own: str

    def __repr__(self) -> str:
        """Hide the name and the words."""
        return "_Preview()"


# ``Ann Lee | 10:42 | You: see you then`` beside ``Bo Vogt | 10:40 | lunch?``: each name stands once, or two have
# words of ``You``. In one part: ``Ann Lee, You: see you then, 10:42``.
def list_previews(
    tree: NodeTree, kids: Sequence[int], senders: Mapping[int, str], names: RecorderNames
) -> Iterator[str]:
    """Yield the last words of conversations that are the recorder's; in a conversation names stand again and again."""
    if not names.you or len(kids) < _LEAST_ITEMS:
        return
    shown = [_read_preview(tree, kid, senders.get(kid, "")) for kid in kids]
    named = Counter(item.name for item in shown if item.name)
    own = {item.name: item.own for item in shown if item.own}
    if len(named) < _LEAST_ITEMS or any(map(says_you, named)) or (max(named.values()) > 1 and len(own) < _LEAST_OWN):
        return
    yield from (item.own for item in shown if item.own and item.name)


def _read_preview(tree: NodeTree, kid: int, sender: str) -> _Preview:
    lines = _lines_of(tree, kid)
    parts = {squash(line) for line in lines}
    said = [line for line in lines if is_sentence(line) and not any(_holds(squash(line), part) for part in parts)]
    if tree.ends[kid] == kid + 1:
        told = _read_told(lines[0]) if len(lines) == 1 else None
        return told or _Preview(sender, "")
    first = next((line for line in lines if may_name(line) and is_titled(line) and not is_sentence(line)), "")
    return _Preview(sender or plain_name(first), _find_own(said[0]) if len(said) == 1 else "")


def _holds(text: str, part: str) -> bool:
    """Return whether a text reads out a shorter one."""
    return len(part) >= _LEAST_PART and part != text and part in text


def _read_told(text: str) -> _Preview | None:
    """Read ``Ann Lee, You: see you then, 10:42``, or another beginning with a name: ``Ann, you: no`` speaks to her."""
    found = _TOLD.match(text)
    if found and _names_you(found["you"]) and may_name(found["name"]):
        words, _, last = found["rest"].rpartition(", ")
        return _Preview(plain_name(found["name"]), _find_own(f"you: {words}") if is_bare_time(last) else "")
    name, comma, _ = text.partition(", ")
    return _Preview(plain_name(name), "") if comma and may_name(name) and is_titled(name) else None


def _find_own(line: str) -> str:
    """Return the words behind ``You:``, '' where another mark stands before them or they quote somebody."""
    name, colon, words = line.partition(":")
    is_own = colon and _names_you(name) and is_sentence(words) and not mentions_quote(words)
    return words.strip() if is_own else ""


# ``Ann Lee, the cell is locked`` among ``Bo Vogt, it is not``; ``Ann, can you come`` speaks to her, and so does an item
# of minutes: ``Ann Lee, please call Bo``.
def list_spoken(tree: NodeTree, kids: Sequence[int], names: RecorderNames) -> Iterator[str]:
    """Yield the recorder's words of a list in which all texts begin with a name and a comma, and not all with one."""
    if len(kids) < _LEAST_ITEMS or any(tree.ends[kid] > kid + 1 or tree.roles[kid] not in _REMARKS for kid in kids):
        return
    texts = [text for kid in kids for text in texts_of(tree.nodes[kid])[:1]]
    told = [text.partition(", ") for text in texts]
    writers = {plain_name(name) for name, _, _ in told}
    if len(told) < len(kids) or len(writers) < _LEAST_ITEMS - 1 or not all(_is_spoken(*parts) for parts in told):
        return
    for name, _, words in told:
        if names.hold(name) and not says_you(plain_name(name)) and is_sentence(words) and not mentions_quote(words):
            yield words


# ``Your message, see you then, 10:42, sent to Bo, Seen`` beside ``Message, lunch?, 10:40, received from Bo``
def list_read_out(tree: NodeTree, kids: Sequence[int], names: RecorderNames) -> Iterator[str]:
    """Yield the recorder's words of a list whose texts all read out a message with its time."""
    texts = [text for kid in kids for text in texts_of(tree.nodes[kid])[-1:]]
    if len(texts) < _LEAST_READ_OUT or not all(any(map(is_bare_time, text.split(",")[1:])) for text in texts):
        return
    for head in filter(None, map(names.find_head, texts)):
        if head.timed and head.sure and says_you(head.name) and is_sentence(head.rest):
            yield head.rest


# ``Ty: see you`` is of the recorder in Polish, and of Ty in English.
def _names_you(name: str) -> bool:
    """Return whether the name before the last words is a word for the recorder, and nobody's name."""
    plain = plain_name(name)
    return says_you(plain) and not (len(plain) <= _SHORT and is_given_name(plain))


def _is_spoken(name: str, comma: str, words: str) -> bool:
    return bool(comma and words) and may_name(name) and is_titled(name)


def _lines_of(tree: NodeTree, kid: int) -> list[str]:
    """List the lines of an item beside its controls; of one that is longer than a preview none."""
    span = range(kid, tree.ends[kid]) if tree.ends[kid] - kid <= _MOST_NODES else ()
    numbers = (number for number in span if tree.roles[number] not in CONTROLS)
    return [line for number in numbers for text in texts_of(tree.nodes[number]) for line in text.split("\n")]
