"""Released nodes of a screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.entities import Span, Text
from schemas.safe import BOX_EDGES, NODE_COLUMNS
from transforms.redact.rows.added_rows import Redaction
from transforms.redact.screens.lay_out import lay_out
from transforms.redact.screens.recorded_nodes import NodeTexts, RecordedNode, is_all_listed
from transforms.redact.screens.trees import Node, build_tree
from transforms.redact.screens.windows import Window
from transforms.redact.surrogates.propagate import Lexicon
from transforms.redact.surrogates.replace_spans import Replaced, replace_spans

Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ReleasedNodes:
    """Nodes as the release stores them, their redactions, and the nodes whose box is not the recorded one."""

    nodes: tuple[Mapping[str, Any], ...] = field(repr=False)
    marks: tuple[Redaction, ...]
    moved: frozenset[int]


def release_nodes(
    nodes: Sequence[RecordedNode],
    texts: NodeTexts,
    spans: Mapping[Text, Spans],
    lexicon: Lexicon,
    window: Window,
) -> ReleasedNodes:
    """Redact the names and values of ``nodes``, and lay them out by what is released of them."""
    marks: list[Redaction] = []
    shown: dict[str, dict[int, str]] = {"name": {}, "value": {}}
    for number, place in texts.names.items():
        found = replace_spans(nodes[number].name, place.cut(spans[place.text]), lexicon)
        shown["name"][number] = _mark(marks, "name", number, *found)
    for number, text in texts.values.items():
        found = replace_spans(text.content, spans[text], lexicon)
        shown["value"][number] = _mark(marks, "value", number, *found)
    redacted = {mark.node for mark in marks}
    words = [max((known.get(number, "") for known in shown.values()), key=len) for number in range(len(nodes))]
    layout = lay_out(
        [Node(node.role, words[number], node.box, node.depth, number in redacted) for number, node in enumerate(nodes)],
        window,
        everywhere=not is_all_listed(nodes, texts, spans.get(texts.joined, ())),
    )
    depths = build_tree([node.depth for node in nodes]).depths
    return ReleasedNodes(
        tuple(
            {
                "role": node.role,
                **{part: known.get(number) for part, known in shown.items()},
                **dict(zip(BOX_EDGES, layout.boxes[number] or (None,) * 4, strict=True)),
                "depth": depths[number],
                "states": list(node.states),
            }
            for number, node in enumerate(nodes)
        ),
        tuple(marks),
        layout.moved,
    )


def _mark(marks: list[Redaction], part: str, number: int, text: str, places: Sequence[Replaced]) -> str:
    """Add the redactions of a text of a node to ``marks``, and return the text."""
    marks += [Redaction(NODE_COLUMNS[part], start, end, kind.value, number) for start, end, kind in places]
    return text
