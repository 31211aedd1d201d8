"""Hides what too few people share: ``other`` for an application, a site or a role, nulls for a session tuple."""

from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.rare import OTHER, PRIVATE, Admitted
from schemas.safe import REDACTED_SCHEMA, SESSION_TUPLE, SESSIONS_SCHEMA, RedactedSessions
from transforms.aggregate.addresses import rare_part, without
from transforms.aggregate.settings import Space
from transforms.aggregate.values import apps, hosts

_URL = "url"
_Span = dict[str, Any]


def hide_rare(sessions: RedactedSessions, admitted: Admitted, public_roles: frozenset[str]) -> RedactedSessions:
    """Return ``sessions`` with only admitted values in ``app``, the site of ``url``, ``role`` and the session tuple.

    A value in which redaction left a surrogate is never admitted: it is made up.
    """
    table = sessions.table
    columns = {
        "app": _apps(table, admitted),
        "role": _roles(table, admitted, public_roles),
    }
    columns["url"], columns["redactions"] = _addresses(table, admitted, columns["app"])
    hidden = pa.table([columns.get(name, table[name]) for name in REDACTED_SCHEMA.names], schema=REDACTED_SCHEMA)
    headers = None if sessions.headers is None else _headers(sessions.headers, admitted)
    return RedactedSessions(hidden, sessions.trace, headers)


def _words(admitted: Admitted, space: Space) -> frozenset[str | None]:
    return frozenset(value[0] for value in admitted.of(space))


def _in(column: pa.Array, words: frozenset[str | None]) -> pa.Array:
    """Return where ``column`` holds one of ``words``; false for null."""
    return pc.is_in(column, value_set=pa.array(sorted(word for word in words if word is not None), pa.string()))


def _apps(table: pa.Table, admitted: Admitted) -> pa.Array:
    shown = table["app"].combine_chunks()
    kept = pc.or_(_in(apps(table), _words(admitted, Space.APP)), _in(shown, frozenset({PRIVATE})))
    return _or_other(shown, kept)


def _roles(table: pa.Table, admitted: Admitted, public_roles: frozenset[str]) -> pa.Array:
    shown = table["role"].combine_chunks()
    return _or_other(shown, _in(shown, _words(admitted, Space.ROLE) | public_roles))


def _or_other(shown: pa.Array, kept: pa.Array) -> pa.Array:
    """Return ``shown`` where it is ``kept``, ``other`` where it is something else, null where it is nothing."""
    hidden = pc.if_else(pc.is_null(shown), pa.scalar(None, pa.string()), pa.scalar(OTHER))
    return pc.if_else(kept, shown, hidden)


def _addresses(table: pa.Table, admitted: Admitted, app: pa.Array) -> tuple[pa.Array, pa.ListArray]:
    """Return addresses without rare sites, and the redactions of all columns, moved or dropped to fit.

    A span that reaches into what was replaced is dropped: what it marked is gone.
    """
    addresses, redactions = table["url"].combine_chunks(), table["redactions"].combine_chunks()
    marked_apps = pc.and_(pc.fill_null(pc.equal(app, OTHER), fill_value=False), pc.is_valid(redactions))
    rows = np.flatnonzero(pc.or_(pc.is_valid(addresses), marked_apps).to_numpy(zero_copy_only=False))
    parts = _rare_parts(addresses, hosts(table), _words(admitted, Space.HOST), rows)
    columns = (column.take(pa.array(rows)).to_pylist() for column in (addresses, redactions, app))
    texts: list[str | None] = []
    listed: list[list[_Span] | None] = []
    for text, marked, shown, part in zip(*columns, parts, strict=True):
        spans = marked
        if spans is not None and shown == OTHER:
            spans = [span for span in spans if span["column"] != "app"]
        if part is not None:
            spans = None if spans is None else _moved(spans, part)
        texts.append(text if part is None else without(text, part))
        listed.append(spans or None)
    order = np.arange(table.num_rows)
    order[rows] = table.num_rows + np.arange(len(rows))
    return (
        pa.concat_arrays([addresses, pa.array(texts, addresses.type)]).take(pa.array(order)),
        pa.concat_arrays([redactions, pa.array(listed, redactions.type)]).take(pa.array(order)),
    )


def _rare_parts(
    addresses: pa.Array, sites: pa.Array, named: frozenset[str | None], rows: npt.NDArray[np.int64]
) -> list[tuple[int, int] | None]:
    """Return what of the address in each of ``rows`` may not be shown; a site with a surrogate in it never is."""
    found: dict[tuple[str, bool], tuple[int, int] | None] = {}
    parts = []
    pairs = zip(*(column.take(pa.array(rows)).to_pylist() for column in (addresses, sites)), strict=True)
    for address, name in pairs:
        if address is not None and (address, name is None) not in found:
            found[address, name is None] = rare_part(address, named if name is not None else frozenset())
        parts.append(found.get((address, name is None)))
    return parts


def _moved(spans: list[_Span], part: tuple[int, int]) -> list[_Span]:
    """Return redactions of a row whose address lost a part."""
    start, end = part
    kept = [span for span in spans if span["column"] != _URL or span["start"] >= end or span["end"] <= start]
    by = len(OTHER) - (end - start)
    return [
        {**span, "start": span["start"] + by, "end": span["end"] + by}
        if span["column"] == _URL and span["start"] >= end
        else span
        for span in kept
    ]


def _headers(headers: pa.Table, admitted: Admitted) -> pa.Table:
    known = admitted.of(Space.SESSION)
    rows = zip(*(headers[name].to_pylist() for name in SESSION_TUPLE), strict=True)
    kept = pa.array([row in known for row in rows], pa.bool_())
    columns = [
        pc.if_else(kept, column.combine_chunks(), pa.scalar(None, pa.string())) if name in SESSION_TUPLE else column
        for name, column in zip(headers.column_names, headers.columns, strict=True)
    ]
    return pa.table(columns, schema=SESSIONS_SCHEMA)
