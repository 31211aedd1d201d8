"""Typing history: words that people typed in all sessions of a run stay their own on the screens of later sessions.

A text counts in sessions that began after it was complete. In: typed sessions. Out: ``TYPED_TEXTS``, and of these the
ones that a session may know.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import groupby

import pyarrow as pa
import pyarrow.compute as pc

from schemas.raw import TypedField, TypedSessions
from transforms.redact.bystanders.own_text.earlier_texts import (
    NONE_EARLIER,
    EarlierTexts,
    TimedTexts,
    is_long,
    split_words,
)
from transforms.redact.bystanders.own_text.own_words import list_drafts
from transforms.redact.denied_windows import find_denied_windows
from transforms.redact.deny_list import DenyList
from transforms.redact.rows.session_ranges import SessionRange, session_ranges

TYPED_TEXTS = pa.schema([("user_id", pa.string()), ("t_us", pa.int64()), ("text", pa.string())])
"""A long sentence in words without marks and case, who typed it, and when it was complete."""

_MOST_TEXTS = 20_000
"""Most texts of a person, the latest: some weeks of typing."""
_EPOCH_US = 946_684_800_000_000
"""2000-01-01: earlier times are counted from the beginning of a recording, and say nothing about other recordings."""


def list_typed_texts(typed: TypedSessions, deny: DenyList) -> pa.Table:
    """List as ``TYPED_TEXTS`` what was typed key by key into fields that are no secret, outside of denied windows.

    What stood on a screen of the session before, or was copied, is left out: it may be another's, typed again.
    """
    table = typed.sessions.table
    sessions = list(session_ranges(table))
    denied = {row for start, end in find_denied_windows(table, sessions, deny) for row in range(start, end)}
    times, found = table["t_us"].to_pylist(), list[dict[str, object]]()
    for session in sessions:
        fields = [item for item in typed.fields if item.session_start == session.start]
        texts = [text for item in fields for text in _list_keyed(item, denied) if is_long(text.content)]
        shown = _read_shown(table, session) if texts else None
        for text in texts:
            words, t_us = split_words(text.content), times[text.last]
            retyped = shown is not None and shown.holds(words, text.first)
            if not retyped and t_us is not None and t_us >= _EPOCH_US:
                found.append({"user_id": session.user_id, "t_us": t_us, "text": " ".join(words)})
    return pa.Table.from_pylist(found, schema=TYPED_TEXTS)


@dataclass(frozen=True, slots=True)
class _Keyed:
    """Text that was typed key by key, with the rows of its first and its last key."""

    content: str = field(repr=False)
    first: int
    last: int


# Of ``see <pasted> tomorrow`` both sides are texts; of an IME, a completion or a correction nothing is.
def _list_keyed(item: TypedField, denied: Collection[int]) -> Iterator[_Keyed]:
    """Yield the runs of a field's texts of which each character was typed by a key outside of denied windows."""
    keys = set(item.key_rows.tolist()) - set(denied)
    for cells in list_drafts(item):
        rows = item.cell_rows[cells].tolist()
        for is_keyed, run in groupby(zip(cells.tolist(), rows, strict=True), lambda cell: cell[1] in keys):
            if is_keyed:
                placed = list(run)
                content = "".join(item.cells[cell] for cell, _ in placed)
                yield _Keyed(content, min(row for _, row in placed), max(row for _, row in placed))


def _read_shown(table: pa.Table, session: SessionRange) -> TimedTexts:
    """Read what stands on the screens of a session, in its titles and copies, each text with the row that shows it."""
    rows = table.slice(session.start, session.end - session.start)
    nodes = rows["nodes"].combine_chunks()
    places, listed = pc.list_parent_indices(nodes), nodes.flatten()
    columns = [(pa.array(range(rows.num_rows)), rows[name].combine_chunks()) for name in ("title", "text")]
    columns += [(places, pc.struct_field(listed, part)) for part in ("name", "value")]
    found = pa.concat_tables([pa.table({"row": row.cast(pa.int64()), "text": text}) for row, text in columns])
    first = found.drop_null().group_by("text").aggregate([("row", "min")]).to_pydict()
    return TimedTexts.of(
        (session.start + row, " ".join(split_words(line)))
        for text, row in zip(first["text"], first["row_min"], strict=True)
        for line in {text, *text.split("\n")}
    )


@dataclass(frozen=True, slots=True)
class TypingHistory:
    """Texts that people typed."""

    _texts: Mapping[str, TimedTexts] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, tables: Iterable[pa.Table]) -> "TypingHistory":
        """Collect the texts of tables of ``TYPED_TEXTS``, in whatever order these come."""
        found = defaultdict[str, set[tuple[int, str]]](set)
        for table in tables:
            for user, t_us, text in zip(*(table[name].to_pylist() for name in TYPED_TEXTS.names), strict=True):
                found[user].add((t_us, text))
        return cls({user: TimedTexts.of(sorted(texts)[-_MOST_TEXTS:]) for user, texts in found.items()})

    def find_earlier(self, user: str, begin_us: int | None) -> EarlierTexts:
        """Select the texts that a person had typed when a session began; none if that time is not known."""
        if begin_us is None or begin_us < _EPOCH_US or user not in self._texts:
            return NONE_EARLIER
        return EarlierTexts(self._texts[user], begin_us)


NO_HISTORY = TypingHistory()
"""History of people who typed nothing before."""
