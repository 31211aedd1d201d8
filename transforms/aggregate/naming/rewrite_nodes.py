"""Rewriting of the nodes of screens without names that a session may not mention."""

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.safe import NODE_COLUMNS
from transforms.aggregate.naming.mentions import Mentions, Range, Span, mask

Node = dict[str, Any]

_TITLED = frozenset({"application", "banner", "dialog", "document", "tab"})
"""Roles whose names are titles, a whole part of which may be an everyday word."""


def find_nodes(nodes: pa.ListArray, mentions: Mentions) -> dict[int, list[Node]]:
    """Return the rows of a session in whose nodes something is mentioned, with their nodes."""
    texts = [pc.struct_field(pc.list_flatten(nodes), part) for part in NODE_COLUMNS]
    distinct = pc.unique(pa.concat_arrays(texts)).drop_null().to_pylist()
    hits = [text for text in distinct if mentions.in_title(text)]
    if not hits:
        return {}
    owners = pc.list_parent_indices(nodes)
    met = [owners.filter(pc.is_in(part, value_set=pa.array(hits, pa.string()))).to_numpy() for part in texts]
    return {row: nodes[row].as_py() for row in np.unique(np.concatenate(met)).tolist()}


def hide_in_nodes(nodes: list[Node], spans: list[Span], mentions: Mentions) -> tuple[list[Node], list[Span]]:
    """Put ``other`` in place of mentions in ``nodes``; return them with all redactions of their row."""
    kept = [span for span in spans if span.get("node") is None]
    changed: list[Node] = []
    for index, node in enumerate(nodes):
        new = dict(node)
        for part, column in NODE_COLUMNS.items():
            own = [span for span in spans if span.get("node") == index and span["column"] == column]
            found = _search(node, part, mentions)
            if found:
                new[part], own = mask(node[part], own, found, column)
            kept += [{**span, "node": index} for span in own]
        changed.append(new)
    return changed, kept


def _search(node: Node, part: str, mentions: Mentions) -> list[Range]:
    if node[part] is None:
        return []
    return mentions.in_title(node[part]) if node["role"] in _TITLED else mentions.in_text(node[part])
