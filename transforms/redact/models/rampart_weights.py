"""The weights of the Rampart network as arrays, unpacked from its 4-bit file."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
import onnx
from onnx import NodeProto, TensorProto, helper, numpy_helper

Floats = npt.NDArray[np.float32]
_ZERO_POINT = 8
"""Value that means 0 in four unsigned bits."""
_MOST, _TINY = 127, 1e-20


class Dense(NamedTuple):
    """An affine map: ``weight``, shape (entries, exits), and ``bias``, shape (exits,)."""

    weight: Floats
    bias: Floats


class Norm(NamedTuple):
    """Scale and shift of a layer normalisation, shape (width,) each."""

    scale: Floats
    shift: Floats


class Layer(NamedTuple):
    """A layer of the encoder; ``mix`` holds query, key and value side by side."""

    mix: Dense
    out: Dense
    first: Norm
    up: Dense
    down: Dense
    second: Norm


class Embeddings(NamedTuple):
    """Vectors of word pieces, shape (pieces, width), and of positions, shape (places, width), added and normalised."""

    pieces: Floats
    places: Floats
    norm: Norm


class Weights(NamedTuple):
    """The weights of a token classifier."""

    embeddings: Embeddings
    layers: tuple[Layer, ...]
    head: Dense


def read_weights(path: Path) -> Weights:
    """Read the weights of the network at ``path``."""
    source = _Source(onnx.load(str(path)).graph)
    layers: list[Layer] = []
    while f"bert.encoder.layer.{len(layers)}.output.dense.bias" in source.tensors:
        layers.append(source.layer(f"bert.encoder.layer.{len(layers)}"))
    place = (
        source.bytes("bert.embeddings.position_embeddings") + source.bytes("bert.embeddings.token_type_embeddings")[0]
    )
    embeddings = Embeddings(
        source.bytes("bert.embeddings.word_embeddings"), place, source.norm("bert.embeddings.LayerNorm")
    )
    return Weights(embeddings, tuple(layers), source.dense("classifier"))


def read_compact(path: Path, embeddings: Embeddings) -> Weights:
    """Read the distilled network at ``path``, which shares ``embeddings`` with its teacher."""
    with np.load(path, allow_pickle=False) as arrays:
        count = 1 + max(int(name.split(".")[1]) for name in arrays if name.startswith("layer."))
        layers = tuple(_layer(arrays, f"layer.{number}") for number in range(count))
        return Weights(embeddings, layers, _dense(arrays, "head"))


def write_compact(path: Path, weights: Weights) -> None:
    """Write ``weights`` without the embeddings, matrices in eight bits with a scale per column."""
    arrays = _pack("head", weights.head)
    for number, layer in enumerate(weights.layers):
        for part, values in layer._asdict().items():
            name = f"layer.{number}.{part}"
            arrays |= _pack(name, values) if isinstance(values, Dense) else {f"{name}.norm": np.stack(values)}
    np.savez_compressed(path, allow_pickle=False, **arrays)


def _pack(name: str, dense: Dense) -> dict[str, npt.NDArray[Any]]:
    scale = np.maximum(np.abs(dense.weight).max(axis=0), _TINY) / _MOST
    whole = np.rint(dense.weight / scale).astype(np.int8)
    return {f"{name}.whole": whole, f"{name}.scale": scale.astype(np.float32), f"{name}.bias": dense.bias}


def _layer(arrays: Mapping[str, npt.NDArray[Any]], name: str) -> Layer:
    mix, out, up, down = (_dense(arrays, f"{name}.{part}") for part in ("mix", "out", "up", "down"))
    first, second = (Norm(*arrays[f"{name}.{part}.norm"].astype(np.float32)) for part in ("first", "second"))
    return Layer(mix, out, first, up, down, second)


def _dense(arrays: Mapping[str, npt.NDArray[Any]], name: str) -> Dense:
    weight = arrays[f"{name}.whole"].astype(np.float32) * arrays[f"{name}.scale"].astype(np.float32)
    return Dense(weight, arrays[f"{name}.bias"].astype(np.float32))


class _Source:
    def __init__(self, graph: onnx.GraphProto) -> None:
        self.tensors: dict[str, TensorProto] = {tensor.name: tensor for tensor in graph.initializer}
        self.products = {node.name: node for node in graph.node if node.op_type == "MatMulNBits"}

    def layer(self, prefix: str) -> Layer:
        mixed = [self.dense(f"{prefix}.attention.self.{part}") for part in ("query", "key", "value")]
        mix = Dense(np.hstack([part.weight for part in mixed]), np.hstack([part.bias for part in mixed]))
        return Layer(
            mix,
            self.dense(f"{prefix}.attention.output.dense"),
            self.norm(f"{prefix}.attention.output.LayerNorm"),
            self.dense(f"{prefix}.intermediate.dense"),
            self.dense(f"{prefix}.output.dense"),
            self.norm(f"{prefix}.output.LayerNorm"),
        )

    def dense(self, name: str) -> Dense:
        path = name.replace("bert.encoder.layer", "bert/encoder/layer").split(".")
        node = self.products["/" + "/".join(_join_name(path)) + "/MatMul_Q4"]
        return Dense(unpack_four_bits(node, self.tensors), self.floats(f"{name}.bias"))

    def norm(self, name: str) -> Norm:
        return Norm(self.floats(f"{name}.weight"), self.floats(f"{name}.bias"))

    def floats(self, name: str) -> Floats:
        values: Floats = numpy_helper.to_array(self.tensors[name]).astype(np.float32)
        return values

    def bytes(self, name: str) -> Floats:
        """Dequantise a matrix of bytes with one scale."""
        scale, zero, values = (
            numpy_helper.to_array(self.tensors[f"{name}.weight_{part}"])
            for part in ("scale", "zero_point", "quantized")
        )
        matrix: Floats = ((values.astype(np.float32) - zero) * scale).astype(np.float32)
        return matrix


def unpack_four_bits(node: NodeProto, tensors: Mapping[str, TensorProto]) -> Floats:
    """Unpack the weights of a ``MatMulNBits`` node to floats, shape (K, N).

    Two weights share a byte, the first in the low half: ``0x21`` holds 1, then 2. Each block of a column has its own
    scale (operator ``com.microsoft.MatMulNBits``).
    """
    size = {attribute.name: helper.get_attribute_value(attribute) for attribute in node.attribute}
    columns, block = int(size["N"]), int(size["block_size"])
    packed = numpy_helper.to_array(tensors[node.input[1]]).reshape(columns, -1, block // 2)
    scales = numpy_helper.to_array(tensors[node.input[2]]).reshape(columns, -1, 1).astype(np.float32)
    halves = np.stack([packed & 0xF, packed >> 4], axis=-1).reshape(columns, -1, block).astype(np.float32)
    weights = ((halves - _ZERO_POINT) * scales).reshape(columns, -1)[:, : int(size["K"])]
    return np.ascontiguousarray(weights.T, dtype=np.float32)


def _join_name(path: list[str]) -> list[str]:
    """Join the parts of a node's name: a layer's number belongs to the word before it."""
    joined: list[str] = []
    for part in path:
        if part.isdigit():
            joined[-1] += f".{part}"
        else:
            joined.append(part)
    return joined
