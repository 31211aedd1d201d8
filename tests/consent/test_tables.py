"""A registry says the same as CSV, as Parquet and in a database, or it stops the run."""

import sqlite3
import warnings
from datetime import UTC, datetime
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import sqlalchemy as sa

from schemas.errors import RefusedError
from tests.support.open_files import list_open_files
from tests.support.postgres import serve_postgres
from transforms.consent.registry import REGISTRY, read_registry
from transforms.consent.restriction_files import read_pauses
from transforms.consent.tables import is_database, name_source, read_lines

_NOW = datetime(2024, 6, 1, tzinfo=UTC)
_GRANTED = datetime(2024, 1, 1, tzinfo=UTC)
_WITHDRAWN = datetime(2024, 2, 1, tzinfo=UTC)
_ROWS = [("ann", "training", "1", _GRANTED, None), ("bob", "training", "1", _GRANTED, _WITHDRAWN)]
_WORDS = [tuple(cell.isoformat() if isinstance(cell, datetime) else cell for cell in row) for row in _ROWS]
_CREATE = "CREATE TABLE {} (user_id TEXT, purpose TEXT, version TEXT, granted_at {}, withdrawn_at {}, note TEXT)"


def grants(address: str) -> dict[str, dict[str, int]]:
    return {user: dict(versions) for user, versions in read_registry(address, "training", _NOW).grants.items()}


_WANTED = {"ann": {"1": 1_704_067_200_000_000}}


def write_sqlite(path: Path, table: str = "consent") -> str:
    with sqlite3.connect(path) as database:
        database.execute(_CREATE.format(table, "TEXT", "TEXT"))
        database.executemany(f"INSERT INTO {table} VALUES (?, ?, ?, ?, ?, 'x')", _WORDS)  # noqa: S608 - our own name
    database.close()
    return f"sqlite:///{path}"


def test_a_parquet_file_with_instants_or_words_is_a_registry(tmp_path: Path) -> None:
    for name, rows in (("instants", _ROWS), ("words", _WORDS)):
        table = pa.table([list(cells) for cells in zip(*rows, strict=True)], names=list(REGISTRY.columns))
        pq.write_table(table, tmp_path / f"{name}.parquet")
        assert grants(str(tmp_path / f"{name}.parquet")) == _WANTED


def test_a_table_of_sqlite_is_a_registry_by_its_own_name_or_another(tmp_path: Path) -> None:
    assert grants(write_sqlite(tmp_path / "a.db")) == _WANTED
    assert grants(write_sqlite(tmp_path / "b.db", "people") + "#people") == _WANTED


def test_a_long_sort_of_a_registry_writes_no_file(tmp_path: Path) -> None:
    address = write_sqlite(tmp_path / "a.db")
    with sqlite3.connect(tmp_path / "a.db") as database:
        long = [(f"{number % 7}{'z' * 30_000}", *_WORDS[0][1:]) for number in range(200)]
        database.executemany("INSERT INTO consent VALUES (?, ?, ?, ?, ?, 'x')", long)
    database.close()
    seen: list[str] = []

    def look(*_: object) -> None:
        seen.extend(list_open_files())

    sa.event.listen(sa.engine.Engine, "after_cursor_execute", look)
    try:
        assert len(read_lines(address, REGISTRY)) == 202
    finally:
        sa.event.remove(sa.engine.Engine, "after_cursor_execute", look)
    assert any(name.endswith("a.db") for name in seen)
    assert [name for name in seen if "etilqs" in name] == []


def test_a_table_of_postgresql_is_a_registry_and_holds_pauses() -> None:
    with serve_postgres() as url:
        engine = sa.create_engine(url)
        with engine.begin() as connection:
            connection.execute(sa.text("CREATE SCHEMA hr"))
            kinds = ("TIMESTAMPTZ", "TIMESTAMPTZ")
            connection.execute(sa.text(_CREATE.format("hr.consent", *kinds)))
            insert = sa.text("INSERT INTO hr.consent VALUES (:a, :b, :c, :d, :e)")
            connection.execute(insert, [dict(zip("abcde", row, strict=True)) for row in _ROWS])
            connection.execute(
                sa.text(
                    "CREATE TABLE pauses AS SELECT 'ann' AS user_id, 'pause' AS kind, now() AS starts_at, "
                    "now() + interval '30 minutes' AS ends_at, '' AS granted_by"
                )
            )
            connection.execute(
                sa.text(
                    "CREATE TABLE plain AS SELECT *, 1.5 AS version FROM (SELECT user_id, purpose, "
                    "granted_at::timestamp, withdrawn_at FROM hr.consent) AS old"
                )
            )
        engine.dispose()
        assert grants(f"{url}#hr.consent") == _WANTED
        ((begin, end),) = read_pauses(url, fold_case=True).pauses["ann"]
        assert end - begin == 30 * 60 * 1_000_000
        with pytest.raises(RefusedError, match="row 1: version is neither"):
            grants(f"{url}#plain")
        with pytest.raises(RefusedError, match="cannot be read"):
            grants(f"{url}#nowhere")
    with pytest.raises(RefusedError, match="cannot be read"):
        grants(f"{url}#hr.consent")


@pytest.mark.parametrize(
    ("address", "rule"),
    [
        ("sqlite:///{}/none.db", "missing"),
        ("sqlite://", "missing"),
        ("sqlite:///{}/a.db#people; DROP TABLE consent", "no name of a table"),
        ("sqlite:///{}/a.db#none", "cannot be read"),
        ("nodialect://x", "cannot be read"),
        ("postgresql://db:zebrafish/people", "cannot be read"),
        ("{}/torn.parquet", "not Parquet"),
        ("{}/other.parquet", "exactly the columns"),
        ("{}/none.parquet", "cannot be read"),
    ],
)
def test_a_source_that_cannot_be_read_stops_the_run(tmp_path: Path, address: str, rule: str) -> None:
    write_sqlite(tmp_path / "a.db")
    (tmp_path / "torn.parquet").write_bytes(b"PAR1")
    pq.write_table(pa.table({"user_id": ["zebrafish"]}), tmp_path / "other.parquet")
    with pytest.raises(RefusedError, match=rule) as refused:
        grants(address.format(tmp_path))
    assert "zebrafish" not in str(refused.value)
    assert not (tmp_path / "none.db").exists()


def test_no_warning_quotes_an_address(tmp_path: Path) -> None:
    address = write_sqlite(tmp_path / "a.db")
    with warnings.catch_warnings(record=True, action="always") as seen:
        assert grants(f"{address}?hunter2=1") == _WANTED
    assert seen == []


def test_an_error_shows_no_password() -> None:
    address = "postgresql+psycopg://reader:hunter2@localhost:1/people"
    with pytest.raises(RefusedError) as refused:
        read_lines(address, REGISTRY)
    assert "hunter2" not in str(refused.value)


@pytest.mark.parametrize(
    ("address", "shown"),
    [
        ("consent.csv", "consent.csv"),
        ("gs://people/consent.csv", "gs://people/consent.csv"),
        ("postgresql+psycopg://reader:hunter2@db/people#hr.consent", "postgresql+psycopg://…#hr.consent"),
        ("postgresql://db/people?user=reader&password=hunter2", "postgresql://…"),
        ("postgresql://reader@hunter2.example/people", "postgresql://…"),
        ("postgresql://reader:hunter2#b@db/people#consent", "postgresql://…"),
        ("mssql://db/people#people; hunter2", "mssql://…"),
        ("reader:hunter2://db", "…://…"),
        ("reader hunter2://db", "…://…"),
        ("postgresql:/reader:hunter2@db/people#consent", "postgresql://…#consent"),
        ("reader@consent:hunter2.csv", "reader@consent:hunter2.csv"),
        ("s3://reader:hunter2@people/consent.csv", "s3://…"),
        ("s3://people/consent.csv", "s3://people/consent.csv"),
    ],
)
def test_of_a_database_only_dialect_and_table_are_shown(address: str, shown: str) -> None:
    assert name_source(address) == shown


def test_files_and_buckets_are_no_databases() -> None:
    assert [is_database(address) for address in ("a.csv", "gs://a/b.csv", "sqlite:///a.db")] == [False, False, True]
