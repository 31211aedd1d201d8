"""Mutants of deploy/: one grant, permission, member, argument, setting, resource or step is taken out at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import yaml
from lark import Token, Tree

from tests.deploy.hcl import parts, word
from tests.deploy.terraform import Files

_LEFT_OUT = frozenset(
    {"description", "display_name", "title", "validation", "terraform", "provider", "variable", "output"}
)
"""Arguments that a person reads, or that only say which values are taken."""


@dataclass(frozen=True)
class Mutant:
    """Both modules and both workflows without one thing."""

    name: str
    files: Files
    texts: dict[str, str]
    parent: Tree[Token] | None = None
    child: Any = None

    @contextmanager
    def applied(self) -> Iterator[tuple[Files, dict[str, str]]]:
        """Take the thing out while the block runs."""
        if self.parent is None:
            yield self.files, self.texts
            return
        whole = list(self.parent.children)
        self.parent.children = [item for item in whole if item is not self.child]
        try:
            yield self.files, self.texts
        finally:
            self.parent.children = whole


def mutants(files: Files, texts: dict[str, str]) -> Iterator[Mutant]:
    """Make every mutant: elements of lists, blocks, attributes, and steps of workflows."""
    for name, tree in files.items():
        for parent, child, what in _removals(tree.children[0], name):
            yield Mutant(what, files, texts, parent, child)
    for name, text in texts.items():
        yield from _shortened(name, text, files, texts)


def _removals(body: Tree[Token], place: str) -> Iterator[tuple[Tree[Token], Any, str]]:
    for item in parts(body):
        if item.data == "attribute":
            named, value = parts(item)
            if word(named) in _LEFT_OUT:
                continue
            yield body, item, f"{place}: {word(named)}"
            yield from _elements(value, f"{place}: {word(named)}")
        elif item.data == "block":
            *labels, inner = parts(item)
            words = [word(label) for label in labels]
            if words[0] in _LEFT_OUT:
                continue
            if words != ["locals"]:
                yield body, item, f"{place}: {' '.join(words)}"
            yield from _removals(inner, f"{place} {'.'.join(words)}")


def _elements(value: Tree[Token], place: str) -> Iterator[tuple[Tree[Token], Any, str]]:
    """Yield each element of the lists and maps in an expression, with the comma behind it."""
    for tree in value.iter_subtrees_topdown():
        if tree.data in ("tuple", "object"):
            for number, item in enumerate(parts(tree)):
                yield tree, item, f"{place}[{number}]"


def _shortened(name: str, text: str, files: Files, texts: dict[str, str]) -> Iterator[Mutant]:
    steps = yaml.safe_load(text)["main"]["steps"]
    for number, item in enumerate(steps):
        changed = yaml.safe_load(text)
        del changed["main"]["steps"][number]
        yield Mutant(f"{name}: {next(iter(item))}", files, texts | {name: yaml.safe_dump(changed, sort_keys=False)})
    for number, item in enumerate(steps):
        ((step, held),) = item.items()
        for part in _parts(held):
            changed = yaml.safe_load(text)
            at = changed["main"]["steps"][number][step]
            for key in part[:-1]:
                at = at[key]
            del at[part[-1]]
            yield Mutant(f"{name}: {step} {part}", files, texts | {name: yaml.safe_dump(changed, sort_keys=False)})


def _parts(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, item in items:
        yield (*path, key)
        yield from _parts(item, (*path, key))
