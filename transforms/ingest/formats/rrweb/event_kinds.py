"""Numbers of rrweb's events (packages/types: EventType, IncrementalSource, MouseInteractions), and masked fields."""

from collections.abc import Iterable

from transforms.ingest.formats.rrweb.masks import is_masked

LOADS, FULL, INCREMENTAL, META, CUSTOM, PLUGIN = (0, 1), 2, 3, 4, 5, 6
MUTATION, INTERACTION, SCROLL, INPUT, CANVAS = 0, 2, 3, 5, 9
MOVES = (1, 6, 12)
FOCUS, BLUR = 5, 6
PRESSES = (1, 7)
POINTER = {0: ("up", None), 1: ("down", None), 2: ("click", None), 3: ("click", "right"), 4: ("double_click", None),
           7: ("down", None), 9: ("up", None)}  # fmt: skip
BOX_TAG, BOXES_TAG = "keyveil-box", "keyveil-boxes"
"""Tags of the custom events with the box of one element, and with the boxes of all visible elements.

``examples/rrweb-boxes.js`` writes them.
"""

ADDRESS_TAGS = frozenset({"$pageview", "$url_changed", "Navigate", "Reload"})
"""Tags of PostHog and highlight in which a page of one document tells its new address."""

Masked = frozenset[tuple[object, int]]
"""Fields of which a value was masked: the address of their page and rrweb's id."""


def find_masked(events: Iterable[dict[str, object]]) -> Masked:
    """Find the fields of which any value of the recording is masked: they are masked in every event of it."""
    found: set[tuple[object, int]] = set()
    href: object = None
    for event in events:
        data = event["data"]
        if not isinstance(data, dict):
            continue
        if event["type"] == META:
            href = _plain(data.get("href"))
        elif event["type"] == INCREMENTAL and data.get("source") == INPUT:
            place, text = data.get("id"), data.get("text")
            if isinstance(place, int) and isinstance(text, str) and is_masked(text):
                found.add((href, place))
    return frozenset(found)


def _plain(value: object) -> object:
    return value if isinstance(value, str) else None


def address_in(data: dict[str, object]) -> str | None:
    """Return the address that a custom event tells, ``None`` where it tells none."""
    if data.get("tag") not in ADDRESS_TAGS:
        return None
    payload = data.get("payload")
    address = payload.get("href") if isinstance(payload, dict) else payload
    return address if isinstance(address, str) else None


def time_of(event: dict[str, object]) -> float | None:
    """Return the time of an event in milliseconds, ``None`` where it tells none; some exports write it as text."""
    at = event.get("timestamp")
    if isinstance(at, str):
        try:
            at = float(at)
        except ValueError:
            return None
    return at if isinstance(at, int | float) and not isinstance(at, bool) and 0 <= at < 2**53 else None
