"""Process that decodes frames of a stranger's video; ``videos`` starts it, and it imports nothing of ours.

FFmpeg is loaded here alone. The video is file 3, a request is a line of a time in seconds and the pixels that may be
decoded for it, an answer is a head and the pixels of a frame. The process can open no other file, write none, and take
no more than its memory and CPU time: what a video does to FFmpeg ends here.
"""

import os
import resource
import struct
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, BinaryIO, Final

if TYPE_CHECKING:
    from av import VideoFrame

HEAD: Final = struct.Struct("<BIIQ")
"""Status, width and height of a frame, pixels that were decoded for it."""

SHOWN, UNREADABLE, TOO_LARGE, SPENT = range(4)

VIDEO = 3
_EBML = b"\x1aE\xdf\xa3"
"""First bytes of a Matroska file (RFC 8794)."""

_DECODERS = frozenset({"h264", "hevc", "vp8", "vp9", "libdav1d"})
_MEMORY = 2 << 30
_SECONDS = 300
"""CPU seconds for one frame: a hang in a library. All else is bounded by counts, which are the same at any time."""

_MOST_FRAMES = 20_000
"""Frames that are decoded for one: those between two key frames, or between two actions."""

_PADDING = 1 << 16
"""Pixels that a decoder may put around a small frame."""

_MICROSECONDS = 1_000_000
_ROUNDING = 0.001
"""Seconds by which the time of a frame may lie behind the asked one: a container may keep milliseconds."""

_REORDER = 0.5
"""Seconds before a frame from which on its key frame is looked for: frames lie in a file in another order."""

_TAIL = 1.0
"""Seconds for which the last frame is shown."""

_OPTIONS = {
    "codec_whitelist": ",".join(sorted(_DECODERS)), "format_whitelist": "mov,mp4,m4a,3gp,3g2,mj2,matroska,webm",
    "protocol_whitelist": "none", "enable_drefs": "0", "max_streams": "16", "probesize": "5000000",
}  # fmt: skip


class Spent(Exception):  # noqa: N818 - no error: a count was used up
    """More pixels or frames than a request may cost."""


class TooLarge(Exception):  # noqa: N818 - no error of ours either
    """A picture of more pixels than are allowed."""


class Frames:
    """Frames of a video in order of their times."""

    def __init__(self, file: BinaryIO, most_pixels: int) -> None:
        """Open a video; raise ``TooLarge``, or anything where it is none of the allowed kinds."""
        import av  # noqa: PLC0415 - belongs to the extra ``ocr``, and to this process alone

        demuxer = "matroska" if file.read(len(_EBML)) == _EBML else "mov"
        file.seek(0)
        self._container = av.open(file, "r", format=demuxer, options=_OPTIONS, metadata_errors="ignore")
        self._stream = self._container.streams.video[0]
        self._most_pixels = most_pixels
        context = self._stream.codec_context
        if context.codec.name not in _DECODERS:
            raise ValueError("codec")
        if context.width * context.height > most_pixels:
            raise TooLarge
        context.thread_count = 1
        context.options = {"max_pixels": str(2 * most_pixels + _PADDING)}  # of one that grows midway
        self._rest: Iterator[VideoFrame] = iter(())
        self._shown: VideoFrame | None = None
        self._next: VideoFrame | None = None
        self.work = 0
        self._left = self._frames = 0

    def show(self, second: float, allowance: int) -> "VideoFrame":
        """Return the frame shown at a time; raise ``Spent`` above an allowance, ``ValueError`` where there is none."""
        self.work, self._left, self._frames = 0, allowance, _MOST_FRAMES
        second += _ROUNDING
        try:
            self._go_to(second)
        except BaseException:
            self._shown = self._next = None  # what was being decoded cannot go on
            raise
        shown = self._shown
        if shown is None or (self._next is None and second > _time(shown) + _TAIL):
            raise ValueError("time")
        return shown

    def _go_to(self, second: float) -> None:
        """Decode up to the last frame that is not after a time."""
        at = max(second - _REORDER, 0)
        if not self._is_behind(second, at):
            self._shown = self._next = None
            self._container.seek(int(at * _MICROSECONDS), backward=True)
            self._rest = self._decode()
            self._next = next(self._rest, None)
        while self._next is not None and _time(self._next) <= second:
            self._shown, self._next = self._next, next(self._rest, None)

    def _is_behind(self, second: float, at: float) -> bool:
        """Tell whether decoding went on to before a time, and no key frame lies between that would be nearer."""
        if self._shown is None or _time(self._shown) > second:
            return False
        entries, base = self._stream.index_entries, float(self._stream.time_base or 1)
        place = entries.search_timestamp(int(at / base))
        return place < 0 or float(entries[place].timestamp * base) <= _time(self._shown)

    def _decode(self) -> "Iterator[VideoFrame]":
        for packet in self._container.demux(self._stream):
            self._spend(0)
            for frame in packet.decode():
                self._spend(frame.width * frame.height)
                if frame.pts is not None:
                    yield frame

    def _spend(self, pixels: int) -> None:
        if pixels > self._most_pixels:
            raise TooLarge
        self.work += pixels
        self._frames -= 1
        if self.work > self._left or self._frames < 0:
            raise Spent


def _time(frame: "VideoFrame") -> float:
    return float(frame.time or 0)


def pack(frame: "VideoFrame") -> bytes:
    """Return the pixels of a frame, row by row, red first."""
    shown = frame.reformat(format="rgb24")
    plane, row = shown.planes[0], shown.width * 3
    view = memoryview(plane)
    return b"".join(view[at : at + row] for at in range(0, plane.line_size * shown.height, plane.line_size))


def limit() -> None:
    """Give up what a decoder does not need: other files, writing, core dumps, memory."""
    for kind, most in (
        (resource.RLIMIT_NOFILE, VIDEO + 1), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_AS, _MEMORY),
    ):  # fmt: skip
        resource.setrlimit(kind, (most, most))


def answer(file: BinaryIO, requests: BinaryIO, answers: BinaryIO, most_pixels: int) -> None:
    """Answer requests until there are no more; a video that cannot be opened is told to each."""
    frames: Frames | None = None
    for line in requests:
        second, allowance = line.split()
        used = resource.getrusage(resource.RUSAGE_SELF)
        soft = int(used.ru_utime + used.ru_stime) + _SECONDS
        resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.getrlimit(resource.RLIMIT_CPU)[1]))
        status, width, height, pixels = UNREADABLE, 0, 0, b""
        try:
            frames = frames or Frames(file, most_pixels)
            shown = frames.show(float(second), int(allowance))
            status, width, height, pixels = SHOWN, shown.width, shown.height, pack(shown)
        except TooLarge:
            status = TOO_LARGE
        except Spent:
            status = SPENT
        except Exception:  # noqa: BLE001, S110 - a hostile video breaks decoders in any way, and their messages may quote it
            pass
        answers.write(HEAD.pack(status, width, height, frames.work if frames else 0) + pixels)
        answers.flush()


def main() -> None:
    """Serve one video: the arguments are its descriptor, the most pixels of a frame, and where the library lies."""
    given = int(sys.argv[1])
    sys.path.append(sys.argv[3])
    if given != VIDEO:
        os.dup2(given, VIDEO)
        os.close(given)
    import av.subtitles.stream  # noqa: PLC0415 - all that is loaded with any video: no file can be read afterwards

    av.logging.set_level(None)
    limit()
    with os.fdopen(VIDEO, "rb") as file, os.fdopen(1, "wb") as answers:
        answer(file, sys.stdin.buffer, answers, int(sys.argv[2]))


if __name__ == "__main__":
    main()
