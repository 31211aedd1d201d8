"""The canonical raw log: JSON Lines, plain, ``.gz`` or ``.zst``."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from schemas.rejects import Fault, Problem, Reason
from transforms.ingest.formats.adapter import MapRow, Source
from transforms.ingest.parsing.block import Block, lone_fault
from transforms.ingest.parsing.block_rules import normalise
from transforms.ingest.parsing.lines import Broken, Overlong, read_lines, read_pieces
from transforms.ingest.parsing.parse import ENDLESS, OVERLONG, find_filled, parse
from transforms.ingest.screenshots.log_pictures import LogPictures
from transforms.ingest.settings import IngestSettings

CANONICAL = "canonical"
"""Name of the format."""

_SUFFIXES = tuple(kind + packing for kind in (".jsonl", ".ndjson") for packing in ("", ".gz", ".zst"))

UNREADABLE = Problem(
    Reason.UNREADABLE, "", "the file cannot be opened, is not a regular file, or holds damaged compressed data"
)
_TRUNCATED = Problem(Reason.TRUNCATED, "", "compressed data stop early; the whole lines before were kept")
_EMPTY = Problem(Reason.UNREADABLE, "", "the file holds no event")


@dataclass(frozen=True, slots=True)
class CanonicalLog:
    """Reads the format that every other one is turned into."""

    name: str = CANONICAL
    summary: str = "keyveil raw log, JSON Lines: .jsonl or .ndjson, plain, .gz or .zst"

    mapping: tuple[MapRow, ...] = (
        MapRow("every field of the [data dictionary](data-dictionary.md)", "itself"),
        MapRow("old and foreign names of keys", "those of W3C UI Events"),
        MapRow("a small flaw in an event", "corrected or dropped, counted: `repaired`"),
        MapRow(
            "screen `image`: name of a picture beside the log, or in `images` there",
            "with `ingest.ocr` its `text` and `nodes`, where the screen has none; else left out, counted",
        ),
        MapRow("any other field", "refused by its place"),
    )

    def recognises(self, path: Path) -> bool:
        """Return whether the name ends as a raw log's does."""
        return path.name.endswith(_SUFFIXES) and not path.is_dir()

    def read(self, source: Source, settings: IngestSettings) -> Iterator[Block]:
        """Yield blocks of whole lines."""
        yield from read_log(read_pieces(source.path), source, settings, LogPictures(source.path, settings))


def read_log(
    pieces: Iterable[bytes], source: Source, settings: IngestSettings, pictures: LogPictures
) -> Iterator[Block]:
    """Yield blocks of whole lines of the clear ``pieces`` of a raw log."""
    empty, likely = True, frozenset[str]()
    for lines in read_lines(pieces, settings.block_bytes, settings.max_line_bytes):
        match lines:
            case Overlong(line, packed):
                problem = OVERLONG if packed else ENDLESS
                block = lone_fault(Fault(problem, source.index, line, content=packed))
            case Broken(reason, line, rest):
                problem = _TRUNCATED if reason == Reason.TRUNCATED else UNREADABLE
                block = lone_fault(Fault(problem, source.index, 0 if empty else line, content=rest))
            case _:
                settled, left_out = pictures.settle(lines)
                block = parse(settled, source.index, settings.max_line_bytes, likely)
                likely |= find_filled(block.table)
                table = normalise(block.table, fold_user_case=settings.fold_user_case)
                counts = Counter(dict(block.counts)) + left_out
                block = replace(block, table=_name_user(table, source.user), counts=tuple(sorted(counts.items())))
        if block.events:
            empty = False
            yield block
    if empty:
        yield lone_fault(Fault(_EMPTY, source.index, 0))


def _name_user(table: pa.Table, user: str | None) -> pa.Table:
    place = table.schema.get_field_index("user_id")
    users = table["user_id"]
    if user is None or not users.null_count:
        return table
    return table.set_column(place, table.schema.field(place), pc.fill_null(users, user))
