"""Raw sessions with their typed text in, released rows without personal text out."""

import dataclasses
import itertools
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from schemas.entities import EntityType, Span, Text, TextKind
from schemas.outcome import ROWS, SESSIONS, Outcome, Tally
from schemas.raw import TypedField, TypedSessions
from schemas.safe import RedactedSessions
from schemas.vocabulary import DEFAULT_ROLE, ROLES
from transforms.redact.deny import DenyList, denied_stretches
from transforms.redact.detector import Detector
from transforms.redact.headers import session_headers
from transforms.redact.lexicon import Lexicon
from transforms.redact.motion import segments
from transforms.redact.occurrences import FieldTexts, Occurrence, column_texts, field_texts, protected_values
from transforms.redact.rewrite import AddedRow, Names, Release, assemble
from transforms.redact.spans import merge
from transforms.redact.surrogates import Surrogates
from transforms.redact.synthesis import SELECT_ALL, press
from transforms.redact.typing_plan import Findings, KeyColumns, TypingPlan, plan_field
from transforms.redact.views import View, pasted_view, spans_on_final

_LAST = 1 << 40
"""Order of a field's final text among what stands at its last row."""

Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Identity:
    """What the released names of a session depend on."""

    session: Callable[[str, int], str]
    user: Callable[[str], str]
    surrogates: Callable[[str], Surrogates]


@dataclass(frozen=True, slots=True)
class Redacted:
    """Released rows of a batch and what became of its events."""

    sessions: RedactedSessions
    tally: tuple[Tally, ...]


@dataclass(frozen=True, slots=True)
class _Session:
    """Half-open row range of one session of the batch."""

    start: int
    end: int
    session_id: str = field(repr=False)
    user_id: str = field(repr=False)
    episode: int


class BatchRedactor:
    """Redacts batches of whole sessions; holds the engines, no state between batches."""

    def __init__(self, detector: Detector, deny: DenyList, identity: Identity, *, trace: bool) -> None:
        self._detector, self._deny, self._identity, self._trace = detector, deny, identity, trace

    def redact(self, typed: TypedSessions) -> Redacted:
        """Return the released rows of ``typed``; every event is counted under exactly one outcome."""
        return _Batch(typed, self._detector, self._deny, self._identity).run(trace=self._trace)


class _Batch:
    """The working state of one batch."""

    def __init__(self, typed: TypedSessions, detector: Detector, deny: DenyList, identity: Identity) -> None:
        self.table = typed.sessions.table
        self.detector, self.deny, self.identity = detector, deny, identity
        self.sessions = tuple(_session_ranges(self.table))
        self.rows = self.table.num_rows
        self.kinds = self.table["kind"].to_numpy(zero_copy_only=False)
        self.outcome = np.full(self.rows, Outcome.KEPT.value, dtype=object)
        self.release = Release.of(self.rows)
        self.allowed = np.ones(self.rows, dtype=np.bool_)
        self.entities: Counter[str] = Counter()
        self.paste_spans: dict[int, tuple[str, Spans]] = {}
        self.fields = typed.fields

    def run(self, *, trace: bool) -> Redacted:
        self._drop_denied()
        self._number_fields()
        self._set_roles()
        occurrences = column_texts(self.table, self.allowed)
        fields = [field_texts(item) for item in self.fields if self._whole(item)]
        found = self._detect(occurrences, fields)
        by_session = _grouped(self.sessions, occurrences, fields)
        protected = protected_values(self.table, self.allowed)
        self.columns = _key_columns(self.table if fields else self.table.slice(0, 0))
        names = []
        for session, (texts, typed) in zip(self.sessions, by_session, strict=True):
            name = self.identity.session(session.session_id, session.episode)
            names.append(name)
            secret = [value for row, value in protected if session.start <= row < session.end]
            self._redact_session(texts, typed, found, secret, self.identity.surrogates(name))
        self._merge_silent_rows()
        self._join_moves()
        sessions = assemble(self.table, self.release, self._names(names), trace=trace)
        sessions = dataclasses.replace(sessions, headers=self._headers(names))
        return Redacted(sessions, self._tally(sessions))

    def _headers(self, names: Sequence[str]) -> pa.Table:
        users = [self.identity.user(item.user_id) for item in self.sessions]
        return session_headers(self.table, [item.start for item in self.sessions], names, users)

    def _whole(self, item: TypedField) -> bool:
        """Whether no event of a field falls to a dropped stretch; where one does, the field is dropped with it."""
        if self.allowed[item.key_rows].all() and self.allowed[item.cell_rows].all():
            return True
        rows = item.key_rows[self.allowed[item.key_rows]]
        self.release.kept[rows] = False
        self.outcome[rows] = Outcome.SUPPRESSED.value
        return False

    def _drop_denied(self) -> None:
        rows = np.flatnonzero(self.kinds == "focus")
        focus = self.table.select(["app", "title", "url", "private"]).take(pa.array(rows)).to_pylist()
        denied = [
            self.deny.denies(item["app"], item["title"], item["url"], private=bool(item["private"])) for item in focus
        ]
        ends = self._session_ends(rows)
        for start, end in denied_stretches(rows.tolist(), denied, ends):
            self.allowed[start:end] = False
            self.release.kept[start + 1 : end] = False
            self.release.texts["app"][start] = "private"
            self.outcome[start:end] = Outcome.SUPPRESSED.value
            self.outcome[start] = Outcome.REPLACED.value

    def _session_ends(self, rows: npt.NDArray[np.int64]) -> list[int]:
        ends = np.array([session.end for session in self.sessions])
        return ends[np.searchsorted(ends, rows, side="right")].tolist() if len(ends) else []

    def _number_fields(self) -> None:
        """Give every field of a session its ordinal, by first appearance of its id."""
        known: dict[tuple[int, str], int] = {}
        counts: Counter[int] = Counter()

        def ordinal(session: int, field_id: str) -> int:
            if (session, field_id) not in known:
                known[session, field_id] = counts[session]
                counts[session] += 1
            return known[session, field_id]

        ids = self.table["field_id"]
        rows = np.flatnonzero(ids.is_valid().to_numpy() & self.allowed & np.isin(self.kinds, ("field", "clipboard")))
        starts = np.array([session.start for session in self.sessions])
        appearances = [
            (row, int(starts[np.searchsorted(starts, row, side="right") - 1]), name, (row,))
            for row, name in zip(rows.tolist(), ids.take(pa.array(rows)).to_pylist(), strict=True)
        ]
        appearances += [
            (
                int(item.key_rows[0]) if len(item.key_rows) else item.last_row,
                item.session_start,
                item.field_id,
                item.key_rows.tolist(),
            )
            for item in self.fields
        ]
        for _, session, name, targets in sorted(appearances, key=_first):
            number = ordinal(session, name)
            for row in targets:
                self.release.ordinals[row] = number
        self.field_numbers = known

    def _set_roles(self) -> None:
        rows = np.flatnonzero((self.kinds == "field") & self.allowed)
        for row, role in zip(rows.tolist(), self.table["role"].take(pa.array(rows)).to_pylist(), strict=True):
            self.release.roles[row] = role if role in ROLES else DEFAULT_ROLE
        rows = np.flatnonzero((self.kinds == "pointer") & self.allowed & self.table["target"].is_valid().to_numpy())
        for row, target in zip(rows.tolist(), self.table["target"].take(pa.array(rows)).to_pylist(), strict=True):
            self.release.roles[row] = target["role"] if target["role"] in ROLES else "generic"

    def _detect(self, occurrences: Sequence[Occurrence], fields: Sequence[FieldTexts]) -> Mapping[Text, Spans]:
        """Scan every distinct text of the batch once, in order of first appearance."""
        distinct = dict.fromkeys(
            [*(item.text for item in occurrences), *(text for item in fields for text in item.texts)]
        )
        texts = list(distinct)
        return dict(zip(texts, (tuple(spans) for spans in self.detector.detect(texts)), strict=True))

    def _redact_session(
        self,
        occurrences: Sequence[Occurrence],
        fields: Sequence[FieldTexts],
        found: Mapping[Text, Spans],
        protected: Sequence[str],
        surrogates: Surrogates,
    ) -> None:
        texts = [*(item.text for item in occurrences), *(text for item in fields for text in item.texts)]
        values = [(span.entity, text.content[span.start : span.end]) for text in texts for span in found[text]]
        values += [(EntityType.PASSWORD, value) for value in protected]
        values += [(EntityType.PASSWORD, item.views[0].text) for item in fields if _is_secret(item.field, self.table)]
        lexicon = Lexicon(values, surrogates, self.detector.common_words)
        again = lexicon.occurrences([text.content for text in texts])
        spans = [merge([*found[text], *extra], text.content) for text, extra in zip(texts, again, strict=True)]
        for item, merged in zip(occurrences, spans, strict=False):
            self._redact_text(item, merged, lexicon)
        at = len(occurrences)
        for typed in fields:
            self._redact_field(typed, spans[at : at + len(typed.texts)], lexicon)
            at += len(typed.texts)

    def _redact_text(self, item: Occurrence, spans: Spans, lexicon: Lexicon) -> None:
        content, parts, at, length = item.text.content, [], 0, 0
        if item.text.kind is TextKind.CLIPBOARD:
            self.paste_spans[item.row] = content, spans
        listed = self.release.redactions.setdefault(item.row, []) if spans else []
        for span in spans:
            replacement = lexicon.replacement(span.entity, content[span.start : span.end])
            parts += [content[at : span.start], replacement]
            length += span.start - at
            listed.append((item.column, length, length + len(replacement), span.entity.value))
            length += len(replacement)
            at = span.end
            self.entities[span.entity.value] += 1
        self.release.texts[item.column][item.row] = "".join([*parts, content[at:]])

    def _redact_field(self, item: FieldTexts, spans: Sequence[Spans], lexicon: Lexicon) -> None:
        whole, number = item.field, self.field_numbers[item.field.session_start, item.field.field_id]
        if _is_secret(whole, self.table):
            spans = [(Span(0, len(view.text), EntityType.PASSWORD, 1.0),) if view.text else () for view in item.views]
        pasted = self._pasted(whole)
        found = [*zip(item.views, spans, strict=True), *(self._pasted_spans(whole, row) for row in pasted)]
        final = merge(spans_on_final(whole, spans[0], found[1:]), item.views[0].text)
        dirty = [view.cells[span.start : span.end] for view, listed in found for span in listed]
        if not dirty:
            self._add_final_text(whole, item.views[0].text, (), number)
            return
        replacements = [lexicon.replacement(span.entity, item.views[0].text[span.start : span.end]) for span in final]
        plan = plan_field(whole, Findings(final, replacements, dirty), pasted, self.columns)
        self.entities.update(span.entity.value for span in final)
        self._apply(whole, plan, number)

    def _pasted(self, item: TypedField) -> dict[int, str]:
        rows = sorted(set(item.cell_rows.tolist()) - set(item.key_rows.tolist()))
        texts = self.release.texts["text"]
        return {row: texts.get(row, "") for row in rows if self.kinds[row] == "clipboard"}

    def _pasted_spans(self, item: TypedField, row: int) -> tuple[View, Spans]:
        """Return what a paste put into a field, with the spans that its own row was redacted by."""
        view = pasted_view(item, row)
        content, spans = self.paste_spans.get(row, ("", ()))
        return view, spans if view.text == content else ()

    def _apply(self, item: TypedField, plan: TypingPlan, number: int) -> None:
        release = self.release
        for row, outcome in plan.outcomes.items():
            self.outcome[row] = outcome.value
            release.kept[row] = outcome is Outcome.KEPT
        for row, (anchor, order) in plan.moved.items():
            release.anchor[row], release.order[row] = anchor, order
        for typed in plan.typed:
            keys = SELECT_ALL if typed.select_all else press(typed.character)
            for offset, action in enumerate(("down", "up")):
                row, order = typed.place
                release.added.append(
                    AddedRow(row, order + offset, "key", action, keys, number, None, (), typed.sources)
                )
        self._add_final_text(item, plan.text, plan.redactions, number)

    def _add_final_text(
        self, item: TypedField, text: str, redactions: Sequence[tuple[int, int, EntityType]], number: int
    ) -> None:
        listed = tuple(("text", start, end, entity.value) for start, end, entity in redactions)
        sources = tuple(item.key_rows.tolist())
        self.release.added.append(
            AddedRow(item.last_row, _LAST, "text_input", None, None, number, text, listed, sources)
        )

    def _merge_silent_rows(self) -> None:
        """Session headers and logged values have no row of their own: they live on in what was made of them."""
        silent = np.isin(self.kinds, ("session", "input_value")) & self.allowed
        self.release.kept[silent] = False
        self.outcome[silent] = Outcome.MERGED.value

    def _join_moves(self) -> None:
        moves = (
            (self.kinds == "pointer")
            & self.release.kept
            & (self.table["action"].to_numpy(zero_copy_only=False) == "move")
        )
        session = np.zeros(self.rows, dtype=np.int64)
        for number, item in enumerate(self.sessions):
            session[item.start : item.end] = number
        clock = self.table["t_us"].fill_null(-1).to_numpy()
        runs = segments(moves, session, clock)
        x, y = (self.table[name].to_numpy(zero_copy_only=False) for name in ("x", "y"))
        merged = moves.copy()
        merged[runs.last] = False
        self.release.kept[merged] = False
        self.outcome[merged] = Outcome.MERGED.value
        for first, last in zip(runs.first.tolist(), runs.last.tolist(), strict=True):
            self.release.displacement[last] = (x[last] - x[first], y[last] - y[first])
            if clock[first] >= 0 and clock[last] >= clock[first]:
                self.release.spans_us[last] = int(clock[last] - clock[first])
            if last > first:
                self.release.sources[last] = tuple(range(first, last + 1))

    def _names(self, sessions: Sequence[str]) -> Names:
        session = [
            name for name, item in zip(sessions, self.sessions, strict=True) for _ in range(item.end - item.start)
        ]
        known = {item.user_id: self.identity.user(item.user_id) for item in self.sessions}
        user = [known[item.user_id] for item in self.sessions for _ in range(item.end - item.start)]
        return Names(session, user)

    def _tally(self, sessions: RedactedSessions) -> tuple[Tally, ...]:
        outcomes = Counter(self.outcome.tolist())
        return (
            *((f"outcome.{name}", count) for name, count in sorted(outcomes.items())),
            *((f"entity.{name}", count) for name, count in sorted(self.entities.items())),
            (SESSIONS, len(self.sessions)),
            (ROWS, sessions.table.num_rows),
        )


def _first(item: tuple[int, int, str, Sequence[int]]) -> int:
    return item[0]


def _session_ranges(table: pa.Table) -> Iterator[_Session]:
    if not table.num_rows:
        return
    ids = table["session_id"].combine_chunks().dictionary_encode()
    codes = ids.indices.to_numpy(zero_copy_only=False)
    episodes = table["episode"].to_numpy()
    changes = (codes[1:] != codes[:-1]) | (episodes[1:] != episodes[:-1])
    bounds = [0, *(np.flatnonzero(changes) + 1).tolist(), table.num_rows]
    users = table["user_id"]
    for start, end in itertools.pairwise(bounds):
        name = ids.dictionary[int(codes[start])].as_py()
        yield _Session(start, end, name, users[start].as_py(), int(episodes[start]))


def _grouped(
    sessions: Sequence[_Session], occurrences: Sequence[Occurrence], fields: Sequence[FieldTexts]
) -> list[tuple[list[Occurrence], list[FieldTexts]]]:
    ends = np.array([session.end for session in sessions])
    groups: list[tuple[list[Occurrence], list[FieldTexts]]] = [([], []) for _ in sessions]
    at = np.searchsorted(ends, [item.row for item in occurrences], side="right").tolist()
    for item, group in zip(occurrences, at, strict=True):
        groups[group][0].append(item)
    for typed in fields:
        groups[int(np.searchsorted(ends, typed.field.session_start, side="right"))][1].append(typed)
    return groups


def _key_columns(table: pa.Table) -> KeyColumns:
    return KeyColumns(
        action=table["action"].to_pylist(),
        key=table["key"].to_pylist(),
        code=table["code"].to_pylist(),
        modifiers=[tuple(held) if held else () for held in table["modifiers"].to_pylist()],
    )


def _is_secret(item: TypedField, table: pa.Table) -> bool:
    """Whether everything typed into a field is a password: by its role, or because the recorder masked it."""
    if item.role == "password":
        return True
    rows = item.cell_rows[item.cell_rows >= 0]
    return bool(len(rows)) and bool(table["source_masked"][int(rows[-1])].as_py())
