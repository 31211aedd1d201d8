"""Evaluates a token classifier on many texts at once, each as if it stood alone."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import onnxruntime

from transforms.redact.models.encoder_graph import build_encoder
from transforms.redact.models.rampart_weights import Floats, Weights

_BATCH_TOKENS = 160
"""Larger batches leave the cache and are slower: 1,000 tokens by a third."""
_STEP = 2
"""Texts are filled up to a multiple of so many tokens: a length of its own for each would make batches of one text."""
_FILLER = 0
_GRID = 4096
"""Steps of a probability. No threshold lies on one (``rampart_labels``), so none is met or missed by a last bit."""

Ids = Sequence[int]
Doubles = npt.NDArray[np.float64]


class TokenClassifier:
    """A network, one thread. Neither picklable nor cheap: load it once a process."""

    def __init__(self, weights: Weights, marks: tuple[int, int], gather: Floats) -> None:
        """Load ``weights``.

        ``marks`` begin and end a text; ``gather``, shape (outputs, labels), tells which outputs are one label.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            build_encoder(weights), options, providers=["CPUExecutionProvider"]
        )
        self._first, self._last = marks
        self._gather = gather.astype(np.float64)

    def probabilities(self, texts: Sequence[Ids]) -> list[Floats]:
        """Return the probability of every label for each word piece of each text, shape (pieces, labels)."""
        found: list[Floats] = [np.zeros((0, self._gather.shape[1]), dtype=np.float32)] * len(texts)
        order = sorted((number for number, ids in enumerate(texts) if ids), key=lambda number: len(texts[number]))
        for batch in _batches(order, [_pad_length(len(ids)) for ids in texts]):
            for number, scores in zip(batch, self._batch([texts[number] for number in batch]), strict=True):
                found[number] = scores[1 : len(texts[number]) + 1]
        return found

    def _batch(self, texts: Sequence[Ids]) -> npt.NDArray[np.float32]:
        """Return the probabilities, shape (texts, filled length, labels), of texts that are filled to one length."""
        ids = np.full((len(texts), _pad_length(len(texts[0]))), _FILLER, dtype=np.int64)
        for row, text in zip(ids, texts, strict=True):
            row[: len(text) + 2] = (self._first, *text, self._last)
        lengths = np.array([len(text) + 2 for text in texts], dtype=np.int32)
        (logits,) = self._session.run(None, {"ids": ids, "lengths": lengths})
        scores = _round_to_grid(_softmax(logits) @ self._gather)
        return scores.reshape(*ids.shape, -1)


def _pad_length(pieces: int) -> int:
    """Return how many tokens a text of so many word pieces takes, its marks and filling included."""
    return -(-(pieces + 2) // _STEP) * _STEP


def _batches(order: Sequence[int], lengths: Sequence[int]) -> Iterator[Sequence[int]]:
    """Cut ``order``, sorted by length, into batches of one length and at most ``_BATCH_TOKENS`` tokens."""
    first = 0
    for last, number in enumerate(order):
        length = lengths[number]
        if last > first and (length != lengths[order[first]] or (last - first + 1) * length > _BATCH_TOKENS):
            yield order[first:last]
            first = last
    if order:
        yield order[first:]


def _softmax(logits: Floats) -> Doubles:
    """Return probabilities; libraries differ in the last bits, here of a double, far below a step of the grid."""
    powers: Doubles = np.exp((logits - logits.max(axis=-1, keepdims=True)).astype(np.float64))
    shares: Doubles = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def _round_to_grid(probabilities: Doubles) -> Floats:
    """Return ``probabilities`` on the grid of 1/4096; float32 holds its points exactly."""
    return (np.rint(probabilities * _GRID) / _GRID).astype(np.float32)
