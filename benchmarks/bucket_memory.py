"""Memory that one bucket of sessions takes while it is put together, at the size that a large day gives it.

Run: python -m benchmarks.bucket_memory [--events 100000000] [--bytes-an-event 187]

Counts alone decide the size: so many events of so many bytes make ``buckets_for`` their bytes. One such bucket is made
of copies of the bundled recording, under other session ids, and grouped in a process of its own.
"""

import argparse
import resource
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from transforms.ingest.inputs import expand, read
from transforms.ingest.partition import buckets_for
from transforms.ingest.session_group import group
from transforms.ingest.settings import IngestSettings

LOG = Path(__file__).parents[1] / "examples" / "recordings" / "synthetic-office.jsonl"
MOST_SESSION_EVENTS = 10**6


def copies(events: int) -> list[pa.Table]:
    """Return at least so many rows of the bundled recording, each copy under session ids of its own."""
    (source,) = expand([str(LOG)], None, None, {})
    base = pa.concat_tables([block.table for block in read(source, IngestSettings()) if block.table is not None])
    at, ids = base.schema.get_field_index("session_id"), base["session_id"].cast(pa.string())
    return [
        base.set_column(at, "session_id", pc.binary_join_element_wise(ids, f"-{number}", ""))
        for number in range(-(-events // base.num_rows))
    ]


def peak_mib() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--events", type=int, default=10**8)
    parser.add_argument("--bytes-an-event", type=int, default=187)
    chosen = parser.parse_args()
    pa.set_memory_pool(pa.system_memory_pool())
    buckets = buckets_for(chosen.events * chosen.bytes_an_event)
    tables = copies(chosen.events // buckets)
    rows, before = sum(table.num_rows for table in tables), peak_mib()
    group(tables, MOST_SESSION_EVENTS)
    print(
        f"{chosen.events:,} events: {buckets:,} buckets of {rows:,} events; {before:.0f} MiB before, "
        f"{peak_mib():.0f} MiB at most, {(peak_mib() - before) * 2**20 / rows:.0f} bytes an event"
    )


if __name__ == "__main__":
    main()
