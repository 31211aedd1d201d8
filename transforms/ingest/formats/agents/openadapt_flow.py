"""Recordings of openadapt-flow: steps as JSON Lines, with the element and the page of each."""

from collections.abc import Iterator

from transforms.ingest.formats.adapter import MapRow
from transforms.ingest.formats.foreign_format import UNKNOWN, ForeignFormat, SessionDraft
from transforms.ingest.formats.json_documents import has_names, lines
from transforms.ingest.formats.record_values import number, text
from transforms.ingest.formats.typed_steps import Event, Field, press_chord


def _knows(head: bytes) -> bool:
    return has_names(head.partition(b"\n")[0], "i", "kind", "t") and not has_names(head, "session_id")


def _tell(content: bytes, source: int) -> Iterator[SessionDraft]:
    draft, field = SessionDraft(source, {"recorder": "openadapt-flow"}), Field()
    page: list[Event] = []
    for place, record in lines(content, draft):
        draft.each([record], lambda at, step: _step(step, at, draft, field, page), place)
    yield draft


def _step(step: Event, place: int, draft: SessionDraft, field: Field, page: list[Event]) -> None:
    at, kind = number(step, "t"), text(step, "kind")
    for side in ("before", "after"):
        page_event = _page(step, side)
        if side == "after":
            for event in _events(kind, step, field):
                draft.add(at, place, event)
        if page_event is not None and (not page or page[-1] != page_event):
            page.append(page_event)
            draft.add(at, place, page_event)
    if kind not in {"click", "type", "key", "scroll", "double_click"}:
        draft.refuse(UNKNOWN, place)


def _page(step: Event, side: str) -> Event | None:
    url, title = step.get(f"url_{side}"), step.get(f"title_{side}")
    if not isinstance(url, str) and not isinstance(title, str):
        return None
    page: Event = {"kind": "focus", "app": "browser", "title": title if isinstance(title, str) else ""}
    return page | {"url": url if isinstance(url, str) else None}


def _events(kind: str, step: Event, field: Field) -> Iterator[Event]:
    structural = step.get("structural")
    element = structural if isinstance(structural, dict) else {}
    named = {name: value if isinstance(value := element.get(name), str) else "" for name in ("role", "name")}
    if kind in {"click", "double_click"}:
        field.leave(named["name"])
        place = {"x": number(step, "x"), "y": number(step, "y"), "button": "left"}
        yield {"kind": "pointer", "action": kind, "target": named if element else None} | place
    elif kind == "type":
        yield from field.type(text(step, "text"))
    elif kind == "key":
        yield from press_chord(text(step, "key"))
    elif kind == "scroll":
        place = {name: step.get(name) or 0.0 for name in ("x", "y", "dx", "dy")}
        yield {"kind": "pointer", "action": "scroll"} | place


OPENADAPT_FLOW = ForeignFormat(
    name="openadapt-flow",
    summary="openadapt-flow: events.jsonl of a recorded flow",
    mapping=(
        MapRow("click, double_click", "`pointer`, with `structural` as its target"),
        MapRow("type", "`field` and `input_value`: another field after each click"),
        MapRow("key", "`key`; `Control+c` is two keys"),
        MapRow("scroll", "`pointer`: `scroll`"),
        MapRow("url_before, title_before, url_after, title_after", "`focus`, where it changes"),
        MapRow("structured_identity, pages, sor, param, selector", "not read"),
        MapRow("t", "seconds since the start; the date is not known"),
    ),
    knows=_knows,
    tell=_tell,
)
"""The adapter."""
