"""Moments of a session: each released row that is no key, with the recorded events behind it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.preview.marked_text import MarkedTexts, Part, hide, hide_denied, mark_released
from pipelines.preview.rehearse import Rehearsal
from schemas.raw import TypedField
from schemas.vocabulary import PASSWORD, role_of
from transforms.redact.typed_fields.views import collect_views

_TEXTS = {
    "focus": (("app", "app", "Application"), ("title", "title", "Title"), ("url", "url", "Address")),
    "field": (("label", "name", "Field"),),
    "screen": (("text", "text", "Screen"),),
    "task": (("instruction", "text", "Task"),),
    "clipboard": (("text", "text", "Clipboard"),),
}
"""By kind: recorded column, released column, what the page calls it."""

_MS = 1000


@dataclass(slots=True)
class Moments:
    """Builder of the moments of one rehearsal."""

    rehearsal: Rehearsal
    texts: MarkedTexts
    recorded: list[dict[str, Any]] = field(init=False, repr=False)
    _fields: Mapping[int, TypedField] = field(init=False, repr=False)
    _start_us: int | None = field(init=False)

    def __post_init__(self) -> None:
        typed = self.rehearsal.typed
        self.recorded = typed.sessions.table.to_pylist()
        self._fields = {int(item.key_rows[0]): item for item in typed.fields if len(item.key_rows)}
        self._start_us = self.recorded[0]["t_us"] if self.recorded else None

    def build(self) -> list[dict[str, Any]]:
        """Build the moments in released order."""
        rows = self.rehearsal.rows.to_pylist()
        listed = zip(rows, self.rehearsal.sources, strict=True)
        return [self._moment(row, sources) for row, sources in listed if row["kind"] != "key" and sources]

    def at_ms(self, place: int) -> int | None:
        """Return when an event was recorded, in milliseconds from the start of the session."""
        at = self.recorded[place]["t_us"]
        return None if at is None or self._start_us is None else (at - self._start_us) // _MS

    def _moment(self, row: Mapping[str, Any], sources: Sequence[int]) -> dict[str, Any]:
        end = self.rehearsal.denied.get(sources[0])
        stretch = sources if end is None else range(sources[0], end)
        moment = {
            "kind": row["kind"],
            "action": row["action"],
            "at": self.at_ms(sources[-1] if row["kind"] == "text_input" else sources[0]),
            "to": row["t_ms"],
            "seqs": [self.recorded[stretch[0]]["seq"], self.recorded[stretch[-1]]["seq"]],
            "texts": [text for text in self._texts(row, sources) if text["before"] or text["after"]],
        }
        if row["kind"] == "text_input" and (found := self._list_deleted(sources)):
            moment["deleted"] = found
        if end is not None:
            moment["dropped"] = len(stretch)
            moment["texts"] = [text | {"before": hide_denied(text["before"])} for text in moment["texts"]]
        return moment

    def _texts(self, row: Mapping[str, Any], sources: Sequence[int]) -> Iterator[dict[str, Any]]:
        marks = row["redactions"] or ()
        first = self.recorded[sources[0]]
        if row["kind"] == "text_input":
            yield self._show_typed(row, sources)
        elif row["kind"] == "pointer":
            target = next((self.recorded[place]["target"] for place in sources if self.recorded[place]["target"]), None)
            yield self._text("Target", (target or {}).get("name"), row["name"], marks, "name")
        elif row["kind"] == "screen" and not first["text"]:
            yield self._nodes(first["nodes"] or (), row["nodes"] or (), marks)
        else:
            for raw, released, name in _TEXTS.get(row["kind"], ()):
                yield self._text(name, first[raw], row[released], marks, released)

    def _text(
        self, name: str, before: str | None, after: str | None, marks: Sequence[Mapping[str, Any]], column: str
    ) -> dict[str, Any]:
        own = [item for item in marks if item["column"] == column]
        return {
            "name": name,
            "before": self.texts.before(before or "", after or "", own),
            "after": mark_released(after or "", own),
        }

    def _show_typed(self, row: Mapping[str, Any], sources: Sequence[int]) -> dict[str, Any]:
        item = self._fields.get(sources[0])
        before = "" if item is None else collect_views(item)[0].text
        return self._text("Typed", before, row["text"], row["redactions"] or (), "text")

    def _list_deleted(self, sources: Sequence[int]) -> list[list[str]]:
        """List values of drafts that the final text lacks, without those that only hold another."""
        item = self._fields.get(sources[0])
        if item is None or item.secret:
            return []
        final, *drafts = (view.text for view in collect_views(item))
        found = {part[0]: part for draft in drafts for part in self.texts.list_found(draft) if part[0] not in final}
        return [part for value, part in found.items() if not any(other in value for other in found if other != value)]

    def _nodes(
        self,
        before: Sequence[Mapping[str, Any]],
        after: Sequence[Mapping[str, Any]],
        marks: Sequence[Mapping[str, Any]],
    ) -> dict[str, Any]:
        """Return the names and values of a screen's nodes, a line each, with what was replaced in them."""
        lines: dict[str, list[Part]] = {"before": [], "after": []}
        for number, (recorded, released) in enumerate(zip(before, after, strict=False)):
            for part in ("name", "value"):
                own = [item for item in marks if item["node"] == number and item["column"] == f"nodes.{part}"]
                text = self._text("", recorded[part], released[part], own, f"nodes.{part}")
                if part == "value" and (recorded["protected"] or role_of(recorded["role"] or "") == PASSWORD):
                    text["before"] = hide(recorded[part] or "")
                for side, listed in lines.items():
                    listed.extend([*text[side], "\n"] if text[side] else [])
        return {"name": "Screen", **lines}
