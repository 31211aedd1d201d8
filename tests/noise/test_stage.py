from collections.abc import Callable
from pathlib import Path
from typing import Any

import apache_beam as beam
import pyarrow as pa
import pytest
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.util import assert_that
from apache_beam.typehints.decorators import TypeCheckError

from schemas.raw import RawSessions
from schemas.safe import TRACE_SOURCE, RedactedSessions, SafeSessions, TraceRows
from transforms.keys.key_set import KeyReference, create_key_set
from transforms.noise.plan import NoisePlan
from transforms.noise.stage import AddNoise
from transforms.privacy.run_key import RunKeyReference

Row = dict[str, Any]
DERIVED = RunKeyReference("release-1", None)


@pytest.fixture
def keys(tmp_path: Path) -> KeyReference:
    create_key_set(tmp_path / "keys")
    return KeyReference(f"file:{tmp_path / 'keys'}")


@pytest.fixture
def batches(build: Callable[..., pa.Table], stroke: Callable[..., Row]) -> list[RedactedSessions]:
    rows = [
        *(stroke(action, letter, 1000 * at) for at, letter in enumerate("abcde") for action in ("down", "up")),
        *({"kind": "pointer", "action": "click", "x": 5.0 * at, "y": 900.0, "t_us": 90_000 + at} for at in range(20)),
    ]
    trace = pa.table([["raw"] * 30, [[seq] for seq in range(30)]], schema=TRACE_SOURCE)
    return [RedactedSessions(build(rows, names=(name,)), trace) for name in ("alpha", "beta", "gamma")]


def pipeline(*flags: str) -> beam.Pipeline:
    return beam.Pipeline("FnApiRunner", PipelineOptions(list(flags), pipeline_type_check=True))


def test_a_repeated_bundle_draws_the_same_noise(
    batches: list[RedactedSessions], keys: KeyReference, make_plan: Callable[..., NoisePlan], tmp_path: Path
) -> None:
    attempts = tmp_path / "attempts"
    attempts.mkdir()
    with pipeline("--direct_runner_bundle_repeat=2") as p:
        noised = p | beam.Create(batches, reshuffle=False) | AddNoise(make_plan(), keys, DERIVED)
        noised.sessions | beam.ParDo(_Record(str(attempts)))
    for name in ("alpha", "beta", "gamma"):
        drawn = [path.read_bytes() for path in sorted(attempts.glob(f"{name}-*"))]
        assert len(drawn) == 3
        assert len(set(drawn)) == 1


class _Record(beam.DoFn):
    """Write every attempt: Beam itself shows only the last."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def process(self, element: SafeSessions) -> None:
        name = element.table["session"][0].as_py()
        taken = len(list(Path(self._folder).glob(f"{name}-*")))
        (Path(self._folder) / f"{name}-{taken}").write_text(str(element.table.to_pydict()))


def test_the_trace_comes_beside_the_sessions(
    batches: list[RedactedSessions], keys: KeyReference, make_plan: Callable[..., NoisePlan]
) -> None:
    def check_sessions(found: list[SafeSessions]) -> None:
        assert {type(item) for item in found} == {SafeSessions}
        assert sum(item.table.num_rows for item in found) == 90

    def check_trace(found: list[TraceRows]) -> None:
        assert sorted(item.table["session"][0].as_py() for item in found) == ["alpha", "beta", "gamma"]
        for item in found:
            assert sorted(item.table["source_seqs"].to_pylist()) == [[seq] for seq in range(30)]

    with pipeline() as p:
        outputs = p | beam.Create(batches) | AddNoise(make_plan(), keys, DERIVED, trace=True)
        assert_that(outputs.sessions, check_sessions, label="sessions")
        assert_that(outputs.trace, check_trace, label="trace")


def test_raw_sessions_do_not_connect(keys: KeyReference, make_plan: Callable[..., NoisePlan]) -> None:
    p = pipeline()
    raw = p | beam.Create([0]) | beam.Map(_raw)
    with pytest.raises(TypeCheckError):
        raw | AddNoise(make_plan(), keys, DERIVED)


def _raw(_: int) -> RawSessions:
    raise NotImplementedError
