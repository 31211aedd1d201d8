"""The digest of the code that makes releases."""

from pathlib import Path

import pytest

from pipelines.origin import code_digest


def test_the_digest_is_taken_once_a_process(monkeypatch: pytest.MonkeyPatch) -> None:
    before = code_digest()
    monkeypatch.setattr(Path, "read_bytes", lambda _: b"edited since")
    assert code_digest() == before


def test_the_digest_covers_every_file_by_name_and_content(monkeypatch: pytest.MonkeyPatch) -> None:
    before = code_digest()
    afresh = code_digest.__wrapped__
    assert afresh() == before
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read(path) + b" " * (path.name == "origin.py"))
    assert afresh() != before


def test_the_recipe_for_auditors_gives_the_digest_of_the_code(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    home = Path(__file__).parents[2]
    page = (home / "docs" / "security.md").read_text(encoding="utf-8")
    recipe = page.partition("## Which code made a release")[2].partition("```python\n")[2].partition("```")[0]
    monkeypatch.chdir(home)
    exec(recipe, {})  # noqa: S102 - a page of ours
    assert capsys.readouterr().out == f"{code_digest()}\n"
