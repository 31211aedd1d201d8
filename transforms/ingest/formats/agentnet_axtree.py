"""Accessibility trees of Windows UI Automation, as AgentNetTool writes them."""

from collections.abc import Iterator

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


def _role(node: dict[str, object]) -> str:
    return _ROLES.get(str(node.get("ControlType")).removesuffix("Control"), "generic")


def _name(node: dict[str, object]) -> str:
    name = node.get("Name")
    return " ".join(name.split()) if isinstance(name, str) else ""


def named_lines(tree: object) -> Iterator[str]:
    """Yield ``role 'name'`` for every node that has a name, in reading order; trees may be of any depth."""
    pending = [tree]
    while pending:
        node = pending.pop()
        if isinstance(node, list):
            pending.extend(reversed(node))
        elif isinstance(node, dict):
            if name := _name(node):
                yield f"{_role(node)} '{name}'"
            pending.append(node.get("Children"))


def target_of(tree: object) -> dict[str, object] | None:
    """Return role and name of the element itself, ``None`` where there is none."""
    return {"role": _role(tree), "name": _name(tree)} if isinstance(tree, dict) else None
