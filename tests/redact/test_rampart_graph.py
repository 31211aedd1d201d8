from pathlib import Path

import numpy as np
import onnx
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from transforms.redact.rampart_graph import int8_model


def _packed(rows: int, columns: int, block: int) -> tuple[onnx.ModelProto, np.ndarray]:
    """A model of one 4-bit product and the float weights that it stands for."""
    draws = np.random.default_rng(7)
    values = draws.integers(0, 16, (columns, rows // block, block), dtype=np.uint8)
    scales = draws.uniform(0.01, 0.02, (columns, rows // block, 1)).astype(np.float32)
    packed = (values[..., 0::2] | (values[..., 1::2] << 4)).astype(np.uint8)
    node = helper.make_node(
        "MatMulNBits", ["x", "w", "s"], ["y"], domain="com.microsoft", K=rows, N=columns, bits=4, block_size=block
    )
    graph = helper.make_graph(
        [node],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, [None, rows])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [None, columns])],
        [numpy_helper.from_array(packed, "w"), numpy_helper.from_array(scales.reshape(-1), "s")],
    )
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    weights = ((values.astype(np.float32) - 8) * scales).reshape(columns, rows).T
    return helper.make_model(graph, opset_imports=opsets, ir_version=9), weights


def test_the_product_stays_within_eight_bits(tmp_path: Path) -> None:
    model, weights = _packed(rows=64, columns=5, block=32)
    path = tmp_path / "model.onnx"
    onnx.save(model, str(path))
    entry = np.random.default_rng(8).normal(size=(9, 64)).astype(np.float32)
    session = onnxruntime.InferenceSession(int8_model(path), providers=["CPUExecutionProvider"])
    (product,) = session.run(None, {"x": entry})
    exact = entry @ weights
    # each factor is off by at most half a step of 1/127 of its range
    bound = 64 * (np.abs(entry).max() * np.abs(weights).max()) * (1 / 127 + 1 / 255)
    assert np.abs(product - exact).max() < bound
    assert np.corrcoef(product.ravel(), exact.ravel())[0, 1] > 0.999


def test_a_row_of_the_product_does_not_depend_on_the_others(tmp_path: Path) -> None:
    model, _ = _packed(rows=64, columns=5, block=32)
    path = tmp_path / "model.onnx"
    onnx.save(model, str(path))
    session = onnxruntime.InferenceSession(int8_model(path), providers=["CPUExecutionProvider"])
    entry = np.random.default_rng(8).normal(size=(9, 64)).astype(np.float32)
    entry[3] *= 1_000
    entry[5] = 0
    (together,) = session.run(None, {"x": entry})
    for at, row in enumerate(entry):
        (alone,) = session.run(None, {"x": row[None]})
        assert np.array_equal(alone[0], together[at])
    assert not together[5].any()
