"""The recipes of CONTRIBUTING.md name files that exist, and names that these files define."""

import re
from pathlib import Path

import pytest

_ROOT = Path(__file__).parents[2]
_RECIPES = (_ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8").split("\n## ")[1:-1]
_CODE = re.compile(r"`([^`]+)`")
_NAMED = re.compile(r"`(\w+)(?:\(\))?`\s(?:of|in)\s`([\w/.]+\.py)`")


def _find(name: str, recipe: str) -> Path:
    """Find a file by its path, or by its name beside a path that the recipe names."""
    folders = [_ROOT, *(_ROOT / word for word in _CODE.findall(recipe) if "/" in word)]
    return next((path for folder in folders for path in (folder / name, folder.parent / name) if path.is_file()), _ROOT)


@pytest.mark.parametrize("recipe", _RECIPES, ids=lambda recipe: recipe.partition("\n")[0])
def test_a_recipe_has_five_steps_whose_files_and_names_exist(recipe: str) -> None:
    assert re.findall(r"^(\d)\. ", recipe, re.MULTILINE) == list("12345")
    for word in _CODE.findall(recipe):
        if re.fullmatch(r"[\w/]+\.(py|md|tf|yaml)", word):
            assert _find(word, recipe).is_file(), word
        elif re.fullmatch(r"\w+(/\w+)+/?", word):
            assert (_ROOT / word).is_dir(), word
    for name, file in _NAMED.findall(recipe):
        assert re.search(rf"\b{name}\b", _find(file, recipe).read_text(encoding="utf-8")), (name, file)


def test_every_recipe_that_newcomers_ask_for_is_there() -> None:
    subjects = [recipe.partition("\n")[0].partition(" (")[0] for recipe in _RECIPES]
    assert subjects == [
        f"Add a {what}" for what in ("recognizer", "recorder format", "table", "command", "preflight check")
    ]
