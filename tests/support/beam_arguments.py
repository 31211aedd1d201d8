"""Memory of the arguments of Beam's methods, for processes that run many small graphs."""

from collections.abc import Callable
from functools import cache
from types import FunctionType, MethodType
from typing import Any

from apache_beam.transforms import core


def remember_arguments() -> None:
    """Remember the arguments of each method: Beam looks at all methods of a DoFn again and again in every graph.

    Half of the processor time of a small run went into that; what a method takes does not depend on its object.
    """
    core.get_function_args_defaults = _remember(core.get_function_args_defaults)


def _remember(look: Callable[[Any], tuple[list[str], list[Any]]]) -> Callable[[Any], tuple[list[str], list[Any]]]:
    known = cache(look)

    def find(function: Any) -> tuple[list[str], list[Any]]:
        if not isinstance(function, MethodType) or not isinstance(function.__func__, FunctionType):
            return look(function)
        names, defaults = known(function.__func__)
        return names[1:], [*defaults]

    return find
