"""Our side of ``aggregates.py``: the stages of a run from contributions to noisy tables."""

from collections.abc import Callable, Iterator
from pathlib import Path

import apache_beam as beam
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from schemas.aggregates import UnitCounts
from transforms.aggregate.bounding import CONTRIBUTIONS
from transforms.aggregate.plan import plan_aggregates
from transforms.aggregate.settings import AggregateSettings, TableBound
from transforms.aggregate.stage import AddTableNoise, AdmitValues, AggregateKeys, BoundAndSum, GroupUnits
from transforms.beamkit.coders import register
from transforms.beamkit.sealed_shuffle import ExchangeSettings
from transforms.keys.key_set import KeyReference, create_key_set
from transforms.privacy.run_key import RunKeyReference

_GROUP_ROWS = 16_384
_BUCKETS = 4


class _Read(beam.DoFn):
    """A reader that yields every row twice, as a run does: for the admission of its value, and for the table."""

    def process(self, element: str) -> Iterator[UnitCounts]:
        for batch in pq.ParquetFile(element).iter_batches(_GROUP_ROWS):
            nothing, ones = pa.nulls(len(batch), pa.string()), pa.array(np.ones(len(batch), np.int64))
            for query, action in (("rare/app", nothing), ("actions_per_app", pa.repeat("key", len(batch)))):
                columns = [pa.repeat(query, len(batch)), batch["user"], batch["app"], action, nothing, ones]
                yield UnitCounts(pa.table(columns, schema=CONTRIBUTIONS))


def graph(
    folder: Path, *, partitions: int, per_partition: int, epsilon: float, delta: float
) -> Callable[[beam.PCollection[str]], beam.PCollection[object]]:
    """Build the graph after the names of the files, with keys and spill in ``folder``."""
    values = dict.fromkeys(AggregateSettings().rare_partitions, 0) | {"app": partitions}
    tables = AggregateSettings().tables | {"actions_per_app": TableBound(partitions, per_partition, 100.0)}
    plan = plan_aggregates(
        AggregateSettings(
            naming=True,
            counting=True,
            rare_epsilon=epsilon / 2,
            rare_delta=delta / 2,
            rare_fewest_users=1,
            rare_partitions=values,
            tables_epsilon=epsilon / 2,
            tables_delta=delta / 2,
            tables=tables,
        )
    )
    create_key_set(folder / "keys")
    (folder / "spill").mkdir()
    exchange = ExchangeSettings(KeyReference.parse(str(folder / "keys")), "run", str(folder / "spill"))
    keys = AggregateKeys(exchange.keys, RunKeyReference("benchmark", None))
    register()

    def build(files: beam.PCollection[str]) -> beam.PCollection[object]:
        units = files | beam.ParDo(_Read()).with_output_types(UnitCounts) | GroupUnits(exchange, _BUCKETS)
        admitted = units | AdmitValues(plan, keys, exchange)
        noisy = units | BoundAndSum(plan, keys, exchange, admitted) | AddTableNoise(plan, keys)
        return noisy | beam.FlatMap(_rows)

    return build


def _rows(aggregate: object) -> list[object]:
    return aggregate.table.to_pylist() if aggregate.query == "actions_per_app" else []
