from collections.abc import Sequence

import numpy as np
import pytest

from tests.support.pictures import draw, pixels
from transforms.ingest.screenshots import screen_reader
from transforms.ingest.screenshots.decoding import Flaw, PictureError, Pixels
from transforms.ingest.screenshots.line_detector import Box, bands_of
from transforms.ingest.screenshots.line_recognizer import decode_ctc, padded_width
from transforms.ingest.screenshots.screen_reader import Line, Networks, ScreenReader, in_reading_order

FORM = [(20, 20, "Customer"), (200, 20, "jane.doe@contoso.com"), (20, 70, "Amount due 1,204.50")]


def test_lines_of_a_picture_are_read_where_they_stand(networks: Networks) -> None:
    lines = ScreenReader(networks).read(pixels(draw(FORM)))
    assert lines is not None
    assert [line.text for line in lines] == ["Customer", "jane.doe@contoso.com", "Amount due 1,204.50"]
    for line, (left, top, _) in zip(lines, FORM, strict=True):
        assert abs(line.box.left - left) < 8
        assert line.box.top <= top + 4
        assert line.box.bottom >= top + 14


def test_a_high_picture_is_read_in_bands_and_a_line_between_two_once(networks: Networks) -> None:
    assert bands_of(640) == [range(640)]
    assert bands_of(641) == [range(320), range(320, 641)]
    lines = [(20, 20, "first"), (20, 340, "between"), (20, 640, "last")]
    read = ScreenReader(networks).read(pixels(draw(lines, (160, 700))))
    assert [line.text for line in read or []] == ["first", "between", "last"]


class Counting:
    def __init__(self, networks: Networks) -> None:
        self._networks = networks
        self.seen: list[tuple[int, ...]] = []
        self.read_lines = 0

    def find(self, picture: Pixels) -> list[Box]:
        self.seen.append(picture.shape[:2])
        return self._networks.detector.find(picture)

    def read(self, lines: Sequence[Pixels]) -> list[str]:
        self.read_lines += len(lines)
        return self._networks.recognizer.read(lines)


def test_what_did_not_change_is_not_read_again(networks: Networks) -> None:
    counting = Counting(networks)
    reader = ScreenReader(Networks(counting, counting))  # type: ignore[arg-type]
    reader.read(pixels(draw(FORM)))
    assert reader.read(pixels(draw(FORM))) is None
    assert (counting.seen, counting.read_lines) == ([(160, 480)], 3)
    changed = [*FORM[:2], (20, 70, "Amount due 1,204.50 paid")]
    lines = reader.read(pixels(draw(changed)))
    assert [line.text for line in lines or []] == ["Customer", "jane.doe@contoso.com", "Amount due 1,204.50 paid"]
    assert counting.read_lines == 4
    assert counting.seen[1][0] < 160
    assert [line.text for line in reader.read(pixels(draw(FORM[:1]))) or []] == ["Customer"]


def test_a_blank_picture_has_no_lines_and_a_caret_changes_none(networks: Networks) -> None:
    reader = ScreenReader(networks)
    assert reader.read(np.full((64, 64, 3), 255, dtype=np.uint8)) == []
    caret = np.full((64, 64, 3), 255, dtype=np.uint8)
    caret[20:36, 30:31] = 0
    assert reader.read(caret) is None


def test_work_counts_the_pixels_that_networks_look_at(networks: Networks) -> None:
    reader = ScreenReader(networks)
    lines = reader.read(pixels(draw(FORM))) or []
    sizes = [(line.box.bottom - line.box.top, line.box.right - line.box.left) for line in lines]
    first = 480 * 160 + 48 * sum(padded_width(*size) for size in sizes)
    assert (len(lines), reader.work) == (3, first)
    reader.read(pixels(draw(FORM)))
    assert reader.work == first


class Fixed:
    """Networks that find the same boxes anywhere and read ``a`` in each."""

    def __init__(self, boxes: list[Box]) -> None:
        self.boxes = boxes

    def find(self, _: Pixels) -> list[Box]:
        return self.boxes

    def read(self, lines: Sequence[Pixels]) -> list[str]:
        return ["a"] * len(lines)


def dense(boxes: list[Box]) -> ScreenReader:
    return ScreenReader(Networks(Fixed(boxes), Fixed(boxes)))  # type: ignore[arg-type]


BLANK = np.full((96, 96, 3), 255, dtype=np.uint8)


def test_a_picture_of_too_many_lines_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen_reader, "_MOST_LINES", 3)
    boxes = [Box(0, top, 9, top + 9) for top in (0, 10, 20, 30)]
    assert len(dense(boxes[:3]).read(BLANK) or []) == 3
    reader = dense(boxes)
    with pytest.raises(PictureError) as caught:
        reader.read(BLANK)
    assert (caught.value.flaw, reader.work) == (Flaw.TOO_DENSE, BLANK.shape[0] * BLANK.shape[1])


def test_too_many_lines_of_changed_parts_are_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is that of the picture, not of a part; what comes next is read whole."""
    monkeypatch.setattr(screen_reader, "_MOST_LINES", 1)
    height = 1_000
    blank, changed = (np.full((height, 400, 3), 255, dtype=np.uint8) for _ in range(2))
    changed[10, 10] = changed[height - 10, 10] = 0
    reader = dense([])
    assert reader.read(blank) == []
    reader._networks.detector.boxes.append(Box(0, 0, 40, 40))  # type: ignore[attr-defined]
    with pytest.raises(PictureError):
        reader.read(changed)
    assert len(reader.read(changed) or []) == 1


def test_a_picture_of_too_wide_lines_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen_reader, "_MOST_WIDTH", 2 * 64)
    boxes = [Box(0, top, 12, top + 9) for top in (0, 10, 20)]
    assert len(dense(boxes[:2]).read(BLANK) or []) == 2
    with pytest.raises(PictureError) as caught:
        dense(boxes).read(BLANK)
    assert caught.value.flaw is Flaw.TOO_DENSE


def line(left: int, top: int, text: str, height: int = 20) -> Line:
    return Line(Box(left, top, left + 50, top + height), text)


def test_lines_are_in_rows_from_left_to_right_even_where_one_stands_a_little_higher() -> None:
    lines = [line(300, 8, "b"), line(0, 10, "a"), line(0, 40, "c"), line(300, 44, "d"), line(0, 56, "e")]
    assert "".join(item.text for item in in_reading_order(lines[::-1])) == "abcde"


@pytest.mark.parametrize(
    ("path", "text"), [([1, 1, 2], "ab"), ([1, 0, 1], "aa"), ([3, 1, 3], "a"), ([0, 0], ""), ([2, 2, 2], "b")]
)
def test_a_path_is_read_without_blanks_repeats_and_outer_spaces(path: list[int], text: str) -> None:
    assert decode_ctc(np.eye(4, dtype=np.float32)[path], ("", "a", "b", " ")) == text


def test_a_guess_at_an_icon_is_no_text() -> None:
    scores = np.array([[0.25, 0.5, 0.25]], dtype=np.float32)
    assert decode_ctc(scores, ("", "a", "b")) == "a"
    assert decode_ctc(scores - np.float32(0.01), ("", "a", "b")) == ""


def test_no_line_and_no_network_shows_its_text() -> None:
    assert "canary" not in repr(line(0, 0, "canary"))
