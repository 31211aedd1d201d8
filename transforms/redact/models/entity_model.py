"""The protocol of an entity model, and the models that a configuration may name."""

from collections.abc import Sequence
from typing import Protocol

from schemas.entities import Span
from schemas.errors import UsageError


class EntityModel(Protocol):
    """A finder of people, places and addresses in short texts; its result depends on the call's input alone."""

    def find(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        """Find the spans of each text, in the order of ``texts``; spans of one text may overlap."""

    def digest(self) -> str:
        """Return a digest of the weights and of the versions of the libraries that evaluate them."""


def build_models(names: Sequence[str]) -> tuple[EntityModel, ...]:
    """Load the models that ``names`` lists as ``engine:model``.

    ``spacy:NAME`` is an installed spaCy pipeline or its folder, ``onnx:rampart`` the Rampart token classifier,
    ``onnx:compact`` a smaller network distilled from it, ``gliner:FOLDER`` a GLiNER model on disk. Raise ``UsageError``
    for an unknown name or a missing model.
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
