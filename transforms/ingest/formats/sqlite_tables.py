"""Tables of a recorder's SQLite database, opened as a hostile file: read from memory, only as plain tables.

Views, triggers, virtual tables and functions that a schema may bring along are never run: every statement is asked for
(``set_authorizer``), the schema is not trusted, and work is bounded.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

MAGIC = b"SQLite format 3\0"
_ALLOWED = frozenset({sqlite3.SQLITE_SELECT, sqlite3.SQLITE_READ})
_STEP, _STEPS_A_BYTE, _FREE_STEPS = 1_000, 50, 50_000_000
_LONGEST = 64 << 20
_MOST_ROWS = 1 << 62

Row = dict[str, object]


def row_id(row: Row) -> int:
    """Return the id of a row, 0 where it is no ordinal."""
    place = row.get("id")
    return place if isinstance(place, int) and 0 <= place < _MOST_ROWS else 0


@dataclass(frozen=True, slots=True)
class Tables:
    """The plain tables of a database of ``size`` bytes, with their columns."""

    connection: sqlite3.Connection
    size: int
    columns: dict[str, tuple[str, ...]]

    def rows(self, table: str, order: str) -> Iterator[Row]:
        """Yield the rows of a table in order of a column; none where there is no such table or column.

        Raises ``ValueError`` where the database is damaged.
        """
        columns = self.columns.get(table, ())
        if order not in columns:
            return
        wanted = ", ".join(f'"{name}"' for name in columns)
        try:
            found = self.connection.execute(f'SELECT rowid, {wanted} FROM "{table}"')  # noqa: S608 - our own names
            rows = [(row[0], dict(zip(columns, row[1:], strict=True))) for row in self._within_size(found)]
        except sqlite3.Error:
            raise ValueError("damaged") from None
        rows.sort(
            key=lambda row: (_rank(row[1][order]), row[0])
        )  # here: SQLite sorts long tables in a file, in the clear
        yield from (row for _, row in rows)

    def _within_size(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """Yield rows while all that was read fits the file: damaged pages may give one text for a million rows."""
        left = self.size
        for row in rows:
            left -= 1 + sum(len(value) for value in row if isinstance(value, str | bytes))
            if left < 0:
                raise ValueError("size")
            yield row


@contextmanager
def open_tables(content: bytes, wanted: dict[str, tuple[str, ...]]) -> Iterator[Tables]:
    """Open a database that is in memory, for those ``wanted`` columns of tables that it has.

    Raises ``ValueError`` where the content is no database or a table is none.
    """
    if not content.startswith(MAGIC):
        raise ValueError("magic")
    connection = sqlite3.connect(":memory:")
    try:
        connection.deserialize(content)
        connection.text_factory = lambda text: text.decode(errors="replace")
        connection.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, _LONGEST)
        connection.execute("PRAGMA trusted_schema = OFF")
        connection.execute("PRAGMA cell_size_check = ON")
        connection.execute("PRAGMA query_only = ON")
        found = {name: _columns(connection, name, columns) for name, columns in wanted.items()}
        connection.set_authorizer(lambda action, *_: sqlite3.SQLITE_OK if action in _ALLOWED else sqlite3.SQLITE_DENY)
        left = [(_FREE_STEPS + len(content) * _STEPS_A_BYTE) // _STEP]
        connection.set_progress_handler(lambda: _spend(left), _STEP)
        yield Tables(connection, len(content), {name: columns for name, columns in found.items() if columns})
    except (sqlite3.Error, MemoryError):  # a damaged page may claim more bytes than SQLite gives out
        raise ValueError("damaged") from None
    finally:
        connection.close()


def _rank(value: object) -> tuple[int, float, str, bytes]:
    """Return the place of a value in SQLite's order: nothing, numbers, texts, bytes."""
    if isinstance(value, int | float):
        return 1, value, "", b""
    if isinstance(value, str):
        return 2, 0, value, b""
    return (3, 0, "", value) if isinstance(value, bytes) else (0, 0, "", b"")


def _spend(left: list[int]) -> bool:
    """Count a thousand steps of the machine; true, which stops it, where they are used up."""
    left[0] -= 1
    return left[0] < 0


def _columns(connection: sqlite3.Connection, table: str, wanted: tuple[str, ...]) -> tuple[str, ...]:
    kinds = connection.execute("SELECT type, sql FROM sqlite_master WHERE name = ?", (table,)).fetchall()
    if [kind for kind, _ in kinds] != ["table"] or "virtual" in str(kinds[0][1]).lower().split("(")[0]:
        return ()
    # a column that a schema computes (GENERATED ALWAYS AS) is hidden 2 or 3 and is not read
    info = connection.execute(f'PRAGMA table_xinfo("{table}")').fetchall()
    there = {name for _, name, *_, hidden in info if hidden == 0}
    return tuple(name for name in wanted if name in there)
