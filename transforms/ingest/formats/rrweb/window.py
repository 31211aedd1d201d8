"""A browser window: the address and the page that it shows, and when a change of them is written."""

from dataclasses import dataclass, field

from schemas.tally import Outcome
from transforms.ingest.formats.foreign_recording import Recording, TimedEvent
from transforms.ingest.formats.record_values import number
from transforms.ingest.formats.rrweb.event_kinds import Masked
from transforms.ingest.formats.rrweb.masks import is_masked
from transforms.ingest.formats.rrweb.mirror import Change, Mirror
from transforms.ingest.formats.rrweb.page_text import masked_values, title_of
from transforms.ingest.formats.rrweb.placed_elements import Box, PlacedElements
from transforms.ingest.formats.rrweb.screens import Allowance

Nodes = list[dict[str, object]]

_DEEPEST_EDITOR = 50
"""Levels below a rich editor at which its text is looked for."""


@dataclass(slots=True)
class Window:
    """Contents of a window. ``ordinal`` numbers the windows of a recording, ``masked`` are fields that were masked.

    A ``focus`` of a page waits for the page's title. Ids of fields hold the ordinal of the page: rrweb's start again on
    each.
    """

    recording: Recording
    allowance: Allowance
    ordinal: int = 0
    masked: Masked = field(default=frozenset(), repr=False)
    page: Mirror = field(default_factory=Mirror)
    placed: PlacedElements = field(default_factory=PlacedElements)
    _href: str | None = field(default=None, repr=False)
    _moved: str | None = field(default=None, repr=False)
    _focus: dict[str, object] | None = field(default=None, repr=False)
    _pending: tuple[float | None, int, dict[str, object]] | None = field(default=None, repr=False)
    _pages: int = 0
    _changes: int = 0
    _stale: bool = False
    _seen: tuple[str, Nodes] | None = field(default=None, repr=False)
    _last: tuple[float | None, int] = (None, 0)
    _told: dict[int, set[str]] = field(default_factory=dict, repr=False)  # values in clear of masked fields
    _edited: dict[str, str] = field(default_factory=dict, repr=False)

    def field_id(self, place: int) -> str:
        """Return the id of a field: that of its window, where there are several, its page and its node."""
        return f"{self.ordinal}." * (self.ordinal > 0) + f"{self._pages}-{place}"

    def _tell(self, at: float | None, record: int, event: dict[str, object]) -> None:
        self.recording.events.append(TimedEvent(at, record, event))

    def open(self, at: float | None, record: int, data: Change) -> None:
        """Note a new address; it is written with the title of the page that follows."""
        self.tell_change(at, record)
        self._tell_pending()
        href = data.get("href")
        size = {"x": 0, "y": 0, "width": number(data, "width"), "height": number(data, "height"), "scale": 1}
        if not self.ordinal and self._focus is None:
            self._tell(at, record, {"kind": "session", "recorder": "rrweb", "screens": [size]})
        self._href, self._moved = href if isinstance(href, str) else None, None
        self._focus = {"kind": "focus", "app": "browser", "title": "", "url": self._href, "window": size}
        self._pending = (at, record, self._focus)

    def load(self, at: float | None, record: int, data: Change) -> None:
        """Take up a new page, and tell it."""
        if self._changes:
            self.tell_change(at, record)
        self.page = Mirror(frozenset(place for href, place in self.masked if href == self._href))
        added = self.page.add(data.get("node"), None)
        self._pages += 1
        if self._pending is not None:
            self._pending[2]["title"] = title_of(self.page)
        self._tell_pending()
        self.placed = PlacedElements()
        self._seen = self._read()
        self._stale = False
        if self._seen is None:
            self.recording.leave_out(Outcome.SUPPRESSED, "screen_over_allowance")
        else:
            self._tell_screen(at, record, self._seen)
        self._tell_masked(at, record, added)

    def _read(self) -> tuple[str, Nodes] | None:
        """Read the text and the placed elements of the page; ``None`` once the allowance is spent."""
        text = self.allowance.read(self.page)
        return None if text is None else (text, self.placed.list_nodes(self.page, self.allowance))

    def _tell_screen(self, at: float | None, record: int, seen: tuple[str, Nodes]) -> None:
        text, nodes = seen
        event: dict[str, object] = {"kind": "screen", "source": "dom", "text": text}
        self._tell(at, record, event | ({"nodes": nodes} if nodes else {}))

    def place(self, at: float | None, record: int, boxes: dict[int, Box]) -> None:
        """Store the boxes of the elements of the page."""
        if boxes != self.placed.boxes:
            self.placed = PlacedElements(boxes)
            self._stale, self._last = True, (at, record)

    def move(self, at: float | None, record: int, address: str) -> None:
        """Take up a new address of the same page."""
        self._moved, self._stale, self._last = address, True, (at, record)

    def mutate(self, at: float | None, record: int, data: Change, editor: tuple[str | None, int | None]) -> None:
        """Change the page; of the rich editor that has the focus, ``editor``, tell the new text."""
        for change in _items(data, "removes"):
            if isinstance(place := change.get("id"), int):
                self.page.remove(place)
        touched = self.page.add_all(_items(data, "adds"))
        for change in _items(data, "texts"):
            place, value = change.get("id"), change.get("value")
            if isinstance(place, int) and isinstance(value, str):
                self.page.set_text(place, value)
                touched.append(place)
        for change in _items(data, "attributes"):
            place, attributes = change.get("id"), change.get("attributes")
            if isinstance(place, int) and isinstance(attributes, dict):
                self.page.set_attributes(place, attributes)
                touched.append(place)
        above = [node.parent for place in touched if (node := self.page.nodes.get(place)) and node.parent is not None]
        self._tell_masked(at, record, [*touched, *above])
        removed = [place for change in _items(data, "removes") if isinstance(place := change.get("parentId"), int)]
        self._tell_edit(at, record, editor, [*touched, *removed])
        self._stale, self._changes, self._last = True, self._changes + 1, (at, record)

    def _tell_edit(
        self, at: float | None, record: int, editor: tuple[str | None, int | None], touched: list[int]
    ) -> None:
        name, place = editor
        node = None if place is None else self.page.nodes.get(place)
        if name is None or place is None or node is None or not node.is_editor or place in self.page.masked:
            return
        if any(self.page.is_below(here, place, _DEEPEST_EDITOR) for here in touched):
            value = self.allowance.read(self.page, place)
            if value is not None and value != self._edited.get(name):
                self._edited[name] = value
                event = {"kind": "input_value", "field_id": name, "value": value, "source_masked": is_masked(value)}
                self._tell(at, record, event)

    def fill(self, at: float | None, record: int, place: int, value: str) -> None:
        """Show a typed value in its field."""
        self.page.set_attributes(place, {"value": value})
        self._stale, self._last = True, (at, record)

    def tell_change(self, at: float | None, record: int) -> None:
        """Tell the page, and its title and address, where they differ from what was written last."""
        if not self._stale:
            return
        self._stale = False
        changes, self._changes = self._changes, 0
        if self._focus is not None and self._pending is None:
            shown = {"title": title_of(self.page) or self._focus["title"], "url": self._moved or self._focus["url"]}
            if not shown.items() <= self._focus.items():
                self._focus = self._focus | shown
                self._tell(at, record, self._focus)
        seen = self._read()
        if seen is None or seen == self._seen:
            why = "screen_over_allowance" if seen is None else "page_change"
            outcome = Outcome.SUPPRESSED if seen is None else Outcome.MERGED
        else:
            self._seen = seen
            self._tell_screen(at, record, seen)
            outcome, why, changes = Outcome.MERGED, "page_change", changes - 1  # one change became the screen
        for _ in range(changes):
            self.recording.leave_out(outcome, why)

    def return_to(self, at: float | None, record: int) -> None:
        """Tell that the window is in front again."""
        if self._focus is not None and self._pending is None:
            self._tell(at, record, dict(self._focus))

    def close(self) -> None:
        """Tell what still waited."""
        self._tell_pending()
        self.tell_change(*self._last)

    def _tell_pending(self) -> None:
        if self._pending is not None:
            at, record, event = self._pending
            self._pending = None
            self._tell(at, record, event)

    def _tell_masked(self, at: float | None, record: int, places: list[int]) -> None:
        """Tell the values in clear of masked fields as masked ones: they are removed wherever they stand."""
        for place, value in masked_values(self.page, places):
            event = {"kind": "input_value", "field_id": self.field_id(place), "value": value, "source_masked": True}
            if value not in self._told.setdefault(place, set()):
                self._told[place].add(value)
                self._tell(at, record, event)


def _items(data: Change, name: str) -> list[Change]:
    items = data.get(name)
    return [item for item in items if isinstance(item, dict)] if isinstance(items, list) else []
