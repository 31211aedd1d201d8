"""The Python of the pages for readers runs as it is written, block after block, on a small release."""

import contextlib
import io
import re
import runpy
import shutil
import warnings
from pathlib import Path

import pytest

import keyveil
from tests.keyveil.conftest import published
from transforms.keys.key_set import KeyReference, KeySet, create_key_set, export_reader

_ROOT = Path(__file__).parents[2]
_BLOCK = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)
_ADDRESS = re.compile(r'"(data/[a-z]+)"')


def _program(page: str) -> str:
    return "\n".join(_BLOCK.findall((_ROOT / page).read_text(encoding="utf-8")))


@pytest.fixture(scope="module", params=["none", "sealed"])
def release(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Publish a small release and return its folder, with ``reader.json`` beside its output."""
    folder = tmp_path_factory.mktemp("release")
    create_key_set(folder / "keys")
    keys = KeySet.open(KeyReference.parse(str(folder / "keys")))
    export_reader(keys.folder, folder / "reader.json")
    return published(folder, keys, folder / "reader.json", [[40, 7], [60, 5]], request.param).home


@pytest.mark.parametrize("page", ["README.md", "docs/reading.md"])
def test_the_snippets_of_a_page_run_as_they_are_written(
    page: str, release: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = _program(page)
    (address,) = set(_ADDRESS.findall(program))
    shutil.copytree(release, tmp_path / address)
    shutil.copy(release.parents[1] / "reader.json", tmp_path)
    script = tmp_path / "snippets.py"
    script.write_text(program, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    said = io.StringIO()
    with warnings.catch_warnings(), contextlib.redirect_stdout(said):
        warnings.simplefilter("error")
        runpy.run_path(str(script), run_name="__main__")  # in this process, which has imported the libraries
    assert "s00000" in said.getvalue()


def test_the_card_of_a_release_shows_six_lines_that_read_its_steps(release: Path) -> None:
    card = next(release.glob("releases/*/README.md")).read_text(encoding="utf-8")
    (program,) = _BLOCK.findall(card)
    lines = program.splitlines()
    assert len(lines) == 6
    names = {"uri": str(release)}
    found = io.StringIO()
    with contextlib.redirect_stdout(found):
        exec(program.replace("reader.json", str(release.parents[1] / "reader.json")), names)  # noqa: S102 - our own card
    assert "s00000" in found.getvalue()


def test_the_page_names_every_module_that_loads_on_demand() -> None:
    program = _program("docs/reading.md")
    assert [name for name in keyveil._ON_DEMAND if f"keyveil.{name}." not in program] == []
