import numpy as np
import pytest

from transforms.ingest.screenshots.changes import changed_parts, join_meeting
from transforms.ingest.screenshots.line_detector import Box, lines_of

BLANK = np.zeros((320, 640, 3), dtype=np.uint8)


def dotted(*places: tuple[int, int]) -> np.ndarray:
    picture = BLANK.copy()
    for x, y in places:
        picture[y, x, 1] = 1
    return picture


def test_a_first_picture_one_of_another_size_and_one_that_changed_mostly_are_read_whole() -> None:
    whole = [Box(0, 0, 640, 320)]
    assert changed_parts(None, BLANK, []) == whole
    assert changed_parts(BLANK[:300], BLANK, []) == whole
    assert changed_parts(BLANK, BLANK + np.uint8(1), []) == whole
    assert changed_parts(BLANK, BLANK.copy(), []) == []


@pytest.mark.parametrize(
    ("places", "parts"),
    [
        ([(0, 0)], [(0, 0, 32, 32)]),
        ([(31, 31)], [(0, 0, 32, 32)]),
        ([(32, 31)], [(32, 0, 64, 32)]),
        ([(639, 319)], [(608, 288, 640, 320)]),
        ([(0, 0), (64, 0)], [(0, 0, 96, 32)]),
        ([(0, 0), (160, 0)], [(0, 0, 32, 32), (160, 0, 192, 32)]),
    ],
)
def test_tiles_that_differ_are_found_and_joined_where_they_are_near(
    places: list[tuple[int, int]], parts: list[tuple[int, ...]]
) -> None:
    assert changed_parts(BLANK, dotted(*places), []) == parts


def test_a_part_takes_in_the_line_that_it_cuts_or_that_ends_before_it_and_no_other() -> None:
    line = Box(100, 0, 300, 20)
    assert changed_parts(BLANK, dotted((140, 5)), [line]) == [Box(100, 0, 300, 32)]
    assert changed_parts(BLANK, dotted((325, 5)), [line]) == [Box(100, 0, 352, 32)]
    assert changed_parts(BLANK, dotted((360, 5)), [line]) == [Box(352, 0, 384, 32)]
    assert changed_parts(BLANK, dotted((140, 64)), [line]) == [Box(128, 64, 160, 96)]


def test_parts_that_meet_once_lines_were_taken_in_become_one() -> None:
    first, second, line = Box(0, 0, 32, 32), Box(128, 0, 160, 32), Box(20, 0, 140, 20)
    assert join_meeting([first, second], [(line, line)]) == [Box(0, 0, 160, 32)]
    assert join_meeting([first, second], []) == [first, second]


def test_cores_become_lines_grown_by_their_shape_within_the_picture() -> None:
    scores = np.zeros((64, 256), dtype=np.float32)
    scores[20:30, 50:150] = 0.9  # one more to the left and above by dilation: 101 by 11 grows by 8
    scores[20:22, 200:240] = 0.9  # too thin, once it is dilated just enough
    scores[50:60, 0:100] = 0.4  # ink, but no line
    assert lines_of(scores)[0] == Box(41, 11, 158, 38)
    assert all(box.left >= 190 for box in lines_of(scores)[1:])
    assert lines_of(np.zeros((4, 4), dtype=np.float32)) == []
