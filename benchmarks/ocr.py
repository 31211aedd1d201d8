"""CPU time of reading screenshots: the first picture of a 1080p window, and the next 99 while somebody types into it.

The window is drawn: a list of 30 messages beside a form into which a text of made-up words is typed, three letters a
picture, over several lines; a clock and a caret change too. With a folder of pictures, those are read in order of their
names instead.

With ``--video`` the same window is filmed at 30 frames a second, H.264 with a key frame every 250, and the frames at an
action every two seconds are decoded: CPU time a frame, of the process that decodes, with its start.

Run: python -m benchmarks.ocr [FOLDER | --video SECONDS]
"""

import argparse
import io
import itertools
import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from benchmarks.fuzzing.videos import spent_by_children
from transforms.ingest.formats.foreign_recording import Frame
from transforms.ingest.screenshots.decoding import decode
from transforms.ingest.screenshots.screen_reader import ScreenReader, load_networks
from transforms.ingest.screenshots.videos import Videos

_SIZE, _RATE, _EVERY = (1920, 1080), 30, 2
_PICTURES, _LETTERS, _WIDTH = 100, 3, 90
_WORDS = "plan order lamp weekly draft report green table review notes copper ladder invoice meeting river".split()
_MOST_PIXELS = 40_000_000


def draw_pictures() -> Iterator[bytes]:
    """Yield the pictures of the window as PNG files."""
    chance, face = random.Random(0), ImageFont.load_default(17)  # noqa: S311 - made-up texts
    window = Image.new("RGB", _SIZE, "white")
    pen = ImageDraw.Draw(window)
    for row in range(30):
        words = " ".join(chance.choice(_WORDS) for _ in range(7))
        pen.text((20, 40 + 34 * row), f"{chance.randrange(1, 13)}:{chance.randrange(10, 60)}  {words}", "black", face)
    for row, label in enumerate(("To", "Subject", "Message")):
        pen.text((960, 60 + 50 * row), label, "gray", face)
    typed = " ".join(chance.choice(_WORDS) for _ in range(100))
    for number in range(_PICTURES):
        shown = typed[: _LETTERS * (number + 1)]
        picture = window.copy()
        pen = ImageDraw.Draw(picture)
        for line, at in enumerate(range(0, len(shown), _WIDTH)):
            pen.text((960, 210 + 30 * line), shown[at : at + _WIDTH], "black", face)
        pen.text((1820, 8), f"10:{10 + number // 60:02}:{number % 60:02}", "black", face)
        pen.rectangle((940, 215 + number % 3, 941, 230), "black")
        yield _pack(picture)


def _pack(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "PNG")
    return file.getvalue()


def film(path: Path, seconds: int) -> None:
    """Write the window as a video in which it changes every second."""
    import av  # noqa: PLC0415 - no other measurement needs it

    with av.open(str(path), "w") as output:
        stream = output.add_stream("libx264", rate=_RATE, options={"preset": "veryfast"})
        stream.width, stream.height = _SIZE
        stream.pix_fmt, stream.gop_size = "yuv420p", 250
        for content in itertools.islice(draw_pictures(), seconds):
            picture = Image.open(io.BytesIO(content))
            for _ in range(_RATE):
                output.mux(stream.encode(av.VideoFrame.from_image(picture)))
        output.mux(stream.encode())


def measure_video(seconds: int) -> None:
    """Print CPU seconds of decoding a frame at an action."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "video.mp4"
        film(path, seconds)
        began, own = spent_by_children(), time.process_time()
        with Videos([path], _MOST_PIXELS) as videos:
            for second in range(0, seconds, _EVERY):
                videos.read(Frame("", second + 0.5), 1 << 40)
        frames = len(range(0, seconds, _EVERY))
        taken, own = spent_by_children() - began, time.process_time() - own
        print(f"{frames} of {seconds * _RATE} frames, {path.stat().st_size} bytes: {taken:.2f} CPU s in all,")
        print(f"{taken / frames:.2f} a frame, and {own / frames:.3f} to take it over; work {videos.work:,} pixels")


def main() -> None:
    """Print CPU seconds of the first picture and of the others, or of decoding frames."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    parser.add_argument("--video", type=int, metavar="SECONDS")
    asked = parser.parse_args()
    if asked.video:
        measure_video(asked.video)
        return
    folder = asked.folder
    contents = (path.read_bytes() for path in sorted(folder.iterdir())) if folder else draw_pictures()
    reader, took, lines = ScreenReader(load_networks(1)), list[float](), 0
    for content in contents:
        began = time.process_time()
        found = reader.read(decode(content, _MOST_PIXELS))
        took.append(time.process_time() - began)
        lines = len(found) if found is not None else lines
    rest = took[1:] or [0.0]
    print(f"{len(took)} pictures, {lines} lines on the last; first {took[0]:.2f} CPU s")
    print(f"others: mean {statistics.mean(rest):.2f}, median {statistics.median(rest):.2f}, most {max(rest):.2f} CPU s")


if __name__ == "__main__":
    main()
