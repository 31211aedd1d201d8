"""Evaluates Terraform's language: expressions and blocks of a parsed file become plain values."""

import base64
import json
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from functools import cache
from typing import Any
from urllib.parse import quote

import hcl2
import yaml
from lark import Token, Tree

Names = Callable[[str], Any]
"""Looks a first name (``var``, ``local``, a kind of resource) up."""
_NOISE = {"new_line_or_comment"}


class UnknownNameError(Exception):
    """A name that nothing defines, or an attribute that a value does not have."""


@cache
def parse(text: str) -> Tree[Token]:
    """Parse a file."""
    return hcl2.parses_to_tree(text)


def parts(tree: Tree[Token]) -> list[Tree[Token]]:
    """Return the children that mean something."""
    return [item for item in tree.children if isinstance(item, Tree) and item.data not in _NOISE]


def word(tree: Tree[Token]) -> str:
    """Return the text of an identifier, or of a string without anything to fill in."""
    return "".join(str(item) for item in tree.scan_values(lambda item: item.type != "DBLQUOTE"))


def blocks(body: Tree[Token]) -> Iterator[tuple[list[str], Tree[Token]]]:
    """Yield the words before each block of a body, and what it holds."""
    for item in parts(body):
        if item.data == "block":
            *labels, inner = parts(item)
            yield [word(label) for label in labels], inner


def attributes(body: Tree[Token]) -> dict[str, Tree[Token]]:
    """Return the expressions of a body by name."""
    pairs = (parts(item) for item in parts(body) if item.data == "attribute")
    return {word(name): expression for name, expression in pairs}


def evaluate_body(body: Tree[Token], names: Names, skipped: frozenset[str] = frozenset()) -> dict[str, Any]:
    """Return a body as a mapping; each kind of block in it is a list, dynamic ones written out."""
    made = {name: evaluate(tree, names) for name, tree in attributes(body).items() if name not in skipped}
    for labels, inner in blocks(body):
        if labels[0] in skipped:
            continue
        if labels[0] != "dynamic":
            made.setdefault(labels[0], []).append(evaluate_body(inner, names))
            continue
        ((_, content),) = blocks(inner)
        each = evaluate(attributes(inner)["for_each"], names)
        for key, value in each.items() if isinstance(each, Mapping) else enumerate(each):
            within = _with({labels[1]: {"key": key, "value": value}}, names)
            made.setdefault(labels[1], []).append(evaluate_body(content, within))
    return made


def evaluate(tree: Tree[Token], names: Names) -> Any:
    """Return the value of an expression."""
    return _KINDS[tree.data](tree, names)


def _with(more: Mapping[str, Any], names: Names) -> Names:
    return lambda name: more[name] if name in more else names(name)


def _term(tree: Tree[Token], names: Names) -> Any:
    (inner,) = parts(tree)
    return names(word(inner)) if inner.data == "identifier" else evaluate(inner, names)


def _literal(tree: Tree[Token], _: Names) -> Any:
    return {"true": True, "false": False, "null": None}[word(tree)]


def _string(tree: Tree[Token], names: Names) -> str:
    return "".join(map(_text, (_piece(part, names) for part in parts(tree))))


def _piece(part: Tree[Token], names: Names) -> Any:
    (inner,) = part.children
    if isinstance(inner, Tree):
        (expression,) = parts(inner)
        return evaluate(expression, names)
    return json.loads(f'"{inner}"')


def _text(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _object(tree: Tree[Token], names: Names) -> dict[str, Any]:
    made = {}
    for element in parts(tree):
        key, value = parts(element)
        (named,) = parts(key)
        bare = named.data == "expr_term" and parts(named)[0].data == "identifier"
        made[word(parts(named)[0]) if bare and named.children[0] is parts(named)[0] else evaluate(named, names)] = (
            evaluate(value, names)
        )
    return made


def _attribute(tree: Tree[Token], names: Names) -> Any:
    of, named = parts(tree)
    return pick(evaluate(of, names), word(parts(named)[0]))


def _index(tree: Tree[Token], names: Names) -> Any:
    of, index = parts(tree)
    (at,) = parts(index)
    return pick(evaluate(of, names), evaluate(at, names))


def pick(value: Any, name: Any) -> Any:
    """Return an attribute or element of a value."""
    try:
        return value[name]
    except (KeyError, IndexError, TypeError):
        raise UnknownNameError(str(name)) from None


def _call(tree: Tree[Token], names: Names) -> Any:
    *name, arguments = parts(tree)
    called = "::".join(map(word, name))
    if called == "can":
        try:
            evaluate(parts(arguments)[0], names)
        except (UnknownNameError, ValueError):
            return False
        return True
    return _FUNCTIONS[called](*(evaluate(item, names) for item in parts(arguments)))


def _for(tree: Tree[Token], names: Names) -> list[Names]:
    """Return the names within each round of a loop whose condition holds."""
    intro, *rest = parts(tree)
    *variables, over = parts(intro)
    each = evaluate(over, names)
    rounds = []
    for key, value in each.items() if isinstance(each, Mapping) else enumerate(each):
        found = (value,) if len(variables) == 1 else (key, value)
        within = _with(dict(zip(map(word, variables), found, strict=True)), names)
        conditions = [parts(item)[0] for item in rest if item.data == "for_cond"]
        if all(evaluate(item, within) for item in conditions):
            rounds.append(within)
    return rounds


def _for_list(tree: Tree[Token], names: Names) -> list[Any]:
    value = parts(tree)[1]
    return [evaluate(value, within) for within in _for(tree, names)]


def _for_object(tree: Tree[Token], names: Names) -> dict[Any, Any]:
    key, value = parts(tree)[1:3]
    return {evaluate(key, within): evaluate(value, within) for within in _for(tree, names)}


def _conditional(tree: Tree[Token], names: Names) -> Any:
    asked, yes, no = parts(tree)
    return evaluate(yes if evaluate(asked, names) else no, names)


def _operation(tree: Tree[Token], names: Names) -> Any:
    left, term = parts(tree)
    operator, right = parts(term)
    one, other = evaluate(left, names), evaluate(right, names)
    return _OPERATORS[word(operator)](one, other)


def _regex(pattern: str, text: str) -> str:
    found = re.search(pattern, text)
    if found is None:
        raise ValueError(pattern)
    return found[0]


def _merge(*maps: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for item in maps for name, value in item.items()}


def _flat(items: list[Any]) -> list[Any]:
    return [found for item in items for found in (_flat(item) if isinstance(item, list) else [item])]


def _parsed_time(text: str) -> dict[str, Any]:
    return {"unix": round(datetime.fromisoformat(text).timestamp())}


_OPERATORS: Mapping[str, Callable[[Any, Any], Any]] = {
    "==": lambda one, other: one == other,
    "!=": lambda one, other: one != other,
    ">": lambda one, other: one > other,
    "+": lambda one, other: one + other,
    "-": lambda one, other: one - other,
    "*": lambda one, other: one * other,
    "&&": lambda one, other: one and other,
    "||": lambda one, other: one or other,
}
_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "alltrue": all,
    "base64encode": lambda text: base64.b64encode(text.encode()).decode(),
    "concat": lambda *lists: [item for found in lists for item in found],
    "contains": lambda items, item: item in items,
    "file": lambda path: path,
    "flatten": _flat,
    "jsonencode": json.dumps,
    "keys": sorted,
    "length": len,
    "lookup": lambda items, name, other: items.get(name, other),
    "lower": str.lower,
    "merge": _merge,
    "provider::time::rfc3339_parse": _parsed_time,
    "regex": _regex,
    "startswith": str.startswith,
    "toset": lambda items: {item: item for item in items},
    "trimprefix": str.removeprefix,
    "upper": str.upper,
    "urlencode": lambda text: quote(text, safe=""),
    "values": lambda items: [items[name] for name in sorted(items)],
    "yamlencode": yaml.safe_dump,
}
_KINDS: Mapping[str, Callable[[Tree[Token], Names], Any]] = {
    "expr_term": _term,
    "literal_value": _literal,
    "int_lit": lambda tree, _: int(word(tree)),
    "float_lit": lambda tree, _: float(word(tree)),
    "string": _string,
    "tuple": lambda tree, names: [evaluate(item, names) for item in parts(tree)],
    "object": _object,
    "get_attr_expr_term": _attribute,
    "index_expr_term": _index,
    "function_call": _call,
    "for_tuple_expr": _for_list,
    "for_object_expr": _for_object,
    "conditional": _conditional,
    "binary_op": _operation,
}
