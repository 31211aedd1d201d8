"""Rewriting of titles, labels, addresses and texts without names that a session may not mention."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import pairwise

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from schemas.aggregates import OTHER, PRIVATE
from transforms.aggregate.naming.mentions import Mentions, Range, Span, mask, mentions_of
from transforms.aggregate.naming.rare_part import rare_part, without
from transforms.aggregate.naming.rewrite_nodes import Node, find_nodes, hide_in_nodes
from transforms.aggregate.row_values import hosts
from transforms.editor.event_columns import run_starts
from transforms.sites.addresses import named_sites

_URL, _TITLE, _TEXT = "url", "title", "text"
_COLUMNS = (_URL, _TITLE, "name", _TEXT)
_Words = frozenset[str | None]


@dataclass(frozen=True, slots=True, eq=False)
class AdmittedNames:
    """Names that were admitted, and the everyday words, which name nothing in running text."""

    apps: _Words
    sites: _Words
    everyday: frozenset[str] = field(repr=False)

    def words(self) -> list[str]:
        """List all admitted names."""
        return [word for word in (*self.apps, *self.sites) if word is not None]


@dataclass(frozen=True, slots=True, eq=False)
class _Changes:
    """New texts by column and row, new nodes by row, and the redactions of every row that has any."""

    texts: dict[str, dict[int, str]] = field(repr=False)
    nodes: dict[int, list[Node]] = field(repr=False)
    redactions: dict[int, list[Span]] = field(repr=False)

    def put(self, column: str, row: int, text: str, spans: list[Span]) -> None:
        """Put a text and its redactions in place of those of a row."""
        self.texts[column][row] = text
        self.redactions[row] = [span for span in self.redactions.get(row, []) if span["column"] != column] + spans

    def spans(self, column: str, row: int) -> list[Span]:
        """Look up the redactions of a text."""
        return [span for span in self.redactions.get(row, []) if span["column"] == column]


def rewrite_mentions(table: pa.Table, app: pa.Array, named: AdmittedNames) -> dict[str, pa.Array]:
    """Rewrite the text columns and their redactions without names that are not in ``named``.

    ``app`` is the column as it will be released. What somebody typed or pasted stays: the released keys spell it.
    """
    changes = _Changes({column: {} for column in _COLUMNS}, {}, _list_spans(table["redactions"].combine_chunks()))
    for row in _rows(pc.fill_null(pc.equal(app, OTHER), fill_value=False)):
        if row in changes.redactions:
            changes.redactions[row] = [span for span in changes.redactions[row] if span["column"] != "app"]
    sites = hosts(table)
    for begin, end in _sessions(table):
        session = _Session(table.slice(begin, end - begin), begin, changes)
        mentions = _mentions(session.table, app.slice(begin, end - begin), named)
        session.hide_sites(sites.slice(begin, end - begin), named.sites, mentions)
        for column in _COLUMNS[1:]:
            session.hide_mentions(column, mentions)
        session.hide_in_nodes(mentions)
    columns = {name: _with(table[name].combine_chunks(), rows) for name, rows in changes.texts.items() if rows}
    if changes.nodes:
        columns["nodes"] = _with(table["nodes"].combine_chunks(), changes.nodes)
    spans = {row: marked or None for row, marked in changes.redactions.items()}
    return columns | {"redactions": _with(table["redactions"].combine_chunks(), spans)}


@dataclass(frozen=True, slots=True, eq=False)
class _Session:
    """Rows of one session, from row ``begin`` of the batch."""

    table: pa.Table = field(repr=False)
    begin: int
    changes: _Changes = field(repr=False)

    def hide_sites(self, sites: pa.Array, named: _Words, mentions: Mentions) -> None:
        """Put ``other`` in place of sites, and drop redactions that overlap them."""
        found: dict[tuple[str, bool], Range | None] = {}
        for row, (address, name) in enumerate(zip(self.table[_URL].to_pylist(), sites.to_pylist(), strict=True)):
            if address is None:
                continue
            key = (address, name is None)  # a site with a surrogate in it is never named
            if key not in found:
                found[key] = rare_part(address, frozenset() if name is None else named, mentions.in_text)
            if (gone := found[key]) is not None:
                at = row + self.begin
                self.changes.put(_URL, at, without(address, gone), _shift_spans(self.changes.spans(_URL, at), gone))

    def hide_mentions(self, column: str, mentions: Mentions) -> None:
        """Put ``other`` in place of mentions in a column, as redactions of their own."""
        search = mentions.in_title if column == _TITLE else mentions.in_text
        if not mentions.names and not (column == _TITLE and mentions.parts):
            return
        texts = self.table[column].combine_chunks()
        found: dict[str, list[Range]] = {}
        for row in _rows(pc.and_not(texts.is_valid(), _is_typed(self.table)) if column == _TEXT else texts.is_valid()):
            text, at = texts[row].as_py(), row + self.begin
            if text not in found:
                found[text] = search(text)
            if found[text]:
                self.changes.put(column, at, *mask(text, self.changes.spans(column, at), found[text], column))

    def hide_in_nodes(self, mentions: Mentions) -> None:
        """Put ``other`` in place of mentions in the nodes of screens."""
        if not (mentions.names or mentions.parts):
            return
        for row, nodes in find_nodes(self.table["nodes"].combine_chunks(), mentions).items():
            at = row + self.begin
            new, spans = hide_in_nodes(nodes, self.changes.redactions.get(at, []), mentions)
            self.changes.nodes[at], self.changes.redactions[at] = new, spans


def _sessions(table: pa.Table) -> Iterator[Range]:
    """Yield the rows of each session, which are contiguous."""
    yield from pairwise([*run_starts(table["session"]).tolist(), table.num_rows])


def _mentions(part: pa.Table, app: pa.Array, named: AdmittedNames) -> Mentions:
    """Collect the names of a session's applications and sites that were not admitted, the removed ones included."""
    hidden = pc.fill_null(pc.equal(app, OTHER), fill_value=False)
    rare = {name for name in part["app"].combine_chunks().filter(hidden).unique().to_pylist() if name != PRIVATE}
    sites = set(pc.list_flatten(part["removed_sites"]).unique().to_pylist())
    for address in part[_URL].drop_null().unique().to_pylist():
        sites |= named_sites(address)
    return mentions_of(rare, sites - named.sites, [*named.words(), *_surrogates(part)], named.everyday)


def _surrogates(part: pa.Table) -> list[str]:
    """List the surrogates in names of applications: they are made up and may be named."""
    known = part.select(["app", "redactions"]).filter(part["app"].is_valid()).to_pylist()
    listed = [(row["app"], span) for row in known for span in row["redactions"] or ()]
    return [app[span["start"] : span["end"]] for app, span in listed if span["column"] == "app"]


def _shift_spans(spans: list[Span], gone: Range) -> list[Span]:
    """Shift the redactions of an address after a part was removed."""
    start, end = gone
    by = len(OTHER) - (end - start)
    before = [span for span in spans if span["end"] <= start]
    behind = [span for span in spans if span["start"] >= end]
    return [*before, *({**span, "start": span["start"] + by, "end": span["end"] + by} for span in behind)]


def _is_typed(part: pa.Table) -> pa.Array:
    """Return by row whether its text was typed or pasted, and is hence spelled by released keys."""
    pasted = pc.and_kleene(pc.equal(part["kind"], "clipboard"), pc.equal(part["action"], "paste"))
    typed = pc.or_kleene(pc.equal(part["kind"], "text_input"), pasted)
    return pc.fill_null(typed.combine_chunks(), fill_value=False)


def _list_spans(redactions: pa.ListArray) -> dict[int, list[Span]]:
    """List the redactions by row, for rows that have any."""
    rows = _rows(redactions.is_valid())
    return dict(zip(rows, redactions.take(pa.array(rows, pa.int64())).to_pylist(), strict=True))


def _rows(chosen: pa.Array) -> list[int]:
    """List the rows that are true."""
    rows: list[int] = np.flatnonzero(chosen.to_numpy(zero_copy_only=False)).tolist()
    return rows


def _with(column: pa.Array, rows: Mapping[int, object]) -> pa.Array:
    """Replace values of ``column`` in some ``rows``."""
    order = np.arange(len(column))
    order[list(rows)] = len(column) + np.arange(len(rows))
    return pa.concat_arrays([column, pa.array(rows.values(), column.type)]).take(pa.array(order))
