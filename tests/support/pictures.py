"""Pictures of screens, drawn with the font that Pillow brings."""

import io
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageDraw, ImageFont


def draw(lines: Sequence[tuple[int, int, str]], size: tuple[int, int] = (480, 160), font: int = 18) -> Image.Image:
    """Draw black texts, each with its left top corner, on white."""
    picture = Image.new("RGB", size, "white")
    pen, face = ImageDraw.Draw(picture), ImageFont.load_default(font)
    for left, top, text in lines:
        pen.text((left, top), text, fill="black", font=face)
    return picture


def pack(picture: Image.Image, form: str = "PNG") -> bytes:
    """Return the picture as a file."""
    file = io.BytesIO()
    picture.save(file, form)
    return file.getvalue()


def pixels(picture: Image.Image) -> npt.NDArray[np.uint8]:
    """Return the picture as the reader takes it."""
    return np.asarray(picture)
