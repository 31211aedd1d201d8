"""Pictures that screens of a raw log name: their lines of text take the place of the field ``image``."""

import json
from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from schemas.rejects import RejectRecord
from schemas.tally import IMAGES
from transforms.ingest.parsing.lines import Lines, read_lines, read_pieces
from transforms.ingest.parsing.parse import load_event
from transforms.ingest.parsing.repair import Repairs
from transforms.ingest.screenshots.beside import find_all_beside, load_named, read_name
from transforms.ingest.screenshots.decoding import Flaw, PictureError, decode
from transforms.ingest.settings import IngestSettings

if TYPE_CHECKING:
    from transforms.ingest.screenshots.session_pictures import SessionPictures

_SIGN = b'"image"'


class LogPictures:
    """Reads the pictures of one raw log in the order of its lines; ``path`` is that of the log, '' where it has none.

    A line keeps its number. A screen with text or nodes of its own keeps them, and its picture is not read.
    """

    def __init__(self, path: str, settings: IngestSettings) -> None:
        self._path, self._settings = path, settings
        self._read = 0

    def settle(self, lines: Lines) -> tuple[Lines, Repairs]:
        """Return the lines without their pictures, and how many of those were not read, by reason."""
        counts: Repairs = Counter()
        if _SIGN not in lines.data:
            return lines, counts
        settled = (self._settle(line, counts) for line in lines.data.split(b"\n"))
        return Lines(lines.first, b"\n".join(settled)), counts

    def _settle(self, line: bytes, counts: Repairs) -> bytes:
        """Return a line without its picture; one that is no screen, or names no picture, is left to be refused."""
        found = _load_screen(line)
        if found is None:
            return line
        event, name = found
        del event["image"]
        if event.get("text") or event.get("nodes"):
            counts[f"{IMAGES}.beside_text"] += 1
        elif not self._settings.ocr or not self._path:
            counts[f"{IMAGES}.not_read"] += 1
        elif self._is_spent():
            counts[f"{IMAGES}.over_allowance"] += 1
        else:
            self._read += 1
            self._fill(event, name, counts)
        return json.dumps(event, ensure_ascii=False).encode(errors="surrogateescape")

    def _is_spent(self) -> bool:
        settings = self._settings
        return self._read >= settings.ocr_pictures or (self._read > 0 and self._pictures.work >= settings.ocr_work)

    def _fill(self, event: dict[str, object], name: str, counts: Repairs) -> None:
        """Put the lines of a picture into its event; count a picture without any, or one that cannot be read."""
        from transforms.ingest.screenshots.picture_nodes import describe_lines  # noqa: PLC0415 - the extra ``ocr``

        try:
            pixels = decode(load_named(self._path, name), self._settings.ocr_pixels)
            lines = self._pictures.read(str(event.get("session_id")), pixels)
        except ValueError as error:
            counts[f"{IMAGES}.{error.flaw if isinstance(error, PictureError) else Flaw.UNREADABLE}"] += 1
            return
        if lines:
            event["source"] = "ocr"  # whoever wrote the log: misread characters are looked for in such text alone
            event["text"] = "\n".join(line.text for line in lines)
            event["nodes"] = list(describe_lines(lines, pixels, None))
        else:
            counts[f"{IMAGES}.without_text"] += 1

    @cached_property
    def _pictures(self) -> "SessionPictures":
        from transforms.ingest.screenshots.session_pictures import SessionPictures  # noqa: PLC0415 - the extra ``ocr``

        return SessionPictures(self._settings.ocr_threads)


def list_pictures(log: Path, settings: IngestSettings) -> Iterator[Path]:
    """Yield the pictures that the screens of a raw log name, each once, in order of their names."""
    names: set[str] = set()
    try:
        for lines in read_lines(read_pieces(str(log)), settings.block_bytes, settings.max_line_bytes):
            if isinstance(lines, Lines) and _SIGN in lines.data:
                found = map(_load_screen, lines.data.split(b"\n"))
                names.update(screen[1] for screen in found if screen is not None)
    except RejectRecord:
        pass  # what was read before is released
    yield from find_all_beside(str(log), names)


def _load_screen(line: bytes) -> tuple[dict[str, object], str] | None:
    """Load a screen and the name of its picture; ``None`` where a line is no screen or names no picture."""
    if _SIGN not in line:
        return None
    event = load_event(line.decode(errors="surrogateescape"))
    if not isinstance(event, dict) or event.get("kind") != "screen":
        return None
    name = read_name(event.get("image"))
    return None if name is None else (event, name)
