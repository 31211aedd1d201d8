import pytest

from schemas.errors import UsageError
from transforms.redact.models.entity_model import build_models


@pytest.mark.parametrize("name", ["", "rampart", "onnx:", "onnx:other", "spacy:", "gliner:base"])
def test_an_unknown_model_is_wrong_use(name: str) -> None:
    with pytest.raises(UsageError, match=r"redact\.models"):
        build_models((name,))


def test_a_missing_model_is_wrong_use_and_named() -> None:
    with pytest.raises(UsageError, match="spacy:no_such_model"):
        build_models(("spacy:no_such_model",))


def test_no_model_is_a_choice() -> None:
    assert build_models(()) == ()
