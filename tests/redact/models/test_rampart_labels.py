import pytest

from schemas.entities import EntityType, Span
from transforms.redact.models.rampart_labels import LabelledPiece, map_label, merge_pieces


def _piece(text: str, value: str, label: str, score: float = 0.9) -> LabelledPiece:
    return LabelledPiece(text.index(value), text.index(value) + len(value), label, score)


def test_names_are_one_label() -> None:
    assert map_label("B-GIVEN_NAME") == map_label("I-SURNAME") == "NAME"
    assert map_label("B-CITY") == "CITY"
    assert map_label("O") == ""


def test_word_pieces_are_widened_to_words() -> None:
    text = "ask kowalska."
    assert merge_pieces([_piece(text, "owals", "NAME", 0.3)], text) == (Span(4, 12, EntityType.PERSON, 0.3),)
    assert merge_pieces([_piece(text[4:], "owals", "NAME", 0.3)], text[4:]) == (Span(0, 8, EntityType.PERSON, 0.3),)


def test_a_number_counts_only_beside_its_street_or_place() -> None:
    alone = "Row 532"
    assert merge_pieces([_piece(alone, "532", "BUILDING_NUMBER")], alone) == ()
    assert merge_pieces([_piece(alone, "532", "ZIP_CODE")], alone) == ()
    text = "532 Elm Road, Springfield 62704"
    pieces = [
        _piece(text, "532", "BUILDING_NUMBER"),
        _piece(text, "Elm Road", "STREET_NAME"),
        _piece(text, "Springfield", "CITY"),
        _piece(text, "62704", "ZIP_CODE"),
    ]
    assert [span.entity for span in merge_pieces(pieces, text)] == [
        EntityType.ADDRESS,
        EntityType.ADDRESS,
        EntityType.LOCATION,
        EntityType.ADDRESS,
    ]


def test_repeats_of_overlapping_windows_are_one() -> None:
    text = "anna kowalska"
    twice = [_piece(text, "anna", "NAME", 0.4), _piece(text, "anna", "NAME", 0.8)]
    assert merge_pieces(twice, text) == (Span(0, 4, EntityType.PERSON, 0.8),)


def test_no_part_of_a_digest_is_a_number_of_a_person() -> None:
    for text in ("see 123e4567-e89b-12d3-a456-426614174000", "commit 9f2c4e1ab3d5f6789012345678901234567890ab"):
        assert merge_pieces([_piece(text, "567", "GOVERNMENT_ID", 0.99)], text) == ()
    assert merge_pieces([_piece("no 44718829", "44718829", "GOVERNMENT_ID", 0.99)], "no 44718829") != ()


@pytest.mark.parametrize("price", ["24.90", "149,00", "1,299.00", "1.299,00", "\u20ac12.50", "7.95 EUR"])
@pytest.mark.parametrize("label", ["BUILDING_NUMBER", "SECONDARY_ADDRESS", "ZIP_CODE"])
def test_a_price_is_no_number_of_an_address(price: str, label: str) -> None:
    text = f"Elm Road {price}"
    pieces = [_piece(text, "Elm Road", "STREET_NAME", 0.9), _piece(text, price.strip(" EUR\u20ac"), label)]
    assert [text[span.start : span.end] for span in merge_pieces(pieces, text)] == ["Elm Road"]


@pytest.mark.parametrize("number", ["24.9", "24.901", "24.90.12", "24", "2-24.90", "24.90a"])
def test_a_number_of_another_form_is_one(number: str) -> None:
    text = f"Elm Road {number}"
    pieces = [_piece(text, "Elm Road", "STREET_NAME", 0.9), _piece(text, number, "BUILDING_NUMBER")]
    assert len(merge_pieces(pieces, text)) == 2


def test_a_street_beside_prices_alone_must_be_a_likely_one() -> None:
    for text, score, kept in (
        ("Blue lamp 24.90", 0.89, False),
        ("Blue lamp 24.90", 0.9, True),
        ("Blue lamp 24.90 was 30.00", 0.89, False),
        ("2 Blue lamp 24.90", 0.89, True),
        ("Blue lamp\n24.90", 0.89, True),
        ("24.90\nBlue lamp 24.90\n7", 0.89, False),
    ):
        assert bool(merge_pieces([_piece(text, "Blue", "STREET_NAME", score)], text)) is kept
