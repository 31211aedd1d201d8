"""A graph that would hand clear recordings to a runner is not submitted."""

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from pipelines.graph import check_graph, clear_shuffles
from schemas.errors import FailedError
from schemas.raw import RawSessions
from transforms.beamkit.coders import register

_Handle = tuple[int, bytes]


def _to(kind: type) -> beam.ParDo:
    return beam.Map(lambda item: item).with_output_types(kind)


def _read(pipeline: beam.Pipeline, kind: type) -> beam.PCollection:
    register()
    return pipeline | "ReadSessions" >> (beam.Create([b""]) | "Read" >> _to(kind))


def test_a_shuffle_of_clear_sessions_is_named() -> None:
    pipeline = beam.Pipeline(runner=FnApiRunner())
    _ = _read(pipeline, RawSessions) | "Balance" >> beam.Reshuffle()
    with pytest.raises(FailedError, match="Balance would shuffle what is not sealed"):
        check_graph(pipeline)


def test_a_group_by_of_clear_text_and_a_side_input_are_named() -> None:
    pipeline = beam.Pipeline(runner=FnApiRunner())
    words = _read(pipeline, tuple[int, str])
    _ = words | "Group" >> beam.GroupByKey()
    ones = pipeline | beam.Create([1])
    _ = ones | "Look" >> beam.Map(lambda one, seen: (one, seen), beam.pvalue.AsList(words))
    assert clear_shuffles(pipeline.to_runner_api()) == ["Group", "Look"]


def test_sealed_handles_and_what_was_redacted_pass() -> None:
    pipeline = beam.Pipeline(runner=FnApiRunner())
    handles = _read(pipeline, _Handle) | "Meet" >> beam.GroupByKey()
    redacted = handles | "RedactSessions" >> (beam.Map(str) | "Out" >> _to(str))
    _ = redacted | "Later" >> beam.Reshuffle()
    check_graph(pipeline)
