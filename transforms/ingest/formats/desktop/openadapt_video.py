"""Times of the frames in a video of openadapt-capture.

From version 1.1 on, the video ends with a box of the recorder's own (JSON): its frames a second, and under ``captures``
pairs of a frame's number and the time of the screenshot that it shows. Before, a frame lay as many seconds after the
start as its screenshot was taken after ``video_start_time``.
"""

import json
from dataclasses import dataclass, field
from fractions import Fraction
from pathlib import Path
from typing import BinaryIO

_BOX = bytes.fromhex("d8e90f0620b44e0cb4494f70656e4164")
"""Its user type (ISO/IEC 14496-12, section 4.2)."""

_MOST_BYTES, _MOST_BOXES = 16 << 20, 1_000
_HEAD, _LONG, _USER = 8, 16, 16
_MOST_RATE = 1_000


@dataclass(slots=True)
class VideoClock:
    """Finds the second of a video at which a screenshot is shown; ``start`` is when the video began."""

    start: object = field(repr=False)
    _bound: dict[Path, dict[float, float] | None] = field(default_factory=dict, repr=False)

    def second(self, at: float, video: Path) -> float:
        """Return the second at which the screenshot of a time is shown; raise ``ValueError`` where none is known."""
        if video not in self._bound:
            self._bound[video] = {}  # of a damaged one, which is not read again
            with video.open("rb") as file:
                self._bound[video] = read_captures(file)
        bound = self._bound[video]
        second = bound.get(at) if bound is not None else self._since_start(at)
        if second is None:
            raise ValueError("no frame")
        return second

    def _since_start(self, at: float) -> float | None:
        start = self.start
        return at - start if isinstance(start, int | float) and not isinstance(start, bool) else None


def read_captures(file: BinaryIO) -> dict[float, float] | None:
    """Return the second of each screenshot that a video binds, by its time; ``None`` where it has no such box.

    Raises ``ValueError`` where the box is damaged.
    """
    packed = _find_box(file)
    if packed is None:
        return None
    try:
        told = json.loads(packed)
        rate = Fraction(told["fps"])
        if not 0 < rate <= _MOST_RATE:
            raise ValueError("fps")
        # in the middle of the frame: whatever its container rounds
        return {float(at): float((int(place) + Fraction(1, 2)) / rate) for place, at in told.get("captures", ())}
    except (TypeError, KeyError, AttributeError, OverflowError, ZeroDivisionError, RecursionError):
        raise ValueError("captures") from None


def _find_box(file: BinaryIO) -> bytes | None:
    """Return the content of the recorder's box; a box is its length, its kind and what it holds."""
    for _ in range(_MOST_BOXES):
        begin, head = file.tell(), file.read(_HEAD)
        if len(head) < _HEAD:
            return None
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if length == 1:
            length = int.from_bytes(file.read(_LONG - _HEAD), "big")
        if kind == b"uuid" and file.read(_USER) == _BOX:
            size = begin + length - file.tell()
            content = file.read(min(max(size, 0), _MOST_BYTES))
            if len(content) != size:
                raise ValueError("box")
            return content
        if length < _HEAD:
            return None
        file.seek(begin + length)
    return None
