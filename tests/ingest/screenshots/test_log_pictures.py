"""Screens of a raw log that name a picture: read where asked, never twice told, and never lost."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.pictures import draw, pack
from transforms.ingest.formats.adapter import Source
from transforms.ingest.inputs import input_digests
from transforms.ingest.screenshots import session_pictures
from transforms.ingest.screenshots.decoding import decode
from transforms.ingest.screenshots.line_detector import Box, LineDetector
from transforms.ingest.screenshots.log_pictures import list_pictures
from transforms.ingest.screenshots.screen_reader import Networks, ScreenReader
from transforms.ingest.screenshots.session_pictures import SessionPictures
from transforms.ingest.settings import IngestSettings

Blocks = Callable[..., list]
PAY = pack(draw([(10, 10, "Pay jane.doe@contoso.com")], (300, 48)))
SHIP = pack(draw([(10, 10, "Ship tomorrow")], (300, 48)))


def screen(image: object = "1.png", session: str = "s", seq: int = 0, **fields: object) -> dict[str, object]:
    event = {
        "session_id": session,
        "user_id": "u",
        "seq": seq,
        "t_us": seq,
        "kind": "screen",
        "source": "ocr",
        "text": "",
    }
    return event | ({} if image is None else {"image": image}) | fields


@pytest.fixture
def log(tmp_path: Path) -> Callable[..., Path]:
    (tmp_path / "1.png").write_bytes(PAY)
    (tmp_path / "images").mkdir()
    (tmp_path / "images" / "2.png").write_bytes(SHIP)
    (tmp_path / "3.png").write_bytes(pack(draw([], (300, 48))))

    def write(*events: dict[str, object]) -> Path:
        path = tmp_path / "log.jsonl"
        path.write_text("".join(json.dumps(event) + "\n" for event in events))
        return path

    return write


def test_a_screen_without_text_shows_the_lines_of_its_picture(log: Callable[..., Path], read_blocks: Blocks) -> None:
    path = log(screen(), screen("2.png", seq=1), screen("images/2.png", seq=2), screen("images/2.png", "t"))
    (block,) = read_blocks(path, "canonical", ocr=True)
    rows = block.table.to_pylist()
    assert [row["text"] for row in rows] == ["Pay jane.doe@contoso.com", *["Ship tomorrow"] * 3]
    assert [[node["name"] for node in row["nodes"]] for row in rows] == [[row["text"]] for row in rows]
    assert (block.faults, block.counts, block.events) == ((), (), 4)


@pytest.mark.parametrize(
    ("event", "ocr", "why"),
    [
        (screen(), False, "not_read"),
        (screen(text="Lamps"), True, "beside_text"),
        (screen(nodes=[{"role": "text", "name": "Lamps"}]), True, "beside_text"),
        (screen("gone.png"), True, "screenshot_unreadable"),
        (screen("3.png"), True, "without_text"),
        (screen("x" * 251 + ".png"), True, "screenshot_unreadable"),  # a name of 255 bytes that no file has
        (screen("\u00e4" * 251 + ".png"), True, "screenshot_unreadable"),  # of 506 bytes, which no file can have
        (screen("\ud800.png"), True, "screenshot_unreadable"),
    ],
)
def test_a_picture_that_is_not_read_is_counted_and_its_screen_stays(
    event: dict, ocr: bool, why: str, log: Callable[..., Path], read_blocks: Blocks
) -> None:
    (block,) = read_blocks(log(event), "canonical", ocr=ocr)
    assert dict(block.counts) == {f"repaired.image.{why}": 1}
    assert (block.table["text"].to_pylist(), block.events) == ([event["text"]], 1)


@pytest.mark.parametrize(
    "image", ["../1.png", "/etc/1.png", "sub/1.png", "images/../1.png", "data:image/png;base64,x", "1.gif", 7]
)
def test_what_names_no_picture_beside_the_log_is_refused_as_pixels(
    image: object, log: Callable[..., Path], read_blocks: Blocks
) -> None:
    (block,) = read_blocks(log(screen(image), screen(None, seq=1)), "canonical", ocr=True)
    assert [(fault.line, fault.problem.reason.value) for fault in block.faults] == [(1, "pixels_refused")]
    assert block.table.num_rows == 1


def test_text_of_a_picture_is_of_optical_recognition_whatever_the_log_says(
    log: Callable[..., Path], read_blocks: Blocks
) -> None:
    """Misread characters are looked for in such text alone."""
    (block,) = read_blocks(log(screen(source="dom"), screen(None, seq=1, source="dom")), "canonical", ocr=True)
    assert block.table["source"].to_pylist() == ["ocr", "dom"]


@pytest.mark.parametrize("size", [(6_000, 1), (1, 6_000)])
def test_a_picture_of_one_row_of_pixels_has_no_text(
    size: tuple[int, int], log: Callable[..., Path], read_blocks: Blocks
) -> None:
    path = log(screen("thin.png"), screen("2.png", seq=1))
    (path.parent / "thin.png").write_bytes(pack(draw([], size)))
    (block,) = read_blocks(path, "canonical", ocr=True)
    assert dict(block.counts) == {"repaired.image.without_text": 1}
    assert block.table["text"].to_pylist() == ["", "Ship tomorrow"]


def test_a_picture_that_breaks_a_network_costs_itself_alone(
    log: Callable[..., Path], read_blocks: Blocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    find = LineDetector.find

    def break_once(*_: object) -> list[Box]:
        monkeypatch.setattr(LineDetector, "find", find)
        raise RuntimeError("of a network")

    monkeypatch.setattr(LineDetector, "find", break_once)
    (block,) = read_blocks(log(screen("2.png"), screen("2.png", seq=1)), "canonical", ocr=True)
    assert dict(block.counts) == {"repaired.image.screenshot_unreadable": 1}
    assert block.table["text"].to_pylist() == ["", "Ship tomorrow"]


def test_a_picture_of_another_kind_of_event_and_a_field_twice_are_refused(
    log: Callable[..., Path], read_blocks: Blocks
) -> None:
    path = log(screen(kind="clipboard", action="copy"))
    path.write_text(path.read_text() + '{"image": "1.png", "image": "2.png", "kind": "screen"}\n')
    (block,) = read_blocks(path, "canonical", ocr=True)
    assert [fault.line for fault in block.faults] == [1, 2]


@pytest.mark.parametrize(("most", "texts"), [(1, 1), (2, 2), (3, 2)])
def test_pictures_beyond_the_allowance_are_counted(
    most: int, texts: int, log: Callable[..., Path], read_blocks: Blocks
) -> None:
    (block,) = read_blocks(log(screen(), screen("2.png", seq=1)), "canonical", ocr=True, ocr_pictures=most)
    assert sum(bool(text) for text in block.table["text"].to_pylist()) == texts
    assert dict(block.counts) == ({"repaired.image.over_allowance": 1} if most == 1 else {})


@pytest.mark.parametrize(("more", "texts"), [(0, 1), (1, 2)])
def test_pictures_beyond_the_work_of_a_recording_are_counted(
    more: int, texts: int, log: Callable[..., Path], read_blocks: Blocks, networks: Networks
) -> None:
    reader = ScreenReader(networks)
    reader.read(decode(PAY, 300 * 48))
    path = log(screen(), screen("2.png", seq=1, session_id="t"))
    (block,) = read_blocks(path, "canonical", ocr=True, ocr_work=reader.work + more)
    assert sum(bool(text) for text in block.table["text"].to_pylist()) == texts
    assert dict(block.counts) == ({"repaired.image.over_allowance": 1} if texts == 1 else {})


def test_a_change_of_a_picture_is_another_input_where_pictures_are_read(log: Callable[..., Path]) -> None:
    path = log(screen("images/2.png"))
    source = Source(0, str(path), "canonical", None)
    before = [input_digests([source], b"key", IngestSettings(ocr=ocr)) for ocr in (True, False)]
    (path.parent / "images" / "2.png").write_bytes(PAY)
    assert input_digests([source], b"key", IngestSettings(ocr=True)) != before[0]
    assert input_digests([source], b"key", IngestSettings(ocr=False)) == before[1]


def test_a_picture_whose_name_is_spelt_with_escapes_is_a_part_of_the_input(log: Callable[..., Path]) -> None:
    path = log(screen("1.png"), screen("images/2.png", seq=1), screen("gone.png", seq=2))
    path.write_text(path.read_text().replace("1.png", "\\u0031.png").replace("images/2", "images\\/2"))
    assert list(list_pictures(path, IngestSettings())) == [path.parent / "1.png", path.parent / "images" / "2.png"]


def test_the_pictures_of_eight_sessions_are_remembered(monkeypatch: pytest.MonkeyPatch) -> None:
    class Reader:
        work = 0

        def __init__(self, _: object) -> None:
            self.calls = 0

        def read(self, _: object) -> list[str] | None:
            self.calls += 1
            return ["first"] if self.calls == 1 else None

    made: list[Reader] = []
    monkeypatch.setattr(session_pictures, "load_networks", lambda _: None)
    monkeypatch.setattr(session_pictures, "ScreenReader", lambda _: made.append(Reader(None)) or made[-1])
    pictures = SessionPictures(1)
    for session in [*"abcdefgh", "a", "i"]:  # i is the ninth: b was read longest ago
        assert pictures.read(session, None) == ["first"]  # type: ignore[arg-type]
    assert len(made) == 9
    pictures.read("a", None)  # type: ignore[arg-type]
    assert len(made) == 9
    pictures.read("b", None)  # type: ignore[arg-type]
    assert len(made) == 10
