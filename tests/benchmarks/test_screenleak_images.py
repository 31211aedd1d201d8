"""The rule of ScreenLeak for boxes, and the share of a value that a release would hold."""

import pytest

from benchmarks.screenleak_images import missed_labels, overlap, place_spans, share_that_stays
from schemas.entities import EntityType, Span
from transforms.ingest.screenshots.line_detector import Box
from transforms.ingest.screenshots.screen_reader import Line

LINES = [Line(Box(0, 0, 100, 10), "To Ana Lund"), Line(Box(0, 20, 100, 30), "Ana Lund")]
SECOND = Span(12, 20, EntityType.PERSON, 1.0)
VALUE = {"text": "Ana Lund", "label": "private_person", "bbox": (0, 20, 100, 10)}


@pytest.mark.parametrize(("second", "share"), [((0, 0, 10, 10), 1.0), ((5, 0, 10, 10), 1 / 3), ((10, 0, 5, 5), 0.0)])
def test_an_overlap_is_a_share_of_the_union(second: tuple[float, ...], share: float) -> None:
    assert overlap((0, 0, 10, 10), second) == share  # type: ignore[arg-type]


def test_a_finding_has_the_part_of_its_line() -> None:
    (whole,) = place_spans(LINES, [SECOND])
    assert whole == ("private_person", (0, 20, 100, 10))
    ((_, part),) = place_spans(LINES, [Span(3, 11, EntityType.PERSON, 1.0)])
    assert 10 < part[0] < 40
    assert part[0] + part[2] == pytest.approx(100)


@pytest.mark.parametrize(("wide", "missed"), [(333, []), (334, ["private_person"])])
def test_a_value_is_missed_below_three_tenths(wide: float, missed: list[str]) -> None:
    found = list(place_spans(LINES, [SECOND]))
    assert missed_labels([VALUE | {"bbox": (0, 20, wide, 10)}], found) == missed


def test_a_value_stays_as_far_as_it_is_in_no_finding_in_its_box() -> None:
    assert share_that_stays(VALUE, LINES, [SECOND]) == 0
    assert share_that_stays(VALUE, LINES, []) == 1
    assert share_that_stays(VALUE, LINES, [SECOND._replace(end=16)]) == pytest.approx(4 / 7)
    assert share_that_stays(VALUE | {"bbox": (0, 50, 9, 9)}, LINES, []) == 0
