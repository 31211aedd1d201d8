"""The rule of ScreenLeak for boxes, and the share of a value that a release would hold."""

import numpy as np
import pytest

from benchmarks.screenleak_images import (
    cut_to_print,
    list_half,
    missed_labels,
    overlap,
    place_spans,
    share_that_stays,
)
from schemas.entities import EntityType, Span
from transforms.ingest.screenshots.cells import widen_to_cells
from transforms.ingest.screenshots.line_detector import Box
from transforms.ingest.screenshots.screen_reader import Line

LINES = [Line(Box(0, 0, 100, 10), "To Ana Lund"), Line(Box(0, 20, 100, 30), "Ana Lund")]
PRINTED = [line.box for line in LINES]
SECOND = Span(12, 20, EntityType.PERSON, 1.0)
VALUE = {"text": "Ana Lund", "label": "private_person", "bbox": (0, 20, 100, 10)}


@pytest.mark.parametrize(("second", "share"), [((0, 0, 10, 10), 1.0), ((5, 0, 10, 10), 1 / 3), ((10, 0, 5, 5), 0.0)])
def test_an_overlap_is_a_share_of_the_union(second: tuple[float, ...], share: float) -> None:
    assert overlap((0, 0, 10, 10), second) == share  # type: ignore[arg-type]


def test_a_finding_has_the_part_of_its_line() -> None:
    (whole,) = place_spans(LINES, [SECOND], PRINTED)
    assert whole == ("private_person", (0, 20, 100, 10))
    ((_, part),) = place_spans(LINES, [Span(3, 11, EntityType.PERSON, 1.0)], PRINTED)
    assert 10 < part[0] < 40
    assert part[0] + part[2] == pytest.approx(100)


def test_a_finding_that_is_all_of_a_line_of_a_table_has_its_cell() -> None:
    rows = [
        (Line(Box(0, top, 60, top + 10), "Ana Lund"), Line(Box(200, top, 240, top + 10), "10:42"))
        for top in (0, 40, 80)
    ]
    lines = [line for row in rows for line in row]
    cells = widen_to_cells([line.box for line in lines])
    whole, part = Span(0, 8, EntityType.PERSON, 1.0), Span(0, 3, EntityType.PERSON, 1.0)
    ((_, box),) = place_spans(lines, [whole], cells)
    assert box == (0, 0, 195, 10)
    ((_, box),) = place_spans(lines, [part], cells)
    assert box[0] + box[2] < 40


@pytest.mark.parametrize(("wide", "missed"), [(333, []), (334, ["private_person"])])
def test_a_value_is_missed_below_three_tenths(wide: float, missed: list[str]) -> None:
    found = list(place_spans(LINES, [SECOND], PRINTED))
    assert missed_labels([VALUE | {"bbox": (0, 20, wide, 10)}], found) == missed


def test_a_value_stays_as_far_as_it_is_in_no_finding_in_its_box() -> None:
    assert share_that_stays(VALUE, LINES, [SECOND]) == 0
    assert share_that_stays(VALUE, LINES, []) == 1
    assert share_that_stays(VALUE, LINES, [SECOND._replace(end=16)]) == pytest.approx(4 / 7)
    assert share_that_stays(VALUE | {"bbox": (0, 50, 9, 9)}, LINES, []) == 0


@pytest.mark.parametrize(("difference", "box"), [(48, (0, 0, 40, 10)), (49, (10, 0, 6, 10))])
def test_a_box_is_cut_to_the_columns_in_which_something_is_printed(difference: int, box: tuple[float, ...]) -> None:
    pixels = np.full((10, 40, 3), 200, dtype=np.uint8)
    pixels[4, [10, 15], 1] -= difference
    assert cut_to_print(pixels, (0, 0, 40, 10)) == box


def test_a_box_beside_the_picture_stays() -> None:
    assert cut_to_print(np.zeros((9, 9, 3), dtype=np.uint8), (20, 20, 5, 5)) == (20, 20, 5, 5)


def test_owner_and_name_of_a_repository_are_one_finding_and_behind_a_host_a_link() -> None:
    for text, label in (("acme/rocket", "private_repo"), ("https://github.com/acme/rocket", "private_url")):
        at = text.index("acme")
        spans = [Span(at, at + 4, EntityType.ORGANISATION, 1.0), Span(at + 5, at + 11, EntityType.REPOSITORY, 1.0)]
        found = [label for label, _ in place_spans([Line(Box(0, 0, 300, 10), text)], spans, [Box(0, 0, 300, 10)])]
        assert found == ["private_company", "private_repo", label]
    apart = [spans[0], spans[1]._replace(start=at + 6)]
    assert len(list(place_spans([Line(Box(0, 0, 300, 10), text)], apart, [Box(0, 0, 300, 10)]))) == 2


def test_every_other_screen_of_a_template_was_looked_at() -> None:
    cases = [{"template": "t" if number < 5 else "u", "spans": [1], "id": str(number)} for number in range(7)]
    half = list_half(cases)
    assert len(half) == 3
    assert len(half & set("01234")) == 2


def test_a_line_above_a_value_is_not_read_as_it() -> None:
    """Boxes of lines reach over their neighbours."""
    lines = [Line(Box(0, 0, 100, 22), "Ana Lund"), LINES[1]]
    assert share_that_stays(VALUE, lines, [Span(9, 17, EntityType.PERSON, 1.0)]) == 0
