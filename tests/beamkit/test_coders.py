from collections.abc import Iterable, Iterator
from typing import Literal

import apache_beam as beam
import pyarrow as pa
import pytest
from apache_beam import coders
from apache_beam.options.pipeline_options import PipelineOptions
from apache_beam.testing.util import assert_that, equal_to

from schemas.aggregates import ExactAggregate, NoisyAggregate, UnitCounts
from schemas.errors import FailedError
from schemas.raw import RAW_SCHEMA, RawSessions, TypedSessions
from schemas.safe import EVENTS_SCHEMA, SESSIONS_SCHEMA, RedactedSessions, SafeSessions
from transforms.beamkit.coders import NoisyAggregateCoder, RefusingCoder, SafeSessionsCoder, register
from transforms.beamkit.outputs import TALLY

_Counted = beam.pvalue.TaggedOutput[Literal["tally"], tuple[str, int]]
MODES = [(), ("--direct_num_workers=2", "--direct_running_mode=multi_processing")]


@pytest.fixture(autouse=True)
def _registered() -> None:
    register()


class _Open(beam.DoFn):
    def process(self, element: tuple[int, Iterable[str]]) -> Iterator[RawSessions | _Counted]:
        rows = [{"session_id": name, "seq": 0} for name in element[1]]
        yield beam.pvalue.TaggedOutput(TALLY, ("read", len(rows)))
        yield RawSessions(pa.Table.from_pylist(rows, schema=RAW_SCHEMA))


class _Type(beam.DoFn):
    def process(self, element: RawSessions) -> Iterator[TypedSessions]:
        yield TypedSessions(element, ())


class _Redact(beam.DoFn):
    def process(self, element: TypedSessions) -> Iterator[RedactedSessions | _Counted]:
        yield beam.pvalue.TaggedOutput(TALLY, ("redacted", element.sessions.table.num_rows))
        yield RedactedSessions(element.sessions.table)


def count(element: RedactedSessions) -> int:
    return element.table.num_rows


def place(name: str) -> tuple[int, str]:
    return len(name) % 2, name


@pytest.mark.parametrize("flags", MODES)
def test_stages_behind_a_shuffle_are_fused_and_encode_nothing(flags: tuple[str, ...]) -> None:
    with beam.Pipeline(runner="FnApiRunner", options=PipelineOptions(flags)) as pipeline:
        grouped = pipeline | beam.Create(["a", "bb", "cc"]) | beam.Map(place) | beam.GroupByKey()
        opened = grouped | beam.ParDo(_Open()).with_outputs(TALLY, main="sessions").with_output_types(RawSessions)
        typed = opened.sessions | beam.ParDo(_Type()).with_output_types(TypedSessions)
        redacted = typed | beam.ParDo(_Redact()).with_outputs(TALLY, main="sessions").with_output_types(
            RedactedSessions
        )
        assert_that(redacted.sessions | beam.Map(count), equal_to([1, 2]), label="rows")
        tally = (opened[TALLY], redacted[TALLY]) | beam.Flatten()
        assert_that(tally, equal_to([("read", 1), ("read", 2), ("redacted", 1), ("redacted", 2)]), label="tally")


def shuffle_raw() -> None:
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        grouped = pipeline | beam.Create(["secret"]) | beam.Map(place) | beam.GroupByKey()
        opened = grouped | beam.ParDo(_Open()).with_outputs(TALLY, main="sessions").with_output_types(RawSessions)
        opened.sessions | beam.Reshuffle() | beam.ParDo(_Type())


def test_a_shuffle_of_raw_sessions_fails() -> None:
    with pytest.raises(Exception, match="clear sessions were about to leave"):  # Beam wraps the error
        shuffle_raw()


@pytest.mark.parametrize("kind", [RawSessions, TypedSessions, RedactedSessions, UnitCounts, ExactAggregate])
def test_clear_types_are_refused(kind: type) -> None:
    coder = coders.registry.get_coder(kind)
    assert coder == RefusingCoder()
    for act in (coder.encode, coder.decode):
        with pytest.raises(FailedError) as caught:
            act(b"secret")
        assert "secret" not in str(caught.value)


def test_safe_sessions_come_back_with_the_same_bytes() -> None:
    rows = [{"session": "s", "kind": kind, "text": "x"} for kind in ("key", "focus")]
    table = pa.Table.from_pylist(rows, schema=EVENTS_SCHEMA)
    coder = coders.registry.get_coder(SafeSessions)
    assert coder == SafeSessionsCoder()
    assert coder.is_deterministic()
    encoded = coder.encode(SafeSessions(table))
    assert coder.decode(encoded).table.equals(table)
    assert coder.decode(encoded).headers is None
    headers = pa.Table.from_pylist([{"session": "s", "user": "u", "os": "Linux"}], schema=SESSIONS_SCHEMA)
    assert coder.decode(coder.encode(SafeSessions(table, headers))) == SafeSessions(table, headers)
    assert coder.encode(SafeSessions(pa.concat_tables([table.slice(0, 1), table.slice(1)]))) == encoded


def test_a_noisy_aggregate_comes_back_with_its_query() -> None:
    aggregate = NoisyAggregate("model", pa.table({"bin": [0, 1], "value": [-3, 2**40]}))
    coder = coders.registry.get_coder(NoisyAggregate)
    assert coder == NoisyAggregateCoder()
    assert coder.is_deterministic()
    found = coder.decode(coder.encode(aggregate))
    assert found.query == "model"
    assert found.table.equals(aggregate.table, check_metadata=True)
