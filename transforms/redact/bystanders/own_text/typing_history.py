"""Typing history: words that people typed in all sessions of a run stay their own on the screens of later sessions.

A text counts in sessions that began after it was complete. In: typed sessions. Out: ``TYPED_TEXTS``, and of these the
ones that a session may know.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field, replace
from itertools import groupby

import pyarrow as pa
import pyarrow.compute as pc

from schemas.raw import TypedField, TypedSessions
from schemas.safe import RedactedSessions
from transforms.redact.bystanders.own_text.earlier_texts import (
    NO_TEXTS,
    NONE_EARLIER,
    EarlierTexts,
    TimedTexts,
    is_cut,
    is_long,
    split_words,
)
from transforms.redact.bystanders.own_text.own_words import list_drafts
from transforms.redact.denied_windows import find_denied_windows
from transforms.redact.deny_list import DenyList
from transforms.redact.rows.session_ranges import SessionRange, session_ranges

TYPED_TEXTS = pa.schema(
    [
        ("user_id", pa.string()),
        ("session_id", pa.string()),
        ("begin_us", pa.int64()),
        ("t_us", pa.int64()),
        ("text", pa.string()),
    ]
)
"""A long sentence in words without marks and case, who typed it in which session, and from when to when."""

_MOST_TEXTS = 20_000
"""Most texts of a person, the latest: some weeks of typing."""
_EPOCH_US = 946_684_800_000_000
"""2000-01-01: earlier times are counted from the beginning of a recording, and say nothing about other recordings."""


def list_typed_texts(typed: TypedSessions, deny: DenyList) -> pa.Table:
    """List as ``TYPED_TEXTS`` what was typed key by key into fields that are no secret, outside of denied windows.

    What the session showed before, on a screen, in a title or as a copy, may be another's, typed again: it is left out,
    and so is a text that holds a long line of it. A line, a node, and two nodes side by side are compared.
    """
    table = typed.sessions.table
    sessions = list(session_ranges(table))
    denied = {row for start, end in find_denied_windows(table, sessions, deny) for row in range(start, end)}
    times, found = table["t_us"].to_pylist(), list[dict[str, object]]()
    for session in sessions:
        fields = [item for item in typed.fields if item.session_start == session.start]
        runs = [run for item in fields for run in _list_key_runs(item, denied) if is_long(run.content)]
        shown = _Shown.read(table, session) if runs else _Shown()
        for run in runs:
            words, begin_us, t_us = split_words(run.content), times[run.first], times[run.last]
            is_timed = begin_us is not None and t_us is not None and min(begin_us, t_us) >= _EPOCH_US
            if is_timed and not shown.had(words, run.first):
                place = {"user_id": session.user_id, "session_id": session.session_id}
                found.append({**place, "begin_us": begin_us, "t_us": t_us, "text": " ".join(words)})
    return pa.Table.from_pylist(found, schema=TYPED_TEXTS)


@dataclass(frozen=True, slots=True)
class _KeyRun:
    """Text that was typed key by key, with the rows of its first and its last key."""

    content: str = field(repr=False)
    first: int
    last: int


# Of ``see <pasted> tomorrow`` both sides are texts; of an IME, a completion or a correction nothing is.
def _list_key_runs(item: TypedField, denied: AbstractSet[int]) -> Iterator[_KeyRun]:
    """Yield the runs of a field's texts of which each character was typed by a key outside of denied windows."""
    keys = set(item.key_rows.tolist()) - denied
    for cells in list_drafts(item):
        rows = item.cell_rows[cells].tolist()
        for is_keyed, run in groupby(zip(cells.tolist(), rows, strict=True), lambda cell: cell[1] in keys):
            if is_keyed:
                placed = list(run)
                content = "".join(item.cells[cell] for cell, _ in placed)
                yield _KeyRun(content, min(row for _, row in placed), max(row for _, row in placed))


@dataclass(frozen=True, slots=True)
class _Shown:
    """Texts that the screens, titles and copies of a session show, by the first row of each."""

    lines: TimedTexts = NO_TEXTS
    long_lines: TimedTexts = NO_TEXTS

    @classmethod
    def read(cls, table: pa.Table, session: SessionRange) -> "_Shown":
        """Read the texts of a session of a table of ``RAW_SCHEMA``."""
        rows = table.slice(session.start, session.end - session.start)
        nodes = rows["nodes"].combine_chunks()
        places, listed = pc.list_parent_indices(nodes).cast(pa.int64()), nodes.flatten()
        names, numbers = pc.struct_field(listed, "name"), pa.array(range(rows.num_rows), pa.int64())
        columns = [(numbers, rows[name].combine_chunks()) for name in ("title", "text")]
        columns += [(numbers, pc.struct_field(rows["target"].combine_chunks(), "name"))]
        columns += [(places, names), (places, pc.struct_field(listed, "value"))]
        if len(names) > 1:  # two of different screens side by side do no harm
            columns.append((places[1:], pc.binary_join_element_wise(names[:-1], names[1:], " ")))
        found = pa.concat_tables([pa.table({"row": row, "text": text}) for row, text in columns])
        first = found.drop_null().group_by("text").aggregate([("row", "min")]).to_pydict()
        lines = [
            (session.start + row, line)
            for text, row in zip(first["text"], first["row_min"], strict=True)
            for line in {text, *text.split("\n")}
        ]
        timed = [(row, line, split_words(line)) for row, line in lines]
        long = [(row, words[: len(words) - is_cut(line)]) for row, line, words in timed if is_long(line)]
        return cls(
            TimedTexts.of((row, " ".join(words)) for row, _, words in timed),
            TimedTexts.of((row, " ".join(words)) for row, words in long),
        )

    def had(self, words: Sequence[str], row: int) -> bool:
        """Return whether a text was shown before a row, as a part of a line, or with a long line in it."""
        return self.lines.holds(words, row) or any(True for _ in self.long_lines.find(words, row))


@dataclass(frozen=True, slots=True)
class TypingHistory:
    """Texts that people typed, with the sessions and times from which they are."""

    _texts: Mapping[str, TimedTexts] = field(default_factory=dict, repr=False)
    _sources: Mapping[str, tuple[tuple[int, int, str], ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, tables: Iterable[pa.Table]) -> "TypingHistory":
        """Collect the texts of tables of ``TYPED_TEXTS``, in whatever order these come."""
        found = defaultdict[str, set[tuple[int, str]]](set)
        sources = defaultdict[str, set[tuple[int, int, str]]](set)
        for table in tables:
            for row in table.to_pylist():
                found[row["user_id"]].add((row["t_us"], row["text"]))
                sources[row["user_id"]].add((row["t_us"], row["begin_us"], row["session_id"]))
        return cls(
            {user: TimedTexts.of(sorted(texts)[-_MOST_TEXTS:]) for user, texts in found.items()},
            {user: tuple(sorted(told)) for user, told in sources.items()},
        )

    def find_earlier(self, user: str, begin_us: int | None) -> EarlierTexts:
        """Select the texts that a person had typed when a session began; none if that time is not known."""
        if begin_us is None or begin_us < _EPOCH_US or user not in self._texts:
            return NONE_EARLIER
        return EarlierTexts(self._texts[user], begin_us)

    def list_sources(self, user: str, begin_us: int | None) -> tuple[list[str], int | None]:
        """List the sessions in which these texts were typed, and when that began; all that may count are listed."""
        known = [told for told in self._sources.get(user, ()) if begin_us is not None and told[0] < begin_us]
        return sorted({session for _, _, session in known}), min((begin for _, begin, _ in known), default=None)


NO_HISTORY = TypingHistory()
"""History of people who typed nothing before."""


def note_sources(sessions: RedactedSessions, history: TypingHistory) -> RedactedSessions:
    """Write into the origins of sessions, if they have any, of which earlier sessions they knew what was typed."""
    if sessions.origins is None or history is NO_HISTORY:
        return sessions
    rows = sessions.origins.to_pylist()
    for row in rows:
        row["typed_in"], row["typed_since_us"] = history.list_sources(row["user_id"], row["first_us"])
    return replace(sessions, origins=pa.Table.from_pylist(rows, schema=sessions.origins.schema))
