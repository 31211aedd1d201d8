"""Hiding of rare values: ``other`` for an application, a site or a role, nulls for a session tuple."""

import pyarrow as pa
import pyarrow.compute as pc

from schemas.aggregates import OTHER, PRIVATE, AdmittedValues
from schemas.safe import REDACTED_SCHEMA, SESSION_TUPLE, SESSIONS_SCHEMA, RedactedSessions
from transforms.aggregate.naming.rewrite_mentions import AdmittedNames, rewrite_mentions
from transforms.aggregate.row_values import apps
from transforms.aggregate.settings import Space
from transforms.editor.event_columns import map_words
from transforms.vocabulary import NO_NAMES, OwnNames, public_hosts


def hide_rare(
    sessions: RedactedSessions,
    admitted: AdmittedValues,
    public_roles: frozenset[str],
    everyday: frozenset[str] = frozenset(),
    own: OwnNames = NO_NAMES,
) -> RedactedSessions:
    """Hide all but admitted and public values in ``app``, the site of ``url``, ``role`` and the session tuple.

    An application of the public vocabulary, or of the organisation's ``own`` list, has its public name, whatever the
    recorder calls it.

    An application or a site of a session that is not admitted is mentioned in no title, label, address or screen text
    of it either, unless its name is one of the ``everyday`` words; nor is a site that the redaction removed. A value in
    which redaction left a surrogate is never admitted: it is made up.
    """
    table = sessions.table
    shown = _apps(table, admitted, own)
    apps_named = _words(admitted, Space.APP) | frozenset(shown.unique().to_pylist()) - {OTHER, PRIVATE}
    named = AdmittedNames(apps_named, _words(admitted, Space.HOST) | public_hosts() | own.sites(), everyday)
    columns = {
        "app": shown,
        "role": _roles(table, admitted, public_roles),
        "removed_sites": pa.nulls(table.num_rows, table.schema.field("removed_sites").type),
    }
    columns |= rewrite_mentions(table, columns["app"], named)
    hidden = pa.table([columns.get(name, table[name]) for name in REDACTED_SCHEMA.names], schema=REDACTED_SCHEMA)
    headers = None if sessions.headers is None else _headers(sessions.headers, admitted)
    return RedactedSessions(hidden, sessions.trace, headers)


def _words(admitted: AdmittedValues, space: Space) -> frozenset[str | None]:
    return frozenset(value[0] for value in admitted.of(space))


def _in(column: pa.Array, words: frozenset[str | None]) -> pa.Array:
    """Return by row whether it is one of ``words``; false for null."""
    return pc.is_in(column, value_set=pa.array(sorted(word for word in words if word is not None), pa.string()))


def _apps(table: pa.Table, admitted: AdmittedValues, own: OwnNames) -> pa.Array:
    shown, counted = table["app"].combine_chunks(), apps(table)
    kept = pc.or_(_in(counted, _words(admitted, Space.APP)), _in(shown, frozenset({PRIVATE})))
    public = map_words(counted, own.name)
    return pc.coalesce(public, _or_other(shown, kept))


def _roles(table: pa.Table, admitted: AdmittedValues, public_roles: frozenset[str]) -> pa.Array:
    shown = table["role"].combine_chunks()
    return _or_other(shown, _in(shown, _words(admitted, Space.ROLE) | public_roles))


def _or_other(shown: pa.Array, kept: pa.Array) -> pa.Array:
    """Replace values that are not ``kept`` by ``other``; null stays null."""
    hidden = pc.if_else(pc.is_null(shown), pa.scalar(None, pa.string()), pa.scalar(OTHER))
    return pc.if_else(kept, shown, hidden)


def _headers(headers: pa.Table, admitted: AdmittedValues) -> pa.Table:
    known = admitted.of(Space.SESSION)
    rows = zip(*(headers[name].to_pylist() for name in SESSION_TUPLE), strict=True)
    kept = pa.array([row in known for row in rows], pa.bool_())
    columns = [
        pc.if_else(kept, column.combine_chunks(), pa.scalar(None, pa.string())) if name in SESSION_TUPLE else column
        for name, column in zip(headers.column_names, headers.columns, strict=True)
    ]
    return pa.table(columns, schema=SESSIONS_SCHEMA)
