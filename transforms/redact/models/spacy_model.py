"""A spaCy pipeline reduced to its named-entity recognizer."""

import hashlib
from collections.abc import Sequence
from importlib.metadata import version

import spacy
from spacy.language import Language
from spacy.tokens import Doc
from thinc.api import NumpyOps

from schemas.entities import EntityType, Span
from schemas.errors import UsageError
from transforms.redact.models.truecase import truecase

_UNUSED = ("tagger", "parser", "lemmatizer", "attribute_ruler", "senter", "morphologizer")
_ENTITIES = {
    "PERSON": EntityType.PERSON,
    "PER": EntityType.PERSON,
    "GPE": EntityType.LOCATION,
    "LOC": EntityType.LOCATION,
    "FAC": EntityType.LOCATION,
}
_SCORE = 0.85
"""The recognizer gives no score; Presidio calls its findings 0.85 too."""
_BATCH = 256


class SpacyModel:
    """A spaCy pipeline for one thread."""

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        _use_plain_products(nlp)
        self._digest = _digest(nlp)

    @classmethod
    def load(cls, name: str) -> "SpacyModel":
        """Load the installed pipeline ``name``, or the one in the folder ``name``; raise ``UsageError`` if missing."""
        try:
            return cls(spacy.load(name, exclude=_UNUSED))
        except OSError:
            raise UsageError(f"redact.models names spacy:{name}, which is not installed; pip install it") from None

    def digest(self) -> str:
        """Return a digest of the weights and of spaCy's version."""
        return self._digest

    def find(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        """Find the people and places of each text after ``truecase`` restored its capitals."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        found: list[tuple[Span, ...]] = [()] * len(texts)
        with self._nlp.memory_zone():
            docs = self._nlp.pipe((truecase(texts[at]) for at in order), batch_size=_BATCH)
            for at, spans in zip(order, map(_spans, docs), strict=True):
                found[at] = spans
        return found


def _spans(doc: Doc) -> tuple[Span, ...]:
    return tuple(
        Span(entity.start_char, entity.end_char, _ENTITIES[entity.label_], _SCORE)
        for entity in doc.ents
        if entity.label_ in _ENTITIES
    )


def _use_plain_products(nlp: Language) -> None:
    """Multiply with numpy: its library is two to three times as fast as spaCy's default for these small matrices."""
    ops = NumpyOps(use_blis=False)
    for _, pipe in nlp.pipeline:
        for node in pipe.model.walk() if hasattr(pipe, "model") else ():
            node.ops = ops


def _digest(nlp: Language) -> str:
    state = hashlib.sha256(f"spacy={version('spacy')} thinc={version('thinc')}".encode())
    state.update(repr((nlp.meta["lang"], nlp.meta["name"], nlp.meta["version"])).encode())
    for _, pipe in nlp.pipeline:
        state.update(pipe.to_bytes(exclude=("vocab",)))
    return state.hexdigest()
