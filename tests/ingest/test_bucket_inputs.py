"""Recordings in a bucket of a real fake-gcs-server."""

import gzip
from collections.abc import Iterator

import pytest
import zstandard
from google.cloud import storage

from schemas.errors import FailedError, UsageError
from tests.support.gcs import client_of, fake_gcs
from transforms.ingest.formats.adapter import Source
from transforms.ingest.inputs import expand, input_digests, read, total_bytes
from transforms.ingest.settings import IngestSettings
from transforms.object_store import gcs as bucket

_LINE = b'{"kind":"focus","session_id":"s","user_id":"u","seq":0,"t_us":1,"app":"a","title":""}\n'
_KEY = b"k" * 32


@pytest.fixture(scope="module")
def client() -> Iterator[storage.Client]:
    with fake_gcs() as url:
        made = client_of(url)
        put = made.create_bucket("logs").blob
        put("day/a.jsonl").upload_from_string(_LINE * 3)
        put("day/b.jsonl.gz").upload_from_string(gzip.compress(_LINE * 2))
        put("day/deep/c.jsonl.zst").upload_from_string(zstandard.compress(_LINE))
        put("day/[x].jsonl").upload_from_string(_LINE)
        made.create_bucket("others").blob("a.jsonl").upload_from_string(_LINE * 3)
        yield made


@pytest.fixture(autouse=True)
def _served(client: storage.Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bucket, "client", lambda: client)


def _named(*patterns: str) -> list[str]:
    return [source.path for source in expand(patterns, None, None, {})]


def _events(source: Source) -> int:
    return sum(block.table.num_rows for block in read(source, IngestSettings()))


def test_patterns_stop_at_a_slash_and_two_stars_do_not() -> None:
    assert _named("gs://logs/day/*.jsonl*") == [
        "gs://logs/day/[x].jsonl", "gs://logs/day/a.jsonl", "gs://logs/day/b.jsonl.gz",
    ]  # fmt: skip
    assert len(_named("gs://logs/**")) == 4
    assert _named("gs://logs/day/?.jsonl") == ["gs://logs/day/a.jsonl"]
    assert _named("gs://logs/day/[x].jsonl") == ["gs://logs/day/[x].jsonl"]
    with pytest.raises(UsageError, match="matches no object"):
        expand(["gs://logs/night/*"], None, None, {})


def test_objects_are_read_as_files_are_packed_ones_too() -> None:
    sources = expand(["gs://logs/day/**"], None, None, {})
    assert [(source.path.rsplit("/", 1)[1], _events(source)) for source in sources] == [
        ("[x].jsonl", 1), ("a.jsonl", 3), ("b.jsonl.gz", 2), ("c.jsonl.zst", 1),
    ]  # fmt: skip
    packed = len(gzip.compress(_LINE * 2)) + len(zstandard.compress(_LINE))
    assert total_bytes(sources) == 4 * len(_LINE) + 10 * packed


def test_the_same_content_elsewhere_is_the_same_input_and_other_content_is_not() -> None:
    here, there = expand(["gs://logs/day/a.jsonl"], None, None, {}), expand(["gs://others/a.jsonl"], None, None, {})
    assert input_digests(here, _KEY) == input_digests(there, _KEY)
    other = expand(["gs://logs/day/[x].jsonl"], None, None, {})
    assert input_digests(here, _KEY) != input_digests(other, _KEY)
    assert input_digests(here, _KEY) != input_digests(here, b"o" * 32)


def test_an_object_that_is_gone_stops_the_run_and_is_not_named_where_a_runner_logs_it() -> None:
    gone = Source(0, "gs://logs/day/grace.hopper.jsonl", "canonical", None)
    with pytest.raises(FailedError, match="an input in a bucket is missing") as caught:
        _events(gone)
    assert "hopper" not in str(caught.value)


def test_braces_stand_for_nothing_in_a_bucket_and_are_refused() -> None:
    for pattern in ("gs://logs/{day}/*.jsonl", "gs://logs/day/{a", "gs://logs/day/a}.jsonl"):
        with pytest.raises(UsageError, match=r"has braces.*--since-last"):
            expand([pattern], None, None, {})
