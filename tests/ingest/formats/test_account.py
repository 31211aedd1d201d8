"""Each text of a raw file is told, or named in the table of its format with what becomes of it."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pyarrow as pa
import pytest

from tests.support.raw_leaves import Leaf, list_leaves
from transforms.ingest.formats.adapter import MapRow
from transforms.ingest.formats.registry import find_adapter, recognise
from transforms.ingest.parsing.block import Block

SAMPLES, EXAMPLES = Path(__file__).parent / "samples", Path("examples/recordings")
RECORDINGS = [
    *(path for path in sorted(SAMPLES.iterdir()) if path.suffix != ".md"),
    *sorted((EXAMPLES / "rrweb").iterdir()),
    EXAMPLES / "agentnet" / "display-settings",
]
_TEXT = re.compile("`(?:focus|screen|task|field|input_value|clipboard|target)`")
_COUNTED = re.compile(r"`([a-z_]+)`")


def account(leaf: Leaf, told: str, table: Sequence[MapRow], counts: Counter[str]) -> str:
    """Find the fate of a text: in an event, named by a row of the table, or '' if it is lost.

    The row that has the nearest of the names on the way to it speaks for it, of several the one with most of them.
    """
    if _plain(leaf.text) in told:
        return "told"
    found = [_rank(leaf, row) for row in table]
    best = max(found)
    speaking = [row for row, rank in zip(table, found, strict=True) if rank == best > (0, 0)]
    return next((row.source for row in speaking if _speaks(row, counts)), "")


def _speaks(row: MapRow, counts: Counter[str]) -> bool:
    """Return whether a row says of a text that is not told what became of it."""
    if _TEXT.search(row.becomes) and "left out" not in row.becomes:
        return False
    return "counted" not in row.becomes or any(counts[word] for word in _COUNTED.findall(row.becomes))


def _rank(leaf: Leaf, row: MapRow) -> tuple[int, int]:
    """Return how near to a text the last name of it is that a row has, and how many of them it has."""
    names = set(re.findall(r"[\w.$/-]+", row.source))
    places = [place for place, name in enumerate(leaf.names, start=1) if name in names]
    if leaf.text in names and not _TEXT.search(row.becomes):
        places.append(len(leaf.names) + 1)
    return (places[-1], len(places)) if places else (0, 0)


def _plain(text: str) -> str:
    return " ".join(text.strip('"').split()).casefold()


def _told(table: pa.Table) -> Iterator[str]:
    for row in table.drop(["session_id", "user_id", "recorder"]).to_pylist():
        yield from _texts(row)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield _plain(value)
    elif isinstance(value, dict | list):
        for item in value.values() if isinstance(value, dict) else value:
            yield from _texts(item)


@pytest.mark.parametrize("path", RECORDINGS, ids=lambda path: path.name)
def test_each_text_of_a_recording_is_in_an_event_or_named_in_the_table(
    path: Path, read_blocks: Callable[..., list[Block]]
) -> None:
    adapter = find_adapter(recognise(path))
    blocks = read_blocks(path, adapter.name, user="u")
    counts = Counter(name.partition(".")[2] for block in blocks for name, _ in block.counts)
    told = "\n".join(text for block in blocks for text in _told(block.table))
    leaves = set(list_leaves(path))
    lost = {leaf for leaf in leaves if not account(leaf, told, adapter.mapping, counts)}
    assert len(leaves) > 1
    assert sorted(lost) == []


@pytest.mark.parametrize(
    ("leaf", "counts", "row"),
    [
        (Leaf(("content", "text_observation", "content"), "somebody"), {}, ""),
        (Leaf(("content", "text_observation", "content"), "Blue  LAMP"), {}, "told"),
        (Leaf(("content", "api_action", "kwargs", "new_field"), "somebody"), {}, ""),
        (Leaf(("content", "api_action", "select", "kwargs", "value"), "somebody"), {}, ""),
        (Leaf(("content", "web_observation", "html"), "<p>"), {}, ""),
        (Leaf(("content", "web_observation", "html"), "<p>"), {"page_source": 1}, "web_observation html"),
    ],
)
def test_a_text_in_no_event_and_no_row_is_lost(leaf: Leaf, counts: dict[str, int], row: str) -> None:
    assert account(leaf, "the blue lamp", find_adapter("adp").mapping, Counter(counts)) == row
