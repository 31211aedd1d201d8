"""The minimal job on this input, with pyarrow alone: parse the JSON, sort by session, write Parquet.

Run: python limit.py OUTPUT FILE [FILE ...]
"""

import sys
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
from pyarrow import json as arrow_json

from schemas.raw import LOG_SCHEMA


def main() -> None:
    """Run the job."""
    pa.set_cpu_count(1)
    output, *files = sys.argv[1:]
    parse = arrow_json.ParseOptions(explicit_schema=LOG_SCHEMA, unexpected_field_behavior="error")
    tables = []
    for file in files:
        with pa.input_stream(file, compression="detect") as stream:
            options = arrow_json.ReadOptions(use_threads=False, block_size=8 << 20)
            tables.append(arrow_json.read_json(stream, options, parse))
    table = pa.concat_tables(tables).sort_by([("session_id", "ascending"), ("seq", "ascending")])
    Path(output).mkdir(parents=True)
    pq.write_table(table, f"{output}/part.parquet", compression="zstd")


if __name__ == "__main__":
    main()
