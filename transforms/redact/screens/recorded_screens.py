"""Screens of a batch that have nodes, and their release."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from schemas.entities import Text
from transforms.redact.rows.assemble import RowPlan
from transforms.redact.rows.columns import Flags, holds
from transforms.redact.screens.recorded_nodes import NodeTexts, RecordedNode, find_texts, read_nodes
from transforms.redact.screens.release_nodes import ReleasedNodes, Spans, release_nodes
from transforms.redact.screens.windows import Window
from transforms.redact.surrogates.propagate import Lexicon


@dataclass(frozen=True, slots=True)
class RecordedScreen:
    """Screen with nodes at one row of the batch; equal screens share their ``nodes`` and ``texts``."""

    row: int
    nodes: tuple[RecordedNode, ...] = field(repr=False)
    texts: NodeTexts = field(repr=False)
    window: Window


def collect_screens(table: pa.Table, allowed: Flags, windows: Mapping[int, Window]) -> list[RecordedScreen]:
    """Collect the screens of the ``allowed`` rows that have nodes; ``windows`` holds the front window by row."""
    rows = np.flatnonzero(holds(table, "kind", "screen") & allowed & table["nodes"].is_valid().to_numpy())
    part = table.select(["nodes", "text", "source"]).take(pa.array(rows))
    known: dict[tuple[tuple[RecordedNode, ...], str, bool], tuple[tuple[RecordedNode, ...], NodeTexts]] = {}
    found: list[RecordedScreen] = []
    for row, listed, joined, source in zip(
        rows.tolist(), *(column.to_pylist() for column in part.columns), strict=True
    ):
        nodes, text, ocr = read_nodes(listed), joined or "", source == "ocr"
        if (nodes, text, ocr) not in known:
            known[nodes, text, ocr] = nodes, find_texts(nodes, text, ocr=ocr)
        found.append(RecordedScreen(row, *known[nodes, text, ocr], windows[row]))
    return found


def own_texts(screens: Sequence[RecordedScreen]) -> list[Text]:
    """List the distinct texts of ``screens`` that are in no column, in order."""
    texts: dict[Text, None] = {}
    for screen in screens:
        texts |= dict.fromkeys([screen.texts.rest] if screen.texts.rest else [])
        texts |= dict.fromkeys(screen.texts.values.values())
    return list(texts)


def release_screens(
    screens: Sequence[RecordedScreen],
    spans: Mapping[Text, Spans],
    lexicon: Lexicon,
    release: RowPlan,
) -> None:
    """Put the released nodes of the screens of one session into ``release``; equal screens are laid out once."""
    known: dict[tuple[int, Window], ReleasedNodes] = {}
    for screen in screens:
        same = id(screen.texts), screen.window
        if same not in known:
            known[same] = release_nodes(screen.nodes, screen.texts, spans, lexicon, screen.window)
        released = known[same]
        release.nodes[screen.row], release.moved[screen.row] = released.nodes, released.moved
        release.mark(screen.row, released.marks)
