from pathlib import Path

import numpy as np
import onnx
import onnxruntime
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from onnx import TensorProto, helper, numpy_helper

from transforms.redact.models.encoder_graph import build_encoder
from transforms.redact.models.rampart import model_files
from transforms.redact.models.rampart_weights import (
    Dense,
    Embeddings,
    Floats,
    Layer,
    Norm,
    Weights,
    read_compact,
    read_weights,
    unpack_four_bits,
    write_compact,
)
from transforms.redact.models.token_classifier import TokenClassifier

WIDTH, WIDE, HEADS, OUTPUTS, PIECES = 48, 96, 12, 5, 40
MARKS = (1, 2)
_DRAWS = np.random.default_rng(7)


def _floats(*shape: int) -> Floats:
    values: Floats = _DRAWS.normal(scale=0.1, size=shape).astype(np.float32)
    return values


def _dense(entries: int, exits: int) -> Dense:
    return Dense(_floats(entries, exits), _floats(exits))


def _norm() -> Norm:
    return Norm(1 + _floats(WIDTH), _floats(WIDTH))


def _layer() -> Layer:
    mix, out = _dense(WIDTH, 3 * WIDTH), _dense(WIDTH, WIDTH)
    return Layer(mix, out, _norm(), _dense(WIDTH, WIDE), _dense(WIDE, WIDTH), _norm())


WEIGHTS = Weights(
    Embeddings(_floats(PIECES, WIDTH), _floats(64, WIDTH), _norm()), (_layer(), _layer()), _dense(WIDTH, OUTPUTS)
)


@pytest.fixture(scope="module")
def classifier() -> TokenClassifier:
    return TokenClassifier(WEIGHTS, MARKS, np.eye(OUTPUTS, dtype=np.float32))


def _normed(hidden: Floats, norm: Norm) -> Floats:
    moved = hidden - hidden.mean(axis=-1, keepdims=True)
    normed: Floats = moved / np.sqrt((moved**2).mean(axis=-1, keepdims=True) + 1e-12) * norm.scale + norm.shift
    return normed


def _softmax(values: Floats) -> Floats:
    powers: Floats = np.exp(values - values.max(axis=-1, keepdims=True))
    shares: Floats = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def _gelu(values: Floats) -> Floats:
    """Hendrycks and Gimpel (2016), by a series of the error function that is exact to 1.5e-7 (Abramowitz 7.1.26)."""
    size = np.abs(values) / np.sqrt(2)
    t = 1 / (1 + 0.3275911 * size)
    rest = ((((1.061405429 * t - 1.453152027) * t) + 1.421413741) * t - 0.284496736) * t + 0.254829592
    gelu: Floats = values * (1 + np.sign(values) * (1 - rest * t * np.exp(-(size**2)))) / 2
    return gelu


def _plainly(ids: list[int]) -> Floats:
    """The same network in plain floating point, one text."""
    tokens = [MARKS[0], *ids, MARKS[1]]
    hidden = _normed(
        WEIGHTS.embeddings.pieces[tokens] + WEIGHTS.embeddings.places[: len(tokens)], WEIGHTS.embeddings.norm
    )
    for layer in WEIGHTS.layers:
        mixed = (hidden @ layer.mix.weight + layer.mix.bias).reshape(len(tokens), 3, HEADS, -1)
        query, key, value = mixed.transpose(1, 2, 0, 3)
        seen = _softmax(query @ key.transpose(0, 2, 1) / np.sqrt(WIDTH // HEADS)) @ value
        hidden = _normed(
            hidden + seen.transpose(1, 0, 2).reshape(len(tokens), WIDTH) @ layer.out.weight + layer.out.bias,
            layer.first,
        )
        wide = _gelu(hidden @ layer.up.weight + layer.up.bias)
        hidden = _normed(hidden + wide @ layer.down.weight + layer.down.bias, layer.second)
    return _softmax(hidden @ WEIGHTS.head.weight + WEIGHTS.head.bias)[1:-1]


TEXTS = st.lists(st.lists(st.integers(3, PIECES - 1), max_size=30), max_size=12)


@settings(max_examples=40, deadline=None)
@given(TEXTS)
def test_eight_bits_stay_near_floating_point(classifier: TokenClassifier, texts: list[list[int]]) -> None:
    found = classifier.probabilities(texts)
    for text, scores in zip(texts, found, strict=True):
        assert scores.shape == (len(text), OUTPUTS)
        if text:
            assert np.abs(scores - _plainly(text)).max() < 0.02


@settings(max_examples=60, deadline=None)
@given(TEXTS)
def test_a_text_gives_the_same_bits_in_any_company(classifier: TokenClassifier, texts: list[list[int]]) -> None:
    together = classifier.probabilities(texts)
    for text, scores in zip(texts, together, strict=True):
        assert np.array_equal(classifier.probabilities([text])[0], scores)


def test_a_loud_token_leaves_the_precision_of_the_others() -> None:
    weights = WEIGHTS._replace(layers=())
    loud = weights.embeddings.pieces.copy()
    loud[3] *= 1_000
    session = onnxruntime.InferenceSession(
        build_encoder(weights._replace(embeddings=weights.embeddings._replace(pieces=loud))),
        providers=["CPUExecutionProvider"],
    )
    feed = {"ids": np.array([[3, 4, 5]]), "lengths": np.array([3], dtype=np.int32)}
    plain = onnxruntime.InferenceSession(build_encoder(weights), providers=["CPUExecutionProvider"])
    assert np.array_equal(session.run(None, feed)[0][1:], plain.run(None, feed)[0][1:])


def test_weights_come_back_from_the_compact_file(tmp_path: Path) -> None:
    path = tmp_path / "compact.npz"
    write_compact(path, WEIGHTS)
    read = read_compact(path, WEIGHTS.embeddings)
    assert len(read.layers) == len(WEIGHTS.layers)
    for ours, theirs in zip(read.layers, WEIGHTS.layers, strict=True):
        for part, other in zip(ours, theirs, strict=True):
            step = np.abs(other[0]).max(axis=0) / 127
            assert (np.abs(part[0] - other[0]) <= (step / 2 + 1e-6 if isinstance(part, Dense) else 0)).all()
            assert np.array_equal(part[1], other[1])
    write_compact(tmp_path / "again.npz", read)
    again = read_compact(tmp_path / "again.npz", WEIGHTS.embeddings)
    texts = [[5, 6, 7], [8]]
    gather = np.eye(OUTPUTS, dtype=np.float32)
    first, second = (TokenClassifier(weights, MARKS, gather).probabilities(texts) for weights in (read, again))
    assert all(map(np.array_equal, first, second))


def test_four_bits_are_unpacked() -> None:
    rows, columns, block = 64, 5, 32
    values = _DRAWS.integers(0, 16, (columns, rows // block, block), dtype=np.uint8)
    scales = _DRAWS.uniform(0.01, 0.02, (columns, rows // block, 1)).astype(np.float32)
    packed = (values[..., 0::2] | (values[..., 1::2] << 4)).astype(np.uint8)
    node = helper.make_node(
        "MatMulNBits", ["x", "w", "s"], ["y"], domain="com.microsoft", K=rows, N=columns, bits=4, block_size=block
    )
    tensors = {"w": numpy_helper.from_array(packed, "w"), "s": numpy_helper.from_array(scales.reshape(-1), "s")}
    weights = unpack_four_bits(node, tensors)
    exact = ((values.astype(np.float32) - 8) * scales).reshape(columns, rows).T
    assert np.array_equal(weights, exact)
    graph = helper.make_graph(
        [node],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, rows])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, columns])],
        list(tensors.values()),
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    session = onnxruntime.InferenceSession(
        helper.make_model(graph, opset_imports=opsets, ir_version=9).SerializeToString(),
        providers=["CPUExecutionProvider"],
    )
    entry = _floats(9, rows)
    assert np.allclose(session.run(None, {"x": entry})[0], entry @ weights, atol=1e-4)


def test_the_network_that_is_installed_is_read_as_its_own_graph_computes_it() -> None:
    files = model_files()
    weights = read_weights(files.network)
    assert len(weights.layers) == 6
    theirs = onnxruntime.InferenceSession(
        onnx.load(str(files.network)).SerializeToString(), providers=["CPUExecutionProvider"]
    )
    ids = np.array([[files.marks()[0], 2_000, 3_000, 4_000, files.marks()[1]]])
    feed = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": np.zeros_like(ids)}
    ours = TokenClassifier(weights, files.marks(), np.eye(35, dtype=np.float32)).probabilities([ids[0, 1:-1].tolist()])
    assert np.abs(ours[0] - _softmax(theirs.run(None, feed)[0][0, 1:-1])).max() < 0.1
