import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from schemas.entities import EntityType, Span
from schemas.errors import UsageError
from transforms.redact.models import gliner_model as ner_gliner
from transforms.redact.models.entity_model import build_models


class Stub:
    """Answers as ``gliner.GLiNER`` does: dictionaries, in no order."""

    @classmethod
    def from_pretrained(cls, folder: str, *, local_files_only: bool) -> "Stub":
        assert local_files_only
        assert Path(folder).is_dir()
        return cls()

    def predict_entities(self, text: str, labels: list[str], *, threshold: float) -> list[dict[str, object]]:
        assert threshold < 0.5
        values = [("springfield", "location", 0.5), ("anna kowalski", "person", 0.75)]
        return [
            {"start": at, "end": at + len(value), "text": value, "label": label, "score": score}
            for value, label, score in values
            if label in labels and (at := text.find(value)) >= 0
        ]


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setitem(sys.modules, "gliner", SimpleNamespace(GLiNER=Stub))
    monkeypatch.setattr(ner_gliner, "version", lambda _: "0.0")
    (tmp_path / "model.bin").write_bytes(b"weights")
    return tmp_path


def test_its_entities_become_spans(folder: Path) -> None:
    (model,) = build_models([f"gliner:{folder}"])
    assert model.find(["anna kowalski of springfield", " ", "nothing"]) == [
        (Span(0, 13, EntityType.PERSON, 0.75), Span(17, 28, EntityType.LOCATION, 0.5)),
        (),
        (),
    ]


def test_the_digest_tells_other_weights(folder: Path) -> None:
    (model,) = build_models([f"gliner:{folder}"])
    (folder / "model.bin").write_bytes(b"other")
    (other,) = build_models([f"gliner:{folder}"])
    assert model.digest() != other.digest()


def test_a_missing_folder_or_package_is_wrong_use(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UsageError, match="folder"):
        build_models([f"gliner:{tmp_path / 'none'}"])
    monkeypatch.setitem(sys.modules, "gliner", None)
    with pytest.raises(UsageError, match="pip install gliner"):
        build_models([f"gliner:{tmp_path}"])
