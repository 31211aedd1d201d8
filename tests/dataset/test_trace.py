"""Traces in private state: what is written is read again, sealed or clear."""

import io
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from schemas.safe import TRACE_SCHEMA, TraceRows
from transforms.dataset.trace import TRACE_CONTEXT, TraceTarget, write_trace
from transforms.keys.envelope import unseal
from transforms.keys.key_set import KeySet

ROWS = TraceRows(
    pa.Table.from_pylist(
        [{"session_id": "desk-1", "session": "s", "seq": 0, "source_seqs": [4, 5]}], schema=TRACE_SCHEMA
    )
)


@pytest.mark.parametrize("clear", [True, False])
def test_a_trace_is_written_into_a_folder_of_its_own_and_read_again(tmp_path: Path, keys: KeySet, clear: bool) -> None:
    folder = tmp_path / "private" / "trace"
    names = [
        *write_trace(ROWS, TraceTarget(str(folder), clear), keys),
        *write_trace(ROWS, TraceTarget(str(folder), clear), keys),
    ]
    assert sorted(names) == sorted(path.name for path in folder.iterdir())
    assert len(set(names)) == 2
    for name in names:
        content = (folder / name).read_bytes()
        assert (b"desk-1" in content) <= clear
        plain = content if clear else unseal(keys.quarantine_private(), content, TRACE_CONTEXT)
        assert pq.read_table(io.BytesIO(plain)).equals(ROWS.table)
