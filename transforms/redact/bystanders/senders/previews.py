"""Lists that show of each conversation its last words, and lists of texts that all begin with who wrote them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from transforms.redact.bystanders.message_words import is_sentence
from transforms.redact.bystanders.node_lists import NodeTree, texts_of
from transforms.redact.bystanders.own_words import CONTROLS
from transforms.redact.bystanders.senders.heads import RecorderNames, plain_name
from transforms.redact.bystanders.senders.words import is_titled, may_name, mentions_quote, says_you

_REMARKS = frozenset("article comment treeitem".split())
_LEAST_ITEMS, _MOST_NODES = 3, 40
"""Fewest items of such a list, and most nodes of one."""


# ``Ann Lee | 10:42 | You: see you then`` beside ``Bo Vogt | 10:40 | lunch?``: each name stands once.
def list_previews(
    tree: NodeTree, kids: Sequence[int], senders: Mapping[int, str], names: RecorderNames
) -> Iterator[str]:
    """Yield the last words of conversations that are the recorder's; in a conversation names stand again and again."""
    named = Counter(senders[kid] for kid in kids if kid in senders)
    if not names.you or len(named) < _LEAST_ITEMS or max(named.values()) > 1 or any(map(says_you, named)):
        return
    for kid in kids:
        said = [line for line in _lines_of(tree, kid) if is_sentence(line)]
        name, colon, words = said[0].partition(":") if len(said) == 1 and kid in senders else ("", "", "")
        if colon and says_you(plain_name(name)) and is_sentence(words) and not mentions_quote(words):
            yield words.strip()


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


def _is_spoken(name: str, comma: str, words: str) -> bool:
    return bool(comma and words) and may_name(name) and is_titled(name)


def _lines_of(tree: NodeTree, kid: int) -> list[str]:
    """List the lines of an item beside its controls; of one that is longer than a preview none."""
    span = range(kid, tree.ends[kid]) if tree.ends[kid] - kid <= _MOST_NODES else ()
    numbers = (number for number in span if tree.roles[number] not in CONTROLS)
    return [line for number in numbers for text in texts_of(tree.nodes[number]) for line in text.split("\n")]
