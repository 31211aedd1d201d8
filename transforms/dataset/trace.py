"""Trace of released rows to source events, in private state: sealed to the quarantine key, clear for evaluation."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from schemas.safe import TraceRows
from transforms.keys.envelope import seal
from transforms.keys.key_set import KeySet
from transforms.object_store.atomic_files import make_folders, replace_file

TRACE_CONTEXT = b"keyveil-trace-v1"


@dataclass(frozen=True, slots=True)
class TraceTarget:
    """Folder of a trace; ``clear`` is for evaluation only."""

    folder: str
    clear: bool


def write_trace(rows: TraceRows, target: TraceTarget, keys: KeySet) -> Iterator[str]:
    """Write ``rows`` to a new file and yield its name."""
    folder = Path(target.folder)
    make_folders(folder)
    sink = pa.BufferOutputStream()
    pq.write_table(rows.table, sink, compression="zstd")
    content = sink.getvalue().to_pybytes()
    name = f"{uuid.uuid4().hex}.parquet" if target.clear else f"{uuid.uuid4().hex}.sealed"
    with replace_file(folder / name) as file:
        file.write(content if target.clear else seal(keys.quarantine_public(), content, TRACE_CONTEXT))
    yield name
