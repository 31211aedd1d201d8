"""Tables that say who agreed to what: CSV, Parquet, or a table of an SQL database by its URL.

A database is named ``dialect://user@host/database#table`` as SQLAlchemy spells it. Each source gives the same lines of
words, and one that leaves any doubt gives none.
"""

import csv
import io
import re
import warnings
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.errors import FailedError, RefusedError
from schemas.ids import canonical_id
from transforms.object_store.addresses import content_of, is_bucket

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_PARQUET = ".parquet"
_TABLE = re.compile(r"(?:[A-Za-z_]\w*\.)?[A-Za-z_]\w*", re.ASCII)
_DIALECT = re.compile(r"[a-z][a-z0-9_]*(?:\+[a-z0-9_]+)?", re.ASCII)
_MAYBE_PASSWORD = re.compile(r":[^@]*@", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TableForm:
    """Form of a table: its columns, the name of an SQL table without one, what errors call it, and its option."""

    columns: tuple[str, ...]
    table: str
    name: str
    option: str


@dataclass(frozen=True, slots=True)
class Line:
    """Line of a table; ``where`` names it for errors, ``cells`` has the words of every column."""

    number: int
    where: str
    cells: Mapping[str, str] = field(repr=False)


def name_source(address: str) -> str:
    """Return an address as errors may show it: of a database its dialect and its table, never account or password.

    >>> name_source("postgresql://reader:secret@db/people?sslpassword=s#consent")
    'postgresql://\u2026#consent'
    """
    if not (is_database(address) or _MAYBE_PASSWORD.search(address)):
        return address
    url, _, table = address.partition("#")
    dialect, _, rest = url.partition(":")
    shown = dialect if _DIALECT.fullmatch(dialect) and rest.startswith("/") else "\u2026"
    return f"{shown}://\u2026" + (f"#{table}" if _TABLE.fullmatch(table) else "")


def is_database(address: str) -> bool:
    """Return whether an address names a database, and no file or object."""
    return "://" in address and not is_bucket(address)


def read_lines(address: str, form: TableForm) -> list[Line]:
    """Read all lines of a table; raise ``RefusedError`` where it cannot be read or has another form."""
    name = f"{form.name} {name_source(address)}"
    if is_database(address):
        return list(_number(_read_database(address, form, name), name, form, "row"))
    try:
        content = content_of(address)
    except (OSError, FailedError):
        raise RefusedError(f"{name} cannot be read; name a readable file with {form.option}") from None
    if address.endswith(_PARQUET):
        return list(_number(_read_parquet(content, form, name), name, form, "row"))
    return _read_csv(content, form, name)


def parse_instant(text: str, where: str, column: str) -> int:
    """Parse an instant as microseconds since the epoch; raise ``RefusedError`` where it names no offset."""
    try:
        instant = datetime.fromisoformat(text)
    except ValueError:
        instant = None
    if instant is None or instant.utcoffset() is None:
        raise RefusedError(
            f"{where}: {column} is not a time with its offset, such as 2026-11-29T14:05:00+01:00; correct it"
        )
    return to_microseconds(instant)


def parse_user(text: object, where: str, *, fold_case: bool) -> str:
    """Parse the id of a user; raise ``RefusedError`` where it is empty or holds an invisible character."""
    try:
        return canonical_id(text if isinstance(text, str) else "", fold_case=fold_case)
    except ValueError:
        raise RefusedError(f"{where}: user_id is empty or holds an invisible character; correct it") from None


def to_microseconds(instant: datetime) -> int:
    """Return the microseconds since the epoch."""
    return (instant - _EPOCH) // timedelta(microseconds=1)


def _read_csv(content: bytes, form: TableForm, name: str) -> list[Line]:
    try:
        rows = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""))
        if tuple(rows.fieldnames or ()) != form.columns:
            raise _wrong_columns(name, form)
        return [_line(row, rows.line_num, f"{name}, line {rows.line_num}") for row in rows]
    except (UnicodeDecodeError, csv.Error):
        raise RefusedError(f"{name} is not CSV in UTF-8; save it as UTF-8 CSV") from None


def _line(row: Mapping[Any, Any], number: int, where: str) -> Line:
    if None in row or None in row.values():
        raise RefusedError(f"{where}: a field is missing or too many; correct the line")
    return Line(number, where, row)


def _wrong_columns(name: str, form: TableForm) -> RefusedError:
    return RefusedError(f"{name} must have exactly the columns {','.join(form.columns)}")


def _read_parquet(content: bytes, form: TableForm, name: str) -> list[tuple[object, ...]]:
    try:
        table = pq.read_table(io.BytesIO(content))
    except (pa.ArrowException, OSError):
        raise RefusedError(f"{name} is not Parquet that can be read; write it again") from None
    if sorted(table.column_names) != sorted(form.columns):
        raise _wrong_columns(name, form)
    return list(zip(*(table[column].to_pylist() for column in form.columns), strict=True))


def _read_database(address: str, form: TableForm, name: str) -> list[tuple[object, ...]]:
    """Read the columns by one statement: what it gives was true at one instant."""
    try:
        import sqlalchemy as sa  # noqa: PLC0415 - an extra of its own
    except ImportError:
        raise RefusedError(f"{name} needs SQLAlchemy: pip install 'keyveil[sql]'") from None
    url, _, table = address.partition("#")
    table = table or form.table
    if not _TABLE.fullmatch(table):
        raise RefusedError(f"{name}: the word after # is no name of a table; write table or schema.table")
    schema, _, word = table.rpartition(".")
    try:
        with warnings.catch_warnings(action="ignore"):  # a warning would quote parts of the address
            return _select(url, word, schema, form, name)
    except (sa.exc.SQLAlchemyError, ImportError, TypeError, ValueError) as error:
        raise RefusedError(f"{name} cannot be read ({type(error).__name__}); check address, table and driver") from None


def _select(url: str, table: str, schema: str, form: TableForm, name: str) -> list[tuple[object, ...]]:
    import sqlalchemy as sa  # noqa: PLC0415 - an extra of its own

    parsed = sa.make_url(url)
    if parsed.get_backend_name() == "sqlite" and not Path(parsed.database or "").is_file():
        raise RefusedError(f"{name}: the database file is missing; name an existing one")  # else it would be made
    columns: list[sa.ColumnClause[object]] = [sa.column(column) for column in form.columns]
    found = sa.select(*columns).select_from(sa.table(table, schema=schema or None)).order_by(*columns)
    engine = sa.create_engine(parsed)
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "sqlite":  # a long sort would write its rows to a temporary file
                connection.exec_driver_sql("PRAGMA temp_store = MEMORY")
            return [tuple(row) for row in connection.execute(found)]
    finally:
        engine.dispose()


def _number(rows: Iterable[Sequence[object]], name: str, form: TableForm, what: str) -> Iterator[Line]:
    for number, row in enumerate(rows, 1):
        where = f"{name}, {what} {number}"
        cells = {column: _word(cell, where, column) for column, cell in zip(form.columns, row, strict=True)}
        yield Line(number, where, cells)


def _word(cell: object, where: str, column: str) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime):
        return cell.isoformat()
    if isinstance(cell, str) or type(cell) is int:
        return str(cell)
    raise RefusedError(f"{where}: {column} is neither a text, a whole number nor a time; change its type")
