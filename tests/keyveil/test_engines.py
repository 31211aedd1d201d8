"""The recipes of the README: DuckDB and polars over the dataset, clear and sealed, on a disk and in a bucket."""

import uuid
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import duckdb
import polars as pl
import pyarrow as pa
import pytest
from pyarrow import fs

from keyveil import episodes, open_dataset, open_release
from keyveil.huggingface import streaming_dataset
from schemas.errors import FailedError, RefusedError, UsageError
from tests.keyveil.conftest import Published
from tests.support.gcs import client_of, fake_gcs
from transforms.object_store.addresses import open_store


def kinds(release: Published) -> Counter[str]:
    return Counter(pa.concat_tables(release.tables)["kind"].to_pylist())


def test_duckdb_queries_the_dataset(release: Published) -> None:
    with duckdb.connect() as connection:
        connection.register("events", open_dataset(str(release.home), keys=release.reader))
        found = connection.sql("select kind, count(*) from events where seq >= 0 group by kind").fetchall()
        nested = connection.sql("select redactions[1].entity from events where len(redactions) > 0 limit 1").fetchall()
    assert Counter(dict(found)) == kinds(release)
    assert nested == [("PERSON",)]


def test_polars_scans_the_dataset(release: Published) -> None:
    events = pl.scan_pyarrow_dataset(open_dataset(str(release.home), keys=release.reader))
    found = events.filter(pl.col("seq") >= 0).group_by("kind").len().collect()
    assert Counter(dict(found.iter_rows())) == kinds(release)
    assert events.select("session").unique().collect().height == len(release.sessions)


def test_an_altered_shard_reaches_no_query(release: Published, tmp_path: Path) -> None:
    copy = tmp_path / "typing"
    for path in release.home.rglob("*"):
        if path.is_file():
            target = copy / path.relative_to(release.home)
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(path.read_bytes())
    next((copy / "releases").rglob("events/*.parquet")).write_bytes(b"PAR1")
    with duckdb.connect() as connection:
        connection.register("events", open_dataset(str(copy), keys=release.reader))
        with pytest.raises((FailedError, duckdb.Error), match="not the file that the manifest signed"):
            connection.sql("select max(key) from events").fetchall()


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """Give the address of a bucket server that keeps everything in memory."""
    with fake_gcs() as address:
        yield address


def uploaded(release: Published, address: str) -> tuple[str, fs.GcsFileSystem]:
    """Copy a release into a new bucket; return its address there and a file system that reaches it."""
    bucket = client_of(address).create_bucket(f"readers-{uuid.uuid4().hex}")
    for path in release.home.rglob("*"):
        if path.is_file():
            bucket.blob(f"data/typing/{path.relative_to(release.home)}").upload_from_filename(str(path))
    host = address.removeprefix("http://")
    return f"gs://{bucket.name}/data/typing", fs.GcsFileSystem(anonymous=True, scheme="http", endpoint_override=host)


def test_a_bucket_reads_like_a_folder(release: Published, bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    uri, reached = uploaded(release, bucket)
    monkeypatch.setattr(fs, "GcsFileSystem", lambda: reached)
    opened = open_release(uri, keys=release.reader)
    assert opened.folder.shown.startswith(uri + "/releases/")
    assert Counter(opened.dataset().to_table(["kind"])["kind"].to_pylist()) == kinds(release)
    found = episodes(uri, keys=release.reader, seed=1, columns=["seq"])
    assert sorted(episode.session for episode in found) == release.sessions
    with duckdb.connect() as connection:
        connection.register("events", opened.dataset())
        assert connection.sql("select count(distinct session) from events").fetchall() == [(len(release.sessions),)]
    assert pl.scan_pyarrow_dataset(opened.dataset()).select("session").unique().collect().height == len(
        release.sessions
    )
    stream = streaming_dataset(uri, keys=release.reader, columns=["seq"], filesystem=reached)
    assert [example["session"] for example in stream] == release.sessions


def test_s3_reads_like_a_folder(
    release: Published, s3_server: str, s3_bucket: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = open_store(f"{s3_bucket}/data/typing")
    for path in release.home.rglob("*"):
        if path.is_file():
            store.put_if_absent(path.relative_to(release.home).as_posix(), path.read_bytes())
    monkeypatch.setenv("KEYVEIL_S3_ENDPOINT", s3_server)
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "made-up")
    opened = open_release(f"{s3_bucket}/data/typing", keys=release.reader)
    assert opened.folder.shown.startswith(f"{s3_bucket}/data/typing/releases/")
    assert Counter(opened.dataset().to_table(["kind"])["kind"].to_pylist()) == kinds(release)
    monkeypatch.setenv("AWS_ENDPOINT_URL", "https://elsewhere.example")
    with pytest.raises(RefusedError, match="AWS_ENDPOINT_URL"):
        open_release(f"{s3_bucket}/data/typing", keys=release.reader)


def test_what_is_missing_in_a_bucket_is_named(release: Published, bucket: str) -> None:
    uri, reached = uploaded(release, bucket)
    with pytest.raises(UsageError, match=r"gs://.*/elsewhere holds no catalog\.json"):
        open_release(f"{uri}/elsewhere", keys=release.reader, filesystem=reached)
    name = uri.removeprefix("gs://").partition("/")[0]
    stored = client_of(bucket).bucket(name)
    shard = next(blob for blob in stored.list_blobs() if "/events/" in blob.name)
    shard.delete()
    with pytest.raises(FailedError, match=rf"{shard.name.rpartition('/')[2]} is missing"):
        open_dataset(uri, keys=release.reader, filesystem=reached).to_table()
