import apache_beam as beam
import pyarrow as pa
import pytest
from apache_beam.testing.util import assert_that

from schemas.errors import FailedError
from schemas.raw import RAW_SCHEMA, RawSessions, TypedSessions
from transforms.keystrokes.stage import ReconstructText, _Reconstruct


def batch(text: str) -> RawSessions:
    rows = [
        {"session_id": "s", "episode": 0, "kind": "key", "action": "down", "key": char, "modifiers": []}
        for char in text
    ]
    return RawSessions(pa.Table.from_pylist(rows, schema=RAW_SCHEMA))


def check(elements: list[TypedSessions]) -> None:
    assert sorted(field.cells for element in elements for field in element.fields) == ["ab", "cd"]


def test_every_batch_gets_its_fields() -> None:
    with beam.Pipeline(runner="FnApiRunner") as pipeline:
        batches = pipeline | beam.Create([batch("ab"), batch("cd")])
        assert_that(batches | ReconstructText(), check)


def test_an_error_says_nothing_of_what_was_typed() -> None:
    broken = RawSessions(pa.table({"session_id": ["hunter2"]}))
    with pytest.raises(FailedError) as caught:
        list(_Reconstruct().process(broken))
    assert "hunter2" not in str(caught.value)
    assert caught.value.__cause__ is None
    assert caught.value.__suppress_context__
