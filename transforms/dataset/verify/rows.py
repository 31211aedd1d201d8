"""Rules of the contract for the rows of a shard; no message quotes a row."""

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.aggregates import OTHER, RARE_NAME
from schemas.entities import EntityType
from schemas.errors import FailedError
from schemas.redaction_reasons import follow_reasons
from schemas.safe import (
    BOX_EDGES,
    BOX_UNITS,
    EVENTS_SCHEMAS,
    NODE_COLUMNS,
    SCHEMA_VERSION,
    SESSIONS_SCHEMA,
    TEXT_COLUMNS,
)
from schemas.vocabulary import ACTIONS, BUTTONS, CODES, MODIFIERS, PLACES, RELEASED_KINDS, ROLES, STATES
from transforms.dataset.shards import check_order

_CLOSED = {
    "kind": RELEASED_KINDS,
    "action": ACTIONS,
    "code": frozenset(CODES.values()),
    "button": BUTTONS | {OTHER},
    "place": PLACES,
    "role": ROLES | {OTHER},
}
_AGGREGATE_METADATA = ("keyveil.epsilon", "keyveil.delta", "keyveil.privacy_unit")


def problems(kind: str, table: pa.Table, release_id: str) -> Iterator[str]:
    """Yield a sentence for each rule of the contract that a decoded file breaks.

    ``kind`` is the folder of the file: ``events``, ``sessions`` or ``aggregates/<query>``; ``table`` carries the
    metadata of the file.
    """
    yield from _metadata(kind, table.schema.metadata or {}, release_id)
    version = _version(table.schema.metadata or {})
    schemas = {"events": EVENTS_SCHEMAS.get(version), "sessions": SESSIONS_SCHEMA}
    if kind not in schemas:
        return
    schema = schemas[kind] or EVENTS_SCHEMAS[SCHEMA_VERSION]
    if not table.schema.equals(schema):
        yield "does not have the columns of the contract"
    elif kind == "events":
        yield from _events(table)
    elif pc.count_distinct(table["session"]).as_py() != table.num_rows:
        yield "lists a session twice"


def _metadata(kind: str, found: dict[bytes, bytes], release_id: str) -> Iterator[str]:
    values = {key.decode("utf-8", "replace"): value.decode("utf-8", "replace") for key, value in found.items()}
    if values.get("keyveil.release_id") != release_id:
        yield "says in its metadata that it belongs to another release"
    if _version(found) not in EVENTS_SCHEMAS:
        yield "says in its metadata that it has another schema version"
    if not values.get("keyveil.privacy_statement"):
        yield "has no privacy statement in its metadata"
    if kind.startswith("aggregates/") and not all(values.get(name) for name in _AGGREGATE_METADATA):
        yield "does not say in its metadata what its noisy values spent"


def _version(found: dict[bytes, bytes]) -> int:
    """Return the version of the format that a file claims, 0 for what is no number."""
    claimed = found.get(b"keyveil.schema_version", b"")
    return int(claimed) if claimed.isascii() and claimed.isdigit() and not claimed.startswith(b"0") else 0


def _events(table: pa.Table) -> Iterator[str]:
    try:
        check_order(table)
    except FailedError:
        yield "has a session whose seq is not 0..n-1 or that has two users"
    if pc.min(table["t_ms"]).as_py() is not None and pc.min(table["t_ms"]).as_py() < 0:
        yield "has a time before the start of its session"
    for name, allowed in _CLOSED.items():
        if _distinct(table[name]) - allowed:
            yield f"has a {name} outside the closed vocabulary"
    if _distinct(pc.list_flatten(table["modifiers"])) - MODIFIERS:
        yield "has a modifier outside the closed vocabulary"
    yield from _nodes(table)
    yield from _references(table)
    yield from _places(table)
    yield from _redactions(table)


def _nodes(table: pa.Table) -> Iterator[str]:
    nodes = pc.list_flatten(table["nodes"]).combine_chunks()
    if _distinct(nodes.field("role")) - ROLES:
        yield "has a node of a role outside the closed vocabulary"
    if _distinct(pc.list_flatten(nodes.field("states"))) - STATES:
        yield "has a state of a node outside the closed vocabulary"
    edges = [nodes.field(name) for name in BOX_EDGES]
    left, top, right, bottom = edges
    boxed = left.is_valid()
    sound = (
        pc.and_(pc.less(left, right), pc.less(top, bottom)),
        *(pc.and_(pc.greater_equal(edge, 0), pc.less_equal(edge, BOX_UNITS)) for edge in edges),
        *(pc.equal(edge.is_valid(), boxed) for edge in edges),
    )
    if not all(pc.all(one).as_py() in (True, None) for one in sound):
        yield "has a node whose box is not inside the window"


def _references(table: pa.Table) -> Iterator[str]:
    """Check the rows that others name by ``seq``; the rows of a session are contiguous and count from 0."""
    starts = np.maximum(np.arange(table.num_rows) - pc.fill_null(table["seq"], 0).to_numpy(), 0)
    counts = pc.fill_null(pc.list_value_length(table["nodes"]), -1).to_numpy()
    repeats = np.flatnonzero(table["same_as"].is_valid().to_numpy())
    named = starts[repeats] + table["same_as"].take(pa.array(repeats)).to_numpy()
    if not ((named >= starts[repeats]) & (named < repeats)).all() or (counts[named] < 0).any():
        yield "names an earlier screen that there is not"
        return
    shown = counts.copy()
    shown[repeats] = counts[named]
    targets = np.flatnonzero(table["node"].is_valid().to_numpy())
    screens = starts[targets] + pc.fill_null(table["screen"].take(pa.array(targets)), table.num_rows).to_numpy()
    nodes = table["node"].take(pa.array(targets)).to_numpy()
    known = (screens >= starts[targets]) & (screens < targets) & (nodes >= 0)
    if not known.all() or (nodes >= shown[screens]).any():
        yield "names a node that there is not"


def _places(table: pa.Table) -> Iterator[str]:
    for box, names in (("box", ("x", "y")), ("to_box", ("to_x", "to_y"))):
        boxes = table[box].combine_chunks()
        for name, near, far in zip(names, ("left", "top"), ("right", "bottom"), strict=True):
            low, high = (pc.struct_field(boxes, edge) for edge in (near, far))
            inside = pc.and_(pc.less_equal(low, table[name]), pc.less(table[name], high))
            known = pc.equal(boxes.is_valid(), table[name].is_valid())
            if not all(
                pc.all(one).as_py() in (True, None) for one in (inside, pc.or_(known, table["place"].is_null()))
            ):
                yield "has a position outside its box"
                return


def _redactions(table: pa.Table) -> Iterator[str]:
    spans = pc.list_flatten(table["redactions"]).combine_chunks()
    parents = pc.list_parent_indices(table["redactions"])
    columns, entities, node = spans.field("column"), spans.field("entity"), spans.field("node")
    if _distinct(entities) - {RARE_NAME, *(entity.value for entity in EntityType)}:
        yield "names a redaction of an unknown kind"
    elif "rule" in {part.name for part in spans.type} and not follow_reasons(spans):
        yield "has a redaction whose rule or score is not that of its entity"
    if _distinct(columns) - {*TEXT_COLUMNS, *NODE_COLUMNS.values()}:
        yield "names a redaction in a column that holds no text"
    start, end = spans.field("start"), spans.field("end")
    sound = pc.all(pc.and_(pc.greater_equal(start, 0), pc.less_equal(start, end))).as_py() in (True, None)
    for name in TEXT_COLUMNS:
        chosen = pc.equal(columns, name)
        lengths = pc.utf8_length(table[name].take(parents.filter(chosen)))
        sound = sound and pc.all(pc.less_equal(end.filter(chosen), lengths)).as_py() in (True, None)
    for part, name in NODE_COLUMNS.items():
        chosen = pc.equal(columns, name)
        lengths = _node_lengths(table["nodes"], part, parents.filter(chosen), node.filter(chosen))
        sound = sound and bool((end.filter(chosen).to_numpy() <= lengths).all())
    if not sound:
        yield "names a redaction outside its text"


def _node_lengths(nodes: pa.ChunkedArray, part: str, rows: pa.Array, index: pa.Array) -> npt.NDArray[np.int64]:
    """Return the length of the text ``part`` of the node ``index`` of each row, -1 where there is none."""
    counts = pc.fill_null(pc.list_value_length(nodes), 0).to_numpy()
    firsts = np.cumsum(counts) - counts
    row, at = rows.to_numpy(), pc.fill_null(index, -1).to_numpy()
    texts = pc.struct_field(pc.list_flatten(nodes), part)
    lengths = np.append(pc.fill_null(pc.utf8_length(texts), -1).to_numpy(), -1).astype(np.int64)
    known = (at >= 0) & (at < counts[row])
    return lengths[np.where(known, firsts[row] + at, len(lengths) - 1)]


def _distinct(column: pa.ChunkedArray) -> set[str]:
    return set(pc.unique(column).drop_null().to_pylist())
