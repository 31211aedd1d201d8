"""Values of one session that stand in no field as a whole: typed by turns, cut by a change of window, or in boxes."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field

from schemas.entities import Span, Text, TextKind
from schemas.raw import TypedField
from transforms.redact.surrogates.propagate import Lexicon
from transforms.redact.typed_fields.joined_fields import (
    JoinedText,
    explain_cells,
    join_fields,
    judge_span,
    scan_text,
)
from transforms.redact.typed_fields.split_boxes import Boxes, find_boxes
from transforms.redact.typed_fields.texts import FieldTexts
from transforms.redact.typed_fields.views import View

_Piece = tuple[View, tuple[Span, ...]]
Pieces = Mapping[TypedField, Sequence[_Piece]]
"""Parts of a field that belong to values spread over several fields."""


@dataclass(slots=True)
class SplitValues:
    """Joined texts and boxes of one session, and the values that were found in them."""

    typed: Sequence[FieldTexts]
    joined: Sequence[JoinedText]
    boxes: Sequence[Boxes]
    found: list[tuple[JoinedText, tuple[Span, ...]]] = field(default_factory=list, repr=False)
    filled: list[tuple[Boxes, Span]] = field(default_factory=list, repr=False)

    @classmethod
    def of(cls, typed: Sequence[FieldTexts]) -> "SplitValues":
        """Join the fields of a session."""
        fields = [item.field for item in typed]
        return cls(typed, join_fields(fields), find_boxes(fields) if len(fields) > 1 else [])

    @property
    def texts(self) -> list[Text]:
        """Return the texts to scan."""
        listed = [scan_text(item) for item in self.joined]
        return [*(text for text in listed if text is not None), *(item.text for item in self.boxes)]

    def judge(
        self, found: Mapping[Text, tuple[Span, ...]], common: Collection[str]
    ) -> list[tuple[Text, Sequence[Span]]]:
        """Keep the values that are typed over several fields; return their texts and spans, as of any other text."""
        judged: list[tuple[Text, Sequence[Span]]] = []
        explained = explain_cells(self.typed, found) if self.joined else {}
        for item in self.joined:
            text = scan_text(item)
            spans = [span for span in found[text] if judge_span(item, span, explained, common)] if text else []
            self.found.append((item, tuple(spans)))
            judged += [(text, spans)] if text else []
        for boxes in self.boxes:
            if (span := boxes.confirm(found[boxes.text])) is not None:
                self.filled.append((boxes, span))
                judged.append((boxes.text, [span]))
        return judged

    def pieces(self, lexicon: Lexicon) -> Pieces:
        """Return the pieces of each value in each field; known values of the session are looked for too."""
        pieces: dict[TypedField, list[_Piece]] = defaultdict(list)
        texts = [Text(item.text, TextKind.TYPED) for item, _ in self.found]
        whole = lexicon.complete(texts, [spans for _, spans in self.found])
        for (item, _), spans in zip(self.found, whole, strict=True):
            for span in filter(item.crosses, spans):
                for typed, view in item.pieces(span):
                    pieces[typed].append((view, (Span(0, len(view.text), span.entity, span.score),)))
        for boxes, span in self.filled:
            for typed in boxes.fields:
                view = View("".join(map(typed.cells.__getitem__, typed.final.tolist())), typed.final)
                pieces[typed].append((view, (Span(0, len(view.text), span.entity, span.score),)))
        return pieces
