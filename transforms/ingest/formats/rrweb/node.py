"""A node of a page: its attributes, its role, and its neighbours by rrweb's ids."""

import re
from dataclasses import dataclass, field

_ROLES = {
    "a": "link", "article": "article", "aside": "complementary", "button": "button", "dialog": "dialog",
    "footer": "contentinfo", "form": "form", "header": "banner", "img": "img", "li": "listitem", "main": "main",
    "nav": "navigation", "ol": "list", "option": "option", "p": "paragraph", "select": "combobox", "table": "table",
    "td": "cell", "textarea": "textbox", "th": "columnheader", "tr": "row", "ul": "list",
    **{f"h{level}": "heading" for level in range(1, 7)},
}  # fmt: skip
_INPUT_ROLES = {
    "button": "button", "checkbox": "checkbox", "image": "button", "number": "spinbutton", "password": "password",
    "radio": "radio", "range": "slider", "reset": "button", "search": "searchbox", "submit": "button",
}  # fmt: skip
_CHOICES = frozenset({"button", "checkbox", "color", "file", "hidden", "image", "radio", "range", "reset", "submit"})
_NOT_SHOWN = re.compile(r"(?:^|[;\s])(?:display\s*:\s*none|visibility\s*:\s*hidden)", re.IGNORECASE)


@dataclass(slots=True)
class Node:
    """An element (``tag``) or a text; ``password`` stays true when a field is made readable later.

    ``first`` and ``last`` are its children, ``before`` and ``after`` its siblings: a node is put in or taken out
    without looking at the others, however many there are.
    """

    tag: str = field(repr=False)
    attributes: dict[str, object] = field(default_factory=dict, repr=False)
    text: str = field(default="", repr=False)
    parent: int | None = None
    first: int | None = None
    last: int | None = None
    before: int | None = None
    after: int | None = None
    password: bool = False

    def word(self, name: str) -> str:
        """Return an attribute as one line, '' where it has none."""
        value = self.attributes.get(name)
        return " ".join(value.split()) if isinstance(value, str) else ""

    def change(self, attributes: dict[str, object]) -> None:
        """Change attributes; one that is null goes. A change of style tells its properties one by one."""
        for name, value in attributes.items():
            if name == "style" and isinstance(value, dict):
                self._restyle(value)
            elif value is None:
                self.attributes.pop(name, None)
            else:
                self.attributes[name] = value
        self.mark_password()

    def _restyle(self, properties: dict[str, object]) -> None:
        for name in ("display", "visibility"):
            if name in properties:
                value = properties[name]
                word = value[0] if isinstance(value, list) and value else value
                self.attributes["style"] = f"{name}:{word}" if isinstance(word, str) else ""

    def mark_password(self) -> None:
        """Remember that it is, or was, a field for a password."""
        hidden = self.tag == "input" and self.input_type == "password"
        self.password = self.password or hidden or "data-rr-is-password" in self.attributes

    @property
    def is_shown(self) -> bool:
        """Return whether the node's own attributes let it be seen."""
        return self.attributes.get("hidden", False) is False and not _NOT_SHOWN.search(self.word("style"))

    @property
    def input_type(self) -> str:
        """Return the type of an ``input``, ``text`` where it names none."""
        return self.word("type").lower() or "text"

    @property
    def is_choice(self) -> bool:
        """Return whether the node's value is chosen and not typed."""
        return self.tag == "select" or (self.tag == "input" and self.input_type in _CHOICES)

    @property
    def is_editor(self) -> bool:
        """Return whether the node's content is edited in the page itself, as in rich text editors."""
        return str(self.attributes.get("contenteditable", "false")).lower() not in {"false", "inherit"}

    @property
    def takes_text(self) -> bool:
        """Return whether one can type into the node."""
        return not self.is_choice and (self.tag in {"input", "textarea"} or self.is_editor)

    @property
    def role(self) -> str:
        """Return the ARIA role, ``password`` for a password field."""
        if self.password:
            return "password"
        if self.tag == "input":
            return self.word("role") or _INPUT_ROLES.get(self.input_type, "textbox")
        return self.word("role") or _ROLES.get(self.tag, "generic")
