"""Tables from contributions: admission, exact sums on public cells, noise, quantiles."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.aggregates import OTHER, AdmittedValues, ExactAggregate, NoisyAggregate
from transforms.aggregate.bounding import CELL, CONTRIBUTIONS, merge_contributions
from transforms.aggregate.partition_selection import select_partitions as decide
from transforms.aggregate.plan import AggregatePlan
from transforms.aggregate.queries import QUANTILES, QUERIES, Query, rare_query
from transforms.aggregate.settings import Space
from transforms.keys.pseudonym import frame_parts
from transforms.privacy.mechanisms import discrete_gaussian
from transforms.privacy.uniform_words import words

COUNT = "count"
_SUFFIX = "_quantiles"
BY_NAME: Mapping[str, Query] = {query.name: query for query in QUERIES}


def admit(sums: pa.Table, plan: AggregatePlan, key: bytes) -> AdmittedValues:
    """Draw the admitted values from the ``SUMS`` of the queries for admission."""
    chosen = {}
    for space in Space:
        part = sums.filter(pc.equal(sums["query"], rare_query(space))).select([*CELL, "units"])
        part = part.sort_by([(name, "ascending") for name in CELL])
        cells = list(zip(*(part[name].to_pylist() for name in CELL), strict=True))
        label = b"".join(frame_parts(space.value.encode(), *(_cell_bytes(cell) for cell in cells)))
        kept = decide(part["units"].to_pylist(), plan.admission, key, label)
        width = len(CELL) if space is Space.SESSION else 1
        chosen[space.value] = frozenset(cell[:width] for cell, keep in zip(cells, kept.tolist(), strict=True) if keep)
    return AdmittedValues(chosen)


def on_cells(contributions: pa.Table, admitted: AdmittedValues, public_roles: Sequence[str]) -> pa.Table:
    """Map contributions onto public cells, ``other`` for values not admitted; drop those for admission."""
    parts = [CONTRIBUTIONS.empty_table()]
    for query in QUERIES:
        part = contributions.filter(pc.equal(contributions["query"], query.name))
        cells = query.cells(admitted, public_roles)
        for place, (_, domain) in enumerate(query.keys):
            if isinstance(domain, Space):
                named = pa.array(sorted({cell[place] or "" for cell in cells}), pa.string())
                column = part[CELL[place]]
                known = pc.if_else(pc.is_in(column, value_set=named), column, pa.scalar(OTHER))
                part = part.set_column(part.schema.get_field_index(CELL[place]), CELL[place], known)
        parts.append(part)
    return merge_contributions(parts)


def exact(query: Query, sums: pa.Table, admitted: AdmittedValues, public_roles: Sequence[str]) -> ExactAggregate:
    """Build the exact table of one query, with a row for every cell, from its ``SUMS``."""
    used = CELL[: len(query.keys)]
    part = sums.filter(pc.equal(sums["query"], query.name))
    found = dict(
        zip(zip(*(part[name].to_pylist() for name in used), strict=True), part["count"].to_pylist(), strict=True)
    )
    cells = query.cells(admitted, public_roles)
    columns = {
        name: pa.array([cell[place] for cell in cells], pa.string()) for place, (name, _) in enumerate(query.keys)
    }
    if query.bins:
        columns = {name: column.cast(pa.int32()) for name, column in columns.items()}
    columns[COUNT] = pa.array([found.get(cell, 0) for cell in cells], pa.int64())
    return ExactAggregate(query.name, pa.table(columns))


def add_noise(aggregate: ExactAggregate, plan: AggregatePlan, key: bytes) -> NoisyAggregate:
    """Add a discrete Gaussian to every count.

    The stream is named by the query and all that the noise is to hide: the cells and their exact counts.
    """
    noise = plan.tables[aggregate.query]
    sink = pa.BufferOutputStream()
    with pa.ipc.new_stream(sink, aggregate.table.schema) as writer:
        writer.write_table(aggregate.table.combine_chunks())
    label = b"".join(frame_parts(b"table", aggregate.query.encode(), sink.getvalue().to_pybytes()))
    drawn = discrete_gaussian(noise.sigma).draw(words(key, [label], [aggregate.table.num_rows]))
    counts = pc.add(aggregate.table[COUNT], pa.array(drawn.astype(np.int64)))
    place = aggregate.table.schema.get_field_index(COUNT)
    return NoisyAggregate(aggregate.query, aggregate.table.set_column(place, COUNT, counts))


def quantiles(histogram: NoisyAggregate) -> NoisyAggregate:
    """Compute quantiles of a noisy histogram: post-processing, which costs no budget.

    Counts below zero count as zero; inside a bin values are spread evenly, and the last bin stands for its lower edge.
    Null where the counts add up to nothing.
    """
    (name, _), *_ = BY_NAME[histogram.query].keys
    edges = histogram.table[name].to_pylist()
    counts = np.maximum(histogram.table[COUNT].to_numpy(), 0)
    total = int(counts.sum())
    bins = list(pairwise([*edges, edges[-1]]))
    values = [_quantile(level * total, counts.tolist(), bins) if total else None for level in QUANTILES]
    table = pa.table({"quantile": pa.array(QUANTILES, pa.float64()), name: pa.array(values, pa.float64())})
    return NoisyAggregate(histogram.query + _SUFFIX, table)


def _quantile(target: float, counts: Sequence[int], bins: Sequence[tuple[int, int]]) -> float:
    below = 0
    for count, (low, high) in zip(counts, bins, strict=True):
        if count and below + count >= target:
            return round(low + (high - low) * (target - below) / count, 1)
        below += count
    return float(bins[-1][0])


def _cell_bytes(cell: tuple[str | None, ...]) -> bytes:
    return b"".join(
        frame_parts(*(b"" if part is None else b"=" + part.encode("utf-8", "surrogatepass") for part in cell))
    )
