"""Actions that a screen is shown before: a stretch of typing is one, as is one of scrolling, and each press."""

_KEYS = frozenset({"key", "input_value"})


def name_action(event: dict[str, object]) -> str:
    """Name what kind of action an event belongs to; '' where it is none."""
    if event["kind"] in _KEYS:
        return "keys"
    if event["kind"] == "pointer" and event.get("action") not in {"move", "up"}:
        return "scroll" if event.get("action") == "scroll" else "press"
    return ""


def go_on(action: str, before: str) -> str:
    """Return the action that goes on after an event: a press is over at once, keys and scrolling are not."""
    if not action:
        return before
    return "" if action == "press" else action
