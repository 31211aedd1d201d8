"""Accessibility trees of Windows UI Automation, as AgentNetTool writes them."""

import math

from schemas.safe import BOX_EDGES
from transforms.ingest.formats.record_values import number

_ROLES = {
    "AppBar": "toolbar", "Button": "button", "Calendar": "grid", "CheckBox": "checkbox", "ComboBox": "combobox",
    "Custom": "generic", "DataGrid": "grid", "DataItem": "row", "Document": "document", "Edit": "textbox",
    "Group": "group", "Header": "rowgroup", "HeaderItem": "columnheader", "Hyperlink": "link", "Image": "img",
    "List": "list", "ListItem": "listitem", "Menu": "menu", "MenuBar": "menubar", "MenuItem": "menuitem",
    "Pane": "region", "ProgressBar": "progressbar", "RadioButton": "radio", "ScrollBar": "scrollbar",
    "SemanticZoom": "region", "Separator": "separator", "Slider": "slider", "Spinner": "spinbutton",
    "SplitButton": "button", "StatusBar": "status", "Tab": "tablist", "TabItem": "tab", "Table": "table",
    "Text": "paragraph", "Thumb": "slider", "TitleBar": "banner", "ToolBar": "toolbar", "ToolTip": "tooltip",
    "Tree": "tree", "TreeItem": "treeitem", "Window": "dialog",
}  # fmt: skip
"""Control types of UI Automation to ARIA roles."""


def role_of(control_type: object) -> str | None:
    """Return the ARIA role of a control type, ``None`` where UI Automation has no such type.

    >>> [role_of(name) for name in ("EditControl", "Button", "toggle")]
    ['textbox', 'button', None]
    """
    return _ROLES.get(str(control_type).removesuffix("Control"))


def _role(node: dict[str, object]) -> str:
    return role_of(node.get("ControlType")) or "generic"


def _name(node: dict[str, object]) -> str:
    name = node.get("Name")
    return " ".join(name.split()) if isinstance(name, str) else ""


Bounds = dict[str, float]
"""x, y, width and height in the pixels of the tree, which depend on the scale of the display."""

_SCALES = (1.0, 1.25, 1.5, 1.75, 2.0, 2.25, 2.5, 3.0, 3.5)
"""Display scales that Windows offers."""


def _bounds(node: dict[str, object]) -> Bounds | None:
    return bounds_of(node.get("BoundingRectangle"))


def bounds_of(edges: object) -> Bounds | None:
    """Read a rectangle given by its four edges; ``None`` if there is none or it is empty."""
    if not isinstance(edges, dict):
        return None
    try:
        left, top, right, bottom = (number(edges, name) for name in BOX_EDGES)
    except TypeError:
        return None
    return (
        {"x": left, "y": top, "width": right - left, "height": bottom - top} if left < right and top < bottom else None
    )


def nodes_of(tree: object) -> list[dict[str, object]]:
    """List the nodes of a tree in reading order, with their depth; trees may be of any depth."""
    found: list[dict[str, object]] = []
    pending = [(tree, 0)]
    while pending:
        node, depth = pending.pop()
        if isinstance(node, list):
            pending.extend((child, depth) for child in reversed(node))
        elif isinstance(node, dict):
            found.append({"role": _role(node), "name": _name(node), "bounds": _bounds(node), "depth": depth})
            pending.append((node.get("Children"), depth + 1))
    return found


def window_of(tree: object) -> Bounds | None:
    """Return the rectangle of the window that a tree shows, ``None`` where its root is none (the task bar)."""
    is_window = isinstance(tree, dict) and _role(tree) == "dialog"
    return _bounds(tree) if is_window and isinstance(tree, dict) else None


def scale_of(window: Bounds, longer_px: float) -> float | None:
    """Compute the pixels of the pointer in one pixel of the tree; ``None`` if the window does not determine them.

    A maximised window sticks out of the screen by its border on all sides, ``(-7, -7, 1100, 582)``; so its longer side
    is that of the screen in the tree's pixels, 1093, and the recorder's screen of 1366 has a scale of 1.25. Longer
    sides are compared as the display may have been turned since the recording began.
    """
    border = -window["x"]
    if border <= 0 or window["y"] != window["x"]:
        return None
    ratio = longer_px / (max(window["width"], window["height"]) - 2 * border)
    return min(_SCALES, key=lambda scale: abs(math.log(scale / ratio))) if ratio > 0 else None


def target_of(tree: object) -> dict[str, object] | None:
    """Return role, name and bounds of the element itself, ``None`` where there is none."""
    if not isinstance(tree, dict):
        return None
    return {"role": _role(tree), "name": _name(tree), "bounds": _bounds(tree)}
