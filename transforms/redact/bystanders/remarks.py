"""Words of others in windows that are known for something else: remarks in a part so named, and mails as text.

An editor of documents shows a pane ``Comments``, a terminal the mail that a program in it opened. Where a screen is
text alone, a line ``Reply`` tells that there is something to answer.
"""

from collections.abc import Iterator, Sequence

from transforms.redact.bystanders.message_words import head_of, is_answer, is_remarks
from transforms.redact.bystanders.node_lists import RawNode, role_of_node, texts_of

_PLACES = frozenset(
    "complementary custom group list listbox outline pane panel region scrollarea scrollpane section tree".split()
)
"""Roles of parts of a window; a document or a table may be about remarks without holding them."""
_HEADS = {"sender", "subject"}


def find_remarks(nodes: Sequence[RawNode]) -> frozenset[int]:
    """Find the nodes below a part that is named after remarks, and those whose text is a mail."""
    return frozenset([*_list_below(nodes), *_list_mails(nodes)])


def shows_mail(text: str) -> bool:
    r"""Return whether lines of a text are heads of a mail, its sender and its subject among them.

    >>> [shows_mail(text) for text in ("From: Anna\nSubject: keys\n\nThey are gone.", "from: a\nto: b")]
    [True, False]
    """
    return {head_of(line) for line in text.split("\n")} >= _HEADS


def shows_talk(text: str) -> bool:
    """Return whether a text is a mail, or one of its lines is a label for an answer and nothing else."""
    return shows_mail(text) or any(map(is_answer, text.split("\n")))


def _list_below(nodes: Sequence[RawNode]) -> Iterator[int]:
    place: int | None = None
    for number, node in enumerate(nodes):
        depth = node["depth"] or 0
        if place is not None and depth <= place:
            place = None
        if place is not None:
            yield number
        elif role_of_node(node) in _PLACES and node["name"] and is_remarks(node["name"]):
            place = depth


def _list_mails(nodes: Sequence[RawNode]) -> Iterator[int]:
    return (number for number, node in enumerate(nodes) if any(map(shows_mail, texts_of(node))))
