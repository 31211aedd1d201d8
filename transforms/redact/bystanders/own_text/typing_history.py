"""Typing history: words that people typed in all sessions of a run stay their own on the screens of later sessions.

A text counts in sessions that began after it was complete: what stood on a screen before may be of another. In: typed
sessions. Out: ``TYPED_TEXTS``, and of these the ones that a session may know.
"""

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import pyarrow as pa

from schemas.raw import TypedSessions
from transforms.redact.bystanders.message_words import is_sentence
from transforms.redact.bystanders.own_text.earlier_texts import NONE_EARLIER, EarlierTexts, is_long
from transforms.redact.bystanders.own_text.own_words import list_typed, squash
from transforms.redact.denied_windows import find_denied_windows
from transforms.redact.deny_list import DenyList
from transforms.redact.rows.session_ranges import session_ranges

TYPED_TEXTS = pa.schema([("user_id", pa.string()), ("t_us", pa.int64()), ("text", pa.string())])
"""A long sentence without blanks, marks and case, who typed it, and when it was complete."""


def list_typed_texts(typed: TypedSessions, deny: DenyList) -> pa.Table:
    """List as ``TYPED_TEXTS`` what was typed by keys into fields that are no secret, outside of denied windows."""
    table = typed.sessions.table
    sessions = list(session_ranges(table))
    denied = {row for start, end in find_denied_windows(table, sessions, deny) for row in range(start, end)}
    users, times = {session.start: session.user_id for session in sessions}, table["t_us"].to_pylist()
    found = [
        {"user_id": users[item.session_start], "t_us": times[row], "text": squash(text)}
        for item in typed.fields
        for text, row in (list_typed(item) if item.key_rows.size else ())
        if row not in denied and is_sentence(text)
    ]
    kept = [row for row in found if row["t_us"] is not None and is_long(row["text"])]
    return pa.Table.from_pylist(kept, schema=TYPED_TEXTS)


@dataclass(frozen=True, slots=True)
class TypingHistory:
    """Texts of people, each with the time at which it was complete, in the order of these times."""

    _texts: Mapping[str, tuple[tuple[int, str], ...]] = field(default_factory=dict, repr=False)

    @classmethod
    def of(cls, tables: Iterable[pa.Table]) -> "TypingHistory":
        """Collect the texts of tables of ``TYPED_TEXTS``, in whatever order these come."""
        found = defaultdict[str, set[tuple[int, str]]](set)
        for table in tables:
            for user, t_us, text in zip(*(table[name].to_pylist() for name in TYPED_TEXTS.names), strict=True):
                found[user].add((t_us, text))
        return cls({user: tuple(sorted(texts)) for user, texts in found.items()})

    def find_earlier(self, user: str, begin_us: int | None) -> EarlierTexts:
        """Select the texts that a person had typed when a session began; none if that time is not known."""
        texts = self._texts.get(user, ())
        if begin_us is None or not texts:
            return NONE_EARLIER
        return EarlierTexts.of(text for _, text in texts[: bisect_left(texts, (begin_us, ""))])


NO_HISTORY = TypingHistory()
"""History of people who typed nothing before."""
