"""Lines that are read off a picture: ticks behind a time, and captions below the recorder (all synthetic)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.redact.bystanders.test_senders import LISTED, ME, OWN, SAID, left
from transforms.redact.bystanders.senders.pictures import list_ticked

MORE = "and they are in the third drawer"


def shown(*lines: str, app: str = "telegram") -> str:
    return left([], LISTED, text="\n".join(lines), app=app)


@pytest.mark.parametrize("ticks", [" \u2713\u2713", " vv", "\u2714", " //", " pm \u221a"])
def test_a_message_with_ticks_behind_its_time_stays(ticks: str) -> None:
    lines = ["Bela Toth", f"{SAID} 10:41", OWN, f"{MORE} 10:43{ticks}", "Carl Vogt", "no key for me 10:44"]
    assert OWN in shown(*lines)
    assert MORE in shown(*lines)
    assert SAID not in shown(*lines)


@pytest.mark.parametrize(
    "lines",
    [
        [f"{OWN} 10:41 vv", f"{SAID} 10:42 vv"],
        [SAID, f"{OWN} 10:42 vv", "no key for me 10:44"],
        ["so it is 10:40", "Bela Toth", SAID, f"{MORE} 10:42 vv"],
        ["so it is 10:40", SAID, "", f"{MORE} 10:42 vv"],
        ["so it is 10:40", "> see below", SAID, f"{MORE} 10:42 vv"],
        ["so it is 10:40", f"Bela Toth: {SAID}", f"{MORE} 10:42 vv"],
        ["so it is 10:40", f"@bela {SAID} 10:42 vv"],
        ["so it is 10:40", f"{SAID} 10:42 v"],
        ["so it is 10:40", f"{SAID} vv"],
        ["so it is 10:40", f"{SAID} 110:42 vv"],
    ],
)
def test_what_may_be_of_another_goes_with_ticks_or_without(lines: list[str]) -> None:
    assert SAID not in shown(*lines)


# The time of what Bela said was not read. A line that is broken is so long that the next word did not fit.
@pytest.mark.parametrize(
    ("longest", "end", "words", "stays"),
    [
        (44, "", "others in the hall", True),
        (45, "", "others in the hall", False),
        (44, "", "Others in the hall", False),
        (44, ".", "others in the hall", False),
    ],
)
def test_a_line_above_goes_on_only_if_the_next_word_did_not_fit(
    longest: int, end: str, words: str, *, stays: bool
) -> None:
    before = f"so it was told to us and to all of the{end}"
    other = "we have it in the hall".ljust(longest, "x")
    assert (before in shown(f"{other} 10:40", before, f"{words} 10:43 vv")) is stays


@pytest.mark.parametrize(("count", "found"), [(30, 1), (31, 0)])
def test_a_message_with_ticks_has_at_most_thirty_lines(count: int, found: int) -> None:
    lines = ["so it is 10:40", *(f"the valve {number} of the hall" for number in range(count - 1)), "is shut 10:42 vv"]
    assert len(list(list_ticked(lines))) == found


@given(st.lists(st.text(max_size=20), max_size=8))
def test_no_line_breaks_the_reading_of_ticks(lines: list[str]) -> None:
    told = list(list_ticked(["so it is 10:40", *lines, "it is shut 10:42 vv"]))
    assert all(set(run) <= {*lines, *(line.strip() for line in lines), "it is shut"} or len(told) > 1 for run in told)


def test_captions_below_the_recorder_stay() -> None:
    lines = ["Leave", "Live captions (English)", "Bela Toth", SAID, "You", OWN, MORE, "Bela Toth", f"{SAID} again"]
    assert OWN in shown(*lines, app="zoom.us")
    assert MORE in shown(*lines, app="zoom.us")
    assert SAID not in shown(*lines, app="zoom.us")


@pytest.mark.parametrize(
    "lines",
    [
        ["Chats", "Bela Toth", OWN, "You", SAID],
        ["Captions", OWN, "You", SAID, "Bela Toth", MORE],
        ["Captions", "You", OWN, "btoth", SAID],
        ["Captions", "You", OWN, "\u7dd2\u65b9 \u5320", SAID],
        ["Captions", "You", OWN, "", SAID, "Bela Toth", MORE],
        ["Captions", "You", SAID],
        ["Captions", ME, OWN, "Nora Quist-Dahl", SAID],
        ["Captions", "You", OWN, "bela toth", SAID, "Carl Vogt", MORE],
        ["Captions", "You", OWN, "van der Berg Anna", SAID, "Carl Vogt", MORE],
        ["Captions", "You", OWN, "iPhone von Bela", SAID, "Carl Vogt", MORE],
        ["Captions", "You", OWN, "Bela Toth (Acme of Rotterdam, external)", SAID, "Carl Vogt", MORE],
    ],
)
def test_captions_of_others_go(lines: list[str]) -> None:
    assert SAID not in shown(*lines, app="zoom.us")
