"""The rule of ScreenLeak: a finding of the same label that overlaps by half."""

import pytest

from benchmarks.screenleak import missed_labels, overlap
from schemas.entities import EntityType, Span


@pytest.mark.parametrize(
    ("second", "share"), [((0, 10), 1.0), ((0, 5), 0.5), ((5, 15), 1 / 3), ((10, 12), 0.0), ((20, 30), 0.0)]
)
def test_an_overlap_is_a_share_of_the_union(second: tuple[int, int], share: float) -> None:
    assert overlap((0, 10), second) == share


@pytest.mark.parametrize(
    ("entity", "end", "missed"),
    [
        (EntityType.PERSON, 8, []),
        (EntityType.PERSON, 4, []),
        (EntityType.PERSON, 3, ["private_person"]),
        (EntityType.USERNAME, 8, ["private_person"]),
        (EntityType.MEDICAL, 8, ["private_person"]),
    ],
)
def test_a_value_is_missed_below_half_or_under_another_label(entity: EntityType, end: int, missed: list[str]) -> None:
    values = [{"text": "Ana Lund", "label": "private_person"}]
    assert missed_labels("Ana Lund (DM)", values, [Span(0, end, entity, 1.0)]) == missed
