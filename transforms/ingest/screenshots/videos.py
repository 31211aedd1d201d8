"""Frames of the videos beside a recording, each decoded in a process of its own (``video_process``).

What a stranger's video does to FFmpeg, a crash, a hang or a full memory, ends that process: its frames are counted, and
nothing else of the run is lost. Pixels come back through a pipe.
"""

import os
import stat
import struct
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress
from importlib.metadata import distribution
from pathlib import Path
from threading import Timer
from typing import Self

import numpy as np

from transforms.ingest.formats.foreign_recording import Frame
from transforms.ingest.screenshots import video_process
from transforms.ingest.screenshots.decoding import Flaw, PictureError, Pixels
from transforms.ingest.screenshots.video_process import HEAD, SHOWN, SPENT, TOO_LARGE

MOST_PIXELS = 15_000_000
"""Largest frame: a display of 5K. A decoder keeps up to sixteen of them."""

_MOST_BYTES = 8 << 30
DECODING = 256
"""Decoded pixels that cost about as much as one that the networks look at."""

_LONGEST_S = 1_200
"""Seconds in which a process must answer: four times the CPU seconds that it has. What is later waits and does not
work, as for a disk that is gone, and would wait for ever."""

_FLAWS = {TOO_LARGE: Flaw.VIDEO_TOO_LARGE, SPENT: Flaw.VIDEO_OVER_ALLOWANCE}


class VideoError(PictureError):
    """A frame that is not read, and the pixels that were decoded for it all the same."""

    def __init__(self, flaw: Flaw, work: int = 0) -> None:
        super().__init__(flaw)
        self.work = work


class Video:
    """One video; ``show`` may be asked for any times, and costs least in their order."""

    def __init__(self, path: Path, most_pixels: int) -> None:
        """Start the process that reads it; raise ``PictureError`` where it is no plain file, or too large."""
        self._most_pixels, self._is_stalled = most_pixels, False
        file, library = _open_plain(path), str(distribution("av").locate_file(""))
        try:
            if os.fstat(file).st_size > _MOST_BYTES:
                raise PictureError(Flaw.VIDEO_TOO_LARGE)
            self._process = subprocess.Popen(  # noqa: S603 - our own module; the video is no word of it
                [sys.executable, "-I", "-B", video_process.__file__, str(file), str(most_pixels), library],
                stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, pass_fds=(file,), env={},
            )  # fmt: skip
        finally:
            os.close(file)

    def show(self, second: float, allowance: int) -> tuple[Pixels, int]:
        """Return the frame that is shown at a time, and how many pixels were decoded for it.

        Raises ``VideoError`` where there is none, it is too large, more pixels than ``allowance`` were decoded, or the
        process did not answer in time and was ended.
        """
        clock = Timer(_LONGEST_S, self._end_stalled)
        clock.daemon = True
        clock.start()
        try:
            status, width, height, work = HEAD.unpack(self._ask(f"{second!r} {allowance}\n".encode()))
            if status != SHOWN or not 0 < width * height <= self._most_pixels:
                raise VideoError(_FLAWS.get(status, Flaw.VIDEO_UNREADABLE), work)
            return np.frombuffer(self._read(width * height * 3), np.uint8).reshape(height, width, 3), work
        except (OSError, struct.error):  # the process has ended
            raise VideoError(Flaw.VIDEO_STALLED if self._is_stalled else Flaw.VIDEO_UNREADABLE) from None
        finally:
            clock.cancel()

    def _end_stalled(self) -> None:
        self._is_stalled = True
        self._process.kill()

    def _ask(self, request: bytes) -> bytes:
        if self._process.stdin is not None:
            self._process.stdin.write(request)
            self._process.stdin.flush()
        return self._read(HEAD.size)

    def _read(self, size: int) -> bytes:
        content = self._process.stdout.read(size) if self._process.stdout is not None else b""
        if len(content) != size:
            raise OSError("ended")
        return content

    def close(self) -> None:
        """End the process."""
        self._process.kill()
        with suppress(OSError), self._process:  # a request that nobody read is still in its pipe
            pass


def _open_plain(path: Path) -> int:
    """Open a plain file, never a link; raise ``PictureError`` where it is none."""
    try:
        file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError:
        raise PictureError(Flaw.VIDEO_UNREADABLE) from None
    if stat.S_ISREG(os.fstat(file).st_mode):
        return file
    os.close(file)
    raise PictureError(Flaw.VIDEO_UNREADABLE)


class Videos:
    """Videos of a recording, each opened when its first frame is asked for; closed at the end of the context."""

    def __init__(self, paths: Sequence[Path], most_pixels: int) -> None:
        self._paths, self._most_pixels = paths, min(most_pixels, MOST_PIXELS)
        self._open: dict[Path, Video] = {}
        self.work = 0
        """Cost of decoding so far, in pixels that the networks would have looked at for it."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for video in self._open.values():
            video.close()

    def read(self, frame: Frame, allowance: int) -> Pixels:
        """Decode a frame for at most ``allowance`` of work; raise ``PictureError`` where that cannot be done."""
        path = frame.find(self._paths)
        if path is None:
            raise PictureError(Flaw.VIDEO_UNREADABLE)
        try:
            second = frame.second if isinstance(frame.second, float) else frame.second(path)
        except (OSError, ValueError):
            raise PictureError(Flaw.VIDEO_UNREADABLE) from None
        if path not in self._open:
            self._open[path] = Video(path, self._most_pixels)
        try:
            pixels, work = self._open[path].show(second, allowance * DECODING)
        except VideoError as error:
            self.work += -(-error.work // DECODING)
            raise
        self.work += -(-work // DECODING)
        return pixels
