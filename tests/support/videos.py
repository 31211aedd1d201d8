"""Videos of screens, written with PyAV."""

from collections.abc import Mapping
from pathlib import Path

import av
from av.video.stream import VideoStream
from PIL import Image

RATE = 10
FAST = {
    "libx264": {"preset": "ultrafast", "crf": "10"},
    "libvpx": {"deadline": "realtime", "cpu-used": "8", "crf": "4", "b": "4M"},
}


def film(
    path: Path,
    shown: Mapping[int, Image.Image],
    seconds: int,
    *,
    codec: str = "libx264",
    every: int = 250,
) -> Path:
    """Write a video in which each picture is shown from its second on; a key frame stands ``every`` so many frames."""
    with av.open(path, "w") as container:
        stream = container.add_stream(codec, rate=RATE, options=FAST.get(codec, {}))
        assert isinstance(stream, VideoStream)
        stream.width, stream.height = next(iter(shown.values())).size
        stream.pix_fmt, stream.gop_size = "yuv420p", every
        picture = next(iter(shown.values()))
        for number in range(seconds * RATE):
            picture = shown.get(number // RATE, picture) if number % RATE == 0 else picture
            for packet in stream.encode(av.VideoFrame.from_image(picture)):
                container.mux(packet)
        for packet in stream.encode():
            container.mux(packet)
    return path
