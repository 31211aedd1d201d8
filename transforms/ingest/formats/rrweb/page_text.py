"""Visible text of a page, its title, and the names of its elements."""

import re
from collections.abc import Iterable, Iterator

from transforms.ingest.formats.rrweb.masks import is_masked
from transforms.ingest.formats.rrweb.mirror import Mirror
from transforms.ingest.formats.rrweb.node import Node

_UNSEEN = frozenset({"script", "style", "noscript", "template", "head", "meta", "link", "svg", "title"})
_INLINE = frozenset(
    {"a", "abbr", "b", "bdi", "bdo", "cite", "code", "em", "font", "i", "kbd", "label", "mark", "q", "s", "samp"}
    | {"small", "span", "strong", "sub", "sup", "time", "tt", "u", "var"}
)
_UNNAMED_BY_TEXT = frozenset({"input", "textarea", "select", "form", "body", "html"})
_LABELLED = frozenset({"input", "textarea", "select"})
_SPACE = re.compile(r"\s+")
_LONGEST_NAME = 200
_MOST_NODES_OF_A_NAME = 2_000
_NEAR = 8
"""Number of elements above a field in which its label is looked for."""


def visible_text(page: Mirror, place: int | None, most_nodes: int) -> tuple[str, int]:
    """Read the page, or what is below a node, as text, one line a block: texts, values of fields, names of images.

    Texts of one block stand on one line as the reader sees them: a name must not be torn by a change of font. Returned
    with the number of nodes that were read; where it is above ``most_nodes``, reading broke off.
    """
    read = 0
    parts: list[str] = []
    start = page.root if place is None else place
    pending: list[int | str] = [] if start is None else [start]
    while pending and read <= most_nodes:
        here = pending.pop()
        if isinstance(here, str):
            parts.append(here)
            continue
        read += 1
        node = page.nodes.get(here)
        if node is not None and here not in page.masked and node.tag not in _UNSEEN and node.is_shown:
            edge = "" if not node.tag or node.tag in _INLINE else "\n"
            parts += [edge, _read(node)]
            pending += [
                edge,
                *reversed([] if node.tag == "textarea" and node.word("value") else [*page.children(here)]),
            ]
    lines = (" ".join(line.split()) for line in "".join(parts).split("\n"))
    return "\n".join(line for line in lines if line), read


def _read(node: Node) -> str:
    if node.text:
        return _SPACE.sub(" ", node.text)
    if node.tag == "input" and not node.password and node.input_type not in {"checkbox", "hidden", "radio"}:
        return node.word("value") or node.word("placeholder")
    if node.tag == "textarea":
        return node.word("value") or node.word("placeholder")
    return node.word("alt") if node.tag == "img" else ""


def title_of(page: Mirror) -> str:
    """Return the text of the first ``title`` element, '' without one."""
    for place in page.titles:
        if place in page.nodes:
            return " ".join(" ".join(page.nodes[child].text for child in page.children(place)).split())
    return ""


def text_of(page: Mirror, place: int) -> str:
    """Return the text below a node on one line, at most 200 characters, without a last word that is cut."""
    found: list[str] = []
    length = 0
    for node in _walk(page, place):
        found.append(node.text)
        length += len(node.text.strip())
        if length > _LONGEST_NAME:
            break
    text = " ".join(" ".join(found).split())
    whole = text if len(text) <= _LONGEST_NAME else text[: _LONGEST_NAME + 1].rpartition(" ")[0]
    return whole or text[:_LONGEST_NAME]


def _walk(page: Mirror, place: int) -> Iterator[Node]:
    pending = [place]
    for _ in range(_MOST_NODES_OF_A_NAME):
        if not pending:
            return
        here = pending.pop()
        page.looked += 1
        node = page.nodes.get(here)
        if node is not None and here not in page.masked and node.tag not in _UNSEEN:
            yield node
            pending.extend(reversed([*page.children(here)]))


def name_of(page: Mirror, place: int) -> str:
    """Return the accessible name of a node, simplified from the W3C's Accessible Name computation."""
    node = page.nodes.get(place)
    if node is None:
        return ""
    return (
        node.word("aria-label")
        or _label(page, node)
        or (text_of(page, place) if node.tag not in _UNNAMED_BY_TEXT and not node.is_editor else "")
        or next((word for name in ("alt", "title", "placeholder", "name") if (word := node.word(name))), "")
    )


def _label(page: Mirror, node: Node) -> str:
    if node.tag not in _LABELLED:
        return ""
    label = page.labels.get(node.word("id")) if node.word("id") else None
    if label is not None and label in page.nodes:
        return text_of(page, label)
    above = node.parent
    for _ in range(_NEAR):
        parent = None if above is None else page.nodes.get(above)
        if above is None or parent is None:
            break
        if parent.tag == "label":
            return text_of(page, above)
        above = parent.parent
    return ""


def masked_values(page: Mirror, places: Iterable[int]) -> Iterator[tuple[int, str]]:
    """Yield those of ``places`` that are masked fields and hold a value in clear, with the value."""
    for place in sorted(page.masked.intersection(places) & page.nodes.keys()):
        node = page.nodes[place]
        texts = [page.nodes[child].text for child in page.children(place)]
        for value in dict.fromkeys([node.word("value"), " ".join(" ".join(texts).split())]):
            if value and not is_masked(value):
                yield place, value
