"""Own messages without a sender stand at one side, where a typed one stands; without that contrast nothing is told."""

import pytest

from tests.redact.bystanders.test_senders import OWN, SAID, TYPED, Row, chat, left, node

_LEFT, _RIGHT = 100.0, 900.0


def bubble(text: str, x: float, right: float, *beside: str) -> list[Row]:
    """Make an item without a sender, its words in a box."""
    box = {"x": x, "y": 0.0, "width": right - x, "height": 20.0}
    others = [node(3, "text", word) for word in beside]
    return [node(2, "listitem"), *others, {**node(3, "text", text), "bounds": box}, node(3, "text", "10:42")]


MINE, HERS, OLD = bubble(TYPED, 500, _RIGHT), bubble(SAID, _LEFT, 400), bubble(OWN, 450, _RIGHT)


def test_what_stands_where_typed_words_stand_stays() -> None:
    shown = left(chat(HERS, OLD, MINE), typed=TYPED)
    assert OWN in shown
    assert SAID not in shown
    assert OWN not in left(chat(HERS, OLD, MINE))


@pytest.mark.parametrize(("x", "right", "stays"), [(104, 897, True), (103, 897, False), (104, 896, False)])
def test_edges_are_compared_to_three_pixels(x: float, right: float, *, stays: bool) -> None:
    assert (OWN in left(chat(HERS, bubble(OWN, x, right), MINE), typed=TYPED)) is stays


@pytest.mark.parametrize(
    "items",
    [
        [OLD, MINE],
        [OLD, MINE, bubble("somebody else says a thing here", 450, _RIGHT, "Bela Toth")],
        [OLD, MINE, bubble(SAID, 300, 600), bubble("and one more thing at noon", _LEFT, 700)],
        [bubble(OWN, _LEFT, _RIGHT), bubble(TYPED, _LEFT, _RIGHT), HERS],
        [bubble(OWN, 450, _RIGHT, "Bela Toth"), MINE, HERS],
        [bubble(OWN, 450, _RIGHT, SAID), MINE, HERS],
    ],
)
def test_without_a_clear_contrast_nothing_is_told(items: list[list[Row]]) -> None:
    shown = left(chat(*items), typed=TYPED)
    assert OWN not in shown
    assert SAID not in shown


def test_a_list_without_boxes_tells_nothing() -> None:
    plain = [{**part, "bounds": None} for part in (*HERS, *OLD, *MINE)]
    assert OWN not in left(chat(plain), typed=TYPED)


@pytest.mark.parametrize(("nodes", "stays"), [(100, True), (101, False)])
def test_a_list_with_an_item_that_is_as_long_as_a_page_tells_nothing(nodes: int, *, stays: bool) -> None:
    page = [*HERS, *(node(3, "image") for _ in range(nodes - len(HERS)))]
    assert (OWN in left(chat(page, OLD, MINE), typed=TYPED)) is stays
