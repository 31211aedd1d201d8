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
