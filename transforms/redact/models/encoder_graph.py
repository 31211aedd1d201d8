"""A token classifier as an ONNX graph with 8-bit products, from its float weights.

A text gives the same bits in any company and on any x86-64 processor with AVX2 or newer:

- Activations are scaled token by token. The operator that runtimes offer for whole batches (``DynamicQuantizeLinear``)
  scales a batch alike, so that what is found in a text depends on the texts beside it: on 2,500 lines one probability
  moved by 0.4 when their order changed. A text is filled up to a length of its own (``token_classifier``).
- Weights have seven bits. Processors without VNNI add two products of a byte by a signed byte in 16 bits and cut what
  does not fit: of 8-bit weights, 4 % of the sums of the first product came out wrong. 2 * 255 * 64 fits.
- Attention adds whole numbers. The runtime's own adds exponentials in an order that depends on the width of a
  processor's registers, and the last bit of that sum moves later roundings.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from onnx import NodeProto, TensorProto, helper, numpy_helper

from transforms.redact.models.rampart_weights import Dense, Embeddings, Floats, Layer, Norm, Weights

_HEADS = 12
_EPSILON = 1e-12
_MIDDLE, _MOST = 128, 127
"""The eight-bit code of 0, and the largest magnitude on either side of it."""
_HEAVIEST = 64
"""The largest magnitude of a weight: two products by 255 stay below 2**15."""
_SHARES = 4096
"""Steps of an attention's exponentials: 4,096 of them add up to 2**24 at most, so that float32 adds them exactly."""
_OUTSIDE = -1e9
"""Added to the attention score of filler tokens, so that their share is 0."""
_TINY = 1e-20
"""Below every magnitude that occurs, and far enough from 0 to divide by."""
_OPERATORS, _RUNTIME_OPERATORS, _FORMAT = 18, 1, 8
_RUNTIME = "com.microsoft"


def build_encoder(weights: Weights) -> bytes:
    """Build the serialised graph.

    Inputs: ``ids``, shape (texts, tokens), and ``lengths``, shape (texts,), without filler. Output: ``logits``, shape
    (texts * tokens, outputs).
    """
    graph = _Graph()
    hidden = graph.embed(weights.embeddings)
    for layer in weights.layers:
        hidden = graph.layer(hidden, layer)
    graph.node("Identity", [graph.add_bias(hidden, weights.head)], exit_="logits")
    return graph.serialise(len(weights.head.bias))


class _Graph:
    """A graph under construction; nodes and constants are numbered."""

    def __init__(self) -> None:
        self._nodes: list[NodeProto] = []
        self._constants: list[TensorProto] = []
        self._rows: dict[str, tuple[str, str]] = {}
        self._last_axis = self.constant(np.array([-1], dtype=np.int64))
        self._tiny = self.constant(np.array(_TINY, dtype=np.float32))
        self._most = self.constant(np.array(_MOST, dtype=np.float32))
        self._middle = self.constant(np.array(_MIDDLE, dtype=np.uint8))
        self._beyond = self._outside()

    def constant(self, values: npt.NDArray[np.generic]) -> str:
        name = f"constant.{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(values, name))
        return name

    def node(
        self, operator: str, entries: Sequence[str], *, exit_: str = "", domain: str = "", **attributes: object
    ) -> str:
        exit_ = exit_ or f"node.{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, entries, [exit_], domain=domain, **attributes))
        return exit_

    def embed(self, embeddings: Embeddings) -> str:
        """Add the embedding; its output has shape (texts * tokens, width)."""
        pieces = self.node("Gather", [self.constant(embeddings.pieces), "ids"])
        count = self.node("Shape", ["ids"], start=1, end=2)
        zero = self.constant(np.array([0], dtype=np.int64))
        places = self.node("Slice", [self.constant(embeddings.places), zero, count, zero])
        width = embeddings.pieces.shape[1]
        flat = self.node("Reshape", [self.node("Add", [pieces, places]), self.constant(np.array([-1, width]))])
        norm = list(map(self.constant, embeddings.norm))
        return self.node("LayerNormalization", [flat, *norm], epsilon=_EPSILON)

    def layer(self, hidden: str, layer: Layer) -> str:
        """Add one encoder layer."""
        flat = self._attention(self.add_bias(hidden, layer.mix), len(layer.out.bias))
        hidden = self._add_and_normalise(self.product(flat, layer.out.weight), hidden, layer.out.bias, layer.first)
        up = self.product(hidden, layer.up.weight)
        wide = self.node("BiasGelu", [up, self.constant(layer.up.bias)], domain=_RUNTIME)
        return self._add_and_normalise(self.product(wide, layer.down.weight), hidden, layer.down.bias, layer.second)

    def _attention(self, mixed: str, width: int) -> str:
        """Add self-attention over queries, keys and values side by side.

        Exponentials are rounded to whole steps before they are added, so that their sum is exact in any order:
        exp(0), exp(-1) and exp(-9) are 4096, 1507 and 1 steps, and the shares 4096/5604, 1507/5604 and 1/5604.
        """
        size = width // _HEADS
        shape = self.constant(np.array([3 * _HEADS, size]))
        whole = self.node("Reshape", [mixed, self.node("Concat", [self.node("Shape", ["ids"]), shape], axis=0)])
        parts = [f"part.{len(self._nodes)}.{number}" for number in range(3)]
        self._nodes.append(helper.make_node("Split", [whole], parts, axis=2, num_outputs=3))
        query, key, value = (self.node("Transpose", [part], perm=[0, 2, 1, 3]) for part in parts)
        near = self.node("FusedMatMul", [query, key], domain=_RUNTIME, transB=1, alpha=size**-0.5)
        near = self.node("Add", [near, self._beyond])
        below = self.node("Sub", [near, self.node("ReduceMax", [near, self._last_axis], keepdims=1)])
        steps = self.constant(np.array(_SHARES, dtype=np.float32))
        whole_steps = self.node("Round", [self.node("Mul", [self.node("Exp", [below]), steps])])
        total = self.node("ReduceSum", [whole_steps, self._last_axis], keepdims=1)
        seen = self.node("MatMul", [self.node("Div", [whole_steps, total]), value])
        seen = self.node("Transpose", [seen], perm=[0, 2, 1, 3])
        return self.node("Reshape", [seen, self.constant(np.array([-1, width]))])

    def _outside(self) -> str:
        """Add the attention mask: 0 for tokens, a large negative number for filler, shape (texts, 1, 1, tokens)."""
        first, step, column = (self.constant(np.array(value)) for value in (0, 1, [-1, 1, 1, 1]))
        places = self.node("Range", [first, self.node("Squeeze", [self.node("Shape", ["ids"], start=1, end=2)]), step])
        ends = self.node("Reshape", [self.node("Cast", ["lengths"], to=TensorProto.INT64), column])
        nothing, far = (self.constant(np.array(value, dtype=np.float32)) for value in (0, _OUTSIDE))
        return self.node("Where", [self.node("Less", [places, ends]), nothing, far])

    def add_bias(self, entry: str, dense: Dense) -> str:
        return self.node("Add", [self.product(entry, dense.weight), self.constant(dense.bias)])

    def _add_and_normalise(self, entry: str, hidden: str, bias: Floats, norm: Norm) -> str:
        whole = self.node("Add", [self.node("Add", [entry, self.constant(bias)]), hidden])
        return self.node("LayerNormalization", [whole, *map(self.constant, norm)], axis=-1, epsilon=_EPSILON)

    def product(self, entry: str, weights: Floats) -> str:
        """Add ``entry @ weights``: an exact product of integers, scaled by token and by column of weights."""
        if entry not in self._rows:
            self._rows[entry] = self._quantise(entry)
        rows, scale = self._rows[entry]
        columns = np.maximum(np.abs(weights).max(axis=0), _TINY) / _HEAVIEST
        whole = self.constant(np.rint(weights / columns).astype(np.int8))
        total = self.node("MatMulInteger", [rows, whole, self._middle])
        real = self.node("DequantizeLinear", [total, scale], axis=0)
        return self.node("Mul", [real, self.constant(columns.astype(np.float32))])

    def _quantise(self, entry: str) -> tuple[str, str]:
        """Quantise ``entry`` to eight bits; the second output is the step size of each token, shape (tokens,)."""
        largest = self.node("ReduceMax", [self.node("Abs", [entry]), self._last_axis], keepdims=0)
        scale = self.node("Div", [self.node("Max", [largest, self._tiny]), self._most])
        middle = self.node("Expand", [self._middle, self.node("Shape", [scale])])
        return self.node("QuantizeLinear", [entry, scale, middle], axis=0), scale

    def serialise(self, outputs: int) -> bytes:
        ids = helper.make_tensor_value_info("ids", TensorProto.INT64, ["texts", "tokens"])
        lengths = helper.make_tensor_value_info("lengths", TensorProto.INT32, ["texts"])
        exit_ = helper.make_tensor_value_info("logits", TensorProto.FLOAT, ["all tokens", outputs])
        graph = helper.make_graph(self._nodes, "encoder", [ids, lengths], [exit_], self._constants)
        versions = [helper.make_opsetid("", _OPERATORS), helper.make_opsetid(_RUNTIME, _RUNTIME_OPERATORS)]
        return bytes(helper.make_model(graph, opset_imports=versions, ir_version=_FORMAT).SerializeToString())
