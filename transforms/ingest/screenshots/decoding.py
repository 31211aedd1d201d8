"""A stranger's picture as pixels: its size is judged before anything is unpacked."""

import io
import warnings
from enum import StrEnum
from typing import TypeAlias

import numpy as np
import numpy.typing as npt

FORMATS = ("PNG", "JPEG", "WEBP")
"""All that a recorder writes; Pillow's other decoders are never asked."""

Pixels: TypeAlias = npt.NDArray[np.uint8]
"""Shape (height, width, 3), red first."""


class Flaw(StrEnum):
    """Reason for which a picture is not read, as the summary counts it."""

    TOO_LARGE = "screenshot_too_large"
    TOO_DENSE = "screenshot_too_dense"
    UNREADABLE = "screenshot_unreadable"
    VIDEO_TOO_LARGE = "video_too_large"
    VIDEO_OVER_ALLOWANCE = "video_over_allowance"
    VIDEO_STALLED = "video_stalled"
    VIDEO_UNREADABLE = "video_unreadable"


class PictureError(ValueError):
    """A picture that is not read; it carries no content."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


def decode(content: bytes, most_pixels: int) -> Pixels:
    """Unpack a PNG, JPEG or WebP picture of at most ``most_pixels``; raise ``PictureError`` for any other content.

    >>> decode(b"GIF89a", 100)
    Traceback (most recent call last):
    transforms.ingest.screenshots.decoding.PictureError: screenshot_unreadable
    """
    from PIL import Image  # noqa: PLC0415 - belongs to the extra ``ocr``

    try:
        with warnings.catch_warnings(action="ignore"), Image.open(io.BytesIO(content), formats=FORMATS) as picture:
            # only the header was read so far
            pixels = np.asarray(picture.convert("RGB")) if picture.width * picture.height <= most_pixels else None
    except Image.DecompressionBombError:
        pixels = None
    except Exception:  # noqa: BLE001 - a hostile picture breaks decoders in any way, and their messages may quote it
        raise PictureError(Flaw.UNREADABLE) from None
    if pixels is None:
        raise PictureError(Flaw.TOO_LARGE)
    return pixels
