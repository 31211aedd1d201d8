"""Pictures of each recorder that writes some, read from a recording as it writes it."""

import base64
import io
import json
import sqlite3
import zipfile
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest
from mcap.writer import Writer

from tests.support.pictures import draw, pack
from transforms.ingest.formats import zip_members
from transforms.ingest.formats.zip_members import Members

SAMPLES = Path(__file__).parents[1] / "formats" / "samples"
SHOT = draw([(10, 10, "Pay jane.doe@contoso.com")], (300, 48))
Read = Callable[..., tuple]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "recording"


def write_trace(path: Path, *records: object) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("trace.trace", "\n".join(map(json.dumps, records)))
        archive.writestr("resources/page-1.jpeg", pack(SHOT, "JPEG"))


CLICK = {"type": "before", "callId": "c", "startTime": 120.0, "wallTime": 5_000.0, "class": "Frame", "method": "click"}
FRAME = {"type": "screencast-frame", "sha1": "page-1.jpeg", "width": 600, "height": 96, "timestamp": 110.0}


def test_a_trace_without_snapshots_shows_its_screencast(path: Path, read_all: Read) -> None:
    write_trace(path, CLICK | {"params": {}}, FRAME, FRAME | {"sha1": "../gone.jpeg", "timestamp": 130.0})
    table, faults, _ = read_all(path, "playwright", user="u", ocr=True)
    assert (table["kind"].to_pylist(), faults) == (["session", "screen", "pointer"], [])
    screen = table.to_pylist()[1]
    assert "jane.doe@contoso.com" in screen["text"]
    assert screen["nodes"][0]["bounds"]["x"] < 40  # in the viewport's pixels: twice those of the picture
    assert 400 < screen["nodes"][0]["bounds"]["width"] < 600


def test_a_frame_without_its_time_is_counted(path: Path, read_blocks: Callable[..., list]) -> None:
    write_trace(path, CLICK | {"params": {}}, {"type": "screencast-frame", "sha1": "page-1.jpeg"})
    (block,) = read_blocks(path, "playwright", "u", ocr=True)
    assert dict(block.counts)["suppressed.screenshot"] == 1


def test_a_database_shows_its_screenshots_and_counts_frames_of_a_video(path: Path, read_blocks: Callable) -> None:
    path.write_bytes((SAMPLES / "openadapt-capture.db").read_bytes())
    base = sqlite3.connect(path)
    (first,) = base.execute("SELECT min(timestamp) FROM action_event WHERE name = 'click'").fetchone()
    for place, content in enumerate((pack(SHOT), None, "text"), start=1):
        base.execute(
            "INSERT INTO screenshot (id, recording_id, timestamp, png_data) VALUES (?, 1, ?, ?)",
            (place, first, content),
        )
    base.commit()
    base.close()
    (block,) = read_blocks(path, "openadapt", "u", ocr=True)
    (screen,) = [row for row in block.table.to_pylist() if row["kind"] == "screen"]
    assert screen["text"] == "Pay jane.doe@contoso.com"
    assert screen["t_us"] == round(first * 1_000_000)
    assert dict(block.counts)["suppressed.video_frame"] == 2


def test_a_message_shows_the_picture_that_stands_in_it(path: Path, read_blocks: Callable) -> None:
    packed = base64.b64encode(pack(SHOT)).decode()
    shown = [
        {"media_ref": {"uri": f"data:image/png;base64,{packed}"}, "source_shape": shape} for shape in ([600, 96], None)
    ]
    shown += [{"media_ref": {"uri": uri}} for uri in ("a.mkv", "data:image/png;base64,a!", 7)]
    file = io.BytesIO()
    writer = Writer(file)
    writer.start(profile="owa")
    schema = writer.register_schema("desktop/ScreenCaptured", "jsonschema", b"{}")
    channels = {topic: writer.register_channel(topic, "json", schema) for topic in ("screen", "mouse")}
    click = {"event_type": "click", "x": 1, "y": 2, "button": "left", "pressed": True}
    for place, message in enumerate(shown):
        writer.add_message(channels["screen"], place * 2_000, json.dumps(message).encode(), place * 2_000)
        writer.add_message(channels["mouse"], place * 2_000 + 1_000, json.dumps(click).encode(), place * 2_000 + 1_000)
    writer.finish()
    path.write_bytes(file.getvalue())
    (block,) = read_blocks(path, "owamcap", "u", ocr=True)
    assert Counter(block.table["kind"].to_pylist()) == {"session": 1, "screen": 1, "pointer": 5}
    counts = dict(block.counts)
    assert (counts["suppressed.video_frame"], counts["merged.screenshot_unchanged"]) == (2, 1)
    assert counts["suppressed.screenshot_unreadable"] == 1


def test_a_member_is_unpacked_by_its_name_and_never_much_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(zip_members, "_LARGEST", 1_000)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("whole", b"\0" * 1_000)
        archive.writestr("more", b"\0" * 1_001)
    members = Members(packed.getvalue())
    assert len(members.read("whole")) == 1_000
    for name, rule in (("more", "size"), ("none", "name")):
        with pytest.raises(ValueError, match=rule):
            members.read(name)
    with pytest.raises(ValueError, match="damaged"):
        Members(b"PK\x03\x04").read("whole")


def test_what_a_file_unpacks_to_in_all_is_bounded_by_its_size(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 1_000)
        archive.writestr("one", b"\0")
    monkeypatch.setattr(zip_members, "_FREE", 1_000)
    monkeypatch.setattr(zip_members, "_RATIO", 0)
    members = Members(packed.getvalue())
    assert len(members.read("zeros")) == 1_000
    with pytest.raises(ValueError, match="size"):
        members.read("one")
    monkeypatch.setattr(zip_members, "_FREE", 1_001)
    members = Members(packed.getvalue())
    assert [len(members.read(name)) for name in ("zeros", "one")] == [1_000, 1]
    with pytest.raises(ValueError, match="size"):
        members.read("one")
    monkeypatch.setattr(zip_members, "_FREE", 0)
    monkeypatch.setattr(zip_members, "_RATIO", 1)
    members = Members(packed.getvalue())
    assert [len(members.read("one")) for _ in range(len(packed.getvalue()))] == [1] * len(packed.getvalue())
    with pytest.raises(ValueError, match="size"):
        members.read("one")


def test_a_member_that_is_too_large_counts_as_far_as_it_was_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("zeros", b"\0" * 1_000)
        archive.writestr("ten", b"\0" * 10)
    monkeypatch.setattr(zip_members, "_LARGEST", 10)
    monkeypatch.setattr(zip_members, "_FREE", 20)
    monkeypatch.setattr(zip_members, "_RATIO", 0)
    members = Members(packed.getvalue())
    with pytest.raises(ValueError, match="size"):
        members.read("zeros")
    assert len(members.read("ten")) == 10
    with pytest.raises(ValueError, match="size"):
        members.read("ten")


def test_a_report_of_steps_shows_the_pictures_of_its_mht_file(path: Path, read_blocks: Callable) -> None:
    action = (
        '<EachAction Time="10:00:0{}" FileDescription="Pay"><Description>User left click on "Pay (button)" in "Pay"'
        "</Description><Action>Mouse Left Click</Action><CursorCoordsXY>5,5</CursorCoordsXY>"
        "<ScreenshotFileName>screenshot000{}.JPEG</ScreenshotFileName></EachAction>"
    )
    report = f"<UserActionData>{action.format(1, 1)}{action.format(2, 2)}</UserActionData>".replace("=", "=3D")
    picture = base64.encodebytes(pack(SHOT)).decode()
    path.write_text(
        'MIME-Version: 1.0\nSubject: Recorded Steps\nContent-Type: multipart/related; boundary="next"\n\n--next\n'
        f"Content-Type: text/html\nContent-Transfer-Encoding: quoted-printable\n\n{report}\n--next\n"
        "Content-Type: image/jpeg\nContent-Transfer-Encoding: base64\nContent-Location: screenshot0001.JPEG\n\n"
        f"{picture}\n--next--\n"
    )
    (block,) = read_blocks(path, "steps-recorder", "u", ocr=True)
    assert block.table["kind"].to_pylist() == ["session", "focus", "screen", "pointer", "pointer"]
    assert block.table["text"].to_pylist()[2] == "Pay jane.doe@contoso.com"
    assert dict(block.counts)["suppressed.screenshot_unreadable"] == 1


@pytest.mark.parametrize("packing", [zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2])
def test_a_damaged_member_is_refused_and_counts(packing: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Regression: one packed by LZMA ended a run, and none was counted however often it was unpacked."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packing) as archive:
        archive.writestr("a", bytes(range(256)) * 4)
    content = bytearray(packed.getvalue())
    content[45] ^= 0xFF
    monkeypatch.setattr(zip_members, "_FREE", 2_000)
    monkeypatch.setattr(zip_members, "_RATIO", 0)
    members = Members(bytes(content))
    for _ in range(3):
        with pytest.raises(ValueError, match=r"damaged|size"):
            members.read("a")
    assert members._left == 0
