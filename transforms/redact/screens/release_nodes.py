"""Released nodes of a screen."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.entities import Span, Text
from schemas.safe import NODE_COLUMNS
from transforms.redact.rows.added_rows import Redaction
from transforms.redact.screens.lay_out import lay_out
from transforms.redact.screens.recorded_nodes import NodeTexts, RecordedNode
from transforms.redact.screens.trees import Node, build_tree
from transforms.redact.screens.windows import Window
from transforms.redact.surrogates.propagate import Lexicon
from transforms.redact.surrogates.replace_spans import replace_spans

Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class ReleasedNodes:
    """Nodes as the release stores them, and their redactions."""

    nodes: tuple[Mapping[str, Any], ...] = field(repr=False)
    marks: tuple[Redaction, ...]


def release_nodes(
    nodes: Sequence[RecordedNode],
    texts: NodeTexts,
    spans: Mapping[Text, Spans],
    lexicon: Lexicon,
    window: Window,
) -> ReleasedNodes:
    """Redact the names and values of ``nodes``, and lay them out by what is released of them."""
    marks: list[Redaction] = []
    names, values = {}, {}
    for number, place in texts.names.items():
        names[number], places = replace_spans(nodes[number].name, place.cut(spans[place.text]), lexicon)
        marks += [Redaction(NODE_COLUMNS["name"], start, end, kind.value, number) for start, end, kind in places]
    for number, text in texts.values.items():
        values[number], places = replace_spans(text.content, spans[text], lexicon)
        marks += [Redaction(NODE_COLUMNS["value"], start, end, kind.value, number) for start, end, kind in places]
    redacted = {mark.node for mark in marks}
    plain = [
        Node(
            node.role,
            max(names.get(number, ""), values.get(number, ""), key=len),
            node.box,
            node.depth,
            number in redacted,
        )
        for number, node in enumerate(nodes)
    ]
    depths = build_tree([node.depth for node in nodes]).depths
    return ReleasedNodes(
        tuple(
            {
                "role": node.role,
                "name": names.get(number),
                "value": values.get(number),
                **dict(zip(("left", "top", "right", "bottom"), box or (None,) * 4, strict=True)),
                "depth": depths[number],
                "states": list(node.states),
            }
            for number, (node, box) in enumerate(zip(nodes, lay_out(plain, window), strict=True))
        ),
        tuple(marks),
    )
