"""A GLiNER model: a span classifier with entity types given as words (Zaratiana et al., NAACL 2024).

Users install the package ``gliner`` and the model files themselves; nothing is fetched. Each text is scored alone: the
package pads batches, so scores would depend on the neighbours.
"""

import hashlib
import importlib
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path
from types import ModuleType
from typing import Any, Protocol

from schemas.entities import EntityType, Span
from schemas.errors import UsageError

_LABELS = {
    "person": EntityType.PERSON,
    "street address": EntityType.ADDRESS,
    "location": EntityType.LOCATION,
    "phone number": EntityType.PHONE_NUMBER,
    "identity document number": EntityType.ID_NUMBER,
}
_LEAST = 0.3
"""Probability from which a span counts; what else is known of its words decides later (``people``)."""


class _Model(Protocol):
    """The used part of ``gliner.GLiNER``."""

    def predict_entities(self, text: str, labels: Sequence[str], *, threshold: float) -> list[dict[str, Any]]: ...


class Gliner:
    """A GLiNER model for one thread."""

    def __init__(self, model: _Model, digest: str) -> None:
        self._model, self._digest = model, digest

    @classmethod
    def load(cls, folder: str) -> "Gliner":
        """Load the model in ``folder``; raise ``UsageError`` if it or the package is missing."""
        if not Path(folder).is_dir():
            raise UsageError("redact.models names gliner:FOLDER, but the folder is not there; download a model into it")
        model = _package().GLiNER.from_pretrained(folder, local_files_only=True)
        return cls(model, _folder_digest(Path(folder)))

    def digest(self) -> str:
        """Return a digest of the model's files and of the package's version."""
        return self._digest

    def find(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        """Find the people, places, addresses and numbers of each text."""
        return [self._find(text) if text.strip() else () for text in texts]

    def _find(self, text: str) -> tuple[Span, ...]:
        found = self._model.predict_entities(text, list(_LABELS), threshold=_LEAST)
        return tuple(
            sorted(Span(item["start"], item["end"], _LABELS[item["label"]], float(item["score"])) for item in found)
        )


def _package() -> ModuleType:
    try:
        return importlib.import_module("gliner")
    except ImportError:
        raise UsageError("redact.models names a GLiNER model; install its package with: pip install gliner") from None


def _folder_digest(folder: Path) -> str:
    state = hashlib.sha256(f"gliner={version('gliner')}".encode())
    for file in sorted(item for item in folder.rglob("*") if item.is_file()):
        state.update(str(file.relative_to(folder)).encode())
        with file.open("rb") as opened:
            state.update(hashlib.file_digest(opened, "sha256").digest())
    return state.hexdigest()
