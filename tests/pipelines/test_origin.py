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
