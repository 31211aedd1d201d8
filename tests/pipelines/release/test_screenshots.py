"""A screenshot, from the picture to the released screen: its text is redacted, and no pixel of it is left."""

import json
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from PIL import Image

from pipelines.cli.main import main
from tests.support.pictures import draw, pack

_CONSENT = Path(__file__).parents[3] / "examples" / "consent.csv"
_CANARIES = (b"jane.doe", b"contoso", b"41l1", b"4111")


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


def test_a_screenshot_is_released_as_redacted_text_and_boxes_alone(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    task, pixels = _write_task(tmp_path / "in")
    place = tmp_path / "made"
    assert main(["keys", "init", str(place / "keys")]) == 0
    words = [
        "--input",
        task,
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
    (screen,) = [row for row in events.to_pylist() if row["kind"] == "screen"]
    assert screen["text"].startswith("Weekly plan\n")
    assert {item["entity"] for item in screen["redactions"]} == {"EMAIL_ADDRESS", "CREDIT_CARD"}
    assert [node["role"] for node in screen["nodes"]] == ["generic"] * 3
    written = [path.read_bytes() for path in place.rglob("*") if path.is_file()]
    shown = "".join(capfd.readouterr()).encode() + str(events.to_pylist()).encode()
    assert [word for word in (*_CANARIES, *pixels) if any(word in content for content in (*written, shown))] == []
