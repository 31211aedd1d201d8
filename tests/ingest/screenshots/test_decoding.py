import struct
import zlib

import numpy as np
import pytest

from tests.support.pictures import draw, pack
from transforms.ingest.screenshots.decoding import Flaw, PictureError, decode


def png_of(width: int, height: int, packed: bytes) -> bytes:
    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", packed) + chunk(b"IEND", b"")


@pytest.mark.parametrize("form", ["PNG", "JPEG", "WEBP"])
def test_pictures_of_recorders_are_decoded(form: str) -> None:
    found = decode(pack(draw([(5, 5, "hello")], (60, 40)), form), 2_400)
    assert (found.shape, found.dtype) == ((40, 60, 3), np.uint8)
    assert found[0, 0].min() > 240


@pytest.mark.parametrize("mode", ["P", "L", "RGBA", "1"])
def test_every_mode_becomes_red_green_and_blue(mode: str) -> None:
    assert decode(pack(draw([], (8, 8)).convert(mode)), 64).tolist() == [[[255] * 3] * 8] * 8


def test_a_picture_above_the_limit_is_refused_before_it_is_unpacked() -> None:
    content = pack(draw([], (60, 41)))
    assert decode(content, 60 * 41).shape == (41, 60, 3)
    with pytest.raises(PictureError) as caught:
        decode(content, 60 * 41 - 1)
    assert caught.value.flaw is Flaw.TOO_LARGE
    bomb = png_of(100_000, 100_000, zlib.compress(bytes(1 << 20)))
    with pytest.raises(PictureError) as caught:
        decode(bomb, 40_000_000)
    assert caught.value.flaw is Flaw.TOO_LARGE


BLANK = draw([], (9, 9))
BROKEN = {
    "empty": b"", "magic": b"GIF89a", "text": b"canary", "gif": pack(BLANK, "GIF"), "bmp": pack(BLANK, "BMP"),
    "cut": pack(BLANK)[:40], "packed": png_of(9, 9, b"canary canary"), "flat": png_of(0, 9, b""),
}  # fmt: skip


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_picture_of_these_kinds_is_refused_without_its_content(name: str) -> None:
    with pytest.raises(PictureError) as caught:
        decode(BROKEN[name], 1_000)
    assert caught.value.flaw is Flaw.UNREADABLE
    assert str(caught.value) == "screenshot_unreadable"
    assert caught.value.__cause__ is None
