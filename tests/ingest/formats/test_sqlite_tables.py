"""A database of a recorder is read in memory alone."""

import sqlite3
from contextlib import closing

import pytest

from tests.support.open_files import list_open_files
from transforms.ingest.formats.sqlite_tables import Tables, open_tables

_ROWS, _BYTES = 300, 32_000
"""More than twice what the cache of SQLite holds by default, and a sort gives it all."""


def _recorded() -> bytes:
    with closing(sqlite3.connect(":memory:")) as base:
        base.execute("CREATE TABLE seen (at INTEGER, text TEXT)")
        base.executemany(
            "INSERT INTO seen VALUES (?, ?)", [(_ROWS - at, "zebra" * (_BYTES // 5)) for at in range(_ROWS)]
        )
        base.commit()
        return base.serialize()


def test_a_sort_larger_than_the_cache_writes_no_file() -> None:
    with open_tables(_recorded(), {"seen": ("at", "text")}) as tables:
        rows = tables.rows("seen", "at")
        assert next(rows)["at"] == 1
        assert [name for name in list_open_files() if "etilqs" in name] == []
        assert sum(1 for _ in rows) == _ROWS - 1


def _made(*statements: str) -> bytes:
    with closing(sqlite3.connect(":memory:")) as base:
        for statement in statements:
            base.execute(statement)
        base.commit()
        return base.serialize()


def test_rows_stand_in_sqlite_s_own_order_and_equal_ones_as_they_were_written() -> None:
    content = _made(
        "CREATE TABLE seen (at, text TEXT)",
        "INSERT INTO seen VALUES (2, 'a'), (NULL, 'b'), ('10', 'c'), (1.5, 'd')",
        "INSERT INTO seen VALUES (x'00', 'e'), (2, 'f'), ('1', 'g'), (-3, 'h')",
    )
    with open_tables(content, {"seen": ("at", "text")}) as tables:
        assert "".join(str(row["text"]) for row in tables.rows("seen", "at")) == "bhdafgce"


@pytest.mark.parametrize(("spare", "fits"), [(0, True), (-1, False)])
def test_rows_give_no_more_than_the_file_holds(*, spare: int, fits: bool) -> None:
    with closing(sqlite3.connect(":memory:")) as base:
        base.execute("CREATE TABLE seen (at INTEGER, text TEXT, packed BLOB)")
        base.execute("INSERT INTO seen VALUES (1, 'zebra', x'0011'), (2, 'lamp', NULL)")
        rows = Tables(base, 2 + len("zebralamp") + 2 + spare, {"seen": ("at", "text", "packed")}).rows("seen", "at")
        if fits:
            assert [row["at"] for row in rows] == [1, 2]
        else:
            with pytest.raises(ValueError, match="size"):
                next(rows)


def test_a_view_that_calls_itself_a_table_is_refused() -> None:
    content = _made(
        "CREATE VIEW seen AS SELECT 1 AS at",
        "PRAGMA writable_schema = ON",
        "UPDATE sqlite_master SET type = 'table' WHERE name = 'seen'",
    )
    with pytest.raises(ValueError, match="damaged"), open_tables(content, {"seen": ("at",)}):
        pass
