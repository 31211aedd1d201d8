"""Plans of all typed fields of a session."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from schemas.entities import EntityType, Span, Text, TextKind
from schemas.raw import TypedField
from transforms.redact.rows.key_columns import KeyColumns
from transforms.redact.surrogates.propagate import Lexicon
from transforms.redact.text.spans import merge
from transforms.redact.typed_fields.secret_plan import plan_secret
from transforms.redact.typed_fields.typing_plan import Findings, TypingPlan, plan_field
from transforms.redact.typed_fields.views import View, end_words, spans_on_final


@dataclass(slots=True)
class PlannedField:
    """Typed field with its findings and its plan."""

    typed: TypedField
    text: str = field(repr=False)  # final text
    found: list[tuple[View, tuple[Span, ...]]] = field(repr=False)  # spans of each view, the final text first
    pasted: dict[int, str] = field(repr=False)  # released text of each paste row
    secret: bool = False
    plan: TypingPlan | None = field(default=None, repr=False)  # None: nothing found, all rows are released

    def make_plan(self, lexicon: Lexicon, columns: KeyColumns) -> TypingPlan:
        """Make the plan of the field from its findings so far, and store it."""
        final = self._complete(merge(spans_on_final(self.typed, self.found[0][1], self.found[1:]), self.text), lexicon)
        replacements = [lexicon.replacement(span.entity, self.text[span.start : span.end]) for span in final]
        cells = [view.cells[span.start : span.end] for view, spans in self.found for span in spans]
        dirty = list(dict.fromkeys([tuple(listed.tolist()) for listed in cells]))
        self.plan = plan_field(self.typed, Findings(self.text, final, replacements, dirty), self.pasted, columns)
        return self.plan

    def _complete(self, final: tuple[Span, ...], lexicon: Lexicon) -> tuple[Span, ...]:
        """Add to the spans of the final text the values that end where the span of a paste begins, or the reverse.

        ``see anna kow`` and a pasted ``anna kow`` read ``see anna kowanna kow``: without the paste a value ends there.
        Of a name that was found in a draft, half typed, the rest of its word is added too.
        """
        (whole,) = lexicon.complete([Text(self.text, TextKind.TYPED)], [merge(end_words(self.text, final), self.text)])
        if added := tuple(span for span in whole if span not in final):
            self.found.append((self.found[0][0], added))
        return merge([*final, *added], self.text)


def plan_fields(drafts: Sequence[PlannedField], lexicon: Lexicon, columns: KeyColumns) -> None:
    """Plan the secret fields of one session and those with findings.

    A field is planned again while the released keys of its plan spell a value.
    """
    for draft in drafts:
        if draft.secret:
            marker = lexicon.replacement(EntityType.PASSWORD, draft.text)
            draft.plan = plan_secret(draft.typed, marker, draft.pasted, columns)
    waiting = [draft for draft in drafts if not draft.secret and any(spans for _, spans in draft.found)]
    while waiting:
        spelled = [draft.make_plan(lexicon, columns).spelled for draft in waiting]
        again = lexicon.complete([Text(view.text, TextKind.TYPED) for view in spelled], [()] * len(spelled))
        leaking = [item for item in zip(waiting, spelled, again, strict=True) if item[2]]
        for draft, view, spans in leaking:
            draft.found.append((view, spans))  # removed keys joined the keys around them to a value
        waiting = [draft for draft, _, _ in leaking]
