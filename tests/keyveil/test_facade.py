"""``import keyveil`` is small; what needs an extra loads when it is first asked for."""

import importlib
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

import keyveil

_FOLDER = Path(str(keyveil.__file__)).parent
_HEAVY = {"torch", "datasets", "apache_beam", "presidio_analyzer", "spacy", "google", "PIL", "keyveil.torch"}

_EACH = """
import os, sys, keyveil
for name in sys.argv[1:]:
    if (child := os.fork()) == 0:
        try:
            print(getattr(keyveil, name).__name__, flush=True)
        finally:
            os._exit(0)
    os.waitpid(child, 0)
"""
"""A program that uses each module in a fork that has imported no other."""


def test_import_keyveil_loads_neither_the_extras_nor_the_modules_that_need_them() -> None:
    code = f"import sys, keyveil; print(sorted({_HEAVY!r} & sys.modules.keys()))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_each_module_of_the_facade_loads_at_its_first_use() -> None:
    names = sorted(keyveil._ON_DEMAND)
    answer = subprocess.run([sys.executable, "-c", _EACH, *names], capture_output=True, text=True, check=True)
    assert answer.stdout.split() == [f"keyveil.{name}" for name in names], answer.stderr


def test_the_facade_lists_every_name_that_it_gives_and_no_other() -> None:
    assert dir(keyveil) == sorted(keyveil.__all__)
    for name in keyveil.__all__:
        assert getattr(keyveil, name) is not None
    modules = {name for name in keyveil.__all__ if isinstance(getattr(keyveil, name), ModuleType)}
    assert modules - {"episodes"} == set(keyveil._ON_DEMAND)
    assert callable(keyveil.episodes)


def test_every_module_on_demand_exists() -> None:
    files = {path.stem for path in _FOLDER.glob("*.py")} | {path.parent.name for path in _FOLDER.glob("*/__init__.py")}
    assert set(keyveil._ON_DEMAND) <= files


def test_a_name_that_is_not_there_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="no attribute 'tourch'"):
        _ = keyveil.tourch
    assert not hasattr(keyveil, "read_plan_of")


def test_a_missing_extra_is_named_with_its_command(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(_: str) -> ModuleType:
        raise ModuleNotFoundError(f"No module named {absent!r}", name=absent)

    monkeypatch.setattr(importlib, "import_module", fail)
    absent = "torch.utils"
    with pytest.raises(ImportError, match=r"keyveil\.tensors needs an extra: pip install 'keyveil\[torch\]'"):
        keyveil.__getattr__("tensors")
    absent = "keyveil.tensors"
    with pytest.raises(ModuleNotFoundError, match=r"keyveil\.tensors"):
        keyveil.__getattr__("tensors")
