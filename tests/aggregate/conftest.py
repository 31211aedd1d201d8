from collections.abc import Callable
from typing import Any

import pyarrow as pa
import pytest

from schemas.safe import REDACTED_SCHEMA

Row = dict[str, Any]
Build = Callable[..., pa.Table]


@pytest.fixture(scope="session")
def build() -> Build:
    """Rows of sessions (``(session, user, rows)``) as a table of the redacted schema."""

    def build_table(*sessions: tuple[str, str, list[Row]]) -> pa.Table:
        rows = [
            {"session": name, "user": user, "seq": seq, "synthetic": False, **row}
            for name, user, events in sessions
            for seq, row in enumerate(events)
        ]
        columns = []
        for column in REDACTED_SCHEMA:
            values = [row.get(column.name) for row in rows]
            if pa.types.is_dictionary(column.type):
                columns.append(pa.array(values, pa.string()).dictionary_encode().cast(column.type))
            else:
                columns.append(pa.array(values, column.type))
        return pa.table(columns, schema=REDACTED_SCHEMA)

    return build_table
