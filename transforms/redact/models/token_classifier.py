"""A token classifier evaluated in batches, with each text's result independent of the others."""

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
import onnxruntime

from transforms.redact.models.encoder_graph import build_encoder
from transforms.redact.models.rampart_weights import Floats, Weights

_BATCH_TOKENS = 160
"""Larger batches leave the cache and are slower: 1,000 tokens by a third."""
_STEP = 2
"""Texts are padded to a multiple of this many tokens; without it, most batches would hold one text."""
_FILLER = 0
_GRID = 4096
"""Steps of a probability. No threshold lies on one (``rampart_labels``), so none is met or missed by a last bit."""

Ids = Sequence[int]
Doubles = npt.NDArray[np.float64]


class TokenClassifier:
    """A network for one thread; slow to load and not picklable, so load it once per process."""

    def __init__(self, weights: Weights, marks: tuple[int, int], gather: Floats) -> None:
        """Load ``weights``.

        ``marks`` are the ids that begin and end a text; ``gather``, shape (outputs, labels), sums outputs to labels.
        """
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        self._session = onnxruntime.InferenceSession(
            build_encoder(weights), options, providers=["CPUExecutionProvider"]
        )
        self._first, self._last = marks
        self._gather = gather.astype(np.float64)

    def probabilities(self, texts: Sequence[Ids]) -> list[Floats]:
        """Compute the label probabilities of each text's word pieces, shape (pieces, labels)."""
        found: list[Floats] = [np.zeros((0, self._gather.shape[1]), dtype=np.float32)] * len(texts)
        order = sorted((number for number, ids in enumerate(texts) if ids), key=lambda number: len(texts[number]))
        for batch in _batches(order, [_pad_length(len(ids)) for ids in texts]):
            for number, scores in zip(batch, self._batch([texts[number] for number in batch]), strict=True):
                found[number] = scores[1 : len(texts[number]) + 1]
        return found

    def _batch(self, texts: Sequence[Ids]) -> npt.NDArray[np.float32]:
        """Compute the probabilities of texts of one padded length, shape (texts, padded length, labels)."""
        ids = np.full((len(texts), _pad_length(len(texts[0]))), _FILLER, dtype=np.int64)
        for row, text in zip(ids, texts, strict=True):
            row[: len(text) + 2] = (self._first, *text, self._last)
        lengths = np.array([len(text) + 2 for text in texts], dtype=np.int32)
        (logits,) = self._session.run(None, {"ids": ids, "lengths": lengths})
        scores = _round_to_grid(_softmax(logits) @ self._gather)
        return scores.reshape(*ids.shape, -1)


def _pad_length(pieces: int) -> int:
    """Compute the padded length in tokens of a text of ``pieces`` word pieces, marks included."""
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
    """Compute the softmax in doubles: libraries differ only in the last bits, far below a grid step."""
    powers: Doubles = np.exp((logits - logits.max(axis=-1, keepdims=True)).astype(np.float64))
    shares: Doubles = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def _round_to_grid(probabilities: Doubles) -> Floats:
    """Round ``probabilities`` to multiples of 1/4096, which float32 represents exactly."""
    return (np.rint(probabilities * _GRID) / _GRID).astype(np.float32)
