"""A graph that would hand clear recordings to a runner is not submitted."""

import apache_beam as beam
import pytest
from apache_beam.runners.portability.fn_api_runner import FnApiRunner

from pipelines.runner.shuffle_check import check_graph, find_clear_shuffles
from schemas.errors import FailedError
from schemas.raw import RawSessions
from transforms.beamkit.coders import register
from transforms.beamkit.zones import CreateConstants, SafeOutput

_Handle = tuple[int, bytes]


class Redact(SafeOutput, beam.PTransform):
    def expand(self, pcoll: beam.PCollection) -> beam.PCollection:
        return pcoll | "Inner" >> beam.Map(str) | "Out" >> _to(str)


class ShuffleInside(SafeOutput, beam.PTransform):
    def expand(self, pcoll: beam.PCollection) -> beam.PCollection:
        return pcoll | "Clear" >> _to(str) | "Spread" >> beam.Reshuffle() | "Out" >> _to(str)


def _to(kind: type) -> beam.ParDo:
    return beam.Map(lambda item: item).with_output_types(kind)


def _read(pipeline: beam.Pipeline, kind: type, label: str = "ReadSessions") -> beam.PCollection:
    register()
    return pipeline | label >> (beam.Create([b""]) | "Read" >> _to(kind))


@pytest.mark.parametrize("label", ["ReadSessions", "ReadRecordings", "RedactSessions"])
def test_a_shuffle_of_clear_sessions_is_refused_whatever_its_steps_are_called(label: str) -> None:
    pipeline = beam.Pipeline(runner=FnApiRunner())
    _ = _read(pipeline, RawSessions, label) | "Balance" >> beam.Reshuffle()
    with pytest.raises(FailedError, match="Balance would shuffle what is not sealed"):
        check_graph(pipeline)


def test_a_group_by_of_clear_text_and_a_side_input_are_named() -> None:
    pipeline = beam.Pipeline(runner=FnApiRunner())
    words = _read(pipeline, tuple[int, str])
    _ = words | "Group" >> beam.GroupByKey()
    ones = pipeline | beam.Create([1])
    _ = ones | "Look" >> beam.Map(lambda one, seen: (one, seen), beam.pvalue.AsList(words))
    assert find_clear_shuffles(pipeline.to_runner_api()) == ["Group", "Look"]


def test_a_step_that_is_only_called_like_the_redaction_makes_nothing_safe() -> None:
    pipeline = beam.Pipeline(runner=FnApiRunner())
    unmarked = _read(pipeline, str) | "RedactSessions" >> (beam.Map(str) | "Out" >> _to(str))
    _ = unmarked | "Later" >> beam.Reshuffle()
    assert find_clear_shuffles(pipeline.to_runner_api()) == ["Later"]


def test_what_a_marked_step_shuffles_inside_is_not_its_output() -> None:
    pipeline = beam.Pipeline(runner=FnApiRunner())
    _ = _read(pipeline, str) | "Redact" >> ShuffleInside()
    assert find_clear_shuffles(pipeline.to_runner_api()) == ["Redact/Spread"]


@pytest.mark.parametrize("label", ["RedactSessions", "Clean"])
def test_sealed_handles_redacted_values_and_constants_pass_under_any_name(label: str) -> None:
    pipeline = beam.Pipeline(runner=FnApiRunner())
    handles = _read(pipeline, _Handle) | "Meet" >> beam.GroupByKey()
    redacted = handles | label >> Redact()
    constants = pipeline | "Names" >> CreateConstants(["name"], str)
    _ = (redacted, constants) | beam.Flatten() | "Later" >> beam.Reshuffle()
    check_graph(pipeline)
