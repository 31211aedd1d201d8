"""Texts of several fields are joined around each change of field, and a value over them is told from chance."""

from collections.abc import Sequence

import numpy as np
import pytest

from schemas.entities import EntityType, Span
from schemas.raw import TypedField
from transforms.redact.typed_fields.joined_fields import JoinedText, join_fields, judge_span, scan_text

EMAIL, CARD, IBAN, PERSON = (
    EntityType.EMAIL_ADDRESS,
    EntityType.CREDIT_CARD,
    EntityType.IBAN_CODE,
    EntityType.PERSON,
)


def fields_of(
    *turns: tuple[str, str], known: bool = False, secret: str = "", gone: Sequence[int] = (), labels: bool = False
) -> list[TypedField]:
    """Return the fields into which texts were typed by turns; the rows ``gone`` were erased in the end."""
    rows: dict[str, list[tuple[int, str]]] = {}
    for name, text in turns:
        listed = rows.setdefault(name, [])
        start = sum(map(len, rows.values()))
        listed += [(start + at, character) for at, character in enumerate(text)]
    return [
        TypedField(
            session_start=0,
            field_id=name,
            field_row=0 if known else -1,
            role="textbox",
            label=name if labels else "",
            multiline=False,
            cells="".join(character for _, character in listed),
            cell_rows=np.array([row for row, _ in listed], dtype=np.int64),
            gone_rows=np.array([10**6 if row in gone else -1 for row, _ in listed], dtype=np.int64),
            final=np.array([at for at, (row, _) in enumerate(listed) if row not in gone], dtype=np.int32),
            drafts=(),
            key_rows=np.array([row for row, _ in listed], dtype=np.int64),
            last_row=max((row for row, _ in listed), default=0),
            exact=True,
            secret=name == secret,
        )
        for name, listed in rows.items()
    ]


def joined(*turns: tuple[str, str], known: bool = False) -> JoinedText:
    (only,) = join_fields(fields_of(*turns, known=known))
    return only


def explained(text: JoinedText, *pieces: str) -> dict[TypedField, np.ndarray]:
    """Flag all cells of the fields whose text is one of ``pieces``."""
    return {item: np.full(len(item.cells), item.cells in pieces) for item in text.fields}


def verdict(text: JoinedText, value: str, entity: EntityType, *pieces: str, score: float = 1.0) -> bool:
    start = text.text.index(value)
    return judge_span(text, Span(start, start + len(value), entity, score), explained(text, *pieces), {"hello"})


def test_texts_are_joined_in_order_of_typing_and_split_again_by_field() -> None:
    text = joined(("a", "no"), ("b", "lo"), ("a", "ni"), ("b", "k"))
    assert text.text == "nolonik"
    assert [(item.field_id, view.text) for item, view in text.pieces(Span(1, 6, EMAIL, 1))] == [
        ("a", "oni"), ("b", "lo"),
    ]  # fmt: skip
    assert text.crosses(Span(1, 3, EMAIL, 1))
    assert not text.crosses(Span(0, 2, EMAIL, 1))


def test_what_was_erased_is_read_both_ways() -> None:
    texts = {item.text for item in join_fields(fields_of(("a", "nolx"), ("b", "onik"), gone=[3]))}
    assert texts == {"nolxonik", "nolonik"}
    assert len(join_fields(fields_of(("a", "nol"), ("b", "onik")))) == 1


def test_one_field_and_a_secret_one_are_not_joined() -> None:
    assert join_fields(fields_of(("a", "nolonik"))) == []
    assert join_fields(fields_of(("a", "nolo"), ("b", "nik"), secret="b")) == []


def test_only_text_around_a_change_of_field_is_joined() -> None:
    assert joined(("a", "x" * 64), ("b", "y" * 64)).text == "x" * 64 + "y" * 64
    assert joined(("a", "x" * 65), ("b", "y" * 65)).text == "x" * 64 + "y" * 64
    assert [item.text for item in join_fields(fields_of(("a", "x" * 9), ("b", "y" * 128), ("c", "z")))] == [
        "x" * 9 + "y" * 128 + "z"
    ]
    assert [item.text for item in join_fields(fields_of(("a", "x" * 9), ("b", "y" * 129), ("c", "z")))] == [
        "x" * 9 + "y" * 64, "y" * 64 + "z",
    ]  # fmt: skip


def test_a_text_without_a_sign_of_a_value_is_not_scanned() -> None:
    assert scan_text(joined(("a", "see 12"), ("b", "3 you"))) is None
    assert scan_text(joined(("a", "see 12"), ("b", "34 you"))) is not None
    assert scan_text(joined(("a", "me@"), ("b", "x"))) is not None


@pytest.mark.parametrize("known", [True, False])
@pytest.mark.parametrize("entity", [EMAIL, CARD, IBAN, EntityType.US_SSN, EntityType.PHONE_NUMBER])
def test_a_value_typed_by_turns_is_one(entity: EntityType, known: bool) -> None:
    text = joined(("a", "no"), ("b", "lo"), ("a", "nik"), known=known)
    assert verdict(text, "nolonik", entity)
    assert verdict(text, "nolonik", entity, "lo")
    assert verdict(text, "nolonik", entity, score=0.8)
    assert not verdict(text, "nolonik", entity, score=0.79)
    assert not verdict(text, "lo", entity), "it is in one field"


@pytest.mark.parametrize("known", [True, False])
def test_a_name_and_a_guess_are_no_value_over_fields(known: bool) -> None:
    text = joined(("a", "no"), ("b", "lo"), ("a", "nik"), known=known)
    assert not any(verdict(text, "nolonik", entity) for entity in (PERSON, EntityType.SECRET, EntityType.LOCATION))


def test_numbers_of_neighbouring_fields_of_a_form_are_no_telephone_number() -> None:
    for known in (True, False):
        text = joined(("a", "4111"), ("b", "1111"), known=known)
        assert all(verdict(text, "41111111", entity) for entity in (EMAIL, IBAN, CARD, EntityType.US_SSN))
        assert verdict(text, "41111111", EntityType.PHONE_NUMBER) is not known


def test_a_word_before_an_address_is_a_part_of_it_only_where_it_is_no_word_and_no_form_is_known() -> None:
    for known in (True, False):
        cut = joined(("a", "nolonik"), ("b", "ecamo@web.de"), known=known)
        assert verdict(cut, "nolonikecamo@web.de", EMAIL, "ecamo@web.de") is not known
        word = joined(("a", "Hello"), ("b", "ecamo@web.de"), known=known)
        assert not verdict(word, "Helloecamo@web.de", EMAIL, "ecamo@web.de")
        digits = joined(("a", "4111"), ("b", "1111"), known=known)
        assert verdict(digits, "41111111", CARD, "1111") is not known
        both = joined(("a", "nolonik"), ("b", "ecamo@web.de"), known=known)
        assert not verdict(both, "nolonikecamo@web.de", EMAIL, "nolonik", "ecamo@web.de"), "nothing is left to find"


def test_a_full_stop_behind_an_address_does_not_make_the_next_word_its_end() -> None:
    text = joined(("a", "ecamo@web.de."), ("b", "pre"), known=True)
    first, second = text.fields
    flags = {first: np.array([True] * 12 + [False]), second: np.zeros(3, dtype=np.bool_)}
    assert not judge_span(text, Span(0, 16, EMAIL, 1.0), flags, set())
    flags[first][11] = False
    assert judge_span(text, Span(0, 16, EMAIL, 1.0), flags, set())
