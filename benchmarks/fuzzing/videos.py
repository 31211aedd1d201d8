"""Damaged videos: the process that decodes them answers, or ends alone, and what it costs is bounded."""

import io
import resource
from collections.abc import Iterator
from pathlib import Path

import av
from PIL import Image, ImageDraw

from transforms.ingest.formats.foreign_recording import Frame
from transforms.ingest.screenshots.decoding import Flaw, PictureError
from transforms.ingest.screenshots.videos import Videos

_SIZE, _RATE, _FRAMES = (96, 48), 10, 12
_KINDS = (
    ("mp4", "libx264"), ("matroska", "libx264"), ("mp4", "libx265"), ("matroska", "libvpx"),
    ("matroska", "libvpx-vp9"),
)  # fmt: skip
"""No AV1: its encoder gives the whole process, where root runs it, a priority above all others of the machine."""

_TIMES = (0.0, 0.4, 1.1, 0.2)
_MOST_PIXELS, _WORK = 1 << 16, 1 << 20
_LONGEST_S = 20
"""CPU seconds of a process: a small video that takes more stalls it."""


def film_seeds() -> Iterator[bytes]:
    """Write a short video in each container and of each codec."""
    for container, codec in _KINDS:
        file = io.BytesIO()
        with av.open(file, "w", format=container) as output:
            stream = output.add_stream(codec, rate=_RATE)
            stream.width, stream.height = _SIZE
            stream.pix_fmt, stream.gop_size = "yuv420p", 5
            for number in range(_FRAMES):
                picture = Image.new("RGB", _SIZE, "white")
                ImageDraw.Draw(picture).text((5, 5), f"Pay {number}.30", "black")
                output.mux(stream.encode(av.VideoFrame.from_image(picture)))
            output.mux(stream.encode())
        yield file.getvalue()


def read_video(content: bytes, folder: Path) -> tuple[str | None, tuple[str, ...]]:
    """Ask for frames of a video; the one error that may come is ``PictureError``."""
    path = folder / "video.mp4"
    path.write_bytes(content)
    found, began = list[str](), spent_by_children()
    with Videos([path], _MOST_PIXELS) as videos:
        for second in _TIMES:
            try:
                found.append(str(videos.read(Frame("", second), _WORK).shape))
            except PictureError as error:
                if str(error) not in set(Flaw):
                    return "content in an error", ()
                found.append(str(error))
    return ("slow" if spent_by_children() - began > _LONGEST_S else None), tuple(found)


def spent_by_children() -> float:
    """Return the CPU seconds of the processes that were started and have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
