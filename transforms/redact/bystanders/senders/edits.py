"""Messages of a list that the window lets somebody edit, beside those that it does not."""

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence

from transforms.redact.bystanders.node_lists import NodeTree
from transforms.redact.bystanders.own_text.own_words import CONTROLS
from transforms.redact.bystanders.senders.heads import plain_name
from transforms.redact.bystanders.senders.messages import Message
from transforms.redact.bystanders.senders.words import is_edit

_SHOWN = (CONTROLS | {"link"}) - frozenset("menu menubar menuitem menuitemcheckbox menuitemradio".split())
"""Controls of a message, but those of a menu, which is open for one message alone."""


# ``Bo | 10:43 | no | Reply`` cannot be edited. Of ``Bo | 10:43 | no`` nothing is known: who points at a message may see
# its controls, and not those of others; and of a page above a list of comments nothing is known, either.
def list_editable(
    tree: NodeTree, messages: Sequence[tuple[int, Message]], listed: Collection[int]
) -> Iterator[tuple[str, bool | None]]:
    """Yield the senders of messages, and whether a control edits the message; nothing where none can be edited.

    Nothing is known of messages that stand in no list or show no control.
    """
    controls = [at for at, node in enumerate(tree.nodes) if node["name"] and tree.roles[at] in _SHOWN]
    edits = [at for at in controls if is_edit(tree.nodes[at]["name"])]
    kids = sorted([len(tree.nodes), *(kid for kid, _ in messages)])
    for kid, message in messages if edits else ():
        end = min(tree.ends[kid], kids[bisect_right(kids, kid)])
        is_known = kid in listed and _holds(controls, kid, end)
        yield plain_name(message.name), _holds(edits, kid, end) if is_known else None


def _holds(places: Sequence[int], node: int, end: int) -> bool:
    """Return whether one of some places is behind a node and before an end."""
    return bisect_right(places, node) < bisect_right(places, end - 1)
