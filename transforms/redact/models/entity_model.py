"""What an entity model is, and which models a configuration may name."""

from collections.abc import Sequence
from typing import Protocol

from schemas.entities import Span
from schemas.errors import UsageError


class EntityModel(Protocol):
    """Finds people, places and addresses in short texts. The result is a function of the call's input alone."""

    def find(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        """Return the spans of each text, in the order of ``texts``; the spans of one text may overlap."""

    def digest(self) -> str:
        """Return a digest of the weights and of the versions of the libraries that evaluate them."""


def build_models(names: Sequence[str]) -> tuple[EntityModel, ...]:
    """Load the models that ``names`` lists as ``engine:model``.

    ``spacy:NAME`` is an installed spaCy pipeline or the folder of one, ``onnx:rampart`` the Rampart token classifier,
    ``onnx:compact`` the smaller one that was made from it, ``gliner:FOLDER`` a GLiNER model on disk. Raises
    ``UsageError`` for a name that nothing answers to and for a model that is not installed.
    """
    return tuple(_build(name) for name in names)


def _build(name: str) -> EntityModel:
    engine, _, model = name.partition(":")
    if engine == "spacy" and model:
        from transforms.redact.models.spacy_model import SpacyModel  # noqa: PLC0415 - an engine loads only where it is named

        return SpacyModel.load(model)
    if name in {"onnx:rampart", "onnx:compact"}:
        from transforms.redact.models.rampart import Rampart  # noqa: PLC0415 - an engine loads only where it is named

        return Rampart.load(compact=name == "onnx:compact")
    if engine == "gliner" and model:
        from transforms.redact.models.gliner_model import Gliner  # noqa: PLC0415 - an engine loads only where it is named

        return Gliner.load(model)
    raise UsageError(
        "redact.models names an unknown model; write spacy:NAME, onnx:compact, onnx:rampart or gliner:FOLDER"
    )
