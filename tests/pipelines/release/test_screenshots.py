"""A screenshot and a video, from their pixels to released screens: text is redacted, and no pixel is left."""

import io
import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mcap.writer import Writer
from PIL import Image

from pipelines.cli.main import main
from tests.support.pictures import draw, pack
from tests.support.videos import film

_CONSENT = Path(__file__).parents[3] / "examples" / "consent.csv"
_BETWEEN = "Kumquat harvest"
# groups of the card stand together: four digits alone are met by chance in times and in keys, six letters in Base64
_CANARIES = (
    b"jane.doe",
    b"contoso",
    b"41l1 1111",
    b"4111 1111",
    b"1111 1111",
    b"umquat ",
    b"harvest",
    b"tilda.marwick",
)
_AT = 1_795_600_000_000_000_000


def _write_task(folder: Path) -> tuple[Path, list[bytes]]:
    """Write a task with one picture; return it and bytes of the picture, packed and unpacked."""
    lines = [(10, 10, "Weekly plan"), (10, 50, "Send it to jane.doe@contoso.com"), (10, 90, "Card 41l1 1111 1111 1111")]
    picture = draw(lines, (420, 160))
    speckles = np.random.default_rng(7).integers(0, 256, (16, 64, 3), dtype=np.uint8)
    picture.paste(Image.fromarray(speckles), (340, 140))
    content = pack(picture)
    (folder / "images").mkdir(parents=True)
    (folder / "images" / "0.png").write_bytes(content)
    steps = [{"step_num": 0, "image": "0.png", "action": "pyautogui.click(x=0.5, y=0.5)"}]
    task = folder / "task.json"
    task.write_text(json.dumps({"task_id": "t", "user_task_description": "Open the plan", "steps": steps}))
    middle = len(content) // 2
    return task, [content[middle : middle + 24], speckles[5, 8:16].tobytes()]


def _write_recording(folder: Path) -> tuple[Path, list[bytes]]:
    """Write a recording of two clicks beside its video; return it, and bytes of the video and of its pixels."""
    speckles = np.random.default_rng(7).integers(0, 256, (16, 64, 3), dtype=np.uint8)
    shown = {0: [(10, 10, "Monthly plan"), (10, 50, "Send it to tilda.marwick@example.org")], 1: [(10, 10, _BETWEEN)]}
    shown[2] = [(10, 10, "Plan was sent")]
    pictures = {at: draw(lines, (420, 160)) for at, lines in shown.items()}
    for picture in pictures.values():
        picture.paste(Image.fromarray(speckles), (340, 140))
    video = film(folder / "game.mkv", pictures, 3).read_bytes()
    file = io.BytesIO()
    writer = Writer(file)
    writer.start(profile="owa")
    schema = writer.register_schema("desktop/ScreenCaptured", "jsonschema", b"{}")
    channels = {topic: writer.register_channel(topic, "json", schema) for topic in ("window", "screen", "mouse")}
    front = {"title": "Notes", "rect": [0, 0, 420, 160], "hWnd": 1}
    click = {"event_type": "click", "x": 5, "y": 5, "button": "left", "pressed": True}
    frames = [
        {"media_ref": {"uri": "game.mkv", "pts_ns": round(second * 1e9)}, "source_shape": [420, 160]}
        for second in (0.5, 1.5, 2.5)
    ]
    for place, (topic, message) in enumerate(
        [("window", front), ("screen", frames[0]), ("mouse", click), *(("screen", frame) for frame in frames[1:]),
         ("mouse", click)]
    ):  # fmt: skip
        at = _AT + place * 500_000_000
        writer.add_message(channels[topic], at, json.dumps(message).encode(), at)
    writer.finish()
    (folder / "game.mcap").write_bytes(file.getvalue())
    middle = len(video) // 2
    return folder / "game.mcap", [video[middle : middle + 24], speckles[5, 8:16].tobytes()]


def test_screenshots_and_frames_at_actions_are_released_as_redacted_text_and_boxes_alone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    task, pixels = _write_task(tmp_path / "in")
    recording, frames = _write_recording(tmp_path / "in")
    place = tmp_path / "made"
    assert main(["keys", "init", str(place / "keys")]) == 0
    words = [
        "--input",
        task,
        recording,
        "--user",
        "demo-user",
        "--consent",
        _CONSENT,
        "--keys",
        place / "keys",
        "--output",
        place / "out",
    ]
    words += ["--set", "ingest.ocr=true", "--set", "store.encryption=none"]
    assert main(["run", *map(str, words)]) == 0
    events = pa.concat_tables([pq.read_table(path) for path in (place / "out").rglob("events/*.parquet")])
    screens = {row["text"].partition("\n")[0]: row for row in events.to_pylist() if row["kind"] == "screen"}
    assert screens.keys() == {"Weekly plan", "Monthly plan", "Plan was sent"}
    screen, frame = screens["Weekly plan"], screens["Monthly plan"]
    assert {item["entity"] for item in frame["redactions"]} == {"EMAIL_ADDRESS"}
    assert len(frame["nodes"]) == 2
    assert {item["entity"] for item in screen["redactions"]} == {"EMAIL_ADDRESS", "CREDIT_CARD"}
    assert [node["role"] for node in screen["nodes"]] == ["generic"] * 3
    written = [path.read_bytes() for path in place.rglob("*") if path.is_file()]
    shown = "".join(capfd.readouterr()).encode() + str(events.to_pylist()).encode()
    assert [
        word for word in (*_CANARIES, *pixels, *frames) if any(word in content for content in (*written, shown))
    ] == []
