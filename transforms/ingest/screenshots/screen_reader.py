"""Lines of text on the pictures of one screen, in order; what did not change since the last one is not read again."""

from dataclasses import dataclass, field
from functools import cache

from transforms.ingest.screenshots.changes import TILE, changed_parts
from transforms.ingest.screenshots.decoding import Flaw, PictureError, Pixels
from transforms.ingest.screenshots.line_detector import Box, LineDetector
from transforms.ingest.screenshots.line_recognizer import HEIGHT, LineRecognizer, padded_width

_MOST_LINES, _MOST_WIDTH = 5_000, 1_500_000
"""Most lines of a picture, and their width in all at the height at which they are read: a screen of 4K full of small
letters has a million. A picture of more is made to be slow."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of text and where it stands, in pixels of its picture."""

    box: Box
    text: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class Networks:
    """The network that finds lines and the one that reads them."""

    detector: LineDetector = field(repr=False)
    recognizer: LineRecognizer = field(repr=False)


@cache
def load_networks(threads: int) -> Networks:
    """Load both networks, once per process."""
    return Networks(LineDetector(threads), LineRecognizer(threads))


class ScreenReader:
    """Reads the pictures of one session in their order; it keeps the last one in memory, and nothing else of it."""

    def __init__(self, networks: Networks) -> None:
        self._networks = networks
        self._last: Pixels | None = None
        self._lines: list[Line] = []
        self.work = 0
        """Pixels that the networks have looked at so far; a million take a CPU second or two."""

    def read(self, picture: Pixels) -> list[Line] | None:
        """Read the lines of a picture from top to bottom; ``None`` where they are those of the last one.

        Raises ``PictureError`` where it has too many lines, or the networks fail on it.
        """
        try:
            return self._read(picture)
        except PictureError:
            self._last, self._lines = None, []
            raise
        except Exception:  # noqa: BLE001 - a hostile picture may break any step, and one picture must not end a run
            self._last, self._lines = None, []
            raise PictureError(Flaw.UNREADABLE) from None

    def _read(self, picture: Pixels) -> list[Line] | None:
        parts = changed_parts(self._last, picture, (line.box for line in self._lines))
        is_first, self._last = self._last is None, picture
        stay = [line for line in self._lines if not any(line.box.meets(part) for part in parts)]
        boxes = [box for part in parts for box in self._find_in_part(picture, part, stay)]
        lines = in_reading_order([*stay, *self._read_lines(picture, boxes)])
        before, self._lines = self._lines, lines
        return None if lines == before and not is_first else lines

    def _find_in_part(self, picture: Pixels, part: Box, stay: list[Line]) -> list[Box]:
        """Find the lines of a part; what shows of others in the margin around it is not read again."""
        height, width = picture.shape[:2]
        seen = part.grow(TILE, TILE).clip(width, height)
        self.work += seen.area
        found = self._networks.detector.find(picture[seen.top : seen.bottom, seen.left : seen.right])
        if len(found) > _MOST_LINES:
            raise PictureError(Flaw.TOO_DENSE)
        boxes = [
            Box(box.left + seen.left, box.top + seen.top, box.right + seen.left, box.bottom + seen.top) for box in found
        ]
        return [box for box in boxes if box.meets(part) and not any(_is_same(box, line.box) for line in stay)]

    def _read_lines(self, picture: Pixels, boxes: list[Box]) -> list[Line]:
        """Read the lines in these boxes; those without text are left out."""
        width = sum(padded_width(box.bottom - box.top, box.right - box.left) for box in boxes)
        if len(boxes) > _MOST_LINES or width > _MOST_WIDTH:
            raise PictureError(Flaw.TOO_DENSE)
        self.work += width * HEIGHT
        texts = self._networks.recognizer.read([picture[box.top : box.bottom, box.left : box.right] for box in boxes])
        return [Line(box, text) for box, text in zip(boxes, texts, strict=True) if text]


def _is_same(box: Box, line: Box) -> bool:
    """Tell whether half of a box lies on a line that is known: it is the end of it that shows in the margin."""
    both = Box(
        max(box.left, line.left), max(box.top, line.top), min(box.right, line.right), min(box.bottom, line.bottom)
    )
    return box.meets(line) and 2 * both.area >= box.area


def in_reading_order(lines: list[Line]) -> list[Line]:
    """Sort lines into rows from top to bottom, and within a row from left to right.

    A line is in the row of the line above it if its middle is above that one's bottom.
    """
    rows: list[list[Line]] = []
    for line in sorted(lines, key=lambda line: (line.box.top + line.box.bottom, line.box.left)):
        middle = (line.box.top + line.box.bottom) / 2
        first = rows[-1][0].box if rows else None
        if first is not None and middle < first.top + 0.75 * (first.bottom - first.top):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [line for row in rows for line in sorted(row, key=lambda line: line.box.left)]
