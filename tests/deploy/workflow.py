"""Executes a workflow of Cloud Workflows step by step: calls, assignments, tries, switches, raised errors."""

import ast
import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml

Call = Callable[[str, Mapping[str, Any]], Any]
"""Makes one call of the workflow: its name and arguments."""
_EXPRESSION = re.compile(r"\$\{(.*)\}", re.DOTALL)
_WORDS = {"null": None, "true": True, "false": False}


class RaisedError(Exception):
    """An error that a step raised; ``value`` is what it raised."""

    def __init__(self, value: Any) -> None:
        super().__init__(str(value))
        self.value = value


@dataclass
class Execution:
    """One execution: ``environment`` is what ``sys.get_env`` gives, ``visited`` the names of all steps in order."""

    call: Call
    environment: Mapping[str, str]
    variables: dict[str, Any] = field(default_factory=dict)
    visited: list[str] = field(default_factory=list)

    def run(self, text: str, argument: Any) -> None:
        """Execute the workflow; raise ``RaisedError`` where it fails."""
        main = yaml.safe_load(text)["main"]
        (name,) = main["params"]
        self.variables[name] = argument
        self._steps(main["steps"])

    def _steps(self, steps: list[dict[str, Any]]) -> None:
        for item in steps:
            ((name, step),) = item.items()
            self.visited.append(name)
            self._step(step)

    def _step(self, step: Mapping[str, Any]) -> None:
        known = {"try", "except", "call", "args", "result", "assign", "switch", "raise"}
        if not step or set(step) - known:
            raise ValueError(f"a step of this form is not understood: {sorted(step)}")
        if "try" in step:
            try:
                self._step(step["try"])
            except RaisedError as error:
                self.variables[step["except"]["as"]] = error.value
                self._steps(step["except"]["steps"])
        elif "call" in step:
            self.call(step["call"], self._fill(step.get("args", {})))
        elif "switch" in step:
            chosen = next((item for item in step["switch"] if self._fill(item["condition"])), {})
            if "raise" in chosen:
                raise RaisedError(self._fill(chosen["raise"]))
        for assignment in step.get("assign", ()):
            ((target, value),) = assignment.items()
            self._assign(target, self._fill(value))

    def _assign(self, target: str, value: Any) -> None:
        name, _, index = target.partition("[")
        if index:
            self.variables[name][int(index.rstrip("]"))] = value
        else:
            self.variables[name] = value

    def _fill(self, value: Any) -> Any:
        if isinstance(value, dict):
            return {name: self._fill(item) for name, item in value.items()}
        if isinstance(value, list):
            return [self._fill(item) for item in value]
        found = _EXPRESSION.fullmatch(value) if isinstance(value, str) else None
        return value if found is None else self._evaluate(ast.parse(found[1], mode="eval").body)

    def _evaluate(self, node: ast.expr) -> Any:
        match node:
            case ast.Constant(value):
                return value
            case ast.Name(name):
                return _WORDS[name] if name in _WORDS else self.variables[name]
            case ast.Attribute(of, name):
                return self._evaluate(of)[name]
            case ast.Compare(left, [ast.NotEq()], [right]):
                return self._evaluate(left) != self._evaluate(right)
            case ast.Call(ast.Attribute(ast.Name(library), name), [argument]):
                functions = {"sys.get_env": self.environment.__getitem__, "json.decode": json.loads}
                return functions[f"{library}.{name}"](self._evaluate(argument))
        raise ValueError(f"an expression of this form is not understood: {ast.unparse(node)}")
