"""The classifier answers 2,000 made-up texts alike on every processor (``make processors`` emulates others)."""

import json

import pytest

from tests.golden.classifier.make import GOLDEN, found
from transforms.redact.models.encoder_graph import _HEAVIEST, _MIDDLE, _MOST, _SHARES
from transforms.redact.models.rampart import _WINDOW, Rampart
from transforms.redact.models.rampart_labels import DEFAULT_LEAST, LEAST
from transforms.redact.models.token_classifier import _GRID


@pytest.fixture(scope="module")
def golden() -> dict[str, list[list[object]]]:
    return dict(map(json.loads, GOLDEN.read_text(encoding="utf-8").splitlines()))


def test_spans_are_those_of_the_golden_file(golden: dict[str, list[list[object]]]) -> None:
    assert len(golden) == 2_000
    assert sum(map(len, golden.values())) > 1_000
    assert dict(zip(golden, found(Rampart.load(compact=True), list(golden)), strict=True)) == golden


def test_no_sum_of_two_products_leaves_sixteen_bits() -> None:
    assert 2 * (_MIDDLE + _MOST) * _HEAVIEST < 1 << 15


def test_no_sum_of_attention_leaves_what_float32_adds_exactly() -> None:
    assert (_WINDOW + 2) * _SHARES < 1 << 24


def test_no_threshold_lies_on_the_grid_of_probabilities() -> None:
    for least in {*LEAST.values(), DEFAULT_LEAST} - {2.0}:
        assert abs(least * _GRID - round(least * _GRID)) > 0.1, "a last bit must not decide"
