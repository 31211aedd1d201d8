"""A value that stands in no field as a whole is released in no piece, and what people type into forms stays."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.entities import EntityType
from transforms.redact.detect.build import shared_detector
from transforms.redact.results import RedactionResult
from transforms.redact.settings import RedactSettings

Row = dict[str, Any]
Run = Callable[..., RedactionResult]

ADDRESS = "nolonikecamo@web.de"
FINDS = {
    ADDRESS: EntityType.EMAIL_ADDRESS,
    "ecamo@web.de": EntityType.EMAIL_ADDRESS,
    "DE54325599884460313526": EntityType.IBAN_CODE,
    "4111111111111111": EntityType.CREDIT_CARD,
}


def press(character: str, field_id: str | None) -> Iterator[Row]:
    for action in ("down", "up"):
        yield {"kind": "key", "action": action, "key": character, "modifiers": [], "field_id": field_id}


def typed(text: str, field_id: str | None = None) -> Iterator[Row]:
    for character in text:
        yield from press(character, field_id)


def field(name: str, label: str = "") -> Row:
    return {"kind": "field", "field_id": name, "role": "textbox", "label": label, "multiline": False}


def window(title: str) -> Row:
    return {"kind": "focus", "app": "editor", "title": title}


def texts(result: RedactionResult) -> list[str]:
    """Return the final texts of the fields."""
    assert result.withheld == ()
    return [row["text"] for row in result.sessions.table.to_pylist() if row["kind"] == "text_input"]


def by_hand(result: RedactionResult) -> str:
    """Return the letters and digits of the released key-downs that the redaction did not make."""
    assert result.withheld == ()
    rows = result.sessions.table.to_pylist()
    keys = [row["key"] for row in rows if row["action"] == "down" and not row["synthetic"]]
    return "".join(filter(str.isalnum, keys))


@settings(deadline=None, max_examples=60)
@given(
    st.sampled_from([ADDRESS, "DE54325599884460313526"]),
    st.lists(st.sampled_from("abc"), min_size=22, max_size=22),
    st.booleans(),
)
def test_a_value_typed_by_turns_leaves_no_key(redact: Run, value: str, turns: list[str], known: bool) -> None:
    begins = [field(name) for name in "abc"] if known else []
    rows = [row for character, name in zip(value, turns, strict=False) for row in typed(character, name)]
    assert by_hand(redact([*begins, *rows], FINDS)) == ""


@pytest.mark.parametrize("value", FINDS)
@settings(deadline=None, max_examples=25)
@given(cut=st.integers(1, 21))
def test_a_window_that_takes_the_focus_in_the_middle_of_a_value_keeps_no_piece_of_it(
    redact: Run, value: str, cut: int
) -> None:
    cut = min(cut, len(value) - 1)
    rows = [*typed(f"see {value[:cut]}"), window("news"), *typed(value[cut:])]
    assert by_hand(redact(rows, FINDS)) == "see"


def test_pieces_of_values_of_inputs_are_replaced_too(redact: Run) -> None:
    pieces = [("a", ADDRESS[:12]), ("b", ADDRESS[12:])]
    rows = [{"kind": "input_value", "field_id": name, "value": piece} for name, piece in pieces]
    finals = texts(redact([field("a"), field("b"), *rows], FINDS))
    assert len(finals) == 2
    assert not any(piece in final for final in finals for _, piece in pieces)


def test_a_value_that_the_session_shows_elsewhere_is_replaced_in_pieces_instead_of_withholding_the_session(
    redact: Run,
) -> None:
    shown = {"kind": "screen", "source": "ocr", "text": "Zq81-hunterly"}
    rows = [shown, *typed("zq81-hu"), window("news"), *typed("nterly ok")]
    assert by_hand(redact(rows, {"Zq81-hunterly": EntityType.SECRET})) == "ok"


def test_a_value_over_fields_is_sought_in_the_whole_session(redact: Run) -> None:
    rows = [*typed(ADDRESS[:12]), window(f"mail to {ADDRESS.upper()}"), *typed(ADDRESS[12:])]
    result = redact(rows, FINDS)
    assert not any("NOLONIK" in (row["title"] or "") for row in result.sessions.table.to_pylist())


@pytest.mark.parametrize("known", [True, False])
def test_a_word_in_one_field_and_an_address_in_the_next_stay_apart(redact: Run, known: bool) -> None:
    names: Sequence[str | None] = ("a", "b") if known else (None, None)
    begins = [field("a"), field("b")] if known else []
    word = "kxq" if known else "will"
    rows = [*typed(word, names[0]), window("news"), *typed("ecamo@web.de", names[1])]
    assert by_hand(redact([*begins, *rows], FINDS)) == word


def test_numbers_of_a_form_that_are_one_telephone_number_by_chance_stay(redact: Run) -> None:
    pieces = {"a": "415", "b": "201", "c": "77330"}
    rows = [row for name, text in pieces.items() for row in typed(text, name)]
    form = [*map(field, pieces, ("Zip", "Order", "Amount")), *rows]
    assert by_hand(redact(form, {"41520177330": EntityType.PHONE_NUMBER})) == "41520177330"


def test_boxes_of_a_card_and_of_a_code_are_replaced(redact: Run) -> None:
    boxes = dict(zip("abcd", ("4111",) + ("1111",) * 3, strict=True))
    rows = [row for name, text in boxes.items() for row in typed(text, name)]
    assert by_hand(redact([*map(field, boxes), *rows], FINDS)) == ""
    rows = [row for name, text in zip("abcdef", "120734", strict=True) for row in typed(text, name)]
    assert by_hand(redact([*map(field, "abcdef"), *rows], FINDS)) == ""


def test_boxes_of_a_card_on_a_screen_withhold_its_session(redact: Run) -> None:
    values = ("4111", "1111", "1111", "1111")
    rows = [*map(field, "abcd"), *(row for name, text in zip("abcd", values, strict=True) for row in typed(text, name))]
    nodes = [{"role": "textbox", "name": "Card", "value": value} for value in values]
    assert redact([*rows, {"kind": "screen", "nodes": nodes}], FINDS).withheld[0].column == "nodes.value"
    assert redact([*rows, {"kind": "screen", "nodes": nodes[:3]}], FINDS).withheld == ()


def test_ordinary_forms_are_released_as_if_every_field_were_alone(redact: Run) -> None:
    """No two of these values become a third by standing one after the other, in any order."""
    values = {
        "Quantity": "2", "Zip": "34567", "Phone": "415 201 7733", "Mail": "m.roth@web.de", "Order": "AB-1234",
        "Comment": "please ring twice", "Year": "1987", "Amount": "1200",
    }  # fmt: skip
    detector = shared_detector(RedactSettings())
    for order in itertools.islice(itertools.permutations(values), 0, None, 2017):
        together = [field(name, name) for name in order]
        together += [row for name in order for row in typed(values[name], name)]
        alone = [texts(redact([field(name, name), *typed(values[name], name)], detector)) for name in order]
        assert texts(redact(together, detector)) == [text for (text,) in alone]
