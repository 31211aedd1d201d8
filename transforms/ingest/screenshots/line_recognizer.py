"""The text of a line, by a network of connectionist temporal classification (CTC; Graves et al., ICML 2006)."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from transforms.ingest.screenshots.decoding import Pixels
from transforms.ingest.screenshots.line_detector import Floats, normalise, open_session
from transforms.ingest.screenshots.model_files import RECOGNIZER

HEIGHT = 48
"""Height at which the network reads a line."""

_STEP = 64
"""Widths are padded to a multiple: lines of one width are read together, and none depends on its neighbours."""

_WIDEST, _BATCH_PX = 8_192, 4_096
"""Widest line, and width of the lines that are read together: every eighth pixel costs 75 kB of scores."""

_LEAST_SCORE = 0.5
"""Least mean score of a line's characters: below it is a guess at an icon."""


class LineRecognizer:
    """Reads lines; slow to load, so load it once per process."""

    def __init__(self, threads: int) -> None:
        self._session = open_session(RECOGNIZER, threads)
        listed = self._session.get_modelmeta().custom_metadata_map["character"].split("\n")
        self._characters = ("", *(character.rstrip("\r") for character in listed if character), " ")

    def read(self, lines: Sequence[Pixels]) -> list[str]:
        """Read each line, '' where there is no text that can be made out."""
        found = [""] * len(lines)
        widths: dict[int, list[int]] = {}
        for place, line in enumerate(lines):
            widths.setdefault(padded_width(*line.shape[:2]), []).append(place)
        for width, places in sorted(widths.items()):
            together = max(_BATCH_PX // width, 1)
            for first in range(0, len(places), together):
                batch = places[first : first + together]
                scores = self._score([_scale(lines[place]) for place in batch], width)
                for place, score in zip(batch, scores, strict=True):
                    found[place] = decode_ctc(score, self._characters)
        return found

    def _score(self, lines: Sequence[Pixels], width: int) -> Floats:
        """Compute the probability of each character at each step, shape (lines, steps, characters)."""
        batch = np.zeros((len(lines), 3, HEIGHT, width), dtype=np.float32)
        for row, line in zip(batch, lines, strict=True):
            row[:, :, : line.shape[1]] = normalise(line)
        (scores,) = self._session.run(None, {"x": batch})
        return np.asarray(scores, dtype=np.float32)


def padded_width(height: int, width: int) -> int:
    """Return the width at which the network reads a line of that size.

    >>> padded_width(24, 300), padded_width(48, 64), padded_width(48, 65)
    (640, 64, 128)
    """
    across = _scaled_width(height, width)
    return across + -across % _STEP


def _scaled_width(height: int, width: int) -> int:
    return min(max(round(width * HEIGHT / height), 1), _WIDEST)


def _scale(line: Pixels) -> Pixels:
    from PIL import Image  # noqa: PLC0415 - belongs to the extra ``ocr``

    across = _scaled_width(*line.shape[:2])
    return np.asarray(Image.fromarray(line).resize((across, HEIGHT), Image.Resampling.BILINEAR))


def decode_ctc(scores: npt.NDArray[np.float32], characters: Sequence[str]) -> str:
    """Return the text of the likeliest path, '' below the least mean score; character 0 is the blank.

    >>> decode_ctc(np.eye(3, dtype=np.float32)[[1, 1, 0, 1, 2]], ("", "a", "b"))
    'aab'
    """
    path, best = scores.argmax(axis=1), scores.max(axis=1)
    keep = path != 0
    keep[1:] &= path[1:] != path[:-1]
    if not keep.any() or best[keep].mean() < _LEAST_SCORE:
        return ""
    return "".join(characters[place] for place in path[keep]).strip()
