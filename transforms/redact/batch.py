"""Redaction of a batch: raw sessions with their typed text in, released rows without personal text out."""

import dataclasses
from collections import ChainMap, Counter
from collections.abc import Mapping, Sequence

import numpy as np
import pyarrow as pa

from schemas.entities import EntityType, Span, Text, TextKind
from schemas.errors import KeyveilError
from schemas.raw import TypedField, TypedSessions
from schemas.rejects import Reason
from schemas.safe import RedactedSessions
from schemas.tally import ROWS, SESSIONS, Outcome, Tally
from transforms.redact.actions.pointer_rows import PointerRows
from transforms.redact.denied_windows import find_denied_windows
from transforms.redact.deny_list import DenyList
from transforms.redact.detect.detector import Detector
from transforms.redact.guard.final_check import inspect_session
from transforms.redact.guard.released_text import ReleasedText
from transforms.redact.results import (
    Extras,
    JudgedSession,
    RedactionResult,
    Withheld,
    concat_results,
    count_session,
    count_withheld,
    drop_sessions,
    split_by_session,
    withhold_batch,
)
from transforms.redact.rows.added_rows import Redaction
from transforms.redact.rows.assemble import RowNames, RowPlan, assemble
from transforms.redact.rows.columns import holds
from transforms.redact.rows.key_columns import KeyColumns
from transforms.redact.rows.session_headers import session_headers, session_origins
from transforms.redact.rows.session_ranges import group_by_session, session_ranges, slice_session
from transforms.redact.rows.structure import CODES, merge_silent_rows, number_fields, pair_ups, set_roles
from transforms.redact.screens.recorded_screens import collect_screens, own_texts, release_screens
from transforms.redact.screens.windows import front_windows
from transforms.redact.surrogates.fragments import add_fragments
from transforms.redact.surrogates.learned_values import learn_values
from transforms.redact.surrogates.propagate import Lexicon
from transforms.redact.surrogates.replace_spans import replace_spans
from transforms.redact.surrogates.reserved_values import left_alone
from transforms.redact.surrogates.surrogates import Identity, Surrogates
from transforms.redact.text.spans import mark_password
from transforms.redact.typed_fields.apply_plan import add_final_text, apply_plan, find_filled_fields, secret_clips
from transforms.redact.typed_fields.corrected_typos import drop_corrected_typos
from transforms.redact.typed_fields.field_plans import PlannedField, plan_fields
from transforms.redact.typed_fields.prompt_answers import find_answers, pasted_answers
from transforms.redact.typed_fields.split_values import Pieces, SplitValues
from transforms.redact.typed_fields.texts import FieldTexts, Occurrence, column_texts, field_texts, protected_values
from transforms.redact.typed_fields.views import View, cut_new_words, early_starts, pasted_view
from transforms.sites.addresses import named_sites

_FAILED = "the session could not be redacted; report this, its sealed copy is in the quarantine"

Spans = tuple[Span, ...]
Marked = tuple[Text, Spans]
"""Text with the spans that were found in it."""


class BatchRedactor:
    """Redactor of batches of whole sessions; holds the engines, no state between batches."""

    def __init__(self, detector: Detector, deny: DenyList, identity: Identity, beside: Extras) -> None:
        self._detector, self._deny, self._identity, self._beside = detector, deny, identity, beside

    def redact(self, typed: TypedSessions) -> RedactionResult:
        """Redact ``typed``; every event is counted under exactly one outcome.

        A session that fails, or in which the guard finds anything, is withheld; the others are released.
        """
        try:
            return self._redact(typed)
        except KeyveilError:
            raise
        except Exception:  # noqa: BLE001 - whichever session it was that failed, the others are released
            sessions = session_ranges(typed.sessions.table)
            return concat_results([self._redact_alone(slice_session(typed, session)) for session in sessions])

    def _redact(self, typed: TypedSessions) -> RedactionResult:
        return _Batch(typed, self._detector, self._deny, self._identity).run(self._beside)

    def _redact_alone(self, typed: TypedSessions) -> RedactionResult:
        try:
            return self._redact(typed)
        except KeyveilError:
            raise
        except Exception:  # noqa: BLE001 - an error's message may quote the session
            return withhold_batch(Withheld(Reason.DETECTOR_FAILED, "", _FAILED, typed.sessions.table), self._beside)


class _Batch:
    """Working state of one batch."""

    def __init__(self, typed: TypedSessions, detector: Detector, deny: DenyList, identity: Identity) -> None:
        self.table = typed.sessions.table
        self.detector, self.deny, self.identity = detector, deny, identity
        self.sessions = tuple(session_ranges(self.table))
        rows = self.table.num_rows
        self.outcome = np.full(rows, CODES[Outcome.KEPT], dtype=np.int8)
        self.release, self.allowed = RowPlan.of(rows), np.ones(rows, dtype=np.bool_)
        self.entities = [Counter[str]() for _ in self.sessions]
        self.paste_spans: dict[int, tuple[str, Spans]] = {}
        self.fields = typed.fields
        self.clipboard = holds(self.table, "kind", "clipboard")
        self.pasted = find_filled_fields(self.fields, self.clipboard)
        starts = [session.start for session in self.sessions]
        self.columns = KeyColumns.of(self.table, self.fields, starts)
        self.answers = find_answers(self.table, self.fields, self.sessions, self.columns)
        pasted = pasted_answers(self.answers, self.clipboard)
        self.secret_clips = secret_clips(self.table, self.fields, self.clipboard, starts) | pasted

    def run(self, beside: Extras) -> RedactionResult:
        self._drop_denied()
        self.field_numbers = number_fields(self.table, self.fields, self.sessions, self.allowed, self.release)
        screens = collect_screens(self.table, self.allowed, front_windows(self.table, self.sessions))
        pointer = PointerRows.plan(beside.pointer, self.table, self.allowed, self.sessions, screens)
        pointer.merge(self.release, self.outcome)
        set_roles(self.table, self.allowed, pointer.named, self.release)
        occurrences = column_texts(self.table, self.allowed, pointer.named)
        fields = [field_texts(item) for item in self.fields if self.allowed.all() or self._whole(item)]
        texts = group_by_session(self.sessions, occurrences, [item.row for item in occurrences])
        shown = group_by_session(self.sessions, screens, [item.row for item in screens])
        typed = group_by_session(self.sessions, fields, [item.field.session_start for item in fields])
        split = [SplitValues.of(items) for items in typed]
        found = self._detect([*(item.text for item in occurrences), *own_texts(screens)], fields, split)
        protected = protected_values(self.table, self.allowed)
        names, values, judged = [], [], []
        for number, session in enumerate(self.sessions):
            name = self.identity.session(session.session_id, session.episode)
            secret = [value for row, value in protected if session.start <= row < session.end]
            listed = [*(item.text for item in texts[number]), *own_texts(shown[number])]
            listed += [text for item in typed[number] for text in item.texts]
            seen = drop_corrected_typos(typed[number], {text: found[text] for text in listed})
            marked = [(text, seen[text]) for text in listed]
            across = split[number].judge(ChainMap(seen, found), self.detector.common_words)
            lexicon = self._lexicon([*marked, *across], typed[number], secret, self.identity.surrogates(name))
            spans = self._redact_session(marked, texts[number], split[number], lexicon, self.entities[number])
            release_screens(shown[number], spans, lexicon, self.release)
            names.append(name)
            values.append(lexicon.values)
            judged.append(JudgedSession(spans, self.outcome[session.start : session.end]))
        merge_silent_rows(self.table, self.allowed, self.release, self.outcome)
        pair_ups(self.table, self.columns, self.release, self.outcome)
        pointer.release(self.table, self.sessions, self.columns, self.release, self.outcome)
        released = assemble(self.table, self.release, self._names(names), trace=beside.trace)
        origins = self._origins(names) if beside.origins else None
        released = dataclasses.replace(released, headers=self._headers(names), origins=origins)
        done = self._withhold_guarded(released, names, values)
        return dataclasses.replace(done, judged=tuple(judged)) if beside.judged else done

    def _headers(self, names: Sequence[str]) -> pa.Table:
        users = [self.identity.user(item.user_id) for item in self.sessions]
        return session_headers(self.table, [item.start for item in self.sessions], names, users)

    def _origins(self, names: Sequence[str]) -> pa.Table:
        return session_origins(self.table, self.sessions, names, list(map(self._counts, range(len(self.sessions)))))

    def _withhold_guarded(
        self, released: RedactedSessions, names: Sequence[str], values: Sequence[frozenset[str]]
    ) -> RedactionResult:
        """Withhold from ``released`` the sessions in which the guard finds anything."""
        table, withheld = released.table, {}
        shown = ReleasedText(table)
        for number, ((start, end), known) in enumerate(zip(split_by_session(table, names), values, strict=True)):
            if (hit := inspect_session(shown, start, end, known)) is not None:
                session = self.sessions[number]
                events = self.table.slice(session.start, session.end - session.start)
                withheld[number] = Withheld(Reason.GUARD_HIT, hit.column, hit.rule, events)
        if withheld:
            released = drop_sessions(released, [names[number] for number in withheld])
        return RedactionResult(released, self._tally(released, withheld), tuple(withheld.values()))

    def _whole(self, item: TypedField) -> bool:
        """Check whether no event of a field is in denied rows; else suppress the whole field."""
        if self.allowed[item.key_rows].all() and self.allowed[item.cell_rows].all():
            return True
        rows = item.key_rows[self.allowed[item.key_rows]]
        self.release.kept[rows] = False
        self.outcome[rows] = CODES[Outcome.SUPPRESSED]
        return False

    def _drop_denied(self) -> None:
        is_focus = holds(self.table, "kind", "focus")
        for start, end in find_denied_windows(self.table, self.sessions, self.deny):
            self.allowed[start:end] = False
            self.release.kept[start + is_focus[start] : end] = False
            self.outcome[start:end] = CODES[Outcome.SUPPRESSED]
            if is_focus[start]:
                self.release.texts["app"][start] = "private"
                self.outcome[start] = CODES[Outcome.REPLACED]

    def _detect(
        self, shown: Sequence[Text], fields: Sequence[FieldTexts], split: Sequence[SplitValues]
    ) -> dict[Text, Spans]:
        """Scan every distinct text of the batch once, in order of first appearance."""
        listed = [*shown, *(text for item in fields for text in item.texts)]
        texts = list(dict.fromkeys([*listed, *(text for item in split for text in item.texts)]))
        return dict(zip(texts, (tuple(spans) for spans in self.detector.detect(texts)), strict=True))

    def _lexicon(
        self,
        marked: Sequence[tuple[Text, Sequence[Span]]],
        fields: Sequence[FieldTexts],
        protected: Sequence[str],
        surrogates: Surrogates,
    ) -> Lexicon:
        values = [(span.entity, text.content[span.start : span.end]) for text, spans in marked for span in spans]
        secret = [item.readings if item.field.secret else self.answers.get(item.field, ()) for item in fields]
        values += [(EntityType.PASSWORD, value) for value in (*protected, *(v.text for vs in secret for v in vs))]
        typed = [(view.text, item.field.multiline) for item in fields for view in item.views]
        return Lexicon([*values, *learn_values(values, typed, marked)], surrogates, self.detector.common_words)

    def _redact_session(
        self,
        marked: Sequence[Marked],
        occurrences: Sequence[Occurrence],
        split: SplitValues,
        lexicon: Lexicon,
        entities: Counter[str],
    ) -> dict[Text, Spans]:
        """Redact the columns and fields of one session; return the spans of all of its texts, which are ``marked``."""
        found, common = dict(marked), self.detector.common_words
        whole = zip(found, lexicon.complete(list(found), list(found.values())), strict=True)
        spans = {text: left_alone(merged, text.content, common) for text, merged in whole}
        spans = add_fragments(spans, [item.texts for item in split.typed])
        for item in occurrences:
            listed = mark_password(item.text.content) if item.row in self.secret_clips else spans[item.text]
            self._redact_text(item, listed, lexicon)
            entities.update([span.entity.value for span in listed])
        pieces = split.pieces(lexicon)
        drafts = [self._draft(item, [spans[text] for text in item.texts], pieces) for item in split.typed]
        plan_fields(drafts, lexicon, self.columns)
        for draft in drafts:
            entities.update(self._apply(draft))
        return spans

    def _draft(self, item: FieldTexts, spans: Sequence[Spans], pieces: Pieces) -> PlannedField:
        pasted = self._paste_texts(item.field)
        seen, common = item.join_lines(spans), self.detector.common_words
        found = [*cut_new_words(item.field, seen, common), *(self._pasted_spans(item.field, row) for row in pasted)]
        answers = ((view, mark_password(view.text)) for view in self.answers.get(item.field, ()))
        found += [*early_starts(item.field, found), *pieces.get(item.field, ()), *answers]
        return PlannedField(item.field, item.final.text, found, pasted, secret=item.field.secret)

    def _apply(self, draft: PlannedField) -> list[str]:
        """Apply the plan of a field; return the entities of its final text."""
        item, number = draft.typed, self.field_numbers[draft.typed.session_start, draft.typed.field_id]
        if draft.plan is None:
            add_final_text(self.release, item, draft.text, (), number)
            return []
        apply_plan(self.release, self.outcome, item, draft.plan, number)
        return [entity.value for _, _, entity in draft.plan.redactions]

    def _redact_text(self, item: Occurrence, spans: Spans, lexicon: Lexicon) -> None:
        content = item.text.content
        if item.text.kind is TextKind.CLIPBOARD:
            self.paste_spans[item.row] = content, spans
        shown, places = replace_spans(content, spans, lexicon)
        self.release.texts[item.column][item.row] = shown
        self.release.mark(item.row, [Redaction(item.column, start, end, kind.value) for start, end, kind in places])
        if spans and item.column == "url" and (removed := named_sites(content) - named_sites(shown)):
            self.release.removed_sites[item.row] = sorted(removed)

    def _paste_texts(self, item: TypedField) -> dict[int, str]:
        if item not in self.pasted:
            return {}
        rows = np.unique(item.cell_rows[self.clipboard[item.cell_rows]]).tolist()
        return {row: self.release.texts["text"].get(row, "") for row in rows}

    def _pasted_spans(self, item: TypedField, row: int) -> tuple[View, Spans]:
        """Return the text that a paste inserted into a field, with the spans of the paste's own row."""
        view = pasted_view(item, row)
        content, spans = self.paste_spans.get(row, ("", ()))
        return view, spans if view.text == content else ()

    def _names(self, sessions: Sequence[str]) -> RowNames:
        rows = pa.array(np.repeat(np.arange(len(sessions)), [item.end - item.start for item in self.sessions]))
        known = {item.user_id: self.identity.user(item.user_id) for item in self.sessions}
        users = pa.array([known[item.user_id] for item in self.sessions], pa.string())
        return RowNames(pa.array(sessions, pa.string()).take(rows), users.take(rows))

    def _counts(self, number: int) -> Counter[str]:
        """Count the outcomes of the events of a session and the entities in it."""
        session = self.sessions[number]
        return count_session(self.outcome[session.start : session.end], self.entities[number])

    def _tally(self, released: RedactedSessions, withheld: Mapping[int, Withheld]) -> tuple[Tally, ...]:
        counts: Counter[str] = Counter()
        for number in range(len(self.sessions)):
            counts.update(dict(count_withheld(withheld[number])) if number in withheld else self._counts(number))
        counts[SESSIONS] = len(self.sessions) - len(withheld)
        counts[ROWS] = released.table.num_rows
        return tuple(sorted(counts.items()))
