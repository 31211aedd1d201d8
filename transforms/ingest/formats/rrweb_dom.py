"""A web page as rrweb tells it: enough of the tree to know texts, fields and what was clicked."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

_UNSEEN = frozenset({"script", "style", "noscript", "template", "head", "meta", "link", "iframe", "svg"})
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "kbd", "label", "mark", "q", "s", "samp"}
    | {"small", "span", "strong", "sub", "sup", "time", "tt", "u", "var"}
)
_SPACE = re.compile(r"\s+")
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
_LONGEST_NAME = 200
_NEAR = 8
"""How many elements above a field its label is looked for."""


@dataclass(slots=True)
class Node:
    """An element (``tag``) or a text; ``password`` stays true when a field is made readable later."""

    tag: str
    attributes: dict[str, object] = field(default_factory=dict, repr=False)
    text: str = field(default="", repr=False)
    children: list[int] = field(default_factory=list)
    parent: int | None = None
    password: bool = False

    def word(self, name: str) -> str:
        """Return an attribute as one line, '' where it has none."""
        value = self.attributes.get(name)
        return " ".join(value.split()) if isinstance(value, str) else ""

    @property
    def input_type(self) -> str:
        """Return the type of an ``input``, ``text`` where it names none."""
        return self.word("type").lower() or "text"

    @property
    def is_choice(self) -> bool:
        """Return whether its value is chosen and not typed."""
        return self.tag == "select" or (self.tag == "input" and self.input_type in _CHOICES)

    @property
    def role(self) -> str:
        """Return its ARIA role, ``password`` for a password field."""
        if self.password:
            return "password"
        if self.tag == "input":
            return self.word("role") or _INPUT_ROLES.get(self.input_type, "textbox")
        return self.word("role") or _ROLES.get(self.tag, "generic")


@dataclass(slots=True)
class Page:
    """The nodes of one document by rrweb's id; what stands in ``masked`` fields is never read as text."""

    nodes: dict[int, Node] = field(default_factory=dict, repr=False)
    root: int | None = None
    masked: frozenset[int] = frozenset()

    def add(self, tree: object, parent: int | None) -> None:
        """Add a serialised node and all below it; what has not their form is passed over."""
        pending = [(tree, parent)]
        while pending:
            item, above = pending.pop()
            if not isinstance(item, dict) or not isinstance(place := item.get("id"), int):
                continue
            attributes, text = item.get("attributes"), item.get("textContent")
            node = Node(
                tag=str(item.get("tagName") or "").lower(),
                attributes=dict(attributes) if isinstance(attributes, dict) else {},
                text=text if isinstance(text, str) and item.get("type") == _TEXT else "",
                parent=above,
            )
            self.nodes[place] = node
            self._mark_password(node)
            if above is None:
                self.root = place
            elif above in self.nodes:
                self.nodes[above].children.append(place)
            children = item.get("childNodes")
            pending.extend((child, place) for child in reversed(children if isinstance(children, list) else []))

    def set_attributes(self, place: int, attributes: dict[str, object]) -> None:
        """Change attributes of a node."""
        if node := self.nodes.get(place):
            node.attributes.update(attributes)
            self._mark_password(node)

    def _mark_password(self, node: Node) -> None:
        hidden = node.tag == "input" and node.input_type == "password"
        node.password = node.password or hidden or "data-rr-is-password" in node.attributes

    def _walk(self, place: int | None) -> Iterator[Node]:
        pending = [] if place is None else [place]
        seen: set[int] = set()
        while pending:
            here = pending.pop()
            node = self.nodes.get(here)
            if node is not None and here not in seen and here not in self.masked and node.tag not in _UNSEEN:
                seen.add(here)
                yield node
                pending.extend(reversed(node.children))

    def title(self) -> str:
        """Return the text of the first ``title`` element, '' without one."""
        for node in self.nodes.values():
            if node.tag == "title":
                texts = (self.nodes[child].text for child in node.children if child in self.nodes)
                return " ".join(" ".join(texts).split())
        return ""

    def visible_text(self) -> str:
        """Read the page as text, one line a block: texts, values of fields, names of images.

        Texts of one block stand on one line as the reader sees them: a name must not be torn by a change of font.
        """
        parts: list[str] = []
        pending: list[int | str] = [] if self.root is None else [self.root]
        told: set[int] = set()
        while pending:
            here = pending.pop()
            node = None if isinstance(here, str) or here in told else self.nodes.get(here)
            if isinstance(here, str):
                parts.append(here)
            elif node is not None and here not in self.masked and node.tag not in _UNSEEN:
                told.add(here)
                edge = "" if not node.tag or node.tag in _INLINE else "\n"
                parts += [edge, _seen(node)]
                pending += [edge, *reversed(node.children)]
        lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
        return "\n".join(line for line in lines if line)

    def masked_values(self) -> Iterator[tuple[int, str]]:
        """Yield the masked fields that hold a value in clear, as an attribute or as text, with the value."""
        for place in sorted(self.masked & self.nodes.keys()):
            node = self.nodes[place]
            texts = [self.nodes[child].text for child in node.children if child in self.nodes]
            for value in dict.fromkeys([node.word("value"), " ".join(" ".join(texts).split())]):
                if value and not is_masked(value):
                    yield place, value

    def text_of(self, place: int) -> str:
        """Return the text below a node on one line, at most 200 characters."""
        return " ".join(" ".join(node.text for node in self._walk(place)).split())[:_LONGEST_NAME]

    def name_of(self, place: int) -> str:
        """Return the accessible name of a node, simplified from the W3C's Accessible Name computation."""
        node = self.nodes.get(place)
        if node is None:
            return ""
        return (
            node.word("aria-label")
            or self._label(node)
            or (self.text_of(place) if node.tag not in {"input", "textarea", "select", "form", "body", "html"} else "")
            or next((word for name in ("alt", "title", "placeholder", "name") if (word := node.word(name))), "")
        )

    def _label(self, node: Node) -> str:
        if node.tag not in {"input", "textarea", "select"}:
            return ""
        wanted = node.word("id")
        for other, label in self.nodes.items():
            if label.tag == "label" and wanted and label.word("for") == wanted:
                return self.text_of(other)
        above = node.parent
        for _ in range(_NEAR):
            parent = None if above is None else self.nodes.get(above)
            if above is None or parent is None:
                break
            if parent.tag == "label":
                return self.text_of(above)
            above = parent.parent
        return ""


def is_masked(value: str) -> bool:
    """Check whether a recorder wrote mask characters in the place of a value."""
    return bool(value) and not value.strip(_MASKS)


_MASKS = "*\u2022\u25cf\u2219\u00b7\u2b24\u2217\uff0a"
"""Asterisks, bullets and dots."""

_TEXT = 3
"""rrweb-snapshot, NodeType.Text."""


def _seen(node: Node) -> str:
    if node.text:
        return _SPACE.sub(" ", node.text)
    if node.tag == "input" and not node.password and node.input_type not in {"checkbox", "hidden", "radio"}:
        return node.word("value") or node.word("placeholder")
    if node.tag == "textarea":
        return node.word("value") or node.word("placeholder")
    return node.word("alt") if node.tag == "img" else ""
