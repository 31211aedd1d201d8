"""The errors of a stage quote no record, whatever went wrong in it."""

from collections.abc import Iterator

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from schemas.errors import FailedError, RefusedError
from transforms.beamkit.safe_dofn import SafeErrorDoFn

_SECRET = "grace.hopper@navy.example"


class _Fails(SafeErrorDoFn):
    def __init__(self, where: str) -> None:
        self._where = where

    def setup(self) -> None:
        self._fail("setup")

    def start_bundle(self) -> None:
        self._fail("start_bundle")

    def process(self, element: str, shift: int) -> Iterator[int]:
        yield len(element) + shift
        self._fail("process")

    def finish_bundle(self) -> None:
        self._fail("finish_bundle")

    def _fail(self, where: str) -> None:
        if where == self._where:
            int(_SECRET)


class _Refuses(SafeErrorDoFn):
    def process(self, _: str) -> Iterator[int]:
        raise RefusedError("paused")


def _run(made: beam.ParDo) -> None:
    with beam.Pipeline(runner=FnApiRunner()) as pipeline:
        _ = pipeline | beam.Create([_SECRET]) | made


@pytest.mark.parametrize("where", ["setup", "start_bundle", "process", "finish_bundle"])
def test_a_defect_is_told_by_kind_and_place(where: str) -> None:
    with pytest.raises(Exception, match=r"ValueError, tests/beamkit/test_safe_dofn\.py:\d+") as caught:
        _run(beam.ParDo(_Fails(where), 1))
    assert _SECRET not in str(caught.value)


def test_our_own_sentences_pass() -> None:
    with pytest.raises(Exception, match="paused"):
        _run(beam.ParDo(_Refuses()))


def test_side_inputs_and_results_stay() -> None:
    dofn = _Fails("nowhere")
    assert list(dofn.process("abc", 4)) == [7]
    with pytest.raises(FailedError):
        list(_Fails("process").process("abc", 4))
