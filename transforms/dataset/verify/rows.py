"""Rules of the contract for the rows of a shard; no message quotes a row."""

from collections.abc import Iterator

import pyarrow as pa
import pyarrow.compute as pc

from schemas.aggregates import OTHER, RARE_NAME
from schemas.entities import EntityType
from schemas.errors import FailedError
from schemas.safe import EVENTS_SCHEMA, SCHEMA_VERSION, SESSIONS_SCHEMA, TEXT_COLUMNS
from schemas.vocabulary import ACTIONS, BUTTONS, CODES, MODIFIERS, RELEASED_KINDS, ROLES
from transforms.dataset.shards import check_order

_SCHEMAS = {"events": EVENTS_SCHEMA, "sessions": SESSIONS_SCHEMA}
_CLOSED = {
    "kind": RELEASED_KINDS,
    "action": ACTIONS,
    "code": frozenset(CODES.values()),
    "button": BUTTONS | {OTHER},
    "role": ROLES | {OTHER},
}
_AGGREGATE_METADATA = ("keyveil.epsilon", "keyveil.delta", "keyveil.privacy_unit")


def problems(kind: str, table: pa.Table, release_id: str) -> Iterator[str]:
    """Yield a sentence for each rule of the contract that a decoded file breaks.

    ``kind`` is the folder of the file: ``events``, ``sessions`` or ``aggregates/<query>``; ``table`` carries the
    metadata of the file.
    """
    yield from _metadata(kind, table.schema.metadata or {}, release_id)
    schema = _SCHEMAS.get(kind)
    if schema is None:
        return
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
    if values.get("keyveil.schema_version") != str(SCHEMA_VERSION):
        yield "says in its metadata that it has another schema version"
    if not values.get("keyveil.privacy_statement"):
        yield "has no privacy statement in its metadata"
    if kind.startswith("aggregates/") and not all(values.get(name) for name in _AGGREGATE_METADATA):
        yield "does not say in its metadata what its noisy values spent"


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
    yield from _redactions(table)


def _redactions(table: pa.Table) -> Iterator[str]:
    spans = pc.list_flatten(table["redactions"]).combine_chunks()
    parents = pc.list_parent_indices(table["redactions"])
    columns, entities = spans.field("column"), spans.field("entity")
    if _distinct(entities) - {RARE_NAME, *(entity.value for entity in EntityType)}:
        yield "names a redaction of an unknown kind"
    if _distinct(columns) - set(TEXT_COLUMNS):
        yield "names a redaction in a column that holds no text"
    start, end = spans.field("start"), spans.field("end")
    sound = pc.all(pc.and_(pc.greater_equal(start, 0), pc.less_equal(start, end))).as_py() in (True, None)
    for name in TEXT_COLUMNS:
        chosen = pc.equal(columns, name)
        lengths = pc.utf8_length(table[name].take(parents.filter(chosen)))
        sound = sound and pc.all(pc.less_equal(end.filter(chosen), lengths)).as_py() in (True, None)
    if not sound:
        yield "names a redaction outside its text"


def _distinct(column: pa.ChunkedArray) -> set[str]:
    return set(pc.unique(column).drop_null().to_pylist())
