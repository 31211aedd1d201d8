"""Messages without a sender in a list whose own messages stand at one side, as a typed one among them shows.

``| see you then |``, typed, ends where the list ends at the right; all that others wrote begins at the left.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from transforms.redact.bystanders.message_words import is_sentence
from transforms.redact.bystanders.node_lists import NodeTree, texts_of
from transforms.redact.bystanders.own_text.own_words import CONTROLS
from transforms.redact.bystanders.senders.words import is_status, may_name, opens_quote

_SAME, _LEAST_ITEMS, _MOST_NODES = 3.0, 3, 100
"""Most pixels between edges that are one, fewest items of a list, and most nodes of one: a larger one is a page."""


class _Bubble(NamedTuple):
    left: float
    right: float
    text: str
    named: bool

    def __repr__(self) -> str:
        """Hide the text."""
        return f"_Bubble(named={self.named})"


def list_own_side(tree: NodeTree, kids: Sequence[int], is_typed: Callable[[str], bool]) -> Iterator[str]:
    """Yield the words of items that stand where a typed one stands, if all others stand at the other side."""
    if len(kids) < _LEAST_ITEMS or any(tree.ends[kid] - kid > _MOST_NODES for kid in kids):
        return
    bubbles = [bubble for kid in kids if (bubble := _read_bubble(tree, kid)) is not None]
    typed = [bubble for bubble in bubbles if not bubble.named and is_typed(bubble.text)]
    if len(bubbles) < _LEAST_ITEMS or not typed:
        return
    right = typed[0].right
    own = [bubble for bubble in bubbles if abs(bubble.right - right) <= _SAME and not bubble.named]
    others = [bubble for bubble in bubbles if bubble not in own]
    if not others or not all(bubble in own for bubble in typed):
        return
    left = others[0].left
    apart = all(abs(bubble.left - left) <= _SAME and bubble.right < right - _SAME for bubble in others)
    if apart and all(bubble.left > left + _SAME for bubble in typed):
        yield from (bubble.text for bubble in own if bubble.left > left + _SAME)


def _read_bubble(tree: NodeTree, kid: int) -> _Bubble | None:
    """Read the box and the words of an item that says one thing; a name or a quote in it is of another."""
    said, named = list[tuple[int, str]](), False
    for number in range(kid, tree.ends[kid]):
        for text in texts_of(tree.nodes[number]):
            if is_sentence(text) and tree.roles[number] not in CONTROLS:
                said.append((number, text))
            elif not is_status(text):
                named |= may_name(text) or opens_quote(text)
    box = tree.nodes[said[0][0]].get("bounds") if said else None
    if box is None or box["x"] is None or box["width"] is None:
        return None
    return _Bubble(box["x"], box["x"] + box["width"], said[0][1], named or len(said) > 1 or opens_quote(said[0][1]))
