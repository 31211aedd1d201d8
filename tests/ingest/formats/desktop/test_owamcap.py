import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from mcap.writer import CompressionType, Writer

from schemas.rejects import Reason

Read = Callable[..., tuple]
MESSAGES = [
    ("window", {"title": "List", "rect": [0, 0, 80, 60]}),
    ("keyboard", {"event_type": "press", "vk": 160}),
    ("keyboard", {"event_type": "press", "vk": 65}),
    ("keyboard", {"event_type": "release", "vk": 65}),
    ("keyboard/state", {"buttons": [160]}),
    ("mouse", {"event_type": "click", "x": 1, "y": 2, "button": "left", "pressed": True}),
    ("mouse", {"event_type": "click", "x": 1, "y": 2, "button": "thumb"}),
    ("mouse", {"event_type": "scroll", "x": 1, "y": 2, "dy": -1}),
    ("mouse", {"event_type": "juggle"}),
    ("keyboard", {"event_type": "press"}),
    ("screen", {"media_ref": {"uri": "data:image/png;base64,aGk="}}),
    ("screen", {"media_ref": {"uri": "a.mkv"}}),
    ("other", {}),
]


def record(messages: list[tuple[str, object]], compression: CompressionType) -> bytes:
    file = io.BytesIO()
    writer = Writer(file, compression=compression)
    writer.start(profile="owa")
    schema = writer.register_schema("desktop/KeyboardEvent", "jsonschema", b"{}")
    channels = {topic: writer.register_channel(topic, "json", schema) for topic, _ in messages}
    for place, (topic, data) in enumerate(messages):
        at = 1_790_000_000_000_000_000 + place * 1_000_000
        writer.add_message(channels[topic], at, json.dumps(data).encode(), at)
    writer.finish()
    return file.getvalue()


@pytest.mark.parametrize("compression", list(CompressionType))
def test_messages_become_events(compression: CompressionType, tmp_path: Path, read_all: Read) -> None:
    path = tmp_path / "a.mcap"
    path.write_bytes(record(MESSAGES, compression))
    table, faults, count = read_all(path, "owamcap", user="u")
    rows = table.to_pylist()
    assert [row["kind"] for row in rows] == ["session", "focus", "key", "key", "key", "pointer", "pointer", "pointer"]
    assert [(row["key"], row["modifiers"]) for row in rows[2:5]] == [("Shift", []), ("A", ["Shift"]), ("A", ["Shift"])]
    assert [(row["action"], row["button"], row["dy"]) for row in rows[5:]] == [
        ("down", "left", None), ("up", "other", None), ("scroll", None, 100),
    ]  # fmt: skip
    assert rows[1]["window"] == {"x": 0, "y": 0, "width": 80, "height": 60, "scale": None}
    assert rows[2]["t_us"] == 1_790_000_000_001_000
    assert [fault.problem.reason for fault in faults] == [Reason.MISSING_FIELD] * 2
    assert count == len(rows) + 2 + 4


@pytest.mark.parametrize("compression", [CompressionType.ZSTD, CompressionType.LZ4])
def test_a_chunk_that_unpacks_to_too_much_is_refused(
    compression: CompressionType, tmp_path: Path, read_all: Read
) -> None:
    path = tmp_path / "a.mcap"
    path.write_bytes(record([("window", {"title": " " * (24 << 20)})], compression))
    assert [fault.problem.reason for fault in read_all(path, "owamcap", user="u")[1]] == [Reason.BAD_JSON]
