"""Targets of the fuzzing: each adapter, the choice of one, the editor model, pictures and videos of screens."""

import io
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import zstandard
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from PIL import Image, ImageDraw

from benchmarks.fuzzing.changes import CANARY
from benchmarks.fuzzing.videos import film_seeds, read_video
from schemas.raw import RAW_SCHEMA, RawSessions
from schemas.tally import outcomes
from transforms.ingest.formats.adapter import Adapter, Source
from transforms.ingest.formats.registry import ADAPTERS, recognise
from transforms.ingest.formats.sealed_log import read_sealed, seal_log
from transforms.ingest.parsing.block import Block
from transforms.ingest.screenshots.decoding import FORMATS, Flaw, PictureError, decode
from transforms.ingest.screenshots.screen_reader import ScreenReader, load_networks
from transforms.ingest.settings import IngestSettings
from transforms.keystrokes import reconstruct

EDITOR, PICTURES, VIDEOS = "editor", "pictures", "videos"
_CANONICAL, _SEALED = "canonical", "sealed"
_AGENTNET, _MARK = "agentnet", b"\n--next file--\n"
_PARTS = ".parts"
"""Suffix of a file that holds the files of a folder one after the other."""
_FILES = ("events.jsonl", "metadata.json", "element.jsonl", "top_window.jsonl", "a11y.jsonl")

_PRIVATE = X25519PrivateKey.generate()

Signature = tuple[str, ...]
"""Words that tell how an input was read: kinds of rows, rules, counts; a new one makes the input worth keeping."""


@dataclass(frozen=True, slots=True)
class Target:
    """Something that is fuzzed. ``read`` takes an input and a scratch folder, and returns what is wrong and the way."""

    name: str
    seeds: tuple[bytes, ...]
    read: Callable[[bytes, Path], tuple[str | None, Signature]]


def list_targets(folders: tuple[Path, ...]) -> dict[str, Target]:
    """List the adapters with those of the files that they recognise, the editor, the readers of pictures and videos."""
    seeds: dict[str, list[bytes]] = {adapter.name: [] for adapter in ADAPTERS}
    for path in sorted(item for folder in folders for item in folder.rglob("*")):
        name = _AGENTNET if path.suffix == _PARTS else recognise(path) if path.is_file() else ""
        if name and path.name not in _FILES:
            seeds[name].append(path.read_bytes())
    targets = {
        adapter.name: Target(adapter.name, tuple(seeds[adapter.name]), lambda *given, own=adapter: _read(own, *given))
        for adapter in ADAPTERS
    }
    logs = tuple(zstandard.ZstdCompressor().compress(seed) for seed in seeds[_CANONICAL])
    targets[_SEALED] = Target(_SEALED, logs, _read_sealed)
    load_networks(1)  # before the first input, whose cost is measured
    return targets | {
        EDITOR: Target(EDITOR, _EDITOR_SEEDS, _replay), PICTURES: Target(PICTURES, tuple(_draw_seeds()), _read_picture),
        VIDEOS: Target(VIDEOS, tuple(film_seeds()), read_video),
    }  # fmt: skip


def _read(adapter: Adapter, content: bytes, folder: Path) -> tuple[str | None, Signature]:
    path = folder / "input"
    if adapter.name == _AGENTNET:
        path = folder / "recording"
        path.mkdir(exist_ok=True)
        for name, part in zip(_FILES, [*content.split(_MARK), b"", b"", b"", b""], strict=False):
            (path / name).write_bytes(part)
    else:
        path.write_bytes(content)
        if zlib.crc32(content) % len(ADAPTERS) == 0:  # every adapter looks at it: each gets as many in all
            recognise(path)
    blocks = list(adapter.read(Source(0, str(path), adapter.name, "u"), IngestSettings()))
    return _judge_all(blocks)


def _read_sealed(content: bytes, folder: Path) -> tuple[str | None, Signature]:
    """Seal a packed log and read it with its key: what somebody else sealed may be anything."""
    path = folder / "sealed"
    path.write_bytes(seal_log(_PRIVATE.public_key(), content))
    blocks = list(read_sealed(Source(0, str(path), _SEALED, "u"), IngestSettings(), [_PRIVATE]))
    return _judge_all(blocks)


def _judge_all(blocks: list[Block]) -> tuple[str | None, Signature]:
    return next((flaw for block in blocks if (flaw := _judge(block))), None), _describe(blocks)


def _judge(block: Block) -> str | None:
    if any(CANARY in repr(fault) or CANARY in str(fault.problem) for fault in block.faults) or CANARY in repr(block):
        return "content in an error"
    if any(CANARY in name for name, _ in block.counts):
        return "content in a count"
    told = block.table.num_rows + outcomes(dict(block.counts)) + sum(fault.events for fault in block.faults)
    return None if told == block.events else "events that have no outcome, or two"


def _describe(blocks: list[Block]) -> Signature:
    found: set[str] = set()
    for block in blocks:
        found.update(block.table["kind"].to_pylist())
        found.update(f"{fault.problem.rule}{fault.problem.field_name}" for fault in block.faults)
        found.update(name for name, _ in block.counts)
        columns = zip(block.table.column_names, block.table.columns, strict=True)
        found.update(name for name, column in columns if column.null_count < block.table.num_rows)
    return tuple(sorted(found))


_EDITOR_SEEDS = tuple(
    "\n".join(json.dumps(row) for row in rows).encode()
    for rows in (
        [
            {"kind": "field", "field_id": "f", "role": "textbox", "label": "Name", "multiline": True},
            *({"kind": "key", "action": "down", "key": key, "modifiers": [], "field_id": "f"} for key in "Ann Bell"),
            {"kind": "key", "action": "down", "key": "ArrowLeft", "modifiers": ["Shift", "Control"], "field_id": "f"},
            {"kind": "key", "action": "up", "key": "ArrowLeft", "modifiers": [], "field_id": "f"},
            {"kind": "key", "action": "down", "key": "Backspace", "modifiers": [], "field_id": "f"},
            {"kind": "key", "action": "down", "key": "z", "modifiers": ["Meta"], "field_id": "f"},
            {"kind": "clipboard", "action": "paste", "text": "blue\nlamp", "field_id": "f"},
        ],
        [
            {"kind": "session", "os": "macOS 14", "keyboard_layout": "de"},
            {"kind": "focus", "app": "editor", "title": "a"},
            *({"kind": "key", "action": "down", "key": key, "modifiers": []} for key in ("Dead", "e", "Tab", "x")),
            {"kind": "key", "action": "down", "key": "ArrowUp", "modifiers": ["Meta"], "repeat": True},
            {"kind": "key", "action": "down", "key": "Delete", "modifiers": ["Alt"]},
            {"kind": "pointer", "action": "click", "x": 1.0, "y": 2.0, "target": {"role": "textbox", "name": "Name"}},
            {"kind": "input_value", "field_id": "g", "value": "\u0e01\u0e33 e\u0301", "source_masked": False},
            {"kind": "key", "action": "down", "key": "a", "modifiers": ["Control"]},
            {"kind": "key", "action": "down", "key": "x", "modifiers": ["Control"]},
        ],
    )
)  # fmt: skip


def _replay(content: bytes, _: Path) -> tuple[str | None, Signature]:
    """Reconstruct what rows typed; rows that the raw log would refuse are left out."""
    rows = [row for line in content.split(b"\n") if (row := _load_row(line)) is not None]
    table = _make_table(rows) or _make_table([row for row in rows if _make_table([row])])
    if not table:
        return None, ()
    fields = reconstruct(RawSessions(table)).fields
    for item in fields:
        cells = range(len(item.cells))
        if not all(cell in cells for draft in (item.final, *item.drafts) for cell in draft.tolist()):
            return "a draft of cells that are none", ()
        if CANARY in repr(item):
            return "content in a repr", ()
    shape = (
        f"{len(item.final) > 0}{len(item.drafts)}{item.exact}{item.secret}{len(item.key_rows) > 0}" for item in fields
    )
    return None, tuple(sorted(shape))


def _load_row(line: bytes) -> dict[str, object] | None:
    """Load the columns of a row, ``None`` where it is none."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return {name: row[name] for name in RAW_SCHEMA.names if name in row} if isinstance(row, dict) else None


def _make_table(rows: list[dict[str, object]]) -> pa.Table | None:
    """Make one session of rows, ``None`` where the raw log would refuse one of them."""
    whole = [row | {"session_id": "s", "user_id": "u", "seq": seq, "episode": 0} for seq, row in enumerate(rows)]
    try:
        return pa.Table.from_pylist(whole, schema=RAW_SCHEMA)
    except (ValueError, TypeError, OverflowError, RecursionError, pa.ArrowException):
        return None


_MOST_PIXELS = 1 << 16
"""Pixels of a picture that is read: the networks take about a second for twenty times as many."""


def _draw_seeds() -> Iterator[bytes]:
    """Draw small screens in each format and mode, one with several frames among them."""
    screen = Image.new("RGB", (160, 48), "white")
    ImageDraw.Draw(screen).text((5, 5), "Pay 12.30\nto the lamp", "black")
    for kind in FORMATS:
        for mode in ("RGB", "L") if kind == "JPEG" else ("RGB", "RGBA", "P"):
            yield _pack(screen.convert(mode), kind)
    yield _pack(screen, "PNG", save_all=True, append_images=[screen.transpose(Image.Transpose.ROTATE_180)])
    yield _pack(screen, "JPEG", progressive=True, exif=b"Exif\0\0II*\0")
    yield _pack(screen, "WEBP", lossless=True)


def _pack(picture: Image.Image, kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **options)
    return file.getvalue()


def _read_picture(content: bytes, _: Path) -> tuple[str | None, Signature]:
    """Decode a picture and read its lines, twice as in a session; the one error that may come is ``PictureError``."""
    reader = ScreenReader(load_networks(1))
    try:
        pixels = decode(content, _MOST_PIXELS)
        lines = reader.read(pixels)
        again = reader.read(pixels)
    except PictureError as error:
        return (None if str(error) in set(Flaw) else "content in an error"), (str(error),)
    if lines is None or again is not None:
        return "a first picture without lines, or another reading of the same one", ()
    return None, (str(pixels.shape), str(len(lines)))
