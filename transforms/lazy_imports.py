"""Importing a module of a package without everything that the package imports beside it.

``import presidio_analyzer`` loads spaCy and torch, ``import opacus`` torch and more: seconds and hundreds of megabytes
for a few hundred lines of Python. Within ``lazy_packages`` the packages below a name do not run their ``__init__``; a
name that it would have imported is imported when it is asked for (PEP 562).
"""

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder
from importlib.util import resolve_name
from pathlib import Path
from types import ModuleType

StandIns = Mapping[str, Mapping[str, object]]
"""By package, names that are answered with what is given here, so that their modules are not imported."""


@contextmanager
def lazy_packages(root: str, stand_ins: StandIns | None = None) -> Iterator[None]:
    """Import ``root`` and what lies below it lazily; afterwards ``root`` is, or can be, imported as ever.

    Modules that were imported meanwhile live on where they are referred to, apart from those of an ordinary import.
    """
    finder = _Finder(root, stand_ins or {})
    earlier = _taken_out(root)
    sys.meta_path.insert(0, finder)
    try:
        yield
    finally:
        sys.meta_path.remove(finder)
        _taken_out(root)
        sys.modules.update(earlier)


def _taken_out(root: str) -> dict[str, ModuleType]:
    names = [name for name in sys.modules if name == root or name.startswith(f"{root}.")]
    return {name: sys.modules.pop(name) for name in names}


class _Finder(MetaPathFinder):
    """Finds what Python finds; packages get our loader."""

    def __init__(self, root: str, stand_ins: StandIns) -> None:
        self._root, self._stand_ins = root, stand_ins

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a module below the root, None of any other."""
        if fullname != self._root and not fullname.startswith(f"{self._root}."):
            return None
        spec = PathFinder.find_spec(fullname, path, target)
        if spec is not None and spec.submodule_search_locations is not None and spec.origin is not None:
            spec.loader = _PackageLoader(Path(spec.origin), self._stand_ins.get(fullname, {}))
        return spec


class _PackageLoader(Loader):
    """Makes a package that looks its names up in the import statements of its ``__init__``, which does not run."""

    def __init__(self, source: Path, stand_ins: Mapping[str, object]) -> None:
        self._source, self._stand_ins = source, stand_ins

    def exec_module(self, module: ModuleType) -> None:
        """Give ``module`` its names."""
        vars(module).update(self._stand_ins)
        homes = _homes(self._source.read_text(encoding="utf-8"), module.__name__)

        def of_name(name: str) -> object:
            if name not in homes:
                raise AttributeError(f"module {module.__name__!r} has no attribute {name!r}")
            home, original = homes[name]
            value: object = getattr(import_module(home), original)
            setattr(module, name, value)
            return value

        vars(module)["__getattr__"] = of_name


def _homes(source: str, package: str) -> dict[str, tuple[str, str]]:
    r"""Return, for each name that ``from HOME import ORIGINAL as NAME`` gives ``package``, home and original.

    >>> _homes("from .rdp import RDPAccountant\nfrom . import utils", "opacus.accountants")
    {'RDPAccountant': ('opacus.accountants.rdp', 'RDPAccountant')}
    """
    return {
        alias.asname or alias.name: (resolve_name("." * statement.level + statement.module, package), alias.name)
        for statement in ast.walk(ast.parse(source))
        if isinstance(statement, ast.ImportFrom) and statement.module
        for alias in statement.names
    }
