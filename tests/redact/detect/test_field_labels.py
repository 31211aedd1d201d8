"""A form's labels decide the kind of its values."""

import pytest

from schemas.entities import EntityType
from transforms.redact.detect.field_labels import _is_prose, find_labelled_values, find_typed_value, label_entity

LABELS = [
    ("Full name", EntityType.PERSON),
    ("Geburtsdatum *", EntityType.DATE_OF_BIRTH),
    ("New password (required)", EntityType.PASSWORD),
    ("API key", EntityType.SECRET),
    ("Numéro de portable", EntityType.PHONE_NUMBER),
    ("Correo electrónico:", EntityType.EMAIL_ADDRESS),
    ("Shipping address", EntityType.ADDRESS),
    ("Employee no.", EntityType.EMPLOYEE_ID),
    ("Codice fiscale", EntityType.ID_NUMBER),
    ("Sort code", EntityType.BANK_ACCOUNT),
    ("Diagnosis", EntityType.MEDICAL),
    ("Project name", None),
    ("Street view", None),
    ("Type a message", None),
    ("Card layout", None),
    ("", None),
]


@pytest.mark.parametrize(("label", "entity"), LABELS)
def test_a_label_counts_as_a_whole(label: str, entity: EntityType | None) -> None:
    assert label_entity(label) is entity


@pytest.mark.parametrize(
    ("content", "label", "entity"),
    [
        ("zzybin ybar", "Full name", EntityType.PERSON),
        ("zzybin", "Name", EntityType.PERSON),
        ("0049 4711", "Mobile", EntityType.PHONE_NUMBER),
        ("has had a cough for two weeks and is off work", "Symptoms", EntityType.MEDICAL),
        ("12 long lane, upper village, near the old mill", "Address", EntityType.ADDRESS),
    ],
)
def test_what_is_typed_is_what_the_label_says(content: str, label: str, entity: EntityType) -> None:
    assert [(span.start, span.end, span.entity) for span in find_typed_value(content, label)] == [
        (0, len(content), entity)
    ]


@pytest.mark.parametrize(
    ("content", "label"),
    [
        ("can we move the meeting to the afternoon please", "Mobile"),
        ("could you have a look at this when you are back", "Full name"),
        ("hello", "Comment"),
        ("  ", "Password"),
    ],
)
def test_a_sentence_or_nothing_is_no_value(content: str, label: str) -> None:
    assert list(find_typed_value(content, label)) == []


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Name on card: Zzybin Ybar\nExpiry: 12/30", ["Zzybin Ybar"]),
        ("Phone\n0049 4711 00\nNotes\nnone", ["0049 4711 00"]),
        ("Password: hunter2x, Username: zybar", ["hunter2x", "zybar"]),
        ("Password: required", []),
        ("Date of birth: unknown", []),
        ("Total: 12.50", []),
        ("Name\nSettings", []),
    ],
)
def test_values_beside_and_below_labels_are_found(text: str, values: list[str]) -> None:
    assert [text[span.start : span.end] for span in find_labelled_values(text)] == values


@pytest.mark.parametrize(
    ("content", "prose"),
    [
        ("we will meet them there", False),
        ("we will meet them there again", True),
        ("we will there Anna Maria Lee", True),
        ("we will Mia Anna Maria Lee", False),
        ("We Will Meet Them There Again", False),
    ],
)
def test_a_sentence_has_six_words_of_which_half_are_everyday_ones(content: str, *, prose: bool) -> None:
    assert _is_prose(content) == prose


def test_a_value_of_a_labelled_field_has_at_most_200_characters_and_is_no_sentence() -> None:
    for content, found in (("x" * 200, True), ("x" * 201, False), ("we will meet them there again", False)):
        assert bool(list(find_typed_value(content, "Full name"))) == found
