"""The mutants of a module: one small change each, found in its syntax tree.

A mutant is named by its function, its operator, the old and the new text and, if these repeat in the function, a
number. Names stay valid when lines are added.
"""

import ast
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

_COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
}
_ARITHMETIC: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Div,
    ast.Div: ast.Mult,
    ast.BitAnd: ast.BitOr,
    ast.BitOr: ast.BitAnd,
}
_CALLS = {"min": "max", "max": "min", "any": "all", "all": "any", "flatnonzero": "atleast_1d"}
_SYMMETRIC = frozenset({"np.maximum", "np.minimum"})
_QUIET = frozenset({"strict", "slots", "frozen", "repr", "eq", "order", "copy", "zero_copy_only", "dtype"})
"""Keywords that guard against mistakes of ours or change only how an object looks: no mutant in them."""
_EMPTY = {
    "bool": "False",
    "int": "0",
    "str": "''",
    "bytes": "b''",
    "list": "[]",
    "dict": "{}",
    "Mapping": "{}",
    "Counter": "Counter()",
    "tuple": "()",
    "Sequence": "()",
    "set": "set()",
    "frozenset": "frozenset()",
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one place in a module's source; ``begin`` and ``end`` are byte offsets."""

    function: str
    operator: str
    old: str
    new: str
    nth: int
    begin: int
    end: int
    text: str

    @property
    def name(self) -> str:
        """The mutant's name, as in the list of equivalent mutants."""
        which = f" #{self.nth}" if self.nth else ""
        return f"{self.function}: {self.operator}: {self.old} -> {self.new}{which}"

    def apply(self, source: bytes) -> bytes:
        return source[: self.begin] + self.text.encode() + source[self.end :]


def find_mutants(module: str, source: bytes) -> list[Mutant]:
    """Find every mutant of a module, in source order."""
    starts = [0]
    for line in source.splitlines(keepends=True):
        starts.append(starts[-1] + len(line))
    seen: Counter[tuple[str, ...]] = Counter()
    made = []
    for function, operator, node, new in _Walk(module).changes(ast.parse(source)):
        old, text = _abbreviate(node), ast.unparse(new)
        key = (function, operator, old, text)
        begin = starts[node.lineno - 1] + node.col_offset
        end = starts[(node.end_lineno or 0) - 1] + (node.end_col_offset or 0)
        written = f"({text})" if isinstance(new, ast.expr) else text
        made.append(Mutant(function, operator, old, _abbreviate(new), seen[key], begin, end, written))
        seen[key] += 1
    return made


def _abbreviate(node: ast.AST) -> str:
    return ast.unparse(node).split("\n", 1)[0]


class _Walk:
    """A walk through a syntax tree that tracks the enclosing function."""

    def __init__(self, module: str) -> None:
        self._names = [module]
        self._functions: list[ast.AST] = []

    @property
    def _is_in_function(self) -> bool:
        return any(isinstance(node, ast.FunctionDef) for node in self._functions)

    def changes(self, node: ast.AST) -> Iterator[tuple[str, str, ast.expr | ast.stmt, ast.AST]]:
        """Yield function, operator, the node to replace and its replacement."""
        name = _find_name(node) if isinstance(node, ast.FunctionDef | ast.ClassDef) or not self._is_in_function else ""
        if name:
            self._names.append(name)
            self._functions.append(node)
        if isinstance(node, ast.expr | ast.stmt):
            for operator, new in self._of_statement(node) if isinstance(node, ast.stmt) else _of_expression(node):
                yield ".".join(self._names), operator, node, new
            if isinstance(node, ast.If) and not isinstance(node.body[0], ast.Raise):
                yield ".".join(self._names), "always", node.test, ast.Constant(value=True)
                yield ".".join(self._names), "never", node.test, ast.Constant(value=False)
        yield from self._inside(node)
        if name:
            self._names.pop()
            self._functions.pop()

    def _inside(self, node: ast.AST) -> Iterator[tuple[str, str, ast.expr | ast.stmt, ast.AST]]:
        for name, value in ast.iter_fields(node):
            if name in {"annotation", "returns", "decorator_list", "bases", "type_params", "pattern"}:
                continue
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and not _passed_over(child):
                    yield from self.changes(child)

    def _of_statement(self, node: ast.stmt) -> Iterator[tuple[str, ast.AST]]:
        match node:
            case ast.Return(value=ast.expr() as value):
                for empty in self._empties():
                    if ast.unparse(value) != empty:
                        yield "return", ast.Return(ast.Name(empty))
            case ast.Expr(value=ast.Call()) | ast.AugAssign() | ast.Delete():
                yield "drop statement", ast.Pass()
            case ast.Raise():
                yield "drop raise", ast.Pass()

    def _empties(self) -> list[str]:
        function = self._functions[-1]
        annotation = function.returns if isinstance(function, ast.FunctionDef) else None
        if isinstance(annotation, ast.BinOp):
            return ["None"] if "None" in ast.unparse(annotation).split(" | ") else []
        if isinstance(annotation, ast.Subscript):
            fixed = ast.unparse(annotation).startswith("tuple[") and "..." not in ast.unparse(annotation)
            annotation = None if fixed else annotation.value
        name = annotation.id if isinstance(annotation, ast.Name) else ""
        return ["True", "False"] if name == "bool" else [_EMPTY[name]] if name in _EMPTY else []


def _of_expression(node: ast.expr) -> Iterator[tuple[str, ast.AST]]:
    match node:
        case ast.Compare(ops=[op], left=left, comparators=right):
            yield "compare", ast.Compare(left, [_COMPARISONS[type(op)]()], right)
        case ast.BoolOp(op=op, values=values):
            yield "and/or", ast.BoolOp(ast.And() if isinstance(op, ast.Or) else ast.Or(), values)
            for index in range(len(values)):
                rest = values[:index] + values[index + 1 :]
                yield "drop operand", rest[0] if len(rest) == 1 else ast.BoolOp(op, rest)
        case ast.UnaryOp(op=ast.Not() | ast.Invert(), operand=operand):
            yield "drop not", operand
        case ast.BinOp(left=left, op=op, right=right) if type(op) in _ARITHMETIC and not _is_text(left, right):
            yield "arithmetic", ast.BinOp(left, _ARITHMETIC[type(op)](), right)
        case ast.Constant(value=value):
            for other in _beside(value):
                yield "constant", ast.Constant(other)
        case ast.Call(func=ast.Name(id=name) as called) if name in _CALLS:
            yield "call", ast.Call(ast.Name(_CALLS[called.id]), node.args, node.keywords)
        case ast.Call(func=called, args=[ast.Name() as first, ast.Name() as second], keywords=keywords) if (
            ast.unparse(called) not in _SYMMETRIC and first.id != second.id
        ):
            yield "swap arguments", ast.Call(called, [second, first], keywords)


def _find_name(node: ast.AST) -> str:
    """Find the name that a statement defines: of a function, a class, or a constant."""
    match node:
        case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
            return name
        case _:
            return ""


def _passed_over(node: ast.AST) -> bool:
    """Return whether a node is never changed: docstrings, f-strings, keywords without effect."""
    match node:
        case ast.Expr(value=ast.Constant()) | ast.JoinedStr() | ast.Assert() | ast.Import() | ast.ImportFrom():
            return True
        case ast.keyword(arg=name) if name in _QUIET:
            return True
        case _:
            return False


def _beside(value: object) -> list[object]:
    match value:
        case bool():
            return [not value]
        case int():
            return [value - 1, value + 1]
        case float():
            return [value / 2, value * 2] if value else [1.0]
        case _:
            return []


def _is_text(*nodes: ast.expr) -> bool:
    """Return whether an operand is text, a list or the type ``None``, which have no other operator."""
    kinds = (ast.JoinedStr, ast.List, ast.Tuple, ast.ListComp, ast.Dict)
    return any(
        isinstance(node, kinds) or (isinstance(node, ast.Constant) and isinstance(node.value, str | bytes | None))
        for node in nodes
    )
