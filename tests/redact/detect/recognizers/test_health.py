import pytest

from tests.redact.detect.recognizers.conftest import Find

FOUND = [
    "Jane Roe: HIV positive since 2017, review 15 April by Dr Miller",
    "bipolar II, lithium 900 mg, follow-up in May",
    "ICD-10: F32.1",
    "she was diagnosed with rheumatic fever",
    "sertraline 50 mg daily",
]
NOT_FOUND = [
    "Review the pull request by Monday",
    "positive feedback since 2017",
    "stage 2 of the build",
    "Allergies: none known",
    "treatment of errors",
]


@pytest.mark.parametrize("text", FOUND)
def test_notes_on_health_are_found(find: Find, text: str) -> None:
    assert "MEDICAL" in {name for name, _ in find(text)}


@pytest.mark.parametrize("text", NOT_FOUND)
def test_words_of_treatment_alone_are_left(find: Find, text: str) -> None:
    assert find(text) == []
