"""Frames of videos: the one that is shown at a time, and of a damaged or hostile video none and nothing else lost."""

import io
import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from tests.support.videos import film
from transforms.ingest.formats.foreign_recording import Frame
from transforms.ingest.screenshots import video_process, videos
from transforms.ingest.screenshots.decoding import Flaw, PictureError
from transforms.ingest.screenshots.video_process import HEAD, SHOWN, SPENT, UNREADABLE, Frames, Spent, TooLarge, answer
from transforms.ingest.screenshots.videos import DECODING, Video, Videos

SIZE = 96, 64
AREA = SIZE[0] * SIZE[1]
MUCH = 1 << 40
GRAYS = {0: 0, 1: 60, 2: 120, 5: 200, 8: 250}
"""Seconds at which another gray is shown, of ten."""


def gray(level: int) -> Image.Image:
    return Image.new("RGB", SIZE, (level, level, level))


@pytest.fixture(scope="session")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("video") / "clip.mp4"
    return film(path, {at: gray(level) for at, level in GRAYS.items()}, 10, every=20)


@pytest.fixture
def video(clip: Path) -> Iterator[Video]:
    opened = Video(clip, AREA)
    yield opened
    opened.close()


def level(pixels: np.ndarray) -> int:
    return int(np.median(pixels))


def flaw_of(path: Path, second: float = 0.5, most_pixels: int = AREA, allowance: int = MUCH) -> Flaw:
    with Videos([path], most_pixels) as opened, pytest.raises(PictureError) as caught:
        opened.read(Frame("", second), allowance)
    return caught.value.flaw


@pytest.mark.parametrize("times", [[0.5, 1.5, 4.9, 5.1, 8.0, 9.9], [9.9, 5.1, 0.5, 4.9, 1.5, 8.0]])
def test_the_frame_that_is_shown_at_a_time_is_decoded_in_any_order(times: list[float], video: Video) -> None:
    wanted = {0.5: 0, 1.5: 60, 4.9: 120, 5.1: 200, 8.0: 250, 9.9: 250}
    for second in times:
        pixels, _ = video.show(second, MUCH)
        assert pixels.shape == (SIZE[1], SIZE[0], 3)
        assert abs(level(pixels) - wanted[second]) < 6, second


def test_a_time_between_two_frames_shows_the_earlier_one_up_to_a_millisecond_before_the_next(clip: Path) -> None:
    with clip.open("rb") as file:
        frames = Frames(file, AREA)
        shown = [float(frames.show(second, MUCH).time or 0) for second in (0.0, 0.09, 0.0985, 0.0995, 9.9, 10.8, 10.89)]
        assert shown == pytest.approx([0, 0, 0, 0.1, 9.9, 9.9, 9.9])
        for second in (10.91, -0.01, 1e300, float("inf"), float("nan"), -1e300):
            with pytest.raises((ValueError, OverflowError)):
                frames.show(second, MUCH)
        assert frames.show(3.0, MUCH).time == pytest.approx(3.0)


def test_dense_times_are_decoded_once_and_far_ones_from_the_key_frame_before_them(clip: Path) -> None:
    with clip.open("rb") as file:
        frames = Frames(file, AREA)
        work = 0
        for second in range(19):
            frames.show(second / 10, MUCH)
            work += frames.work
        assert work == 20 * AREA  # each frame to the time and the one behind it, once
        frames.show(9.5, MUCH)
        assert frames.work <= 31 * AREA  # from the key frame at 8.0 or, half a second before the time, the one before


def test_frames_up_to_the_allowance_are_decoded_and_a_later_request_goes_on(clip: Path) -> None:
    with clip.open("rb") as file:
        frames = Frames(file, AREA)
        assert frames.show(0.3, 5 * AREA).time == pytest.approx(0.3)
        frames = Frames(file, AREA)
        with pytest.raises(Spent):
            frames.show(0.3, 5 * AREA - 1)
        assert frames.show(0.3, MUCH).time == pytest.approx(0.3)


def test_frames_between_two_key_frames_are_bounded(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with clip.open("rb") as file:
        frames = Frames(file, AREA)
        frames.show(0.3, MUCH)
        spent = video_process._MOST_FRAMES - frames._frames
        for most, is_enough in ((spent, True), (spent - 1, False)):
            monkeypatch.setattr(video_process, "_MOST_FRAMES", most)
            frames = Frames(file, AREA)
            if is_enough:
                frames.show(0.3, MUCH)
            else:
                with pytest.raises(Spent):
                    frames.show(0.3, MUCH)


def test_a_frame_above_the_limit_is_refused(clip: Path) -> None:
    with clip.open("rb") as file:
        Frames(file, AREA)
        with pytest.raises(TooLarge):
            Frames(file, AREA - 1)
    assert flaw_of(clip, most_pixels=AREA - 1) is Flaw.VIDEO_TOO_LARGE


def test_a_frame_that_grows_midway_is_refused_and_those_before_it_are_not(tmp_path: Path) -> None:
    path = tmp_path / "grows.mkv"
    with av.open(path, "w") as container:
        stream = container.add_stream("libvpx", rate=10)
        stream.width, stream.height = SIZE
        container.start_encoding()
        for second, (width, height) in enumerate([SIZE, (SIZE[0] * 2, SIZE[1])]):
            encoder = av.CodecContext.create("libvpx", "w")
            encoder.width, encoder.height, encoder.pix_fmt, encoder.time_base = width, height, "yuv420p", Fraction(1)
            picture = av.VideoFrame.from_image(Image.new("RGB", (width, height)))
            for packet in (*encoder.encode(picture), *encoder.encode()):
                packet.stream, packet.time_base = stream, Fraction(1)
                packet.pts = packet.dts = second
                container.mux(packet)
    with path.open("rb") as file:
        frames = Frames(file, 2 * AREA)
        assert [(frames.show(second, MUCH).width) for second in (0.0, 1.0)] == [SIZE[0], 2 * SIZE[0]]
        file.seek(0)
        frames = Frames(file, 2 * AREA - 1)
        with pytest.raises(TooLarge):
            frames.show(1.0, MUCH)


def test_work_is_counted_in_pixels_of_the_networks_and_bounded(clip: Path) -> None:
    with Videos([clip], AREA) as opened:
        opened.read(Frame("clip.mp4", 0.0), 2 * AREA // DECODING)
        assert opened.work == -(-2 * AREA // DECODING)
    assert flaw_of(clip, 0.3, allowance=3 * AREA // DECODING) is Flaw.VIDEO_OVER_ALLOWANCE


def write(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path


@pytest.fixture
def ask(monkeypatch: pytest.MonkeyPatch) -> Callable[..., list[int]]:
    """Ask what the process answers, without one."""
    monkeypatch.setattr(resource, "setrlimit", lambda *_: None)

    def run(path: Path, *requests: tuple[float, int]) -> list[int]:
        answers = io.BytesIO()
        with path.open("rb") as file:
            answer(file, io.BytesIO("".join(f"{at} {most}\n" for at, most in requests).encode()), answers, AREA)
        packed, statuses = answers.getvalue(), list[int]()
        while packed:
            status, width, height, _ = HEAD.unpack(packed[: HEAD.size])
            assert (width, height) == (SIZE if status == SHOWN else (0, 0))
            statuses.append(status)
            packed = packed[HEAD.size + 3 * width * height :]
        return statuses

    return run


def test_answers_say_what_became_of_each_request(clip: Path, ask: Callable[..., list[int]]) -> None:
    assert ask(clip, (0.0, MUCH), (5.0, 1), (99.0, MUCH), (5.0, MUCH)) == [SHOWN, SPENT, UNREADABLE, SHOWN]


def test_what_is_no_video_of_these_kinds_is_refused(clip: Path, ask: Callable[..., list[int]], tmp_path: Path) -> None:
    content = clip.read_bytes()
    middle = len(content) // 2
    broken = {
        "empty": b"", "text": b"canary canary", "cut": content[:middle], "head": content[:64],
        "matroska": b"\x1aE\xdf\xa3", "zeros": content[:40] + bytes(middle),
        "playlist": b"#EXTM3U\n#EXTINF:1,\n/etc/passwd\n",
    }  # fmt: skip
    paths = [write(tmp_path / f"{name}.mp4", packed) for name, packed in broken.items()]
    other = film(tmp_path / "other.mp4", {0: gray(9)}, 1, codec="mpeg4")
    assert [ask(path, (0.0, MUCH), (0.0, MUCH)) for path in (*paths, other)] == [[UNREADABLE] * 2] * 8
    assert flaw_of(other) is Flaw.VIDEO_UNREADABLE


def test_a_matroska_video_shows_its_frames_and_those_before_its_end_was_cut_off(tmp_path: Path) -> None:
    path = film(tmp_path / "clip.mkv", {0: gray(30), 2: gray(200)}, 4, codec="libvpx", every=5)
    content = path.read_bytes()
    with Videos([path, write(tmp_path / "cut.mkv", content[: len(content) * 9 // 10])], AREA) as opened:
        assert abs(level(opened.read(Frame("clip.mkv", 3.0), MUCH)) - 200) < 8
        assert abs(level(opened.read(Frame("cut.mkv", 0.5), MUCH)) - 30) < 8


@pytest.mark.parametrize("kind", ["link", "folder", "pipe", "none"])
def test_only_a_plain_file_is_opened(kind: str, clip: Path, tmp_path: Path) -> None:
    path = tmp_path / "v.mp4"
    {"link": lambda: path.symlink_to(clip), "folder": path.mkdir, "pipe": lambda: os.mkfifo(path), "none": str}[kind]()
    assert flaw_of(path) is Flaw.VIDEO_UNREADABLE


def test_a_file_above_the_limit_is_not_read(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    size = clip.stat().st_size
    monkeypatch.setattr(videos, "_MOST_BYTES", size)
    Video(clip, AREA).close()
    monkeypatch.setattr(videos, "_MOST_BYTES", size - 1)
    assert flaw_of(clip) is Flaw.VIDEO_TOO_LARGE


def test_a_process_that_ended_costs_its_video_alone(clip: Path, tmp_path: Path) -> None:
    other = shutil.copy(clip, tmp_path / "other.mp4")
    with Videos([clip, Path(other)], AREA) as opened:
        opened.read(Frame("clip.mp4", 0.5), MUCH)
        opened._open[clip]._process.kill()
        for _ in range(2):
            with pytest.raises(PictureError) as caught:
                opened.read(Frame("clip.mp4", 0.5), MUCH)
            assert caught.value.flaw is Flaw.VIDEO_UNREADABLE
        assert level(opened.read(Frame("other.mp4", 1.5), MUCH)) > 50
        processes = [item._process for item in opened._open.values()]
    assert all(process.returncode is not None for process in processes)


_WRITE = "import struct, sys; sys.stdout.buffer.write(struct.pack('<BIIQ', 0, {}, 64, 1) + bytes({}))"
STRANGERS = ["", "print('x' * 16, flush=True)", _WRITE.format(96, 3 * AREA - 1), _WRITE.format(97, 3 * 97 * 64)]


@pytest.mark.parametrize("script", STRANGERS)
def test_answers_that_are_none_are_refused(
    script: str, clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stranger = tmp_path / "stranger.py"
    stranger.write_text(script)
    monkeypatch.setattr(video_process, "__file__", str(stranger))
    assert flaw_of(clip) is Flaw.VIDEO_UNREADABLE


_SLEEP = "import time\ntime.sleep(3_600)"
_ANSWER_THEN_SLEEP = f"{_WRITE.format(SIZE[0], 3 * AREA)}; sys.stdout.flush()\n{_SLEEP}"


def test_a_process_that_waits_and_does_not_work_is_ended(
    clip: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The clock of one answer ends with it; a video whose process was ended stays so."""
    assert videos._LONGEST_S >= 4 * video_process._SECONDS
    stranger = tmp_path / "stranger.py"
    monkeypatch.setattr(video_process, "__file__", str(stranger))
    for script, answers in ((_SLEEP, 0), (_ANSWER_THEN_SLEEP, 1)):
        stranger.write_text(script)
        monkeypatch.setattr(videos, "_LONGEST_S", 600)
        with Videos([clip], AREA) as opened:
            for _ in range(answers):
                assert opened.read(Frame("clip.mp4", 0.5), MUCH).shape == (*SIZE[::-1], 3)
            monkeypatch.setattr(videos, "_LONGEST_S", 0.2)
            for _ in range(2):
                with pytest.raises(PictureError) as caught:
                    opened.read(Frame("clip.mp4", 0.5), MUCH)
                assert caught.value.flaw is Flaw.VIDEO_STALLED
            assert opened._open[clip]._process.wait() != 0


TRY = """
import socket, sys
sys.path.insert(0, {folder!r})
import video_process
file = open({path!r}, 'wb', buffering=0)
assert file.fileno() == video_process.VIDEO
video_process.limit()
for attempt in (lambda: open('/etc/passwd'), socket.socket, lambda: file.write(b'pixel'), lambda: bytearray(3 << 30)):
    try:
        attempt()
    except (OSError, MemoryError) as error:
        print(type(error).__name__)
"""


def test_the_process_opens_and_writes_no_file(tmp_path: Path) -> None:
    script = TRY.format(folder=str(Path(video_process.__file__).parent), path=str(tmp_path / "made"))
    done = subprocess.run([sys.executable, "-B", "-c", script], capture_output=True, text=True, check=False)
    assert done.stdout.split() == ["OSError", "OSError", "OSError", "MemoryError"], done.stderr
    assert (tmp_path / "made").read_bytes() == b""


def test_a_frame_is_bounded_whatever_the_largest_screenshot_is(clip: Path) -> None:
    assert [Videos([clip], most)._most_pixels for most in (14_999_999, 15_000_000, 15_000_001)] == [
        14_999_999,
        15_000_000,
        15_000_000,
    ]


def test_each_request_has_its_own_cpu_time(clip: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    limits: list[tuple[int, tuple[int, int]]] = []
    monkeypatch.setattr(resource, "setrlimit", lambda *given: limits.append(given))
    used = resource.getrusage(resource.RUSAGE_SELF)
    with clip.open("rb") as file:
        answer(file, io.BytesIO(b"0.0 1\n0.0 1\n"), io.BytesIO(), AREA)
    assert [kind for kind, _ in limits] == [resource.RLIMIT_CPU] * 2
    assert all(0 <= soft - int(used.ru_utime + used.ru_stime) - 300 < 60 for _, (soft, _) in limits)


def test_the_process_gives_up_files_writing_and_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    kept: dict[int, tuple[int, int]] = {}
    monkeypatch.setattr(resource, "setrlimit", kept.__setitem__)
    video_process.limit()
    assert kept == {
        resource.RLIMIT_NOFILE: (4, 4), resource.RLIMIT_FSIZE: (0, 0), resource.RLIMIT_CORE: (0, 0),
        resource.RLIMIT_AS: (2 << 30, 2 << 30),
    }  # fmt: skip
