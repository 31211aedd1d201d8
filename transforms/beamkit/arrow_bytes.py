"""Tables as bytes: Arrow IPC streams, the same rows always as the same bytes."""

import pyarrow as pa


def to_stream(table: pa.Table) -> bytes:
    """Serialize a table as an IPC stream, in one record batch if it fits into one."""
    sink = pa.BufferOutputStream()
    whole = table.combine_chunks()
    with pa.ipc.new_stream(sink, whole.schema) as writer:
        writer.write_table(whole)
    content: bytes = sink.getvalue().to_pybytes()
    return content


def from_stream(stream: bytes | memoryview | pa.Buffer) -> pa.Table:
    """Parse the table from an IPC stream that ``to_stream`` wrote."""
    return pa.ipc.open_stream(pa.py_buffer(stream)).read_all()
