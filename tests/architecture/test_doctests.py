"""Examples in docstrings give what they say they give."""

import doctest
import importlib

import pytest

from tests.architecture.source import PACKAGES, ROOT, TOOLS, modules

_WITH_EXAMPLES = [path for path in modules(*PACKAGES, *TOOLS) if ">>> " in path.read_text(encoding="utf-8")]


@pytest.mark.parametrize("name", [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in _WITH_EXAMPLES])
def test_examples_of_a_module_hold(name: str) -> None:
    result = doctest.testmod(importlib.import_module(name))
    assert result.attempted > 0
    assert result.failed == 0
